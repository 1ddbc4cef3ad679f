/** From people to a plan as a person does it: a draft, `needs`, `routes`, `allocate`; and what a slip is answered with. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PROGRAM, readyIn } from './support/program.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-drafts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const evenhand = readyIn(folder);
const library = (name: string) => new URL(`../../scenarios/library/${name}.json`, import.meta.url);

const DRAFT = `{
  "evenhand": 1,
  "id": "flood",
  "periods": { "count": 4 },
  "needs": { "items": ["water", "tarpaulin"] },
  "depots": [ { "id": "capital", "at": [47.5, -18.9], "stock": { "water": 90000, "tarpaulin": 400 } } ],
  "regions": [
    { "id": "north", "at": [48.4, -17.8], "people": { "low": 1000, "likely": 2000, "high": 3000 } },
    { "id": "south", "at": [48.9, -19.6], "people": 500 }
  ],
  "transport": { "modes": ["truck"] },
  "fleets": [ { "mode": "truck", "vehicles": 10 } ]
}`;

test('people and places become a scenario, and the scenario a plan', async () => {
  writeFileSync(at('flood.json'), DRAFT);
  const needs = await evenhand('needs', 'flood.json', '--why', '--out', 'flood.needs.json');
  assert.equal(needs.status, 0, needs.err);
  for (const part of [
    'north tarpaulin first: 2000 people ÷ 2.5 = 800 piece',
    'Sphere Handbook',
    'flood.needs.json written: 4 needs by region and resource. It is still a draft. Next: evenhand routes flood.needs.json',
  ])
    assert.ok(needs.out.includes(part), part);
  const routes = await evenhand('routes', 'flood.needs.json', '--out', 'flood.scenario.json');
  assert.equal(routes.status, 0, routes.err);
  assert.match(routes.out, /2 routes: 0 known, 2 assumed/);
  assert.match(routes.out, /\.json written: 2 routes, 2 of them proposed now\. Next: evenhand allocate/);
  const plan = await evenhand('allocate', 'flood.scenario.json', '--data', 'log', '--gap', '0.01');
  assert.ok([0, 3].includes(plan.status!), plan.err);
  const high = await evenhand('needs', 'flood.json', '--figure', 'high');
  const made = JSON.parse(high.out);
  assert.deepEqual(
    made.regions.map((r: { people: number }) => r.people),
    [3000, 500],
  );
  assert.match(high.err, /Why so many/, 'beside the result, not in it');
  const why = await evenhand('needs', 'flood.json', '--why');
  assert.match(
    why.out,
    /^Why so many[\s\S]*Nothing is written; with --out flood\.full\.json it would be 4 needs/,
    'in the place of the result',
  );
});

test('a real case is made again by the two commands, to the byte', async () => {
  const piped = spawn(process.execPath, [PROGRAM, 'routes', '-', '--out', at('idai.json')], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const first = await evenhand('needs', library('drafts/idai').pathname, '--out', '-');
  assert.equal(first.status, 0, first.err);
  piped.stdin.end(first.out);
  assert.equal(await new Promise((resolve) => piped.once('close', resolve)), 0);
  assert.equal(readFileSync(at('idai.json'), 'utf8'), readFileSync(library('idai'), 'utf8'));
});

test('a scenario takes needs by name, and keeps its own routes', async () => {
  const needs = await evenhand('needs', 'two-valleys', '--items', 'blanket,soap', '--out', 'more.json');
  assert.equal(needs.status, 0, needs.err);
  const more = JSON.parse(readFileSync(at('more.json'), 'utf8'));
  assert.equal(more.regions[0].demand.blanket, 12_000, '7,200 people ÷ 0.6');
  assert.equal(more.regions[0].demand.rice, 120, 'what was there stays');
  const routes = await evenhand('routes', 'more.json', '--k', '1', '--modes', 'truck,helicopter', '--out', 'ways.json');
  assert.equal(routes.status, 0, routes.err);
  assert.match(routes.out, /6 known, \d+ assumed/);
});

test('own tables: standards and transport may be edited', async () => {
  const standards = JSON.parse(readFileSync(new URL('../../scenarios/needs/standards.json', import.meta.url), 'utf8'));
  standards.items[0].perPersonDay = 20;
  writeFileSync(at('standards.json'), JSON.stringify(standards));
  const needs = await evenhand('needs', 'flood.json', '--standards', 'standards.json', '--out', 'own.json');
  assert.equal(needs.status, 0, needs.err);
  assert.equal(JSON.parse(readFileSync(at('own.json'), 'utf8')).regions[1].demand.water, 10_000);
  const transport = JSON.parse(
    readFileSync(new URL('../../scenarios/routing/transport.json', import.meta.url), 'utf8'),
  );
  transport.modes[0].costPerTonneKm = 0;
  transport.modes[0].costPerTonne = 7;
  writeFileSync(at('transport.json'), JSON.stringify(transport));
  const routes = await evenhand('routes', 'own.json', '--transport', 'transport.json', '--out', 'own.scenario.json');
  assert.equal(routes.status, 0, routes.err);
  const { routes: ways } = JSON.parse(readFileSync(at('own.scenario.json'), 'utf8'));
  assert.deepEqual(
    ways.map((r: { costPerTonne: number }) => r.costPerTonne),
    [7, 7],
  );
});

test('slips: exit status 2, where and how to mend', async () => {
  writeFileSync(at('bad.json'), DRAFT.replace('"people": 500', '"peple": 500').replace('"water", ', '"watr", '));
  const cases: [args: string[], said: RegExp][] = [
    [['needs', 'bad.json'], /line 9: .*peple.*write "people"/],
    [['needs', 'flood.json', '--figure', 'worst'], /expected low, likely, high/],
    [['needs', 'flood.json', '--items', 'watr'], /did you mean "water"/],
    [['routes', 'flood.json', '--k', '0'], /whole number from 1/],
    [['routes', 'flood.json', '--modes', 'sledge'], /not in the transport table/],
    [['routes', 'nowhere.json'], /no such file/],
    [['needs', 'flood.json', '--standards', 'flood.json'], /flood\.json/],
  ];
  for (const [args, said] of cases) {
    const run = await evenhand(...args);
    assert.equal(run.status, 2, `${args.join(' ')}: ${run.err}`);
    assert.match(run.err, said);
  }
});
