/** The structured solver as the tables time it: from a compiled network to flows and prices with a proven gap. */
import type { Network } from '../engine/network.js';
import type { Policy } from '../engine/policy.js';
import { provenBound } from '../engine/proof/bound.js';
import { readPrices, writePrices } from '../engine/proof/certificate.js';
import { toNumber } from '../engine/proof/exact.js';
import type { Runner } from '../engine/solve/direct/ascent.js';
import { buildDirect, type Direct, declineDirect } from '../engine/solve/direct/form.js';
import type { Kernel } from '../engine/solve/direct/kernel.js';
import { openDirect } from '../engine/solve/direct/solve.js';
import { openStructured } from '../engine/solve/structured.js';
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
  /** Puts a start into the layout. */
  warm?: (direct: Direct) => void;
}

/** The first stage by the fused ascent: lay out, ascend, certify. This is what `solver.seconds` covers. */
export function prove(network: Network, policy: Policy, gap: number, means: Means = {}): Proven {
  const { crew, twin = false, stop, warm } = means;
  const why = declineDirect(network, policy, 0);
  if (why !== null) throw new Error(`the fused ascent declines: ${why}`);
  const direct = buildDirect(network, policy, 0, crew?.threads ?? 1);
  let threads = () => 1;
  const board = (problem: Direct, kernel: Kernel): Runner => {
    const runner = crew!.board(problem, kernel);
    threads = () => runner.threads;
    return runner;
  };
  const session = openDirect(direct, { twin, ...(crew ? { board } : {}) }, warm);
  const found = session.run({ gap, mostIterations: MOST_ITERATIONS, ...(stop ? { stop } : {}) });
  if (!stop && !(found.gap <= gap)) throw new Error(`proved ${found.gap} only, asked for ${gap}`);
  const { value, bound, iterations } = found;
  const { bytesPerPass, layout } = direct;
  return {
    value,
    bound,
    gap: found.gap,
    iterations,
    threads: threads(),
    bytesPerPass,
    bytes: layout.buffer.byteLength,
  };
}

/** The first stage by the whole chain of the structured solver, as `allocate` asks it; the bound is exact, and not in the time. */
export async function proveFinely(network: Network, policy: Policy, gap: number) {
  const start = performance.now();
  const solver = openStructured(network, policy);
  const answer = await solver.solve(0, [], { gap, onProgress: () => {}, stop: () => false });
  const seconds = (performance.now() - start) / 1000;
  solver.dispose();
  const { prices } = readPrices(network, policy, 0, writePrices(policy.stages[0]!.stage, answer.prices));
  const bound = toNumber(provenBound(network, policy, 0, prices, []));
  const found = (bound - answer.reached) / Math.abs(bound);
  if (!(found <= gap)) throw new Error(`proved ${found} only, asked for ${gap}`);
  return { value: answer.reached, bound, iterations: answer.iterations, seconds };
}
