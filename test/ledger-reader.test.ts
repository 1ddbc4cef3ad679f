/** The process that reads a store for the verifier: it gives what LevelDB holds, and its end is a finding. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatFrame, frameReader, notSent, type Part } from '../server/ledger/frames.js';
import { openLedger } from '../server/ledger/index.js';
import { openKeyValue } from '../server/ledger/keyvalue.js';
import { entryKey } from '../server/ledger/layout.js';
import { readStore, StoreAborted } from '../server/ledger/storereader.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

const part = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(undefined), fc.constant<Part>(notSent));

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(part, { maxLength: 5 }), { maxLength: 8 }),
      fc.array(fc.nat({ max: 200 })),
      (frames, cuts) => {
        const stream = Buffer.concat(frames.map((parts, id) => formatFrame(id, parts)));
        const found: Part[][] = [];
        const take = frameReader((id, parts) => {
          assert.equal(id, found.length);
          found.push(parts);
        });
        let at = 0;
        for (const cut of cuts) {
          take(stream.subarray(at, at + cut));
          at += cut;
        }
        take(stream.subarray(at));
        assert.deepEqual(found, frames);
      },
    ),
  );
});

test('reading short ranges sets no memory aside that the collector does not see', { skip: platform !== 'linux' }, () =>
  inTemporary(async (dir) => {
    const kv = await openKeyValue(join(dir, 'store'), true);
    const key = (n: number) => Uint8Array.of(1, n);
    await kv.write([{ type: 'put', key: key(1), value: key(2) }]);
    /** Megabytes of this process, in use or not, without what JavaScript has asked for. */
    const native = async () => {
      const [, kilobytes] = /^VmData:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
      return Number(kilobytes) / 1024 - process.memoryUsage().heapTotal / 2 ** 20;
    };
    const before = await native();
    for (let n = 0; n < 3000; n++) assert.equal((await kv.keys(key(0), key(9), 1000)).length, 1);
    const grown = (await native()) - before;
    await kv.close();
    assert.ok(grown < 30, `${grown.toFixed(0)} MB`);
  }),
);

test('a range comes whole and in order, however long', () =>
  inTemporary(async (dir) => {
    const kv = await openKeyValue(join(dir, 'store'), true);
    const key = (n: number) => Buffer.of(1, n >> 8, n & 255);
    const records = Array.from({ length: 3000 }, (_, n) => [key(n), Buffer.alloc(n % 50, n)] as const);
    await kv.write(records.map(([at, value]) => ({ type: 'put', key: at, value })));
    for (const length of [0, 1, 15, 16, 17, 80, 81, 1335, 1336, 1337, 3000]) {
      assert.deepEqual(await kv.range(key(0), key(length)), records.slice(0, length));
      assert.deepEqual(
        await kv.range(key(0), key(3000), { limit: Math.max(1, length) }),
        records.slice(0, length || 1),
      );
    }
    assert.deepEqual(
      await kv.keys(key(7), key(2999), 100),
      records.slice(7, 107).map(([at]) => at),
    );
    assert.deepEqual(await kv.range(key(0), key(3000), { reverse: true, limit: 20 }), records.slice(-20).reverse());
    await kv.close();
  }));

test('the reader gives what the store holds, and leaves out what is too much at once', () =>
  inTemporary(async (dir) => {
    const path = join(dir, 'store');
    const kv = await openKeyValue(path, true);
    const key = (n: number) => Uint8Array.of(1, n >> 8, n & 255);
    const value = (n: number) => new Uint8Array(n < 100 ? n : 100_000).fill(n);
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    await kv.write(numbers.map((n) => ({ type: 'put' as const, key: key(n), value: value(n) })));
    await kv.close();
    const reader = await readStore(path);
    try {
      assert.deepEqual(await reader.getMany([key(7), key(999), key(299)]), [value(7), undefined, value(299)]);
      assert.deepEqual(await reader.get(key(3)), value(3));
      assert.deepEqual(await reader.range(key(2), key(90), { limit: 2 }), [
        [key(2), value(2)],
        [key(3), value(3)],
      ]);
      assert.deepEqual(await reader.range(key(2), key(90), { reverse: true, limit: 1 }), [[key(89), value(89)]]);
      assert.deepEqual(await reader.keys(key(5), key(300), 3), [key(5), key(6), key(7)]);
      const some = await reader.getSome([...numbers.map(key), key(999)]);
      assert(some.size > 100 && some.size < 300, `${some.size}`);
      for (const [n, held] of [...some.values()].entries()) assert.deepEqual(held, value(n));
      await reader.swept();
    } finally {
      await reader.close();
    }
    await assert.rejects(reader.get(key(3)), StoreAborted);
  }));

test('a store that is held, and one that is none, say so with their code', () =>
  inTemporary(async (dir) => {
    const kv = await openKeyValue(join(dir, 'store'), true);
    await assert.rejects(readStore(join(dir, 'store')), { code: 'LEVEL_LOCKED' });
    await kv.close();
    await assert.rejects(readStore(join(dir, 'nothing')), /does not exist/);
  }));

test(
  'a reader that is aborted rejects what was asked and whatever is asked later',
  { skip: process.platform !== 'linux' },
  () =>
    inTemporary(async (dir) => {
      const ledger = await openLedger(dir);
      const scenario = scenarioOf('valley');
      for (let n = 0; n < 3; n++) await ledger.recordAllocation(allocationOf(scenario, n), scenario);
      await ledger.close();
      const reader = await readStore(join(dir, 'store'));
      const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
      const pids = children.split(' ').filter(Boolean).map(Number);
      assert.equal(pids.length, 1);
      await reader.swept();
      // As LevelDB does by an assertion; stopped first, so that the question is under way.
      process.kill(pids[0]!, 'SIGSTOP');
      const asked = assert.rejects(reader.get(entryKey(0)), (error) => {
        assert(error instanceof StoreAborted);
        assert.match(error.message, /LevelDB aborted on it \(SIGABRT\)/);
        return true;
      });
      process.kill(pids[0]!, 'SIGABRT');
      process.kill(pids[0]!, 'SIGCONT');
      await asked;
      await assert.rejects(reader.keys(entryKey(0), entryKey(9), 3), StoreAborted);
      await assert.rejects(reader.getSome([entryKey(0)]), StoreAborted);
      await reader.close();
    }),
);
