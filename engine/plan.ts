/**
 * Continuous flows → a plan in whole lots that can be carried out in exact arithmetic: round down, follow the goods,
 * cut what a limit does not allow, spend what is left, improve locally (`lots/`). The proof measures the plan as it comes out here.
 */
import { holdOn } from './lots/hold.js';
import { improve } from './lots/improve.js';
import { cutToLimits } from './lots/limits.js';
import { sweepGoods } from './lots/sweep.js';
import { topUp } from './lots/topup.js';
import type { Continuous } from './lots/worth.js';
import type { Network } from './network.js';
import type { Policy } from './policy.js';
import { toNumber } from './proof/exact.js';
import { type Plan, stageMaximands } from './proof/values.js';

/** Solvers return 12.9999999 for 13: within this many lots of a whole number it is meant. */
const SNAP = 1e-4;

/** Improving locally starts when rounding has cost more than this share of the gap that is asked for. */
const SHARE_OF_GAP = 0.1;

/** What one pass has moved opens little for the next: Enawo loses 1.46e-4 before, then 1.248e-4, 1.244e-4 and no less. */
const MOST_PASSES = 3;

/** A possible plan in whole lots near the continuous one; `gap` is the relative gap that is asked for. */
export function planLots(network: Network, policy: Policy, continuous: Continuous, gap: number): Plan {
  const ship = new Float64Array(continuous.ship.length);
  for (let i = 0; i < ship.length; i++) ship[i] = Math.floor(continuous.ship[i]! + SNAP);
  const met = new Float64Array(continuous.met.length);
  for (let n = 0; n < met.length; n++) met[n] = Math.min(network.need[n]!, Math.floor(continuous.met[n]! + SNAP));
  cutToLimits(network, ship);
  const state = sweepGoods(network, ship, met);
  topUp(network, policy, state, continuous);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const lost = lostStages(network, policy, state, continuous, SHARE_OF_GAP * gap);
    if (!lost.includes(true) || !improve(network, policy, state, continuous, (s) => lost[s]!)) break;
    topUp(network, policy, state, continuous);
  }
  const held = holdOn(network, policy, state, continuous.ship);
  // sums of doubles may have let a hair too much through
  if (cutToLimits(network, state.ship) > 0 || held) {
    const again = sweepGoods(network, state.ship, state.met);
    return { ship: again.ship, met: again.met };
  }
  return { ship: state.ship, met: state.met };
}

/** Which stages have lost more than so large a share of their value to whole lots. */
function lostStages(network: Network, policy: Policy, plan: Plan, { held }: Continuous, share: number): boolean[] {
  const values = stageMaximands(network, policy, plan).map(toNumber);
  return held.map((h, s) => h - values[s]! > share * Math.abs(h));
}
