/**
 * Better prices from good ones: the bound b'y + Σ u_j max(0, c_j − A_j'y) is convex and piecewise linear in each price, so one price
 * after the other is set to its best value, exactly. Rows over many columns are left alone.
 */
import type { Lp } from '../lp.js';

export interface RowIndex {
  start: Int32Array;
  column: Int32Array;
  value: Float64Array;
  /** Rows in the order in which they are looked at. */
  order: Int32Array;
}

/** Rows over more columns than this are not moved: sorting their kinks would cost more than the pass is worth. */
const WIDE = 400;

export function indexRows(lp: Lp): RowIndex {
  const start = new Int32Array(lp.rows + 1);
  for (const i of lp.index) start[i + 1]!++;
  for (let i = 0; i < lp.rows; i++) start[i + 1]! += start[i]!;
  const fill = start.slice();
  const column = new Int32Array(lp.index.length);
  const value = new Float64Array(lp.index.length);
  for (let j = 0; j < lp.columns; j++)
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const at = fill[lp.index[p]!]!++;
      column[at] = j;
      value[at] = lp.value[p]!;
    }
  const order: number[] = [];
  for (let i = lp.rows - 1; i >= 0; i--) {
    const entries = start[i + 1]! - start[i]!;
    if (entries > 0 && entries <= WIDE && lp.rowUpper[i] !== Infinity) order.push(i);
  }
  return { start, column, value, order: Int32Array.from(order) };
}

/** Improves y in place, a price at a time; returns it with the bound that it proves. */
export function polish(lp: Lp, rows: RowIndex, y: Float64Array): { y: Float64Array; bound: number } {
  const { objective, upper, rowUpper, index, value: entry, start } = lp;
  const profit = objective.slice();
  for (let j = 0; j < lp.columns; j++)
    for (let p = start[j]!; p < start[j + 1]!; p++) {
      const price = y[index[p]!]!;
      if (price !== 0) profit[j]! -= entry[p]! * price;
    }
  const at = new Float64Array(WIDE);
  const turn = new Float64Array(WIDE);
  for (const i of rows.order) {
    const from = rows.start[i]!;
    const to = rows.start[i + 1]!;
    // slope of the bound just right of the present price, and kinks to either side
    let slope = rowUpper[i]!;
    let left = rowUpper[i]!;
    for (let p = from; p < to; p++) {
      const j = rows.column[p]!;
      const weight = rows.value[p]! * upper[j]!;
      if (profit[j]! > 0) {
        slope -= weight;
        left -= weight;
      } else if (profit[j] === 0) {
        if (weight < 0) slope -= weight;
        else left -= weight;
      }
    }
    const old = y[i]!;
    const up = slope < 0;
    const down = left > 0 && old > 0;
    if (!up && !down) continue;
    let n = 0;
    for (let p = from; p < to; p++) {
      const a = rows.value[p]!;
      const j = rows.column[p]!;
      const d = profit[j]! / a; // the profit turns at old + d
      if (up ? d <= 0 : d >= 0) continue;
      const size = Math.abs(a) * upper[j]!;
      let q = n++;
      // insertion keeps the nearest kink first; rows are short
      while (q > 0 && Math.abs(at[q - 1]!) > Math.abs(d)) {
        at[q] = at[q - 1]!;
        turn[q] = turn[q - 1]!;
        q--;
      }
      at[q] = d;
      turn[q] = size;
    }
    let move = 0;
    let s = up ? slope : -left;
    for (let q = 0; q < n; q++) {
      move = at[q]!;
      s += turn[q]!;
      if (s >= 0) break;
    }
    if (s < 0) {
      // falls for ever: upwards it cannot (b ≥ 0 there), downwards the price ends at zero
      if (up) continue;
      move = -old;
    }
    if (move < -old) move = -old;
    if (move === 0) continue;
    const next = Math.max(0, old + move);
    y[i] = next;
    for (let p = from; p < to; p++) profit[rows.column[p]!]! -= rows.value[p]! * (next - old);
  }
  // from scratch, as differences have added up
  let bound = 0;
  for (let i = 0; i < lp.rows; i++) if (y[i]! > 0 && rowUpper[i] !== Infinity) bound += y[i]! * rowUpper[i]!;
  for (let j = 0; j < lp.columns; j++) {
    let p0 = objective[j]!;
    for (let p = start[j]!; p < start[j + 1]!; p++) p0 -= entry[p]! * y[index[p]!]!;
    if (p0 > 0) bound += p0 * upper[j]!;
  }
  return { y, bound };
}
