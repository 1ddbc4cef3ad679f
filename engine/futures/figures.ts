/** A future's numbers in the network's order, ready for any thread, and the network with them in place. */
import { type CompleteScenario, countLots, type Scenario } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import { describes, type Future, factorOf, pairFactor, routeFactor, scaledLimit, scaledLots } from './change.js';

/** Null where nothing changes. Factors by region·K + resource, depot·K + resource, site, arc, fleet. */
export interface Figures {
  demand: Float64Array | null;
  stock: Float64Array | null;
  handling: Float64Array | null;
  capacity: Float64Array | null;
  fleets: Float64Array | null;
  budget: number;
  /** Arcs that nothing leaves by. */
  closed: Int32Array | null;
}

/** Every stock and arrival by itself, as each is rounded to whole lots by itself. */
export interface Stocked {
  /** (depot·T + period)·K + resource. */
  good: Int32Array;
  lots: Float64Array;
}

export function listStocked({ depots, resources, periods: { count: T } }: CompleteScenario): Stocked {
  const K = resources.length;
  const number = new Map(resources.map((r, k) => [r.id, k]));
  const good: number[] = [];
  const lots: number[] = [];
  const add = (s: number, t: number, resource: string, quantity: number) => {
    const k = number.get(resource)!;
    const counted = countLots(quantity, resources[k]!.lot);
    if (counted.kind !== 'whole') throw new RangeError(`${quantity} of ${resource} is not a whole number of lots`);
    good.push((s * T + t) * K + k);
    lots.push(counted.lots);
  };
  depots.forEach((depot, s) => {
    for (const [resource, quantity] of Object.entries(depot.stock)) add(s, 0, resource, quantity);
    for (const { period, resource, quantity } of depot.arrivals) add(s, period, resource, quantity);
  });
  return { good: Int32Array.from(good), lots: Float64Array.from(lots) };
}

/** What `figuresOf` has to know of a scenario; names in the network's order. */
export interface Names {
  regions: string[];
  depots: string[];
  /** Depots, then hubs. */
  handlers: string[];
  resources: string[];
  modes: string[];
  routes: { from: string; to: string; mode: string }[];
}

export function namesIn({ regions, depots, hubs = [], resources, fleets = [], routes }: Scenario): Names {
  const ids = (list: { id: string }[]) => list.map((e) => e.id);
  return {
    regions: ids(regions),
    depots: ids(depots),
    handlers: [...ids(depots), ...ids(hubs)],
    resources: ids(resources),
    modes: fleets.map((f) => f.mode),
    routes: routes.map(({ from, to, mode }) => ({ from, to, mode })),
  };
}

export function figuresOf(names: Names, arcs: Network['arcs'], future: Future): Figures {
  const pairs = (sites: string[], factors: Future['demand']) =>
    factors ? Float64Array.from(sites.flatMap((s) => names.resources.map((k) => pairFactor(factors, s, k)))) : null;
  const singles = (ids: string[], factor: Future['handling']) =>
    factor === undefined ? null : Float64Array.from(ids, (id) => factorOf(factor, id));
  const scaled = future.capacity !== undefined || future.routes?.some((r) => r.capacity !== undefined);
  return {
    demand: pairs(names.regions, future.demand),
    stock: pairs(names.depots, future.stock),
    handling: singles(names.handlers, future.handling),
    capacity: scaled
      ? byArc(
          arcs,
          Float64Array.from(names.routes, (route) => routeFactor(future, route)),
        )
      : null,
    fleets: singles(names.modes, future.fleets),
    budget: future.budget ?? 1,
    closed: closedArcs(names, arcs, future),
  };
}

function closedArcs({ routes }: Names, arcs: Network['arcs'], { routes: changes = [] }: Future): Int32Array | null {
  const closing = changes.filter((c) => c.closed !== undefined);
  if (closing.length === 0) return null;
  const periods = routes.map((route) => closing.filter((c) => describes(c, route)).map((c) => c.closed!));
  const closed: number[] = [];
  for (let a = 0; a < arcs.count; a++)
    if (periods[arcs.route[a]!]!.some((list) => list === 'always' || list.includes(arcs.depart[a]!))) closed.push(a);
  return Int32Array.from(closed);
}

const byArc = (arcs: Network['arcs'], list: Float64Array) => Float64Array.from(arcs.route, (r) => list[r]!);

/** The same network with every arc as a route of its own, so that a route can be closed in one period and open in the next. */
export function arcwise(network: Network): Network {
  const { arcs, approx } = network;
  return {
    ...network,
    arcs: { ...arcs, route: Int32Array.from(arcs.route, (_, a) => a) },
    approx: {
      ...approx,
      km: byArc(arcs, approx.km),
      costPerTonne: byArc(arcs, approx.costPerTonne),
      capacity: byArc(arcs, approx.capacity),
    },
  };
}

/**
 * An arcwise network with the figures of a future, as `compileNetwork` would give them for `changeScenario`, but that closed arcs stay,
 * with a capacity of zero. Of direct networks, and only what `refillDirect` reads: `upper.ship`, `upper.store` and what is exact
 * are the base's.
 */
export function withFigures(base: Network, { good, lots }: Stocked, figures: Figures): Network {
  const { D, T, K, R, H, arcs, approx } = base;
  const { demand, stock, handling, capacity, fleets, closed } = figures;
  const need = demand
    ? base.need.map((n, i) => scaledLots(n, demand[Math.floor(i / (T * K)) * K + (i % K)]!))
    : base.need;
  let supply = base.supply;
  if (stock) {
    supply = new Float64Array(base.supply.length);
    good.forEach((g, i) => {
      supply[g]! += scaledLots(lots[i]!, stock[Math.floor(g / (T * K)) * K + (g % K)]!);
    });
  }
  const room = approx.capacity.slice();
  if (capacity) for (let a = 0; a < room.length; a++) room[a] = scaledLimit(room[a]!, capacity[a]!);
  if (closed) for (const a of closed) room[a] = 0;
  return {
    ...base,
    supply,
    need,
    upper: { ...base.upper, met: reachable(need) },
    approx: {
      ...approx,
      capacity: room,
      handling: handling
        ? approx.handling.map((h, node) => (node < (D + H) * T ? scaledLimit(h, handling[Math.floor(node / T)]!) : h))
        : approx.handling,
      fleet: fleets ? approx.fleet.map((limit, row) => scaledLimit(limit, fleets[Math.floor(row / T)]!)) : approx.fleet,
      budget: scaledLimit(approx.budget, figures.budget),
    },
  };

  /** Needs that some stock can reach at all, and zero for the others; by how much says `reach.ts` when it is asked. */
  function reachable(need: Float64Array): Float64Array {
    const there = supply.slice();
    for (let s = 0; s < D; s++)
      for (let t = 1; t < T; t++)
        for (let k = 0; k < K; k++) there[(s * T + t) * K + k]! += there[(s * T + t - 1) * K + k]!;
    const met = new Float64Array(R * T * K);
    const first = (D + H) * T;
    for (let a = 0; a < arcs.count; a++) {
      if (!(room[a]! > 0)) continue;
      const n = (arcs.to[a]! - first) * K;
      for (let k = 0; k < K; k++) if (there[arcs.from[a]! * K + k]! > 0) met[n + k] = need[n + k]!;
    }
    return met;
  }
}
