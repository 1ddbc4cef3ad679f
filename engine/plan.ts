/**
 * Continuous flows → a plan in whole lots that can be carried out in exact arithmetic: round down, follow the goods,
 * cut what a limit does not allow, then spend what is left (`lots/`). The proof measures the plan as it comes out here.
 */
import { cutToLimits } from './lots/limits.js';
import { sweepGoods } from './lots/sweep.js';
import { type Continuous, topUp } from './lots/topup.js';
import type { Network } from './network.js';
import type { Policy } from './policy.js';
import type { Plan } from './proof/values.js';

/** Solvers return 12.9999999 for 13: within this many lots of a whole number it is meant. */
const SNAP = 1e-4;

export function planLots(network: Network, policy: Policy, continuous: Continuous): Plan {
  const ship = continuous.ship.map((x) => Math.floor(x + SNAP));
  const met = continuous.met.map((m, n) => Math.min(network.need[n]!, Math.floor(m + SNAP)));
  cutToLimits(network, ship);
  const state = sweepGoods(network, ship, met);
  topUp(network, policy, state, continuous);
  // sums of doubles may have let a hair too much through
  if (cutToLimits(network, state.ship) > 0) {
    const again = sweepGoods(network, state.ship, state.met);
    return { ship: again.ship, met: again.met };
  }
  return { ship: state.ship, met: state.met };
}
