/** One resource of a network as a flow problem on goods (site, period), and back: flows to a plan, prices to a certificate. */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import type { FlowProblem } from './flow.js';

/** What the arcs of a problem stand for: shipments, then stores, then handing out, then bands, then handling. */
export interface Graph {
  problem: FlowProblem;
  /** Arc of the network, by arc of the problem from 0 on. */
  ship: Int32Array;
  /** Node that keeps goods, by arc from `firstStore` on. */
  store: Int32Array;
  firstStore: number;
  /** (region · T + period) that is handed goods, by arc from `firstUse` on: for a durable, whose backlog has nodes of its own. */
  use: Int32Array;
  firstUse: number;
  /** Node through whose limit on handling goods leave, by arc from `firstHandling` on. */
  handling: Int32Array;
  firstHandling: number;
  /** Node of the problem from which shipments leave, by node: another than the node itself where handling is limited. */
  exit: Int32Array;
  /** First of the nodes (region · T + period) of a durable's backlog, or −1. */
  backlog: number;
}

/**
 * Resource k of the network for `need` stage s or `cost`. Limits that several resources share hold for this one alone: route,
 * handling, storage. Fleets and budget do not hold. Bands of a consumable end at the root; those of a durable lead from each
 * period's backlog to the next, as what has been delivered counts in every later period.
 */
export function buildGraph(network: Network, policy: Policy, s: number, k: number): Graph {
  const { T, K, D, H, R, S, arcs, supply, need, upper, approx, scenario } = network;
  const hub = (D + H) * T;
  const durable = scenario.resources[k]!.kind === 'durable' && T > 1;
  const weight = approx.weight[k]!;
  const money = policy.approxCostWeight[s]!;
  const slopes = policy.bands.approx.slopes[s]!;
  const { widths } = policy.bands.approx;

  const exit = new Int32Array(S * T);
  const handling: number[] = [];
  const backlog = durable ? S * T : -1;
  let nodes = S * T + (durable ? R * T : 0);
  for (let node = 0; node < S * T; node++) {
    exit[node] = node;
    const limit = approx.handling[node]!;
    if (limit === Infinity) continue;
    let most = 0;
    for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) most += upper.ship[arcs.out[i]! * K + k]!;
    if (most * weight <= limit) continue;
    exit[node] = nodes++;
    handling.push(node);
  }
  const root = nodes;

  const from: number[] = [];
  const to: number[] = [];
  const cost: number[] = [];
  const most: number[] = [];
  const add = (tail: number, head: number, price: number, limit: number) => {
    from.push(tail);
    to.push(head);
    cost.push(price);
    most.push(limit);
  };
  const ship: number[] = [];
  for (let a = 0; a < arcs.count; a++) {
    const limit = Math.min(upper.ship[a * K + k]!, lots(approx.capacity[arcs.route[a]!]!, weight));
    if (!(limit > 0)) continue;
    add(exit[arcs.from[a]!]!, arcs.to[a]!, money * weight * approx.costPerTonne[arcs.route[a]!]!, limit);
    ship.push(a);
  }
  const firstStore = from.length;
  const store: number[] = [];
  for (let node = 0; node < S * T; node++) {
    const limit = Math.min(upper.store[node * K + k]!, lots(approx.storage[Math.floor(node / T)]!, weight));
    if (!(limit > 0)) continue;
    add(node, node + 1, 0, limit);
    store.push(node);
  }
  const firstUse = from.length;
  const use: number[] = [];
  if (durable)
    for (let i = 0; i < R * T; i++) {
      const limit = upper.met[i * K + k]!;
      if (!(limit > 0)) continue;
      add(hub + i, backlog + i, 0, limit);
      use.push(i);
    }
  for (let i = 0; i < R * T; i++) {
    let rest = upper.met[i * K + k]!;
    const worth = approx.points[Math.floor(i / T) * K + k]!;
    const tail = durable ? backlog + i : hub + i;
    const head = durable && i % T < T - 1 ? tail + 1 : root;
    for (let b = 0; b < widths.length && rest > 0; b++) {
      const limit = Math.min(rest, widths[b]! * need[i * K + k]!);
      rest -= limit;
      // only a `need` stage has slopes; a durable's bands also carry what has been delivered
      const slope = slopes[b] ?? 0;
      if (limit > 0 && (durable || slope > 0)) add(tail, head, -worth * slope, limit);
    }
  }
  const firstHandling = from.length;
  for (const node of handling) add(node, exit[node]!, 0, lots(approx.handling[node]!, weight));

  const own = new Float64Array(nodes);
  for (let node = 0; node < S * T; node++) own[node] = supply[node * K + k]!;
  return {
    problem: {
      nodes,
      supply: own,
      from: Int32Array.from(from),
      to: Int32Array.from(to),
      cost: Float64Array.from(cost),
      upper: Float64Array.from(most),
    },
    ship: Int32Array.from(ship),
    store: Int32Array.from(store),
    firstStore,
    use: Int32Array.from(use),
    firstUse,
    handling: Int32Array.from(handling),
    firstHandling,
    exit,
    backlog,
  };
}

/** Lots within a limit in tonnes, fractions allowed; what divides without a rest gives whole lots, not 12.999999999999998. */
function lots(tonnes: number, weight: number): number {
  if (!(weight > 0) || tonnes === Infinity) return Infinity;
  const quotient = tonnes / weight;
  const whole = Math.round(quotient);
  return Math.abs(quotient - whole) <= 4 * Number.EPSILON * quotient ? whole : quotient;
}
