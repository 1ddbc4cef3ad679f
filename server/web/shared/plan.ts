/** A plan and its scenario, laid out for drawing: who is where, what goes which way, what is left when. */
import type { Allocation, Shipment } from '../../../engine/types.js';
import { namesOf, type Region, type Scenario } from './scenario.js';

export type { Allocation, Shipment };

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
  /** Tonnes by resource. */
  by: Map<string, number>;
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

/** What a map needs. */
export type Mapped = Pick<Laid, 'scenario' | 'sites' | 'flows' | 'stocks'>;

export interface Laid {
  scenario: Scenario;
  allocation: Allocation;
  names: Map<string, string>;
  sites: Map<string, Site>;
  flows: Flow[];
  stocks: Map<string, DepotStock>;
  /** Depots and hubs from which as much leaves as can be handled, in some period. */
  handling: string[];
  /** Coverage by region, then resource. */
  coverage: Map<string, Map<string, Allocation['coverage'][number]>>;
  /** Coverage of all a region needs, by people. */
  byRegion: Map<string, { ratio: number; needed: number; met: number }>;
  floors: Map<string, number>;
  weight: Map<string, number>;
}

export function sitesOf(scenario: Scenario, names: Map<string, string>): Map<string, Site> {
  const site =
    (kind: Site['kind']) =>
    (one: { id: string; at?: [number, number] | readonly number[] }): [string, Site] => [
      one.id,
      { id: one.id, kind, name: names.get(one.id) ?? one.id, at: one.at ? [one.at[0] ?? 0, one.at[1] ?? 0] : null },
    ];
  return new Map([
    ...scenario.depots.map(site('depot')),
    ...(scenario.hubs ?? []).map(site('hub')),
    ...scenario.regions.map(site('region')),
  ]);
}

export function layOut(scenario: Scenario, allocation: Allocation): Laid {
  const names = namesOf(scenario);
  const sites = sitesOf(scenario, names);
  const weight = new Map(scenario.resources.map(({ id, weightKg }) => [id, weightKg / 1000]));
  const coverage: Laid['coverage'] = new Map();
  for (const pair of allocation.coverage) {
    const row = coverage.get(pair.region) ?? new Map();
    row.set(pair.resource, pair);
    coverage.set(pair.region, row);
  }
  const laid = {
    ...{ scenario, allocation, names, sites, weight, coverage },
    byRegion: new Map(allocation.measures.byRegion.map((one) => [one.region, one])),
    floors: new Map(scenario.regions.map(({ id, floor = 0 }) => [id, floor])),
  };
  return { ...laid, flows: flowsOf(laid), stocks: stocksOf(laid), handling: handlingFull(laid) };
}

/** A scenario on a map before anything is planned. */
export const emptyMap = (scenario: Scenario): Mapped => ({
  ...{ scenario, flows: [], sites: sitesOf(scenario, namesOf(scenario)) },
  stocks: new Map(),
});

/** What was sent before the plan begins counts as sent. */
export function allShipments({ scenario, allocation }: Pick<Laid, 'scenario' | 'allocation'>): Shipment[] {
  const before = (scenario.after?.shipped ?? []).map(({ delivered: _, arrived: __, ...one }): Shipment => one);
  return [...before, ...allocation.shipments];
}

type Half = Pick<Laid, 'scenario' | 'allocation' | 'sites' | 'weight'>;

function flowsOf({ scenario, allocation, sites, weight }: Half): Flow[] {
  const flows = new Map<string, Flow>();
  const used = new Map<string, number>();
  for (const { from, to, mode, depart, resource, quantity } of allocation.shipments) {
    const key = `${from}\n${to}`;
    const tonnes = quantity * (weight.get(resource) ?? 0);
    const period = `${key}\n${mode}\n${depart}`;
    used.set(period, (used.get(period) ?? 0) + tonnes);
    const flow = flows.get(key);
    if (flow) {
      flow.tonnes += tonnes;
      flow.by.set(resource, (flow.by.get(resource) ?? 0) + tonnes);
      continue;
    }
    const [start, end] = [sites.get(from), sites.get(to)];
    if (start && end) flows.set(key, { from: start, to: end, tonnes, by: new Map([[resource, tonnes]]), full: false });
  }
  for (const { from, to, mode, capacityTonnes } of scenario.routes) {
    if (capacityTonnes === undefined || capacityTonnes === 0) continue;
    const flow = flows.get(`${from}\n${to}`);
    for (let period = 0; flow && !flow.full && period < scenario.periods.count; period++)
      flow.full = (used.get(`${from}\n${to}\n${mode}\n${period}`) ?? 0) > capacityTonnes * 0.999;
  }
  return [...flows.values()].sort((a, b) => b.tonnes - a.tonnes);
}

function handlingFull({ scenario, allocation, weight }: Half): string[] {
  const sent = new Map<string, number>();
  for (const { from, depart, resource, quantity } of allocation.shipments) {
    const key = `${from}\n${depart}`;
    sent.set(key, (sent.get(key) ?? 0) + quantity * (weight.get(resource) ?? 0));
  }
  return [...scenario.depots, ...(scenario.hubs ?? [])].flatMap(({ id, handlingTonnes }) => {
    if (handlingTonnes === undefined) return [];
    const limits = Array.from({ length: scenario.periods.count }, (_, period) =>
      typeof handlingTonnes === 'number' ? handlingTonnes : (handlingTonnes[period] ?? 0),
    );
    // nothing can leave where nothing is handled: that is no limit reached
    return limits.some((limit, period) => limit > 0 && (sent.get(`${id}\n${period}`) ?? 0) > limit * 0.999) ? [id] : [];
  });
}

function stocksOf({ scenario, allocation, weight }: Half): Map<string, DepotStock> {
  const tonnes = (resource: string, quantity: number) => quantity * (weight.get(resource) ?? 0);
  const stocks = new Map<string, DepotStock>();
  for (const { id, stock = {}, arrivals = [], losses = [] } of scenario.depots) {
    let had = 0;
    for (const [resource, quantity] of Object.entries(stock)) had += tonnes(resource, quantity);
    for (const { resource, quantity } of arrivals) had += tonnes(resource, quantity);
    for (const { resource, quantity } of losses) had -= tonnes(resource, quantity);
    stocks.set(id, { had, left: had });
  }
  for (const { from, to, resource, quantity } of allShipments({ scenario, allocation })) {
    const [source, target] = [stocks.get(from), stocks.get(to)];
    if (source) source.left -= tonnes(resource, quantity);
    if (target) {
      target.had += tonnes(resource, quantity);
      target.left += tonnes(resource, quantity);
    }
  }
  return stocks;
}

/** Need that stands in each period: a consumable's own, a durable's all so far. */
function dueIn(region: Region, resource: Scenario['resources'][number], count: number): number[] {
  const demand = region.demand[resource.id] ?? 0;
  const due = Array.from({ length: count }, (_, period) => {
    if (typeof demand !== 'number') return demand[period] ?? 0;
    return resource.kind === 'consumable' || period === 0 ? demand : 0;
  });
  if (resource.kind === 'consumable') return due;
  let sum = 0;
  return due.map((one) => {
    sum += one;
    return sum;
  });
}

/** Sums over all depots, regions and items by period; `unmet` over all periods is that of the measures. */
export function byPeriod({ scenario, allocation, weight }: Laid): PeriodSums[] {
  const { count } = scenario.periods;
  const sums = Array.from(
    { length: count },
    (): PeriodSums => ({ stock: 0, arrivals: 0, sent: 0, arrived: 0, unmet: 0 }),
  );
  const depots = new Set(scenario.depots.map(({ id }) => id));
  const regions = new Map(scenario.regions.map((region) => [region.id, region]));
  /** Change of what is in depots, by period. */
  const change = new Float64Array(count);
  const add = (period: number, what: keyof PeriodSums, tonnes: number) => {
    const sum = sums[period];
    if (sum) sum[what] += tonnes;
  };
  const tonnes = (resource: string, quantity: number) => quantity * (weight.get(resource) ?? 0);
  const move = (period: number, amount: number) => {
    if (period < count) change[period] = (change[period] ?? 0) + amount;
  };
  for (const { stock = {}, arrivals = [], losses = [] } of scenario.depots) {
    for (const [resource, quantity] of Object.entries(stock)) move(0, tonnes(resource, quantity));
    for (const { period, resource, quantity } of arrivals) {
      move(period, tonnes(resource, quantity));
      add(period, 'arrivals', tonnes(resource, quantity));
    }
    for (const { period, resource, quantity } of losses) move(period, -tonnes(resource, quantity));
  }
  /** Used by region and resource, in the units of the resource. */
  const used = new Map<string, Float64Array>();
  const use = (region: string, resource: string, period: number, quantity: number) => {
    const key = `${region}\n${resource}`;
    const row = used.get(key) ?? new Float64Array(count);
    used.set(key, row);
    if (period < count) row[period] = (row[period] ?? 0) + quantity;
  };
  const past = (scenario.after?.shipped ?? []).map(({ delivered, arrived, ...one }) => ({
    ...one,
    reached: delivered ?? one.quantity,
    arrive: arrived ?? one.arrive,
  }));
  for (const one of [...past, ...allocation.shipments.map((one) => ({ ...one, reached: one.quantity }))]) {
    const { from, to, resource, depart, arrive, quantity, reached } = one;
    if (depots.has(from)) {
      move(depart, -tonnes(resource, quantity));
      add(depart, 'sent', tonnes(resource, quantity));
    }
    if (depots.has(to)) move(arrive, tonnes(resource, reached));
    const region = regions.get(to);
    if (!region) continue;
    add(arrive, 'arrived', tonnes(resource, reached));
    if (!region.storageTonnes) use(to, resource, arrive, reached);
  }
  for (const { region, resource, period, quantity } of [...(scenario.after?.used ?? []), ...allocation.use])
    use(region, resource, period, quantity);
  let stock = 0;
  for (const [period, sum] of sums.entries()) {
    stock += change[period] ?? 0;
    sum.stock = stock;
  }
  for (const region of scenario.regions)
    for (const resource of scenario.resources) {
      if (region.demand[resource.id] === undefined) continue;
      const due = dueIn(region, resource, count);
      const row = used.get(`${region.id}\n${resource.id}`);
      let met = 0;
      for (const [period, need] of due.entries()) {
        met = resource.kind === 'consumable' ? (row?.[period] ?? 0) : met + (row?.[period] ?? 0);
        add(period, 'unmet', Math.max(0, need - met) * (resource.peoplePerUnit ?? 1));
      }
    }
  return sums;
}

/** Upper ends of at most six classes of coverage in round steps over what is there: a plan of 2 to 6 % is not all one colour. */
export function classesOf(ratios: readonly number[]): number[] {
  const most = Math.max(1e-6, ...ratios);
  const least = Math.min(most, ...ratios);
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
