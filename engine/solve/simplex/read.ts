/** Flows and prices of each resource's graph → a plan and the prices of a certificate, both for the whole network. */
import type { Network } from '../../network.js';
import type { RoughPrices } from '../../proof/certificate.js';
import type { FlowSolution } from './flow.js';
import type { Graph } from './graph.js';

/** Adds what resource k ships and hands out. */
export function addFlows(
  network: Network,
  k: number,
  graph: Graph,
  { flow }: FlowSolution,
  ship: Float64Array,
  met: Float64Array,
): void {
  const { T, K, R, D, H, need } = network;
  const hub = (D + H) * T;
  graph.ship.forEach((a, i) => {
    ship[a * K + k] = flow[i]!;
  });
  if (graph.backlog >= 0) {
    graph.use.forEach((i, n) => {
      met[i * K + k] = flow[graph.firstUse + n]!;
    });
    for (let i = 0; i < R * T; i++)
      if (i % T > 0) met[i * K + k] = Math.min(need[i * K + k]!, met[i * K + k]! + met[(i - 1) * K + k]!);
    return;
  }
  for (let a = graph.firstUse; a < graph.firstHandling; a++) met[(graph.problem.from[a]! - hub) * K + k]! += flow[a]!;
}

/**
 * Writes resource k's prices into blocks (engine/README.md). A limit has a price where it stops a flow that gains: what the flow gains, a
 * tonne. Where several resources have a part in a row the dearest counts; the others send nothing there or less than gains.
 */
export function addPrices(
  network: Network,
  k: number,
  graph: Graph,
  { price }: FlowSolution,
  prices: RoughPrices,
): void {
  const { T, K, S, R, D, H, approx, arcs, exact } = network;
  const { problem, exit, backlog } = graph;
  const weight = approx.weight[k]!;
  const hub = (D + H) * T;
  for (let node = 0; node < S * T; node++) prices.goods[node * K + k] = price[node]!;
  if (backlog >= 0)
    for (let i = 0; i < R * T; i++)
      if (i % T > 0) prices.backlog[i * K + k] = Math.max(0, price[hub + i]! - price[backlog + i]!);
  if (!(weight > 0)) return;

  const gain = (arc: number) => {
    const to = problem.to[arc]!;
    return ((to < problem.nodes ? price[to]! : 0) - price[problem.from[arc]!]! - problem.cost[arc]!) / weight;
  };
  const raise = (block: Float64Array, row: number, to: number) => {
    if (to > block[row]!) block[row] = to;
  };
  graph.ship.forEach((a, i) => {
    const r = arcs.route[a]!;
    if (exact.capacity[r] && approx.capacity[r]! / weight <= network.upper.ship[a * K + k]!)
      raise(prices.route, a, gain(i));
  });
  graph.store.forEach((node, n) => {
    const limit = approx.storage[Math.floor(node / T)]!;
    if (node >= D * T && limit / weight <= network.upper.store[node * K + k]!)
      raise(prices.storage, node, gain(graph.firstStore + n));
  });
  graph.handling.forEach((node) => {
    raise(prices.handling, node, (price[exit[node]!]! - price[node]!) / weight);
  });
}
