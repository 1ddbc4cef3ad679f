/**
 * The record as plain files, from which LevelDB can be made again: entry bundles and tiles named as tlog-tiles serves
 * them, and packs of what goes with the entries. A bundle that is not full yet grows in `…/NNN.p/tail`; once full it gets
 * its name and is never written again. Nothing is acknowledged before it lies here as well.
 */
import { closeSync, fdatasync as fdatasyncOnDisk, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { formatBundle, parseBundle } from './bundles.js';
import { toHex } from './bytes.js';
import { listed } from './evidence.js';
import { hasCode, replaceFile, syncDirectory } from './files.js';
import type { Change, KeyValue } from './keyvalue.js';
import { formatRecords, type PackRecord, parseRecords } from './packs.js';
import { tileWidth } from './tile.js';
import { formatTilePath } from './tilename.js';

const fdatasync = promisify(fdatasyncOnDisk);

/** A full tile of hashes. */
export interface FullTile {
  level: number;
  index: number;
  bytes: Uint8Array;
}

export const tileFile = (dir: string, level: number | 'entries', index: number, width = tileWidth): string =>
  join(dir, 'tile', formatTilePath({ level, index, width }));

/** The bundle that is still growing. */
export const tailFile = (dir: string, index: number): string => join(`${tileFile(dir, 'entries', index)}.p`, 'tail');

export const packFile = (dir: string, index: number): string =>
  join(dir, 'contents', formatTilePath({ level: 0, index, width: tileWidth }).slice(2));

/** Appends and syncs; makes the directories on the way, and their names durable. */
async function appendSynced(path: string, bytes: Uint8Array, flag: 'a' | 'w' = 'a'): Promise<void> {
  let file: number;
  let fresh: string | undefined;
  try {
    file = openSync(path, flag, 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    fresh = mkdirSync(dirname(path), { recursive: true, mode: 0o700 }) ?? dirname(path);
    file = openSync(path, flag, 0o600);
  }
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    await fdatasync(file);
  } finally {
    closeSync(file);
  }
  if (fresh === undefined) return;
  for (let at = dirname(path); ; at = dirname(at)) {
    await syncDirectory(at);
    if (at === dirname(fresh) || at === dirname(at)) return;
  }
}

/** Adds entries that begin at place `start`, and the records that go with them; durable when it returns. */
export async function appendPlain(
  dir: string,
  start: number,
  entries: readonly Uint8Array[],
  records: readonly PackRecord[],
  tiles: readonly FullTile[],
): Promise<void> {
  const pack =
    records.length === 0
      ? undefined
      : appendSynced(packFile(dir, Math.floor(start / tileWidth)), formatRecords(records));
  // Both writes are seen to their end, so that a failed one leaves no other behind that nobody waits for.
  const done = await Promise.allSettled([pack, appendEntries(dir, start, entries), writeTiles(dir, tiles)]);
  for (const result of done) if (result.status === 'rejected') throw result.reason;
}

async function appendEntries(dir: string, start: number, entries: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < entries.length; ) {
    const index = Math.floor((start + at) / tileWidth);
    const count = Math.min(entries.length - at, (index + 1) * tileWidth - (start + at));
    // A bundle that begins here begins anew: a crash may have left what was never acknowledged.
    const flag = (start + at) % tileWidth === 0 ? 'w' : 'a';
    await appendSynced(tailFile(dir, index), formatBundle(entries.slice(at, at + count)), flag);
    at += count;
    if (start + at === (index + 1) * tileWidth) await complete(dir, index);
  }
}

async function complete(dir: string, index: number): Promise<void> {
  const full = tileFile(dir, 'entries', index);
  await rename(tailFile(dir, index), full);
  await syncDirectory(dirname(full));
  await rm(`${full}.p`, { recursive: true, force: true });
}

async function writeTiles(dir: string, tiles: readonly FullTile[]): Promise<void> {
  for (const { level, index, bytes } of tiles) {
    const path = tileFile(dir, level, index);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, bytes);
    await rm(`${path}.p`, { recursive: true, force: true });
  }
}

/** Entries of a bundle, full or growing; none where there is no file. */
export async function readPlainBundle(dir: string, index: number): Promise<{ entries: Uint8Array[]; torn: boolean }> {
  for (const path of [tileFile(dir, 'entries', index), tailFile(dir, index)]) {
    try {
      const bytes = new Uint8Array(await readFile(path));
      const { entries, length } = parseBundle(bytes);
      return { entries, torn: length < bytes.length };
    } catch (error) {
      if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) throw error;
    }
  }
  return { entries: [], torn: false };
}

/** Every pack, in order. */
export async function* packFiles(dir: string): AsyncGenerator<string> {
  const root = join(dir, 'contents');
  const names = (await listed(root)).length === 0 ? [] : await readdir(root, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  // By index: deeper paths have more digits, and within one depth they sort as text.
  yield* paths.filter((path) => /\d{3}$/.test(path)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

export async function readPack(path: string): Promise<{ records: PackRecord[]; torn: boolean }> {
  const bytes = new Uint8Array(await readFile(path));
  const { records, length } = parseRecords(bytes);
  return { records, torn: length < bytes.length };
}

/** Applies a forgetting to the packs: each file that holds one of the keys is written anew without the old value. */
export async function erasePlain(dir: string, changes: readonly Change[]): Promise<void> {
  const wanted = new Map(changes.map((change) => [toHex(change.key), change]));
  for await (const path of packFiles(dir)) {
    const { records } = await readPack(path);
    if (!records.some(({ key }) => wanted.has(toHex(key)))) continue;
    const left = records.flatMap((record): PackRecord[] => {
      const change = wanted.get(toHex(record.key));
      if (!change) return [record];
      return change.type === 'put' ? [{ key: change.key, value: change.value }] : [];
    });
    await replaceFile(path, formatRecords(left), 0o600);
  }
}

/**
 * Makes the files agree with a store that was found sound: what a crash left torn or ahead is cut, what is behind (or was
 * never written, by an older version) is written. `recordsOf` gives what goes with an entry.
 */
export async function healPlain(
  dir: string,
  size: number,
  kv: { entries(from: number, count: number): Promise<Uint8Array[]>; kv: KeyValue },
  recordsOf: (entry: Uint8Array) => Promise<PackRecord[]>,
  tilesOf: (from: number, to: number) => Promise<FullTile[]>,
): Promise<number> {
  let index = Math.floor(size / tileWidth);
  await agreePack(packFile(dir, index), kv.kv);
  await rm(tileFile(dir, 'entries', index), { force: true });
  const edge = await readPlainBundle(dir, index);
  if (!edge.torn && edge.entries.length === size % tileWidth && (index === 0 || (await isFull(dir, index - 1))))
    return 0;
  while (index > 0 && !(await isFull(dir, index - 1))) index--;
  const from = index * tileWidth;
  for (let start = from; start < size || start === from; start += tileWidth) {
    await rm(tailFile(dir, start / tileWidth), { force: true });
    const entries = await kv.entries(start, Math.min(tileWidth, size - start));
    const records = (await Promise.all(entries.map(recordsOf))).flat();
    await appendPlain(dir, start, entries, records, []);
  }
  await writeTiles(dir, await tilesOf(from, size));
  return size - from;
}

async function isFull(dir: string, index: number): Promise<boolean> {
  return (await listed(dirname(tileFile(dir, 'entries', index)))).includes(tileFile(dir, 'entries', index).slice(-3));
}

/** The newest pack without what is torn and without records that the store does not have: they were never acknowledged. */
async function agreePack(path: string, kv: KeyValue): Promise<void> {
  try {
    const { records, torn } = await readPack(path);
    const values: (Uint8Array | undefined)[] = [];
    for (let at = 0; at < records.length; at += 64)
      values.push(...(await kv.getMany(records.slice(at, at + 64).map(({ key }) => key))));
    const left = records.filter((_, i) => values[i] !== undefined);
    if (torn || left.length < records.length) await replaceFile(path, formatRecords(left), 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** The partial tiles and the partial bundle of a log at rest, so that any file server can serve it as tlog-tiles. */
export async function writePartials(
  dir: string,
  size: number,
  tileOf: (level: number, index: number, width: number) => Promise<Uint8Array | undefined>,
): Promise<void> {
  for (let level = 0; tileWidth ** level <= size; level++) {
    const width = Math.floor(size / tileWidth ** level) % tileWidth;
    const index = Math.floor(size / tileWidth ** (level + 1));
    if (width === 0) continue;
    const bytes = await tileOf(level, index, width);
    if (bytes) await writePartial(tileFile(dir, level, index, width), bytes);
    if (level > 0) continue;
    const { entries } = await readPlainBundle(dir, index);
    if (entries.length === width) await writePartial(tileFile(dir, 'entries', index, width), formatBundle(entries));
  }
}

async function writePartial(path: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, bytes);
  for (const name of await listed(dirname(path)))
    if (/^\d+$/.test(name) && !path.endsWith(`/${name}`)) await rm(join(dirname(path), name));
}
