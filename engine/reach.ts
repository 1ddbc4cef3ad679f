/**
 * A finite bound on every flow: the least of the supply that can reach it, the need behind it and the capacity along
 * it (MODEL.md). Any plan can be cut back to flows within these bounds without doing worse on any stage, because
 * goods that nobody uses only take up room; so a proof that uses them holds for every plan. What the plan before would have
 * sent counts as of use, up to that amount, as the stage `stay` is better with it than without.
 */
import type { Network } from './network.js';

type Unbounded = Omit<Network, 'upper'>;

/** Chains of lead-time-zero routes longer than this many echelons get looser (still valid) bounds. */
const PASSES = 3;

/** Bounds in lots by flow, by good (carried to the next period) and by need. O(arcs × resources). */
export function boundFlows(network: Unbounded): Network['upper'] {
  const { T, K, D, H, R, S, first, arcs, need, scenario, approx, planned } = network;
  const ship = withinCapacity(network);
  const passes = chained(network) ? PASSES : 1;
  const reach = reachable(network, ship, passes);
  const behind = wanted(network, passes);
  const hub = D + H;

  for (let a = 0; a < arcs.count; a++) {
    const from = arcs.from[a]! * K;
    const to = arcs.to[a]! * K;
    for (let k = 0; k < K; k++) {
      const use = planned ? Math.max(behind[to + k]!, planned.ship[a * K + k]!) : behind[to + k]!;
      ship[a * K + k] = Math.min(ship[a * K + k]!, reach[from + k]!, use);
    }
  }

  const store = new Float64Array(S * T * K);
  for (let s = 0; s < S; s++) {
    if (s >= D && !(approx.storage[s]! > 0)) continue;
    for (let t = first; t + 1 < T; t++)
      for (let k = 0; k < K; k++) {
        const good = (s * T + t) * K + k;
        const most = Math.min(reach[good]!, behind[good + K]!);
        store[good] = s < D ? most : Math.min(most, lotsWithin(approx.storage[s]!, approx.weight[k]!));
      }
  }

  const met = new Float64Array(R * T * K);
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const durable = scenario.resources[k]!.kind === 'durable';
      const stored = approx.storage[hub + j]! > 0;
      let arrived = 0;
      let before = 0;
      for (let t = 0; t < T; t++) {
        const n = (j * T + t) * K + k;
        // reach already counts earlier arrivals where the region can keep them, back to the first open period
        const now = reach[((hub + j) * T + t) * K + k]!;
        arrived = stored ? before + now : arrived + now;
        if (t < first) before += now;
        met[n] = Math.min(need[n]!, durable ? arrived : now);
      }
    }
  return { ship, store, met };
}

/** Whole lots up to a limit in tonnes, rounded up so that fractions of a lot stay possible in the continuous plan. */
function lotsWithin(tonnes: number, weight: number): number {
  if (tonnes === Infinity || weight === 0) return tonnes === 0 && weight !== 0 ? 0 : Infinity;
  return Math.ceil((tonnes / weight) * (1 + 1e-12));
}

/** By flow: what the route could carry if it carried nothing else. Arcs of a route come one after the other. */
function withinCapacity({ K, arcs, approx }: Unbounded): Float64Array {
  const within = new Float64Array(arcs.count * K);
  const row = new Float64Array(K);
  let last = -1;
  for (let a = 0; a < arcs.count; a++) {
    const route = arcs.route[a]!;
    if (route !== last) for (let k = 0; k < K; k++) row[k] = lotsWithin(approx.capacity[route]!, approx.weight[k]!);
    last = route;
    for (let k = 0; k < K; k++) within[a * K + k] = row[k]!;
  }
  return within;
}

/** Whether any arc leads on to a depot or hub: where none does, one pass over the sites settles all. */
function chained({ T, D, H, arcs }: Unbounded): boolean {
  for (let a = 0; a < arcs.count; a++) if (arcs.to[a]! < (D + H) * T) return true;
  return false;
}

/** By good: at most so many lots can be at the node, whichever way they came. */
function reachable(network: Unbounded, within: Float64Array, passes: number): Float64Array {
  const { T, K, D, H, S, first, arcs, supply, approx } = network;
  const { inStart, in: into, from } = arcs;
  const reach = new Float64Array(S * T * K);
  const total = new Float64Array(K);
  const sum = new Float64Array(K);
  const recount = (s: number, t: number) => {
    const good = (s * T + t) * K;
    const keeps = t > first && (s < D || approx.storage[s]! > 0);
    for (let k = 0; k < K; k++) sum[k] = supply[good + k]! + (keeps ? reach[good - K + k]! : 0);
    const end = inStart[s * T + t + 1]!;
    for (let i = inStart[s * T + t]!; i < end; i++) {
      const flow = into[i]! * K;
      const source = from[into[i]!]! * K;
      for (let k = 0; k < K; k++) sum[k]! += Math.min(reach[source + k]!, within[flow + k]!);
    }
    for (let k = 0; k < K; k++) reach[good + k] = Math.min(reach[good + k]!, sum[k]!);
  };
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) for (let k = 0; k < K; k++) total[k]! += supply[(s * T + t) * K + k]!;
    for (let s = 0; s < S; s++) reach.set(total, (s * T + t) * K);
    for (let pass = 0; pass < passes; pass++) for (let s = 0; s < D + H; s++) recount(s, t);
    // nothing leaves a region, so its own turn comes once
    for (let s = D + H; s < S; s++) recount(s, t);
  }
  return reach;
}

/** By good: at most so many lots can still be of use at the node or beyond it. */
function wanted(network: Unbounded, passes: number): Float64Array {
  const { T, K, D, H, R, S, first, arcs, need, scenario, approx, planned } = network;
  const { outStart, out, to } = arcs;
  const departing = planned && plannedByPeriod(network, planned.ship);
  const behind = new Float64Array(S * T * K);
  const total = new Float64Array(K);
  const sum = new Float64Array(K);
  const hub = D + H;
  const durable = scenario.resources.map((r) => r.kind === 'durable');
  const recount = (s: number, t: number) => {
    const good = (s * T + t) * K;
    const keeps = t + 1 < T && t >= first && (s < D || approx.storage[s]! > 0);
    for (let k = 0; k < K; k++) sum[k] = keeps ? behind[good + K + k]! : 0;
    const end = outStart[s * T + t + 1]!;
    for (let i = outStart[s * T + t]!; i < end; i++) {
      const target = to[out[i]!]! * K;
      if (planned) for (let k = 0; k < K; k++) sum[k]! += Math.max(behind[target + k]!, planned.ship[out[i]! * K + k]!);
      else for (let k = 0; k < K; k++) sum[k]! += behind[target + k]!;
    }
    for (let k = 0; k < K; k++) behind[good + k] = Math.min(behind[good + k]!, sum[k]!);
  };
  for (let t = T - 1; t >= 0; t--) {
    for (let j = 0; j < R; j++) {
      const keeps = t >= first && approx.storage[hub + j]! > 0;
      for (let k = 0; k < K; k++) {
        const n = need[(j * T + t) * K + k]!;
        const later = t + 1 < T && keeps ? behind[((hub + j) * T + t + 1) * K + k]! : 0;
        // a durable's need already counts what fell due before
        behind[((hub + j) * T + t) * K + k] = durable[k] ? Math.max(n, later) : n + later;
        total[k]! += durable[k] ? (t === T - 1 ? n : 0) : n;
      }
    }
    // goods go on for a need, or for some departure that was planned
    if (departing) for (let k = 0; k < K; k++) total[k]! += departing[t * K + k]!;
    for (let s = 0; s < hub; s++) behind.set(total, (s * T + t) * K);
    for (let pass = 0; pass < passes; pass++) for (let s = hub - 1; s >= 0; s--) recount(s, t);
  }
  return behind;
}

/** Lots that were to depart, by period·K + resource. */
function plannedByPeriod({ T, K, arcs }: Unbounded, ship: Float64Array): Float64Array {
  const sums = new Float64Array(T * K);
  for (let a = 0; a < arcs.count; a++) for (let k = 0; k < K; k++) sums[arcs.depart[a]! * K + k]! += ship[a * K + k]!;
  return sums;
}
