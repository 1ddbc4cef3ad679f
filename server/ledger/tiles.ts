/** C2SP tlog-tiles: what is served below `/tile/`. */
import { formatBundle } from './bundles.js';
import { entryKey, tileKey } from './layout.js';
import { type Log, readable } from './log.js';
import { tileWidth } from './tile.js';
import { parseTilePath } from './tilename.js';

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
