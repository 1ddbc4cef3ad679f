/**
 * A plan in whole lots while it is being made: what is shipped and met, what is left at every place, and the room on
 * every limit. Tonnes are doubles here; `limits.ts` makes them exact at the end.
 */
import type { Network } from '../network.js';

export interface LotState {
  ship: Float64Array;
  met: Float64Array;
  /** Lots kept at the end of the period, by good. */
  carry: Float64Array;
  /** Lots at depots that nobody needs from the period on, by good: taking one leaves every later departure possible. */
  spare: Float64Array;
  /** Lots that arrived at a hub or region and are neither sent on, used nor kept, by good. */
  waste: Float64Array;
  room: {
    route: Float64Array;
    handling: Float64Array;
    storage: Float64Array;
    fleet: Float64Array;
    budget: number;
  };
}

/** Room on every limit once `ship` and `carry` are taken off; unlimited is Infinity. */
export function measureRoom(network: Network, ship: Float64Array, carry: Float64Array): LotState['room'] {
  const { arcs, T, K, S, D, approx } = network;
  const route = new Float64Array(arcs.count);
  for (let a = 0; a < arcs.count; a++) route[a] = approx.capacity[arcs.route[a]!]!;
  const room = {
    route,
    handling: approx.handling.slice(),
    storage: perPeriod(approx.storage, T),
    fleet: approx.fleet.slice(),
    budget: approx.budget,
  };
  for (let a = 0; a < arcs.count; a++) {
    let tonnes = 0;
    for (let k = 0; k < K; k++) tonnes += ship[a * K + k]! * approx.weight[k]!;
    if (tonnes > 0) room.budget -= takeArc(network, room, a, tonnes);
  }
  for (let node = D * T; node < S * T; node++)
    for (let k = 0; k < K; k++) room.storage[node]! -= carry[node * K + k]! * approx.weight[k]!;
  return room;
}

/** A limit of each site, again for every period. */
function perPeriod(limits: Float64Array, T: number): Float64Array {
  const all = new Float64Array(limits.length * T);
  for (let i = 0; i < limits.length; i++) all.fill(limits[i]!, i * T, (i + 1) * T);
  return all;
}

/** Takes tonnes off the limits of an arc except the budget; returns what they cost. */
export function takeArc(network: Network, room: Omit<LotState['room'], 'budget'>, a: number, tonnes: number): number {
  const { arcs, T, approx } = network;
  const r = arcs.route[a]!;
  room.route[a]! -= tonnes;
  room.handling[arcs.from[a]!]! -= tonnes;
  if (arcs.fleet[a]! >= 0) room.fleet[arcs.fleet[a]! * T + arcs.depart[a]!]! -= tonnes * approx.km[r]!;
  return tonnes * approx.costPerTonne[r]!;
}

/** Relative error that sums of doubles may have collected: a lot that fits to within it is taken, and checked exactly. */
const NOISE = 1e-11;

/** Whole lots of resource k that an arc has room for. */
export function arcRoom(network: Network, state: LotState, a: number, k: number): number {
  const { arcs, T, approx } = network;
  const weight = approx.weight[k]!;
  if (weight === 0) return Infinity;
  const r = arcs.route[a]!;
  const { room } = state;
  let tonnes = left(room.route[a]!, approx.capacity[r]!);
  if (tonnes < weight) return 0;
  tonnes = Math.min(tonnes, left(room.handling[arcs.from[a]!]!, approx.handling[arcs.from[a]!]!));
  const f = arcs.fleet[a]!;
  if (f >= 0 && approx.km[r]! > 0)
    tonnes = Math.min(tonnes, roomIn(network, room, f * T + arcs.depart[a]!) / approx.km[r]!);
  if (approx.costPerTonne[r]! > 0)
    tonnes = Math.min(tonnes, left(room.budget, approx.budget) / approx.costPerTonne[r]!);
  return Math.max(0, Math.floor(tonnes / weight));
}

/** Whole lots of resource k that can leave on arc b once as many fewer leave on arc a of the same depot. */
export function swapRoom(network: Network, state: LotState, a: number, b: number, k: number): number {
  const { arcs, T, approx } = network;
  const { room } = state;
  const weight = approx.weight[k]!;
  if (weight === 0) return Infinity;
  const [from, to] = [arcs.route[a]!, arcs.route[b]!];
  let tonnes = left(room.route[b]!, approx.capacity[to]!);
  const node = arcs.from[b]!;
  if (node !== arcs.from[a]) tonnes = Math.min(tonnes, left(room.handling[node]!, approx.handling[node]!));
  const f = arcs.fleet[b]!;
  if (f >= 0) {
    const same = f === arcs.fleet[a] && arcs.depart[a] === arcs.depart[b];
    const km = approx.km[to]! - (same ? approx.km[from]! : 0);
    if (km > 0) tonnes = Math.min(tonnes, roomIn(network, room, f * T + arcs.depart[b]!) / km);
  }
  const cost = approx.costPerTonne[to]! - approx.costPerTonne[from]!;
  if (cost > 0) tonnes = Math.min(tonnes, left(room.budget, approx.budget) / cost);
  return Math.max(0, Math.floor(tonnes / weight));
}

/** Tonne-km left in a row of the fleets. */
const roomIn = ({ approx }: Network, room: LotState['room'], row: number): number =>
  left(room.fleet[row]!, approx.fleet[row]!);

/** Room up to rounding noise; what is a hair too much is cut again by `limits.ts`. */
function left(room: number, limit: number): number {
  return limit === Infinity ? Infinity : room + NOISE * limit;
}

/** `spare` of depots: the least that is kept at the end of any period from there on. */
export function measureSpare({ D, T, K }: Network, carry: Float64Array): Float64Array {
  const spare = carry.slice(0, D * T * K);
  for (let s = 0; s < D; s++)
    for (let good = ((s + 1) * T - 1) * K - 1; good >= s * T * K; good--)
      spare[good] = Math.min(spare[good]!, spare[good + K]!);
  return spare;
}

/** Lots taken from a depot in period t (or brought, below zero) are missing from its stock from then on. */
export function takeStock(network: Network, state: LotState, node: number, k: number, lots: number): void {
  const { T, K } = network;
  const end = (Math.floor(node / T) + 1) * T;
  for (let later = node; later < end; later++) state.carry[later * K + k]! -= lots;
  settleSpare(network, state, node, k);
}

/** Brings `spare` of a depot's resource up to date after a change of what it keeps. */
export function settleSpare({ T, K }: Network, { carry, spare }: LotState, node: number, k: number): void {
  const s = Math.floor(node / T);
  let least = Number.POSITIVE_INFINITY;
  for (let good = ((s + 1) * T - 1) * K + k; good >= s * T * K; good -= K) {
    least = Math.min(least, carry[good]!);
    spare[good] = least;
  }
}
