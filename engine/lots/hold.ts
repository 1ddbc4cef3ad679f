/** Lots of the plan before that rounding has taken away and that are free to be sent: the stage `stay` is better with each of them. */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { stays } from '../stay.js';
import { arcRoom, type LotState, takeArc, takeStock } from './state.js';

/** Rounding of a solver. */
const NOISE = 1e-6;

/**
 * Ships in `state` what the continuous plan sends of the plan before, in whole lots, as far as it is there and limits have room; true
 * when anything is sent, and then goods have to be followed again. Not where a stage before `stay` would pay for it.
 */
export function holdOn(network: Network, policy: Policy, state: LotState, continuous: Float64Array): boolean {
  const { planned, arcs, D, T, K, approx } = network;
  const at = policy.stages.findIndex((_, s) => stays(network, policy, s));
  if (at < 0 || !planned) return false;
  const dear = policy.approxCostWeight.slice(0, at).some((weight) => weight > 0);
  let sent = false;
  for (let a = 0; a < arcs.count; a++) {
    const from = arcs.from[a]!;
    if (dear && approx.costPerTonne[arcs.route[a]!]! > 0) continue;
    for (let k = 0; k < K; k++) {
      const flow = a * K + k;
      const wanted = Math.min(planned.ship[flow]!, Math.ceil(continuous[flow]! - NOISE)) - state.ship[flow]!;
      if (wanted < 1) continue;
      const free = from < D * T ? state.spare[from * K + k]! : state.waste[from * K + k]!;
      const lots = Math.min(wanted, free, arcRoom(network, state, a, k));
      if (lots < 1) continue;
      if (from < D * T) takeStock(network, state, from, k, lots);
      else state.waste[from * K + k]! -= lots;
      state.ship[flow]! += lots;
      state.room.budget -= takeArc(network, state.room, a, lots * approx.weight[k]!);
      sent = true;
    }
  }
  return sent;
}
