/** One name for one content: SHA-256 over canonical JSON (RFC 8785). Runs in a browser as well as in Node. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { writeCanonical } from './canonical.js';
import type { Scenario } from './schema.js';

/** SHA-256 as it goes along. */
interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

// Node's own is twelve times as fast (1.7 GB/s against 140 MB/s); not an import, as a browser has none.
const native = typeof process === 'object' ? process.getBuiltinModule?.('node:crypto') : undefined;
const newHash = (): Hash => native?.createHash('sha256') ?? sha256.create();

/** Lowercase hexadecimal SHA-256 (FIPS 180-4) of some bytes. */
export function sha256Hex(bytes: Uint8Array): string {
  const hash = newHash();
  hash.update(bytes);
  return bytesToHex(hash.digest());
}

/** Lowercase hexadecimal SHA-256 of a value's canonical JSON, which is never held as a whole. Throws as `writeCanonical`. */
export function digestOf(value: unknown): string {
  const hash = newHash();
  writeCanonical(value, (piece) => {
    hash.update(piece);
  });
  return bytesToHex(hash.digest());
}

/** The digest of a scenario as written, defaults not filled: lowercase hexadecimal SHA-256. */
export function scenarioDigest(scenario: Scenario): string {
  return digestOf(scenario);
}

/**
 * Whether two values are the same JSON, in whatever order their keys were written. What JSON cannot hold is the same as
 * nothing, not even as itself.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a === 'number') return a === b && Number.isFinite(a);
  if (typeof a === 'string' || typeof a === 'boolean' || a === null) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object' || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameJson(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  // what is neither null nor an array has keys
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let count = 0;
  for (const key of Object.keys(left)) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !sameJson(left[key], right[key])) return false;
    count++;
  }
  for (const key of Object.keys(right)) if (right[key] !== undefined) count--;
  return count === 0;
}
