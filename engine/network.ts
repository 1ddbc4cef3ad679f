/**
 * Scenario → time-expanded multicommodity network in typed arrays (MODEL.md, after Ford and Fulkerson 1958).
 *
 * Sites are depots, hubs, regions in the order of the file; node = site·T + period; a good is a resource at a node,
 * good = node·K + resource. Arcs are (route, open period of departure) pairs, route-major; flow = arc·K + resource.
 * Every quantity is a whole number of lots; every coefficient is kept as the decimal that was written.
 */
import { type CompleteScenario, countLots } from '../scenarios/index.js';
import { type ApproxData, approximate, type ExactData, exactData } from './coefficients.js';
import { addPast, firstPeriod, type Places, type Spent, spentBefore } from './past.js';
import { type Planned, plannedFlows } from './planned.js';
import { plus, trim } from './proof/exact.js';
import { boundFlows } from './reach.js';

export type { ApproxData, ExactData };

export interface Network {
  scenario: CompleteScenario;
  /** Periods, resources, depots, hubs, regions, all sites. */
  T: number;
  K: number;
  D: number;
  H: number;
  R: number;
  S: number;
  /** First period in which anything can depart: 0, or that of the scenario's `after`. What is past stays as it was. */
  first: number;
  /** Site ids by site number. */
  sites: string[];
  arcs: Arcs;
  /** Every arc leads from a depot to a region and no region keeps goods: a bipartite graph, and only depots store. */
  direct: boolean;
  /**
   * Lots that appear at a site without being shipped there, by good: at depots, and where time has moved on what had been delivered.
   * Float64 holds whole lots exactly up to 2^53.
   */
  supply: Float64Array;
  /** n_jkt in lots by (region·T + period)·K + resource; for a durable what is due up to and including t. */
  need: Float64Array;
  /** Largest useful flow in lots: by flow, by good (kept to the next period), by need (handed out). */
  upper: { ship: Float64Array; store: Float64Array; met: Float64Array };
  /** The plan before, which the stage `stay` holds on to; null where there is none. */
  planned: Planned | null;
  /** What had been sent before; null where nothing is past. */
  spent: Spent | null;
  exact: ExactData;
  /** The same coefficients as doubles, for solvers. */
  approx: ApproxData;
}

export interface Arcs {
  count: number;
  route: Int32Array;
  depart: Int32Array;
  /** Node numbers. */
  from: Int32Array;
  to: Int32Array;
  /** Fleet number or −1. */
  fleet: Int32Array;
  /** Arcs leaving and entering each node, ascending: out[outStart[n] … outStart[n+1]). */
  outStart: Int32Array;
  out: Int32Array;
  inStart: Int32Array;
  in: Int32Array;
}

/** Compiles a complete scenario. The same scenario always gives the same network, row by row. */
export function compileNetwork(scenario: CompleteScenario): Network {
  const T = scenario.periods.count;
  const K = scenario.resources.length;
  const D = scenario.depots.length;
  const H = scenario.hubs.length;
  const R = scenario.regions.length;
  const sites = [...scenario.depots, ...scenario.hubs, ...scenario.regions].map((s) => s.id);
  const siteNumber = new Map(sites.map((id, s) => [id, s]));
  const resourceNumber = new Map(scenario.resources.map((r, k) => [r.id, k]));
  const exact = exactData(scenario);
  const lots = (quantity: number, k: number) => wholeLots(quantity, scenario.resources[k]!.lot);
  const places: Places = { T, K, D, H, siteNumber, resourceNumber, lots };
  const first = firstPeriod(scenario);
  const spent = scenario.after && spentBefore(scenario, scenario.after, exact, places);
  if (spent && exact.budget) exact.budget = trim(plus(exact.budget, { ...spent.cost, units: -spent.cost.units }));
  const base = { scenario, T, K, D, H, R, S: D + H + R, first, sites, spent, exact, approx: approximate(exact) };

  const supply = new Float64Array(base.S * T * K);
  scenario.depots.forEach((depot, s) => {
    for (const [id, quantity] of Object.entries(depot.stock)) {
      const k = resourceNumber.get(id)!;
      supply[(s * T + first) * K + k]! += lots(quantity, k);
    }
    for (const { period, resource, quantity } of depot.arrivals) {
      const k = resourceNumber.get(resource)!;
      supply[(s * T + Math.max(period, first)) * K + k]! += lots(quantity, k);
    }
  });
  if (scenario.after) addPast(supply, scenario.after, exact, places);

  const need = new Float64Array(R * T * K);
  scenario.regions.forEach((region, j) => {
    for (const [id, due] of Object.entries(region.demand)) {
      const k = resourceNumber.get(id)!;
      let standing = 0;
      for (let t = 0; t < T; t++) {
        const now = lots(due[t]!, k);
        standing = scenario.resources[k]!.kind === 'durable' ? standing + now : now;
        need[(j * T + t) * K + k] = standing;
      }
    }
  });

  const arcs = buildArcs(scenario, siteNumber);
  const planned = scenario.after && plannedFlows(scenario, arcs, scenario.after, exact, places);
  const partial = { ...base, arcs, direct: isDirect(arcs, base), supply, need, planned };
  return { ...partial, upper: boundFlows(partial) };
}

/** Quotients of doubles below this are off by less than a thousandth of a lot. */
const SAFE = 2 ** 40;

/** Lots in a quantity; the schema has made sure that they are whole and at most 2^53 − 1. */
function wholeLots(quantity: number, lot: number): number {
  const quotient = quantity / lot;
  if (quotient < SAFE) return Math.round(quotient);
  const count = countLots(quantity, lot);
  if (count.kind !== 'whole') throw new RangeError(`${quantity} is not a whole number of lots of ${lot}`);
  return count.lots;
}

function buildArcs(scenario: CompleteScenario, siteNumber: Map<string, number>): Arcs {
  const T = scenario.periods.count;
  const fleetNumber = new Map(scenario.fleets.map((f, i) => [f.mode, i]));
  let count = 0;
  forEachDeparture(scenario, () => {
    count++;
  });
  const route = new Int32Array(count);
  const depart = new Int32Array(count);
  let filled = 0;
  forEachDeparture(scenario, (n, t) => {
    route[filled] = n;
    depart[filled++] = t;
  });

  const { routes } = scenario;
  const source = Int32Array.from(routes, (r) => siteNumber.get(r.from)! * T);
  const target = Int32Array.from(routes, (r) => siteNumber.get(r.to)! * T + r.leadPeriods);
  const carriers = Int32Array.from(routes, (r) => fleetNumber.get(r.mode) ?? -1);
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const fleet = new Int32Array(count);
  for (let a = 0; a < count; a++) {
    from[a] = source[route[a]!]! + depart[a]!;
    to[a] = target[route[a]!]! + depart[a]!;
    fleet[a] = carriers[route[a]!]!;
  }
  const nodes = siteNumber.size * T;
  const [outStart, out] = incidence(from, nodes);
  const [inStart, into] = incidence(to, nodes);
  return { count, route, depart, from, to, fleet, outStart, out, inStart, in: into };
}
/** The arcs in their order: departures of each route in periods that are open and not past, as far as they arrive within the horizon. */
function forEachDeparture(scenario: CompleteScenario, visit: (route: number, t: number) => void): void {
  const { periods, routes } = scenario;
  const first = firstPeriod(scenario);
  routes.forEach((r, n) => {
    const closed = r.closed.length > 0 ? new Set(r.closed) : undefined;
    for (let t = first; t + r.leadPeriods < periods.count; t++) if (!closed?.has(t)) visit(n, t);
  });
}

/** Counting sort of arcs by node. */
function incidence(node: Int32Array, nodes: number): [Int32Array, Int32Array] {
  const start = new Int32Array(nodes + 1);
  for (let a = 0; a < node.length; a++) start[node[a]! + 1]!++;
  for (let n = 0; n < nodes; n++) start[n + 1]! += start[n]!;
  const fill = start.slice();
  const list = new Int32Array(node.length);
  for (let a = 0; a < node.length; a++) list[fill[node[a]!]!++] = a;
  return [start, list];
}

function isDirect(arcs: Arcs, { T, D, H, S, approx }: Pick<Network, 'T' | 'D' | 'H' | 'S' | 'approx'>): boolean {
  for (let a = 0; a < arcs.count; a++) if (arcs.from[a]! >= D * T || arcs.to[a]! < (D + H) * T) return false;
  for (let s = D + H; s < S; s++) if (approx.storage[s]! > 0) return false;
  return true;
}

/** N_jk = Σ_t n_jkt in lots. */
export function totalNeed(network: Pick<Network, 'T' | 'K' | 'need'>, j: number, k: number): number {
  const { T, K, need } = network;
  let sum = 0;
  for (let t = 0; t < T; t++) sum += need[(j * T + t) * K + k]!;
  return sum;
}
