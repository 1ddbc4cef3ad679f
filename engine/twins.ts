/** A plan and its efficient twin, side by side: the same policy at α = 0, so that the plan can state what its fairness costs. */
import type { Scenario } from '../scenarios/index.js';
import { allocateChecked, mustBeGap, mustBeScenario } from './allocate.js';
import { AllocateError } from './errors.js';
import { efficientPolicy, isEfficient, priceOfFairness } from './price.js';
import type { AllocateOptions, Allocation } from './types.js';

export interface Twins {
  /** With its `priceOfFairness`, where the twin came about. */
  allocation: Allocation;
  /** Null where the allocation is efficient itself. To be recorded first, as the allocation names it. */
  twin: Allocation | null;
  /** Why there is no twin and no price. */
  missing?: AllocateError;
}

/**
 * `allocate` for a scenario and for its efficient twin, which has the same options but for a warm start. Throws as `allocate` where
 * the plan itself does not come about.
 */
export async function allocateTwins(scenario: Scenario, options: AllocateOptions = {}): Promise<Twins> {
  const policy = options.policy ?? scenario.policy;
  mustBeScenario(options.policy === undefined ? scenario : { ...scenario, policy: options.policy });
  mustBeGap(options.gap);
  const { warm: _, onProgress: __, ...same } = options;
  const efficient = isEfficient(policy);
  // whoever loses the plan needs no twin
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const twin = efficient
    ? null
    : allocateChecked(scenario, { ...same, signal, policy: efficientPolicy(policy) }).catch((error: unknown) =>
        error instanceof AllocateError ? error : new AllocateError('internal', String(error)),
      );
  let plan: Allocation;
  try {
    plan = await allocateChecked(scenario, options);
  } catch (error) {
    failed.abort();
    await twin;
    throw error;
  }
  const found = await twin;
  if (found instanceof AllocateError) return { allocation: plan, twin: null, missing: found };
  return { allocation: { ...plan, priceOfFairness: priceOfFairness(plan, found, scenario) }, twin: found };
}
