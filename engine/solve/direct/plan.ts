/** Flows of the layout as lots of the network, and back. */
import type { RoughPrices } from '../../proof/certificate.js';
import type { Direct } from './form.js';
import { RECORD, record } from './layout.js';

/** The best plan of an ascent: lots by flow and by need, fractions allowed. */
export function bestPlan(direct: Direct): { ship: Float64Array; met: Float64Array } {
  const { layout, network, arcs: order, weight } = direct;
  const { R, T, K, arcs, upper, need, supply, D, H } = network;
  const { lanes } = layout;
  const best = layout.floats('best', layout.arcs * lanes);
  const ship = new Float64Array(arcs.count * K);
  for (let i = 0; i < order.length; i++) {
    const a = order[i]!;
    for (let k = 0; k < K; k++) {
      const tonnes = best[i * lanes + k]!;
      if (tonnes > 0) ship[a * K + k] = Math.min(tonnes / weight[k]!, upper.ship[a * K + k]!);
    }
  }
  const met = new Float64Array(need.length);
  const into = new Float64Array(T * K);
  for (let j = 0; j < R; j++) {
    for (let t = 0; t < T; t++) {
      const node = (D + H + j) * T + t;
      for (let k = 0; k < K; k++) into[t * K + k] = supply[node * K + k]!;
      for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++)
        for (let k = 0; k < K; k++) into[t * K + k]! += ship[arcs.in[i]! * K + k]!;
      for (let k = 0; k < K; k++) {
        const n = (j * T + t) * K + k;
        met[n] = Math.min(need[n]!, into[t * K + k]!);
      }
    }
  }
  return { ship, met };
}

/** Puts flows in lots and prices by block into the layout, for a warm start. */
export function putStart(direct: Direct, ship: Float64Array, prices: RoughPrices): void {
  const { layout, network, arcs: order, weight } = direct;
  const { D, H, R, T, K } = network;
  const { lanes, nodes, fleets, f32 } = layout;
  const need = layout.floats('need', layout.groups * lanes);
  const x = layout.floats('x', layout.arcs * lanes);
  const pi = layout.floats('pi', layout.groups * lanes);
  const goods = layout.floats('goods', nodes * lanes);
  const group = layout.ints('group', layout.groups + 1);
  const joint = T === 1;
  for (let g = 0; g < R * T; g++) {
    for (let k = 0; k < K; k++) pi[g * lanes + k] = prices.goods[((D + H) * T + g) * K + k]! / weight[k]!;
    for (let i = group[g]!; i < group[g + 1]!; i++)
      for (let k = 0; k < K; k++)
        x[i * lanes + k] = Math.min(ship[order[i]! * K + k]! * weight[k]!, need[g * lanes + k]!);
  }
  for (let n = 0; n < nodes; n++)
    for (let k = 0; k < K; k++) {
      // prices nobody pays, of goods that never are there, stay
      if (layout.floats('supply', nodes * lanes)[n * lanes + k]! > 0 || goods[n * lanes + k] === 0)
        goods[n * lanes + k] = prices.goods[n * K + k]! / weight[k]! + (joint ? prices.handling[n]! : 0);
    }
  if (!joint) layout.doubles('handling', nodes).set(prices.handling.subarray(0, nodes));
  layout.doubles('fleet', fleets * T).set(prices.fleet);
  layout.doubles('budget', 1)[0] = prices.budget[0] ?? 0;
  for (let i = 0, at = layout.start('arc'); i < order.length; i++, at += RECORD)
    if (f32[at + record.step]! > 0 && f32[at + record.capacity]! > 0) f32[at + record.price] = prices.route[order[i]!]!;
}
