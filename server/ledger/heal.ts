/** What the plain files need of the store: records that go with an entry, full tiles, and the healing at start-up. */
import { blobsOf, readEntry } from './entry.js';
import { aboutKey, blobKey, contentKey, entryKey, parseNamed, parseRequested, requestKey, tileKey } from './layout.js';
import type { Log } from './log.js';
import type { PackRecord } from './packs.js';
import { type FullTile, healPlain, writePartials } from './plain.js';
import { aboutOf } from './plan.js';
import { tileWidth } from './tile.js';

/** Agrees the plain files with the store; to be called where nothing is wrong with it. Returns the entries written. */
export async function healFiles(log: Log): Promise<number> {
  const { kv, head, paths } = log;
  const entries = async (from: number, count: number): Promise<Uint8Array[]> => {
    const stored = await kv.getMany(Array.from({ length: count }, (_, i) => entryKey(from + i)));
    return stored.map((bytes, i) => bytes ?? missing(from + i));
  };
  return await healPlain(paths.dir, head.size, { entries, kv }, recordsOf, (from, to) => fullTiles(log, from, to));

  async function recordsOf(entry: Uint8Array): Promise<PackRecord[]> {
    const read = readEntry(entry);
    if (!read.ok) return [];
    const { seq, actor, idem } = read.entry;
    const keys = [requestKey(actor.org, idem)];
    const about = aboutOf(read.entry);
    if (about !== null) keys.push(aboutKey(about, seq));
    for (const blob of blobsOf(read.entry)) {
      const named = await kv.get(contentKey(blob));
      keys.push(blobKey(blob), contentKey(blob));
      const content = named && parseNamed(named).content;
      if (content !== undefined && content !== blob) keys.push(contentKey(content));
    }
    const values = await kv.getMany(keys);
    return keys.flatMap((key, i) => {
      const value = values[i];
      return value && (i > 0 || parseRequested(value).seq === seq) ? [{ key, value }] : [];
    });
  }
}

function missing(seq: number): never {
  throw new Error(`entry ${seq} is missing`);
}

/** Full tiles of hashes that lie between two sizes of the tree. */
async function fullTiles({ kv }: Log, from: number, to: number): Promise<FullTile[]> {
  const tiles: FullTile[] = [];
  for (let level = 0; tileWidth ** (level + 1) <= to; level++) {
    const span = tileWidth ** (level + 1);
    for (let index = Math.floor(from / span); (index + 1) * span <= to; index++) {
      const bytes = await kv.get(tileKey(level, index));
      if (bytes?.length !== tileWidth * 32) throw new Error(`tile ${level}/${index} is missing or damaged`);
      tiles.push({ level, index, bytes });
    }
  }
  return tiles;
}

/** At an orderly close: what a file server needs besides the full tiles. */
export async function settleFiles({ kv, paths, published }: Log): Promise<void> {
  await writePartials(paths.dir, published.size, async (level, index, width) => {
    const bytes = await kv.get(tileKey(level, index));
    return bytes && bytes.length >= width * 32 ? bytes.slice(0, width * 32) : undefined;
  });
}
