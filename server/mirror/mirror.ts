/**
 * Follows a log over HTTP into a directory of its own: every entry, signature, root and certificate of optimality is
 * checked before it is kept, and at each start what is kept is checked again. The directory is that of a ledger without
 * its key: it can be verified, rebuilt, served for reading, and with the key it can become the log again.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackBlob } from '../ledger/blobs.js';
import { same } from '../ledger/bytes.js';
import { newCases } from '../ledger/cases.js';
import { type Checkpoint, openCheckpoint } from '../ledger/checkpoint.js';
import type { Checks } from '../ledger/checks.js';
import { type Conflict, keepConflict } from '../ledger/conflicts.js';
import { verifyContinuation } from '../ledger/consistency.js';
import { verifyEd25519 } from '../ledger/ed25519.js';
import { blobsOf, noPrev, readEntry } from '../ledger/entry.js';
import { LedgerHeld, LedgerUnusable } from '../ledger/errors.js';
import { hasCode, readIfThere, replaceFile } from '../ledger/files.js';
import { healFiles, settleFiles } from '../ledger/heal.js';
import { hold, isHeldHere, release } from '../ledger/held.js';
import { type KeyValue, openKeyValue } from '../ledger/keyvalue.js';
import {
  aboutKey,
  blobKey,
  checkpointKey,
  contentKey,
  entryKey,
  formatHead,
  type Head,
  headKey,
  parseHead,
  parseNamed,
  requestKey,
  tileKey,
} from '../ledger/layout.js';
import { type LocalLedger, ledgerOf } from '../ledger/ledger.js';
import { type Log, tileLoader } from '../ledger/log.js';
import { emptyRoot } from '../ledger/merkle.js';
import { type NoteKey, parseVerifierKey } from '../ledger/note.js';
import { pathsOf } from '../ledger/paths.js';
import { plainWriter } from '../ledger/plainwriter.js';
import { aboutOf } from '../ledger/plan.js';
import { readServerUrl } from '../ledger/serverurl.js';
import { openSource, type Source } from '../ledger/source.js';
import { loadCases, loadRing } from '../ledger/startup.js';
import { tileWidth } from '../ledger/tile.js';
import { loadTree } from '../ledger/tree.js';
import type { Fault } from '../ledger/types.js';
import { type HeldBlob, type LogReader, startReader } from '../ledger/verify.js';
import { startWriter } from '../ledger/writer.js';
import { keepEntries, type Verified } from './keep.js';

export interface MirrorOptions extends Checks {
  dir: string;
  url: string;
  /** The log's verifier key as it is known; without it the first answer is believed and kept in `log.pub`. */
  trustedKey?: string;
  signal?: AbortSignal;
  onProgress?: (progress: { phase: 'own' | 'source'; done: number; of: number }) => void;
}

export interface Mirror {
  /** Reads what it has; nothing can be recorded. */
  ledger: LocalLedger;
  verifierKey: string;
  /** Certificates of optimality that were checked and hold. */
  certificates(): number;
  /** Takes what is new. Throws MirrorFault where the log is not what it was or ought to be, SourceError where it cannot be read. */
  follow(): Promise<number>;
}

/** The log is at fault: nothing of this round was kept, and the mirror must be opened anew. */
export class MirrorFault extends Error {
  constructor(
    message: string,
    readonly faults: Fault[] = [],
    readonly conflict: Conflict['kind'] | null = null,
  ) {
    super(message);
    this.name = 'MirrorFault';
  }
}

const page = 256;

/** Opens the mirror in a directory, and verifies what it holds. Throws LedgerHeld, LedgerUnusable, MirrorFault, SourceError. */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const dir = await realpath(options.dir);
  const source = openSource(options.url, options.signal);
  if (isHeldHere(dir)) throw new LedgerHeld(dir, await readServerUrl(dir));
  const { verifierKey, key } = await keyOf(dir, source, options.trustedKey);
  hold(dir);
  let kv: KeyValue;
  try {
    kv = await openKeyValue(join(dir, 'store'), true);
  } catch (error) {
    release(dir);
    throw hasCode(error, 'LEVEL_LOCKED') ? new LedgerHeld(dir, await readServerUrl(dir)) : error;
  }
  try {
    await rm(pathsOf(dir).clean, { force: true });
    const log = await logOf(dir, kv, verifierKey, key, options.url);
    return await follower(log, key, source, options);
  } catch (error) {
    await kv.close();
    release(dir);
    throw error;
  }
}

async function keyOf(
  dir: string,
  source: Source,
  trusted: string | undefined,
): Promise<{ verifierKey: string; key: NoteKey }> {
  const paths = pathsOf(dir);
  const known = (await readIfThere(paths.verifierKey))?.trim();
  const verifierKey = trusted?.trim() ?? known ?? (await source.verifierKey()).trim();
  if (known !== undefined && known !== verifierKey)
    throw new LedgerUnusable(
      `${dir} mirrors the log with the key ${known}, not ${verifierKey}: take another directory`,
    );
  const key = parseVerifierKey(verifierKey);
  if (!key) throw new LedgerUnusable(`${JSON.stringify(verifierKey)} is no verifier key of a log`);
  if (known === undefined) await replaceFile(paths.verifierKey, `${verifierKey}\n`);
  return { verifierKey, key };
}

/** The log as far as it was accepted; what a broken round left behind is taken out. */
async function logOf(dir: string, kv: KeyValue, verifierKey: string, key: NoteKey, url: string): Promise<Log> {
  const paths = pathsOf(dir);
  const stored = await kv.get(headKey);
  const head: Head = stored ? parseHead(stored) : { size: 0, root: emptyRoot, prev: new Uint8Array(32), ts: 0 };
  await takeBack(kv, head.size);
  const note = await readIfThere(paths.checkpoint);
  const promised = note === undefined ? undefined : await openCheckpoint(note, key, verifyEd25519);
  const published = { size: head.size, root: head.root, note: '' };
  if (note !== undefined && promised?.size === head.size && same(promised.root, head.root)) published.note = note;
  // The tiles of the right edge may have grown already in a round that was not accepted.
  const tree = await loadTree(head.size, async (level, index) => {
    const bytes = await kv.get(tileKey(level, index));
    const onEdge = Math.floor(head.size / tileWidth ** (level + 1)) === index;
    return onEdge ? bytes?.slice(0, (Math.floor(head.size / tileWidth ** level) % tileWidth) * 32) : bytes;
  });
  tree.load = tileLoader(kv);
  const log: Log = {
    ...{ paths, kv, plain: plainWriter(dir), key: null, origin: key.name, verifierKey, head, published },
    ...{ tree, ring: new Map(), cases: newCases(), unsaved: [] },
    ...{ witnessed: null, witnessing: null, warnings: [] },
    readOnly: `this is a mirror: record at ${url}`,
  };
  const damage = (await loadRing(log)) ?? (await loadCases(log));
  if (damage !== null) throw new LedgerUnusable(`${dir}: ${damage}`);
  return log;
}

/** Takes out of the store what a round left there that was not accepted. */
async function takeBack(kv: KeyValue, size: number): Promise<void> {
  for (;;) {
    const behind = await kv.range(entryKey(size), entryKey(Number.MAX_SAFE_INTEGER), { limit: 256 });
    if (behind.length === 0) return;
    const keys: Uint8Array[] = [];
    for (const [key, bytes] of behind) {
      keys.push(key);
      const read = readEntry(bytes);
      if (!read.ok) continue;
      const { entry } = read;
      keys.push(requestKey(entry.actor.org, entry.idem));
      const about = aboutOf(entry);
      if (about !== null) keys.push(aboutKey(about, entry.seq));
      for (const digest of blobsOf(entry)) {
        const named = await kv.get(contentKey(digest));
        keys.push(contentKey(digest), blobKey(digest));
        if (named) keys.push(contentKey(parseNamed(named).content));
      }
    }
    await kv.write(keys.map((key) => ({ type: 'del' as const, key })));
  }
}

async function follower(log: Log, key: NoteKey, source: Source, options: MirrorOptions): Promise<Mirror> {
  const { signal, onProgress } = options;
  const faults: Fault[] = [];
  let blobs = new Map<string, HeldBlob | undefined>();
  const reader = startReader(
    {
      blob: async (digest) => (blobs.has(digest) ? blobs.get(digest) : await stored(log.kv, digest)),
    },
    { ...options, verifyEd25519 },
    (seq, kind, what) => {
      if (faults.length < 100) faults.push({ seq, kind, what });
    },
    { origin: key.name, keyId: key.id },
  );
  let broken = false;

  async function own(): Promise<void> {
    // A note that was kept and that the store falls short of (an old backup): the log must still continue it.
    const note = await readIfThere(log.paths.checkpoint);
    const kept = note === undefined ? undefined : await openCheckpoint(note, key, verifyEd25519);
    if (kept) reader.hold(kept, `the first ${kept.size} entries are not those of the checkpoint in ${log.paths.dir}`);
    for (let from = 0; from < log.head.size; from += page) {
      signal?.throwIfAborted();
      const count = Math.min(page, log.head.size - from);
      const entries = await log.kv.getMany(Array.from({ length: count }, (_, i) => entryKey(from + i)));
      await reader.take(entries.map((bytes, i) => bytes ?? missing(log, from + i)));
      onProgress?.({ phase: 'own', done: from + count, of: log.head.size });
    }
    if (faults.length > 0 || !same(reader.root(), log.head.root))
      throw new MirrorFault(
        `what ${log.paths.dir} holds is damaged (${faults[0]?.what ?? 'another root'}): move it away and mirror anew`,
        faults,
      );
    await healFiles(log);
  }

  async function follow(): Promise<number> {
    if (broken) throw new MirrorFault('the mirror must be opened anew after a fault', faults);
    const note = await source.checkpoint();
    const shown = await openCheckpoint(note, key, verifyEd25519);
    if (!shown) throw new MirrorFault(`${source.url} shows a checkpoint that the log's key has not signed`);
    const before = log.head.size;
    await refuseConflict(shown, note);
    if (shown.size === before) {
      // The same tree, perhaps with more cosignatures, or the first note of an empty log.
      if (log.published.note !== note) await accept(shown, note);
      return 0;
    }
    broken = true;
    for await (const entries of source.pages(before, shown.size)) {
      signal?.throwIfAborted();
      await takePage(entries);
      onProgress?.({ phase: 'source', done: log.tree.size, of: shown.size });
      if (faults.length > 0) break;
    }
    if (faults.length > 0 || !same(reader.root(), shown.root)) await refuse(shown, note);
    await accept(shown, note);
    broken = false;
    return shown.size - before;
  }

  async function takePage(entries: readonly Uint8Array[]): Promise<void> {
    const from = reader.size();
    await source.prefetch(from, entries.length);
    const read = entries.map((bytes) => ({ bytes, read: readEntry(bytes) }));
    const verified: Verified[] = [];
    blobs = new Map();
    for (const { bytes, read: one } of read) {
      if (!one.ok) continue;
      for (const digest of blobsOf(one.entry)) blobs.set(digest, await source.blob(digest));
      verified.push({ bytes, entry: one.entry, blobs });
    }
    await reader.take(entries);
    if (faults.length === 0) await keepEntries(log, verified);
  }

  /** A smaller tree, or another one of the same size: both notes are kept. */
  async function refuseConflict(shown: Checkpoint, note: string): Promise<void> {
    const { size, root, note: kept } = log.published;
    if (shown.size > size || kept === '' || (shown.size === size && same(shown.root, root))) return;
    const kind = shown.size === size ? 'fork' : 'rollback';
    await keep(kind, kept, note);
    throw new MirrorFault(
      kind === 'fork'
        ? `${source.url} has another history of ${size} entries than the one that was mirrored`
        : `${source.url} goes back to ${shown.size} entries; ${size} were mirrored`,
      [],
      kind,
    );
  }

  /** The entries are not those of the checkpoint, or do not hold: damaged, or another history, which is kept as evidence. */
  async function refuse(shown: Checkpoint, note: string): Promise<never> {
    const { size, root, note: kept } = log.published;
    const what = faults[0]?.what ?? `its checkpoint of ${shown.size} entries was signed for others than it sends`;
    const proof = size === 0 || kept === '' ? undefined : await source.consistency(size);
    const earlier = { origin: shown.origin, size, root };
    const later = proof && (await verifyContinuation(proof, earlier, key, verifyEd25519));
    if (size === 0 || kept === '' || later)
      throw new MirrorFault(`${source.url}: ${what}. Nothing of it was kept.`, faults);
    await keep('inconsistent', kept, note);
    throw new MirrorFault(
      `${source.url} does not continue the ${size} entries that were mirrored: ${what}`,
      faults,
      'inconsistent',
    );
  }

  async function keep(kind: Conflict['kind'], kept: string, shown: string): Promise<void> {
    const seen = new Date().toISOString();
    await keepConflict(log.paths.conflicts, { kind, log: log.origin, seen, kept, shown });
  }

  async function accept({ size, root }: Checkpoint, note: string): Promise<void> {
    const prev = Uint8Array.from(Buffer.from(size === 0 ? noPrev : reader.prev(), 'hex'));
    const last = size === 0 ? undefined : await log.kv.get(entryKey(size - 1));
    const read = last && readEntry(last);
    const head = { size, root, prev, ts: read?.ok ? Date.parse(read.entry.ts) : 0 };
    const { published } = log;
    const earlier = published.note === '' || published.size === size ? [] : [published];
    await log.kv.write([
      ...earlier.map((was) => ({ type: 'put' as const, key: checkpointKey(was.size), value: Buffer.from(was.note) })),
      { type: 'put', key: headKey, value: formatHead(head) },
    ]);
    await replaceFile(log.paths.checkpoint, note);
    log.head = head;
    log.published = { size, root, note };
  }

  await own();
  const writer = startWriter(log, Date.now);
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await writer.close();
    await log.plain.close(!broken);
    if (!broken) {
      await settleFiles(log);
      await replaceFile(log.paths.clean, log.published.note);
    }
    if (broken) await takeBack(log.kv, log.head.size);
    await log.kv.close();
    release(log.paths.dir);
  };
  const ledger = ledgerOf(log, writer, () => {
    closing ??= close();
    return closing;
  });
  return { ledger, verifierKey: log.verifierKey, certificates: () => certificatesOf(reader), follow };
}

const certificatesOf = ({ contents }: LogReader): number => contents.certificates;

function missing(log: Log, seq: number): never {
  throw new MirrorFault(`entry ${seq} in ${log.paths.dir} is missing: move it away and mirror anew`);
}

async function stored(kv: KeyValue, digest: string): Promise<HeldBlob | undefined> {
  const bytes = await kv.get(blobKey(digest));
  return bytes && (await unpackBlob(bytes));
}
