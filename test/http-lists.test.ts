/** Lists of what is on the record, held against the record itself; built-in cases over HTTP. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { type Allocation, closePool } from '../engine/index.js';
import { readCase, type Scenario, scenarioDigest } from '../scenarios/index.js';
import type { AllocationRow, ScenarioRow } from '../server/catalogue.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { isProblem, makeDir, startServer, type TestServer } from './support/http.js';

type Scenarios = { scenarios: ScenarioRow[]; next: number | null };
type Allocations = { allocations: AllocationRow[]; next: number | null };

describe('lists', () => {
  let server: TestServer;
  const scenarios = Array.from(
    { length: 5 },
    (_, i): Scenario => ({ ...SCENARIO, id: `case-${i}`, title: `Case ${i}` }),
  );
  const plans: string[] = [];
  before(async () => {
    server = await startServer(await makeDir());
    for (const scenario of scenarios) await server.post('/scenarios', scenario);
    for (const policy of ['balanced', 'efficient', 'proportional'] as const)
      plans.push((await server.allocate({ scenario: scenarioDigest(scenarios[1]!), policy })).result!.allocation);
    plans.push((await server.allocate({ scenario: scenarioDigest(scenarios[3]!) })).result!.allocation);
    await server.post('/adoptions', { allocation: plans[1], by: 'Cell', why: 'So it is.' });
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });

  /** Page by page, two at a time. */
  async function walk<T>(path: string, of: (page: { next: number | null }) => T[]): Promise<T[]> {
    const all: T[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page: { next: number | null } = (await server.get(`${path}from=${from}&limit=2`)).json();
      assert.ok(of(page).length <= 2);
      all.push(...of(page));
      from = page.next;
    }
    return all;
  }

  it('have every scenario once, in the order of the log, under the digest that reads it', async () => {
    const rows = await walk('/scenarios?', (page) => (page as Scenarios).scenarios);
    assert.deepEqual(
      rows.map(({ digest }) => digest),
      scenarios.map(scenarioDigest),
    );
    for (const [i, row] of rows.entries()) {
      assert.deepEqual((await server.get(`/scenarios/${row.digest}`)).json(), scenarios[i]);
      assert.deepEqual([row.id, row.title, row.regions], [`case-${i}`, `Case ${i}`, 2]);
    }
    assert.deepEqual(
      rows.map(({ allocations }) => allocations),
      [0, 3, 0, 1, 0],
    );
  });

  it('have every plan with the measures that it states, of one scenario or of all', async () => {
    const all = await walk('/allocations?', (page) => (page as Allocations).allocations);
    assert.deepEqual(
      all.map(({ digest }) => digest),
      plans,
    );
    const own = scenarioDigest(scenarios[1]!);
    const some = await walk(`/allocations?scenario=${own}&`, (page) => (page as Allocations).allocations);
    assert.deepEqual(some, all.slice(0, 3));
    for (const row of all) {
      const { measures, policy, scenario } = (await server.get(`/allocations/${row.digest}`)).json<Allocation>();
      assert.deepEqual([row.policy, row.scenario], [policy.name, scenario.digest]);
      for (const name of ['smallestCoverage', 'meanCoverage', 'gini', 'peoplePeriodsUnmet', 'cost', 'tonnes'] as const)
        assert.equal(row[name], measures[name], name);
    }
    assert.deepEqual(
      all.map(({ adoptions }) => adoptions),
      [0, 1, 0, 0],
    );
    isProblem(await server.get(`/allocations?scenario=${'ab'.repeat(32)}`), 404, 'unknown-scenario');
    isProblem(await server.get(`/allocations?scenario=${plans[0]}`), 404, 'unknown-scenario');
    isProblem(await server.get('/scenarios?limit=0'), 400, 'invalid-request');
  });

  it('say of what was forgotten only what the log says', async () => {
    const victim = scenarioDigest(scenarios[4]!);
    assert.equal((await server.get('/scenarios')).json<Scenarios>().scenarios[4]!.title, 'Case 4');
    await server.ledger.forget(victim);
    await server.ledger.forget(plans[3]!);
    const { scenarios: rows } = (await server.get('/scenarios')).json<Scenarios>();
    assert.deepEqual([rows[4]!.digest, rows[4]!.title, rows[4]!.id], [null, null, 'case-4']);
    const { allocations } = (await server.get('/allocations')).json<Allocations>();
    assert.deepEqual([allocations[3]!.digest, allocations[3]!.cost, allocations[3]!.policy], [null, null, null]);
  });

  it('asked at once by many, note each entry once', async () => {
    const late: Scenario = { ...SCENARIO, id: 'late' };
    await server.post('/scenarios', late);
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.get('/scenarios')));
    for (const answer of answers) assert.equal(answer.json<Scenarios>().scenarios.length, 6);
  });

  it('of the built-in cases lead to scenarios that the record takes', async () => {
    const { cases } = (await server.get('/cases')).json<{
      cases: { name: string; location: string; regions: number }[];
    }>();
    assert.ok(cases.length >= 2);
    for (const { name, location, regions } of cases) {
      const answer = await server.get(location);
      assert.deepEqual(answer.json(), readCase(name));
      assert.equal(regions, readCase(name).regions.length);
      const posted = await server.post('/scenarios', answer.text);
      assert.equal(posted.json<{ digest: string }>().digest, scenarioDigest(readCase(name)));
    }
    isProblem(await server.get('/cases/..%2Fpackage'), 404, 'not-found');
  });
});
