/**
 * Spends what a repaired plan leaves over: needs in order of what another unit is worth get what a depot can still spare, straight or by
 * way of one hub, cheapest way first.
 */
import { type Network, totalNeed } from '../../network.js';
import type { Policy } from '../../policy.js';
import { type Flows, spareLots, takeSpare } from './repair.js';

/** What a point of each stage is worth, 0 for those that do not count. */
export type Merit = ArrayLike<number>;

/** Prepares top-ups on one network. The returned function changes the flows in place. */
export function openTopUp(network: Network, policy: Policy): (flows: Flows, merit: Merit) => void {
  const { arcs, T, K, S, D, H, R, approx, need, upper, scenario } = network;
  const hub = D + H;
  const durable = scenario.resources.map((r) => r.kind === 'durable');
  const { widths, slopes } = policy.bands.approx;
  const B = widths.length;
  const cost = Float64Array.from({ length: arcs.count }, (_, a) => approx.costPerTonne[arcs.route[a]!]!);
  const km = Float64Array.from({ length: arcs.count }, (_, a) => approx.km[arcs.route[a]!]!);
  // ways into each node, cheapest first
  const ways = arcs.in.slice();
  for (let node = 0; node < S * T; node++)
    ways.subarray(arcs.inStart[node]!, arcs.inStart[node + 1]!).sort((a, b) => cost[a]! - cost[b]! || a - b);
  const total = Float64Array.from({ length: R * K }, (_, i) => totalNeed(network, Math.floor(i / K), i % K));
  const route = new Float64Array(arcs.count);
  const handling = new Float64Array(S * T);
  const fleet = new Float64Array(approx.fleet.length);

  return (flows, merit) => {
    const { ship, met } = flows;
    let budget = approx.budget;
    handling.set(approx.handling);
    fleet.set(approx.fleet);
    for (let a = 0; a < arcs.count; a++) {
      let tonnes = 0;
      for (let k = 0; k < K; k++) tonnes += ship[a * K + k]! * approx.weight[k]!;
      route[a] = approx.capacity[arcs.route[a]!]! - tonnes;
      handling[arcs.from[a]!]! -= tonnes;
      if (arcs.fleet[a]! >= 0) fleet[arcs.fleet[a]! * T + arcs.depart[a]!]! -= tonnes * km[a]!;
      budget -= tonnes * cost[a]!;
    }
    const slope = new Float64Array(B);
    let money = 0;
    let floors = 0;
    policy.stages.forEach(({ stage }, s) => {
      const v = merit[s] ?? 0;
      money += v * policy.approxCostWeight[s]!;
      if (stage === 'floor') floors += v;
      if (stage === 'need') for (let b = 0; b < B; b++) slope[b]! += v * (slopes[s]![b] ?? 0);
    });
    const sum = new Float64Array(R * K);
    for (let i = 0; i < met.length; i++) sum[Math.floor(i / (T * K)) * K + (i % K)]! += met[i]!;

    /** What one more lot of need n is worth, and how many lots that holds for. */
    const next = (n: number): { worth: number; lots: number } => {
      const pair = Math.floor(n / (T * K)) * K + (n % K);
      let at = 0;
      for (let b = 0; b < B; b++) {
        at += widths[b]! * need[n]!;
        if (met[n]! >= at * (1 - 1e-12)) continue;
        const below = approx.floor[Math.floor(pair / K)]! * total[pair]! - sum[pair]!;
        const lots = at - met[n]!;
        if (floors > 0 && below > 1e-12 * total[pair]!)
          return { worth: approx.points[pair]! * (slope[b]! + floors), lots: Math.min(lots, below) };
        return { worth: approx.points[pair]! * slope[b]!, lots };
      }
      return { worth: 0, lots: 0 };
    };

    /** Tonnes that arc a has room for; `other` shares fleet and budget with it. */
    const room = (a: number) => {
      let most = Math.min(route[a]!, handling[arcs.from[a]!]!);
      if (arcs.fleet[a]! >= 0 && km[a]! > 0)
        most = Math.min(most, fleet[arcs.fleet[a]! * T + arcs.depart[a]!]! / km[a]!);
      if (cost[a]! > 0) most = Math.min(most, budget / cost[a]!);
      return most;
    };
    const put = (a: number, k: number, lots: number) => {
      const tonnes = lots * approx.weight[k]!;
      ship[a * K + k]! += lots;
      route[a]! -= tonnes;
      handling[arcs.from[a]!]! -= tonnes;
      if (arcs.fleet[a]! >= 0) fleet[arcs.fleet[a]! * T + arcs.depart[a]!]! -= tonnes * km[a]!;
      budget -= tonnes * cost[a]!;
    };
    const left = (a: number, k: number) => upper.ship[a * K + k]! - ship[a * K + k]!;
    const lotsIn = (tonnes: number, k: number) => {
      if (!(tonnes > 0)) return 0;
      return approx.weight[k]! > 0 ? (tonnes / approx.weight[k]!) * (1 - 1e-12) : Infinity;
    };

    const open: number[] = [];
    const keys = new Float64Array(met.length);
    for (let n = 0; n < met.length; n++) {
      if (!(need[n]! > met[n]! * (1 + 1e-12))) continue;
      const k = n % K;
      // a durable may be handed out late; what is met now counts in every later period, if there is need left then
      const { worth } = next(n);
      keys[n] = approx.weight[k]! > 0 ? worth / approx.weight[k]! : worth * 1e12;
      if (worth > 0) open.push(n);
    }
    open.sort((a, b) => keys[b]! - keys[a]! || a - b);
    for (const n of open) {
      const k = n % K;
      const t = Math.floor(n / K) % T;
      const j = Math.floor(n / (K * T));
      const node = (hub + j) * T + t;
      for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
        const a = ways[i]!;
        const from = arcs.from[a]!;
        if (from < D * T) give(n, k, t, a, -1, from);
        else if (from < hub * T) {
          // what had come to a hub before
          if (scenario.after) give(n, k, t, a, -1, from);
          for (let h = arcs.inStart[from]!; h < arcs.inStart[from + 1]!; h++) {
            const first = ways[h]!;
            if (arcs.from[first]! < D * T) give(n, k, t, a, first, arcs.from[first]!);
          }
        }
      }
    }

    function give(n: number, k: number, t: number, a: number, before: number, source: number): void {
      const each = (cost[a]! + (before >= 0 ? cost[before]! : 0)) * approx.weight[k]! * money;
      for (let b = 0; b <= B; b++) {
        let { worth, lots } = next(n);
        if (durable[k]) {
          let periods = 1;
          for (let u = t + 1; u < T; u++) {
            const later = n + (u - t) * K;
            lots = Math.min(lots, need[later]! - met[later]!);
            periods++;
          }
          worth *= periods;
        }
        if (!(lots > 0) || worth <= each) return;
        lots = Math.min(lots, spareLots(network, flows, source, k), lotsIn(room(a), k), left(a, k));
        if (before >= 0) {
          lots = Math.min(lots, lotsIn(room(before), k), left(before, k));
          // one fleet or the budget may carry both
          lots = Math.min(lots, lotsIn(Math.min(room(a), room(before)), k) / 2);
        }
        if (!(lots > 1e-9 * need[n]!)) return;
        put(a, k, lots);
        if (before >= 0) put(before, k, lots);
        takeSpare(network, flows, source, k, lots);
        const pair = Math.floor(n / (T * K)) * K + k;
        for (let u = t; u < T; u++) {
          if (u > t && !durable[k]) break;
          met[n + (u - t) * K]! += lots;
          sum[pair]! += lots;
        }
      }
    }
  };
}
