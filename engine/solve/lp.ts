/**
 * A sparse linear program: maximise c'x subject to A x ≤ b, 0 ≤ x ≤ u, columns compressed (CSC), everything a double.
 * Equality and ≥ rows do not occur: every law of the allocation model limits something from above.
 */
export interface Lp {
  rows: number;
  columns: number;
  /** Column j has entries start[j] … start[j+1) of `index` (rows, ascending within a column) and `value`. */
  start: Int32Array;
  index: Int32Array;
  value: Float64Array;
  objective: Float64Array;
  upper: Float64Array;
  /** Infinity where a row does not limit (yet). */
  rowUpper: Float64Array;
}

/** `y[i]` ≥ 0 is the price of row i: what one more unit of b_i is worth. */
export interface LpSolution {
  x: Float64Array;
  y: Float64Array;
  objective: number;
  iterations: number;
}

/** Why there is no solution. Infeasible and unbounded cannot happen in this model unless a solver errs. */
export type LpOutcome = ({ outcome: 'optimal' } & LpSolution) | { outcome: 'failed'; why: string };

export interface LpSession {
  /** Solves with the LP's present objective and rowUpper, from the last solution where the backend can. */
  solve(onIterations?: (iterations: number) => void): LpOutcome;
  dispose(): void;
}

export interface LpBackend {
  name: 'highs' | 'jslp';
  version: string;
  open(lp: Lp): LpSession;
}

/** Collects a matrix column by column. */
export class ColumnBuilder {
  private readonly starts: number[] = [0];
  private readonly indices: number[] = [];
  private readonly values: number[] = [];
  readonly upper: number[] = [];

  /** Adds an entry to the column that is being written; zeros are dropped, as javascript-lp-solver trips over them. */
  entry(row: number, value: number): void {
    if (value === 0) return;
    this.indices.push(row);
    this.values.push(value);
  }

  /** Ends the column and returns its number. */
  end(upper: number): number {
    this.upper.push(upper);
    return this.starts.push(this.indices.length) - 2;
  }

  /**
   * The LP without rows that cannot bind: those whose largest activity Σ max(0, a_ij)·u_j stays within b_i. `kept`
   * gives the old number of each row that is left; rows in `always` stay, whatever they are.
   */
  build(rowUpper: Float64Array, always: (row: number) => boolean): { lp: Lp; kept: Int32Array } {
    const { starts, indices, values, upper } = this;
    const activity = new Float64Array(rowUpper.length);
    for (let j = 0; j < upper.length; j++)
      for (let p = starts[j]!; p < starts[j + 1]!; p++)
        if (values[p]! > 0) activity[indices[p]!]! += values[p]! * upper[j]!;
    const renumber = new Int32Array(rowUpper.length).fill(-1);
    const kept: number[] = [];
    for (let i = 0; i < rowUpper.length; i++)
      if (always(i) || activity[i]! > rowUpper[i]!) renumber[i] = kept.push(i) - 1;

    const start = new Int32Array(upper.length + 1);
    const index = new Int32Array(indices.length);
    const value = new Float64Array(indices.length);
    let n = 0;
    for (let j = 0; j < upper.length; j++) {
      for (let p = starts[j]!; p < starts[j + 1]!; p++) {
        const row = renumber[indices[p]!]!;
        if (row < 0) continue;
        index[n] = row;
        value[n++] = values[p]!;
      }
      start[j + 1] = n;
    }
    const lp: Lp = {
      rows: kept.length,
      columns: upper.length,
      start,
      index: index.slice(0, n),
      value: value.slice(0, n),
      objective: new Float64Array(upper.length),
      upper: Float64Array.from(upper),
      rowUpper: Float64Array.from(kept, (i) => rowUpper[i]!),
    };
    return { lp, kept: Int32Array.from(kept) };
  }
}
