/** Contents by their names: found, read, listed for a bundle, forgotten. */
import { rm } from 'node:fs/promises';
import { type Blob, unpackBlob } from './blobs.js';
import { fromHex, toHex } from './bytes.js';
import { blobDigest } from './digest.js';
import { readEntry } from './entry.js';
import type { Change, KeyValue } from './keyvalue.js';
import {
  blobKey,
  blobsFrom,
  blobsTo,
  contentKey,
  formatNamed,
  formatRequested,
  type Named,
  parseNamed,
  parseRequested,
  requestsFrom,
  requestsTo,
} from './layout.js';
import { entryAt, type Log, readable } from './log.js';
import { erasePlain } from './plain.js';

/** What a content digest or a salted blob digest names; undefined where nothing published has that name. */
export async function find(log: Log, digest: string): Promise<Named | undefined> {
  if (fromHex(digest)?.length !== 32) return undefined;
  const bytes = await log.kv.get(contentKey(digest));
  const named = bytes && parseNamed(bytes);
  return named && named.seq < readable(log) ? named : undefined;
}

/** What the names that begin with at least four hexadecimal digits stand for, each once; what was forgotten is left out. */
export async function findByPrefix(log: Log, prefix: string): Promise<Named[]> {
  if (!/^[0-9a-f]{4,64}$/.test(prefix)) return [];
  const [from, last] = [contentKey(prefix.padEnd(64, '0')), contentKey(prefix.padEnd(64, 'f'))];
  const found = new Map<string, Named>();
  for (const [, bytes] of await log.kv.range(from, Uint8Array.of(...last, 0))) {
    const named = parseNamed(bytes);
    if (!named.forgotten && named.seq < readable(log)) found.set(named.content, named);
  }
  return [...found.values()];
}

/** A content as it lies in the store: packed, and with the salted digest that it has to have. */
export interface StoredContent {
  blob: string;
  packed: Uint8Array;
}

/** Of a name; undefined where it is of another kind, unknown or forgotten. */
export async function storedContent(log: Log, digest: string, kind: Named['kind']): Promise<StoredContent | undefined> {
  const named = await find(log, digest);
  const packed = named?.kind === kind ? await log.kv.get(blobKey(named.blob)) : undefined;
  return named && packed && { blob: named.blob, packed };
}

/** In whichever thread. Throws where it is damaged. */
export async function openStored({ blob: digest, packed }: StoredContent): Promise<Blob> {
  const blob = await unpackBlob(packed);
  if (blobDigest(blob.salt, blob.bytes) !== digest) throw new Error(`the stored content of ${digest} is damaged`);
  return blob;
}

/** The blob of a salted digest; undefined where it was forgotten. Throws where it is damaged. */
export async function readBlob(kv: KeyValue, digest: string): Promise<Blob | undefined> {
  const packed = await kv.get(blobKey(digest));
  return packed && (await openStored({ blob: digest, packed }));
}

/** To be run between two batches. Erases a content with its salt and its unsalted names, from the files too; a report with its photo. */
export async function forget(log: Log, digest: string): Promise<boolean> {
  const named = await find(log, digest);
  if (!named || !(await log.kv.get(blobKey(named.blob)))) return false;
  const changes = await erasures(log, named);
  for (const photo of await photosOf(log, named)) changes.push(...(await erasures(log, photo)));
  // The request hash would confirm a guess at the content; the key itself stays used.
  for (const key of await requestsOf(log.kv, named.seq)) {
    changes.push({ type: 'put', key, value: formatRequested({ seq: named.seq, hash: new Uint8Array(32) }) });
  }
  // Flushed first: a deletion that reaches a table together with what it deletes stays there with it.
  await log.plain.sync();
  await erasePlain(log.paths.dir, changes);
  await compactKeys(log.kv, changes);
  await log.kv.write(changes);
  await compactKeys(log.kv, changes);
  await rm(log.paths.evidence, { recursive: true, force: true });
  return true;
}

async function erasures({ kv }: Log, named: Named): Promise<Change[]> {
  const { blob, content } = named;
  const changes: Change[] = [
    { type: 'del', key: blobKey(blob) },
    { type: 'put', key: contentKey(blob), value: formatNamed({ ...named, content: blob, forgotten: true }) },
  ];
  // A photo may have come a second time, with another report, whose name it is then.
  const owner = await kv.get(contentKey(content));
  if (content !== blob && owner && parseNamed(owner).blob === blob)
    changes.push({ type: 'del', key: contentKey(content) });
  return changes;
}

/** The photo beside a report, while it is there. */
async function photosOf(log: Log, { kind, seq }: Named): Promise<Named[]> {
  const bytes = kind === 'report' ? await entryAt(log, seq) : undefined;
  const read = bytes && readEntry(bytes);
  if (!read?.ok || read.entry.kind !== 'report' || read.entry.body.photo === undefined) return [];
  const photo = await find(log, read.entry.body.photo);
  return photo && !photo.forgotten ? [photo] : [];
}

async function compactKeys(kv: KeyValue, changes: readonly Change[]): Promise<void> {
  for (const { key } of changes) await kv.compact(key, Uint8Array.of(...key, 0));
}

async function requestsOf(kv: KeyValue, seq: number): Promise<Uint8Array[]> {
  const keys: Uint8Array[] = [];
  for (let from = requestsFrom; ; ) {
    const page = await kv.range(from, requestsTo, { limit: 10_000 });
    for (const [key, value] of page) if (parseRequested(value).seq === seq) keys.push(key);
    const last = page.at(-1);
    if (!last || page.length < 10_000) return keys;
    from = Uint8Array.of(...last[0], 0);
  }
}

/** Salted digests of all blobs that are held. */
export async function* eachBlobDigest(kv: Pick<KeyValue, 'keys'>): AsyncGenerator<string> {
  for (let from = blobsFrom; ; ) {
    const page = await kv.keys(from, blobsTo, 10_000);
    for (const key of page) yield toHex(key.subarray(1));
    const last = page.at(-1);
    if (!last || page.length < 10_000) return;
    from = Uint8Array.of(...last, 0);
  }
}
