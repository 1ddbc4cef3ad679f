/** The best prices so far, and what they are called in the certificate. */
import { blockSizes, type RoughPrices } from '../../proof/certificate.js';
import type { Direct } from './form.js';
import { RECORD, record } from './layout.js';

export interface KeptPrices {
  goods: Float32Array;
  handling: Float64Array;
  fleet: Float64Array;
  budget: number;
  route: Float32Array;
}

/** Copies the clean prices of the last certificate, into `old` where there is one. */
export function keepPrices({ layout }: Direct, old: KeptPrices | undefined): KeptPrices {
  const { nodes, lanes, fleetRows, arcs, f32 } = layout;
  const kept = old ?? {
    goods: new Float32Array(nodes * lanes),
    handling: new Float64Array(nodes),
    fleet: new Float64Array(fleetRows),
    budget: 0,
    route: new Float32Array(arcs),
  };
  kept.goods.set(layout.floats('cleanGoods', nodes * lanes));
  kept.handling.set(layout.doubles('cleanHandling', nodes));
  kept.fleet.set(layout.doubles('cleanFleet', fleetRows));
  kept.budget = Math.max(0, layout.doubles('budget', 1)[0]!);
  for (let a = 0, at = layout.start('arc'); a < arcs; a++, at += RECORD)
    kept.route[a] = f32[at + record.step]! > 0 ? Math.max(0, f32[at + record.price]!) : 0;
  return kept;
}

/** Prices by block and row of the certificate, in points of the stage; each need at the cheapest way in, or at what the next of it is worth. */
export function roughPrices(direct: Direct, kept: KeptPrices): RoughPrices {
  const { layout, network, policy, stage, arcs: order, weight } = direct;
  const { D, H, R, T, K, arcs, approx } = network;
  const { lanes, nodes, fleets } = layout;
  const sizes = blockSizes(network, policy);
  const names = Object.keys(sizes) as (keyof typeof sizes)[];
  const rough = Object.fromEntries(names.map((b) => [b, new Float64Array(sizes[b])])) as RoughPrices; // every block
  for (let n = 0; n < nodes; n++)
    for (let k = 0; k < K; k++) rough.goods[n * K + k] = kept.goods[n * lanes + k]! * weight[k]!;
  rough.handling.set(kept.handling);
  rough.fleet.set(kept.fleet.subarray(0, fleets * T));
  rough.budget[0] = kept.budget;
  for (let a = 0; a < order.length; a++) rough.route[order[a]!] = kept.route[a]!;
  const given = layout.floats('given', layout.groups * lanes);
  const need = layout.floats('need', layout.groups * lanes);
  const slopes = policy.bands.approx.slopes[stage]!;
  const bands = layout.floats('bands', layout.bands * 2);
  /** Slope of the band in which the next of a good would be used, beside what is there already; the first where nothing is. */
  const next = (e: number): number => {
    if (given[e] === 0) return slopes[0]!;
    const b = slopes.findIndex((_, b) => bands[2 * b + 1]! * need[e]! > given[e]!);
    return b < 0 ? 0 : slopes[b]!;
  };
  const money = policy.approxCostWeight[stage]! + kept.budget;
  const cheapest = new Float64Array(K);
  for (let g = 0; g < R * T; g++) {
    const node = (D + H) * T + g;
    const j = Math.floor(g / T);
    for (let k = 0; k < K; k++) cheapest[k] = (next(g * lanes + k) * approx.points[j * K + k]!) / weight[k]!;
    for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
      const a = arcs.in[i]!;
      const from = arcs.from[a]!;
      const r = arcs.route[a]!;
      const f = arcs.fleet[a]!;
      const tonne =
        money * approx.costPerTonne[r]! +
        kept.handling[from]! +
        rough.route[a]! +
        (f >= 0 ? approx.km[r]! * kept.fleet[f * T + arcs.depart[a]!]! : 0);
      for (let k = 0; k < K; k++) {
        const price = tonne + kept.goods[from * lanes + k]!;
        if (price < cheapest[k]!) cheapest[k] = price;
      }
    }
    for (let k = 0; k < K; k++) rough.goods[node * K + k] = cheapest[k]! * weight[k]!;
  }
  return rough;
}
