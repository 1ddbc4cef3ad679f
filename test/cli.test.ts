/** The program as a person runs it: a real process, real files, exit status and output. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PROGRAM, programIn, readyIn } from './support/program.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const evenhand = programIn(folder);
/** What a command does where another test has the process and its end: many commands in one process. */
const ready = readyIn(folder);

test('a planner allocates, keeps, checks, compares and verifies', async () => {
  const first = await evenhand('allocate', 'two-valleys', '--data', 'log', '--out', 'a.json');
  assert.equal(first.status, 0, first.err);
  for (const part of ['Coverage by resource', 'Short, and why', 'Proven', 'On the record: entry 1 of 2', 'Next:'])
    assert.ok(first.out.includes(part), part);

  const second = await ready(
    'allocate',
    'two-valleys',
    '--data',
    'log',
    '--policy',
    'efficient',
    '--json',
    '--gap',
    '0.01',
  );
  assert.equal(second.status, 0, second.err);
  writeFileSync(at('b.json'), second.out);
  const allocation = JSON.parse(second.out);
  for (const field of [
    'scenario',
    'policy',
    'shipments',
    'coverage',
    'stages',
    'measures',
    'certificate',
    'solver',
    'receipt',
  ])
    assert.ok(field in allocation, field);

  assert.equal((await evenhand('check', 'a.json', 'two-valleys')).status, 0);
  assert.equal((await ready('check', 'a.json')).status, 0, 'a built-in scenario is found by its digest');
  const compared = await ready('compare', 'a.json', 'b.json');
  assert.equal(compared.status, 0);
  assert.match(compared.out, /Largest losses/);
  const explained = await ready('explain', 'a.json', '--region', 'north', '--resource', 'water');
  assert.equal(explained.status, 0);
  assert.match(explained.out, /binds/);

  const verified = await ready('verify', 'log', '--json');
  assert.equal(verified.status, 0, verified.out);
  const report = JSON.parse(verified.out);
  assert.deepEqual([report.ok, report.size, report.faults], [true, 3, []]);
});

test('exit status 1: a forged allocation does not pass', async () => {
  const forged = JSON.parse(readFileSync(at('a.json'), 'utf8'));
  forged.shipments[0].quantity -= 1;
  writeFileSync(at('forged.json'), JSON.stringify(forged));
  const { status, out } = await evenhand('check', 'forged.json', 'two-valleys');
  assert.equal(status, 1);
  assert.match(out, /another plan/);
});

test('exit status 2: the input is at fault, and the message says where', async () => {
  writeFileSync(at('broken.json'), '{ "evenhand": 1,\n  "id": "x",, }');
  writeFileSync(at('policy.json'), '[{"stage":"need","alpha":-1}]');
  const cases: [string[], RegExp][] = [
    [['allocate', 'broken.json'], /broken\.json.*2:12|line 2/s],
    [['allocate', 'nowhere.json'], /no such file/],
    [['allocate', 'two-valleys', '--gap', 'little'], /--gap/],
    [['allocate', 'two-valleys', '--policy', 'policy.json'], /\/policy\/0\/alpha/],
    [['allocate', 'two-valleys', '--policy', 'equal', '--solver', 'jslp'], /leximin/],
    [['allocate', 'two-valleys', '--speed', '9'], /--speed/],
    [['generate', 'continent'], /tiny/],
    [['explain', 'a.json', '--region', 'atlantis'], /atlantis/],
    [['dance'], /dance/],
  ];
  for (const [n, [args, message]] of cases.entries()) {
    const { status, err } = await (n === 0 ? evenhand : ready)(...args);
    assert.equal(status, 2, `${args.join(' ')}: ${err}`);
    assert.match(err, message);
  }
});

test('exit status 3: the gap was not reached, and the plan is written all the same', async () => {
  const { status, out, err } = await evenhand('allocate', 'two-valleys', '--data', 'log', '--gap', '0', '--json');
  assert.equal(status, 3);
  assert.ok(JSON.parse(out).gap.proven > 0);
  // what holds is said first, each stage by its own gap, never better than it is
  assert.match(err, /^The plan is usable[\s\S]*proven gap/);
  const said = [...err.matchAll(/(exactly|within ([\d.e-]+) %)/g)].map(([, , percent]) => Number(percent ?? 0) / 100);
  const gaps: number[] = JSON.parse(out).stages.map(({ gap }: { gap: number }) => gap);
  assert.equal(said.length, gaps.length, err);
  for (const [s, gap] of gaps.entries()) assert.ok(said[s]! >= gap * (1 - 1e-9) && said[s]! <= gap * 1.11, err);
});

test('generate, convert and schema write what others can read', async () => {
  assert.equal((await ready('generate', 'tiny', '--seed', '5', '--out', 'tiny.json')).status, 0);
  assert.equal((await ready('convert', 'tiny.json', 'tiny.mps')).status, 0);
  assert.equal((await ready('convert', 'tiny.mps', 'lp.json')).status, 0);
  assert.equal((await ready('convert', 'lp.json', 'again.mps')).status, 0);
  assert.equal((await ready('convert', 'again.mps', 'lp2.json')).status, 0);
  assert.equal(readFileSync(at('lp2.json'), 'utf8'), readFileSync(at('lp.json'), 'utf8'));
  const schema = JSON.parse((await ready('schema')).out);
  assert.equal(schema.type, 'object');
});

test('a directory that a running server holds: the message names its URL, and verify asks the server', async () => {
  const server = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--data', 'log'], { cwd: folder });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      server.stderr.on('data', (chunk) => {
        text += chunk;
        const match = /listens at (http\S+)/.exec(text);
        if (match) resolve(match[1]!);
      });
      server.on('exit', () => reject(new Error(text)));
    });
    const held = await evenhand('allocate', 'two-valleys', '--data', 'log');
    assert.equal(held.status, 2);
    assert.ok(held.err.includes(url), held.err);
    const verified = await evenhand('verify', url);
    assert.equal(verified.status, 0, verified.out + verified.err);
  } finally {
    const gone = new Promise((resolve) => server.on('exit', resolve));
    server.kill('SIGTERM');
    await gone;
  }
  assert.equal(server.exitCode, 0);
  assert.equal((await evenhand('verify', 'log')).status, 0);
});

test('help is there after any command', async () => {
  const { out } = await ready('help');
  assert.match(out, /Exit status: 0 done/);
  const whole = await ready('--help');
  assert.deepEqual([whole.status, whole.out], [0, out]);
  for (const words of [
    ['serve', '--help'],
    ['allocate', 'enawo', '--help'],
    ['convert', '--help'],
  ]) {
    const asked = await ready(...words);
    assert.equal(asked.status, 0);
    const lines = asked.out.trimEnd().split('\n');
    assert.ok(lines[0]!.startsWith(`  ${words[0]} `) && lines.length < 10, asked.out);
    for (const line of lines) assert.ok(out.includes(line), line);
  }
  assert.ok((await ready('convert', '--help')).out.includes('scenario ↔ .xlsx'), 'both of its forms');
});

test('a plan that gives somebody nothing, as a unit counts the same wherever it goes, says so and names the way out', async () => {
  const region = (id: string) => ({ id, people: 100, demand: { kits: 100 } });
  const route = (to: string, costPerTonne: number) => ({ from: 'depot', to, mode: 'truck', km: 10, costPerTonne });
  const scenario = {
    ...{ evenhand: 1, id: 'scarce', periods: { count: 1 } },
    resources: [{ id: 'kits', unit: 'kit', weightKg: 10, kind: 'consumable' }],
    depots: [{ id: 'depot', stock: { kits: 5 } }],
    regions: [region('near'), region('far')],
    routes: [route('near', 1), route('far', 50)],
  };
  writeFileSync(at('scarce.json'), JSON.stringify(scenario));
  const balanced = await ready('allocate', 'scarce.json', '--data', 'scarce');
  assert.match(balanced.out, /- far gets nothing: .*lowest band \(up to 10 %\).*'--policy equal' shares evenly/);
  const equal = await ready('allocate', 'scarce.json', '--data', 'scarce', '--policy', 'equal', '--gap', '1');
  assert.doesNotMatch(equal.out, /gets nothing/);
  // with a band that ends at the coverage that there is, the next unit is worth more where nothing came yet
  const fine = { ...scenario, policy: [{ stage: 'need', alpha: 2, bands: 100 }, { stage: 'cost' }] };
  writeFileSync(at('fine.json'), JSON.stringify(fine));
  const shared = await ready('allocate', 'fine.json', '--data', 'scarce');
  assert.doesNotMatch(shared.out, /gets nothing/);

  // far gets water and no kits: the pair is named as people call it, and what is tried next shares evenly
  const water = { id: 'water', unit: 'L', weightKg: 1, kind: 'consumable' };
  const named = (id: string) => ({
    ...region(id),
    name: id === 'far' ? 'Hilltop' : 'Lakeside',
    demand: { kits: 100, water: 100 },
  });
  const uneven = {
    ...{ ...scenario, resources: [...scenario.resources, water], regions: [named('near'), named('far')] },
    depots: [{ id: 'depot', stock: { kits: 5, water: 150 } }],
  };
  writeFileSync(at('uneven.json'), JSON.stringify(uneven));
  const pair = await ready('allocate', 'uneven.json', '--data', 'scarce', '--out', 'uneven-plan.json');
  assert.match(
    pair.out,
    /Left out while others get some.*: kits in 1 region\. far Hilltop gets 0 of 100 kit of kits\./,
  );
  assert.match(pair.out, /allocate uneven\.json --policy equal/);
  assert.match(pair.out, /convert uneven-plan\.json shipments\.csv --as shipments/);
  assert.equal((await ready('convert', 'uneven-plan.json', 'uneven.html', '--scenario', 'uneven.json')).status, 0);
  const told = await ready('explain', 'uneven-plan.json', '--region', 'far', '--scenario', 'uneven.json');
  assert.match(told.out, /^far Hilltop gets 0 % of its need of kits/);
  assert.doesNotMatch(told.out, /Hilltop[^\n]*Hilltop/, 'the first mention of a line alone');
  assert.match(readFileSync(at('uneven.html'), 'utf8'), /Hilltop gets 0 of 100 kit of kits/);
  const evenly = await ready('allocate', 'uneven.json', '--data', 'scarce', '--policy', 'equal', '--gap', '1');
  assert.doesNotMatch(evenly.out, /Left out/);
  // stock that stays where it is has its reason: the depot's hands are full, or the way is too long
  const short = { ...scenario, regions: [region('near')], routes: [route('near', 1)] };
  const busy = { ...short, depots: [{ id: 'depot', stock: { kits: 50 }, handlingTonnes: 0.2 }] };
  const long = {
    ...short,
    depots: [{ id: 'depot', stock: { kits: 50 } }],
    routes: [{ ...route('near', 1), leadPeriods: 1 }],
  };
  for (const [what, why] of [
    [busy, 'stock is 50, of which 30 do not reach anybody: handling at depot in period 0 is full'],
    [long, 'stock is 50, of which 50 do not reach anybody: no open route arrives in time'],
  ] as const) {
    writeFileSync(at('short.json'), JSON.stringify(what));
    const { out } = await ready('allocate', 'short.json', '--data', 'scarce');
    assert.ok(out.includes(why), out);
  }
});
