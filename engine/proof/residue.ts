/**
 * Signs of differences that doubles cannot tell from zero. Where rounding leaves open whether a difference of large
 * whole numbers is above zero, its size is at most the rounding error, so it is known from its residue modulo 2^48;
 * and residues are products of 24-bit halves, which doubles hold exactly.
 */

const HALF = 2 ** 24;
const WHOLE = 2 ** 48;

/** Differences of at most this size are what their residues say. */
export const SMALL = 2 ** 47 - 1;

/** x modulo 2^48 of a whole double of any sign, from 0 to 2^48 − 1. */
export const residue = (x: number): number => x - Math.floor(x / WHOLE) * WHOLE;

export const residueOf = (x: bigint): number => Number(BigInt.asUintN(48, x));

/** a·b modulo 2^48 of two residues. */
export function timesResidue(a: number, b: number): number {
  const a1 = Math.floor(a / HALF);
  const b1 = Math.floor(b / HALF);
  const a0 = a - a1 * HALF;
  const b0 = b - b1 * HALF;
  const middle = a1 * b0 + a0 * b1; // below 2^49
  return residue(a0 * b0 + (middle - Math.floor(middle / HALF) * HALF) * HALF);
}

/** The whole number of size at most SMALL whose residue is that of x. */
export function small(x: number): number {
  const r = residue(x);
  return r > SMALL ? r - WHOLE : r;
}
