/**
 * Scenario → time-expanded multicommodity network in typed arrays (MODEL.md, after Ford and Fulkerson 1958).
 *
 * Sites are depots, hubs, regions in the order of the file; node = site·T + period; a good is a resource at a node,
 * good = node·K + resource. Arcs are (route, open period of departure) pairs, route-major; flow = arc·K + resource.
 * Every quantity is a whole number of lots; every coefficient is kept as the decimal that was written.
 */
import { type CompleteScenario, countLots } from '../scenarios/index.js';
import { type Decimal, decimal, type Fixed, fixed, times, toNumber } from './proof/exact.js';
import { boundFlows } from './reach.js';

export interface Network {
  scenario: CompleteScenario;
  /** Periods, resources, depots, hubs, regions, all sites. */
  T: number;
  K: number;
  D: number;
  H: number;
  R: number;
  S: number;
  /** Site ids by site number. */
  sites: string[];
  arcs: Arcs;
  /** Lots that appear at depots, by good; Float64 holds whole lots exactly up to 2^53. */
  supply: Float64Array;
  /** n_jkt in lots by (region·T + period)·K + resource; for a durable what is due up to and including t. */
  need: Float64Array;
  /** Largest useful flow in lots: by flow, by good (kept to the next period), by need (handed out). */
  upper: { ship: Float64Array; store: Float64Array; met: Float64Array };
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

/** Unlimited is null. */
export interface ExactData {
  /** Tonnes a lot, by resource. */
  weight: Fixed;
  /** Weight of one lot met: priority × importance × peoplePerUnit × lot, by region·K + resource. */
  points: Fixed;
  /** People-periods of one lot met, by resource. */
  people: Fixed;
  lot: Decimal[];
  km: Fixed;
  costPerTonne: Fixed;
  /** By route. */
  capacity: (Decimal | null)[];
  /** By site; null also for regions, which nothing leaves. */
  handling: (Decimal | null)[];
  /** By site; depots hold any stock (null). */
  storage: (Decimal | null)[];
  /** Tonne-km a period by fleet. */
  fleet: Decimal[];
  budget: Decimal | null;
  /** Share of need that comes first, by region. */
  floor: Fixed;
}

export interface ApproxData {
  weight: Float64Array;
  points: Float64Array;
  km: Float64Array;
  costPerTonne: Float64Array;
  capacity: Float64Array;
  handling: Float64Array;
  storage: Float64Array;
  fleet: Float64Array;
  budget: number;
  floor: Float64Array;
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
  const base = { scenario, T, K, D, H, R, S: D + H + R, sites, exact, approx: approximate(exact) };

  const lots = (quantity: number, k: number) => wholeLots(quantity, scenario.resources[k]!.lot);
  const supply = new Float64Array(D * T * K);
  scenario.depots.forEach((depot, s) => {
    for (const [id, quantity] of Object.entries(depot.stock)) {
      const k = resourceNumber.get(id)!;
      supply[s * T * K + k]! += lots(quantity, k);
    }
    for (const { period, resource, quantity } of depot.arrivals) {
      const k = resourceNumber.get(resource)!;
      supply[(s * T + period) * K + k]! += lots(quantity, k);
    }
  });

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
  const partial = { ...base, arcs, supply, need };
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
  const route: number[] = [];
  const depart: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const fleet: number[] = [];
  scenario.routes.forEach((r, n) => {
    const source = siteNumber.get(r.from)!;
    const target = siteNumber.get(r.to)!;
    const closed = new Set(r.closed);
    for (let t = 0; t + r.leadPeriods < T; t++) {
      if (closed.has(t)) continue;
      route.push(n);
      depart.push(t);
      from.push(source * T + t);
      to.push(target * T + t + r.leadPeriods);
      fleet.push(fleetNumber.get(r.mode) ?? -1);
    }
  });
  const nodes = siteNumber.size * T;
  const [outStart, out] = incidence(from, nodes);
  const [inStart, into] = incidence(to, nodes);
  return {
    count: route.length,
    route: Int32Array.from(route),
    depart: Int32Array.from(depart),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    fleet: Int32Array.from(fleet),
    outStart,
    out,
    inStart,
    in: into,
  };
}

/** Counting sort of arcs by node. */
function incidence(node: number[], nodes: number): [Int32Array, Int32Array] {
  const start = new Int32Array(nodes + 1);
  for (const n of node) start[n + 1]!++;
  for (let n = 0; n < nodes; n++) start[n + 1]! += start[n]!;
  const fill = start.slice();
  const list = new Int32Array(node.length);
  node.forEach((n, a) => {
    list[fill[n]!++] = a;
  });
  return [start, list];
}

function exactData(scenario: CompleteScenario): ExactData {
  const { resources, depots, hubs, regions, routes } = scenario;
  const optional = (value: number | null) => (value === null ? null : decimal(value));
  const lot = resources.map((r) => decimal(r.lot));
  const people = resources.map((r, k) => times(decimal(r.peoplePerUnit), lot[k]!));
  const worth = resources.map((r, k) => times(decimal(r.importance), people[k]!));
  const thousandth = decimal(0.001);
  return {
    weight: fixed(resources.map((r, k) => times(times(decimal(r.weightKg), lot[k]!), thousandth))),
    points: fixed(regions.flatMap((j) => worth.map((w) => times(decimal(j.priority), w)))),
    people: fixed(people),
    lot,
    km: fixed(routes.map((r) => decimal(r.km))),
    costPerTonne: fixed(routes.map((r) => decimal(r.costPerTonne))),
    capacity: routes.map((r) => optional(r.capacityTonnes)),
    handling: [...[...depots, ...hubs].map((s) => optional(s.handlingTonnes)), ...regions.map(() => null)],
    storage: [...depots.map(() => null), ...[...hubs, ...regions].map((s) => decimal(s.storageTonnes))],
    fleet: scenario.fleets.map((f) => f.factors.map(decimal).reduce(times)),
    budget: scenario.budget ? decimal(scenario.budget.amount) : null,
    floor: fixed(regions.map((j) => decimal(j.floor))),
  };
}

function approximate(exact: ExactData): ApproxData {
  const all = (f: Fixed) => Float64Array.from(f.units, (units) => toNumber({ units, scale: f.scale }));
  const limits = (list: (Decimal | null)[]) => Float64Array.from(list, (d) => (d ? toNumber(d) : Infinity));
  return {
    weight: all(exact.weight),
    points: all(exact.points),
    km: all(exact.km),
    costPerTonne: all(exact.costPerTonne),
    capacity: limits(exact.capacity),
    handling: limits(exact.handling),
    storage: limits(exact.storage),
    fleet: limits(exact.fleet),
    budget: exact.budget ? toNumber(exact.budget) : Infinity,
    floor: all(exact.floor),
  };
}

/** N_jk = Σ_t n_jkt in lots. */
export function totalNeed(network: Pick<Network, 'T' | 'K' | 'need'>, j: number, k: number): number {
  const { T, K, need } = network;
  let sum = 0;
  for (let t = 0; t < T; t++) sum += need[(j * T + t) * K + k]!;
  return sum;
}
