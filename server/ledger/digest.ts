/** Every hash of the record with its domain: chain, leaf, blob, content. */
import { toHex, utf8 } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { sha256, sha256Of } from './hash.js';

const entryDomain = utf8('evenhand/entry/v1\0');
const blobDomain = utf8('evenhand/blob/v1\0');
const leafPrefix = Uint8Array.of(0);

/** `prev` of the entry that follows: SHA-256("evenhand/entry/v1\0" ‖ entry bytes). */
export function chainHash(entry: Uint8Array): Uint8Array {
  return sha256Of(entryDomain, entry);
}

/** Leaf of the tree: SHA-256(0x00 ‖ entry bytes), RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256Of(leafPrefix, entry);
}

/** What an entry holds of a blob: hex SHA-256("evenhand/blob/v1\0" ‖ 32-byte salt ‖ bytes). */
export function blobDigest(salt: Uint8Array, bytes: Uint8Array): string {
  return toHex(sha256Of(blobDomain, salt, bytes));
}

/** The name users see for a content: hex SHA-256 of canonical bytes. Unsalted, so never in an entry. */
export function contentDigest(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

/** Hex SHA-256 over the canonical JSON of a value. */
export function valueDigest(value: unknown): string {
  return contentDigest(canonicalBytes(value));
}
