/**
 * Follows whole lots through time and cuts what cannot be: forward over the periods, and within a period along routes
 * without lead time, each place sends, uses and keeps at most what it has.
 */
import type { Network } from '../network.js';
import { handedOut, useOnArrival, usePast } from '../proof/feasible.js';
import { type LotState, measureRoom, measureSpare } from './state.js';

/** Lots by good, and what regions with storage would hand out by need (empty where no region has any). */
interface Goods {
  into: Float64Array;
  carry: Float64Array;
  waste: Float64Array;
  wish: Float64Array;
}

/** The state of a plan after cutting `ship` and `met` in place to what is possible with the goods there are. */
export function sweepGoods(network: Network, ship: Float64Array, met: Float64Array): LotState {
  const { S, D, H, R, T, K, approx } = network;
  const hub = D + H;
  usePast(network, met);
  const keeps = approx.storage.subarray(D).some((tonnes) => tonnes > 0);
  const wish = wishes(network, met);
  const wanted = keeps ? wantedCarry(network, ship, wish) : null;
  const into = new Float64Array(S * T * K);
  const carry = new Float64Array(S * T * K);
  const waste = new Float64Array(S * T * K);
  const goods: Goods = { into, carry, waste, wish };

  for (let t = 0; t < T; t++) {
    for (const s of sendingOrder(network, ship, t)) {
      send(network, ship, goods, s * T + t);
      if (s >= D) keep(network, goods, s, t, wanted);
    }
    for (let s = hub; s < S; s++)
      if (approx.storage[s]! > 0) {
        use(network, goods, s, t);
        keep(network, goods, s, t, wanted);
      }
  }

  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      if (approx.storage[hub + j]! > 0) sumUses(network, wish, met, j, k);
      else {
        useOnArrival(network, into, met, j, k);
        for (let t = 0; t < T; t++) {
          const good = ((hub + j) * T + t) * K + k;
          waste[good] = into[good]! + network.supply[good]! - handedOut(network, met, j, t, k);
        }
      }
    }
  return { ship, met, carry, spare: measureSpare(network, carry), waste, room: measureRoom(network, ship, carry) };
}

/** Sends what there is along the arcs that leave a depot or hub; what stays is in `carry`. */
function send(network: Network, ship: Float64Array, { into, carry }: Goods, node: number): void {
  const { T, K, arcs, supply } = network;
  const first = node * K;
  const before = node % T > 0;
  for (let k = 0; k < K; k++)
    carry[first + k] = into[first + k]! + supply[first + k]! + (before ? carry[first + k - K]! : 0);
  for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) {
    const flow = arcs.out[i]! * K;
    const to = arcs.to[arcs.out[i]!]! * K;
    for (let k = 0; k < K; k++) {
      const wish = ship[flow + k]!;
      if (wish === 0) continue;
      const sent = Math.min(wish, carry[first + k]!);
      ship[flow + k] = sent;
      carry[first + k]! -= sent;
      into[to + k]! += sent;
    }
  }
}

/** Hands out what a region with storage wants to and has; what stays is in `carry`. */
function use(network: Network, { into, carry, wish }: Goods, s: number, t: number): void {
  const { D, H, T, K, supply } = network;
  const first = (s * T + t) * K;
  for (let k = 0; k < K; k++) {
    const have = into[first + k]! + supply[first + k]! + (t > 0 ? carry[first + k - K]! : 0);
    const n = ((s - D - H) * T + t) * K + k;
    wish[n] = Math.min(wish[n]!, have);
    carry[first + k] = have - wish[n]!;
  }
}

/** Of what is still there a hub or region keeps what it wants and has room for; the rest is wasted. */
function keep(
  { T, K, first, approx }: Network,
  { carry, waste }: Goods,
  s: number,
  t: number,
  wanted: Float64Array | null,
): void {
  let kept = 0;
  for (let k = 0; k < K; k++) {
    const good = (s * T + t) * K + k;
    const have = carry[good]!;
    const weight = approx.weight[k]!;
    const space = weight > 0 ? Math.floor((approx.storage[s]! * (1 - 1e-12) - kept) / weight) : Infinity;
    const stay = wanted && t >= first && approx.storage[s]! > 0 ? Math.max(0, Math.min(have, wanted[good]!, space)) : 0;
    kept += stay * weight;
    carry[good] = stay;
    waste[good] = have - stay;
  }
}

/** What regions with storage would hand out, by need. */
function wishes(network: Network, met: Float64Array): Float64Array {
  const { D, H, R, T, K, approx } = network;
  const stores = approx.storage.subarray(D + H);
  if (!stores.some((tonnes) => tonnes > 0)) return new Float64Array(0);
  const wish = new Float64Array(R * T * K);
  for (let j = 0; j < R; j++)
    if (stores[j]! > 0)
      for (let t = 0; t < T; t++)
        for (let k = 0; k < K; k++) wish[(j * T + t) * K + k] = Math.max(0, handedOut(network, met, j, t, k));
  return wish;
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
  const { S, D, H, T, K, arcs, supply } = network;
  const balance = new Float64Array(S * T * K);
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      balance[arcs.from[a]! * K + k]! += ship[a * K + k]!;
      balance[arcs.to[a]! * K + k]! -= ship[a * K + k]!;
    }
  for (let n = 0; n < wish.length; n++) balance[(D + H) * T * K + n]! += wish[n]!;
  // what is there already need not be kept for
  if (network.first > 0) for (let good = D * T * K; good < balance.length; good++) balance[good]! -= supply[good]!;
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
 * Depots and hubs in an order in which whoever receives from a route without lead time in period t comes after its
 * sender (Kahn 1962). Where such routes form a circle, the rest follows in the order of the file and cuts a little more.
 */
function sendingOrder(network: Network, ship: Float64Array, t: number): Int32Array {
  const { D, H, T, K, arcs } = network;
  const senders = D + H;
  const waiting = new Int32Array(senders);
  const order = new Int32Array(senders);
  const eachNext = (s: number, visit: (to: number) => void) => {
    for (let i = arcs.outStart[s * T + t]!; i < arcs.outStart[s * T + t + 1]!; i++) {
      const a = arcs.out[i]!;
      const to = arcs.to[a]!;
      if (to >= senders * T || to % T !== t) continue;
      let used = false;
      for (let k = 0; k < K && !used; k++) used = ship[a * K + k]! > 0;
      if (used) visit(Math.floor(to / T));
    }
  };
  for (let s = 0; s < senders; s++)
    eachNext(s, (to) => {
      waiting[to]!++;
    });
  let count = 0;
  for (let s = 0; s < senders; s++) if (waiting[s] === 0) order[count++] = s;
  for (let n = 0; n < count; n++)
    eachNext(order[n]!, (to) => {
      if (--waiting[to]! === 0) order[count++] = to;
    });
  // those in a circle still wait for somebody
  for (let s = 0; s < senders && count < senders; s++) if (waiting[s]! > 0) order[count++] = s;
  return order;
}
