/**
 * Splits an LP into parts that share no row. Rows over a great many columns (a fleet, a budget) are left out first: where
 * the parts' solutions keep to them anyway, they are the solution of the whole, at price zero.
 */
import type { Lp, LpOutcome } from './lp.js';

/** A row over more than this many times √columns columns is left out at first. */
const WIDE = 2;

/** Solves part by part; null where a row that was left out is broken, so that the LP has to be solved whole. */
export function solveByParts(lp: Lp, solve: (part: Lp) => LpOutcome): LpOutcome | null {
  const entries = new Int32Array(lp.rows);
  for (const i of lp.index) entries[i]!++;
  const wide = (i: number) => lp.rowUpper[i] === Infinity || entries[i]! > WIDE * Math.sqrt(lp.columns);
  const groups = connected(lp, wide);
  if (groups.length < 2) return null;

  const x = new Float64Array(lp.columns);
  const y = new Float64Array(lp.rows);
  let objective = 0;
  let iterations = 0;
  for (const group of groups) {
    const { part, rows } = extract(lp, group, wide);
    if (!part.objective.some((c) => c > 0)) continue; // nothing to gain: stays at zero, which every row allows
    const outcome = solve(part);
    if (outcome.outcome === 'failed') return outcome;
    group.forEach((j, n) => {
      x[j] = outcome.x[n]!;
    });
    rows.forEach((i, n) => {
      y[i] = outcome.y[n]!;
    });
    objective += outcome.objective;
    iterations += outcome.iterations;
  }
  return keepsTo(lp, x) ? { outcome: 'optimal', x, y, objective, iterations } : null;
}

/** Columns by connected part, in order of their first column. */
function connected(lp: Lp, skip: (row: number) => boolean): number[][] {
  const parent = Int32Array.from({ length: lp.columns }, (_, j) => j);
  const root = (j: number): number => {
    while (parent[j] !== j) {
      parent[j] = parent[parent[j]!]!;
      j = parent[j]!;
    }
    return j;
  };
  const owner = new Int32Array(lp.rows).fill(-1);
  for (let j = 0; j < lp.columns; j++)
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const i = lp.index[p]!;
      if (skip(i)) continue;
      if (owner[i]! < 0) owner[i] = j;
      else parent[root(j)] = root(owner[i]!);
    }
  const groups = new Map<number, number[]>();
  for (let j = 0; j < lp.columns; j++) {
    const r = root(j);
    const group = groups.get(r);
    if (group) group.push(j);
    else groups.set(r, [j]);
  }
  return [...groups.values()];
}

function extract(lp: Lp, columns: number[], skip: (row: number) => boolean): { part: Lp; rows: number[] } {
  const number = new Map<number, number>();
  const rows: number[] = [];
  const start = [0];
  const index: number[] = [];
  const value: number[] = [];
  for (const j of columns) {
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const i = lp.index[p]!;
      if (skip(i)) continue;
      let n = number.get(i);
      if (n === undefined) {
        n = rows.push(i) - 1;
        number.set(i, n);
      }
      index.push(n);
      value.push(lp.value[p]!);
    }
    start.push(index.length);
  }
  const part: Lp = {
    rows: rows.length,
    columns: columns.length,
    start: Int32Array.from(start),
    index: Int32Array.from(index),
    value: Float64Array.from(value),
    objective: Float64Array.from(columns, (j) => lp.objective[j]!),
    upper: Float64Array.from(columns, (j) => lp.upper[j]!),
    rowUpper: Float64Array.from(rows, (i) => lp.rowUpper[i]!),
  };
  return { part, rows };
}

/** Whether x keeps to every row, up to rounding. */
function keepsTo(lp: Lp, x: Float64Array): boolean {
  const activity = new Float64Array(lp.rows);
  for (let j = 0; j < lp.columns; j++)
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) activity[lp.index[p]!]! += lp.value[p]! * x[j]!;
  return activity.every((a, i) => a <= lp.rowUpper[i]! + 1e-7 * Math.max(1, Math.abs(lp.rowUpper[i]!)));
}
