/**
 * The plans that are as good as the best, as bounds: with any optimal prices a plan is optimal exactly where every column with a profit
 * or loss stands at its bound and every row with a price is used up (complementary slackness). No tolerance on a value is needed.
 */
import { priceOut } from '../solve/finish/price.js';
import type { Lp } from '../solve/lp.js';
import type { Face } from './session.js';

/**
 * Profits and prices below this (the largest coefficient of an objective is 1e3) may be rounding and bind nothing, so a face is rather
 * too large than too small.
 */
const NOTHING = 1e-7;

/** Everything that is possible. */
export const wholeFace = (lp: Lp): Face => ({
  lower: new Float64Array(lp.columns),
  upper: lp.upper.slice(),
  rowLower: new Float64Array(lp.rows).fill(Number.NEGATIVE_INFINITY),
});

/** The optimal face of the present objective within a face, under prices y that are optimal there. */
export function faceOf(lp: Lp, y: Float64Array, within: Face): Face {
  const reduced = new Float64Array(lp.columns);
  priceOut(lp, y, reduced);
  return {
    lower: within.lower.map((least, j) => (reduced[j]! > NOTHING ? within.upper[j]! : least)),
    upper: within.upper.map((most, j) => (reduced[j]! < -NOTHING ? within.lower[j]! : most)),
    rowLower: within.rowLower.map((least, i) => (y[i]! > NOTHING ? lp.rowUpper[i]! : least)),
  };
}

/** Rounding of a sum of doubles, relative to the sum of their sizes. */
const ROUNDING = 1e-15;

/** What the present objective cannot exceed on a face, by weak duality; rounded up. */
export function boundOn(lp: Lp, face: Face, y: Float64Array): number {
  let bound = 0;
  let size = 0;
  const add = (term: number) => {
    bound += term;
    size += Math.abs(term);
  };
  for (let i = 0; i < lp.rows; i++) if (y[i] !== 0) add(lp.rowUpper[i]! * y[i]!);
  for (let j = 0, p = 0; j < lp.columns; j++) {
    let d = lp.objective[j]!;
    let parts = Math.abs(d);
    for (const end = lp.start[j + 1]!; p < end; p++) {
      const part = lp.value[p]! * y[lp.index[p]!]!;
      d -= part;
      parts += Math.abs(part);
    }
    add((d > 0 ? face.upper[j]! : face.lower[j]!) * d);
    size += parts * face.upper[j]!;
  }
  return bound + 8 * ROUNDING * size;
}
