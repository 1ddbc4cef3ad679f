/**
 * The record as plain files, from which LevelDB can be made again: entry bundles and tiles named as tlog-tiles serves
 * them, and packs of what goes with the entries. A bundle that is not full yet grows in `…/NNN.p/tail`; once full it gets
 * its name and is never written again. Here they are read; plainwriter.ts writes them.
 */
import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatBundle, parseBundle } from './bundles.js';
import { toHex } from './bytes.js';
import { listed } from './evidence.js';
import { hasCode, replaceFile } from './files.js';
import type { Change } from './keyvalue.js';
import { formatRecords, type PackRecord, parseRecords } from './packs.js';
import { tileWidth } from './tile.js';
import { formatTilePath } from './tilename.js';

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

/** Full tiles under their names, durable. */
export async function writeTiles(dir: string, tiles: readonly FullTile[]): Promise<void> {
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
