/**
 * Ed25519 public keys that must not be believed. Of a small-order key the holder needs no secret: one signature holds
 * for many messages. A non-canonical spelling gives one key two names. Both are refused where a key is loaded.
 */
import { toHex } from './bytes.js';

const p = 2n ** 255n - 19n;
/** −121665/121666 (RFC 8032, section 5.1). */
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * y of the eight points whose order divides 8, as RFC 8032 writes it with the sign of x cleared: 1 (the identity),
 * −1 (order 2), 0 (order 4) and two of order 8. The tests compute them anew from multiples of the group order.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

// A log is verified with few keys, each of them many times.
const judged = new Map<string, string | null>();

/** Why a public key of 32 bytes is refused, or null where it may be used. */
export function keyFault(publicKey: Uint8Array): string | null {
  if (publicKey.length !== 32) return `a public key has 32 bytes, this one has ${publicKey.length}`;
  const name = toHex(publicKey);
  const known = judged.get(name);
  if (known !== undefined) return known;
  const fault = judge(publicKey);
  if (judged.size < 1000) judged.set(name, fault);
  return fault;
}

function judge(publicKey: Uint8Array): string | null {
  // A copy even of a Buffer, whose slice is none.
  const bytes = Uint8Array.from(publicKey);
  bytes[31]! &= 0x7f;
  const y = BigInt(`0x${toHex(bytes.toReversed())}`);
  if (y >= p) return 'the public key is not canonical: its y is not below 2^255 - 19';
  // Covers both signs of x, also "negative zero" for y = ±1.
  if (smallOrder.has(toHex(bytes))) return 'the public key is of small order: anybody can sign for it';
  const yy = (y * y) % p;
  // x² = (y² − 1) / (dy² + 1): a square exactly where numerator times denominator is one, as 1/v = v · (1/v)².
  const uv = ((yy + p - 1n) * ((d * yy + 1n) % p)) % p;
  return power(uv, (p - 1n) / 2n) === 1n ? null : 'the public key is no point of the curve';
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % p) if (e & 1n) result = (result * b) % p;
  return result;
}
