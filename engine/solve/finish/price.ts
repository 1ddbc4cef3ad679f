/** Pricing out: reduced costs, bound, value and worst violation of flows and prices on the whole LP. */
import type { Lp } from '../lp.js';

/**
 * Writes the reduced profits c − A'y to `reduced` (by column) and returns the bound b'y + Σ u·max(0, c − A'y), which no
 * feasible x exceeds. y ≥ 0 by row; prices of rows without a limit must be 0 (`cleanPrices`).
 */
export function priceOut(lp: Lp, y: Float64Array, reduced: Float64Array): number {
  const { rows, columns, start, index, value, objective, upper, rowUpper } = lp;
  let bound = 0;
  for (let i = 0; i < rows; i++) if (y[i]! > 0) bound += rowUpper[i]! * y[i]!;
  for (let j = 0, p = 0; j < columns; j++) {
    let d = objective[j]!;
    for (const end = start[j + 1]!; p < end; p++) d -= value[p]! * y[index[p]!]!;
    reduced[j] = d;
    if (d > 0) bound += upper[j]! * d;
  }
  return bound;
}

/** A copy of prices with what is negative, not a number or on a row without a limit set to 0. */
export function cleanPrices(lp: Lp, y: Float64Array): Float64Array {
  return y.map((price, i) => (price > 0 && price < Infinity && lp.rowUpper[i]! < Infinity ? price : 0));
}

export function objectiveAt(lp: Lp, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < lp.columns; j++) sum += lp.objective[j]! * x[j]!;
  return sum;
}

/** b − A x by row. */
export function slacks(lp: Lp, x: Float64Array): Float64Array {
  const slack = lp.rowUpper.slice();
  for (let j = 0; j < lp.columns; j++) {
    const v = x[j]!;
    if (v === 0) continue;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) slack[lp.index[p]!]! -= lp.value[p]! * v;
  }
  return slack;
}

/** Whether x keeps to its bounds and to every row within `tolerance`, relative to max(1, |b|). */
export function isFeasible(lp: Lp, x: Float64Array, tolerance: number): boolean {
  for (let j = 0; j < lp.columns; j++)
    if (!(x[j]! >= -tolerance && x[j]! <= lp.upper[j]! + tolerance * Math.max(1, lp.upper[j]!))) return false;
  return slacks(lp, x).every((s, i) => s >= -tolerance * Math.max(1, Math.abs(lp.rowUpper[i]!)));
}

/** Relative rises of prices: more than a certificate's grid, the second more than the first. */
const [GOODS, LIMITS] = [1e-12, 1e-9];

/**
 * Prices on rows with nothing to give, a hair higher, as that costs the bound nothing. Where no plan is worth anything, the last digit of
 * a price is an infinite share of the value. Rows that only take (limits) rise more than those that also give (goods).
 */
export function liftPrices(lp: Lp, y: Float64Array): Float64Array {
  const gives = new Uint8Array(lp.rows);
  for (let p = 0; p < lp.value.length; p++) if (lp.value[p]! < 0) gives[lp.index[p]!] = 1;
  return y.map((price, i) => (lp.rowUpper[i] === 0 ? price * (1 + (gives[i] ? GOODS : LIMITS)) : price));
}
