/**
 * Step lengths. With s the typical size of each variable and r of each price, τ_j = s_j / Σ_i |a_ij| r_i and
 * σ_i = r_i / Σ_j |a_ij| s_j keep ‖σ^½ A τ^½‖ ≤ 1 whatever s and r are (Pock, Chambolle 2011, lemma 2 with α = 1).
 */
import type { Iterate } from './iterate.js';
import type { Problem } from './problem.js';

/** Starting sizes: a variable's bound; for prices the mean worth of a unit over the row's mean coefficient. */
export function startSizes(problem: Problem, it: Iterate): void {
  const { n, m, start, index, value, upper, concave, lp, gain } = problem;
  let worth = 0;
  let worthy = 0;
  for (let s = 0; s < lp.columns; s++)
    if (gain[s] !== 0) {
      worth += Math.abs(gain[s]!);
      worthy++;
    }
  const typical = worthy > 0 ? worth / worthy : 1;
  const sum = new Float64Array(m);
  const count = new Float64Array(m);
  for (let j = 0; j < n; j++) {
    it.sizeX[j] = upper[j]! > 0 ? upper[j]! : 1e-9;
    for (let p = start[j]!; p < start[j + 1]!; p++) {
      sum[index[p]!]! += Math.abs(value[p]!);
      count[index[p]!]!++;
    }
  }
  for (let i = 0; i < m; i++) it.sizeY[i] = count[i]! > 0 && sum[i]! > 0 ? (typical * count[i]!) / sum[i]! : typical;
  concave.forEach(({ worth: g }, q) => {
    let total = 0;
    let some = 0;
    for (const v of g)
      if (v !== 0) {
        total += Math.abs(v);
        some++;
      }
    it.sizeW[q] = total > 0 ? (typical * some) / total : typical;
  });
}

/** τ and σ for the present sizes. */
export function setSteps(problem: Problem, it: Iterate): void {
  const { n, m, first, start, index, value, concave, gain } = problem;
  const { sizeX, sizeY, sizeW, tau, sigma, sigmaW } = it;
  const rowSum = new Float64Array(m);
  const concaveSum = new Float64Array(concave.length);
  for (let j = 0; j < n; j++) {
    let sum = 0;
    const s = sizeX[j]!;
    for (let p = start[j]!; p < start[j + 1]!; p++) {
      const a = Math.abs(value[p]!);
      sum += a * sizeY[index[p]!]!;
      rowSum[index[p]!]! += a * s;
    }
    for (let q = 0; q < concave.length; q++) {
      let a = 0;
      for (let c = first[j]!; c < first[j + 1]!; c++) a = Math.max(a, Math.abs(concave[q]!.worth[c]!));
      sum += a * sizeW[q]!;
      concaveSum[q]! += a * s;
    }
    tau[j] = s / (sum > 0 ? sum : gain[first[j]!]! > 0 ? gain[first[j]!]! : 1);
  }
  for (let i = 0; i < m; i++) sigma[i] = rowSum[i]! > 0 ? sizeY[i]! / rowSum[i]! : 0;
  for (let q = 0; q < concave.length; q++) sigmaW[q] = concaveSum[q]! > 0 ? sizeW[q]! / concaveSum[q]! : 0;
}

/** Sizes may fall to this share of what they started from: below, variables that come back move too slowly. */
const LEAST_X = 0.01;
const [LEAST_Y, MOST_Y] = [0.02, 4];

/**
 * Sizes nearer to the solution, at a restart: a variable that is zero takes no step length from its neighbours. `x0`, `y0` are the sizes of
 * the start.
 */
export function adaptSizes(problem: Problem, it: Iterate, x0: Float64Array, y0: Float64Array): void {
  const { n, m } = problem;
  const { sizeX, sizeY, x, y } = it;
  for (let j = 0; j < n; j++) sizeX[j] = Math.min(x0[j]!, Math.max(LEAST_X * x0[j]!, 4 * x[j]!, 0.3 * sizeX[j]!));
  for (let i = 0; i < m; i++)
    sizeY[i] = Math.min(MOST_Y * y0[i]!, Math.max(LEAST_Y * y0[i]!, 4 * y[i]!, 0.3 * sizeY[i]!));
  setSteps(problem, it);
}
