/** Stage after stage: the lexicographic solve, and the choice of who does it. */
import { AllocateError } from '../errors.js';
import type { Policy } from '../policy.js';
import type { RoughPrices } from '../proof/certificate.js';
import type { SolverName } from '../types.js';
import { loadHighs } from './highs.js';
import { loadJslp } from './jslp.js';
import type { Lp, LpBackend, LpSession } from './lp.js';
import type { StageModel } from './model.js';

export interface Continuous {
  /** Lots by flow and by need, fractions allowed. */
  ship: Float64Array;
  met: Float64Array;
  /** Prices of each stage. */
  prices: RoughPrices[];
  /** How far below its optimum each stage may fall later, relative to its scale. */
  tolerances: number[];
  /** Maximand that each stage but the last has to reach, and need not exceed: its optimum less its tolerance. */
  held: number[];
  iterations: number;
}

export interface Choice {
  name: SolverName;
  reason: string;
}

/**
 * Variables up to which javascript-lp-solver is asked: it spares a fresh worker the 50 ms of loading HiGHS and solves
 * such a model in a few (two-valleys without hubs: 35 ms against 112 ms). From about 300 HiGHS is faster all the same, and on
 * rows of `maxmin` the package hangs (79 of 80 models).
 */
const SMALL = 150;

/** Who solves a model of that size and kind, and why, in words for the result. */
export function chooseSolver(asked: 'auto' | SolverName, columns: number, policy: Policy): Choice {
  const maxmin = policy.stages.some((s) => s.stage === 'maxmin');
  if (asked === 'jslp' && maxmin)
    throw new AllocateError(
      'unsupported',
      "javascript-lp-solver hangs on the rows of stage 'maxmin', so it is not asked; use --solver highs or auto",
    );
  if (asked !== 'auto') return { name: asked, reason: 'asked for' };
  if (maxmin)
    return { name: 'highs', reason: "the policy has the stage 'maxmin', which javascript-lp-solver hangs on" };
  if (columns <= SMALL)
    return { name: 'jslp', reason: `${columns} variables: up to ${SMALL} a dense tableau is as fast as anything` };
  return { name: 'highs', reason: `${columns} variables: more than the ${SMALL} that a dense tableau is good for` };
}

export async function loadBackend(name: SolverName): Promise<LpBackend> {
  return name === 'highs' ? loadHighs() : loadJslp();
}

export interface SolveHooks {
  /** Called as stages start and while they run. */
  onProgress?: (stage: number, iterations: number) => void;
  /** Called with each stage's prices and the maximands: what it reached, and what the stages before it are held at. */
  onSolved?: (stage: number, prices: RoughPrices, reached: number, held: number[]) => void;
}

/**
 * Solves all stages in order. Each later stage keeps every earlier one within its tolerance, or within `gap` ÷ 10 of
 * its scale where a finer gap is asked for. Throws AllocateError 'internal' where a backend fails.
 */
export function solveStages(
  policy: Policy,
  model: StageModel,
  session: LpSession,
  gap: number,
  hooks: SolveHooks = {},
): Continuous {
  const prices: RoughPrices[] = [];
  const tolerances: number[] = [];
  const held: number[] = [];
  let iterations = 0;
  let x: Float64Array = new Float64Array(model.lp.columns);
  policy.stages.forEach((stage, s) => {
    hooks.onProgress?.(s, iterations);
    model.aim(s);
    const outcome = solveStage(model.lp, session.solve, (n) => hooks.onProgress?.(s, iterations + n));
    if (outcome === 'nothing to gain') prices.push(model.prices(s, new Float64Array(model.lp.rows)));
    else {
      iterations += outcome.iterations;
      x = outcome.x;
      prices.push(model.prices(s, outcome.y));
    }
    const reached = model.maximand(s, x);
    hooks.onSolved?.(s, prices[s]!, reached, held);
    const tolerance = Math.min(stage.tolerance, gap / 10);
    tolerances.push(tolerance);
    held.push(reached - tolerance * model.gapScale(s, reached));
    model.hold(s, held[s]!);
  });
  return { ...model.plan(x), prices, tolerances, held, iterations };
}

/**
 * Prices of stage s against what the shipped plan reaches on the stages before it (maximands). Whole lots may leave those
 * a little lower than they were held, and where the last points were dear, the first prices prove little about that.
 */
export function repriceStage(
  policy: Policy,
  model: StageModel,
  session: LpSession,
  s: number,
  reached: number[],
): { prices: RoughPrices; iterations: number } | null {
  policy.stages.forEach((_, r) => {
    model.hold(r, r < s ? reached[r]! : Number.NEGATIVE_INFINITY);
  });
  model.aim(s);
  const outcome = session.solve();
  return outcome.outcome === 'optimal' ? { prices: model.prices(s, outcome.y), iterations: outcome.iterations } : null;
}

function solveStage(lp: Lp, solve: LpSession['solve'], onIterations: (n: number) => void) {
  // nothing to gain: the plan before is optimal, with all prices zero
  if (!lp.objective.some((c) => c !== 0)) return 'nothing to gain' as const;
  const outcome = solve(onIterations);
  if (outcome.outcome === 'failed') throw new AllocateError('internal', outcome.why);
  return outcome;
}
