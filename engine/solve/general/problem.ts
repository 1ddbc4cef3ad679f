/**
 * An LP as the first-order method sees it. Rows that do not limit are left out. Neighbouring columns that differ only in
 * what they are worth (the bands of one need) become one variable x whose worth is piecewise linear and concave; its
 * pieces are the LP's columns first[j] … first[j+1), filled in order:
 *
 *   maximise Σ_j g_0j(x_j)   subject to   A x ≤ b,   Σ_j g_qj(x_j) ≥ v_q,   0 ≤ x_j ≤ u_j
 *
 * Row q is the row of an earlier stage ("do at least as well"), where the pieces differ as well. With the bands apart, nine
 * of ten stand at a bound and only take step length from the tenth.
 */
import type { Lp } from '../lp.js';

export interface Problem {
  lp: Lp;
  /** Worth of each of the LP's columns: its objective, less `base` prices on rows of earlier stages. */
  gain: Float64Array;
  base: Float64Array;
  /** Variables and their pieces: columns first[j] … first[j+1) of the LP. */
  n: number;
  first: Int32Array;
  /** Σ of the pieces' bounds. */
  upper: Float64Array;
  /** Linear rows, and the LP's number of each. */
  m: number;
  row: Int32Array;
  rowUpper: Float64Array;
  start: Int32Array;
  index: Int32Array;
  value: Float64Array;
  /** Concave rows: the LP's number of each, v_q, and the worth of each of the LP's columns on it (−a). */
  concave: { row: number; atLeast: number; worth: Float64Array }[];
}

/**
 * Reads the LP's present objective and right-hand sides. `base` ≥ 0 (by row) is a price on rows of earlier stages that is paid in any case:
 * it moves into the objective, and only what is above it is left to find.
 */
export function compileProblem(lp: Lp, base: Float64Array = new Float64Array(lp.rows)): Problem {
  const { start, index, value, objective, upper, rowUpper } = lp;
  const gain = objective.slice();
  if (base.some((b) => b > 0))
    for (let s = 0; s < lp.columns; s++)
      for (let e = start[s]!; e < start[s + 1]!; e++) gain[s]! -= base[index[e]!]! * value[e]!;
  const first: number[] = [];
  const curved = new Uint8Array(lp.rows);
  for (let j = 0; j < lp.columns; j++) if (j === 0 || !continues(lp, j, curved)) first.push(j);
  const n = first.length;
  first.push(lp.columns);

  const concave: Problem['concave'] = [];
  const place = new Int32Array(lp.rows).fill(-1);
  const row: number[] = [];
  const used = new Uint8Array(lp.rows);
  for (const i of index) used[i] = 1;
  const which = new Int32Array(lp.rows).fill(-1);
  for (let i = 0; i < lp.rows; i++) {
    if (rowUpper[i] === Infinity || used[i] === 0) continue;
    if (curved[i]) {
      which[i] = concave.push({ row: i, atLeast: -rowUpper[i]!, worth: new Float64Array(lp.columns) }) - 1;
    } else place[i] = row.push(i) - 1;
  }
  const begin = new Int32Array(n + 1);
  const into = new Int32Array(index.length);
  const coefficient = new Float64Array(index.length);
  const most = new Float64Array(n);
  let p = 0;
  for (let j = 0; j < n; j++) {
    for (let e = start[first[j]!]!; e < start[first[j]! + 1]!; e++) {
      const i = place[index[e]!]!;
      if (i < 0) continue;
      into[p] = i;
      coefficient[p++] = value[e]!;
    }
    begin[j + 1] = p;
    for (let s = first[j]!; s < first[j + 1]!; s++) most[j]! += upper[s]!;
  }
  if (concave.length)
    for (let s = 0; s < lp.columns; s++)
      for (let e = start[s]!; e < start[s + 1]!; e++) {
        const q = which[index[e]!]!;
        if (q >= 0) concave[q]!.worth[s] = -value[e]!;
      }
  return {
    lp,
    gain,
    base,
    n,
    first: Int32Array.from(first),
    upper: most,
    m: row.length,
    row: Int32Array.from(row),
    rowUpper: Float64Array.from(row, (i) => rowUpper[i]!),
    start: begin,
    index: into.slice(0, p),
    value: coefficient.slice(0, p),
    concave,
  };
}

/**
 * Whether column j goes on where column j − 1 ends: the same entries, worth no more. Rows in which it is worth strictly less
 * are marked in `curved`; such entries must be negative ("at least" rows).
 */
function continues(lp: Lp, j: number, curved: Uint8Array): boolean {
  const { start, index, value, objective, rowUpper } = lp;
  if (objective[j]! > objective[j - 1]!) return false;
  let p = start[j - 1]!;
  let e = start[j]!;
  const [pEnd, eEnd] = [start[j]!, start[j + 1]!];
  const less: number[] = [];
  while (p < pEnd || e < eEnd) {
    const i = p < pEnd ? index[p]! : lp.rows;
    const h = e < eEnd ? index[e]! : lp.rows;
    const row = Math.min(i, h);
    const before = i === row ? value[p++]! : 0;
    const now = h === row ? value[e++]! : 0;
    if (before === now || rowUpper[row] === Infinity) continue;
    if (!(before <= now && now <= 0)) return false;
    less.push(row);
  }
  for (const row of less) curved[row] = 1;
  return true;
}

/** Prices of all of the LP's rows, the base prices included. */
export function rowPrices(problem: Problem, y: Float64Array, w: Float64Array): Float64Array {
  const all = problem.base.slice();
  problem.row.forEach((row, i) => {
    all[row]! += y[i]!;
  });
  problem.concave.forEach(({ row }, q) => {
    all[row]! += w[q]!;
  });
  return all;
}

/** The reverse: what prices of all rows leave above the base prices, for linear and for concave rows. */
export function splitPrices(problem: Problem, all: Float64Array): [Float64Array, Float64Array] {
  const left = (i: number) => Math.max(0, all[i]! - problem.base[i]!);
  return [Float64Array.from(problem.row, left), Float64Array.from(problem.concave, ({ row }) => left(row))];
}

/** The LP's columns behind the variables: pieces filled in order. */
export function pieceColumns({ n, first, lp }: Problem, x: Float64Array): Float64Array {
  const all = new Float64Array(lp.columns);
  for (let j = 0; j < n; j++) {
    let rest = x[j]!;
    for (let s = first[j]!; s < first[j + 1]! && rest > 0; s++) {
      const take = Math.min(rest, lp.upper[s]!);
      all[s] = take;
      rest -= take;
    }
  }
  return all;
}
