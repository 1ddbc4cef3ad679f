/** One more consignment: the shortest chain of routes by which spare lots can still reach a region in time. */
import type { Network } from '../network.js';
import { arcRoom, type LotState, spareAt, takeArc } from './state.js';

/** Arcs from the source to the region, with waiting in between; `lots` fit through all of it. */
interface Chain {
  lots: number;
  tonneCost: number;
  apply(lots: number): void;
}

interface Step {
  node: number;
  /** Step towards the region, and the arc taken there (−1: waiting one period at the site). */
  next: Step | null;
  arc: number;
  lots: number;
}

/** Nodes looked at before a chain is given up; direct networks need one step. */
const MOST_STEPS = 200;

/**
 * A chain for resource k to region j in period t, carrying at most `most` lots, found backwards breadth first; null
 * where nothing spare can come. `accept` refuses arcs (for those that the continuous plan does not use).
 */
export function findChain(
  network: Network,
  state: LotState,
  goal: { j: number; t: number; k: number; most: number },
  accept: (a: number) => boolean,
): Chain | null {
  const { D, H, T, K, arcs, approx } = network;
  const { k } = goal;
  const start = (D + H + goal.j) * T + goal.t;
  const queue: Step[] = [{ node: start, next: null, arc: -1, lots: goal.most }];
  const seen = new Set([start]);
  for (let n = 0; n < queue.length && n < MOST_STEPS; n++) {
    const step = queue[n]!;
    const s = Math.floor(step.node / T);
    const t = step.node % T;
    const spare = s < D ? spareAt(network, state, s, t, k) : state.waste[step.node * K + k]!;
    if (spare >= 1) return chain(network, state, step, Math.min(spare, step.lots), k);
    for (let i = arcs.inStart[step.node]!; i < arcs.inStart[step.node + 1]!; i++) {
      const a = arcs.in[i]!;
      const from = arcs.from[a]!;
      if (seen.has(from) || !accept(a)) continue;
      const lots = Math.min(step.lots, arcRoom(network, state, a, k));
      if (lots < 1) continue;
      seen.add(from);
      queue.push({ node: from, next: step, arc: a, lots });
    }
    if (t > 0 && !seen.has(step.node - 1)) {
      const lots = s < D ? step.lots : Math.min(step.lots, storageRoom(network, state, step.node - 1, k));
      if (lots >= 1 && (s >= D ? approx.storage[s]! > 0 : arcs.inStart[step.node - t]! < arcs.inStart[step.node]!)) {
        seen.add(step.node - 1);
        queue.push({ node: step.node - 1, next: step, arc: -1, lots });
      }
    }
  }
  return null;
}

function storageRoom(network: Network, state: LotState, node: number, k: number): number {
  const weight = network.approx.weight[k]!;
  return weight > 0 ? Math.floor(state.room.storage[node]! / weight) : Infinity;
}

function chain(network: Network, state: LotState, source: Step, lots: number, k: number): Chain {
  const { D, T, K, arcs, approx } = network;
  let tonneCost = 0;
  let room = lots;
  const taken: number[] = [];
  for (let step = source; step.next; step = step.next)
    if (step.arc >= 0) {
      tonneCost += approx.costPerTonne[arcs.route[step.arc]!]!;
      taken.push(step.arc);
    }
  // routes in one chain may share a fleet or the budget; dividing by their number is safe
  if (taken.length > 1)
    room = Math.min(...taken.map((a) => Math.floor(arcRoom(network, state, a, k) / taken.length)), lots);
  return {
    lots: room,
    tonneCost,
    apply(amount) {
      const tonnes = amount * approx.weight[k]!;
      const s = Math.floor(source.node / T);
      if (s < D) for (let t = source.node % T; t < T; t++) state.carry[(s * T + t) * K + k]! -= amount;
      else state.waste[source.node * K + k]! -= amount;
      for (let step = source; step.next; step = step.next) {
        if (step.arc < 0) {
          state.carry[step.node * K + k]! += amount;
          if (step.node >= D * T) state.room.storage[step.node]! -= tonnes;
        } else {
          state.ship[step.arc * K + k]! += amount;
          state.room.budget -= takeArc(network, state.room, step.arc, tonnes);
        }
      }
    },
  };
}
