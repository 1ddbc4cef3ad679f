/** What a witness remembers in its own small LevelDB: of each log the newest note it cosigned, and every earlier root. */
import { concat, fromUtf8, u64, utf8 } from '../ledger/bytes.js';
import { sha256 } from '../ledger/hash.js';
import type { KeyValue } from '../ledger/keyvalue.js';

const tagged = (tag: number, origin: string, ...rest: Uint8Array[]): Uint8Array =>
  concat(Uint8Array.of(tag), sha256(utf8(origin)), ...rest);

/** 01 ‖ SHA-256(origin) → signed note. */
const newestKey = (origin: string): Uint8Array => tagged(1, origin);

/** 02 ‖ SHA-256(origin) ‖ u64 size → signed note. */
const sizeKey = (origin: string, size: number): Uint8Array => tagged(2, origin, u64(size));

async function read(kv: KeyValue, key: Uint8Array): Promise<string | undefined> {
  const bytes = await kv.get(key);
  return bytes && fromUtf8(bytes);
}

/** The newest note of a log; undefined where none was cosigned. */
export const newestNote = (kv: KeyValue, origin: string) => read(kv, newestKey(origin));

/** The note of that size which was cosigned. */
export const noteOfSize = (kv: KeyValue, origin: string, size: number) => read(kv, sizeKey(origin, size));

/** Both records, all or nothing, on the disk when it returns. */
export async function remember(kv: KeyValue, origin: string, size: number, note: string): Promise<void> {
  const value = utf8(note);
  await kv.write([
    { type: 'put', key: newestKey(origin), value },
    { type: 'put', key: sizeKey(origin, size), value },
  ]);
}
