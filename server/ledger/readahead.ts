/** The entries of a store in order, with the contents that they will be held against fetched before they are asked for. */
import { same, toHex } from './bytes.js';
import { blobKey, blobsFrom, entryKey } from './layout.js';
import type { StoreReader } from './storereader.js';

/** `blobKey` in hex, under which `getSome` names it. */
const blobName = (digest: string): string => blobTag + digest;
const blobTag = toHex(blobsFrom);

const pageSize = 256;
/** Pages on their way while one is judged. */
const pagesAhead = 3;

interface Page {
  records: [Uint8Array, Uint8Array][];
  blobs: Promise<Map<string, Uint8Array | undefined>>;
}

export interface Ahead {
  /** Ends at the first entry that is missing, which is reported. */
  entries(): AsyncGenerator<Uint8Array>;
  /** Stored blobs by salted digest: those that came with the entries, the others asked for now. */
  blobs(digests: readonly string[]): Promise<Map<string, Uint8Array | undefined>>;
}

export function readAhead(store: StoreReader, missing: (seq: number) => void): Ahead {
  const end = entryKey(Number.MAX_SAFE_INTEGER);
  /** Of the last two pages: who reads the entries gathers some before it asks. */
  let held: Map<string, Uint8Array | undefined>[] = [];

  async function fetch(seq: number): Promise<Page> {
    const records = await store.range(entryKey(seq), end, { limit: pageSize });
    const keys = records.flatMap(([, bytes]) => ownBlobKey(bytes) ?? []);
    const blobs = store.getSome(keys);
    // It is awaited when its entries are read.
    blobs.catch(() => undefined);
    return { records, blobs };
  }

  async function* entries(): AsyncGenerator<Uint8Array> {
    const coming: Promise<Page>[] = [];
    let seq = 0;
    for (let next = 0; ; ) {
      for (; coming.length <= pagesAhead; next += pageSize) {
        const page = fetch(next);
        page.catch(() => undefined);
        coming.push(page);
      }
      const { records, blobs } = await coming.shift()!;
      if (records.length === 0) return;
      held = [...held.slice(-1), await blobs];
      for (const [key, bytes] of records) {
        if (!same(key, entryKey(seq))) {
          missing(seq);
          return;
        }
        seq++;
        yield bytes;
      }
    }
  }

  async function blobs(digests: readonly string[]): Promise<Map<string, Uint8Array | undefined>> {
    const found = new Map<string, Uint8Array | undefined>();
    const others: string[] = [];
    for (const digest of digests) {
      const key = blobName(digest);
      const page = held.find((known) => known.has(key));
      if (page) found.set(digest, page.get(key));
      else others.push(digest);
    }
    const stored = await store.getMany(others.map(blobKey));
    others.forEach((digest, i) => {
      found.set(digest, stored[i]);
    });
    return found;
  }

  return { entries, blobs };
}

/** The key of an entry's own content, as far as its text shows it: a wrong guess costs a look-up and nothing else. */
function ownBlobKey(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const [, kind = ''] = /"kind":"([a-z]+)","log":/.exec(text) ?? [];
  const at = text.indexOf(`"${kind}":"`) + kind.length + 4;
  const digest = text.slice(at, at + 64);
  return /^[0-9a-f]{64}$/.test(digest) ? blobKey(digest) : undefined;
}
