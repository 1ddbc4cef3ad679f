/**
 * Makes LevelDB again from the plain files and the signed checkpoint: the store is an index, and what was acknowledged
 * lies in the files too. Nothing is thrown away: the store that was there goes to `evidence/`.
 */
import { link, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readU64, same, toHex } from './bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { chainHash, leafHash } from './digest.js';
import { verifyEd25519 } from './ed25519.js';
import { blobsOf, noPrev, readEntry } from './entry.js';
import { LedgerHeld, LedgerUnusable } from './errors.js';
import { listed } from './evidence.js';
import { hasCode, readIfThere, syncDirectory } from './files.js';
import { isHeldHere } from './held.js';
import { parseLogKey } from './keys.js';
import { type KeyValue, openKeyValue, type Put } from './keyvalue.js';
import {
  aboutSeq,
  blobKey,
  contentKey,
  entryKey,
  formatHead,
  headKey,
  parseNamed,
  parseRequested,
  tileKey,
} from './layout.js';
import { parseVerifierKey } from './note.js';
import { pathsOf } from './paths.js';
import { packFiles, readPack, readPlainBundle } from './plain.js';
import { readServerUrl } from './serverurl.js';
import { tileBytes, tileWidth } from './tile.js';
import { emptyTree, grow, rootAt } from './tree.js';

export interface Rebuilt {
  size: number;
  /** Salted digests of contents that nobody forgot and that are not in the files. */
  lost: string[];
  /** Where the earlier store was put, or null where there was none. */
  aside: string | null;
}

/**
 * Rebuilds the store in `dir`. Throws LedgerHeld where a process has it, LedgerUnusable where the files do not make up
 * the log that the checkpoint was signed for; the store that is there is untouched then.
 */
export async function rebuild(dir: string, signal?: AbortSignal): Promise<Rebuilt> {
  const paths = pathsOf(await realpath(dir));
  if (isHeldHere(paths.dir)) throw new LedgerHeld(dir, await readServerUrl(dir));
  const note = await readIfThere(paths.checkpoint);
  const verifierKey =
    (await readIfThere(paths.verifierKey))?.trim() ?? parseLogKey((await readIfThere(paths.key)) ?? '')?.verifierKey;
  const key = verifierKey === undefined ? undefined : parseVerifierKey(verifierKey);
  const promised = note !== undefined && key ? await openCheckpoint(note, key, verifyEd25519) : undefined;
  if (!promised)
    throw new LedgerUnusable(
      `${dir} has no checkpoint that its key (log.pub or log.key) signed: put both back, then rebuild`,
    );
  return await withLock(paths.store, dir, async () => {
    const fresh = await mkdtemp(join(paths.dir, 'verify-rebuilt-'));
    const kv = await openKeyValue(fresh, true);
    let built: { size: number; lost: string[] };
    try {
      built = await fill(kv, paths.dir, promised, signal);
    } catch (error) {
      await kv.close();
      await rm(fresh, { recursive: true, force: true });
      throw error;
    }
    await kv.close();
    let aside: string | null = null;
    if ((await listed(paths.store)).length > 0) {
      aside = join(paths.evidence, `store-${new Date().toISOString().replaceAll(':', '')}`);
      await mkdir(paths.evidence, { recursive: true, mode: 0o700 });
      await rename(paths.store, aside);
    } else await rm(paths.store, { recursive: true, force: true });
    await rename(fresh, paths.store);
    await syncDirectory(paths.dir);
    return { ...built, aside };
  });
}

/** Runs `work` while no other process can open the store: its LOCK, under another name, is held meanwhile. */
async function withLock<T>(store: string, dir: string, work: () => Promise<T>): Promise<T> {
  if (!(await listed(store)).includes('LOCK')) return await work();
  const shadow = await mkdtemp(join(dir, 'verify-lock-'));
  try {
    await link(join(store, 'LOCK'), join(shadow, 'LOCK'));
    const kv = await openKeyValue(shadow, true).catch(async (error: unknown) => {
      throw hasCode(error, 'LEVEL_LOCKED') ? new LedgerHeld(dir, await readServerUrl(dir)) : error;
    });
    try {
      return await work();
    } finally {
      await kv.close();
    }
  } finally {
    await rm(shadow, { recursive: true, force: true });
  }
}

async function fill(
  kv: KeyValue,
  dir: string,
  promised: { size: number; root: Uint8Array; origin: string },
  signal: AbortSignal | undefined,
): Promise<{ size: number; lost: string[] }> {
  const tree = emptyTree((level, index) => kv.get(tileKey(level, index)));
  const blobs: string[] = [];
  let prev = noPrev;
  let ts = 0;
  const put = (key: Uint8Array, value: Uint8Array): Put => ({ type: 'put', key, value });
  for (let index = 0; ; index++) {
    signal?.throwIfAborted();
    const { entries } = await readPlainBundle(dir, index);
    const taken: Uint8Array[] = [];
    for (const bytes of entries) {
      const read = readEntry(bytes);
      const seq = tree.size + taken.length;
      const continues = read.ok && read.entry.seq === seq && read.entry.prev === prev;
      if (!continues && seq < promised.size)
        throw new LedgerUnusable(
          `${dir}: entry ${seq} in the plain files is damaged: fill the directory from a mirror`,
        );
      // Behind the checkpoint nothing was promised: what a crash left there goes.
      if (!continues) break;
      prev = toHex(chainHash(bytes));
      ts = Date.parse(read.entry.ts);
      blobs.push(...blobsOf(read.entry));
      taken.push(bytes);
    }
    const from = tree.size;
    const touched = grow(tree, taken.map(leafHash));
    await kv.write([
      ...taken.map((bytes, i) => put(entryKey(from + i), bytes)),
      ...touched.map(({ level, index: at, tile }) => put(tileKey(level, at), tileBytes(tile))),
    ]);
    if (taken.length < tileWidth) break;
  }
  if (tree.size < promised.size)
    throw new LedgerUnusable(
      `${dir}: the plain files hold ${tree.size} entries, the checkpoint promises ${promised.size}: fill the directory from a mirror`,
    );
  if (!same(await rootAt(tree, promised.size), promised.root))
    throw new LedgerUnusable(`${dir}: the plain files hold another history than the one that was signed`);
  const named = new Set(blobs);
  for await (const path of packFiles(dir)) {
    signal?.throwIfAborted();
    const { records } = await readPack(path);
    // What goes with entries is written before them: a kill between the two leaves records of entries that never were.
    const kept = records.filter(({ key, value }) => placeOf(key, value, named) < tree.size);
    for (let at = 0; at < kept.length; at += 256)
      await kv.write(kept.slice(at, at + 256).map(({ key, value }) => put(key.slice(), value.slice())));
  }
  const lost: string[] = [];
  for (let at = 0; at < blobs.length; at += 256) {
    const page = blobs.slice(at, at + 256);
    const [held, names] = await Promise.all([kv.getMany(page.map(blobKey)), kv.getMany(page.map(contentKey))]);
    for (const [i, digest] of page.entries()) {
      const name = names[i];
      if (!held[i] && !(name && parseNamed(name).forgotten)) lost.push(digest);
    }
  }
  const root = await rootAt(tree, tree.size);
  // A SHA-256 in hex, or the zeros of an empty log.
  const head = { size: tree.size, root, prev: Uint8Array.from(Buffer.from(prev, 'hex')), ts };
  await kv.write([put(headKey, formatHead(head))]);
  return { size: tree.size, lost };
}

/** Place of the last entry that a record speaks of; infinitely far where it is a content that no entry names. */
function placeOf(key: Uint8Array, value: Uint8Array, named: ReadonlySet<string>): number {
  switch (key[0]) {
    case 2:
      return parseRequested(value).seq;
    case 5:
      return readU64(key, 1) - 1;
    case 6:
      return parseNamed(value).seq;
    case 7:
      return named.has(toHex(key.subarray(1))) ? -1 : Number.POSITIVE_INFINITY;
    case 16:
      return aboutSeq(key);
    default:
      return -1;
  }
}
