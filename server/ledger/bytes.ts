/** Text and number forms of bytes; decoding is strict, so that one value has one spelling and a flipped bit shows. */
import { bytesToHex } from '@noble/hashes/utils.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** All parts in a row, as a copy. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Text of UTF-8 bytes; throws TypeError where they are not valid UTF-8. A BOM is kept, as it is a change. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** By character code; 16 for what is no digit. */
const digits = new Uint8Array(128).fill(16);
for (let i = 0; i < 16; i++) digits['0123456789abcdef'.charCodeAt(i)] = i;

/** Bytes of lowercase hex; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digits[text.charCodeAt(2 * i)] ?? 16;
    const low = digits[text.charCodeAt(2 * i + 1)] ?? 16;
    if (high > 15 || low > 15) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** Where there is one (Node), ten times as fast as `btoa`: a proof has twenty hashes, and each append gives a proof. */
const native: typeof Buffer | undefined = globalThis.Buffer;

/** Lowercase hex. */
export const toHex: (bytes: Uint8Array) => string = native
  ? (bytes) => native.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  : bytesToHex;

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  if (native) return native.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  let binary = '';
  // In pieces that fit on the stack: photos have two million bytes.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** Bytes of canonical base64; undefined for anything else, stray trailing bits and white space included. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (native) {
    const bytes = native.from(text, 'base64');
    return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
  }
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  if (btoa(binary) !== text) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Equality of bytes, not in constant time: nothing secret is compared here. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A safe non-negative integer as eight big-endian bytes. */
export function u64(n: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
}

/** The inverse of `u64`, at an offset; throws RangeError beyond 2^53 − 1 or the end of the bytes. */
export function readU64(bytes: Uint8Array, offset = 0): number {
  const n = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset));
  if (!Number.isSafeInteger(n)) throw new RangeError('a 64-bit count beyond 2^53 - 1');
  return n;
}
