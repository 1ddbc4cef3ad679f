/**
 * What an iterate proves. Bound: prices clipped to their signs and made non-increasing in time, each need at the cheapest way in;
 * always dual feasible (weak duality, `proof/bound.ts`). Plan: every limit is one from above, so scaling flows down makes any iterate
 * possible; then what is left over is spent on the needs in order.
 */
import type { Direct } from './form.js';
import type { Kernel } from './kernel.js';
import { swap } from './layout.js';

export interface Proof {
  /** Worth of the repaired plan and the bound on all plans, in points of the stage. */
  value: number;
  bound: number;
  /** Lagrangian at the iterate: its distances to both tell which side is behind. */
  lagrangian: number;
}

/** Prices clean enough to prove something, by the layout's order. */
export interface CleanPrices {
  goods: Float32Array;
  handling: Float64Array;
  fleet: Float64Array;
  budget: number;
  /** By position of the arc. */
  route: Float32Array;
}

/** Runs over all groups in one thread or more; the caller says how. */
export type OverGroups = (work: 'price' | 'load') => void;

/** Leaves the repaired plan in `shipped` and the clean prices in `cleanGoods`, `cleanHandling`, `cleanFleet`. */
export function certify(direct: Direct, kernel: Kernel, over: OverGroups, threads: number): Proof {
  const { layout } = direct;
  cleanPrices(direct);
  over('price');
  kernel.gather(threads);
  const { total } = layout.sums;
  const bound = total[3]! + worthOfRows(direct);
  const lagrangian = total[4]! + worthOfRows(direct);
  goodsFactors(direct);
  over('load');
  arcFactors(direct, threads);
  const value = kernel.spend(0, layout.groups, 0) + kernel.spend(0, layout.groups, 1);
  return { value, bound, lagrangian };
}

/** Prices of goods, handling and fleets as a proof may use them. */
function cleanPrices(direct: Direct): void {
  const { layout } = direct;
  const { nodes, lanes, periods: T, fleetRows } = layout;
  const goods = layout.floats('goods', nodes * lanes);
  const clean = layout.floats('cleanGoods', nodes * lanes);
  const handling = layout.doubles('handling', nodes);
  const cleanHandling = layout.doubles('cleanHandling', nodes);
  settle(goods, clean, nodes, lanes, T);
  for (let n = 0; n < nodes; n++) cleanHandling[n] = Math.max(0, handling[n]!);
  if (T === 1) splitJoint(direct);
  else shiftHandling(direct);
  const fleet = layout.doubles('fleet', fleetRows);
  const cleanFleet = layout.doubles('cleanFleet', fleetRows);
  for (let f = 0; f < fleetRows; f++) cleanFleet[f] = Math.max(0, fleet[f]!);
}

/** Goods' prices of the iterate non-increasing in time and handling prices non-negative, as the shift needs them. */
export function settlePrices({ layout }: Direct): void {
  const { nodes, lanes, periods: T } = layout;
  const goods = layout.floats('goods', nodes * lanes);
  settle(goods, goods, nodes, lanes, T);
  const handling = layout.doubles('handling', nodes);
  for (let n = 0; n < nodes; n++) if (!(handling[n]! > 0)) handling[n] = 0;
}

/** The least prices above `from` that are non-negative and never rise in time. */
function settle(from: Float32Array, into: Float32Array, nodes: number, lanes: number, T: number): void {
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      let most = 0;
      for (let e = (depot + T - 1) * lanes + k; e >= depot * lanes; e -= lanes) {
        most = Math.max(most, from[e]!);
        into[e] = most;
      }
    }
}

/** T = 1: goods' prices carry the handling price; the split that is worth most is where stock, dearest first, fills the handling. */
function splitJoint({ layout }: Direct): void {
  const { nodes, lanes } = layout;
  const clean = layout.floats('cleanGoods', nodes * lanes);
  const supply = layout.floats('supply', nodes * lanes);
  const limit = layout.doubles('handlingLimit', nodes);
  const step = layout.doubles('handlingStep', nodes);
  const handling = layout.doubles('cleanHandling', nodes);
  const order = new Int32Array(lanes);
  for (let n = 0; n < nodes; n++) {
    handling[n] = 0;
    if (!(step[n]! > 0)) continue;
    const base = n * lanes;
    for (let k = 0; k < lanes; k++) {
      let at = k;
      while (at > 0 && clean[base + order[at - 1]!]! < clean[base + k]!) {
        order[at] = order[at - 1]!;
        at--;
      }
      order[at] = k;
    }
    let sum = 0;
    for (let i = 0; i < lanes; i++) {
      const k = order[i]!;
      sum += supply[base + k]!;
      if (sum <= limit[n]!) continue;
      handling[n] = clean[base + k]!;
      break;
    }
    for (let k = 0; k < lanes; k++) clean[base + k] = Math.max(0, clean[base + k]! - handling[n]!);
  }
}

/**
 * T > 1: raising all goods' prices of a depot over periods s … e and lowering its handling prices there by as much changes no
 * flow's cost, only the rows' worth: exact ascent along those directions. Works on the clean prices.
 */
export function shiftHandling({ layout }: Direct, from: 'clean' | 'iterate' = 'clean'): void {
  const { nodes, lanes, periods: T, resources: K } = layout;
  const goods = layout.floats(from === 'clean' ? 'cleanGoods' : 'goods', nodes * lanes);
  const handling = layout.doubles(from === 'clean' ? 'cleanHandling' : 'handling', nodes);
  const supply = layout.floats('supply', nodes * lanes);
  const step = layout.doubles('handlingStep', nodes);
  const goodStep = layout.floats('goodStep', nodes * lanes);
  const limit = layout.doubles('handlingLimit', nodes);
  const net = new Float64Array(T);
  const live = new Uint8Array(lanes);
  for (let depot = 0; depot < nodes; depot += T) {
    let some = false;
    for (let t = 0; t < T; t++) some ||= step[depot + t]! > 0;
    if (!some) continue;
    for (let k = 0; k < K; k++) live[k] = goodStep[depot * lanes + k]! > 0 ? 1 : 0;
    for (let t = 0; t < T; t++) {
      net[t] = limit[depot + t]!;
      for (let k = 0; k < K; k++) if (live[k]) net[t]! -= supply[(depot + t) * lanes + k]!;
    }
    for (let sweep = 0; sweep < 3; sweep++) if (!shiftDepot(depot)) break;
  }

  function shiftDepot(depot: number): boolean {
    let moved = false;
    for (let s = 0; s < T; s++) {
      let gain = 0;
      let least = Infinity;
      for (let e = s; e < T; e++) {
        const node = depot + e;
        if (!(step[node]! > 0)) break;
        gain += net[e]!;
        least = Math.min(least, handling[node]!);
        let move: number;
        if (gain > 0) {
          move = least;
          if (s > 0)
            for (let k = 0; k < K; k++)
              if (live[k]) move = Math.min(move, goods[(depot + s - 1) * lanes + k]! - goods[(depot + s) * lanes + k]!);
        } else {
          move = Infinity;
          for (let k = 0; k < K; k++)
            if (live[k])
              move = Math.min(move, goods[node * lanes + k]! - (e + 1 < T ? goods[(node + 1) * lanes + k]! : 0));
          if (move === Infinity) continue;
        }
        if (!(move > 0)) continue;
        if (gain <= 0) move = -move;
        if (Math.abs(move) > 1e-9) moved = true;
        for (let t = depot + s; t <= node; t++) {
          handling[t] = Math.max(0, handling[t]! - move);
          for (let k = 0; k < K; k++) {
            const i = t * lanes + k;
            if (live[k]) goods[i] = Math.max(0, goods[i]! + move);
          }
        }
        least -= move;
      }
    }
    return moved;
  }
}

/** Σ price × limit of goods, handling, fleets and budget. */
function worthOfRows({ layout }: Direct): number {
  const { nodes, lanes, fleetRows } = layout;
  let sum = 0;
  const add = (price: Float32Array | Float64Array, limit: Float32Array | Float64Array) => {
    for (let i = 0; i < price.length; i++) if (price[i]! > 0) sum += price[i]! * limit[i]!;
  };
  add(layout.floats('cleanGoods', nodes * lanes), layout.floats('supply', nodes * lanes));
  add(layout.doubles('cleanHandling', nodes), layout.doubles('handlingLimit', nodes));
  add(layout.doubles('cleanFleet', fleetRows), layout.doubles('fleetLimit', fleetRows));
  const budget = layout.doubles('budget', 4);
  return budget[0]! > 0 ? sum + budget[0]! * budget[3]! : sum;
}

/** Share of each good's flows that the stock allows, period by period. */
function goodsFactors({ layout }: Direct): void {
  const { nodes, lanes, periods: T } = layout;
  const supply = layout.floats('supply', nodes * lanes);
  const out = layout.sums.goods;
  const factor = layout.floats('goodsFactor', nodes * lanes);
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      let stock = 0;
      for (let e = depot * lanes + k, t = 0; t < T; t++, e += lanes) {
        stock += supply[e]!;
        factor[e] = out[e]! > stock ? stock / out[e]! : 1;
        stock = Math.max(0, stock - out[e]!);
      }
    }
}

/** Factors for handling, then fleets, then the budget, and the room that is left on each. */
function arcFactors({ layout }: Direct, threads: number): void {
  const { nodes, lanes, periods: T, fleets, fleetRows } = layout;
  const cells = (fleets + 1) * nodes;
  const table = layout.table(0);
  for (let w = 1; w < threads; w++) {
    const other = layout.table(w);
    for (const name of ['goods', 'km', 'cost'] as const)
      for (let i = 0; i < table[name].length; i++) table[name][i]! += other[name][i]!;
  }
  const factor = layout.floats('arcFactor', cells);
  const handlingLimit = layout.doubles('handlingLimit', nodes);
  const fleetLimit = layout.doubles('fleetLimit', fleetRows);
  const tonnes = new Float64Array(nodes);
  const driven = new Float64Array(fleetRows);
  for (let f = 0; f <= fleets; f++)
    for (let n = 0; n < nodes; n++)
      for (let k = 0; k < lanes; k++) tonnes[n]! += table.goods[(f * nodes + n) * lanes + k]!;
  for (let n = 0; n < nodes; n++) tonnes[n] = tonnes[n]! > handlingLimit[n]! ? handlingLimit[n]! / tonnes[n]! : 1;
  for (let f = 0; f <= fleets; f++)
    for (let n = 0; n < nodes; n++) driven[f * T + (n % T)]! += tonnes[n]! * table.km[f * nodes + n]!;
  for (let r = 0; r < fleetRows; r++) driven[r] = driven[r]! > fleetLimit[r]! ? fleetLimit[r]! / driven[r]! : 1;
  let cost = 0;
  for (let f = 0; f <= fleets; f++)
    for (let n = 0; n < nodes; n++) {
      const share = tonnes[n]! * driven[f * T + (n % T)]!;
      factor[f * nodes + n] = share;
      cost += share * table.cost[f * nodes + n]!;
    }
  const budget = layout.doubles('budget', 4)[3]!;
  if (cost > budget) for (let i = 0; i < cells; i++) factor[i]! *= budget / cost;

  const supply = layout.floats('supply', nodes * lanes);
  const room = layout.doubles('room', nodes + fleetRows + 1);
  room.set(handlingLimit);
  room.set(fleetLimit, nodes);
  room[nodes + fleetRows] = budget;
  const spare = layout.doubles('spare', nodes * lanes);
  for (let i = 0; i < spare.length; i++) spare[i] = supply[i]!;
  for (let f = 0; f <= fleets; f++)
    for (let n = 0; n < nodes; n++) {
      const cell = f * nodes + n;
      const share = factor[cell]!;
      for (let k = 0; k < lanes; k++) {
        const load = share * table.goods[cell * lanes + k]!;
        room[n]! -= load;
        spare[n * lanes + k]! -= load;
      }
      room[nodes + f * T + (n % T)]! -= share * table.km[cell]!;
      room[nodes + fleetRows]! -= share * table.cost[cell]!;
    }
  // stock that may leave in t: the least of what is left at the end of t and of every later period
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      for (let t = 1; t < T; t++) spare[(depot + t) * lanes + k]! += spare[(depot + t - 1) * lanes + k]!;
      for (let t = T - 2; t >= 0; t--)
        spare[(depot + t) * lanes + k] = Math.min(spare[(depot + t) * lanes + k]!, spare[(depot + t + 1) * lanes + k]!);
    }
  // single precision may have let a hair too much through
  for (let i = 0; i < spare.length; i++) spare[i] = spare[i]! - 1e-7 * supply[i]!;
}

/** Keeps the repaired plan as the best so far. */
export function keepPlan({ layout }: Direct): void {
  swap(layout, 'shipped', 'best');
}
