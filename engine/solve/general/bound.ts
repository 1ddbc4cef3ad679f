/**
 * What prices prove: for y, w ≥ 0 no feasible x is worth more than b'y − v'w + Σ_j u_j · max(0, reduced gain), summed piece by
 * piece over all of the LP's columns.
 */
import type { Problem } from './problem.js';

export function boundOf(problem: Problem, y: Float64Array, w: Float64Array): number {
  const { n, first, start, index, value, concave, lp, gain } = problem;
  let sum = constantOf(problem, y, w);
  for (let j = 0; j < n; j++) {
    let price = 0;
    for (let p = start[j]!; p < start[j + 1]!; p++) price += value[p]! * y[index[p]!]!;
    for (let s = first[j]!; s < first[j + 1]!; s++) {
      let profit = gain[s]! - price;
      for (let q = 0; q < concave.length; q++) profit += w[q]! * concave[q]!.worth[s]!;
      if (profit > 0) sum += profit * lp.upper[s]!;
    }
  }
  return sum;
}

/** L(x, y) at T(z): between what x is worth once it is made possible and what y proves. */
export function lagrangianOf(problem: Problem, x: Float64Array, y: Float64Array, w: Float64Array): number {
  const { n, first, start, index, value, concave, lp, gain } = problem;
  let sum = constantOf(problem, y, w);
  for (let j = 0; j < n; j++) {
    let rest = x[j]!;
    if (rest === 0) continue;
    let price = 0;
    for (let p = start[j]!; p < start[j + 1]!; p++) price += value[p]! * y[index[p]!]!;
    for (let s = first[j]!; s < first[j + 1]! && rest > 0; s++) {
      let slope = gain[s]! - price;
      for (let q = 0; q < concave.length; q++) slope += w[q]! * concave[q]!.worth[s]!;
      const take = Math.min(rest, lp.upper[s]!);
      sum += slope * take;
      rest -= take;
    }
  }
  return sum;
}

/** b'y, the base prices included. */
function constantOf({ m, rowUpper, concave, lp, base }: Problem, y: Float64Array, w: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < lp.rows; i++) if (base[i]! > 0) sum += base[i]! * lp.rowUpper[i]!;
  for (let i = 0; i < m; i++) sum += y[i]! * rowUpper[i]!;
  for (let q = 0; q < concave.length; q++) sum -= w[q]! * concave[q]!.atLeast;
  return sum;
}
