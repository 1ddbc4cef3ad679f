/** One name for one content: SHA-256 over canonical JSON (RFC 8785). Runs in a browser as well as in Node. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Scenario } from './schema.js';

/**
 * UTF-8 bytes of the canonical JSON of a value (RFC 8785); as in JSON.stringify a property that is undefined
 * counts as absent. Throws a TypeError for what JSON cannot hold: NaN, infinities, BigInt, lone surrogates, cycles.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (error) {
    throw new TypeError(`no canonical JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === undefined) throw new TypeError('no canonical JSON: the value is undefined or a function');
  return new TextEncoder().encode(text);
}

/** Lowercase hexadecimal SHA-256 (FIPS 180-4) of some bytes. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** The digest of a scenario as written, defaults not filled: lowercase hexadecimal SHA-256. */
export function scenarioDigest(scenario: Scenario): string {
  return sha256Hex(canonicalBytes(scenario));
}
