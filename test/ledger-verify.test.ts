/** The verifier against every tampering there is: by name, and bit by bit. */
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex, utf8 } from '../server/ledger/bytes.js';
import { checkpointText } from '../server/ledger/checkpoint.js';
import { blobDigest, chainHash, leafHash, valueDigest } from '../server/ledger/digest.js';
import { addLeaf, emptyFrontier, frontierRoot } from '../server/ledger/frontier.js';
import { type Bundle, openLedger, verifyBundle, verifyDirectory, verifyPath } from '../server/ledger/index.js';
import { newLogKey, parseLogKey } from '../server/ledger/keys.js';
import { openKeyValue } from '../server/ledger/keyvalue.js';
import { blobsFrom, blobsTo } from '../server/ledger/layout.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

/** Two scenarios, six allocations, an adoption; the key that signed it and a checkpoint from half-way. */
async function made(): Promise<{ bundle: Bundle; secret: string; kept: string }> {
  return await inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    let kept = '';
    let last = '';
    for (const id of ['valley', 'hill']) {
      for (let n = 0; n < 3; n++) {
        last = (await ledger.recordAllocation(allocationOf(scenarioOf(id), n), scenarioOf(id))).digest;
        if (id === 'valley') kept = ledger.checkpoint();
      }
    }
    await ledger.recordAdoption({ allocation: last, by: 'Rado', why: 'fair' });
    const bundle = await ledger.bundle();
    const secret = await readFile(join(dir, 'log.key'), 'utf8');
    await ledger.close();
    return { bundle, secret, kept };
  });
}

const { bundle: whole, secret, kept } = await made();
const key = parseLogKey(secret)!;

/** What a dishonest operator can do who holds the key: change entries, link and sign them anew. */
function resigned(bundle: Bundle, change: (entries: Record<string, unknown>[]) => void): Bundle {
  const parsed = bundle.entries.map((text) => JSON.parse(text));
  change(parsed);
  const frontier = emptyFrontier();
  let prev = '0'.repeat(64);
  const entries = parsed.map((entry, seq) => {
    const text = canonical({ ...entry, seq, prev });
    prev = toHex(chainHash(utf8(text)));
    addLeaf(frontier, leafHash(utf8(text)));
    return text;
  });
  const text = checkpointText({ origin: key.name, size: entries.length, root: frontierRoot(frontier) });
  return { ...bundle, entries, checkpoint: key.signNote(text) };
}

// Keys of entries are ASCII, so sorting by code units is what RFC 8785 asks.
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}

async function kindsOf(bundle: unknown, options = {}): Promise<string[]> {
  const report = await verifyBundle(bundle, options);
  assert.equal(report.ok, report.faults.length === 0);
  return [...new Set(report.faults.map(({ kind }) => kind))];
}

test('an honest bundle verifies, also against the kept checkpoint and the known key', async () => {
  const report = await verifyBundle(whole, { kept, trustedKey: key.verifierKey });
  assert.deepEqual(report.faults, []);
  assert.deepEqual([report.ok, report.size, report.absent, report.unpublished], [true, 9, [], 0]);
  assert.deepEqual(await kindsOf(resigned(whole, () => {})), []);
});

test('a changed, dropped, added or moved entry is found, and where', async () => {
  const entries = whole.entries;
  const changed = entries.with(3, entries[3]!.replace('"seq":3', '"seq":4'));
  const report = await verifyBundle({ ...whole, entries: changed });
  assert.deepEqual(
    report.faults.map(({ seq, kind }) => `${seq} ${kind}`),
    ['3 seq', '3 chain', 'null root'],
  );
  assert((await kindsOf({ ...whole, entries: entries.toSpliced(4, 1) })).includes('chain'));
  assert((await kindsOf({ ...whole, entries: entries.slice(0, -1) })).includes('size'));
  assert((await kindsOf({ ...whole, entries: entries.with(2, entries[1]!).with(1, entries[2]!) })).includes('chain'));
  assert((await kindsOf({ ...whole, entries: entries.with(0, ` ${entries[0]}`) })).includes('format'));
  assert(
    (await kindsOf({ ...whole, entries: entries.with(0, entries[0]!.replace('"v":1', '"v":2')) })).includes('schema'),
  );
});

test('what the holder of the key rewrites is found by who kept a checkpoint', async () => {
  const rewritten = resigned(whole, (entries) => entries.splice(3, 1, { ...entries[3], idem: 'another' }));
  assert.deepEqual(await kindsOf(rewritten), []);
  assert.deepEqual(await kindsOf(rewritten, { kept }), ['fork']);
  const cut = resigned(whole, (entries) => entries.splice(2));
  assert.deepEqual(
    await kindsOf({ ...cut, blobs: cut.blobs.filter(({ digest }) => cut.entries.join().includes(digest)) }, { kept }),
    ['rollback'],
  );
  const other = newLogKey(key.name);
  assert.deepEqual(await kindsOf({ ...whole, verifierKey: other.verifierKey }), ['signature']);
  assert.deepEqual(await kindsOf(whole, { trustedKey: other.verifierKey }), ['signature']);
  assert.deepEqual(
    await kindsOf(whole, {
      kept: other.signNote(checkpointText({ origin: key.name, size: 0, root: new Uint8Array(32) })),
    }),
    ['signature'],
  );
});

test('an entry that builds on nothing, states other facts, or repeats is found although signed', async () => {
  const body = (entry: Record<string, unknown> | undefined): Record<string, unknown> =>
    entry?.body as Record<string, unknown>;
  const cases: [kind: string, change: (entries: Record<string, unknown>[]) => void][] = [
    [
      'binding',
      (entries) => {
        body(entries[1]).scenario = body(entries[4]).scenario;
      },
    ],
    [
      'binding',
      (entries) => {
        body(entries[8]).allocationSeq = 6;
      },
    ],
    [
      'binding',
      (entries) => {
        body(entries[2]).plan = 'a'.repeat(64);
      },
    ],
    [
      'binding',
      (entries) => {
        body(entries[2]).stages = [];
      },
    ],
    [
      'binding',
      (entries) => {
        body(entries[3]).allocation = body(entries[2]).allocation;
      },
    ],
    [
      'repeat',
      (entries) => {
        entries[5]!.idem = entries[6]!.idem;
      },
    ],
    [
      'log',
      (entries) => {
        entries[5]!.log = 'evenhand.local/other';
      },
    ],
    [
      'author',
      (entries) => {
        entries[5]!.sig = `${'A'.repeat(86)}==`;
      },
    ],
    [
      'schema',
      (entries) => {
        body(entries[5]).note = 'free text';
      },
    ],
    [
      'schema',
      (entries) => {
        entries[5]!.kind = 'gift';
      },
    ],
  ];
  for (const [kind, change] of cases) {
    const kinds = await kindsOf(resigned(whole, change));
    assert(kinds.includes(kind), `${kind}: ${kinds}`);
  }
});

test('a changed content is found, a stray one too; a missing one is reported as absent', async () => {
  const [first, ...rest] = whole.blobs;
  assert(first);
  // whichever content comes first, as the salts decide, it has a quotation mark
  const changed = first.text.replace('"', '"x');
  assert.notEqual(changed, first.text);
  const report = await verifyBundle({ ...whole, blobs: [{ ...first, text: changed }, ...rest] });
  assert(report.faults.some(({ seq, kind }) => kind === 'blob' && seq !== null));
  const absent = await verifyBundle({ ...whole, blobs: rest });
  assert.deepEqual([absent.ok, absent.absent], [true, [first.digest]]);
  const stray = { digest: blobDigest(new Uint8Array(32), utf8('{}')), salt: '0'.repeat(64), text: '{}' };
  assert.deepEqual(await kindsOf({ ...whole, blobs: [...whole.blobs, stray] }), ['blob']);
  assert.deepEqual(await kindsOf({ ...whole, blobs: [...whole.blobs, first] }), ['format']);
});

test("each plan's certificate is put to the checker with the scenario that it was made for", async () => {
  const seen: string[] = [];
  const report = await verifyBundle(whole, {
    checkAllocation: (allocation, scenario) => {
      assert.equal(allocation.scenario.digest, valueDigest(scenario));
      seen.push(`${scenario.id} ${allocation.shipments[0]?.quantity}`);
      return { ok: allocation.shipments[0]?.quantity !== 2, faults: ['value'] };
    },
  });
  assert.deepEqual(seen, ['valley 0', 'valley 1', 'valley 2', 'hill 0', 'hill 1', 'hill 2']);
  assert.deepEqual(
    report.faults.map(({ seq, kind }) => `${seq} ${kind}`),
    ['3 certificate', '7 certificate'],
  );
  assert.equal(report.certificates, 4);
  const thrown = await verifyBundle(whole, { checkAllocation: () => assert.fail('broken checker') });
  assert.equal(thrown.faults.filter(({ kind }) => kind === 'certificate').length, 6);
});

test('no flipped bit of a bundle leaves a changed content that verifies', async () => {
  const bytes = utf8(JSON.stringify(whole));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      let bundle: unknown;
      try {
        bundle = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(flipped));
      } catch {
        return;
      }
      const report = await verifyBundle(bundle, { kept });
      if (report.ok) assert.deepEqual(bundle, whole);
    }),
    { numRuns: 600 },
  );
});

test('no flipped bit of a stored file leaves a changed ledger that verifies', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(join(dir, 'a'));
    for (let n = 0; n < 5; n++)
      await ledger.recordAllocation(allocationOf(scenarioOf('valley'), n), scenarioOf('valley'));
    await ledger.close();
    // Reopened once, so that entries lie in a table as well as in the write-ahead log.
    const again = await openLedger(join(dir, 'a'));
    for (let n = 5; n < 8; n++)
      await again.recordAllocation(allocationOf(scenarioOf('valley'), n), scenarioOf('valley'));
    await again.close();
    const { root } = await verifyDirectory(join(dir, 'a'));
    const names = (await readdir(join(dir, 'a', 'store'))).filter((name) => /ldb|log$|MANIFEST|CURRENT/.test(name));
    assert(names.some((name) => name.endsWith('.ldb')) && names.some((name) => name.endsWith('.log')));
    const files = ['checkpoint', 'log.pub', ...names.map((name) => join('store', name))];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), async (file, at) => {
        const copy = join(dir, 'copy');
        await cp(join(dir, 'a'), copy, { recursive: true });
        const bytes = await readFile(join(copy, file));
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        await writeFile(join(copy, file), bytes);
        const report = await verifyDirectory(copy);
        if (report.ok) assert.deepEqual([report.size, report.root, report.absent], [9, root, []], `${file} bit ${bit}`);
        await rm(copy, { recursive: true });
      }),
      { numRuns: 25 },
    );
  }));

test('a stored content that is lost is told from one that was forgotten', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const { digest } = await ledger.recordScenario(scenarioOf('valley'));
    await ledger.recordScenario(scenarioOf('hill'));
    await ledger.forget(digest);
    await ledger.close();
    assert.equal((await verifyDirectory(dir)).ok, true);
    const kv = await openKeyValue(join(dir, 'store'), false);
    for (const key of await kv.keys(blobsFrom, blobsTo, 9)) await kv.write([{ type: 'del', key }]);
    await kv.close();
    const { faults, absent } = await verifyDirectory(dir);
    assert.deepEqual(
      [faults.map(({ what }) => what), absent.length],
      [[`blob ${absent[1]} is lost: nobody forgot it`], 2],
    );
  }));

test('each file of a ledger cut or deleted is found', () =>
  inTemporary(async (dir) => {
    const whole = join(dir, 'a');
    const ledger = await openLedger(whole);
    for (let n = 0; n < 3; n++)
      await ledger.recordAllocation(allocationOf(scenarioOf('valley'), n), scenarioOf('valley'));
    await ledger.close();
    const store = (await readdir(join(whole, 'store'))).filter((name) => /ldb|log$|MANIFEST|CURRENT/.test(name));
    for (const file of ['checkpoint', ...store.map((name) => join('store', name))]) {
      for (const cut of [true, false]) {
        const copy = join(dir, 'copy');
        await cp(whole, copy, { recursive: true });
        const bytes = await readFile(join(copy, file));
        if (cut) await writeFile(join(copy, file), bytes.subarray(0, Math.floor(bytes.length / 2)));
        else await rm(join(copy, file));
        assert.equal((await verifyDirectory(copy)).ok, false, `${file} ${cut ? 'cut' : 'deleted'}`);
        await rm(copy, { recursive: true });
      }
    }
  }));

test('a bundle in a file is verified by its path; what is no bundle says so', () =>
  inTemporary(async (dir) => {
    const path = join(dir, 'ledger.json');
    await writeFile(path, JSON.stringify(whole));
    assert.equal((await verifyPath(path, { kept })).ok, true);
    for (const text of ['{}', 'no JSON', '\uFEFF{}']) {
      await writeFile(path, text);
      assert.deepEqual(
        (await verifyPath(path)).faults.map(({ kind }) => kind),
        ['format'],
      );
    }
  }));

test('the verifier imports nothing of Node', async () => {
  const seen = new Set<string>();
  const visit = async (url: URL): Promise<void> => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = await readFile(url, 'utf8');
    for (const [, from = ''] of source.matchAll(/^(?:import|export)\b[^'"]*?from ['"]([^'"]+)['"]/gm)) {
      assert(!from.startsWith('node:'), `${url.pathname} imports ${from}`);
      if (from.startsWith('.')) await visit(new URL(from, url));
      else assert(/^(@noble\/hashes|canonicalize|zod)/.test(from), from);
    }
  };
  for (const root of ['verify.js', 'bundle.js', 'proof.js', 'tile.js', 'tree.js'])
    await visit(new URL(`../server/ledger/${root}`, import.meta.url));
  assert(seen.size > 12);
});
