/** Recording and reading: receipts, repetition, conflicts, forgetting, tiles. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBase64, fromHex, same, toHex } from '../server/ledger/bytes.js';
import { openCheckpoint } from '../server/ledger/checkpoint.js';
import { leafHash, valueDigest } from '../server/ledger/digest.js';
import {
  type LocalLedger,
  openLedger,
  parseVerifierKey,
  verifyBundle,
  verifyDirectory,
  verifyEd25519,
  verifyProof,
} from '../server/ledger/index.js';
import { verifyConsistency } from '../server/ledger/merkle.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

const valley = scenarioOf('valley');

async function withLedger(work: (ledger: LocalLedger, dir: string) => Promise<void>): Promise<void> {
  await inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    try {
      await work(ledger, dir);
    } finally {
      await ledger.close();
    }
  });
}

test('an allocation brings its scenario along, both are proven, and all of it is there after reopening', () =>
  inTemporary(async (dir) => {
    const first = await openLedger(dir);
    const allocation = allocationOf(valley, 3);
    const receipt = await first.recordAllocation({ ...allocation, receipt: 'left out' }, valley);
    assert.equal(receipt.seq, 1);
    assert.equal(receipt.digest, valueDigest(allocation));
    await first.close();
    const { log, verifierKey } = first;

    const ledger = await openLedger(dir);
    assert.deepEqual([ledger.readOnly, ledger.warnings, ledger.size()], [null, [], 2]);
    assert.deepEqual([ledger.log, ledger.verifierKey], [log, verifierKey]);
    assert.deepEqual(await ledger.scenario(valueDigest(valley)), valley);
    assert.deepEqual(await ledger.allocation(receipt.digest), allocation);
    const [, entry] = await ledger.entries(0, 10);
    assert.equal(toHex(leafHash(entry!.bytes)), receipt.leaf);
    const key = parseVerifierKey(verifierKey);
    assert(key);
    assert.equal((await verifyProof(receipt.proof, entry!.bytes, key, verifyEd25519))?.size, 2);
    assert.deepEqual(await ledger.receipt(receipt.digest), { ...receipt, repeated: true });
    // The salted name finds the same.
    const body = entry!.entry.body as { allocation: string };
    assert.deepEqual(await ledger.allocation(body.allocation), allocation);
    await ledger.close();
  }));

test('the same content is recorded once, at once or later, alone or among others', () =>
  withLedger(async (ledger) => {
    const both = await Promise.all([ledger.recordScenario(valley), ledger.recordScenario(scenarioOf('valley'))]);
    assert.deepEqual(both.map(({ repeated }) => repeated).sort(), [false, true]);
    assert.equal((await ledger.recordScenario(valley)).seq, 0);
    const many = await Promise.all(
      Array.from({ length: 40 }, (_, i) => ledger.recordAllocation(allocationOf(valley, i % 4), valley)),
    );
    assert.equal(ledger.size(), 1 + 4);
    assert.equal(many.filter(({ repeated }) => !repeated).length, 4);
  }));

test('an idempotency key gives the earlier receipt, and 409 for another request, in one batch and across a restart', () =>
  inTemporary(async (dir) => {
    const retry = { idempotencyKey: 'retry', org: 'county' };
    let ledger = await openLedger(dir);
    const { digest } = await ledger.recordAllocation(allocationOf(valley, 1), valley, retry);
    const adopt = { allocation: digest, by: 'A. N.', why: 'most people' };
    const adopted = await Promise.all([1, 2, 3].map(() => ledger.recordAdoption(adopt, { idempotencyKey: 'adopt' })));
    assert.equal(new Set(adopted.map(({ digest: name, seq }) => `${name} ${seq}`)).size, 1);
    assert.deepEqual(adopted.map(({ repeated }) => repeated).sort(), [false, true, true]);
    const clash = await Promise.allSettled([
      ledger.recordAllocation(allocationOf(valley, 7), valley, { idempotencyKey: 'new' }),
      ledger.recordAllocation(allocationOf(valley, 8), valley, { idempotencyKey: 'new' }),
    ]);
    assert.deepEqual(clash.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const size = ledger.size();
    await ledger.close();

    ledger = await openLedger(dir);
    const again = await ledger.recordAllocation(allocationOf(valley, 1), valley, retry);
    assert.deepEqual([again.seq, again.repeated], [1, true]);
    assert.equal((await ledger.recordAdoption(adopt, { idempotencyKey: 'adopt' })).digest, adopted[0]!.digest);
    await assert.rejects(ledger.recordAllocation(allocationOf(valley, 2), valley, retry), { detail: 'conflict' });
    // A key given for a content that is there already is used up too.
    await ledger.recordAllocation(allocationOf(valley, 1), valley, { idempotencyKey: 'late' });
    await assert.rejects(ledger.recordScenario(valley, { idempotencyKey: 'late' }), { detail: 'conflict' });
    // Another organisation's key of the same spelling is another key.
    await ledger.recordAllocation(allocationOf(valley, 2), valley, { idempotencyKey: 'retry', org: 'ngo' });
    assert.equal(ledger.size(), size + 1);
    await ledger.close();
  }));

test('an adoption says who and why in its blob only, and may come again', () =>
  withLedger(async (ledger) => {
    const { digest } = await ledger.recordAllocation(allocationOf(valley, 1), valley);
    const first = await ledger.recordAdoption({ allocation: digest, by: 'Rado', why: 'fair' });
    const second = await ledger.recordAdoption({ allocation: digest, by: 'Rado', why: 'fair' });
    assert.deepEqual([first.seq, second.seq], [2, 3]);
    assert.deepEqual(await ledger.adoption(first.digest), { by: 'Rado', why: 'fair' });
    for (const { bytes } of await ledger.entries(0, 10)) assert(!/Rado|fair/.test(Buffer.from(bytes).toString()));
    await assert.rejects(ledger.recordAdoption({ allocation: '0'.repeat(64), by: 'x', why: '' }), {
      detail: 'unknown',
    });
    await assert.rejects(ledger.recordAdoption({ allocation: first.digest, by: 'x', why: '' }), { detail: 'unknown' });
  }));

test('an allocation is not recorded under a scenario that it was not made for', () =>
  withLedger(async (ledger) => {
    const wrong = ledger.recordAllocation(allocationOf(valley, 1), scenarioOf('hill'));
    await assert.rejects(wrong, { detail: 'conflict' });
    assert.equal(ledger.size(), 0);
  }));

test('no entry holds the unsalted digest of a content', () =>
  withLedger(async (ledger) => {
    const { digest } = await ledger.recordAllocation(allocationOf(valley, 1), valley, { idempotencyKey: 'k' });
    const all = (await ledger.entries(0, 10)).map(({ bytes }) => Buffer.from(bytes).toString()).join();
    assert(!all.includes(digest) && !all.includes(valueDigest(valley)));
  }));

test('what is forgotten is gone from the files, and every proof stays valid', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const secret = { ...scenarioOf('visit'), title: 'Visit to Ranavalona' };
    const recorded = await ledger.recordScenario(secret, { idempotencyKey: 'once' });
    const other = await ledger.recordAllocation(allocationOf(valley, 1), valley);
    const { entry } = (await ledger.entries(0, 1))[0]!;
    const { scenario: salted } = entry.body as { scenario: string };
    const inFiles = async (): Promise<boolean> => {
      const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
      const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
      return contents.some((bytes) => bytes.includes('Ranavalona'));
    };
    assert.equal(await inFiles(), true);
    assert.equal(await ledger.forget(recorded.digest), true);
    assert.equal(await inFiles(), false);
    assert.equal(await ledger.forget(recorded.digest), false);
    assert.equal(await ledger.scenario(recorded.digest), undefined);
    assert.equal(await ledger.receipt(recorded.digest), undefined);
    assert.equal(await ledger.scenario(salted), undefined);
    assert.equal((await ledger.receipt(salted))?.seq, 0);
    await assert.rejects(ledger.recordScenario(secret, { idempotencyKey: 'once' }), /forgotten/);
    const bundle = await verifyBundle(await ledger.bundle());
    assert.deepEqual([bundle.ok, bundle.absent], [true, [salted]]);
    assert(await ledger.allocation(other.digest));
    await ledger.close();
    const report = await verifyDirectory(dir);
    assert.deepEqual([report.ok, report.size, report.absent, report.faults], [true, 3, [salted], []]);
  }));

test('checkpoints, consistency, tiles and entry bundles are those of C2SP', () =>
  withLedger(async (ledger) => {
    const key = parseVerifierKey(ledger.verifierKey);
    assert(key);
    const seen = [await openCheckpoint(ledger.checkpoint(), key, verifyEd25519)];
    await ledger.recordScenario(valley);
    for (const n of [1, 120, 170]) {
      await Promise.all(
        Array.from({ length: n }, (_, i) => ledger.recordAllocation(allocationOf(valley, i + n * 1000), valley)),
      );
      seen.push(await openCheckpoint(ledger.checkpoint(), key, verifyEd25519));
    }
    const now = seen.at(-1)!;
    assert.deepEqual(
      seen.map((checkpoint) => checkpoint?.size),
      [0, 2, 122, 292],
    );
    for (const earlier of seen) {
      const path = (await ledger.consistency(earlier!.size))!.map((line) => fromBase64(line)!);
      assert(verifyConsistency(earlier!.size, earlier!.root, now.size, now.root, path));
    }
    assert.equal(await ledger.consistency(293), undefined);

    const full = await ledger.tile('0/000');
    const part = await ledger.tile('0/001.p/36');
    const level1 = await ledger.tile('1/000.p/1');
    assert.deepEqual([full?.length, part?.length, level1?.length], [8192, 36 * 32, 32]);
    for (const absent of ['0/001', '0/001.p/37', '1/000', '2/000.p/1', 'entries/001', '0/002.p/1', 'nonsense'])
      assert.equal(await ledger.tile(absent), undefined, absent);
    const entries: Uint8Array[] = [];
    for (const name of ['entries/000', 'entries/001.p/36']) {
      const bytes = (await ledger.tile(name))!;
      for (let at = 0; at < bytes.length; ) {
        const length = bytes[at]! * 256 + bytes[at + 1]!;
        entries.push(bytes.slice(at + 2, at + 2 + length));
        at += 2 + length;
      }
    }
    assert.equal(entries.length, 292);
    const hashes = Buffer.concat([full!, part!]);
    for (const [i, entry] of entries.entries()) {
      assert(same(leafHash(entry), hashes.subarray(i * 32, i * 32 + 32)));
      assert(await verifyProof((await ledger.proof(i))!, entry, key, verifyEd25519));
    }
    assert.equal(await ledger.proof(292), undefined);
    assert.equal(await ledger.proof(0.5), undefined);
  }));

test('what is durable but not yet signed is not shown', () =>
  inTemporary(async (dir) => {
    let look = async (): Promise<unknown[]> => [];
    let seen: unknown[] = [];
    const ledger = await openLedger(dir, {
      wrap: (kv) => ({
        ...kv,
        write: async (changes) => {
          await kv.write(changes);
          seen = await look();
        },
      }),
    });
    await ledger.recordScenario(valley);
    const next = scenarioOf('next');
    const { checkpoint, tile, entries, proof, scenario, receipt, size } = ledger;
    const before = checkpoint();
    look = async () => [
      size(),
      checkpoint() === before,
      (await entries(0, 9)).length,
      await tile('0/000.p/2'),
      await tile('entries/000.p/2'),
      await proof(1),
      await scenario(valueDigest(next)),
      await receipt(valueDigest(next)),
    ];
    await ledger.recordScenario(next);
    assert.deepEqual(seen, [1, true, 1, undefined, undefined, undefined, undefined, undefined]);
    assert.deepEqual((await look()).slice(0, 3), [2, false, 2]);
    await ledger.close();
  }));

test('what is too large, too much or too late is refused with its own word', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir, {
      limits: { queue: 2 },
      wrap: (kv) => ({
        ...kv,
        write: async (changes) => {
          await sleep(20);
          await kv.write(changes);
        },
      }),
    });
    const { digest } = await ledger.recordAllocation(allocationOf(valley, 1), valley);
    const long = {
      ...allocationOf(valley, 2),
      solver: { ...allocationOf(valley, 2).solver, version: 'x'.repeat(301) },
    };
    await assert.rejects(ledger.recordAllocation(long, valley), { detail: 'too-large' });
    await assert.rejects(ledger.recordScenario(valley, { idempotencyKey: 'a\nb' }), { detail: 'too-large' });
    const crowd = await Promise.allSettled(
      Array.from({ length: 9 }, (_, i) => ledger.recordAdoption({ allocation: digest, by: '', why: `${i}` })),
    );
    const refused = crowd.filter((result) => result.status === 'rejected').map(({ reason }) => reason.detail);
    assert(refused.length > 0 && refused.every((detail) => detail === 'busy'), String(refused));
    // Closing finishes what was accepted.
    const last = ledger.recordScenario(scenarioOf('last'));
    await sleep(10);
    let answered = false;
    last.then(() => {
      answered = true;
    });
    await ledger.close();
    assert(answered);
    await assert.rejects(ledger.recordScenario(scenarioOf('later')), { detail: 'closed' });
  }));

test('a clock that runs backwards changes nothing but is warned of', () =>
  inTemporary(async (dir) => {
    let now = Date.UTC(2026, 10, 22);
    const ledger = await openLedger(dir, { clock: () => now });
    await ledger.recordScenario(valley);
    now -= 86_400_000;
    await ledger.recordScenario(scenarioOf('yesterday'));
    assert.deepEqual(
      (await ledger.entries(0, 2)).map(({ seq, entry }) => `${seq} ${entry.ts}`),
      ['0 2026-11-22T00:00:00.000Z', '1 2026-11-21T00:00:00.000Z'],
    );
    assert.match(ledger.warnings.join(), /clock runs backwards/);
    await ledger.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
  }));

test('hex has one spelling', () => {
  for (const text of ['A0', '0', 'g0', '00 ']) assert.equal(fromHex(text), undefined);
});

test('an append that comes at any moment of the one before is answered, though nobody comes after it', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    for (let moment = 0; moment < 60; moment++) {
      const first = ledger.recordScenario(scenarioOf(`first ${moment}`));
      // Turns of the event loop: through planning, writing, reading back and publishing.
      for (let turn = 0; turn < moment; turn++) await new Promise((resolve) => setImmediate(resolve));
      await sleep(moment % 4);
      const second = ledger.recordScenario(scenarioOf(`second ${moment}`));
      await first;
      await second;
    }
    assert.equal(ledger.size(), 120);
    await ledger.close();
  }));
