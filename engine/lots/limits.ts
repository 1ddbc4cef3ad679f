/** Cuts shipments until every limit in tonnes holds in exact arithmetic. Cutting never breaks another limit. */
import type { Network } from '../network.js';
import { atScale, type Decimal, pow10 } from '../proof/exact.js';

/** Flows (arc, resource) under one limit, each with its whole coefficient at `scale`. */
interface Limit {
  limit: Decimal;
  scale: number;
  arcs: number[];
  coefficient: (a: number) => bigint;
}

/** Cuts `ship` in place, the last flows of a limit first; returns the lots that were taken away. */
export function cutToLimits(network: Network, ship: Float64Array): number {
  let cut = 0;
  for (const limit of limits(network)) cut += cutOne(network, ship, limit);
  return cut;
}

function* limits(network: Network): Generator<Limit> {
  const { arcs, T, exact } = network;
  const tonnes = exact.weight.scale;
  for (let a = 0; a < arcs.count; a++) {
    const capacity = exact.capacity[arcs.route[a]!];
    if (capacity) yield { limit: capacity, scale: tonnes, arcs: [a], coefficient: () => 1n };
  }
  for (let node = 0; node + 1 < arcs.outStart.length; node++) {
    const handling = exact.handling[Math.floor(node / T)];
    const list = [...arcs.out.subarray(arcs.outStart[node]!, arcs.outStart[node + 1]!)];
    if (handling && list.length) yield { limit: handling, scale: tonnes, arcs: list, coefficient: () => 1n };
  }
  const byFleet: number[][] = exact.fleet.flatMap(() => Array.from({ length: T }, () => []));
  for (let a = 0; a < arcs.count; a++) if (arcs.fleet[a]! >= 0) byFleet[arcs.fleet[a]! * T + arcs.depart[a]!]!.push(a);
  for (const [row, list] of byFleet.entries())
    yield {
      limit: exact.fleet[Math.floor(row / T)]!,
      scale: tonnes + exact.km.scale,
      arcs: list,
      coefficient: (a) => exact.km.units[arcs.route[a]!]!,
    };
  if (exact.budget)
    yield {
      limit: exact.budget,
      scale: tonnes + exact.costPerTonne.scale,
      arcs: Array.from({ length: arcs.count }, (_, a) => a),
      coefficient: (a) => exact.costPerTonne.units[arcs.route[a]!]!,
    };
}

function cutOne(network: Network, ship: Float64Array, { limit, scale, arcs, coefficient }: Limit): number {
  const { K, exact } = network;
  const common = Math.max(scale, limit.scale);
  const lift = pow10(common - scale);
  let used = 0n;
  for (const a of arcs) {
    let tonnes = 0n;
    for (let k = 0; k < K; k++) {
      const x = ship[a * K + k]!;
      if (x) tonnes += exact.weight.units[k]! * BigInt(x);
    }
    if (tonnes) used += tonnes * coefficient(a);
  }
  let excess = used * lift - atScale(limit, common);
  let cut = 0;
  for (let n = arcs.length - 1; n >= 0 && excess > 0n; n--) {
    const a = arcs[n]!;
    for (let k = K - 1; k >= 0 && excess > 0n; k--) {
      const each = exact.weight.units[k]! * coefficient(a) * lift;
      const x = ship[a * K + k]!;
      if (x === 0 || each === 0n) continue;
      const enough = (excess + each - 1n) / each;
      const lots = enough < BigInt(x) ? Number(enough) : x;
      ship[a * K + k] = x - lots;
      excess -= each * BigInt(lots);
      cut += lots;
    }
  }
  return cut;
}
