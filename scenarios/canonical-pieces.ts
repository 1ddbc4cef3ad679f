/** Canonical JSON for whoever takes it piece by piece and not as fast as it is written: see `canonical.ts`. */
import { canonicalBytes } from './canonical.js';

/** Entries of a list that are written at once; shorter lists are looked into, as their entries may be large. */
const [AT_ONCE, SHORT] = [1024, 64];

/** The pieces, joined, are `canonicalBytes(value)`; of a value with long lists only a part of one is in memory. */
export function* canonicalPieces(value: unknown): Generator<string | Uint8Array> {
  if (Array.isArray(value)) {
    yield '[';
    if (value.length <= SHORT)
      for (const [n, item] of value.entries()) {
        if (n > 0) yield ',';
        yield* canonicalPieces(item === undefined ? null : item);
      }
    else
      for (let from = 0; from < value.length; from += AT_ONCE) {
        if (from > 0) yield ',';
        yield canonicalBytes(value.slice(from, from + AT_ONCE)).subarray(1, -1);
      }
    yield ']';
  } else if (typeof value === 'object' && value !== null && !('toJSON' in value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    // by UTF-16 units, as RFC 8785 wants
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    if (entries.every(([, item]) => typeof item !== 'object' || item === null)) {
      yield canonicalBytes(value);
      return;
    }
    let before = '{';
    for (const [key, item] of entries) {
      yield before;
      yield canonicalBytes(key);
      yield ':';
      yield* canonicalPieces(item);
      before = ',';
    }
    yield '}';
  } else yield canonicalBytes(value);
}
