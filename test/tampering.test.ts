/** A third party's view: with only the verifier, a bundle and yesterday's checkpoint, each kind of tampering is named. */
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allocate, check, checkTwin, closePool } from '../engine/index.js';
import { readCase } from '../scenarios/index.js';
import { salted } from '../server/ledger/blobs.js';
import { utf8 } from '../server/ledger/bytes.js';
import { canonicalText } from '../server/ledger/canonical.js';
import { checkpointText } from '../server/ledger/checkpoint.js';
import { chainHash, leafHash } from '../server/ledger/digest.js';
import { allocationFacts } from '../server/ledger/facts.js';
import { addLeaf, emptyFrontier, frontierRoot } from '../server/ledger/frontier.js';
import { openLedger } from '../server/ledger/index.js';
import { newLogKey, parseLogKey } from '../server/ledger/keys.js';
import {
  type Bundle,
  bundleEvidence,
  type VerifyEd25519,
  type VerifyReport,
  verify,
} from '../server/ledger/verifier.js';
import { inTemporary } from './support/ledger-data.js';

after(() => closePool());

/** Another implementation of Ed25519 than the one that signed: WebCrypto, as a page has it. */
const verifyEd25519: VerifyEd25519 = async (publicKey, message, signature) => {
  const key = await webcrypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  return await webcrypto.subtle.verify('Ed25519', key, signature, message);
};

interface Case {
  honest: Bundle;
  /** Yesterday's: three entries. */
  kept: string;
  secret: string;
}

async function made(): Promise<Case> {
  return await inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const scenario = readCase('two-valleys');
    const balanced = await allocate(scenario, { gap: 1e-2, solver: 'jslp' });
    const efficient = await allocate(scenario, { gap: 1e-2, policy: 'efficient', solver: 'jslp' });
    const { digest } = await ledger.recordAllocation(balanced, scenario);
    await ledger.recordAllocation(efficient, scenario);
    const kept = ledger.checkpoint();
    await ledger.recordAdoption({ allocation: digest, by: 'Rado', why: 'fair' });
    const honest = await ledger.bundle();
    const secret = await readFile(join(dir, 'log.key'), 'utf8');
    await ledger.close();
    return { honest, kept, secret };
  });
}

const { honest, kept, secret } = await made();
const key = parseLogKey(secret)!;

/** What an operator can do who has the key: change entries, chain, hash and sign all of it anew. */
function resigned(bundle: Bundle, change: (entries: Entry[]) => Entry[], log = key): Bundle {
  const frontier = emptyFrontier();
  let prev = '0'.repeat(64);
  const entries = change(bundle.entries.map((text) => JSON.parse(text) as Entry)).map((entry, seq) => {
    const text = canonicalText({ ...entry, seq, prev });
    prev = Buffer.from(chainHash(utf8(text))).toString('hex');
    addLeaf(frontier, leafHash(utf8(text)));
    return text;
  });
  const head = { origin: log.name, size: entries.length, root: frontierRoot(frontier) };
  const named = entries.join();
  const blobs = bundle.blobs.filter(({ digest }) => named.includes(digest));
  return { ...bundle, entries, blobs, verifierKey: log.verifierKey, checkpoint: log.signNote(checkpointText(head)) };
}

interface Entry {
  body: Record<string, unknown>;
  [field: string]: unknown;
}

/** An allocation with another plan, recorded as if it were proven: salted, stated and signed as the log would. */
function falsified(): Bundle {
  const entry = JSON.parse(honest.entries[1]!) as Entry;
  const blob = honest.blobs.find(({ digest }) => digest === entry.body.allocation)!;
  const allocation = JSON.parse(blob.text);
  allocation.shipments[0].quantity -= 1;
  const fresh = salted(utf8(canonicalText(allocation)));
  const text = canonicalText(allocation);
  const salt = Buffer.from(fresh.salt).toString('hex');
  const bundle = resigned({ ...honest, blobs: [] }, (entries) => {
    const one = {
      ...entries[1]!,
      body: { ...entries[1]!.body, ...allocationFacts(allocation, fresh.salt), allocation: fresh.digest },
    };
    const adopted = { ...entries[3]!, body: { ...entries[3]!.body, allocation: fresh.digest } };
    return [entries[0]!, one, entries[2]!, adopted];
  });
  const rest = honest.blobs.filter(({ digest }) => digest !== blob.digest);
  return { ...bundle, blobs: [...rest, { digest: fresh.digest, salt, text }] };
}

const entry = (n: number): string => honest.entries[n]!;

/** Kind of tampering, the bundle it makes, the faults that must be named (kind, and entry where one is to blame). */
const tamperings: [name: string, bundle: () => Bundle, faults: string[]][] = [
  [
    'an entry changed',
    () => ({ ...honest, entries: honest.entries.with(1, entry(1).replace('"idem":"', '"idem":"x')) }),
    ['chain 1'],
  ],
  ['an entry dropped', () => ({ ...honest, entries: honest.entries.toSpliced(1, 1) }), ['seq 1', 'size']],
  [
    'entries in another order',
    () => ({ ...honest, entries: [entry(0), entry(2), entry(1), entry(3)] }),
    ['seq 1', 'seq 2'],
  ],
  ['an entry put in', () => ({ ...honest, entries: honest.entries.toSpliced(2, 0, entry(1)) }), ['seq 2', 'repeat 2']],
  ['the tail cut', () => ({ ...honest, entries: honest.entries.slice(0, 3) }), ['size']],
  ['the tail cut, signed anew', () => resigned(honest, (entries) => entries.slice(0, 2)), ['rollback']],
  [
    'history rewritten, signed anew',
    () => resigned(honest, (entries) => entries.with(1, { ...entries[1]!, idem: 'another' })),
    ['fork'],
  ],
  ['another key in the log’s name', () => resigned(honest, (entries) => entries, newLogKey(key.name)), ['signature']],
  [
    'a checkpoint forged',
    () => ({ ...honest, checkpoint: honest.checkpoint.replace('\n4\n', '\n5\n') }),
    ['signature', 'size'],
  ],
  [
    'a content changed',
    () => ({ ...honest, blobs: honest.blobs.map((blob) => ({ ...blob, text: blob.text.replace('fair', 'foul') })) }),
    ['blob 3'],
  ],
  ['a plan changed, and recorded and signed as proven', falsified, ['certificate 1', 'fork']],
  [
    'an adoption of another plan, signed anew',
    () => resigned(honest, (e) => e.with(3, { ...e[3]!, body: { ...e[3]!.body, allocation: e[2]!.body.allocation } })),
    ['binding 3'],
  ],
];

async function look(bundle: Bundle): Promise<VerifyReport> {
  const evidence = bundleEvidence(structuredClone(bundle));
  assert(evidence);
  const options = { verifyEd25519, checkAllocation: check, checkTwin, kept, trustedKey: key.verifierKey };
  return await verify(evidence, options);
}

test('the honest bundle continues yesterday’s checkpoint, and both plans are as good as they say', async () => {
  const report = await look(honest);
  assert.deepEqual([report.faults, report.size, report.certificates], [[], 4, 2]);
});

for (const [name, bundle, expected] of tamperings)
  test(`${name}: found and named`, async () => {
    const { ok, faults } = await look(bundle());
    assert.equal(ok, false);
    const named = faults.map(({ kind, seq }) => (seq === null ? kind : `${kind} ${seq}`));
    for (const fault of expected) assert(named.includes(fault), `${fault} is not among ${named.join(', ')}`);
    for (const { what } of faults) assert(what.length > 10);
  });

test('the README has the table of these tamperings', async () => {
  const readme = await readFile(new URL('../../server/ledger/README.md', import.meta.url), 'utf8');
  for (const [name, , expected] of tamperings) {
    const row = readme.split('\n').find((line) => line.startsWith(`| ${name} |`));
    assert(row, `no row for: ${name}`);
    for (const fault of expected) assert(row.includes(`\`${fault.split(' ')[0]}\``), `${name}: ${fault}`);
  }
});

test('the verifier is one module that imports nothing of Node', async () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (url: URL): Promise<void> => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = await readFile(url, 'utf8');
    const imports = [
      ...source.matchAll(/^(?:import|export)\b[^'"]*?from ['"]([^'"]+)['"]/gm),
      ...source.matchAll(/^import ['"]([^'"]+)['"]/gm),
      ...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
      ...source.matchAll(/\brequire\(\s*['"]([^'"]+)['"]/g),
    ];
    for (const [, from = ''] of imports) {
      if (from.startsWith('.')) await visit(new URL(from, url));
      else
        packages.add(
          from
            .split('/')
            .slice(0, from.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  };
  await visit(new URL('../server/ledger/verifier.js', import.meta.url));
  assert.deepEqual([...packages].sort(), ['@noble/hashes', 'zod']);
  assert(seen.size > 15);
});
