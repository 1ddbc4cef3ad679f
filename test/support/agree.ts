/** Solvers against each other: each one's plan under the other's prices, in the exact arithmetic of the certificate. */
import { AllocateError, allocate } from '../../engine/index.js';
import { compileNetwork } from '../../engine/network.js';
import { runAllocation } from '../../engine/pipeline.js';
import { compilePolicy } from '../../engine/policy.js';
import { check } from '../../engine/proof/check.js';
import { evaluate } from '../../engine/proof/evaluate.js';
import { decimal, plus } from '../../engine/proof/exact.js';
import { readPlan } from '../../engine/shipments.js';
import type { Allocation, Stage } from '../../engine/types.js';
import { complete, type Scenario } from '../../scenarios/index.js';

/** Every order of stages that leans on another; random.ts has more. */
export const STAGED: readonly Stage[][] = [
  [{ stage: 'floor' }, { stage: 'maxmin' }, { stage: 'need' }, { stage: 'cost' }],
  [{ stage: 'maxmin' }, { stage: 'need' }],
  [{ stage: 'floor' }, { stage: 'need', alpha: 1, bands: 5, costWeight: 0.01 }],
  [{ stage: 'need' }, { stage: 'floor' }, { stage: 'cost' }],
  [{ stage: 'need', alpha: 0 }, { stage: 'maxmin' }],
];

/**
 * Allocations of one scenario by each solver that may answer. javascript-lp-solver hangs on the rows of `maxmin` and, less often, on those
 * that hold an earlier stage: with `patience` (milliseconds) it is asked in a thread that can be ended, without it only on one stage.
 */
export async function allocateByAll(scenario: Scenario, patience = 0): Promise<Allocation[]> {
  const found: Allocation[] = [];
  for (const solver of ['structured', 'highs'] as const) found.push(await runAllocation(scenario, { solver }, () => 0));
  const { stages } = compilePolicy(scenario.policy);
  if (stages.some((s) => s.stage === 'maxmin')) return found;
  if (stages.length === 1) found.push(await runAllocation(scenario, { solver: 'jslp' }, () => 0));
  else if (patience > 0)
    try {
      found.push(await allocate(scenario, { solver: 'jslp', signal: AbortSignal.timeout(patience) }));
    } catch (error) {
      if (!(error instanceof AllocateError && error.kind === 'cancelled')) throw error;
    }
  return found;
}

/**
 * What contradicts what: a plan that fails its check, or does better on a stage than another's prices say that any plan can which does
 * as well as this one on the stages before. No tolerance, as all of it is exact. One line each, none where they agree.
 */
export function contradictions(scenario: Scenario, allocations: readonly Allocation[]): string[] {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(scenario.policy);
  const found: string[] = [];
  for (const a of allocations) {
    for (const fault of check(a, scenario).faults) found.push(`${scenario.id}, ${a.solver.name}: ${fault}`);
    const { plan } = readPlan(network, a.shipments, a.use);
    for (const b of allocations) {
      const { stages, faults } = evaluate(network, policy, plan, b.certificate.stages);
      for (const fault of faults) found.push(`${scenario.id}, prices of ${b.solver.name}: ${fault}`);
      stages.forEach(({ value, bound }, s) => {
        const { stage } = policy.stages[s]!;
        if (betterThan(stage, value, bound))
          found.push(
            `${scenario.id}, stage ${s} (${stage}): ${a.solver.name} has ${value}, ${b.solver.name} bounds it by ${bound}`,
          );
      });
      // as stated, without a second evaluation: only where a does as well on every stage before
      a.stages.forEach(({ stage, value }, s) => {
        const comparable = a.stages.slice(0, s).every((e, r) => !betterThan(e.stage, b.stages[r]!.value, e.value));
        if (comparable && betterThan(stage, value, b.stages[s]!.bound))
          found.push(
            `${scenario.id}, stage ${s} (${stage}): ${a.solver.name} states ${value}, ${b.solver.name} at most ${b.stages[s]!.bound}`,
          );
      });
    }
  }
  return found;
}

/** Whether a is strictly better than b, exactly: shortfall and cost are the better the smaller. */
export function betterThan(stage: Stage['stage'], a: string, b: string): boolean {
  const [high, low] = stage === 'floor' || stage === 'cost' || stage === 'stay' ? [b, a] : [a, b];
  const { units, scale } = decimal(low);
  return plus(decimal(high), { units: -units, scale }).units > 0n;
}

/** How many of the numbers are at most each of the limits. */
export function distribution(numbers: readonly number[], limits: readonly number[]): string {
  const parts = limits.map((limit) => `≤ ${limit}: ${numbers.filter((x) => x <= limit).length}`);
  return `${numbers.length}; ${parts.join(', ')}; largest ${Math.max(...numbers)}`;
}
