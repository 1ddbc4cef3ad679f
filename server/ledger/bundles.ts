/** C2SP entry bundles: each entry after its length as a big-endian uint16. */
import { concat } from './bytes.js';

export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]));
}

/** The whole entries at the front of the bytes, and how many bytes they take. */
export function parseBundle(bytes: Uint8Array): { entries: Uint8Array[]; length: number } {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { entries, length: at };
}
