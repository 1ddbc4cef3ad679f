/** The structured solver as the tables time it: from a compiled network to flows and prices with a proven gap. */
import type { Network } from '../engine/network.js';
import type { Policy } from '../engine/policy.js';
import type { Runner } from '../engine/solve/direct/ascent.js';
import { buildDirect, declineDirect } from '../engine/solve/direct/form.js';
import { solveDirect } from '../engine/solve/direct/solve.js';
import type { Crew } from '../engine/workers/crew.js';

/** Far beyond what 1e-4 takes. */
const MOST_ITERATIONS = 100_000;

export interface Proven {
  /** Worth of the plan and the bound on all plans, in points of the stage. */
  value: number;
  bound: number;
  gap: number;
  iterations: number;
  /** Threads at the end: a crew that keeps itself waiting is let go. */
  threads: number;
  bytesPerPass: number;
  /** Bytes of the problem's memory, which all threads share. */
  bytes: number;
}

export interface Means {
  crew?: Crew;
  /** The kernel's twin in TypeScript. */
  twin?: boolean;
  /** Asked after every certificate; without it a gap that is not reached throws. */
  stop?: () => boolean;
}

/** The first stage, cold. This is what `solver.seconds` covers: lay out, ascend, certify. */
export function prove(network: Network, policy: Policy, gap: number, { crew, twin, stop }: Means = {}): Proven {
  const why = declineDirect(network, policy, 0);
  if (why !== null) throw new Error(`the structured solver declines: ${why}`);
  const direct = buildDirect(network, policy, 0, crew?.threads ?? 1);
  let runner: Runner | undefined;
  const ascent = solveDirect(
    direct,
    { gap, mostIterations: MOST_ITERATIONS, ...(stop ? { stop } : {}) },
    twin
      ? { twin }
      : crew
        ? {
            board(problem, kernel) {
              runner = crew.board(problem, kernel);
              return runner;
            },
          }
        : {},
  );
  if (!stop && !(ascent.gap <= gap)) throw new Error(`proved ${ascent.gap} only, asked for ${gap}`);
  const { value, bound, iterations } = ascent;
  const { bytesPerPass, layout } = direct;
  const threads = runner?.threads ?? 1;
  return { value, bound, gap: ascent.gap, iterations, threads, bytesPerPass, bytes: layout.buffer.byteLength };
}
