/** A mirror of every kind of entry: keys, signed adoptions and explanations are followed, judged, restored and made again as plans are. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closePool, type Explanation } from '../engine/index.js';
import { CHECKS } from '../server/checks.js';
import { toBase64 } from '../server/ledger/bytes.js';
import {
  type LocalLedger,
  openLedger,
  rebuild,
  signChange,
  signDraft,
  verifyDirectory,
} from '../server/ledger/index.js';
import { newLogKey } from '../server/ledger/keys.js';
import { MirrorFault, openMirror } from '../server/mirror/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { startServer } from './support/http.js';
import { inTemporary } from './support/ledger-data.js';

after(closePool);

const QUORUM = { ...SCENARIO, id: 'two-sign', adoption: { quorum: 2 } };
const now = () => ({ idem: randomUUID(), ts: new Date().toISOString() });

/** A server with a plan that is explained, and two organisations that adopt it; on a port of its own. */
async function busy(dir: string) {
  const server = await startServer(dir);
  const { ledger } = server;
  const job = await server.allocate({ scenario: QUORUM, policy: 'proportional' });
  const plan = job.result?.allocation ?? '';
  const explanation = (await server.get(`/allocations/${plan}/explanation?region=upper`)).json<Explanation>();
  for (const name of ['north.example', 'south.example']) {
    const key = newLogKey(name);
    const publicKey = toBase64(key.publicKey);
    const body = { change: 'add' as const, org: name, keyId: key.id, publicKey, roles: ['coordinator' as const] };
    await ledger.recordSigned(signChange(ledger.log, body, key, now()), true);
    const draft = await ledger.draftAdoption({ allocation: plan, by: 'an office', why: 'shares are even' });
    await ledger.recordSigned(signDraft(draft, key, { ...now(), salt: randomBytes(32) }));
  }
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  return { ...server, plan, explanation, url: `http://127.0.0.1:${port}` };
}

/** What people ask of keys and adoptions. */
const asked = async (ledger: LocalLedger, plan: string) => ({
  organisations: ledger.organisations(),
  adoption: await ledger.adoptionState(plan),
});

test('keys, signed adoptions and explanations are mirrored, and made again from the plain files', (t) =>
  inTemporary(async (dir) => {
    const server = await busy(join(dir, 'log'));
    t.after(server.close);
    const expected = await asked(server.ledger, server.plan);
    assert.deepEqual([expected.organisations.length, expected.adoption?.status], [2, 'counts']);
    const at = join(dir, 'mirror');
    let mirror = await openMirror({ dir: at, url: server.url, ...CHECKS });
    assert.equal(await mirror.follow(), 7);
    assert.deepEqual(await asked(mirror.ledger, server.plan), expected);
    await mirror.ledger.close();
    mirror = await openMirror({ dir: at, url: server.url, ...CHECKS });
    assert.deepEqual(await asked(mirror.ledger, server.plan), expected);
    await mirror.ledger.close();
    await server.close();
    assert.deepEqual((await verifyDirectory(at, CHECKS)).faults, []);
    // the server's disk is gone, its key is not
    await copyFile(join(dir, 'log', 'log.key'), join(at, 'log.key'));
    // plain files that are gone are written again from the store
    for (const folder of ['contents', 'tile']) await rm(join(at, folder), { recursive: true });
    await (await openLedger(at)).close();

    await rm(join(at, 'store'), { recursive: true });
    assert.deepEqual((await rebuild(at)).lost, []);
    const restored = await openLedger(at);
    assert.equal(restored.readOnly, null);
    assert.deepEqual(await asked(restored, server.plan), expected);
    await restored.close();
    assert.deepEqual((await verifyDirectory(at, CHECKS)).faults, []);
  }));

test('an explanation whose words are not those of its numbers stops a mirror', (t) =>
  inTemporary(async (dir) => {
    const server = await busy(join(dir, 'log'));
    t.after(server.close);
    await server.ledger.recordExplanation({ ...server.explanation, sentences: ['All is well.'] }, 'explanation:forged');
    const mirror = await openMirror({ dir: join(dir, 'mirror'), url: server.url, ...CHECKS });
    await assert.rejects(mirror.follow(), (error) => {
      assert.ok(error instanceof MirrorFault);
      assert.match(error.faults.map((f) => f.what).join(), /explanation of entry 7 does not hold/);
      return true;
    });
    await mirror.ledger.close();
    await server.close();
  }));
