/** What several suites put to the test: scenarios of the reference family, compiled and modelled. */
import { compileNetwork, type Network } from '../engine/network.js';
import { DEFAULT_GAP, runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import type { Lp, LpBackend } from '../engine/solve/lp.js';
import { buildModel } from '../engine/solve/model.js';
import type { Allocation, SolverName } from '../engine/types.js';
import { complete, generate, type PresetName, type Scenario } from '../scenarios/index.js';

/** Seed of all timed cases; the short run's counters take several. */
export const SEED = 1;

export interface Compiled {
  scenario: Scenario;
  network: Network;
  /** LP of the policy's first stage. */
  lp: Lp;
}

export function compiled(preset: PresetName, seed = SEED): Compiled {
  const scenario = generate(preset, seed);
  const network = compileNetwork(complete(scenario));
  const model = buildModel(network, compilePolicy(scenario.policy));
  model.aim(0);
  return { scenario, network, lp: model.lp };
}

/** Seconds of a monotonic clock, as `runAllocation` wants them. */
const now = () => performance.now() / 1000;

/** The whole life of a decision in this thread, without the pool. */
export function allocateHere(
  scenario: Scenario,
  solver: 'auto' | SolverName = 'auto',
  gap = DEFAULT_GAP,
): Promise<Allocation> {
  return runAllocation(scenario, { solver, gap }, now);
}

/** Opens, solves once, closes: what a cold solve by a backend costs. Returns its objective; throws where it fails. */
export function solveWith(backend: LpBackend, lp: Lp): { objective: number; iterations: number } {
  const session = backend.open(lp);
  try {
    const answer = session.solve();
    if (answer.outcome === 'failed') throw new Error(answer.why);
    return answer;
  } finally {
    session.dispose();
  }
}

/** Times mean nothing unless the answers agree: relative 1e-6, ten times what the solvers promise. */
export function mustAgree(objective: number, expected: number): void {
  if (!(Math.abs(objective - expected) <= 1e-6 * Math.abs(expected)))
    throw new Error(`wrong: objective ${objective}, not ${expected}`);
}
