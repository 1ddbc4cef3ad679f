/** The working set: the columns that a solution near the start can use, and the LP over them. */
import type { Lp } from '../lp.js';

/** A column that loses more than this share of the largest worth in it is left out at first. */
const DEAR = 0.02;
/** … unless it carries more than this share of its bound. */
const USED = 1e-3;

/**
 * Columns (ascending) that may be used near the prices y: d_j ≥ −DEAR · max(|c_j|, |a_ij|·y_i), or x_j > USED · u_j.
 * `reduced` is c − A'y.
 */
export function chooseColumns(lp: Lp, x: Float64Array, y: Float64Array, reduced: Float64Array): Int32Array {
  const chosen = new Int32Array(lp.columns);
  let n = 0;
  for (let j = 0; j < lp.columns; j++) {
    const d = reduced[j]!;
    let take = d >= 0 || x[j]! > USED * lp.upper[j]!;
    if (!take) {
      let worth = Math.abs(lp.objective[j]!);
      for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
        const part = Math.abs(lp.value[p]!) * y[lp.index[p]!]!;
        if (part > worth) worth = part;
      }
      take = d >= -DEAR * worth;
    }
    if (take) chosen[n++] = j;
  }
  return chosen.slice(0, n);
}

/** Numbers of the rows that limit (an earlier stage's row limits only once it is held), and the inverse with −1. */
export function limitingRows(lp: Lp): { rows: Int32Array; number: Int32Array } {
  const number = new Int32Array(lp.rows).fill(-1);
  const rows: number[] = [];
  for (let i = 0; i < lp.rows; i++) if (lp.rowUpper[i]! < Infinity) number[i] = rows.push(i) - 1;
  return { rows: Int32Array.from(rows), number };
}

/** The LP over some columns, in the order given, and some rows. */
export function restrict(lp: Lp, columns: Int32Array, { rows, number }: ReturnType<typeof limitingRows>): Lp {
  const start = new Int32Array(columns.length + 1);
  const most = entriesOf(lp, columns);
  const index = new Int32Array(most);
  const value = new Float64Array(most);
  let q = 0;
  columns.forEach((j, n) => {
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const i = number[lp.index[p]!]!;
      if (i < 0) continue;
      index[q] = i;
      value[q++] = lp.value[p]!;
    }
    start[n + 1] = q;
  });
  return {
    rows: rows.length,
    columns: columns.length,
    start,
    index: index.slice(0, q),
    value: value.slice(0, q),
    objective: Float64Array.from(columns, (j) => lp.objective[j]!),
    upper: Float64Array.from(columns, (j) => lp.upper[j]!),
    rowUpper: Float64Array.from(rows, (i) => lp.rowUpper[i]!),
  };
}

/** Entries of some columns. */
export function entriesOf(lp: Lp, columns: Int32Array): number {
  let n = 0;
  for (const j of columns) n += lp.start[j + 1]! - lp.start[j]!;
  return n;
}
