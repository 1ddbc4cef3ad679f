/**
 * A finite bound on every flow: the least of the supply that can reach it, the need behind it and the capacity along
 * it (MODEL.md). Any plan can be cut back to flows within these bounds without doing worse on any stage, because
 * goods that nobody uses only take up room; so a proof that uses them holds for every plan.
 */
import type { Network } from './network.js';

type Unbounded = Omit<Network, 'upper'>;

/** Chains of lead-time-zero routes longer than this many echelons get looser (still valid) bounds. */
const PASSES = 3;

/** Bounds in lots by flow, by good (carried to the next period) and by need. O(arcs × resources). */
export function boundFlows(network: Unbounded): Network['upper'] {
  const { T, K, D, H, R, S, arcs, need, scenario, approx } = network;
  const reach = reachable(network);
  const behind = wanted(network);
  const hub = D + H;

  const ship = new Float64Array(arcs.count * K);
  for (let a = 0; a < arcs.count; a++) {
    const capacity = approx.capacity[arcs.route[a]!]!;
    for (let k = 0; k < K; k++) {
      const most = Math.min(reach[arcs.from[a]! * K + k]!, behind[arcs.to[a]! * K + k]!);
      ship[a * K + k] = Math.min(most, lotsWithin(capacity, approx.weight[k]!));
    }
  }

  const store = new Float64Array(S * T * K);
  for (let s = 0; s < S; s++) {
    if (s >= D && !(approx.storage[s]! > 0)) continue;
    for (let t = 0; t + 1 < T; t++)
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
      for (let t = 0; t < T; t++) {
        const n = (j * T + t) * K + k;
        // reach already counts earlier arrivals where the region can keep them
        const now = reach[((hub + j) * T + t) * K + k]!;
        arrived = stored ? now : arrived + now;
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

/** By good: at most so many lots can be at the node, whichever way they came. */
function reachable(network: Unbounded): Float64Array {
  const { T, K, D, S, arcs, supply, approx } = network;
  const reach = new Float64Array(S * T * K);
  const total = new Float64Array(K);
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < D; s++) for (let k = 0; k < K; k++) total[k]! += supply[(s * T + t) * K + k]!;
    for (let s = 0; s < S; s++) reach.set(total, (s * T + t) * K);
    for (let pass = 0; pass < PASSES; pass++)
      for (let s = 0; s < S; s++) {
        const node = s * T + t;
        const keeps = s < D || approx.storage[s]! > 0;
        for (let k = 0; k < K; k++) {
          let sum = s < D ? supply[node * K + k]! : 0;
          if (keeps && t > 0) sum += reach[(node - 1) * K + k]!;
          for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]! && sum < total[k]!; i++) {
            const a = arcs.in[i]!;
            const capacity = lotsWithin(approx.capacity[arcs.route[a]!]!, approx.weight[k]!);
            sum += Math.min(reach[arcs.from[a]! * K + k]!, capacity);
          }
          const good = node * K + k;
          if (sum < reach[good]!) reach[good] = sum;
        }
      }
  }
  return reach;
}

/** By good: at most so many lots can still be of use at the node or beyond it. */
function wanted(network: Unbounded): Float64Array {
  const { T, K, D, H, R, S, arcs, need, scenario, approx } = network;
  const behind = new Float64Array(S * T * K);
  const total = new Float64Array(K);
  const hub = D + H;
  for (let t = T - 1; t >= 0; t--) {
    for (let j = 0; j < R; j++) {
      const keeps = approx.storage[hub + j]! > 0;
      for (let k = 0; k < K; k++) {
        const durable = scenario.resources[k]!.kind === 'durable';
        const n = need[(j * T + t) * K + k]!;
        const later = t + 1 < T && keeps ? behind[((hub + j) * T + t + 1) * K + k]! : 0;
        // a durable's need already counts what fell due before
        behind[((hub + j) * T + t) * K + k] = durable ? Math.max(n, later) : n + later;
        total[k]! += durable ? (t === T - 1 ? n : 0) : n;
      }
    }
    for (let s = 0; s < hub; s++) behind.set(total, (s * T + t) * K);
    for (let pass = 0; pass < PASSES; pass++)
      for (let s = hub - 1; s >= 0; s--) {
        const node = s * T + t;
        const keeps = s < D || approx.storage[s]! > 0;
        for (let k = 0; k < K; k++) {
          const good = node * K + k;
          let sum = keeps && t + 1 < T ? behind[good + K]! : 0;
          for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]! && sum < total[k]!; i++)
            sum += behind[arcs.to[arcs.out[i]!]! * K + k]!;
          if (sum < behind[good]!) behind[good] = sum;
        }
      }
  }
  return behind;
}
