/**
 * Leximin of one consumable resource by itself: with every limit that it shares with others left out, the coverages that its regions
 * can have together are a polymatroid, and its levels come from maximum flows (Megiddo 1974; the decomposition is Fujishige's, 1980).
 *
 * A group of regions is asked to rise to its common share of what can reach it. Where all can, it is a level; where not, the cut
 * splits it into those who are held back, who come first, and the others, who get what these leave. One flow a split.
 */
import type { Network } from '../../network.js';
import { totalNeed } from '../../network.js';
import type { RoughPrices } from '../../proof/certificate.js';
import { type FlowProblem, onGrids, type Pivot } from '../simplex/flow.js';

export interface Group {
  coverage: number;
  /** Regions on the level. */
  regions: number[];
}

export interface Relaxed {
  /** From the poorest up; regions that were given a share before are in none. */
  groups: Group[];
  /** Coverage by region, Infinity where nothing is needed. */
  coverage: Float64Array;
  /** Lots by flow and need of resource k, added into a plan. */
  addPlan(ship: Float64Array, met: Float64Array): void;
  /** Adds the prices that prove group g, in coverage per unit of the row. */
  addPrices(g: number, prices: RoughPrices): void;
  pivots: number;
}

/** A share of a group is reached up to this (relative): sums of doubles. */
const NOISE = 1e-11;
/**
 * In the proof the group is asked for more than it can have, however much: no part of it is held back more than the whole. Those below are
 * asked for a hair less than they have, so that goods are dear only where the group would take them.
 */
const MORE = 2;
const LESS = 1 - 1e-9;
/** Worth of a lot to those who come first, and to the group. */
const FIRST = 2;
const GROUP = 1;

/**
 * The levels of resource k, a consumable, on its `graph`. `given` has lots over the horizon by region for regions whose share is settled (NaN: not), which
 * must be possible. About two flows a level, a few milliseconds each for a nation.
 */
export function relaxedLevels(
  network: Network,
  k: number,
  graph: SharesGraph,
  given: Float64Array,
  pivot: Pivot,
): Relaxed {
  const { R, K, T, D, H } = network;
  const needed = Float64Array.from({ length: R }, (_, j) => totalNeed(network, j, k));
  const share = given.slice();
  const groups: Group[] = [];
  let pivots = 0;
  /** Flow into each region when the settled ones get theirs first, the group at most `most`, the others nothing. */
  const flow = (settled: Iterable<number>, group: number[], lots: (j: number) => number, less: number) => {
    const { upper, cost } = graph.problem;
    for (let j = 0; j < R; j++) upper[graph.out[j]!] = 0;
    for (const j of settled) {
      upper[graph.out[j]!] = share[j]! * less;
      cost[graph.out[j]!] = -FIRST;
    }
    for (const j of group) {
      upper[graph.out[j]!] = lots(j);
      cost[graph.out[j]!] = -GROUP;
    }
    const answer = solveOpen(graph.problem, pivot);
    pivots += answer.pivots;
    return answer;
  };

  const before: number[] = [];
  const all: number[] = [];
  for (let j = 0; j < R; j++) if (needed[j]! > 0) (Number.isNaN(given[j]!) ? all : before).push(j);
  const most = flow(before, all, (j) => needed[j]!, 1);
  const into = (answer: typeof most, list: number[]) => list.reduce((sum, j) => sum + answer.flow[graph.out[j]!]!, 0);
  // groups still to be settled, the poorest on top, each with what can reach it
  const stack: { regions: number[]; reach: number }[] = [{ regions: all, reach: into(most, all) }];
  const settled = before.slice();
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { regions, reach } = top;
    if (regions.length === 0) continue;
    const wanted = regions.reduce((sum, j) => sum + needed[j]!, 0);
    const coverage = Math.max(0, Math.min(1, reach / wanted));
    const tried = flow(settled, regions, (j) => coverage * needed[j]!, 1);
    const held = new Set(regions.filter((j) => tried.price[graph.node(j)]! > GROUP / 2));
    const low = into(tried, [...held]);
    const short = coverage * wanted - into(tried, regions);
    if (short <= NOISE * wanted || held.size === 0 || held.size === regions.length) {
      for (const j of regions) share[j] = coverage * needed[j]!;
      settled.push(...regions);
      groups.push({ coverage, regions });
    } else
      stack.push(
        { regions: regions.filter((j) => !held.has(j)), reach: reach - low },
        { regions: [...held], reach: low },
      );
  }
  const coverage = Float64Array.from({ length: R }, (_, j) => (needed[j]! > 0 ? share[j]! / needed[j]! : Infinity));

  return {
    groups,
    coverage,
    addPlan(ship, met) {
      const { flow: lots } = flow(settled, [], () => 0, 1);
      graph.ship.forEach((a, i) => {
        ship[a * K + k] = lots[i]!;
      });
      graph.use.forEach((n, i) => {
        met[n * K + k] = lots[graph.firstUse + i]!;
      });
    },
    addPrices(g, prices) {
      const { regions, coverage: level } = groups[g]!;
      const below = [...before, ...groups.slice(0, g).flatMap((group) => group.regions)];
      const { price } = flow(below, regions, (j) => level * needed[j]! * MORE, LESS);
      const unit = 1 / regions.reduce((sum, j) => sum + needed[j]!, 0);
      const hub = (D + H) * T;
      for (let node = 0; node < hub + R * T; node++) prices.goods[node * K + k] = price[node]! * unit;
      for (const j of regions) prices.maxmin[j * K + k] = GROUP * unit;
      for (const j of below) prices.leximin[j * K + k] = price[graph.node(j)]! * unit;
    },
    get pivots() {
      return pivots;
    },
  };
}

/** Arcs whose bound is zero are left out, as the simplex method wants room on all of them. */
function solveOpen(problem: FlowProblem, pivot: Pivot) {
  const { upper } = problem;
  const open = new Int32Array(upper.length);
  let count = 0;
  for (let a = 0; a < upper.length; a++) if (upper[a]! > 0) open[count++] = a;
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  const [cost, most] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const a = open[i]!;
    from[i] = problem.from[a]!;
    to[i] = problem.to[a]!;
    cost[i] = problem.cost[a]!;
    most[i] = upper[a]!;
  }
  const answer = pivot(onGrids({ ...problem, from, to, cost, upper: most }));
  const flow = new Float64Array(upper.length);
  for (let i = 0; i < count; i++) flow[open[i]!] = answer.flow[i]!;
  return { flow, price: answer.price, pivots: answer.pivots };
}

export type SharesGraph = ReturnType<typeof sharesGraph>;

/** Goods of resource k through the network, and of each region's periods into one node for its whole need. */
export function sharesGraph(network: Network, k: number) {
  const { S, T, K, D, H, R, arcs, upper, supply } = network;
  const hub = (D + H) * T;
  const nodes = S * T + R;
  const from: number[] = [];
  const to: number[] = [];
  const most: number[] = [];
  const add = (tail: number, head: number, limit: number) => {
    from.push(tail);
    to.push(head);
    return most.push(limit) - 1;
  };
  const ship: number[] = [];
  for (let a = 0; a < arcs.count; a++) {
    const limit = upper.ship[a * K + k]!;
    if (!(limit > 0)) continue;
    add(arcs.from[a]!, arcs.to[a]!, limit);
    ship.push(a);
  }
  for (let node = 0; node < S * T; node++) {
    const limit = upper.store[node * K + k]!;
    if (limit > 0) add(node, node + 1, limit);
  }
  const firstUse = from.length;
  const use: number[] = [];
  for (let n = 0; n < R * T; n++) {
    const limit = upper.met[n * K + k]!;
    if (!(limit > 0)) continue;
    add(hub + n, S * T + Math.floor(n / T), limit);
    use.push(n);
  }
  const out = Int32Array.from({ length: R }, (_, j) => add(S * T + j, nodes, 0));
  const own = new Float64Array(nodes);
  for (let node = 0; node < S * T; node++) own[node] = supply[node * K + k]!;
  const problem: FlowProblem = {
    nodes,
    supply: own,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    cost: new Float64Array(from.length),
    upper: Float64Array.from(most),
  };
  return {
    problem,
    ship: Int32Array.from(ship),
    use: Int32Array.from(use),
    firstUse,
    out,
    node: (j: number) => S * T + j,
  };
}
