/** One stage of a scenario's policy as the linear program that files in foreign formats are written from. */
import { complete, type Scenario } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { AllocateError } from '../errors.js';
import { compileNetwork } from '../network.js';
import { compilePolicy } from '../policy.js';
import { decimal, toNumber } from '../proof/exact.js';
import { maximandOf, pairTotals } from '../proof/values.js';
import { readPlan } from '../shipments.js';
import type { Allocation, PolicyName, Stage } from '../types.js';
import type { Lp } from './lp.js';
import { buildModel } from './model.js';

export interface StageLpOptions {
  policy?: PolicyName | Stage[];
  /** Index of the stage; default 0. */
  stage?: number;
  /** Maximands that the stages before it have to reach; absent ones do not bind. */
  held?: number[];
  /** In the place of `policy` and `held`: the stages before do as well as this plan, which so is possible. */
  plan?: Allocation;
}

export interface StageLp {
  lp: Lp;
  column: (j: number) => string;
  row: (i: number) => string;
  /** What to know about it, a line each. */
  head: string[];
}

/** Throws AllocateError 'unsupported' for a stage that the policy does not have, RangeError for a plan of another scenario. */
export function stageLp(scenario: Scenario, options: StageLpOptions = {}): StageLp {
  const network = compileNetwork(complete(scenario));
  const { plan } = options;
  const planned = plan && (plan.policy.name === 'custom' ? plan.policy.stages : plan.policy.name);
  const policy = compilePolicy(planned ?? options.policy ?? scenario.policy);
  const s = options.stage ?? 0;
  const stage = policy.stages[s];
  if (!stage)
    throw new AllocateError(
      'unsupported',
      wording`the policy has ${policy.stages.length} stages, counted from 0; there is no ${s}`,
    );
  const model = buildModel(network, policy);
  model.aim(s);
  let held = options.held ?? [];
  if (plan) {
    held = plan.stages.slice(0, s).map(({ value }, r) => toNumber(maximandOf(network, policy, r, decimal(value))));
    if (policy.stages.slice(0, s).some((r) => r.stage === 'leximin')) {
      const { plan: lots, faults } = readPlan(network, plan.shipments, plan.use);
      if (faults.length) throw new RangeError(`the plan cannot be read: ${faults[0]}`);
      model.holdPairs(pairTotals(network, lots));
    }
  }
  held.slice(0, s).forEach((value, r) => {
    model.hold(r, value);
  });
  return {
    lp: model.lp,
    column: model.columnName,
    row: model.rowName,
    head: [
      `Evenhand scenario ${scenario.id.replace(/\s+/g, '-')}, stage ${s} (${stage.stage})`,
      `minimise OBJ; the stage's maximand in the units of the model is OBJ times ${-model.pointsPerUnit(s)}`,
      'ship_F: flow F = arc * resources + resource; band_N_C: need N = (region * periods + period) * resources + resource',
    ],
  };
}
