/** LevelDB is an index: the plain files beside it hold all that was acknowledged, and can make it again. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { type LocalLedger, openLedger, rebuild, verifyDirectory } from '../server/ledger/index.js';
import { openKeyValue } from '../server/ledger/keyvalue.js';
import { plainWriter } from '../server/ledger/plainwriter.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

const valley = scenarioOf('valley');

async function everything(dir: string): Promise<Map<string, string>> {
  const kv = await openKeyValue(join(dir, 'store'), false);
  const found = new Map<string, string>();
  for (const [key, value] of await kv.range(new Uint8Array(0), Uint8Array.of(255)))
    found.set(Buffer.from(key).toString('hex'), Buffer.from(value).toString('hex'));
  await kv.close();
  return found;
}

async function filesBelow(dir: string): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const name of ['tile', 'contents'])
    for (const entry of await readdir(join(dir, name), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) found.set(relative(dir, path), await readFile(path));
    }
  return found;
}

async function grown(ledger: LocalLedger, from: number, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      ledger.recordAllocation(allocationOf(valley, from + i), valley, { idempotencyKey: `key ${from + i}` }),
    ),
  );
}

test('the store that is made again from the files is the one that was lost, record by record', () =>
  inTemporary(async (dir) => {
    let ledger = await openLedger(dir);
    await ledger.recordScenario(valley);
    await grown(ledger, 0, 300);
    // The same content under another key: a record without an entry.
    await ledger.recordAllocation(allocationOf(valley, 7), valley, { idempotencyKey: 'alias' });
    const gone = await ledger.recordScenario(scenarioOf('hill'), { idempotencyKey: 'gone' });
    await ledger.close();
    ledger = await openLedger(dir);
    await grown(ledger, 300, 260);
    await ledger.forget(gone.digest);
    await ledger.close();
    const before = await everything(dir);
    const { root } = await verifyDirectory(dir);

    await rm(join(dir, 'store'), { recursive: true });
    const { size, lost, aside } = await rebuild(dir);
    assert.deepEqual([size, lost, aside], [562, [], null]);
    assert.deepEqual(await everything(dir), before);
    const report = await verifyDirectory(dir);
    assert.deepEqual([report.faults, report.root, report.absent.length], [[], root, 1]);
    ledger = await openLedger(dir);
    assert.equal(ledger.readOnly, null);
    const options = { idempotencyKey: 'alias' };
    await assert.rejects(ledger.recordAllocation(allocationOf(valley, 8), valley, options), { detail: 'conflict' });
    assert.equal((await ledger.recordAllocation(allocationOf(valley, 9000), valley)).seq, 562);
    await ledger.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('the files are those that tlog-tiles serves, full ones and, at rest, partial ones', () =>
  inTemporary(async (dir) => {
    let ledger = await openLedger(dir);
    await ledger.recordScenario(valley);
    await grown(ledger, 0, 299);
    const names = ['0/000', '0/001.p/44', '1/000.p/1', 'entries/000', 'entries/001.p/44'];
    const served = await Promise.all(names.map((name) => ledger.tile(name)));
    await ledger.close();
    for (const [i, name] of names.entries())
      assert.deepEqual(new Uint8Array(await readFile(join(dir, 'tile', name))), new Uint8Array(served[i]!), name);
    const full = createHash('sha256')
      .update(await readFile(join(dir, 'tile', 'entries', '000')))
      .digest('hex');
    ledger = await openLedger(dir);
    await grown(ledger, 400, 300);
    await ledger.close();
    assert.equal(
      createHash('sha256')
        .update(await readFile(join(dir, 'tile', 'entries', '000')))
        .digest('hex'),
      full,
    );
    assert.deepEqual((await readdir(join(dir, 'tile', 'entries'))).sort(), ['000', '001', '002.p']);
    assert.deepEqual((await readdir(join(dir, 'tile', '0', '002.p'))).sort(), ['88']);
  }));

test('what is forgotten is gone from the packs too', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const secret = { ...scenarioOf('a-name-that-is-a-secret') };
    const { digest } = await ledger.recordScenario(secret);
    await grown(ledger, 0, 3);
    const all = async () => {
      const files = await readdir(join(dir, 'contents'), { recursive: true, withFileTypes: true });
      const packs = files.filter((entry) => entry.isFile());
      return Buffer.concat(await Promise.all(packs.map((f) => readFile(join(f.parentPath, f.name))))).toString(
        'latin1',
      );
    };
    assert((await all()).includes('"id":"a-name-that-is-a-secret"'));
    assert.equal(await ledger.forget(digest), true);
    assert(!(await all()).includes('a-name-that-is-a-secret'));
    assert(!(await all()).includes(Buffer.from(digest, 'hex').toString('latin1')));
    await ledger.close();
    await rm(join(dir, 'store'), { recursive: true });
    assert.deepEqual((await rebuild(dir)).lost, []);
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('files that a crash left torn, ahead or behind agree with the store after a start', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    await ledger.recordScenario(valley);
    await grown(ledger, 0, 259);
    await ledger.close();
    const tail = join(dir, 'tile', 'entries', '001.p', 'tail');
    const pack = join(dir, 'contents', '001');
    const before = [await readFile(tail), await readFile(pack).catch(() => Buffer.alloc(0))];
    const harm: (() => Promise<void>)[] = [
      async () => truncate(tail, before[0]!.length - 5),
      async () => writeFile(tail, Buffer.concat([before[0]!, before[0]!])),
      async () => rm(tail),
      async () => rm(join(dir, 'tile'), { recursive: true }),
      async () => writeFile(pack, Buffer.concat([before[1]!, Buffer.alloc(40)])),
      async () => {
        await rm(join(dir, 'tile'), { recursive: true });
        await rm(join(dir, 'contents'), { recursive: true });
      },
    ];
    for (const [i, spoil] of harm.entries()) {
      await spoil();
      await (await openLedger(dir)).close();
      assert.deepEqual(await readFile(tail), before[0], `case ${i}`);
      const whole = await everything(dir);
      await rm(join(dir, 'store'), { recursive: true });
      assert.deepEqual((await rebuild(dir)).lost, [], `case ${i}`);
      assert.deepEqual(await everything(dir), whole, `case ${i}`);
    }
  }));

test('what a power cut took from the plain files is written again from the store, earlier checkpoints included', () =>
  inTemporary(async (parent) => {
    const [dir, synced] = [join(parent, 'data'), join(parent, 'synced')];
    const record = async (from: number, count: number) => {
      const ledger = await openLedger(dir);
      assert.equal(ledger.readOnly, null);
      // One after the other too, so that bundles end in the middle of a batch and at the end of one.
      for (let i = 0; i < 3; i++) await grown(ledger, from + i, 1);
      await grown(ledger, from + 3, count - 3);
      await ledger.close();
    };
    await record(0, 100);
    for (const name of ['tile', 'contents']) await cp(join(dir, name), join(synced, name), { recursive: true });
    await record(100, 155);
    await record(255, 400);
    const whole = await everything(dir);
    const plain = await filesBelow(dir);
    const pack = join(dir, 'contents', '002');
    const harm: (() => Promise<void>)[] = [
      // Nothing since the last sync has reached the disk.
      async () => {
        for (const name of ['tile', 'contents']) {
          await rm(join(dir, name), { recursive: true });
          await cp(join(synced, name), join(dir, name), { recursive: true });
        }
      },
      // The tail grew and its pages were never written; neither were some of the pack.
      async () => {
        const full = join(dir, 'tile', 'entries', '001');
        const bytes = await readFile(full);
        await mkdir(`${full}.p`);
        await rename(full, join(`${full}.p`, 'tail'));
        await writeFile(join(`${full}.p`, 'tail'), bytes.fill(0, 4096));
        const packed = await readFile(pack);
        await writeFile(pack, packed.fill(0, 8192, 12_288));
        await rm(join(dir, 'tile', '0', '001'));
      },
      // A bundle that had its name before the store had its entries.
      async () => {
        await writeFile(join(dir, 'tile', 'entries', '002'), 'ahead');
        await writeFile(join(dir, 'tile', 'entries', '003'), 'ahead');
      },
    ];
    for (const [i, spoil] of harm.entries()) {
      await spoil();
      await (await openLedger(dir)).close();
      assert.deepEqual(await everything(dir), whole, `case ${i}`);
      for (const [name, bytes] of plain)
        if (name.startsWith('tile')) assert.deepEqual(await readFile(join(dir, name)), bytes, `case ${i}: ${name}`);
      await rm(join(dir, 'store'), { recursive: true });
      assert.deepEqual((await rebuild(dir)).lost, [], `case ${i}`);
      assert.deepEqual(await everything(dir), whole, `case ${i}`);
    }
    assert.deepEqual([...(await filesBelow(dir)).keys()].sort(), [...plain.keys()].sort());
  }));

test('records of entries that a kill kept from being written are not taken for the record', () =>
  inTemporary(async (dir) => {
    let ledger = await openLedger(dir);
    await ledger.recordScenario(valley);
    await grown(ledger, 0, 3);
    await ledger.close();
    const before = await everything(dir);
    const short = await filesBelow(dir);
    const signed = await readFile(join(dir, 'checkpoint'));
    ledger = await openLedger(dir);
    const { digest } = await ledger.recordAllocation(allocationOf(valley, 9), valley, { idempotencyKey: 'late' });
    await ledger.recordAdoption({ allocation: digest, by: 'cell', why: 'it is even' });
    await ledger.close();
    // the contents of two more entries are there, the entries are not: they are written after them
    for (const [name, bytes] of short) if (name.startsWith('tile')) await writeFile(join(dir, name), bytes);
    await writeFile(join(dir, 'checkpoint'), signed);
    await rm(join(dir, 'store'), { recursive: true });
    assert.deepEqual((await rebuild(dir)).lost, []);
    // a checkpoint of these four entries, which may have been kept when the fifth came, is true
    const kept = `05${'4'.padStart(16, '0')}`;
    const more = [...(await everything(dir)).keys()].filter((key) => !before.has(key) && key !== kept);
    assert.deepEqual(more, []);
    const report = await verifyDirectory(dir);
    assert.deepEqual([report.faults, report.size], [[], 4]);
  }));

test('plain files that cannot be synced in the background end the writing', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    // The name that the first bundle will get is taken.
    await mkdir(join(dir, 'tile', 'entries', '000', 'taken'), { recursive: true });
    await grown(ledger, 0, 255);
    assert.equal(ledger.size(), 256);
    // A further idempotency key is nothing that the store implies: it waits for the sync.
    await assert.rejects(ledger.recordAllocation(allocationOf(valley, 7), valley, { idempotencyKey: 'alias' }), {
      detail: 'read-only',
    });
    await assert.rejects(grown(ledger, 300, 1), { detail: 'read-only' });
    await ledger.close();
    await rm(join(dir, 'tile', 'entries', '000'), { recursive: true });
    const again = await openLedger(dir);
    assert.deepEqual([again.readOnly, again.size()], [null, 256]);
    await grown(again, 300, 1);
    await again.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
    assert.deepEqual((await rebuild(dir)).lost, []);
  }));

test('after a failed sync the plain files take nothing more, not even where the next sync would succeed', () =>
  inTemporary(async (dir) => {
    const writer = plainWriter(dir);
    const taken = join(dir, 'tile', 'entries', '000');
    await mkdir(join(taken, 'taken'), { recursive: true });
    const entries = Array.from({ length: 256 }, () => Uint8Array.of(1));
    writer.write(0, entries, [], []);
    await assert.rejects(writer.sync());
    await rm(taken, { recursive: true });
    assert.throws(() => writer.write(256, entries, [], []));
    await assert.rejects(writer.sync());
    await writer.close(false);
  }));

test('a rebuild that would lose or change something says so and leaves the store alone', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    await grown(ledger, 0, 5);
    await assert.rejects(rebuild(dir), /held/);
    await ledger.close();
    const whole = await everything(dir);
    const tail = join(dir, 'tile', 'entries', '000.p', 'tail');
    const bytes = await readFile(tail);
    await writeFile(tail, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(rebuild(dir), /hold 5 entries, the checkpoint promises 6/);
    const changed = Buffer.from(bytes.toString('latin1').replace('"seq":2', '"seq":3'), 'latin1');
    await writeFile(tail, changed);
    await assert.rejects(rebuild(dir), /entry 2 in the plain files is damaged/);
    await writeFile(tail, bytes);
    await rm(join(dir, 'contents'), { recursive: true });
    assert.deepEqual(await everything(dir), whole);
    const { lost, aside } = await rebuild(dir);
    assert.equal(lost.length, 6);
    assert(aside && (await readdir(aside)).includes('CURRENT'));
  }));
