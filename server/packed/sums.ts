/** What a plan comes to in each period and at each depot, over all items: what the page shows as bars and filled squares. */
import type { Allocation, Shipment } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';

/** Tonnes in depots, new there, that leave them, that reach regions; people-periods of need that waits or is lost. */
export const SUMS = ['stock', 'arrivals', 'sent', 'arrived', 'unmet'] as const;
export type PeriodSums = Record<(typeof SUMS)[number], Float64Array>;

/** Tonnes at each depot: at the start and new over the horizon less losses; left at the end. */
export interface DepotSums {
  had: Float64Array;
  left: Float64Array;
}

type Plan = Pick<Allocation, 'shipments' | 'use'>;

/** What was sent before the plan begins counts as sent, and reached its end as reported. */
function eachMoved(
  { after }: Scenario,
  { shipments }: Plan,
  see: (one: Omit<Shipment, 'arrive'>, reached: number, arrive: number) => void,
): void {
  for (const one of after?.shipped ?? []) see(one, one.delivered ?? one.quantity, one.arrived ?? one.arrive);
  for (const one of shipments) see(one, one.quantity, one.arrive);
}

const tonnesIn = ({ resources }: Scenario) => {
  const weight = new Map(resources.map(({ id, weightKg }) => [id, weightKg / 1000]));
  return (resource: string, quantity: number) => quantity * (weight.get(resource) ?? 0);
};

export function depotSums(scenario: Scenario, plan: Plan): DepotSums {
  const tonnes = tonnesIn(scenario);
  const place = new Map(scenario.depots.map(({ id }, i) => [id, i]));
  const had = new Float64Array(scenario.depots.length);
  for (const [i, { stock = {}, arrivals = [], losses = [] }] of scenario.depots.entries()) {
    for (const [resource, quantity] of Object.entries(stock)) had[i]! += tonnes(resource, quantity);
    for (const { resource, quantity } of arrivals) had[i]! += tonnes(resource, quantity);
    for (const { resource, quantity } of losses) had[i]! -= tonnes(resource, quantity);
  }
  const left = had.slice();
  eachMoved(scenario, plan, ({ from, to, resource, quantity }, reached) => {
    const [source, target] = [place.get(from), place.get(to)];
    if (source !== undefined) left[source]! -= tonnes(resource, quantity);
    if (target === undefined) return;
    had[target]! += tonnes(resource, reached);
    left[target]! += tonnes(resource, reached);
  });
  return { had, left };
}

/** Places (depots, then hubs) from which as much leaves as can be handled, in some period. */
export function handlingFull(scenario: Scenario, plan: Plan): number[] {
  const tonnes = tonnesIn(scenario);
  const { count } = scenario.periods;
  const sent = new Map<string, Float64Array>();
  for (const { from, depart, resource, quantity } of plan.shipments) {
    const row = sent.get(from) ?? new Float64Array(count);
    sent.set(from, row);
    if (depart < count) row[depart]! += tonnes(resource, quantity);
  }
  return [...scenario.depots, ...(scenario.hubs ?? [])].flatMap(({ id, handlingTonnes }, place) => {
    const full = (amount: number, period: number) => {
      const limit = typeof handlingTonnes === 'number' ? handlingTonnes : (handlingTonnes?.[period] ?? 0);
      // nothing can leave where nothing is handled: that is no limit reached
      return limit > 0 && amount > limit * 0.999;
    };
    return sent.get(id)?.some(full) ? [place] : [];
  });
}

export function periodSums(scenario: Scenario, plan: Plan): PeriodSums {
  const { count } = scenario.periods;
  const tonnes = tonnesIn(scenario);
  const [stock, arrivals, sent, arrived, unmet] = SUMS.map(() => new Float64Array(count)) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array, Float64Array],
  ];
  // what comes after the horizon is no part of it
  const add = (row: Float64Array, period: number, more: number) => {
    if (period < count) row[period]! += more;
  };
  for (const depot of scenario.depots) {
    for (const [resource, quantity] of Object.entries(depot.stock ?? {})) add(stock, 0, tonnes(resource, quantity));
    for (const { period, resource, quantity } of depot.arrivals ?? []) {
      add(stock, period, tonnes(resource, quantity));
      add(arrivals, period, tonnes(resource, quantity));
    }
    for (const { period, resource, quantity } of depot.losses ?? []) add(stock, period, -tonnes(resource, quantity));
  }
  const depots = new Set(scenario.depots.map(({ id }) => id));
  const regions = new Map(scenario.regions.map((region) => [region.id, region]));
  /** Used by region, then resource, in its units. */
  const used = new Map<string, Map<string, Float64Array>>();
  const use = (region: string, resource: string, period: number, quantity: number) => {
    const rows = used.get(region) ?? new Map<string, Float64Array>();
    const row = rows.get(resource) ?? new Float64Array(count);
    used.set(region, rows.set(resource, row));
    add(row, period, quantity);
  };
  eachMoved(scenario, plan, ({ from, to, resource, depart, quantity }, reached, arrive) => {
    if (depots.has(from)) {
      add(stock, depart, -tonnes(resource, quantity));
      add(sent, depart, tonnes(resource, quantity));
    }
    if (depots.has(to)) add(stock, arrive, tonnes(resource, reached));
    const region = regions.get(to);
    if (!region) return;
    add(arrived, arrive, tonnes(resource, reached));
    if (!region.storageTonnes) use(to, resource, arrive, reached);
  });
  for (const { region, resource, period, quantity } of [...(scenario.after?.used ?? []), ...plan.use])
    use(region, resource, period, quantity);
  // changes become what is there
  for (let period = 1; period < count; period++) stock[period]! += stock[period - 1]!;
  for (const region of scenario.regions)
    for (const resource of scenario.resources) {
      if (region.demand[resource.id] === undefined) continue;
      const row = used.get(region.id)?.get(resource.id);
      let met = 0;
      for (const [period, need] of dueIn(region, resource, count).entries()) {
        met = resource.kind === 'consumable' ? (row?.[period] ?? 0) : met + (row?.[period] ?? 0);
        unmet[period]! += Math.max(0, need - met) * (resource.peoplePerUnit ?? 1);
      }
    }
  return { stock, arrivals, sent, arrived, unmet };
}

/** Need that stands in each period: a consumable's own, a durable's all so far. */
function dueIn(region: Scenario['regions'][number], resource: Scenario['resources'][number], count: number): number[] {
  const demand = region.demand[resource.id] ?? 0;
  const durable = resource.kind === 'durable';
  let sum = 0;
  return Array.from({ length: count }, (_, period) => {
    const now = typeof demand !== 'number' ? (demand[period] ?? 0) : durable && period > 0 ? 0 : demand;
    sum = durable ? sum + now : now;
    return sum;
  });
}
