/** The compact form over HTTP: negotiated, kept by caches, beside the event loop, and gone with what was forgotten. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Allocation, allocate, closePool } from '../engine/index.js';
import { generate, readCase } from '../scenarios/index.js';
import { PACKED_TYPE } from '../server/packed/container.js';
import { readPlan } from '../server/packed/read.js';
import { isProblem, makeDir, startServer, type TestServer } from './support/http.js';

const NOWHERE = 'ab'.repeat(32);

describe('the compact form of a plan', () => {
  let server: TestServer;
  const digests: Record<'small' | 'large', string> = { small: '', large: '' };
  before(async () => {
    server = await startServer(await makeDir());
    for (const [name, scenario] of [
      ['small', readCase('two-valleys')],
      ['large', generate('province', 1)],
    ] as const) {
      const { digest } = await server.ledger.recordAllocation(await allocate(scenario, { gap: 0.01 }), scenario);
      digests[name] = digest;
    }
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });
  const asked = async (digest: string, headers: Record<string, string> = {}) => {
    const url = `/allocations/${digest}`;
    const { statusCode, headers: sent, rawPayload } = await server.app.inject({ url, headers });
    return { status: statusCode, headers: sent, body: rawPayload };
  };

  it('says what the JSON says, with the receipt, in far fewer bytes; JSON stays what is given unasked', async () => {
    for (const digest of Object.values(digests)) {
      const json = await server.get(`/allocations/${digest}`);
      const { status, headers, body } = await asked(digest, { accept: PACKED_TYPE });
      assert.deepEqual([status, headers['content-type']], [200, PACKED_TYPE]);
      const packed = readPlan(body, digest);
      const plan = json.json<Allocation>();
      assert.deepEqual(
        Array.from({ length: packed.shipments.length }, (_, i) => packed.shipments.at(i)),
        plan.shipments,
      );
      assert.deepEqual(packed.receipt, plan.receipt);
      if (digest === digests.large)
        assert.ok(body.length * 5 < json.text.length, `${body.length} of ${json.text.length}`);
      const zipped = await asked(digest, { accept: PACKED_TYPE, 'accept-encoding': 'gzip' });
      if (zipped.headers['content-encoding'] === 'gzip') assert.deepEqual(gunzipSync(zipped.body), body);
      else assert.ok(body.length < 1400);
    }
    for (const accept of [
      '*/*',
      'application/json',
      `${PACKED_TYPE};q=0.5, application/json`,
      'application/vnd.evenhand.plan.v9',
    ])
      assert.match(
        String((await asked(digests.small, { accept })).headers['content-type']),
        /^application\/json/,
        accept,
      );
  });

  it('never changes: a tag of its own, kept for a year, 304 for whoever has it', async () => {
    const { headers } = await asked(digests.small, { accept: PACKED_TYPE });
    assert.equal(headers.etag, `"${digests.small}.v1"`);
    assert.match(String(headers['cache-control']), /immutable/);
    assert.match(String(headers.vary), /accept/);
    const again = await asked(digests.small, { accept: PACKED_TYPE, 'if-none-match': String(headers.etag) });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
    // the tag of the JSON is that of another form
    const other = await asked(digests.small, { accept: PACKED_TYPE, 'if-none-match': `"${digests.small}"` });
    assert.equal(other.status, 200);
  });

  it('is made beside the event loop where the plan is large, and so is its brief', async () => {
    const fresh = await startServer(await makeDir());
    const scenario = { ...generate('province', 1), id: 'once-more' };
    const { digest } = await fresh.ledger.recordAllocation(await allocate(scenario, { gap: 0.01 }), scenario);
    for (const [path, accept] of [
      ['', PACKED_TYPE],
      ['/brief', '*/*'],
    ] as const) {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const answer = await fresh.app.inject({ url: `/allocations/${digest}${path}`, headers: { accept } });
      clearInterval(timer);
      assert.equal(answer.statusCode, 200);
      assert.ok(turns >= 10, `others had ${turns} turns`);
    }
    await fresh.close();
    await rm(fresh.dir, { recursive: true });
  });

  it('is refused where there is no such plan, and where plan or scenario were forgotten since', async () => {
    const compact = { accept: PACKED_TYPE };
    isProblem(await server.get(`/allocations/${NOWHERE}`, compact), 404, 'unknown-allocation');
    const scenario = (await server.get(`/allocations/${digests.small}`)).json<Allocation>().scenario.digest;
    isProblem(await server.get(`/allocations/${scenario}`, compact), 404, 'unknown-allocation');
    assert.equal((await asked(digests.small, compact)).status, 200);
    await server.ledger.forget(scenario);
    isProblem(await server.get(`/allocations/${digests.small}`, compact), 404, 'unknown-scenario');
    await server.ledger.forget(digests.large);
    isProblem(await server.get(`/allocations/${digests.large}`, compact), 404, 'unknown-allocation');
  });
});
