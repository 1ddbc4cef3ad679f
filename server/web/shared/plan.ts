/** A plan laid out for drawing: who is where, what goes which way, what is left when. Nothing here is one object a consignment. */
import type { Coverage } from '../../../engine/types.js';
import type { Consignments } from '../../packed/consignments.js';
import type { Head, PackedPlan, Shapes } from '../../packed/read.js';
import type { Around } from './said.js';
import { nameOf, type Scenario } from './scenario.js';

export type { Shipment } from '../../../engine/types.js';

export interface Site {
  id: string;
  name: string;
  kind: 'depot' | 'hub' | 'region';
  at: readonly [number, number] | null;
}

/** All that is sent between two places, whatever it is and whenever. */
export interface Flow {
  from: Site;
  to: Site;
  tonnes: number;
  /** One of its routes is used to its limit in some period. */
  full: boolean;
}

export interface DepotStock {
  /** Tonnes at the start and new over the horizon, less losses. */
  had: number;
  /** Tonnes at the end. */
  left: number;
}

export interface PeriodSums {
  /** Tonnes. */
  stock: number;
  arrivals: number;
  sent: number;
  arrived: number;
  /** People-periods. */
  unmet: number;
}

/** What is shown of a region beside its place; as the scenario has it. */
export interface ShownRegion {
  id: string;
  name: string;
  at: readonly [number, number] | undefined;
  people: number | undefined;
  floor: number | undefined;
  polygon?: NonNullable<Shapes[number]>;
}

/** What a map needs. */
export interface Mapped extends Pick<Laid, 'sites' | 'flows' | 'stocks'> {
  scenario: { regions: readonly (Pick<ShownRegion, 'id'> & Partial<Pick<ShownRegion, 'polygon'>>)[] };
}

export interface Laid {
  scenario: Head['scenario'] & { regions: ShownRegion[] };
  allocation: Pick<Head, 'policy' | 'gap' | 'solver' | 'measures'> & { receipt: unknown };
  names: Map<string, string>;
  sites: Map<string, Site>;
  flows: Flow[];
  stocks: Map<string, DepotStock>;
  /** Depots and hubs from which as much leaves as can be handled, in some period. */
  handling: string[];
  /** Coverage by region, then resource; made for the regions that somebody looks at. */
  coverage: { get(region: string): ReadonlyMap<string, Coverage> | undefined };
  /** Coverage of each pair of region and resource. */
  ratios: Float64Array;
  /** Coverage of all a region needs, by people. */
  byRegion: Map<string, { ratio: number; needed: number; met: number }>;
  floors: Map<string, number>;
  /** Tonnes a unit, by resource. */
  weight: Map<string, number>;
  /** In the order of the plan, as reports name them by it. */
  shipments: Consignments;
  packed: PackedPlan;
}

/** What sentences about a plan are told with. */
export const aroundOf = ({ names, scenario: { periods } }: Pick<Laid, 'names' | 'scenario'>): Around => ({
  names,
  periods,
});

export function layOut(packed: PackedPlan): Laid {
  const { head, receipt, coverage, shipments } = packed;
  const places = placesOf(packed);
  const { depots, hubs } = head.counts;
  const regions = places.slice(depots + hubs).map((site, j) => regionOf(packed, site, j));
  const { resources } = head.scenario;
  const stock = (i: number): DepotStock => ({ had: packed.depots.had[i] ?? 0, left: packed.depots.left[i] ?? 0 });
  return {
    scenario: { ...head.scenario, regions },
    allocation: { policy: head.policy, gap: head.gap, solver: head.solver, measures: head.measures, receipt },
    names: new Map([
      ...resources.map((one) => [one.id, nameOf(one)] as const),
      ...places.map(({ id, name }) => [id, name] as const),
    ]),
    sites: new Map(places.map((site) => [site.id, site])),
    flows: flowsOf(packed, places),
    stocks: new Map(places.slice(0, depots).map(({ id }, i) => [id, stock(i)])),
    handling: Array.from(packed.handling, (place) => packed.sites.ids[place] ?? ''),
    ...{ coverage: byPair(packed, regions), ratios: coverage.ratio },
    byRegion: new Map(packed.byRegion.map((one) => [one.region, one])),
    floors: new Map(regions.map(({ id, floor = 0 }) => [id, floor])),
    weight: new Map(resources.map(({ id, weightKg }) => [id, weightKg / 1000])),
    ...{ shipments, packed },
  };
}

/** A scenario on a map before anything is planned. */
export function emptyMap(scenario: Scenario): Mapped {
  const kinds = { depot: scenario.depots, hub: scenario.hubs ?? [], region: scenario.regions };
  const sites = Object.entries(kinds).flatMap(([kind, list]) =>
    list.map((one): Site => ({ id: one.id, kind: kind as Site['kind'], name: nameOf(one), at: one.at ?? null })),
  );
  return { scenario, flows: [], sites: new Map(sites.map((site) => [site.id, site])), stocks: new Map() };
}

function placesOf({ head: { counts }, sites: { ids, names, at } }: PackedPlan): Site[] {
  return ids.map((id, i) => {
    const kind = i < counts.depots ? 'depot' : i < counts.depots + counts.hubs ? 'hub' : 'region';
    const [lon = Number.NaN, lat = Number.NaN] = [at[2 * i], at[2 * i + 1]];
    return { id, name: names[i] ?? id, kind, at: Number.isNaN(lon) ? null : [lon, lat] };
  });
}

function regionOf({ regions: { people, floor }, shapes }: PackedPlan, { id, name, at }: Site, j: number): ShownRegion {
  const said = (value = Number.NaN) => (Number.isNaN(value) ? undefined : value);
  const known = { id, name, at: at ?? undefined, people: said(people[j]), floor: said(floor[j]) };
  return shapes[j] ? { ...known, polygon: shapes[j] } : known;
}

function byPair({ coverage }: PackedPlan, regions: readonly ShownRegion[]): Laid['coverage'] {
  const lines = new Map<string, number[]>(regions.map(({ id }) => [id, []]));
  for (let line = 0; line < coverage.length; line++)
    lines.get(regions[coverage.region[line] ?? -1]?.id ?? '')?.push(line);
  const made = new Map<string, ReadonlyMap<string, Coverage>>();
  return {
    get(region) {
      const own = lines.get(region);
      if (own === undefined || own.length === 0) return undefined;
      const row = made.get(region) ?? new Map(own.map(coverage.at).map((pair) => [pair.resource, pair]));
      made.set(region, row);
      return row;
    },
  };
}

function flowsOf({ head, ways, shipments }: PackedPlan, places: readonly Site[]): Flow[] {
  const { periods, resources } = head.scenario;
  const flows = new Map<number, Flow>();
  const flowOf = Array.from({ length: ways.length }, (_, way) => {
    const [from, to] = [ways.from[way] ?? 0, ways.to[way] ?? 0];
    const pair = from * places.length + to;
    const [start, end] = [places[from], places[to]];
    if (!flows.has(pair) && start && end) flows.set(pair, { from: start, to: end, tonnes: 0, full: false });
    return flows.get(pair);
  });
  const weight = Float64Array.from(resources, ({ weightKg }) => weightKg / 1000);
  /** Tonnes by way and period. */
  const used = new Float64Array(ways.length * periods.count);
  for (let line = 0; line < shipments.length; line++) {
    const way = shipments.way[line] ?? 0;
    const flow = flowOf[way];
    const tonnes = shipments.quantity(line) * (weight[shipments.resource[line] ?? 0] ?? 0);
    if (flow) flow.tonnes += tonnes;
    const cell = way * periods.count + (shipments.depart[line] ?? 0);
    used[cell] = (used[cell] ?? 0) + tonnes;
  }
  for (const [way, flow] of flowOf.entries()) {
    const limit = ways.capacity[way] ?? 0;
    for (let period = 0; flow && limit > 0 && !flow.full && period < periods.count; period++)
      flow.full = (used[way * periods.count + period] ?? 0) > limit * 0.999;
  }
  return [...flows.values()].sort((a, b) => b.tonnes - a.tonnes);
}

/** Sums over all depots, regions and items by period; `unmet` over all periods is that of the measures. */
export function byPeriod({ packed: { periods }, scenario }: Laid): PeriodSums[] {
  const at = (column: Float64Array, period: number) => column[period] ?? 0;
  return Array.from({ length: scenario.periods.count }, (_, period) => ({
    ...{ stock: at(periods.stock, period), arrivals: at(periods.arrivals, period), sent: at(periods.sent, period) },
    ...{ arrived: at(periods.arrived, period), unmet: at(periods.unmet, period) },
  }));
}

/** Upper ends of at most six classes of coverage in round steps over what is there: a plan of 2 to 6 % is not all one colour. */
export function classesOf(ratios: ArrayLike<number>): number[] {
  let [most, least] = [1e-6, Infinity];
  for (let i = 0; i < ratios.length; i++) {
    most = Math.max(most, ratios[i] ?? 0);
    least = Math.min(least, ratios[i] ?? 0);
  }
  least = Math.min(most, least);
  // differences below a fiftieth are not worth a colour of their own
  const raw = Math.max((most - least) / 6, most / 50);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const nice of [1, 2, 2.5, 5, 10, 20]) {
    const step = nice * power;
    const from = Math.floor(least / step + 1e-9);
    const count = Math.max(1, Math.ceil(most / step - 1e-9) - from);
    if (count <= 6) return Array.from({ length: count }, (_, i) => Number(((from + i + 1) * step).toPrecision(6)));
  }
  return [most];
}

export const classOf = (ratio: number, classes: readonly number[]): number => {
  const found = classes.findIndex((end) => ratio <= end * (1 + 1e-9));
  return found < 0 ? classes.length - 1 : found;
};

/** Which of the six colours a class has: few classes use the whole scale. */
export const shadeAt = (index: number, count: number): number =>
  count <= 1 ? 3 : Math.round((index * 5) / (count - 1));

/** Below the floor of its region, or without anything: what colour alone does not say. */
export const isShort = (ratio: number, floor: number): boolean => ratio <= 0 || ratio < floor - 1e-9;
