/** Stage after stage: the lexicographic solve, whoever does it. */
import type { Policy } from '../policy.js';
import type { RoughPrices } from '../proof/certificate.js';
import type { SolverName } from '../types.js';
import type { Ladder } from './leximin/ladder.js';

/** What a solver found on one stage. */
export interface StageAnswer {
  /** Lots by flow and by need, fractions allowed. */
  ship: Float64Array;
  met: Float64Array;
  prices: RoughPrices;
  /** Maximand that the plan reaches. */
  reached: number;
  iterations: number;
  /** Of `leximin`, which has no prices but those of its levels. */
  ladder?: Ladder;
}

/** What a solver is asked while it runs. */
export interface Watch {
  /** Relative gap that is asked for. */
  gap: number;
  /** Iterations so far on this stage and, where it is known, the gap proven so far. */
  onProgress(iterations: number, gap?: number): void;
  /** True ends the stage with the best plan and prices so far. Only the structured solver can. */
  stop(): boolean;
}

export interface StageSolver {
  name: SolverName;
  version: string;
  /** Solves stage s among the plans that reach `held` (maximands) on the stages before it. Throws AllocateError. */
  solve(s: number, held: number[], watch: Watch): StageAnswer | Promise<StageAnswer>;
  /** Whether the last stage can go on from where it ended, to a finer gap. */
  refines: boolean;
  /**
   * Prices of stage s against what the shipped plan reaches on the stages before it (`has`: lots over the horizon by pair, for `leximin`). Whole lots may leave those a little lower than
   * they were held, and where the last points were dear, the first prices prove little about that.
   */
  reprice(s: number, reached: number[], has: Float64Array): Repriced | null | Promise<Repriced | null>;
  /** Scale of gaps on stage s at a value of its maximand (MODEL.md). */
  gapScale(s: number, maximand: number): number;
  dispose(): void;
}

interface Repriced {
  prices: RoughPrices;
  iterations: number;
}

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
  /** Of the stage `leximin`, where there is one. */
  ladder?: Ladder;
}

export interface SolveHooks {
  /** By stage: whether later ones may use all of its tolerance, however fine the gap (`stay.ts`). */
  granted?: readonly boolean[];
  /** Called as stages start and while they run; `gap` where it is known. */
  onProgress?: (stage: number, iterations: number, gap?: number) => void;
  /** Called with each stage's answer, what the stages before it are held at (maximands), and what each pair is. */
  onSolved?: (stage: number, answer: StageAnswer, held: number[], ladder: Ladder | undefined) => void;
  stop?: () => boolean;
}

/**
 * Solves all stages in order. Each later stage keeps every earlier one within its tolerance, or within `gap` ÷ 10 of
 * its scale where a finer gap is asked for and the tolerance is not granted. Throws AllocateError 'internal' where a backend fails.
 */
export async function solveStages(
  policy: Policy,
  solver: StageSolver,
  gap: number,
  hooks: SolveHooks = {},
): Promise<Continuous> {
  const prices: RoughPrices[] = [];
  const tolerances: number[] = [];
  const held: number[] = [];
  let iterations = 0;
  let plan: { ship: Float64Array; met: Float64Array } | undefined;
  let ladder: Ladder | undefined;
  for (const [s, stage] of policy.stages.entries()) {
    hooks.onProgress?.(s, iterations);
    const answer = await solver.solve(s, held, {
      gap,
      onProgress: (n, gapNow) => hooks.onProgress?.(s, iterations + n, gapNow),
      stop: () => hooks.stop?.() ?? false,
    });
    iterations += answer.iterations;
    plan = answer;
    prices.push(answer.prices);
    ladder = answer.ladder ?? ladder;
    hooks.onSolved?.(s, answer, held, ladder);
    const tolerance = hooks.granted?.[s] ? stage.tolerance : Math.min(stage.tolerance, gap / 10);
    tolerances.push(tolerance);
    held.push(answer.reached - tolerance * solver.gapScale(s, answer.reached));
  }
  const { ship, met } = plan!; // a policy has at least one stage
  return { ship, met, prices, tolerances, held, iterations, ...(ladder ? { ladder } : {}) };
}
