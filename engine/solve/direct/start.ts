/**
 * Where a cold ascent begins: no flows, and a price that nobody pays on whatever has nothing to give. What has no limit to give
 * costs the bound nothing; its flows vanish before its price has risen, so it would stay where the vanishing left it.
 */
import type { Direct } from './form.js';
import { RECORD, record } from './layout.js';

export function coldStart({ layout }: Direct): void {
  const { arcs, nodes, lanes, groups, periods: T, resources: K, fleets, fleetRows, f32 } = layout;
  const supply = layout.floats('supply', nodes * lanes);
  const goods = layout.floats('goods', nodes * lanes);
  const steepest = layout.floats('bands', 1)[0]!;
  // by good, as prices share a grid in the certificate and a dear one would leave the others no digits
  const worth = layout.floats('worth', groups * lanes);
  const prohibitive = new Float64Array(lanes);
  for (let i = 0; i < worth.length; i++)
    prohibitive[i % lanes] = Math.max(prohibitive[i % lanes]!, 2 * steepest * worth[i]!);
  const dearest = prohibitive.reduce((a, b) => Math.max(a, b), 0);

  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < K; k++) {
      let stock = 0;
      for (let t = 0; t < T; t++) stock += supply[(depot + t) * lanes + k]!;
      if (stock > 0) continue;
      for (let t = 0; t < T; t++) goods[(depot + t) * lanes + k] = prohibitive[k]!;
    }

  let km = Infinity;
  let cost = Infinity;
  for (let a = 0, at = layout.start('arc'); a < arcs; a++, at += RECORD) {
    if (f32[at + record.step]! > 0 && !(f32[at + record.capacity]! > 0)) f32[at + record.price] = dearest;
    if (f32[at + record.km]! > 0) km = Math.min(km, f32[at + record.km]!);
    if (f32[at + record.perTonne]! > 0) cost = Math.min(cost, f32[at + record.perTonne]!);
  }
  const handling = layout.doubles('handlingLimit', nodes);
  const limited = layout.doubles('handlingStep', nodes);
  for (let n = 0; n < nodes; n++) {
    if (!(limited[n]! > 0) || handling[n]! > 0) continue;
    // with one period the goods' prices carry the handling price
    if (T > 1) layout.doubles('handling', nodes)[n] = dearest;
    else for (let k = 0; k < K; k++) goods[n * lanes + k] = Math.max(goods[n * lanes + k]!, prohibitive[k]!);
  }
  const fleetLimit = layout.doubles('fleetLimit', fleetRows);
  const fleet = layout.doubles('fleet', fleetRows);
  for (let f = 0; f < fleets * T && km < Infinity; f++) if (!(fleetLimit[f]! > 0)) fleet[f] = dearest / km;
  const budget = layout.doubles('budget', 4);
  if (!(budget[3]! > 0) && cost < Infinity) budget[0] = dearest / cost;
}

/**
 * After a warm start and its first steps: a price on a row that no flow asks for, or that can no longer bind, never moves again and would
 * cost the bound for good. What has nothing to give keeps its price, which costs nothing.
 */
export function dropIdlePrices({ layout }: Direct): void {
  const { nodes, lanes, periods: T, fleetRows } = layout;
  const goods = layout.floats('goods', nodes * lanes);
  const goodStep = layout.floats('goodStep', nodes * lanes);
  const supply = layout.floats('supply', nodes * lanes);
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      const first = depot * lanes + k;
      if (goodStep[first]! > 0) continue;
      let stock = 0;
      for (let e = first, t = 0; t < T; t++, e += lanes) stock += supply[e]!;
      if (stock > 0) for (let e = first, t = 0; t < T; t++, e += lanes) goods[e] = 0;
    }
  const drop = (price: Float64Array, step: Float64Array, limit: Float64Array) => {
    for (let i = 0; i < price.length; i++) if (!(step[i]! > 0) && limit[i]! > 0) price[i] = 0;
  };
  const doubles = layout.doubles;
  drop(doubles('handling', nodes), doubles('handlingStep', nodes), doubles('handlingLimit', nodes));
  drop(doubles('fleet', fleetRows), doubles('fleetStep', fleetRows), doubles('fleetLimit', fleetRows));
  const budget = doubles('budget', 4);
  if (!(budget[2]! > 0) && budget[3]! > 0) budget[0] = 0;
}
