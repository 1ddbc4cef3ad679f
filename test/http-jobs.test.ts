/** Jobs: asked for once, followed, stopped, and kept over the end of a process. */
import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { allocate, closePool } from '../engine/index.js';
import { generate } from '../scenarios/index.js';
import { openEventLog, throttle } from '../server/jobs/events.js';
import { newRecord } from '../server/jobs/job.js';
import { openJobStore } from '../server/jobs/store.js';
import { SCENARIO } from '../server/schemas/examples.js';
import type { JobView } from '../server/schemas/job.js';
import { fewerGoods } from './support/direct.js';
import { eventsOf, isProblem, makeDir, startServer, until, withServer } from './support/http.js';

const BIG = generate('province', 1);

describe('jobs', () => {
  after(closePool);

  it('gives the same job for the same key and request, also when both come at once', async () => {
    await withServer(async (server) => {
      const key = { 'idempotency-key': 'k-1' };
      const body = { scenario: SCENARIO, policy: 'proportional' };
      const both = await Promise.all([1, 2, 3].map(() => server.post('/allocations', body, key)));
      const ids = new Set(both.map((answer) => answer.json<JobView>().job));
      assert.equal(ids.size, 1);
      const [id] = ids;
      const done = await server.finished(id ?? '');
      const size = server.ledger.size();
      const again = await server.post('/allocations', body, key);
      assert.equal(again.status, 202);
      assert.deepEqual(again.json<JobView>().result, done.result);
      assert.equal(server.ledger.size(), size);
      isProblem(await server.post('/allocations', { scenario: SCENARIO }, key), 409, 'idempotency-conflict');
    });
  });

  it('records every plan before it says done', async () => {
    await withServer(async (server) => {
      const policies = ['efficient', 'balanced', 'proportional'];
      const asked = await Promise.all(
        policies.map((policy) => server.post('/allocations', { scenario: SCENARIO, policy })),
      );
      for (const answer of asked) {
        const { job } = answer.json<JobView>();
        const last = eventsOf((await server.get(`/jobs/${job}/events`)).text).at(-1);
        assert.equal(last?.event, 'done');
        assert.ok(await server.ledger.allocation(String(last?.data.allocation)));
      }
      const kinds = (await server.ledger.entries(0, 100)).map(({ entry }) => entry.kind);
      assert.deepEqual(kinds, ['scenario', 'allocation', 'allocation', 'allocation']);
      // Nothing of a finished job lies about but its note.
      const left = await readdir(join(server.dir, 'jobs'));
      assert.equal(left.filter((name) => name.endsWith('.json')).length, 3);
      assert.equal(left.length, 3);
    });
  });

  it('stops a solve within half a second, for good', async () => {
    await withServer(async (server) => {
      const { job } = (await server.post('/allocations', { solver: 'highs', scenario: BIG })).json<JobView>();
      await until(
        'it solves',
        async () => (await server.get(`/jobs/${job}`)).json<JobView>().progress?.phase === 'solve',
      );
      const began = performance.now();
      const stopped = await server.ask({ method: 'DELETE', url: `/jobs/${job}` });
      const took = performance.now() - began;
      assert.deepEqual([stopped.status, stopped.json<JobView>().state], [200, 'cancelled']);
      assert.ok(took < 500, `${took} ms`);
      const again = await server.ask({ method: 'DELETE', url: `/jobs/${job}` });
      assert.deepEqual(again.json(), stopped.json());
      assert.equal(eventsOf((await server.get(`/jobs/${job}/events`)).text).at(-1)?.event, 'cancelled');
      assert.equal(server.ledger.size(), 1, 'the scenario, and no plan');

      await server.close();
      const next = await startServer(server.dir);
      assert.equal((await next.get(`/jobs/${job}`)).json<JobView>().state, 'cancelled');
      await next.close();
    });
  });

  it('stops a job that waits', async () => {
    await withServer(
      async (server) => {
        const first = (await server.post('/allocations', { solver: 'highs', scenario: BIG })).json<JobView>();
        const second = (await server.post('/allocations', { scenario: SCENARIO })).json<JobView>();
        assert.deepEqual([second.state, second.position], ['queued', 0]);
        const answer = await server.ask({ method: 'DELETE', url: second.location });
        assert.equal(answer.json<JobView>().state, 'cancelled');
        assert.equal((await server.get(first.location)).json<JobView>().state, 'running');
      },
      { concurrency: 1 },
    );
  });

  it('goes on with accepted jobs after a restart, and still knows finished ones and their keys', async () => {
    const dir = await makeDir();
    const key = { 'idempotency-key': 'yesterday' };
    const first = await startServer(dir, { concurrency: 1 });
    const done = await first.allocate({ scenario: SCENARIO, policy: 'efficient' }, key);
    const running = (
      await first.post('/allocations', { solver: 'highs', scenario: fewerGoods(BIG, 4), policy: [{ stage: 'cost' }] })
    ).json<JobView>();
    const waiting = (await first.post('/allocations', { scenario: SCENARIO, policy: 'proportional' })).json<JobView>();
    await first.close();

    const second = await startServer(dir, { concurrency: 1 });
    assert.deepEqual((await second.get(done.location)).json(), JSON.parse(JSON.stringify(done)));
    const again = await second.post('/allocations', { scenario: SCENARIO, policy: 'efficient' }, key);
    assert.equal(again.json<JobView>().job, done.job);
    for (const { job } of [running, waiting]) {
      const end = await second.finished(job);
      assert.equal(end.state, 'done', JSON.stringify(end.error));
      assert.ok(await second.ledger.allocation(end.result?.allocation ?? ''));
    }
    await second.close();
    await rm(dir, { recursive: true });
  });

  it('records a plan that was computed before the process died, instead of computing another', async () => {
    const dir = await makeDir();
    const first = await startServer(dir);
    await first.post('/scenarios', SCENARIO);
    await first.close();
    // As a kill between computing and recording leaves it.
    const plan = await allocate(SCENARIO, {});
    const record = newRecord({ scenario: plan.scenario.digest }, null, new Date());
    const store = await openJobStore(join(dir, 'jobs'));
    await store.save(record);
    await store.savePlan(record.id, plan);

    const second = await startServer(dir);
    const done = await second.finished(record.id);
    assert.equal(done.state, 'done');
    assert.deepEqual(await second.ledger.allocation(done.result?.allocation ?? ''), plan);
    await second.close();

    // A stop that was promised holds, unless there is a plan already.
    const stopped = { ...newRecord({ scenario: plan.scenario.digest, gap: 0.5 }, null, new Date()), stopping: true };
    await store.save(stopped);

    // And as a kill between recording and noting it leaves it: nothing is recorded twice.
    await store.save(record);
    await store.savePlan(record.id, plan);
    const third = await startServer(dir);
    const size = third.ledger.size();
    assert.equal((await third.finished(stopped.id)).state, 'cancelled');
    assert.equal((await third.finished(record.id)).result?.receipt.seq, done.result?.receipt.seq);
    assert.equal(third.ledger.size(), size);
    await third.close();
    await rm(dir, { recursive: true });
  });

  it('forgets the oldest finished jobs beyond the bound, and sets a damaged file aside', async () => {
    const dir = await makeDir();
    await (await openJobStore(join(dir, 'jobs'))).load();
    await writeFile(join(dir, 'jobs', 'torn.json'), '{"v":1,');
    const server = await startServer(dir, { keepJobs: 2 });
    const ids: string[] = [];
    for (const gap of [0.1, 0.2, 0.3]) ids.push((await server.allocate({ scenario: SCENARIO, gap })).job);
    await until('the first is gone', async () => (await server.get(`/jobs/${ids[0]}`)).status === 404);
    const left = (await server.get('/jobs')).json<{ jobs: JobView[] }>().jobs.map(({ job }) => job);
    assert.deepEqual(left, [ids[2], ids[1]]);
    await server.close();
    const files = await readdir(join(dir, 'jobs'));
    assert.deepEqual(files.sort(), [`${ids[1]}.json`, `${ids[2]}.json`, 'torn.json.damaged'].sort());
    await rm(dir, { recursive: true });
  });
});

describe('events', () => {
  it('go on after the last one that was seen, and from the start where that is not known', () => {
    const log = openEventLog('p');
    for (let seconds = 0; seconds < 1000; seconds++) log.push({ event: 'progress', data: { phase: 'solve', seconds } });
    const all = log.since(undefined);
    assert.equal(all.length, 300, 'the buffer is bounded');
    const seen = all[100]?.id;
    assert.deepEqual(log.since(seen), all.slice(101));
    assert.deepEqual(log.since(all.at(-1)?.id), []);
    for (const unknown of ['p.1', 'other.900', '']) assert.deepEqual(log.since(unknown), all);
  });

  it('come at most so often, and the newest is never lost', async () => {
    const seen: number[] = [];
    const { push, flush } = throttle<number>(40, (n) => seen.push(n));
    for (let n = 0; n < 100; n++) push(n);
    assert.deepEqual(seen, [0]);
    await until('the newest', () => seen.at(-1) === 99);
    assert.deepEqual(seen, [0, 99]);
    push(100);
    flush();
  });
});
