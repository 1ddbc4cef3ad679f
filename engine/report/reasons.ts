/**
 * Why a need stays unmet, read off the plan without solving anything: of every way by which one more lot could still come to the region in
 * time, what on it is full. Where a way is open from end to end, limits are not the reason and the policy is. That is exact of the
 * plan as it stands; what raising a limit would bring, others moving up included, is for `explain` to say.
 */
import type { Network } from '../network.js';
import { arrivals } from '../proof/feasible.js';
import type { Plan } from '../proof/values.js';

export interface Limit {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget';
  /** Site, route, fleet; 0 for the budget. */
  row: number;
}

export interface Reason {
  /**
   * `limits`: all ways are blocked by them, those that block most ways first · `no-stock`: nothing of it is anywhere from where it could come ·
   * `no-way`: no open route arrives in time · `policy`: a way is open, and the policy does not want it or the accepted gap leaves it.
   */
  kind: 'limits' | 'no-stock' | 'no-way' | 'policy';
  limits: Limit[];
}

/** Doubles are sums of thousands of terms; a limit is full where less than this share of it is left beyond the lot. */
const HAIR = 1e-9;

export interface Reasons {
  /** Of region j and resource k, whose need is not all met. */
  why(j: number, k: number): Reason;
  /** Periods in which a limit has no room for a lot that is wanted; of stock none. */
  periods(limit: Limit): number[];
}

const KINDS: Limit['kind'][] = ['stock', 'route', 'handling', 'storage', 'fleet', 'budget'];

/** O(flows) in all, whatever is asked. */
export function openReasons(network: Network, plan: Plan): Reasons {
  const { D, H, T, K, first, arcs, approx, scenario, need, supply } = network;
  const hub = D + H;
  const loads = measureLoads(network, plan);
  const surplus = spareGoods(network, plan);
  const full = new Map<number, Set<number>>();

  /** What has no room for a lot of k on an arc; notes when. */
  const blockers = (a: number, k: number): number[] => {
    const w = approx.weight[k]!;
    const [r, node, t] = [arcs.route[a]!, arcs.from[a]!, arcs.depart[a]!];
    const list: number[] = [];
    const see = (kind: Limit['kind'], row: number, used: number, more: number, limit: number) => {
      if (more === 0 || used + more <= limit * (1 + HAIR)) return;
      const code = codeOf(kind, row);
      list.push(code);
      const when = full.get(code);
      if (when) when.add(t);
      else full.set(code, new Set([t]));
    };
    see('route', r, loads.arc[a]!, w, approx.capacity[r]!);
    see('handling', Math.floor(node / T), loads.node[node]!, w, approx.handling[node]!);
    const f = arcs.fleet[a]!;
    if (f >= 0) see('fleet', f, loads.fleet[f * T + t]!, w * approx.km[r]!, approx.fleet[f * T + t]!);
    see('budget', 0, loads.cost, w * approx.costPerTonne[r]!, approx.budget);
    return list;
  };

  /** Of each resource, whether one more lot could be had at a node of a depot or hub, by any chain. */
  const had = new Map<number, Uint8Array>();
  function reachable(k: number): Uint8Array {
    const known = had.get(k);
    if (known) return known;
    const can = new Uint8Array(hub * T);
    had.set(k, can);
    for (let t = first; t < T; t++) {
      for (let changed = true; changed; ) {
        changed = false;
        for (let s = 0; s < hub; s++) {
          const node = s * T + t;
          if (can[node]) continue;
          const kept = t > first && can[node - 1] === 1 && (s < D || roomToKeep(s, t - 1, k));
          if (!(surplus(node, k) || kept || someWay(node, k, can))) continue;
          can[node] = 1;
          changed = true;
        }
      }
    }
    return can;
  }
  function someWay(node: number, k: number, can: Uint8Array): boolean {
    for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
      const a = arcs.in[i]!;
      if (can[arcs.from[a]!] && blockers(a, k).length === 0) return true;
    }
    return false;
  }
  function roomToKeep(s: number, t: number, k: number): boolean {
    return approx.storage[s]! > 0 && loads.kept(s, t) + approx.weight[k]! <= approx.storage[s]! * (1 + HAIR);
  }

  /** What keeps goods from a node of a depot or hub where none are to be had; empty where there never were any. */
  const known = new Map<number, number[]>();
  function absence(start: number, k: number): number[] {
    const before = known.get(start * K + k);
    if (before) return before;
    const list = new Set<number>();
    const can = reachable(k);
    const seen = new Set([start]);
    const visit = (node: number, blocked: () => number[]) => {
      if (can[node]) for (const code of blocked()) list.add(code);
      else seen.add(node); // a set grows while it is walked through
    };
    for (const node of seen) {
      const [s, t] = [Math.floor(node / T), node % T];
      if (supply[node * K + k]! > 0) list.add(codeOf('stock', s * K + k));
      for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++)
        visit(arcs.from[arcs.in[i]!]!, () => blockers(arcs.in[i]!, k));
      if (t > first && (s < D || approx.storage[s]! > 0)) visit(node - 1, () => [codeOf('storage', s)]);
    }
    const all = [...list];
    known.set(start * K + k, all);
    return all;
  }

  return {
    why(j, k) {
      const can = reachable(k);
      const stored = approx.storage[hub + j]! > 0;
      const lasting = stored || scenario.resources[k]!.kind === 'durable';
      const counts = new Map<number, number>();
      let ways = 0;
      let wanted = false;
      for (let t = T - 1; t >= first; t--) {
        const i = (j * T + t) * K + k;
        // what lasts may come as long as some later need is open
        wanted = (lasting && wanted) || plan.met[i]! < need[i]!;
        if (!wanted) continue;
        const node = (hub + j) * T + t;
        for (let n = arcs.inStart[node]!; n < arcs.inStart[node + 1]!; n++) {
          const [a, from] = [arcs.in[n]!, arcs.from[arcs.in[n]!]!];
          ways++;
          const codes = can[from] ? blockers(a, k) : absence(from, k);
          if (can[from] && codes.length === 0) return { kind: 'policy', limits: [] };
          for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
        }
      }
      if (ways === 0) return { kind: 'no-way', limits: [] };
      if (counts.size === 0) return { kind: 'no-stock', limits: [] };
      const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
      return { kind: 'limits', limits: sorted.map(([code]) => limitOf(code)) };
    },
    periods: ({ kind, row }) => [...(full.get(codeOf(kind, row)) ?? [])].sort((a, b) => a - b),
  };
}

const codeOf = (kind: Limit['kind'], row: number): number => row * KINDS.length + KINDS.indexOf(kind);
const limitOf = (code: number): Limit => ({ kind: KINDS[code % KINDS.length]!, row: Math.floor(code / KINDS.length) });

/** Tonnes on arcs and leaving nodes, tonne-km of fleets, cost; and tonnes kept at hubs. */
function measureLoads(network: Network, plan: Plan) {
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
function spareGoods(network: Network, plan: Plan): (node: number, k: number) => boolean {
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
