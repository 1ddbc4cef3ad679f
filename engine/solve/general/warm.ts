/**
 * Where a stage starts: at the plan of the stage before, whose objective has become a row. Its prices times λ, and λ on that row, are
 * nearly right for what comes after; the rest is a matter of λ.
 */
import type { Lp } from '../lp.js';
import { boundOf } from './bound.js';
import type { Iterate } from './iterate.js';
import { type Problem, splitPrices } from './problem.js';

/** What a solve leaves to the next: T(z) and the best plan by column, prices by row, sizes, the weight. */
export interface Last {
  x: Float64Array;
  plan: Float64Array;
  y: Float64Array;
  sizeX: Float64Array;
}

/** A stage solved before: objective = −ratio × the row that holds it, and the bound that was proven. */
export interface Past {
  row: number;
  ratio: number;
  bound: number;
}

export interface Start {
  y: Float64Array;
  lambda: number;
  bound: number;
  /** The row λ is on, −1 for none. */
  row: number;
}

/**
 * Relative change of cost with the relative slack of what is held: near the top, need gets dearer about as slack^−½ (district with policy
 * `balanced`: 300, 1,300, 4,200 at 1e-4, 1e-5, 1e-6; with hubs 110, 410, 1,350).
 */
const ELASTICITY = 2;

export function startPrices(problem: Problem, last: Last, past: Past[]): Start {
  const { lp } = problem;
  const held = past.at(-1);
  const limit = held ? lp.rowUpper[held.row]! : Infinity;
  const trial = (lambda: number): Start => {
    const y = last.y.map((v) => v * lambda);
    if (held && limit !== Infinity) y[held.row] = held.ratio * lambda;
    const bound = boundOf(problem, ...splitPrices(problem, y));
    return { y, lambda, bound, row: held && limit !== Infinity ? held.row : -1 };
  };
  if (!held || limit === Infinity) return trial(1);
  if (lp.objective.every((c) => c <= 0)) {
    // nothing is gained but by what is held (cost): the bound does not show λ
    const slack = Math.max(1e-8, (held.bound / held.ratio + limit) / (Math.abs(limit) || 1));
    let spent = 0;
    for (let j = 0; j < lp.columns; j++) spent -= lp.objective[j]! * last.plan[j]!;
    return trial(((ELASTICITY / Math.sqrt(slack)) * spent) / (Math.abs(limit) || 1) / held.ratio);
  }
  let best = trial(0);
  const probe = (lambda: number) => {
    const t = trial(lambda);
    if (t.bound < best.bound) best = t;
  };
  for (let e = -8; e <= 8; e++) probe(10 ** e);
  for (let step = 10 ** 0.5; step > 1.05; step = Math.sqrt(step))
    for (const lambda of [best.lambda * step, best.lambda / step]) probe(lambda);
  return best;
}

/** Sets z and its anchor; typical sizes of prices stay those of the new objective (`startSizes`), not λ times the old. */
export function startAt(problem: Problem, it: Iterate, last: Last, start: Start): void {
  for (let j = 0; j < problem.n; j++)
    for (let s = problem.first[j]!; s < problem.first[j + 1]!; s++) it.x[j]! += last.x[s]!;
  it.anchorX.set(it.x);
  if (last.sizeX.length === problem.n) it.sizeX.set(last.sizeX);
  if (!(start.lambda > 0)) return;
  const [y, w] = splitPrices(problem, start.y);
  it.y.set(y);
  it.w.set(w);
  it.anchorY.set(y);
  it.anchorW.set(w);
  const at = start.row < 0 ? -1 : problem.concave.findIndex((c) => c.row === start.row);
  if (at >= 0 && start.y[start.row]! > 0) it.sizeW[at] = start.y[start.row]!;
  const linear = problem.row.indexOf(start.row);
  if (linear >= 0 && start.y[start.row]! > 0) it.sizeY[linear] = start.y[start.row]!;
}

/** The row that is −1/ratio times the objective; null where there is none. */
export function rowOfObjective(lp: Lp): { row: number; ratio: number } | null {
  const { start, index, value, objective } = lp;
  const j = objective.findIndex((c) => c !== 0);
  if (j < 0) return null;
  for (let p = start[j]!; p < start[j + 1]!; p++) {
    const ratio = -objective[j]! / value[p]!;
    if (ratio > 0 && isObjective(lp, index[p]!, ratio)) return { row: index[p]!, ratio };
  }
  return null;
}

function isObjective(lp: Lp, row: number, ratio: number): boolean {
  for (let j = 0; j < lp.columns; j++) {
    let a = 0;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) if (lp.index[p] === row) a = lp.value[p]!;
    if (Math.abs(lp.objective[j]! + ratio * a) > 1e-9 * Math.abs(lp.objective[j]!)) return false;
  }
  return true;
}
