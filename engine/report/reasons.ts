/**
 * Why a need stays unmet, read off the plan without solving anything: of every way by which one more lot could still come to the region in
 * time, what on it is full. Where a way is open from end to end, limits are not the reason and the policy is. That is exact of the
 * plan as it stands; what raising a limit would bring, others moving up included, is for `explain` to say.
 */
import type { Network } from '../network.js';
import type { Plan } from '../proof/values.js';
import { measureLoads, spareGoods } from './loads.js';

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

/** Chains looked at for one arc. */
const MOST_STEPS = 2000;

interface Taken {
  code: number;
  period: number;
  more: number;
  left: number;
}

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

  /** What an arc takes of each limit for a lot of k, and how much of it there is left. */
  const takes = (a: number, k: number): Taken[] => {
    const w = approx.weight[k]!;
    const [r, node, t] = [arcs.route[a]!, arcs.from[a]!, arcs.depart[a]!];
    const f = arcs.fleet[a]!;
    const list: Taken[] = [];
    const see = (kind: Limit['kind'], row: number, used: number, more: number, limit: number) => {
      if (more > 0) list.push({ code: codeOf(kind, row), period: t, more, left: limit * (1 + HAIR) - used });
    };
    see('route', r, loads.arc[a]!, w, approx.capacity[r]!);
    see('handling', Math.floor(node / T), loads.node[node]!, w, approx.handling[node]!);
    if (f >= 0) see('fleet', f, loads.fleet[f * T + t]!, w * approx.km[r]!, approx.fleet[f * T + t]!);
    see('budget', 0, loads.cost, w * approx.costPerTonne[r]!, approx.budget);
    return list;
  };
  const note = ({ code, period }: Taken): number => {
    const when = full.get(code);
    if (when) when.add(period);
    else full.set(code, new Set([period]));
    return code;
  };
  /** What has no room for a lot of k on an arc; notes when. */
  const blockers = (a: number, k: number): number[] =>
    takes(a, k)
      .filter(({ more, left }) => more > left)
      .map(note);
  /** What has room for a lot on each arc of a chain, but not on all of them together. */
  const shared = (chain: readonly number[], k: number): number[] => {
    const sums = new Map<string, Taken>();
    for (const a of chain)
      for (const taken of takes(a, k)) {
        // the budget is one for all periods
        const key = `${taken.code} ${taken.code === codeOf('budget', 0) ? '' : taken.period}`;
        const sum = sums.get(key);
        if (sum) sum.more += taken.more;
        else sums.set(key, taken);
      }
    return [...sums.values()].filter(({ more, left }) => more > left).map(note);
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

  /**
   * Whether a lot can come by arc `last` on some chain all of whose limits have room for it; else what the chains share too little of. Where
   * there are too many chains to look at, one of them is taken to be open.
   */
  function openChain(last: number, k: number): { open: boolean; codes: Set<number> } {
    const can = reachable(k);
    const codes = new Set<number>();
    let steps = MOST_STEPS;
    const visit = (chain: readonly number[]): boolean => {
      if (steps-- <= 0) return true;
      const start = arcs.from[chain[0]!]!;
      const s = Math.floor(start / T);
      if (surplus(start, k)) {
        const lacking = shared(chain, k);
        if (lacking.length === 0) return true;
        for (const code of lacking) codes.add(code);
      }
      for (let node = start; ; node--) {
        for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
          const a = arcs.in[i]!;
          if (!chain.includes(a) && can[arcs.from[a]!] && blockers(a, k).length === 0 && visit([a, ...chain]))
            return true;
        }
        const t = node % T;
        if (t <= first || !can[node - 1] || !(s < D || roomToKeep(s, t - 1, k))) return false;
        if (s >= D && surplus(node - 1, k) && shared(chain, k).length === 0) return true;
      }
    };
    return { open: visit([last]), codes };
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
          let codes: Iterable<number> = can[from] ? blockers(a, k) : absence(from, k);
          if (can[from] && blockers(a, k).length === 0) {
            const chain = openChain(a, k);
            if (chain.open) return { kind: 'policy', limits: [] };
            codes = chain.codes;
          }
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
