/** What a future changes in a scenario: factors on its figures, and routes that close. */
import {
  countLots,
  type Decimal,
  decimalOf,
  decimalText,
  mapPeriods,
  type Scenario,
  withoutLosses,
} from '../../scenarios/index.js';

/** Factors on quantities by site and resource; that of a pair is the product of all that apply, 1 where nothing is said. */
export interface Factors {
  all?: number;
  sites?: Record<string, number>;
  resources?: Record<string, number>;
  /** By site, then resource. */
  pairs?: Record<string, Record<string, number>>;
}

/** One factor for all, or one for each that is named. */
export type Factor = number | Record<string, number>;

/** Routes that `from`, `to` and `mode` describe, as far as they are given. */
export interface RouteChange {
  from?: string;
  to?: string;
  mode?: string;
  /** Factor on the capacity; what has none stays unlimited. */
  capacity?: number;
  /** Periods of departure in which nothing leaves, or all of them. */
  closed?: number[] | 'always';
}

/**
 * A scenario with other numbers: what may come where a plan has figures. Quantities become the nearest whole number of lots, limits
 * are rounded to six decimals (grams, where they are tonnes), so that `changeScenario` can write down what was meant.
 */
export interface Future {
  id: string;
  /** Needs, by region and resource. */
  demand?: Factors;
  /** Stocks and arrivals, by depot and resource. */
  stock?: Factors;
  /** By depot or hub. */
  handling?: Factor;
  /** Of all routes. */
  capacity?: number;
  /** By mode. */
  fleets?: Factor;
  budget?: number;
  routes?: RouteChange[];
}

export function pairFactor(factors: Factors | undefined, site: string, resource: string): number {
  if (!factors) return 1;
  const { all = 1, sites, resources, pairs } = factors;
  return all * (sites?.[site] ?? 1) * (resources?.[resource] ?? 1) * (pairs?.[site]?.[resource] ?? 1);
}

export function factorOf(factor: Factor | undefined, id: string): number {
  return typeof factor === 'number' ? factor : (factor?.[id] ?? 1);
}

type Way = { from: string; to: string; mode: string };

export function describes(change: RouteChange, route: Way): boolean {
  return (
    (change.from ?? route.from) === route.from &&
    (change.to ?? route.to) === route.to &&
    (change.mode ?? route.mode) === route.mode
  );
}

/** Factor on a route's capacity. */
export function routeFactor({ capacity = 1, routes = [] }: Future, route: Way): number {
  let factor = capacity;
  for (const change of routes) if (change.capacity !== undefined && describes(change, route)) factor *= change.capacity;
  return factor;
}

/** Lots times a factor, whole again. */
export const scaledLots = (lots: number, factor: number): number => Math.round(lots * factor);

/** A limit times a factor, in millionths. */
export const scaledLimit = (limit: number, factor: number): number =>
  factor === 1 || limit === Infinity ? limit : Math.round(limit * factor * 1e6) / 1e6;

/** The scenario that a future means, written out: what `allocate` plans for. The argument stays as it is. */
export function changeScenario(scenario: Scenario, future: Future): Scenario {
  const lots = new Map(scenario.resources.map((r) => [r.id, decimalOf(r.lot ?? 1)]));
  const quantity = (units: number, resource: string, factor: number): number =>
    factor === 1 ? units : unitsOf(scaledLots(lotsOf(units, lots.get(resource)!), factor), lots.get(resource)!);
  const handled = <S extends { id: string; handlingTonnes?: number | number[] }>(site: S): S =>
    site.handlingTonnes === undefined
      ? site
      : {
          ...site,
          handlingTonnes: mapPeriods(site.handlingTonnes, (limit) =>
            scaledLimit(limit, factorOf(future.handling, site.id)),
          ),
        };
  const always = Array.from({ length: scenario.periods.count }, (_, t) => t);

  const changed: Scenario = {
    ...scenario,
    depots: scenario.depots.map((written) => {
      const depot = withoutLosses(written, scenario.resources, scenario.periods.count);
      const of = (units: number, resource: string) =>
        quantity(units, resource, pairFactor(future.stock, depot.id, resource));
      const { stock, arrivals } = depot;
      return {
        ...handled(depot),
        ...(stock ? { stock: mapped(stock, of) } : {}),
        ...(arrivals ? { arrivals: arrivals.map((a) => ({ ...a, quantity: of(a.quantity, a.resource) })) } : {}),
      };
    }),
    regions: scenario.regions.map((region) => ({
      ...region,
      demand: mapped(region.demand, (due, resource) => {
        const factor = pairFactor(future.demand, region.id, resource);
        return typeof due === 'number'
          ? quantity(due, resource, factor)
          : due.map((units) => quantity(units, resource, factor));
      }),
    })),
    routes: scenario.routes.map((route) => {
      const closed = new Set(route.closed ?? []);
      for (const change of future.routes ?? [])
        if (change.closed && describes(change, route))
          for (const t of change.closed === 'always' ? always : change.closed) closed.add(t);
      const { capacityTonnes } = route;
      return {
        ...route,
        ...(capacityTonnes === undefined
          ? {}
          : { capacityTonnes: scaledLimit(capacityTonnes, routeFactor(future, route)) }),
        ...(closed.size > 0 ? { closed: [...closed].sort((a, b) => a - b) } : {}),
      };
    }),
  };
  if (scenario.hubs) changed.hubs = scenario.hubs.map(handled);
  if (scenario.fleets)
    changed.fleets = scenario.fleets.map((fleet) => {
      const factor = factorOf(future.fleets, fleet.mode);
      if (factor === 1) return fleet;
      const { mode, tonneKm, vehicles = 0, payloadTonnes = 0, kmPerPeriod = 0 } = fleet;
      const size = tonneKm ?? mapPeriods(vehicles, (count) => count * payloadTonnes * kmPerPeriod);
      return { mode, tonneKm: mapPeriods(size, (limit) => scaledLimit(limit, factor)) };
    });
  if (scenario.budget)
    changed.budget = { ...scenario.budget, amount: scaledLimit(scenario.budget.amount, future.budget ?? 1) };
  return changed;
}

function mapped<X, Y>(record: Record<string, X>, f: (x: X, key: string) => Y): Record<string, Y> {
  return Object.fromEntries(Object.entries(record).map(([key, x]) => [key, f(x, key)]));
}

function lotsOf(units: number, lot: Decimal): number {
  const counted = countLots(units, Number(decimalText(lot)));
  if (counted.kind !== 'whole') throw new RangeError(`${units} is not a whole number of lots`);
  return counted.lots;
}

const unitsOf = (lots: number, { digits, exponent }: Decimal): number =>
  Number(decimalText({ digits: BigInt(lots) * digits, exponent }));
