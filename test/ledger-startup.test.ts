/** Start-up after everything that can happen to a data directory, and the writer after a write that failed. */
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { LedgerHeld, LedgerUnusable, openLedger, verifyDirectory, writeServerUrl } from '../server/ledger/index.js';
import { type KeyValue, openKeyValue } from '../server/ledger/keyvalue.js';
import { checkpointKey } from '../server/ledger/layout.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';
import { startChild } from './support/ledger-process.js';

const valley = scenarioOf('valley');

/** Records `count` more allocations and closes. */
async function record(dir: string, from: number, count: number): Promise<void> {
  const ledger = await openLedger(dir);
  assert.equal(ledger.readOnly, null);
  for (let i = from; i < from + count; i++) await ledger.recordAllocation(allocationOf(valley, i), valley);
  await ledger.close();
}

/** Opens, expects read-only with that reason, and that nothing can be appended; returns what can still be read. */
async function readOnly(dir: string, reason: RegExp): Promise<number> {
  const ledger = await openLedger(dir);
  assert.match(ledger.readOnly ?? 'writable', reason);
  await assert.rejects(ledger.recordScenario(scenarioOf('other')), { detail: 'read-only' });
  const { length } = await ledger.entries(0, 100);
  assert.equal(length, ledger.size());
  await ledger.close();
  return length;
}

const faults = async (dir: string): Promise<string[]> => (await verifyDirectory(dir)).faults.map(({ kind }) => kind);

test('key and data directory are made for their owner alone', { skip: process.platform === 'win32' }, () =>
  inTemporary(async (parent) => {
    const dir = join(parent, 'data');
    await record(dir, 0, 1);
    assert.equal((await stat(join(dir, 'log.key'))).mode & 0o777, 0o600);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    assert((await readdir(dir)).includes('clean'));
  }),
);

test('an old store under a newer checkpoint refuses to write and says how to restore', () =>
  inTemporary(async (dir) => {
    await record(dir, 0, 2);
    await cp(join(dir, 'store'), join(dir, 'backup'), { recursive: true });
    await record(dir, 2, 2);
    await rm(join(dir, 'store'), { recursive: true });
    await cp(join(dir, 'backup'), join(dir, 'store'), { recursive: true });
    assert.deepEqual(await faults(dir), ['size']);
    assert.equal(await readOnly(dir, /promises 5, the store has 3\. To restore/), 3);
  }));

test('a cut tail of the write-ahead log is found, and its copy is kept', () =>
  inTemporary(async (dir) => {
    await record(dir, 0, 3);
    const log = (await readdir(join(dir, 'store'))).find((name) => name.endsWith('.log'))!;
    const path = join(dir, 'store', log);
    await truncate(path, (await stat(path)).size - 100);
    await rm(join(dir, 'clean'));
    assert.deepEqual(await faults(dir), ['size']);
    assert.equal(await readOnly(dir, /acknowledged entries are lost/), 3);
    const [evidence] = await readdir(join(dir, 'evidence'));
    assert((await readdir(join(dir, 'evidence', evidence!))).includes(log));
  }));

test('durable entries beyond the checkpoint are kept and signed', () =>
  inTemporary(async (dir) => {
    await record(dir, 0, 1);
    await copyFile(join(dir, 'checkpoint'), join(dir, 'older'));
    await record(dir, 1, 3);
    await copyFile(join(dir, 'older'), join(dir, 'checkpoint'));
    const before = await verifyDirectory(dir);
    assert.deepEqual([before.ok, before.size, before.unpublished], [true, 2, 3]);
    const ledger = await openLedger(dir);
    assert.match(ledger.warnings.join(), /3 entries were durable/);
    assert.equal(ledger.size(), 5);
    await ledger.close();
    const after = await verifyDirectory(dir, { kept: await readFile(join(dir, 'older'), 'utf8') });
    assert.deepEqual([after.ok, after.size, after.unpublished], [true, 5, 0]);
  }));

test('another history of the same key and length is not signed', () =>
  inTemporary(async (dir) => {
    const [a, b] = [join(dir, 'a'), join(dir, 'b')];
    await record(a, 0, 1);
    await cp(a, b, { recursive: true });
    await record(a, 1, 2);
    await record(b, 5, 2);
    await copyFile(join(a, 'checkpoint'), join(b, 'checkpoint'));
    assert.deepEqual(await faults(b), ['root']);
    await readOnly(b, /another history than the one that was signed at 4/);
  }));

test('a lost or changed checkpoint, a lost key, a lost store: nothing is written', () =>
  inTemporary(async (dir) => {
    const fresh = async (name: string): Promise<string> => {
      await cp(join(dir, 'whole'), join(dir, name), { recursive: true });
      return join(dir, name);
    };
    await record(join(dir, 'whole'), 0, 2);
    const a = await fresh('a');
    await rm(join(a, 'checkpoint'));
    assert.deepEqual(await faults(a), ['signature']);
    await readOnly(a, /checkpoint file is missing/);

    const b = await fresh('b');
    const note = await readFile(join(b, 'checkpoint'), 'utf8');
    await writeFile(join(b, 'checkpoint'), note.replace('\n3\n', '\n2\n'));
    assert((await faults(b)).includes('signature'));
    await readOnly(b, /damaged or not signed/);

    const c = await fresh('c');
    await rm(join(c, 'log.key'));
    assert.equal(await readOnly(c, /key is missing/), 3);
    assert.equal((await verifyDirectory(c)).ok, true);

    const d = await fresh('d');
    await rm(join(d, 'store'), { recursive: true });
    assert.deepEqual(await faults(d), ['store']);
    await assert.rejects(openLedger(d), LedgerUnusable);

    const e = await fresh('e');
    await rm(join(e, 'store', 'CURRENT'));
    await assert.rejects(openLedger(e), /cannot be opened.*To restore/);
    assert((await readdir(join(e, 'store'))).some((name) => name.endsWith('.log')));

    // LevelDB would begin a new store here and delete the files of the old one.
    for (const name of ['checkpoint', 'log.key']) await rm(join(e, name));
    await assert.rejects(openLedger(e), LedgerUnusable);
    assert((await readdir(join(e, 'store'))).some((name) => name.endsWith('.log')));

    // Key and nothing else is a log that lost everything, not a new one.
    const f = await fresh('f');
    await rm(join(f, 'store'), { recursive: true });
    await rm(join(f, 'checkpoint'));
    await assert.rejects(openLedger(f), LedgerUnusable);
  }));

test('a first start that was interrupted before its key was written begins again', () =>
  inTemporary(async (dir) => {
    await (await openLedger(dir)).close();
    await rm(join(dir, 'log.key'));
    await record(dir, 0, 1);
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('a held ledger says by whom, to openers and to verify, from inside and from outside', () =>
  inTemporary(async (dir) => {
    const child = await startChild(dir, 1);
    try {
      await child.acknowledged(1);
      await assert.rejects(openLedger(dir), (error) => error instanceof LedgerHeld && error.url === null);
      await writeServerUrl(dir, 'http://localhost:8080');
      await assert.rejects(openLedger(dir), /held by the server at http:\/\/localhost:8080/);
      // Twice, as a careless look would release the lock it found.
      await assert.rejects(verifyDirectory(dir), LedgerHeld);
      await assert.rejects(verifyDirectory(dir), LedgerHeld);
      await assert.rejects(openLedger(dir), LedgerHeld);
      assert.deepEqual(
        (await readdir(dir)).filter((name) => name.startsWith('verify-')),
        [],
      );
      assert.deepEqual(await readdir(join(dir, 'evidence')), []);
    } finally {
      await child.kill();
    }
    const ledger = await openLedger(dir);
    await assert.rejects(openLedger(dir), LedgerHeld);
    await assert.rejects(verifyDirectory(dir), LedgerHeld);
    await ledger.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('verifying changes no file', () =>
  inTemporary(async (dir) => {
    await record(dir, 0, 3);
    const state = async (): Promise<string[]> =>
      await Promise.all(
        (await readdir(dir, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map(
            async ({ parentPath, name }) => `${name} ${(await readFile(join(parentPath, name))).toString('base64')}`,
          ),
      );
    const before = await state();
    assert.equal((await verifyDirectory(dir)).ok, true);
    assert.deepEqual(await state(), before);
  }));

/** A store whose n-th write fails, before or after it took effect, with that code. */
function failing(n: number, code: string, took: boolean): (kv: KeyValue) => KeyValue {
  let writes = 0;
  return (kv) => ({
    ...kv,
    write: async (changes) => {
      if (++writes !== n) return await kv.write(changes);
      if (took) await kv.write(changes);
      throw Object.assign(new Error('injected'), { code });
    },
  });
}

for (const [code, detail, took] of [
  ['EIO', 'read-only', false],
  ['EIO', 'read-only', true],
  ['ENOSPC', 'full', false],
] as const)
  test(`after a failed write (${code}${took ? ', taken all the same' : ''}) nothing is acknowledged until reopened`, () =>
    inTemporary(async (dir) => {
      const ledger = await openLedger(dir, { wrap: failing(3, code, took) });
      await ledger.recordScenario(valley);
      await ledger.recordAllocation(allocationOf(valley, 1), valley);
      const retry = { idempotencyKey: 'retry' };
      const lost = await Promise.allSettled([
        ledger.recordAllocation(allocationOf(valley, 2), valley, retry),
        ledger.recordAllocation(allocationOf(valley, 3), valley),
      ]);
      assert(lost.every((result) => result.status === 'rejected' && result.reason.detail === detail));
      // Later writes would succeed; they must not be tried.
      await assert.rejects(ledger.recordAllocation(allocationOf(valley, 4), valley), { detail });
      await assert.rejects(ledger.forget('0'.repeat(64)), { detail });
      assert.notEqual(ledger.readOnly, null);
      assert.equal(ledger.size(), 2);
      assert.equal((await ledger.entries(0, 10)).length, 2);
      await ledger.close();
      assert(!(await readdir(dir)).includes('clean'));

      const again = await openLedger(dir);
      assert.equal(again.readOnly, null);
      // The second of the two may have waited for the next batch.
      assert.equal(again.size() > 2, took);
      const receipt = await again.recordAllocation(allocationOf(valley, 2), valley, retry);
      assert.equal(receipt.repeated, took);
      await again.close();
      assert.equal((await verifyDirectory(dir)).ok, true);
    }));

test('where the checkpoint cannot be written nothing is acknowledged, not even a batch that was durable by then', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir, { limits: { batch: 1, gatherMs: 0 } });
    await ledger.recordScenario(valley);
    const signed = await readFile(join(dir, 'checkpoint'), 'utf8');
    // What the temporary file would be is a directory.
    await mkdir(join(dir, 'checkpoint.tmp'));
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => ledger.recordAllocation(allocationOf(valley, i), valley)),
    );
    assert(all.every((result) => result.status === 'rejected' && result.reason.detail === 'read-only'));
    assert.equal(ledger.size(), 1);
    assert.equal(await readFile(join(dir, 'checkpoint'), 'utf8'), signed);
    await ledger.close();
    await rm(join(dir, 'checkpoint.tmp'), { recursive: true });
    const again = await openLedger(dir);
    // The first batch was durable; the second may have been made so while the first was being published.
    assert([2, 3].includes(again.size()), `${again.size()}`);
    assert.match(again.warnings.join(), /durable but not yet published/);
    await again.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('every checkpoint that was signed stays on the record, in whatever order batches and signatures come', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir, { limits: { batch: 2, gatherMs: 0 } });
    const signed = new Set([ledger.checkpoint()]);
    for (let round = 0; round < 5; round++) {
      const burst = Array.from({ length: 7 }, async (_, i) => {
        await ledger.recordScenario(scenarioOf(`${round} ${i}`));
        signed.add(ledger.checkpoint());
      });
      await Promise.all(burst);
    }
    const newest = ledger.checkpoint();
    await ledger.close();
    const kv = await openKeyValue(join(dir, 'store'), false);
    const stored = (await kv.range(checkpointKey(0), checkpointKey(Number.MAX_SAFE_INTEGER))).map(([, note]) =>
      Buffer.from(note).toString(),
    );
    await kv.close();
    signed.delete(newest);
    for (const note of signed) assert(stored.includes(note), note);
  }));

test('what the store gives back is hashed again before it is signed', () =>
  inTemporary(async (dir) => {
    let lie = false;
    const ledger = await openLedger(dir, {
      wrap: (kv) => ({
        ...kv,
        getMany: async (keys) => {
          const values = await kv.getMany(keys);
          const first = values[0]?.slice();
          if (!lie || !first || keys[0]?.[0] !== 1) return values;
          first[40]! ^= 4;
          return [first, ...values.slice(1)];
        },
      }),
    });
    await ledger.recordScenario(valley);
    const signed = await readFile(join(dir, 'checkpoint'), 'utf8');
    lie = true;
    await assert.rejects(ledger.recordScenario(scenarioOf('next')), { detail: 'read-only' });
    assert.equal(await readFile(join(dir, 'checkpoint'), 'utf8'), signed);
    await ledger.close();
  }));
