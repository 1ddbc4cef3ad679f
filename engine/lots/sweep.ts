/**
 * Follows whole lots through time and cuts what cannot be: forward over the periods, and within a period along routes
 * without lead time, each place sends, uses and keeps at most what it has.
 */
import type { Network } from '../network.js';
import { handedOut, useOnArrival } from '../proof/feasible.js';
import { type LotState, measureRoom } from './state.js';

/** The state of a plan after cutting `ship` and `met` in place to what is possible with the goods there are. */
export function sweepGoods(network: Network, ship: Float64Array, met: Float64Array): LotState {
  const { S, D, H, R, T, K, arcs, supply, approx } = network;
  const hub = D + H;
  const wish = new Float64Array(R * T * K); // what regions with storage would hand out
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++)
      for (let k = 0; k < K; k++) wish[(j * T + t) * K + k] = Math.max(0, handedOut(network, met, j, t, k));
  const wanted = wantedCarry(network, ship, wish);
  const carry = new Float64Array(S * T * K);
  const waste = new Float64Array(S * T * K);
  const into = new Float64Array(S * T * K);

  for (let t = 0; t < T; t++)
    for (const s of sendingOrder(network, ship, t)) {
      const node = s * T + t;
      let kept = 0;
      for (let k = 0; k < K; k++) {
        const good = node * K + k;
        let have = into[good]! + (s < D ? supply[good]! : 0) + (t > 0 ? carry[good - K]! : 0);
        for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) {
          const flow = arcs.out[i]! * K + k;
          const sent = Math.min(ship[flow]!, have);
          ship[flow] = sent;
          have -= sent;
          into[arcs.to[arcs.out[i]!]! * K + k]! += sent;
        }
        if (s >= hub) {
          const n = ((s - hub) * T + t) * K + k;
          const used = Math.min(wish[n]!, have);
          wish[n] = used;
          have -= used;
        }
        if (s < D) {
          carry[good] = have;
          continue;
        }
        const weight = approx.weight[k]!;
        const space = weight > 0 ? Math.floor((approx.storage[s]! * (1 - 1e-12) - kept) / weight) : Infinity;
        const keep = approx.storage[s]! > 0 ? Math.max(0, Math.min(have, wanted[good]!, space)) : 0;
        kept += keep * weight;
        carry[good] = keep;
        waste[good] = have - keep;
      }
    }

  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      if (approx.storage[hub + j]! > 0) sumUses(network, wish, met, j, k);
      else {
        useOnArrival(network, into, met, j, k);
        // `wish` was an estimate: what is left over is what use on arrival leaves
        for (let t = 0; t < T; t++) {
          const good = ((hub + j) * T + t) * K + k;
          waste[good] = into[good]! - handedOut(network, met, j, t, k);
        }
      }
    }
  return { ship, met, carry, waste, room: measureRoom(network, ship, carry) };
}

/** m_jkt from what was handed out in each period. */
function sumUses(network: Network, used: Float64Array, met: Float64Array, j: number, k: number): void {
  const { T, K, scenario } = network;
  let before = 0;
  for (let t = 0; t < T; t++) {
    const n = (j * T + t) * K + k;
    before = met[n] = used[n]! + (scenario.resources[k]!.kind === 'durable' ? before : 0);
  }
}

/** Lots that hubs and regions have to keep at the end of each period for the shipments and uses that follow. */
function wantedCarry(network: Network, ship: Float64Array, wish: Float64Array): Float64Array {
  const { S, D, H, T, K, arcs } = network;
  const balance = new Float64Array(S * T * K);
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      balance[arcs.from[a]! * K + k]! += ship[a * K + k]!;
      balance[arcs.to[a]! * K + k]! -= ship[a * K + k]!;
    }
  wish.forEach((lots, n) => {
    balance[(D + H) * T * K + n]! += lots;
  });
  const wanted = new Float64Array(S * T * K);
  for (let s = D; s < S; s++)
    for (let t = T - 2; t >= 0; t--)
      for (let k = 0; k < K; k++) {
        const good = (s * T + t) * K + k;
        wanted[good] = Math.max(0, wanted[good + K]! + balance[good + K]!);
      }
  return wanted;
}

/**
 * Sites in an order in which whoever receives from a route without lead time in period t comes after its sender (Kahn
 * 1962). Where such routes form a circle, the rest follows in the order of the file and cuts a little more.
 */
function sendingOrder(network: Network, ship: Float64Array, t: number): number[] {
  const { S, T, K, arcs } = network;
  const waiting = new Int32Array(S);
  const next: number[][] = Array.from({ length: S }, () => []);
  for (let s = 0; s < S; s++)
    for (let i = arcs.outStart[s * T + t]!; i < arcs.outStart[s * T + t + 1]!; i++) {
      const a = arcs.out[i]!;
      if (arcs.to[a]! % T !== t) continue;
      let used = false;
      for (let k = 0; k < K && !used; k++) used = ship[a * K + k]! > 0;
      if (!used) continue;
      const to = Math.floor(arcs.to[a]! / T);
      next[s]!.push(to);
      waiting[to]!++;
    }
  const order: number[] = [];
  for (let s = 0; s < S; s++) if (waiting[s] === 0) order.push(s);
  for (let n = 0; n < order.length; n++) for (const to of next[order[n]!]!) if (--waiting[to]! === 0) order.push(to);
  if (order.length < S) {
    const done = new Set(order);
    for (let s = 0; s < S; s++) if (!done.has(s)) order.push(s);
  }
  return order;
}
