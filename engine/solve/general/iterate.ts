/**
 * Restarted reflected Halpern primal-dual hybrid gradient (Lu, Peng, Yang 2025, "cuPDLPx", section 3) on a `Problem`, with diagonal steps
 * (Pock, Chambolle 2011) and exact proximal steps for the pieces of concave variables. With z = (x, y) and
 *
 *   T(z):  x⁺ = argmax Σ_j g_0j + Σ_q w_q g_qj − p_j x − (x − x_j)²/2τ_j,   p = A'y
 *          y⁺ = max(0, y + σ (A(2x⁺ − x) − b)),  w⁺ = max(0, w + σ (v − 2g(x⁺) + g(x)))
 *
 * an iteration is z ← (k+1)/(k+2) · ((1+ρ) T(z) − ρ z) + 1/(k+2) · z⁰ and reads the matrix once.
 */
import type { Problem } from './problem.js';

export interface Iterate {
  /** z, its anchor z⁰ and T(z) as of the last look. */
  x: Float64Array;
  y: Float64Array;
  w: Float64Array;
  anchorX: Float64Array;
  anchorY: Float64Array;
  anchorW: Float64Array;
  nextX: Float64Array;
  nextY: Float64Array;
  nextW: Float64Array;
  /** Step lengths at primal weight 1, and the typical sizes they are made of. */
  tau: Float64Array;
  sigma: Float64Array;
  sigmaW: Float64Array;
  sizeX: Float64Array;
  sizeY: Float64Array;
  sizeW: Float64Array;
  weight: number;
  /** Iterations since the last restart. */
  k: number;
  activity: Float64Array;
  change: Float64Array;
}

export function openIterate(problem: Problem): Iterate {
  const { n, m, concave } = problem;
  const q = concave.length;
  const X = () => new Float64Array(n);
  const Y = () => new Float64Array(m);
  const W = () => new Float64Array(q);
  return {
    x: X(),
    y: Y(),
    w: W(),
    anchorX: X(),
    anchorY: Y(),
    anchorW: W(),
    nextX: X(),
    nextY: Y(),
    nextW: W(),
    tau: X(),
    sigma: Y(),
    sigmaW: W(),
    sizeX: X(),
    sizeY: Y(),
    sizeW: W(),
    weight: 1,
    k: 0,
    activity: Y(),
    change: Y(),
  };
}

/**
 * One iteration. A `look` also leaves T(z) in `next…` and returns the fixed-point error ‖z − T(z)‖² in the metric of the steps;
 * else returns 0.
 */
export function advance(problem: Problem, it: Iterate, reflection: number, look: boolean): number {
  const { n, m, first, start, index, value, upper, rowUpper, concave, lp, gain } = problem;
  const { x, y, w, anchorX, anchorY, anchorW, nextX, nextY, nextW, tau, sigma, sigmaW, activity, change } = it;
  const width = lp.upper;
  const Q = concave.length;
  const weight = it.weight;
  const h = (it.k + 1) / (it.k + 2);
  const h0 = 1 - h;
  const over = 1 + reflection;
  activity.fill(0);
  if (look) change.fill(0);
  let errorX = 0;
  const worthNow = new Float64Array(Q);
  const worthNext = new Float64Array(Q);

  for (let j = 0; j < n; j++) {
    let price = 0;
    const from = start[j]!;
    const to = start[j + 1]!;
    for (let p = from; p < to; p++) price += value[p]! * y[index[p]!]!;
    const old = x[j]!;
    const step = tau[j]! / weight;
    const s0 = first[j]!;
    const s1 = first[j + 1]!;
    let next: number;
    if (s1 - s0 === 1) {
      let slope = gain[s0]!;
      for (let q = 0; q < Q; q++) slope += w[q]! * concave[q]!.worth[s0]!;
      next = old + step * (slope - price);
      next = Math.max(0, Math.min(next, upper[j]!));
      for (let q = 0; q < Q; q++) {
        const g = concave[q]!.worth[s0]!;
        worthNow[q]! += g * old;
        worthNext[q]! += g * next;
      }
    } else {
      let at = 0;
      next = upper[j]!;
      for (let s = s0; s < s1; s++) {
        let slope = gain[s]!;
        for (let q = 0; q < Q; q++) slope += w[q]! * concave[q]!.worth[s]!;
        const here = old + step * (slope - price);
        if (here <= at) {
          next = at;
          break;
        }
        at += width[s]!;
        if (here < at) {
          next = here;
          break;
        }
      }
      if (next > upper[j]!) next = upper[j]!;
      for (let q = 0; q < Q; q++) {
        const g = concave[q]!.worth;
        worthNow[q]! += pieces(g, width, s0, s1, old);
        worthNext[q]! += pieces(g, width, s0, s1, next);
      }
    }
    const d = next - old;
    const ahead = next + d;
    for (let p = from; p < to; p++) activity[index[p]!]! += value[p]! * ahead;
    x[j] = h * (old + over * d) + h0 * anchorX[j]!;
    if (look) {
      nextX[j] = next;
      if (d !== 0) {
        errorX += (d * d) / step;
        for (let p = from; p < to; p++) change[index[p]!]! += value[p]! * d;
      }
    }
  }

  let errorY = 0;
  let cross = 0;
  for (let i = 0; i < m; i++) {
    const old = y[i]!;
    const step = sigma[i]! * weight;
    let next = old + step * (activity[i]! - rowUpper[i]!);
    if (!(next > 0)) next = 0;
    const d = next - old;
    y[i] = h * (old + over * d) + h0 * anchorY[i]!;
    if (look) {
      nextY[i] = next;
      if (d !== 0) {
        errorY += (d * d) / step;
        cross += d * change[i]!;
      }
    }
  }
  for (let q = 0; q < Q; q++) {
    const old = w[q]!;
    const step = sigmaW[q]! * weight;
    const next = Math.max(0, old + step * (concave[q]!.atLeast - 2 * worthNext[q]! + worthNow[q]!));
    const d = next - old;
    w[q] = h * (old + over * d) + h0 * anchorW[q]!;
    if (look) {
      nextW[q] = next;
      errorY += (d * d) / step;
      cross -= d * (worthNext[q]! - worthNow[q]!);
    }
  }
  it.k++;
  return look ? Math.max(0, errorX + errorY - 2 * cross) : 0;
}

/** g(x) of pieces filled in order; the first and the last go on for ever, as reflected points may lie outside. */
function pieces(worth: Float64Array, width: Float64Array, s0: number, s1: number, x: number): number {
  let sum = 0;
  let rest = x;
  for (let s = s0; s < s1; s++) {
    const take = s + 1 === s1 || rest < width[s]! ? rest : width[s]!;
    sum += worth[s]! * take;
    rest -= take;
    if (rest === 0) break;
  }
  return sum;
}

/** Makes T(z) the new z and its anchor. */
export function restart(it: Iterate): void {
  for (const [z, anchor, next] of [
    [it.x, it.anchorX, it.nextX],
    [it.y, it.anchorY, it.nextY],
    [it.w, it.anchorW, it.nextW],
  ] as const) {
    z.set(next);
    anchor.set(next);
  }
  it.k = 0;
}
