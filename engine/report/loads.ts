/** How much of each limit a plan uses, and which goods it leaves where they are. */
import type { Network } from '../network.js';
import { arrivals } from '../proof/feasible.js';
import type { Plan } from '../proof/values.js';

/** Tonnes on arcs and leaving nodes, tonne-km of fleets, cost; and tonnes kept at hubs. */
export function measureLoads(network: Network, plan: Plan) {
  const { S, T, K, D, first, arcs, approx, scenario, supply } = network;
  const arc = new Float64Array(arcs.count);
  const node = new Float64Array(S * T);
  const fleet = new Float64Array(scenario.fleets.length * T);
  let cost = 0;
  for (let a = 0; a < arcs.count; a++) {
    let load = 0;
    for (let k = 0; k < K; k++) load += plan.ship[a * K + k]! * approx.weight[k]!;
    if (load === 0) continue;
    arc[a] = load;
    node[arcs.from[a]!]! += load;
    const r = arcs.route[a]!;
    if (arcs.fleet[a]! >= 0) fleet[arcs.fleet[a]! * T + arcs.depart[a]!]! += load * approx.km[r]!;
    cost += load * approx.costPerTonne[r]!;
  }
  let into: Float64Array | undefined;
  /** Nothing that comes to a hub is given up before its store is full: what the plan gives up only takes up room. */
  const kept = (s: number, t: number): number => {
    into ??= arrivals(network, plan.ship);
    let tonnes = 0;
    for (let k = 0; k < K && s >= D; k++) {
      let lots = 0;
      for (let p = first; p <= t; p++) {
        const n = (s * T + p) * K + k;
        lots += into[n]! + supply[n]!;
        for (let i = arcs.outStart[s * T + p]!; i < arcs.outStart[s * T + p + 1]!; i++)
          lots -= plan.ship[arcs.out[i]! * K + k]!;
      }
      tonnes += Math.max(0, lots) * approx.weight[k]!;
    }
    return tonnes;
  };
  return { arc, node, fleet, cost, kept };
}

/**
 * Whether a lot of k may leave a node beside all that leaves it and later. Depots keep everything, so the least that is left from then on
 * counts; hubs are asked for their period alone, as what they may keep comes in by `reachable`.
 */
export function spareGoods(network: Network, plan: Plan): (node: number, k: number) => boolean {
  const { D, H, T, K, first, arcs, supply } = network;
  const into = arrivals(network, plan.ship);
  const left = new Float64Array((D + H) * T * K);
  for (let s = 0; s < D + H; s++)
    for (let t = first; t < T; t++) {
      const node = s * T + t;
      for (let k = 0; k < K; k++) {
        const before = t > first && s < D ? left[(node - 1) * K + k]! : 0;
        left[node * K + k] = before + supply[node * K + k]! + into[node * K + k]!;
      }
      for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++)
        for (let k = 0; k < K; k++) left[node * K + k]! -= plan.ship[arcs.out[i]! * K + k]!;
    }
  for (let s = 0; s < D; s++)
    for (let t = T - 2; t >= first; t--)
      for (let k = 0; k < K; k++) {
        const n = (s * T + t) * K + k;
        left[n] = Math.min(left[n]!, left[n + K]!);
      }
  return (node, k) => left[node * K + k]! >= 1;
}
