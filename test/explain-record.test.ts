/** Explanations on the record: by HTTP and from the command line, once solved and then read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Bottlenecks, checkExplanation, closePool, type Explanation } from '../engine/index.js';
import { readCase } from '../scenarios/index.js';
import { keyOf } from '../server/explanations.js';
import { verifyBundle } from '../server/ledger/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import type { UnderWay } from '../server/turns.js';
import { isProblem, withServer } from './support/http.js';
import { readyIn } from './support/program.js';

after(closePool);

const folder = mkdtempSync(join(tmpdir(), 'evenhand-explain-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const evenhand = readyIn(folder);

test('an explanation is solved once, goes on the record beside the allocation, and verifies', async () => {
  await withServer(async (server) => {
    const job = await server.allocate({ scenario: SCENARIO, policy: 'proportional' });
    const digest = job.result?.allocation ?? '';
    const size = server.ledger.size();
    const first = await server.get(`/allocations/${digest}/explanation?region=upper`);
    assert.equal(first.status, 200, first.text);
    const found = first.json<Explanation>();
    assert.equal(found.allocation, digest);
    assert.ok(found.changes.length > 0 && found.competitors.some((c) => c.region === 'lower'));
    assert.equal(server.ledger.size(), size + 1);
    // the same question is read, another is solved
    assert.deepEqual((await server.get(`/allocations/${digest}/explanation?region=upper`)).json(), found);
    assert.equal(server.ledger.size(), size + 1);
    const whole = await server.get(`/allocations/${digest}/bottlenecks?top=2`);
    assert.equal(whole.json<Bottlenecks>().bottlenecks.length, 1);
    assert.equal(server.ledger.size(), size + 2);
    const [entry] = await server.ledger.entries(size, 1);
    assert.equal(entry?.entry.kind, 'explanation');
    isProblem(await server.get(`/allocations/${digest}/bottlenecks?top=0`), 400, 'invalid-request');

    const allocation = (await server.ledger.allocation(digest))!;
    assert.deepEqual(checkExplanation(found, allocation, SCENARIO).faults, []);
    const bundle = await server.ledger.bundle();
    const options = { checkExplanation };
    assert.deepEqual((await verifyBundle(bundle, options)).faults, []);
    // what is recorded of another allocation, or says what its numbers do not, is found out
    const other = await server.allocate({ scenario: SCENARIO, policy: 'efficient' });
    const forged = { ...found, sentences: ['All is well.'] };
    await server.ledger.recordExplanation(forged, 'explanation:forged');
    const kinds = (await verifyBundle(await server.ledger.bundle(), options)).faults.map((f) => f.kind);
    assert.deepEqual(kinds, ['certificate']);
    const wrong = { ...found, allocation: other.result!.allocation };
    await server.ledger.recordExplanation(wrong, 'explanation:wrong');
    const faults = (await verifyBundle(await server.ledger.bundle(), {})).faults;
    assert.deepEqual(faults, [], 'the digest is that of the entry; what it says is looked at by checkExplanation');
    const seen = (await verifyBundle(await server.ledger.bundle(), options)).faults.map((f) => f.kind);
    assert.ok(seen.length >= 2, seen.join());
  });
});

test('whoever does not wait long enough is told when to ask again, and those who ask meanwhile share the solve', async () => {
  const scenario = readCase('two-valleys');
  await withServer(
    async (server) => {
      const job = await server.allocate({ scenario });
      const url = `/allocations/${job.result?.allocation}/explanation?region=north`;
      const size = server.ledger.size();
      const answers = await Promise.all([server.get(url), server.get(url), server.get(url)]);
      for (const answer of answers) {
        assert.equal(answer.status, 202, answer.text);
        assert.ok(Number(answer.headers['retry-after']) > 0);
      }
      const deadline = Date.now() + 60_000;
      let last = answers[0]!;
      while (last.status === 202 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        last = await server.get(url);
      }
      assert.equal(last.status, 200);
      assert.equal(server.ledger.size(), size + 1, 'one entry for all of them');
    },
    { explainWaitSeconds: 0, explainLimit: 1 },
  );
});

test('whoever says that they do not wait is told how far it is, as often as they like', async () => {
  const scenario = readCase('two-valleys');
  await withServer(async (server) => {
    const job = await server.allocate({ scenario });
    const url = `/allocations/${job.result?.allocation}/explanation?region=north`;
    const other = server.get(`/allocations/${job.result?.allocation}/bottlenecks`);
    const seen: UnderWay[] = [];
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((go) => setTimeout(go, 5))) {
      const answer = await server.get(url, { prefer: 'respond-async, wait=0' });
      assert.equal(answer.headers['preference-applied'], 'wait');
      if (answer.status === 200) break;
      seen.push(answer.json<UnderWay>());
      assert.equal(answer.headers['retry-after'], String(answer.json<{ retryAfter: number }>().retryAfter));
    }
    assert.equal((await other).status, 200);
    assert.ok(seen.length > 1, 'it was asked more than once');
    const running = seen.filter(({ done }) => done !== null);
    assert.ok(running.length > 0 && running.every(({ state, before }) => state === 'running' && before === 0));
    for (const [i, { seconds, done, of }] of running.entries()) {
      assert.ok(done! <= of! && seconds >= (running[i - 1]?.seconds ?? 0) && done! >= (running[i - 1]?.done ?? 0));
    }
    assert.equal((await server.get(url)).headers['preference-applied'], undefined);
  });
});

test('more questions than may wait are refused, and a server that stops ends those under way', async () => {
  const scenario = readCase('two-valleys');
  await withServer(
    async (server) => {
      const job = await server.allocate({ scenario });
      const url = `/allocations/${job.result?.allocation}`;
      assert.equal((await server.get(`${url}/explanation`)).status, 202);
      isProblem(await server.get(`${url}/bottlenecks`), 503, 'overloaded');
    },
    { explainWaitSeconds: 0, explainLimit: 1 },
  );
});

test('the command line explains, records where the allocation is on the record, and reads it again', async () => {
  assert.equal((await evenhand('allocate', 'two-valleys', '--data', 'log', '--out', 'a.json')).status, 0);
  const asked = ['explain', 'a.json', '--region', 'north', '--data', 'log'];
  const first = await evenhand(...asked);
  assert.equal(first.status, 0, first.err);
  assert.match(first.err, /On the record: entry 2 of 3/);
  assert.match(first.out, /people-days for north/);
  const again = await evenhand(...asked, '--json');
  assert.equal(again.err, '');
  const document: Explanation = JSON.parse(again.out);
  assert.equal(document.sentences.join('\n'), first.out.trimEnd());
  const wide = await evenhand('bottlenecks', 'a.json', '--top', '2', '--data', 'log');
  assert.equal(wide.status, 0, wide.err);
  assert.match(wide.out, /^1\. .*\n2\. .*\n\d+ of \d+ limits/);
  const report = JSON.parse((await evenhand('verify', 'log', '--json')).out);
  assert.deepEqual([report.ok, report.size, report.faults], [true, 4, []]);

  const elsewhere = await evenhand('explain', 'a.json', '--region', 'north', '--data', 'nowhere');
  assert.equal(elsewhere.status, 0);
  assert.match(elsewhere.err, /not recorded, as there is no ledger at nowhere/);
  assert.equal(elsewhere.out, first.out);
  assert.equal((await evenhand('bottlenecks', 'a.json', '--top', '99')).status, 2);
  writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...SCENARIO }));
  const wrong = await evenhand('explain', 'a.json', '--scenario', 'other.json');
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /for scenario/);
});

test('questions have keys of their own', async () => {
  const keys = [
    keyOf({ about: 'explanation', allocation: 'a', query: {} }),
    keyOf({ about: 'explanation', allocation: 'a', query: { region: 'r' } }),
    keyOf({ about: 'explanation', allocation: 'a', query: { resource: 'r' } }),
    keyOf({ about: 'explanation', allocation: 'b', query: {} }),
    keyOf({ about: 'bottlenecks', allocation: 'a', top: 10 }),
    keyOf({ about: 'bottlenecks', allocation: 'a', top: 9 }),
  ];
  assert.equal(new Set(keys).size, keys.length);
});
