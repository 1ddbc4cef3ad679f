/**
 * Who else uses what is scarce on the way to a region: the plan's goods followed from every place to the regions that use them, in
 * shares where goods of one kind are mixed at a hub.
 */
import { type Network, totalNeed } from '../network.js';
import { arrivals, handedOut } from '../proof/feasible.js';
import { type Plan, totalMet } from '../proof/values.js';
import type { Located } from './bindings.js';
import type { ExplanationSaid } from './said.js';

export interface Sharing {
  what: string;
  said?: ExplanationSaid;
  period: number | null;
  /** In `per` of the limit: tonnes, tonne-km, currency or units of the resource. */
  used: number;
  unit: string;
}

export interface Competitor {
  region: string;
  /** Scarce things that both use, the dearest first. */
  shares: Sharing[];
  /** Points that the proof's prices ask for what it uses of them; only to choose whom to ask about. */
  weight: number;
}

/** Lots of a good that end up in each region, as shares of all that leaves it. */
type Ends = Map<number, number>;

/** Other regions by what they use of the limits, most first. */
export function listCompetitors(
  network: Network,
  plan: Plan,
  region: number,
  bindings: readonly Located[],
): Competitor[] {
  const ends = follow(network, plan);
  const { arcs, K, T, approx, scenario } = network;
  const found = new Map<number, Competitor>();
  const note = (binding: Located, uses: Map<number, number>) => {
    for (const [j, used] of uses) {
      if (j === region || !(used > 1e-9)) continue;
      const { what, said, period, unit, price, each } = binding;
      const competitor = found.get(j) ?? { region: scenario.regions[j]!.id, shares: [], weight: 0 };
      competitor.shares.push({ what, ...(said ? { said } : {}), period, used, unit });
      competitor.weight += (price * used) / each;
      found.set(j, competitor);
    }
  };
  for (const binding of bindings) {
    if (binding.kind === 'storage') continue;
    const uses = new Map<number, number>();
    const add = (a: number, k: number, perTonne: number) => {
      const lots = plan.ship[a * K + k]!;
      if (lots === 0) return;
      for (const [j, share] of ends(arcs.to[a]! * K + k)) {
        const amount =
          lots * share * (binding.kind === 'stock' ? scenario.resources[k]!.lot : approx.weight[k]! * perTonne);
        uses.set(j, (uses.get(j) ?? 0) + amount);
      }
    };
    for (let a = 0; a < arcs.count; a++) {
      const r = arcs.route[a]!;
      const from = arcs.from[a]!;
      if (binding.kind === 'route' ? a !== binding.row : false) continue;
      if (binding.kind === 'handling' && from !== binding.row) continue;
      if (binding.kind === 'fleet' && arcs.fleet[a]! * T + arcs.depart[a]! !== binding.row) continue;
      if (binding.kind === 'stock') {
        const node = Math.floor(binding.row / K);
        // goods of a depot keep, so what leaves later may be of them
        if (Math.floor(from / T) === Math.floor(node / T) && from >= node) add(a, binding.row % K, 1);
        continue;
      }
      const perTonne =
        binding.kind === 'fleet' ? approx.km[r]! : binding.kind === 'budget' ? approx.costPerTonne[r]! : 1;
      for (let k = 0; k < K; k++) add(a, k, perTonne);
    }
    note(binding, uses);
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight);
}

/** Where the goods at a node go in the end; what is given up goes nowhere. */
function follow(network: Network, plan: Plan): (good: number) => Ends {
  const { D, H, T, K, arcs } = network;
  const known = new Map<number, Ends>();
  const into = arrivals(network, plan.ship);
  const ends = (good: number): Ends => {
    const before = known.get(good);
    if (before) return before;
    const result: Ends = new Map();
    known.set(good, result); // goods that go round in a circle within a period end there
    const node = Math.floor(good / K);
    const k = good % K;
    const site = Math.floor(node / T);
    const parts: [Ends, number][] = [];
    let gone = 0;
    if (site >= D + H) {
      const j = site - D - H;
      parts.push([
        new Map([[j, 1]]),
        Math.max(into[good]! + network.supply[good]!, handedOut(network, plan.met, j, node % T, k), 1),
      ]);
    } else {
      for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) {
        const a = arcs.out[i]!;
        const lots = plan.ship[a * K + k]!;
        if (lots > 0) parts.push([ends(arcs.to[a]! * K + k), lots]);
        gone += lots;
      }
      const kept = into[good]! + (site >= D ? network.supply[good]! : 0) - gone;
      if (kept > 0 && node % T < T - 1 && site >= D) parts.push([ends(good + K), kept]);
    }
    const total = parts.reduce((sum, [, lots]) => sum + lots, 0);
    for (const [part, lots] of parts)
      for (const [j, share] of part) result.set(j, (result.get(j) ?? 0) + (share * lots) / total);
    return result;
  };
  return ends;
}

/** Why the policy may prefer one region to another: what can be seen of both. */
export function differences(
  network: Network,
  plan: Plan,
  mine: number,
  other: number,
  resource: number,
): ExplanationSaid[] {
  const { K, scenario } = network;
  const [a, b] = [scenario.regions[mine]!, scenario.regions[other]!];
  const coverage = (j: number) => {
    let met = 0;
    let needed = 0;
    for (let k = 0; k < K; k++) {
      if (resource >= 0 && k !== resource) continue;
      const worth = scenario.resources[k]!.peoplePerUnit * scenario.resources[k]!.lot;
      met += totalMet(network, plan, j, k) * worth;
      needed += totalNeed(network, j, k) * worth;
    }
    return needed > 0 ? met / needed : 1;
  };
  const list: ExplanationSaid[] = [];
  if (b.priority > a.priority) list.push({ say: 'because.priority', amount: b.priority, was: a.priority });
  if (b.floor > a.floor) list.push({ say: 'because.floor', share: b.floor, otherShare: a.floor });
  const [mineNow, otherNow] = [coverage(mine), coverage(other)];
  if (otherNow < mineNow) list.push({ say: 'because.coverage', share: otherNow, otherShare: mineNow });
  return list;
}
