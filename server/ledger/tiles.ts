/** C2SP tlog-tiles: names and contents of what is served below `/tile/`. */
import { formatBundle } from './bundles.js';
import { entryKey, tileKey } from './layout.js';
import { type Log, readable } from './log.js';
import { tileWidth } from './tile.js';

export interface TileName {
  /** Level of hashes, or the entries themselves. */
  level: number | 'entries';
  index: number;
  /** 256, or less for a partial tile. */
  width: number;
}

/** `0/x001/x234/067`, `entries/000.p/5`: the index in groups of three digits, all but the last with an x. */
export function formatTilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** Undefined for anything that `formatTilePath` does not write. */
export function parseTilePath(path: string): TileName | undefined {
  const [, level, groups, partial] = /^(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replace(/[x/]/g, '')),
    width: partial === undefined ? tileWidth : Number(partial),
  };
  const valid =
    Number.isSafeInteger(name.index) && name.width > 0 && Number(name.level === 'entries' ? 0 : name.level) < 64;
  return valid && formatTilePath(name) === path ? name : undefined;
}

/** Content of a tile of the published tree; undefined where the tree has none such. */
export async function readTile(log: Log, path: string): Promise<Uint8Array | undefined> {
  const name = parseTilePath(path);
  if (!name) return undefined;
  const size = readable(log);
  const level = name.level === 'entries' ? 0 : name.level;
  const start = name.index * tileWidth;
  if (start + name.width > Math.floor(size / tileWidth ** level)) return undefined;
  if (name.level === 'entries') return await bundleOf(log, start, name.width);
  const bytes = await log.kv.get(tileKey(level, name.index));
  return bytes && bytes.length >= name.width * 32 ? bytes.slice(0, name.width * 32) : undefined;
}

/** Entry bundle: each entry after its length as a big-endian uint16. */
async function bundleOf(log: Log, start: number, count: number): Promise<Uint8Array | undefined> {
  const keys = Array.from({ length: count }, (_, i) => entryKey(start + i));
  const entries = await log.kv.getMany(keys);
  return entries.includes(undefined) ? undefined : formatBundle(entries.flatMap((entry) => entry ?? []));
}
