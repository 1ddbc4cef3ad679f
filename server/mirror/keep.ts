/** What a mirror stores of entries that it has verified: the same records as the log's own writer makes. */
import { packBlob } from '../ledger/blobs.js';
import { fromHex, fromUtf8 } from '../ledger/bytes.js';
import { addStep } from '../ledger/cases.js';
import { contentDigest, leafHash, valueDigest } from '../ledger/digest.js';
import { blobsOf, type KnownEntry, ownBlob } from '../ledger/entry.js';
import { changed } from '../ledger/keyring.js';
import type { Put } from '../ledger/keyvalue.js';
import {
  aboutKey,
  blobKey,
  contentKey,
  entryKey,
  formatNamed,
  formatRequested,
  requestKey,
  tileKey,
} from '../ledger/layout.js';
import type { Log } from '../ledger/log.js';
import { aboutOf } from '../ledger/plan.js';
import { tileBytes, tileWidth } from '../ledger/tile.js';
import { grow } from '../ledger/tree.js';
import type { HeldBlob } from '../ledger/verify.js';

export interface Verified {
  bytes: Uint8Array;
  entry: KnownEntry;
  /** By salted digest; undefined where the source does not have it: it counts as forgotten. */
  blobs: ReadonlyMap<string, HeldBlob | undefined>;
}

const put = (key: Uint8Array, value: Uint8Array): Put => ({ type: 'put', key, value });

/** Writes them behind the log's tree, in the store and in the plain files; nobody sees them before the head says so. */
export async function keepEntries(log: Log, verified: readonly Verified[]): Promise<void> {
  const start = log.tree.size;
  const records = (await Promise.all(verified.map(({ entry, blobs }, i) => recordsOf(entry, blobs, start + i)))).flat();
  for (const { entry } of verified) {
    if (entry.kind === 'key') log.ring = changed(log.ring, entry.body, entry.seq);
    addStep(log.cases, entry);
  }
  const touched = grow(
    log.tree,
    verified.map(({ bytes }) => leafHash(bytes)),
  );
  await log.kv.write([
    ...verified.map(({ bytes }, i) => put(entryKey(start + i), bytes)),
    ...records,
    ...touched.map(({ level, index, tile }) => put(tileKey(level, index), tileBytes(tile))),
  ]);
  const full = touched.filter(({ tile }) => tile.width === tileWidth);
  const tiles = full.map(({ level, index, tile }) => ({ level, index, bytes: tileBytes(tile) }));
  log.plain.write(
    start,
    verified.map(({ bytes }) => bytes),
    records,
    tiles,
  );
  await log.plain.sync();
}

async function recordsOf(entry: KnownEntry, blobs: Verified['blobs'], seq: number): Promise<Put[]> {
  const own = ownBlob(entry);
  const request = formatRequested({ seq, hash: requestHash(entry, own === null ? undefined : blobs.get(own)) });
  const records = [put(requestKey(entry.actor.org, entry.idem), request)];
  const about = aboutOf(entry);
  if (about !== null) records.push(put(aboutKey(about, seq), new Uint8Array()));
  for (const digest of blobsOf(entry)) {
    const blob = blobs.get(digest);
    // An adoption is named by its salted digest, everything else by that of its content.
    const content = blob && entry.kind !== 'adoption' ? contentDigest(blob.bytes) : digest;
    const kind = digest === own ? entry.kind : 'photo';
    const named = formatNamed({ kind, seq, content, blob: digest, forgotten: blob === undefined });
    records.push(put(contentKey(digest), named));
    if (content !== digest) records.push(put(contentKey(content), named));
    if (blob) records.push(put(blobKey(digest), await packBlob(blob)));
  }
  return records;
}

/** As recording.ts hashes what a repeated request must repeat; zeros where the content is not at hand. */
function requestHash(entry: KnownEntry, blob: HeldBlob | undefined): Uint8Array {
  // a signed request is known by what was signed, which only who signed it has whole
  if (!blob || entry.sig !== null) return new Uint8Array(32);
  let asked = contentDigest(blob.bytes);
  if (entry.kind === 'adoption') {
    const { by, why } = JSON.parse(fromUtf8(blob.bytes)) as { by: string; why: string }; // its digest was checked
    asked = valueDigest({ allocation: entry.body.allocation, by, why });
  }
  // A SHA-256 in hex is always bytes.
  return fromHex(valueDigest({ kind: entry.kind, digest: asked }))!;
}
