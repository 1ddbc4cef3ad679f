/** What of the plain files the store implies, so that they can be written again from it. */
import { blobsOf, readEntry } from './entry.js';
import type { KeyValue } from './keyvalue.js';
import {
  aboutKey,
  blobKey,
  checkpointKey,
  contentKey,
  entryKey,
  parseNamed,
  parseRequested,
  requestKey,
  tileKey,
} from './layout.js';
import type { PackRecord } from './packs.js';
import type { FullTile } from './plain.js';
import { aboutOf } from './plan.js';
import { tileWidth } from './tile.js';

/** Throws where one is missing. */
export async function storedEntries(kv: KeyValue, from: number, count: number): Promise<Uint8Array[]> {
  const stored = await kv.getMany(Array.from({ length: count }, (_, i) => entryKey(from + i)));
  return stored.map((bytes, i) => {
    if (!bytes) throw new Error(`entry ${from + i} is missing`);
    return bytes;
  });
}

/** What goes with an entry. Further idempotency keys of the same content are not implied by any. */
export async function recordsOf(kv: KeyValue, entry: Uint8Array): Promise<PackRecord[]> {
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

/** Checkpoints that may have been written with entries `from` to `to`: two batches at most lie between the two. */
export async function checkpointRecords(kv: KeyValue, from: number, to: number): Promise<PackRecord[]> {
  const before = await kv.range(checkpointKey(0), checkpointKey(from), { reverse: true, limit: 2 });
  const within = await kv.range(checkpointKey(from), checkpointKey(to + 1));
  return [...before, ...within].map(([key, value]) => ({ key, value }));
}

/** Full tiles of hashes that lie between two sizes of the tree. */
export async function fullTiles(kv: KeyValue, from: number, to: number): Promise<FullTile[]> {
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
