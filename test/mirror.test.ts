/** A mirror against honest, forked, rolled-back and lying logs; what it holds can be served and become the log again. */
import assert from 'node:assert/strict';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../engine/index.js';
import { buildApp } from '../server/app.js';
import { readConfig } from '../server/config.js';
import { openLedger, readConflicts, rebuild, verifyBundle, verifyDirectory } from '../server/ledger/index.js';
import { parseLogKey } from '../server/ledger/keys.js';
import { MirrorFault, openMirror } from '../server/mirror/index.js';
import { fakeLog } from './support/forged-log.js';
import { startServer } from './support/http.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

const valley = scenarioOf('valley');

/** A real server over a ledger, on a port of its own. */
async function serving(dir: string) {
  const server = await startServer(dir);
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  return { ...server, url: `http://127.0.0.1:${port}` };
}

const accept = { checkAllocation: () => ({ ok: true, faults: [] }) };

test('a mirror follows, goes on after a restart, serves reads, and fills a restored server', () =>
  inTemporary(async (dir) => {
    const server = await serving(join(dir, 'log'));
    const { ledger } = server;
    const made = async (from: number, count: number) => {
      const all = Array.from({ length: count }, (_, i) =>
        ledger.recordAllocation(allocationOf(valley, from + i), valley),
      );
      return (await Promise.all(all)).at(-1)!;
    };
    const first = await made(0, 270);
    const hidden = await ledger.recordScenario(scenarioOf('hidden'));
    await ledger.forget(hidden.digest);
    await ledger.recordAdoption({ allocation: first.digest, by: 'Rado', why: 'fair' }, { idempotencyKey: 'adopt' });
    const at = join(dir, 'mirror');
    let mirror = await openMirror({ dir: at, url: server.url, trustedKey: ledger.verifierKey, ...accept });
    assert.equal(await mirror.follow(), 273);
    assert.equal(await mirror.follow(), 0);
    assert.equal(mirror.certificates(), 270);
    await made(1000, 20);
    assert.equal(await mirror.follow(), 20);
    await assert.rejects(mirror.ledger.recordScenario(valley), /mirror: record at/);
    await mirror.ledger.close();
    assert.deepEqual((await verifyDirectory(at)).faults, []);

    await made(2000, 300);
    mirror = await openMirror({ dir: at, url: server.url, ...accept });
    assert.equal(mirror.certificates(), 290);
    assert.equal(await mirror.follow(), 300);
    const app = await buildApp({ ledger: mirror.ledger, config: readConfig({ data: at, rate: 0 }, {}) });
    for (const url of [
      '/checkpoint',
      '/tile/entries/002.p/81',
      '/tile/0/001',
      `/allocations/${first.digest}`,
      '/ledger/proof/7',
    ]) {
      const [here, there] = await Promise.all([app.inject({ url }), server.app.inject({ url })]);
      assert.deepEqual([here.statusCode, here.rawPayload], [200, there.rawPayload], url);
    }
    const refused = await app.inject({
      method: 'POST',
      url: '/scenarios',
      payload: { ...valley, regions: [{ id: 'north', demand: { water: 400 } }] },
    });
    assert.equal(refused.statusCode, 503, refused.payload);
    await app.close();
    assert((await verifyBundle(await mirror.ledger.bundle())).ok);
    await mirror.ledger.close();

    // The server's disk is gone; its key and the mirror are not.
    await server.close();
    await rm(join(dir, 'log', 'store'), { recursive: true });
    const from = await serving(at).catch((error: unknown) => assert.fail(String(error)));
    const again = join(dir, 'restored');
    const filled = await openMirror({ dir: again, url: from.url, ...accept });
    assert.equal(await filled.follow(), 593);
    await filled.ledger.close();
    await from.close();
    await copyFile(join(dir, 'log', 'log.key'), join(again, 'log.key'));
    await rm(join(again, 'store'), { recursive: true });
    assert.deepEqual((await rebuild(again)).lost, []);
    const restored = await openLedger(again);
    assert.equal(restored.readOnly, null);
    const repeated = await restored.recordAdoption(
      { allocation: first.digest, by: 'Rado', why: 'fair' },
      { idempotencyKey: 'adopt' },
    );
    assert.deepEqual([repeated.repeated, repeated.seq], [true, 272]);
    assert.equal((await restored.recordScenario(scenarioOf('next'))).seq, 593);
    await restored.close();
    assert.deepEqual((await verifyDirectory(again)).faults, []);
  }));

test('a log that forks or goes back is refused, and the two notes are kept', () =>
  inTemporary(async (dir) => {
    const log = join(dir, 'log');
    let server = await serving(log);
    await server.ledger.recordScenario(valley);
    await server.ledger.recordScenario(scenarioOf('hill'));
    const at = join(dir, 'mirror');
    let mirror = await openMirror({ dir: at, url: server.url });
    assert.equal(await mirror.follow(), 2);
    await mirror.ledger.close();
    const key = parseLogKey(await readFile(join(log, 'log.key'), 'utf8'))!;
    const note = server.ledger.checkpoint();
    await server.close();

    // The same key, the history begun anew: shorter, as long, longer.
    const lie = fakeLog(key.name, key);
    for (const [leaves, kind] of [
      [['x'], 'rollback'],
      [['x', 'y'], 'fork'],
    ] as const) {
      const fake = await pretending({ '/checkpoint': lie.note(leaves) });
      mirror = await openMirror({ dir: at, url: fake.url });
      await assert.rejects(mirror.follow(), (error) => error instanceof MirrorFault && error.conflict === kind);
      await mirror.ledger.close();
      await fake.close();
    }
    // Honest entries of another history that the key really signed.
    await rm(log, { recursive: true });
    await openLedger(log, { name: key.name }).then((begun) => begun.close());
    for (const name of ['log.key', 'log.pub', 'checkpoint']) await rm(join(log, name));
    await rm(join(log, 'store'), { recursive: true });
    const { writeLogKey } = await import('../server/ledger/keys.js');
    await writeLogKey(join(log, 'log.key'), key);
    await import('node:fs/promises').then(({ writeFile }) => writeFile(join(log, 'checkpoint'), lie.note([])));
    server = await serving(log);
    assert.equal(server.ledger.verifierKey, key.verifierKey);
    for (const id of ['a', 'b', 'c']) await server.ledger.recordScenario(scenarioOf(id));
    mirror = await openMirror({ dir: at, url: server.url });
    await assert.rejects(mirror.follow(), (error) => error instanceof MirrorFault);
    await mirror.ledger.close();
    await server.close();
    const kept = await readConflicts(join(at, 'conflicts'));
    assert.deepEqual(kept.map(({ kind }) => kind).sort(), ['fork', 'inconsistent', 'rollback']);
    for (const conflict of kept) assert.equal(conflict.kept, note);
    // What was mirrored stands.
    assert.deepEqual((await verifyDirectory(at)).faults, []);
  }));

test('a false certificate and a damaged answer stop a mirror, and nothing of the round is kept', () =>
  inTemporary(async (dir) => {
    const server = await serving(join(dir, 'log'));
    await server.ledger.recordScenario(valley);
    const at = join(dir, 'mirror');
    let mirror = await openMirror({ dir: at, url: server.url, checkAllocation: check });
    assert.equal(await mirror.follow(), 1);
    // The allocation is made up, so the engine's own check refuses it.
    await server.ledger.recordAllocation(allocationOf(valley, 3), valley);
    await assert.rejects(
      mirror.follow(),
      (error) => error instanceof MirrorFault && error.faults[0]?.kind === 'certificate',
    );
    await assert.rejects(mirror.follow(), MirrorFault);
    await mirror.ledger.close();
    const { size, faults } = await verifyDirectory(at);
    assert.deepEqual([size, faults], [1, []]);

    const [checkpoint, bytes, contents] = await Promise.all(
      ['checkpoint', 'tile/entries/000.p/2', 'ledger/contents?from=1&limit=1'].map(async (path) =>
        Buffer.from(await (await fetch(`${server.url}/${path}`)).arrayBuffer()),
      ),
    );
    const changed = Buffer.from(bytes!);
    changed[changed.length - 20]! ^= 1;
    const fake = await pretending({
      '/checkpoint': checkpoint!,
      '/tile/entries/000.p/2': changed,
      '/ledger/contents?from=1&limit=1': contents!,
    });
    mirror = await openMirror({ dir: at, url: fake.url, ...accept });
    await assert.rejects(mirror.follow(), MirrorFault);
    await mirror.ledger.close();
    await fake.close();
    assert.equal((await verifyDirectory(at)).size, 1);
    mirror = await openMirror({ dir: at, url: server.url, ...accept });
    assert.equal(await mirror.follow(), 1);
    await mirror.ledger.close();
    await server.close();
    assert.deepEqual((await verifyDirectory(at)).faults, []);
    const stranger = fakeLog('other.example/log').key.verifierKey;
    await assert.rejects(openMirror({ dir: at, url: server.url, trustedKey: stranger }), /take another directory/);
  }));

/** A server that answers these paths with these bytes. */
async function pretending(
  answers: Record<string, string | Uint8Array>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(answer ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
