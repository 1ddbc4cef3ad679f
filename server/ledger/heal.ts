/**
 * Start-up and close of the plain files. They are held against the store, which was found sound: what a crash left torn
 * or ahead is cut, what is behind (a power cut, or a directory of an older version) is written.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBundle } from './bundles.js';
import { same, toHex } from './bytes.js';
import { checkpointRecords, fullTiles, recordsOf, storedEntries } from './derive.js';
import { listed } from './evidence.js';
import { hasCode, replaceFile, syncDirectory } from './files.js';
import type { KeyValue } from './keyvalue.js';
import { tileKey } from './layout.js';
import type { Log } from './log.js';
import { formatRecords, type PackRecord } from './packs.js';
import { packFile, readPack, readPlainBundle, tailFile, tileFile, writePartials, writeTiles } from './plain.js';
import { nameFull } from './plainwriter.js';
import { tileWidth } from './tile.js';

/**
 * Agrees the plain files with the store; to be called where nothing is wrong with it. Returns the entries written.
 * A bundle under its final name vouches for itself, its tiles and the packs up to it; everything behind is compared.
 */
export async function healFiles({ kv, head, paths: { dir } }: Log): Promise<number> {
  const last = Math.floor(head.size / tileWidth);
  for (let ahead = last; await isFull(dir, ahead); ahead++) await rm(tileFile(dir, 'entries', ahead));
  let first = last;
  while (first > 0 && !(await isFull(dir, first - 1))) first--;
  let written = 0;
  let pack = await soundPack(dir, first, kv);
  for (let index = first; index <= last; index++) {
    const start = index * tileWidth;
    const entries = await storedEntries(kv, start, Math.min(tileWidth, head.size - start));
    const next = index < last ? await soundPack(dir, index + 1, kv) : emptyPack();
    const derived = [...(await Promise.all(entries.map((entry) => recordsOf(kv, entry)))).flat()];
    derived.push(...(await checkpointRecords(kv, start, Math.min(start + tileWidth, head.size))));
    // What came in one batch with entries of the next bundle lies in its pack.
    const missing = derived.filter(({ key }) => !pack.keys.has(toHex(key)) && !next.keys.has(toHex(key)));
    if (pack.unsound || missing.length > 0) await writeAnew(packFile(dir, index), [...pack.records, ...missing]);
    if (await agreeBundle(dir, index, entries)) written += entries.length;
    pack = next;
  }
  await writeTiles(dir, await fullTiles(kv, first * tileWidth, head.size));
  for (let index = first; index < last; index++) await nameFull(dir, index);
  return written;
}

async function isFull(dir: string, index: number): Promise<boolean> {
  const path = tileFile(dir, 'entries', index);
  return (await listed(dirname(path))).includes(path.slice(-3));
}

/** True where the growing bundle was not what the store has, and was written anew. */
async function agreeBundle(dir: string, index: number, entries: readonly Uint8Array[]): Promise<boolean> {
  const found = await readPlainBundle(dir, index);
  const agrees = !found.torn && found.entries.length === entries.length;
  if (agrees && found.entries.every((bytes, i) => same(bytes, entries[i]!))) return false;
  await writeAnew(tailFile(dir, index), formatBundle(entries));
  return true;
}

interface Pack {
  records: PackRecord[];
  /** In hex. */
  keys: Set<string>;
  /** The file holds more than these records. */
  unsound: boolean;
}

const emptyPack = (): Pack => ({ records: [], keys: new Set(), unsound: false });

/** A pack without what is torn and without records that the store does not have: they were never acknowledged. */
async function soundPack(dir: string, index: number, kv: KeyValue): Promise<Pack> {
  try {
    const { records, torn } = await readPack(packFile(dir, index));
    const values: (Uint8Array | undefined)[] = [];
    for (let at = 0; at < records.length; at += 64)
      values.push(...(await kv.getMany(records.slice(at, at + 64).map(({ key }) => key))));
    const left = records.filter((_, i) => values[i] !== undefined);
    const keys = new Set(left.map(({ key }) => toHex(key)));
    return { records: left, keys, unsound: torn || left.length < records.length };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return emptyPack();
    throw error;
  }
}

async function writeAnew(path: string, bytes: Uint8Array | readonly PackRecord[]): Promise<void> {
  const fresh = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, bytes instanceof Uint8Array ? bytes : formatRecords(bytes), 0o600);
  if (fresh === undefined) return;
  for (let at = dirname(path); ; at = dirname(at)) {
    await syncDirectory(at);
    if (at === dirname(fresh) || at === dirname(at)) return;
  }
}

/** At an orderly close: what a file server needs besides the full tiles. */
export async function settleFiles({ kv, paths, published }: Log): Promise<void> {
  await writePartials(paths.dir, published.size, async (level, index, width) => {
    const bytes = await kv.get(tileKey(level, index));
    return bytes && bytes.length >= width * 32 ? bytes.slice(0, width * 32) : undefined;
  });
}
