/** One more consignment: the shortest chain of routes by which spare lots can still reach a region in time. */
import type { Network } from '../network.js';
import { arcRoom, type LotState, settleSpare, takeArc, takeStock } from './state.js';

/**
 * A search backwards from a region, breadth first: step i looks at `node[i]`, from which `next[i]` is reached by `arc[i]`
 * (−1: waiting one period at the site) with room for `lots[i]`.
 */
export interface Search {
  node: Int32Array;
  next: Int32Array;
  arc: Int32Array;
  lots: Float64Array;
  /** By node: the number of the search that came by last. */
  seen: Int32Array;
  number: number;
  /** By good: searched to the end without finding anything. Room and stock only ever shrink, so nothing will come. */
  barren: Uint8Array;
}

/** Where a chain starts, how much fits through it, and what a tonne costs; step `source` leads to the region. */
export interface Chain {
  source: number;
  lots: number;
  tonneCost: number;
}

export interface Goal {
  j: number;
  t: number;
  k: number;
  /** Lots wanted. */
  most: number;
}

/** Nodes looked at before a chain is given up. */
const MOST_STEPS = 200;

/** Scratch for the searches of one top-up. */
export function startSearch({ S, T, K }: Network): Search {
  const nodes = S * T;
  return {
    node: new Int32Array(nodes),
    next: new Int32Array(nodes),
    arc: new Int32Array(nodes),
    lots: new Float64Array(nodes),
    seen: new Int32Array(nodes),
    number: 0,
    barren: new Uint8Array(nodes * K),
  };
}

/**
 * By region: whether goods can come otherwise than on a route from a depot's own stock, over hubs, other depots or the
 * region's store.
 */
export function reachedByChains({ T, D, H, R, arcs, approx }: Network): Uint8Array {
  const chains = new Uint8Array(R);
  const supplied = (s: number) => arcs.inStart[s * T]! < arcs.inStart[s * T + T]!;
  for (let j = 0; j < R; j++) {
    const s = D + H + j;
    if (approx.storage[s]! > 0) chains[j] = 1;
    for (let i = arcs.inStart[s * T]!; i < arcs.inStart[s * T + T]! && !chains[j]; i++) {
      const from = Math.floor(arcs.from[arcs.in[i]!]! / T);
      if (from >= D || supplied(from)) chains[j] = 1;
    }
  }
  return chains;
}

/**
 * A chain for resource k to region j in period t, found backwards breadth first; null where nothing spare can come.
 * Takes only arcs on which `plan` (lots by flow) ships more than the state does; null takes any.
 */
export function findChain(
  network: Network,
  state: LotState,
  search: Search,
  { j, t, k, most }: Goal,
  plan: Float64Array | null,
): Chain | null {
  const { D, H, T, K, first, arcs, approx } = network;
  const { node, next, arc, lots, seen, barren } = search;
  const now = ++search.number;
  let count = 0;
  const push = (at: number, after: number, by: number, room: number) => {
    if (room < 1 || barren[at * K + k]) return;
    seen[at] = now;
    node[count] = at;
    next[count] = after;
    arc[count] = by;
    lots[count++] = room;
  };
  push((D + H + j) * T + t, -1, -1, most);
  let n = 0;
  for (; n < count && n < MOST_STEPS; n++) {
    const here = node[n]!;
    const s = Math.floor(here / T);
    const period = here % T;
    const spare = s < D ? state.spare[here * K + k]! : state.waste[here * K + k]!;
    if (spare >= 1) return chain(network, state, search, n, Math.min(spare, lots[n]!), k);
    for (let i = arcs.inStart[here]!; i < arcs.inStart[here + 1]!; i++) {
      const a = arcs.in[i]!;
      const from = arcs.from[a]!;
      if (seen[from] === now || (plan && !(plan[a * K + k]! > state.ship[a * K + k]!))) continue;
      push(from, n, a, Math.min(lots[n]!, arcRoom(network, state, a, k)));
    }
    if (period <= first || seen[here - 1] === now) continue;
    if (s >= D && approx.storage[s]! > 0)
      push(here - 1, n, -1, Math.min(lots[n]!, storageRoom(network, state, here - 1, k)));
    // a depot's own stock was looked at; waiting there helps only what can still come to it
    else if (s < D && arcs.inStart[s * T]! < arcs.inStart[here]!) push(here - 1, n, -1, lots[n]!);
  }
  if (!plan && n === count) for (let i = 0; i < count; i++) barren[node[i]! * K + k] = 1;
  return null;
}

function storageRoom(network: Network, state: LotState, node: number, k: number): number {
  const weight = network.approx.weight[k]!;
  return weight > 0 ? Math.floor(state.room.storage[node]! / weight) : Number.POSITIVE_INFINITY;
}

function chain(network: Network, state: LotState, search: Search, source: number, lots: number, k: number): Chain {
  const { arcs, approx } = network;
  let tonneCost = 0;
  let routes = 0;
  for (let i = source; i > 0; i = search.next[i]!)
    if (search.arc[i]! >= 0) {
      tonneCost += approx.costPerTonne[arcs.route[search.arc[i]!]!]!;
      routes++;
    }
  let most = lots;
  // routes in one chain may share a fleet or the budget; dividing by their number is safe
  if (routes > 1)
    for (let i = source; i > 0; i = search.next[i]!)
      if (search.arc[i]! >= 0) most = Math.min(most, Math.floor(arcRoom(network, state, search.arc[i]!, k) / routes));
  return { source, lots: most, tonneCost };
}

/** Sends lots of resource k down the chain that was found last. */
export function sendAlong(network: Network, state: LotState, search: Search, source: number, k: number, lots: number) {
  const { D, T, K, approx } = network;
  const tonnes = lots * approx.weight[k]!;
  const start = search.node[source]!;
  if (start < D * T) takeStock(network, state, start, k, lots);
  else state.waste[start * K + k]! -= lots;
  for (let i = source; i > 0; i = search.next[i]!) {
    const a = search.arc[i]!;
    if (a < 0) {
      state.carry[search.node[i]! * K + k]! += lots;
      if (search.node[i]! >= D * T) state.room.storage[search.node[i]!]! -= tonnes;
      else settleSpare(network, state, search.node[i]!, k);
    } else {
      state.ship[a * K + k]! += lots;
      state.room.budget -= takeArc(network, state.room, a, tonnes);
    }
  }
}
