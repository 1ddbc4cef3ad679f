/** Who solves: by what was measured (README.md), with the reason in words for the result. */
import { wording } from '../../scenarios/wording.js';
import { AllocateError } from '../errors.js';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { stays } from '../stay.js';
import type { SolverName } from '../types.js';
import { declineDirect } from './direct/form.js';

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
/** Variables from which the structured solver is faster than HiGHS where stages are direct (district: 0.65 s for 0.94 with `balanced`). */
const DIRECT = 2_000;
/** Variables from which the structured solver is asked for other networks and stages. */
const GENERAL = 200_000;
/**
 * … and where a plan before is to stay, which ties the simplex method up (processor seconds, structured for HiGHS: province, 106,000
 * variables, 12 for 29 with 1 % to give, 9 for more than 60 with nothing).
 */
const STAYING = 50_000;

/** Who solves a network with that policy. Throws AllocateError 'unsupported' for what was asked for and cannot be. */
export function chooseSolver(asked: 'auto' | SolverName, network: Network, policy: Policy): Choice {
  const maxmin = policy.stages.find((s) => s.stage === 'maxmin' || s.stage === 'leximin')?.stage;
  if (asked === 'jslp' && maxmin)
    throw new AllocateError(
      'unsupported',
      maxmin === 'leximin'
        ? wording`the levels of 'leximin' come from flows and from HiGHS, not from javascript-lp-solver; use --solver highs or auto`
        : wording`javascript-lp-solver hangs on the rows of stage 'maxmin', so it is not asked; use --solver highs or auto`,
    );
  if (asked !== 'auto') return { name: asked, reason: 'asked for' };
  const columns = countColumns(network, policy);
  const most = policy.stages.some((_, s) => stays(network, policy, s)) ? STAYING : GENERAL;
  if (columns <= SMALL && !maxmin)
    return { name: 'jslp', reason: `${columns} variables: up to ${SMALL} a dense tableau is as fast as anything` };
  if (maxmin === 'leximin' && columns <= GENERAL)
    return {
      name: 'highs',
      reason: `${columns} variables; levels come from flows and, where resources share limits, from HiGHS`,
    };
  const why = declineAny(network, policy);
  if (why === null && columns > DIRECT)
    return { name: 'structured', reason: `${columns} variables on direct routes: more than ${DIRECT}` };
  if (columns > most)
    return { name: 'structured', reason: `${columns} variables: more than the ${most} that HiGHS is good for` };
  if (maxmin && columns <= SMALL)
    return { name: 'highs', reason: "the policy has the stage 'maxmin', which javascript-lp-solver hangs on" };
  return {
    name: 'highs',
    reason:
      why === null
        ? `${columns} variables: more than the ${SMALL} of a dense tableau, fewer than the ${DIRECT} that pay for an ascent`
        : `${columns} variables, and ${why}: up to ${most} of them the simplex method is faster`,
  };
}

/** Why some stage is not direct; null where all are, have nothing to gain, or are cost or change of a direct stage's plan. */
function declineAny(network: Network, policy: Policy): string | null {
  let direct = false;
  for (let s = 0; s < policy.stages.length; s++) {
    const { stage } = policy.stages[s]!;
    if (nothingToGain(network, policy, s) || (direct && (stage === 'cost' || stage === 'stay'))) continue;
    const why = declineDirect(network, policy, s);
    if (why !== null) return why;
    direct = true;
  }
  return null;
}

/** A stage on which every plan is as good as any other: a floor that asks for nothing, no plan to stay with. */
export function nothingToGain(network: Network, policy: Policy, s: number): boolean {
  if (policy.stages[s]!.stage === 'stay') return network.planned === null;
  return policy.stages[s]!.stage === 'floor' && !network.approx.floor.some((share) => share > 0);
}

/** Variables of the linear program of `model.ts`, but for floors and z. */
export function countColumns(network: Network, policy: Policy): number {
  let count = 0;
  for (const list of [network.upper.ship, network.upper.store]) for (const u of list) if (u > 0) count++;
  let needs = 0;
  for (const u of network.upper.met) if (u > 0) needs++;
  return count + needs * policy.bands.widths.length;
}
