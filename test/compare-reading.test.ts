/** Comparison as people get it: CSV read again letter by letter, the command, the route. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type Allocation,
  allocationDigest,
  type Comparison,
  closePool,
  compare,
  type Scenario,
} from '../engine/index.js';
import { csvCell } from '../scenarios/index.js';
import { openLedger } from '../server/ledger/index.js';
import { preferred } from '../server/negotiate.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { close, csvOf, csvRecords, pairs, readCsv, run } from './support/comparisons.js';
import { isProblem, makeDir, startServer, type TestServer } from './support/http.js';
import { readyIn } from './support/program.js';

after(closePool);

describe('CSV', () => {
  it('read again has every pair of every allocation, with the numbers of coverage and the changes of the comparison', async () => {
    for (const { a, b } of await pairs())
      for (const against of [0, 1]) {
        const records = csvRecords(csvOf([a, b], against));
        [a, b].forEach((allocation, i) => {
          const own = records.filter((r) => r.allocation === `${i + 1}`);
          assert.deepEqual(
            own.map((r) => [
              r.region,
              r.resource,
              Number(r.needed),
              Number(r.met),
              Number(r.ratio),
              Number(r.people_periods_met),
            ]),
            allocation.coverage.map((c) => [c.region, c.resource, c.needed, c.met, c.ratio, c.peoplePeriodsMet]),
          );
          assert.ok(own.every((r) => r.digest === allocationDigest(allocation) && r.against === `${against + 1}`));
          const changes = new Map(own.map((r) => [`${r.region}|${r.resource}`, Number(r.people_periods_change)]));
          if (i === against) assert.ok([...changes.values()].every((x) => x === 0));
          else
            for (const c of compare([a, b], { against }).differences[0]!.changes)
              assert.equal(changes.get(`${c.region}|${c.resource}`), c.peoplePeriods);
        });
      }
  });

  it('has a row for what only the reference needs, so that changes add up', async () => {
    const less = structuredClone(SCENARIO);
    less.regions.pop();
    less.routes.pop();
    const [a, b] = [await run(SCENARIO, 'balanced'), await run(less, 'balanced')];
    const records = csvRecords(csvOf([a, b])).filter((r) => r.allocation === '2');
    assert.deepEqual(
      records.map((r) => [r.region, r.ratio === '']),
      [
        ['upper', false],
        ['lower', true],
      ],
    );
    const sum = records.reduce((total, r) => total + Number(r.people_periods_change), 0);
    close(sum, b.measures.peoplePeriodsMet - a.measures.peoplePeriodsMet, 'sum');
  });

  it('lets no text be a formula, gives every text back, and leaves numbers alone', () => {
    const back = (cell: string) => cell.replace(/^'('*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20])/, '$1');
    const hostile = fc.stringMatching(/^['=+\-@\t",\r\n;a-z\uFF1D]{0,6}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string()), { minLength: 2, maxLength: 4 }), (texts) => {
        const [cells] = readCsv(`${texts.map(csvCell).join(',')}\r\n`);
        for (const cell of cells!) assert.doesNotMatch(cell, /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/);
        assert.deepEqual(cells!.map(back), texts);
      }),
      { numRuns: 500 },
    );
    assert.equal(csvCell('=HYPERLINK("http://x","y")'), `"'=HYPERLINK(""http://x"",""y"")"`);
    assert.deepEqual([-1500, 0.1, 1e-7, 1e21].map(csvCell), ['-1500', '0.1', '1e-7', '1e+21']);
    assert.equal(csvCell("'s-Gravenhage"), "'s-Gravenhage");
  });
});

describe('evenhand compare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-compare-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const evenhand = readyIn(folder);
  const amended: Scenario = { ...SCENARIO, depots: [{ id: 'port', stock: { water: 4000 } }] };
  let a: Allocation;
  let b: Allocation;
  let c: Allocation;
  before(async () => {
    [a, b, c] = [await run(SCENARIO, 'balanced'), await run(SCENARIO, 'efficient'), await run(amended, 'balanced')];
    writeFileSync(join(folder, 'a.json'), JSON.stringify(a));
    const ledger = await openLedger(join(folder, 'log'));
    await ledger.recordAllocation(b, SCENARIO);
    await ledger.recordAllocation(c, amended);
    await ledger.close();
  });

  it('reads files and digests on the record, and prints every part', async () => {
    const prefix = allocationDigest(b).slice(0, 10);
    const { status, out, err } = await evenhand('compare', 'a.json', prefix, allocationDigest(c), '--data', 'log');
    assert.equal(status, 0, err);
    for (const part of [
      `2: ${prefix}`,
      'Gini over regions',
      /^Pareto status by people-periods met, cost and Gini$/m,
      /^3: not dominated$/m,
      /^10 % of need/m,
      /^2 against 1: /m,
      /^Largest losses: 1 of 2 regions that differ$/m,
      /^Largest gains: 1 of 2 regions and resources that differ$/m,
      /^Flows that differ: 2 of 2, most tonnes first; [\d.]+ t more, [\d.]+ t less$/m,
      /^Note: allocation 3 is of an amended scenario 'two-villages' .*stock of water: 6,000 → 4,000 L/m,
    ])
      assert.ok(typeof part === 'string' ? out.includes(part) : part.test(out), `${part}\n${out}`);
  });

  it('gives JSON and CSV, against any of them', async () => {
    const words = ['compare', 'a.json', allocationDigest(b).slice(0, 6), '--data', 'log', '--against', '2'];
    const json = await evenhand(...words, '--json', '--top', '1');
    const asked: Comparison = JSON.parse(json.out);
    const known = (digest: string) => (digest === a.scenario.digest ? SCENARIO : undefined);
    assert.deepEqual(asked, JSON.parse(JSON.stringify(compare([a, b], { against: 1, top: 1, scenarios: known }))));
    const csv = await evenhand(...words, '--csv');
    assert.equal(csv.out, csvOf([a, b], 1));
  });

  it('many allocations stand below each other', async () => {
    const { out } = await evenhand(
      'compare',
      ...Array.from({ length: 7 }, () => 'a.json'),
      '--scenario',
      'two-valleys',
    );
    assert.match(out, /^7: a\.json {2}balanced/m);
  });

  it('says what is wrong with the words: exit status 2', async () => {
    writeFileSync(join(folder, 'hollow.json'), JSON.stringify({ ...a, coverage: [{}] }));
    const cases: [string[], RegExp][] = [
      [['a.json'], /wrong number of words/],
      [['a.json', 'a.json', '--against', '3'], /--against 3: expected a whole number from 1 to 2/],
      [['a.json', 'a.json', '--top', 'all'], /--top all/],
      [['a.json', 'a.json', '--json', '--csv'], /--json or --csv/],
      [['a.json', 'hollow.json'], /allocation 2 cannot be compared: \/coverage\/0\/region should be a text/],
      [['a.json', 'hollow.json', '--csv'], /\/coverage\/0\/region/],
      [['a.json', 'abcdef', '--data', 'log'], /no such allocation on the record in log/],
      [['a.json', 'abcdef', '--data', 'nolog'], /no ledger in nolog/],
      [['a.json', 'b.json'], /b\.json: there is no such file/],
    ];
    for (const [words, message] of cases) {
      const { status, err } = await evenhand('compare', ...words);
      assert.equal(status, 2, words.join(' '));
      assert.match(err, message);
    }
  });
});

describe('POST /comparisons', () => {
  let server: TestServer;
  let digests: string[];
  let plans: Allocation[];
  before(async () => {
    server = await startServer(await makeDir());
    plans = [await run(SCENARIO, 'balanced'), await run(SCENARIO, 'efficient')];
    digests = [];
    for (const plan of plans) digests.push((await server.ledger.recordAllocation(plan, SCENARIO)).digest);
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
  });

  it('compares against any, cut on request, with the scenarios of the record', async () => {
    const answer = await server.post('/comparisons', { allocations: digests, against: 1, top: 1 });
    const expected = compare(plans, { against: 1, top: 1, scenarios: () => SCENARIO });
    assert.deepEqual(answer.json(), JSON.parse(JSON.stringify(expected)));
    assert.equal(answer.json<Comparison>().differences[0]?.flows.sortedBy, 'tonnes');
  });

  it('gives CSV to those who would rather have it, packed where they take that', async () => {
    const accept = 'text/csv, application/json;q=0.5';
    const plain = await server.post('/comparisons', { allocations: digests }, { accept });
    assert.equal(plain.status, 200);
    assert.match(String(plain.headers['content-type']), /^text\/csv; charset=utf-8/);
    assert.match(String(plain.headers.vary), /\baccept\b/);
    assert.equal(plain.text, csvOf(plans));
    const packed = await server.app.inject({
      method: 'POST',
      url: '/comparisons',
      headers: { accept, 'accept-encoding': 'gzip', 'content-type': 'application/json' },
      payload: JSON.stringify({ allocations: digests }),
    });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(packed.rawPayload).toString(), plain.text);
    isProblem(
      await server.post('/comparisons', { allocations: [digests[0], 'ab'.repeat(32)] }, { accept }),
      404,
      'unknown-allocation',
    );
  });

  it('takes a hundred, and says which of them it does not know', async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => digests[i % 2]);
    const answer = await server.post('/comparisons', { allocations: hundred });
    assert.equal(answer.json<Comparison>().differences.length, 99);
    const more = isProblem(
      await server.post('/comparisons', { allocations: [...hundred, digests[0]] }),
      400,
      'invalid-request',
    );
    assert.equal(more.errors?.[0]?.pointer, '/allocations');
    const outside = isProblem(
      await server.post('/comparisons', { allocations: digests, against: 2 }),
      400,
      'invalid-request',
    );
    assert.equal(outside.errors?.[0]?.pointer, '/against');
    const unknown = ['ab', 'cd'].map((x) => x.repeat(32));
    const problem = isProblem(
      await server.post('/comparisons', { allocations: [digests[0], ...unknown] }),
      404,
      'unknown-allocation',
    );
    assert.deepEqual(
      problem.errors?.map((e) => e.pointer),
      ['/allocations/1', '/allocations/2'],
    );
    const forgotten = (await server.ledger.recordAllocation({ ...plans[0]!, gap: { asked: 0.5, proven: 0 } }, SCENARIO))
      .digest;
    assert.deepEqual(await server.ledger.allocationsLike(forgotten.slice(0, 8)), [forgotten]);
    const seq = (await server.ledger.receipt(forgotten))!.seq;
    const [entry] = await server.ledger.entries(seq, 1);
    const salted: string = Object(entry!.entry.body).allocation;
    assert.deepEqual(await server.ledger.allocationsLike(salted), [forgotten], 'by its salted name as well');
    await server.ledger.forget(forgotten);
    for (const name of [forgotten, forgotten.slice(0, 8), salted])
      assert.deepEqual(await server.ledger.allocationsLike(name), []);
    isProblem(await server.post('/comparisons', { allocations: [digests[0], forgotten] }), 404, 'unknown-allocation');
  });

  it('refuses an answer that would not fit into memory, and says what to do instead', async () => {
    const plan = plans[0]!;
    const wide = (met: number): Allocation => ({
      ...plan,
      coverage: Array.from({ length: 12_000 }, (_, i) => ({
        ...plan.coverage[0]!,
        region: `R${i}`,
        peoplePeriodsMet: met + i,
      })),
    });
    const two: string[] = [];
    for (const met of [1, 2]) two.push((await server.ledger.recordAllocation(wide(met), SCENARIO)).digest);
    const many = Array.from({ length: 100 }, (_, i) => two[i % 2]);
    const problem = isProblem(await server.post('/comparisons', { allocations: many }), 413, 'too-large');
    assert.match(problem.errors?.[0]?.mend ?? '', /text\/csv/);
    assert.equal((await server.post('/comparisons', { allocations: many.slice(0, 4) })).status, 200);
  });
});

test('Accept: the best of the offers, JSON where nothing decides', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['Text/CSV; header=present', 'text/csv'],
    ['text/*, application/json;q=0.9', 'text/csv'],
    ['text/csv;q=0.5, */*', 'application/json'],
    ['text/csv;q=0.5, */*;q=0.4', 'text/csv'],
    ['text/csv;q=0, */*', 'application/json'],
    ['image/png', 'application/json'],
    ['text/csv;q=much', 'application/json'],
  ];
  for (const [accept, expected] of cases)
    assert.equal(preferred(accept, ['application/json', 'text/csv']), expected, accept);
});
