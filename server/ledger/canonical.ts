/** Canonical JSON (RFC 8785): loosely for contents (as JSON.stringify reads a value), strictly for entries. */
import { utf8 } from './bytes.js';

/** An entry's length must fit the uint16 of a C2SP entry bundle. */
export const maxEntryBytes = 65_535;

/**
 * A content's canonical JSON; an undefined property counts as absent. Throws TypeError for what JSON cannot hold:
 * NaN, infinities, BigInt, functions, lone surrogates, cycles.
 */
export function canonicalText(value: unknown): string {
  if (absent(value)) throw new TypeError('no canonical JSON: the value is undefined');
  return textOf(value, []);
}

const absent = (value: unknown): boolean => value === undefined || typeof value === 'symbol';

/** `open` holds the objects and arrays around the value. */
function textOf(value: unknown, open: object[]): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`no canonical JSON: ${value}`);
      // RFC 8785 asks for ECMAScript's own Number::toString; minus zero comes out as 0.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : nestedText(value, open);
    default:
      throw new TypeError(`no canonical JSON: a ${typeof value}`);
  }
}

function nestedText(value: object, open: object[]): string {
  if (open.includes(value)) throw new TypeError('no canonical JSON: the value holds itself');
  open.push(value);
  let text: string;
  // What is neither null nor an array has keys.
  const keyed = value as Record<string, unknown>;
  if (typeof keyed.toJSON === 'function') text = textOf(keyed.toJSON(), open);
  else text = Array.isArray(value) ? listText(value, open) : objectText(keyed, open);
  open.pop();
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

function listText(list: unknown[], open: object[]): string {
  let text = '[';
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += ',';
    const item = list[i];
    text += textOf(absent(item) ? null : item, open);
  }
  return `${text}]`;
}

function objectText(object: Record<string, unknown>, open: object[]): string {
  const keys = Object.keys(object);
  // Most objects of the record come from canonical JSON, in order already.
  if (!inOrder(keys)) keys.sort();
  let text = '';
  for (const key of keys) {
    const item = object[key];
    if (!absent(item)) text += (text === '' ? '{' : ',') + named(key) + textOf(item, open);
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Most keys are the names of fields, which come again and again; ids of places are keys as well, so it is bounded. */
const names = new Map<string, string>();

function named(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const text = `${quoted(key)}:`;
  if (names.size < 1024 && key.length <= 32) names.set(key, text);
  return text;
}

/** By UTF-16 units, as RFC 8785 wants: what `<` of two strings and `sort` compare. */
function inOrder(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false;
  return true;
}

/** Nothing in it that must be escaped, and nothing that could be half a character. */
const plain = /^[ !#-[\]-~]*$/;
/** A surrogate without its partner; with the flag u, pairs are one character. */
const lone = /[\ud800-\udfff]/u;

function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  if (lone.test(text)) throw new TypeError('no canonical JSON: a lone surrogate');
  return JSON.stringify(text);
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
