/** What each route answers when all is well, and what it says when something is not there. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Allocation, type Comparison, check, closePool, type Explanation } from '../engine/index.js';
import { canonicalBytes, type Scenario, scenarioDigest, sha256Hex } from '../scenarios/index.js';
import { parseVerifierKey, type Receipt, verifyBundle, verifyEd25519, verifyProof } from '../server/ledger/index.js';
import { DIGESTS, SCENARIO } from '../server/schemas/examples.js';
import type { JobView } from '../server/schemas/job.js';
import { eventsOf, isProblem, makeDir, startServer, type TestServer } from './support/http.js';

const NOWHERE = 'ab'.repeat(32);

describe('the API', () => {
  let server: TestServer;
  let job: JobView;
  let digest: string;
  before(async () => {
    server = await startServer(await makeDir());
    job = await server.allocate({ scenario: SCENARIO, policy: 'proportional' });
    digest = job.result?.allocation ?? '';
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });

  it('says at / where everything is, and every link is there', async () => {
    const { links } = (await server.get('/')).json<{ links: Record<string, string> }>();
    for (const link of Object.values(links)) {
      const answer = await server.get(link);
      // Some are for POST alone; no link leads nowhere.
      if (!['/scenarios', '/allocations', '/frontiers', '/comparisons', '/adoptions'].includes(link))
        assert.equal(answer.status, 200, link);
    }
  });

  it('records a scenario once', async () => {
    const scenario: Scenario = { ...SCENARIO, id: 'another' };
    const first = await server.post('/scenarios', scenario);
    assert.equal(first.status, 201);
    const body = first.json<{ digest: string; id: string; location: string; receipt: Receipt }>();
    assert.equal(body.digest, scenarioDigest(scenario));
    assert.equal(body.id, 'another');
    assert.equal(first.headers.location, body.location);
    const size = server.ledger.size();
    const second = await server.post('/scenarios', scenario);
    assert.equal(second.status, 200);
    assert.equal(second.json<{ receipt: Receipt }>().receipt.seq, body.receipt.seq);
    assert.equal(server.ledger.size(), size);

    const read = await server.get(body.location);
    assert.deepEqual(read.json(), scenario);
    const again = await server.get(body.location, { 'if-none-match': String(read.headers.etag) });
    assert.deepEqual([again.status, again.text], [304, '']);
    isProblem(await server.get(`/scenarios/${NOWHERE}`), 404, 'unknown-scenario');
    isProblem(await server.get('/scenarios/xyz'), 400, 'invalid-request');
  });

  it('gives a proven allocation under its digest', async () => {
    assert.equal(job.state, 'done');
    assert.equal(job.result?.receipt.kind, 'allocation');
    const answer = await server.get(`/allocations/${digest}`);
    const { receipt, ...allocation } = answer.json<Allocation>();
    assert.ok(receipt);
    assert.equal(sha256Hex(canonicalBytes(allocation)), digest);
    assert.deepEqual(check(allocation, SCENARIO).faults, []);
    assert.equal(allocation.policy.name, 'proportional');
    isProblem(await server.get(`/allocations/${NOWHERE}`), 404, 'unknown-allocation');
    isProblem(await server.get(`/allocations/${job.request.scenario}`), 404, 'unknown-allocation');
  });

  it('allocates a scenario named by digest, with the policy, gap and solver that were asked for', async () => {
    const asked = { scenario: job.request.scenario, policy: [{ stage: 'cost' }], gap: 0.01, solver: 'highs' };
    const other = await server.allocate(asked);
    assert.equal(other.state, 'done', JSON.stringify(other.error));
    assert.deepEqual(other.request, asked);
    const plan = (await server.get(`/allocations/${other.result?.allocation}`)).json<Allocation>();
    assert.equal(plan.solver.name, 'highs');
    assert.equal(plan.gap.asked, 0.01);
    assert.deepEqual(plan.shipments, []);
  });

  it('explains', async () => {
    const answer = await server.get(`/allocations/${digest}/explanation?region=upper&resource=water`);
    const explanation = answer.json<Explanation>();
    assert.equal(explanation.region, 'upper');
    assert.ok(explanation.bindings.some(({ kind }) => kind === 'stock'));
    assert.equal((await server.get(`/allocations/${digest}/explanation`)).status, 200);
    const problem = isProblem(
      await server.get(`/allocations/${digest}/explanation?region=middle`),
      400,
      'invalid-request',
    );
    assert.equal(problem.errors?.[0]?.pointer, '/query/region');
    isProblem(await server.get(`/allocations/${digest}/explanation?place=upper`), 400, 'invalid-request');
    isProblem(await server.get(`/allocations/${NOWHERE}/explanation`), 404, 'unknown-allocation');
  });

  it('compares two policies', async () => {
    const other = await server.allocate({ scenario: SCENARIO, policy: 'efficient' });
    const answer = await server.post('/comparisons', { allocations: [digest, other.result?.allocation] });
    const comparison = answer.json<Comparison>();
    assert.deepEqual(
      comparison.allocations.map(({ policy }) => policy),
      ['proportional', 'efficient'],
    );
    const difference = comparison.differences[0];
    assert.ok(difference && difference.lost > 0, 'efficiency costs the far village something');
    const unknown = isProblem(
      await server.post('/comparisons', { allocations: [digest, NOWHERE] }),
      404,
      'unknown-allocation',
    );
    assert.equal(unknown.errors?.[0]?.pointer, '/allocations/1');
    const few = isProblem(await server.post('/comparisons', { allocations: [digest] }), 400, 'invalid-request');
    assert.equal(few.errors?.[0]?.pointer, '/allocations');
  });

  it('adopts under an idempotency key', async () => {
    const adoption = { allocation: digest, by: 'Regional coordination', why: 'Nobody falls below the floor.' };
    const key = { 'idempotency-key': 'morning-1' };
    const first = await server.post('/adoptions', adoption, key);
    assert.equal(first.status, 201, first.text);
    const { receipt, location } = first.json<{ receipt: Receipt; location: string }>();
    assert.equal(receipt.kind, 'adoption');
    const second = await server.post('/adoptions', adoption, key);
    assert.equal(second.status, 200);
    assert.equal(second.json<{ receipt: Receipt }>().receipt.seq, receipt.seq);
    const otherwise = { ...adoption, why: 'Something else.' };
    isProblem(await server.post('/adoptions', otherwise, key), 409, 'idempotency-conflict');
    isProblem(await server.post('/adoptions', { ...adoption, allocation: NOWHERE }), 404, 'unknown-allocation');
    const empty = isProblem(await server.post('/adoptions', { ...adoption, by: ' ' }), 400, 'invalid-request');
    assert.equal(empty.errors?.[0]?.pointer, '/by');
    isProblem(await server.post('/adoptions', adoption, { 'idempotency-key': 'a b' }), 400, 'invalid-request');

    const proof = await server.get(location);
    assert.match(String(proof.headers['content-type']), /^text\/plain/);
    const [entry] = await server.ledger.entries(receipt.seq, 1);
    const verifier = parseVerifierKey(server.ledger.verifierKey);
    assert.ok(entry && verifier);
    assert.ok(await verifyProof(proof.text, entry.bytes, verifier, verifyEd25519));
  });

  it('shows the record in the formats that strangers read', async () => {
    const note = await server.get('/ledger/checkpoint');
    assert.match(String(note.headers['content-type']), /^text\/plain/);
    assert.equal(note.text, server.ledger.checkpoint());
    assert.equal((await server.get('/checkpoint')).text, note.text);

    type Page = {
      size: number;
      next: number | null;
      entries: { seq: number; text: string; entry: { prev: string } }[];
    };
    const read: Page['entries'] = [];
    for (let next: number | null = 0; next !== null; ) {
      const page: Page = (await server.get(`/ledger/entries?from=${next}&limit=2`)).json<Page>();
      read.push(...page.entries);
      next = page.next;
    }
    assert.equal(read.length, server.ledger.size());
    // The text is what is hashed: each entry names the one before by it.
    for (const [i, { text, entry, seq }] of read.entries()) {
      assert.equal(seq, i);
      assert.deepEqual(JSON.parse(text), entry);
      const previous = read[i - 1];
      const chained = previous && createHash('sha256').update(`evenhand/entry/v1\0${previous.text}`).digest('hex');
      assert.equal(entry.prev, chained ?? '0'.repeat(64));
    }
    assert.deepEqual((await server.get('/ledger/entries?from=999')).json<Page>().entries, []);
    isProblem(await server.get('/ledger/entries?from=-1'), 400, 'invalid-request');
    isProblem(await server.get('/ledger/entries?limit=100000'), 400, 'invalid-request');
    isProblem(await server.get('/ledger/proof/999'), 404, 'not-found');
    isProblem(await server.get('/ledger/proof/first'), 400, 'invalid-request');

    const tile = await server.app.inject(`/tile/0/000.p/${read.length}`);
    assert.equal(tile.rawPayload.length, 32 * read.length);
    const leaf = createHash('sha256').update(`\0${read[0]?.text}`).digest();
    assert.deepEqual(tile.rawPayload.subarray(0, 32), leaf);
    isProblem(await server.get('/tile/0/999'), 404, 'not-found');
    isProblem(await server.get('/tile/../log.key'), 404, 'not-found');
    isProblem(await server.get('/tile/%2e%2e/log.key'), 404, 'not-found');
  });

  it('gives a bundle that verifies with nothing else', async () => {
    const answer = await server.get('/ledger/bundle', { 'accept-encoding': 'gzip' });
    assert.equal(answer.headers['content-encoding'], 'gzip');
    const raw = await server.app.inject({ url: '/ledger/bundle', headers: { 'accept-encoding': 'gzip' } });
    const bundle: unknown = JSON.parse(gunzipSync(raw.rawPayload).toString());
    const report = await verifyBundle(bundle);
    assert.deepEqual(report.faults, []);
    assert.equal(report.size, server.ledger.size());
  });

  it('lists and shows jobs, and their events end with the job', async () => {
    const { jobs } = (await server.get('/jobs?state=done')).json<{ jobs: JobView[] }>();
    assert.equal(jobs.at(-1)?.job, job.job);
    assert.equal((await server.get('/jobs?limit=1')).json<{ jobs: JobView[] }>().jobs.length, 1);
    isProblem(await server.get('/jobs?state=lost'), 400, 'invalid-request');
    isProblem(await server.get(`/jobs/${crypto.randomUUID()}`), 404, 'unknown-job');
    isProblem(await server.get(`/jobs/${crypto.randomUUID()}/events`), 404, 'unknown-job');
    isProblem(await server.ask({ method: 'DELETE', url: `/jobs/${crypto.randomUUID()}` }), 404, 'unknown-job');
    const stream = await server.get(job.events);
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/);
    const last = eventsOf(stream.text).at(-1);
    assert.equal(last?.event, 'done');
    assert.equal(last?.data.allocation, digest);
    const seen = await server.get(job.events, { 'last-event-id': last?.id ?? '' });
    assert.deepEqual([seen.status, seen.text], [204, '']);
    const stopped = await server.ask({ method: 'DELETE', url: `/jobs/${job.job}` });
    assert.deepEqual([stopped.status, stopped.json<JobView>().state], [200, 'done']);
  });

  it('shows its health and its figures', async () => {
    const health = (await server.get('/healthz')).json<{ status: string; ledger: { size: number } }>();
    assert.equal(health.status, 'ok');
    assert.equal(health.ledger.size, server.ledger.size());
    const metrics = (await server.get('/metrics')).text;
    assert.match(metrics, /^evenhand_jobs\{state="done"\} [1-9]/m);
    assert.match(metrics, /^evenhand_queue_length 0$/m);
    assert.match(metrics, new RegExp(`^evenhand_ledger_entries ${server.ledger.size()}$`, 'm'));
    assert.match(metrics, /^evenhand_job_seconds_count\{state="done"\} [1-9]/m);
    assert.match(metrics, /^evenhand_http_seconds_count\{method="GET",route="\/scenarios\/:digest",status="200"\} /m);
  });

  it('sends a strict content security policy, also where the documentation is read', async () => {
    const policy = String((await server.get('/')).headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    const docs = await server.get('/docs');
    assert.equal(docs.status, 200);
    assert.doesNotMatch(String(docs.headers['content-security-policy']), /unsafe-eval|script-src[^;]*unsafe|https?:/);
    for (const [, link] of docs.text.matchAll(/(?:href|src)="([^"]+)"/g))
      assert.equal((await server.get(new URL(link ?? '', 'http://localhost/docs').pathname)).status, 200, link);
  });

  it('names the example scenario by its real digest', () => {
    assert.equal(scenarioDigest(SCENARIO), DIGESTS.scenario);
  });
});
