/** Canonical JSON (RFC 8785): loosely for contents (as JSON.stringify reads a value), strictly for entries. */
import canonicalize from 'canonicalize';
import { utf8 } from './bytes.js';

/** An entry's length must fit the uint16 of a C2SP entry bundle. */
export const maxEntryBytes = 65_535;

/**
 * A content's canonical JSON; an undefined property counts as absent. Throws TypeError for what JSON cannot hold:
 * NaN, infinities, BigInt, lone surrogates, cycles.
 */
export function canonicalText(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (error) {
    throw new TypeError(`no canonical JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === undefined) throw new TypeError('no canonical JSON: the value is undefined or a function');
  return text;
}

/**
 * Whether a text is the canonical JSON of the value that was parsed from it; throws as `canonicalText` does. Where the
 * keys are sorted and JSON.stringify gives the text back it is canonical: RFC 8785 writes numbers and strings as
 * ECMAScript does. Escapes are left to the slower way, which refuses lone surrogates.
 */
export function isCanonical(value: unknown, text: string): boolean {
  if (!text.includes('\\u') && JSON.stringify(value) === text && hasSortedKeys(value)) return true;
  return canonicalText(value) === text;
}

function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedKeys);
  let last: string | undefined;
  for (const [key, inner] of Object.entries(value)) {
    if ((last !== undefined && key <= last) || !hasSortedKeys(inner)) return false;
    last = key;
  }
  return true;
}

/** UTF-8 bytes of the same. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8(canonicalText(value));
}

/**
 * Canonical bytes of an entry. Throws TypeError, with the JSON pointer, for undefined and for numbers that are not
 * safe integers (other readers of JSON round them differently); the length is the caller's to check.
 */
export function entryBytes(entry: unknown): Uint8Array {
  refuse(entry, '');
  return canonicalBytes(entry);
}

function refuse(value: unknown, pointer: string): void {
  if (value === undefined) throw new TypeError(`undefined in an entry at ${pointer || '/'}`);
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0)))
    throw new TypeError(`${value} in an entry at ${pointer || '/'}: quantities are safe integers or decimal strings`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) refuse(inner, `${pointer}/${key}`);
}
