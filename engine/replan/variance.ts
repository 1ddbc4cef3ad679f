/**
 * What was allocated, and what became of it: allocated = shipped + held + returned, and of what was shipped so much was delivered, is
 * still on the road, or was lost. In whole lots, by destination and resource.
 */
import { lotsOf, type Scenario, unitsOf } from '../../scenarios/index.js';
import { type Delivery, keyOf, type LineKey, type PlanInForce } from './types.js';

export interface VarianceRow {
  /** Where it was to go; null in a total. */
  to: string | null;
  resource: string;
  unit: string;
  allocated: number;
  shipped: number;
  held: number;
  returned: number;
  delivered: number;
  onTheRoad: number;
  lost: number;
  /** Consignments, and those of them that nobody has reported on: they are taken to have gone as planned. */
  lines: number;
  unreported: number;
}

export interface Variance {
  /** Consignments that should have left before this period. */
  period: number;
  /** By destination and resource in the scenario's order, then by resource alone. */
  rows: VarianceRow[];
  totals: VarianceRow[];
}

type Figures = Record<'allocated' | 'shipped' | 'held' | 'returned' | 'delivered' | 'onTheRoad' | 'lost', number>;

/**
 * Plans in force, the first first: each from its own `after.period` until the next one begins, the last until `period`. Deliveries of
 * consignments that none of them has are ignored. A report that breaks the law of its sum throws a RangeError.
 */
export function varianceOf(plans: readonly PlanInForce[], deliveries: readonly Delivery[], period: number): Variance {
  const last = plans.at(-1);
  if (!last) return { period, rows: [], totals: [] };
  const { scenario } = last;
  const lot = new Map(scenario.resources.map((r) => [r.id, r.lot ?? 1]));
  const lots = (quantity: number, resource: string): number => {
    const count = lotsOf(quantity, lot.get(resource));
    if (Number.isNaN(count)) throw new RangeError(`${quantity} of ${resource} is not a whole number of lots`);
    return count;
  };
  const reports = new Map(deliveries.map((d) => [keyOf(d), d]));
  const rows = new Map<string, VarianceRow>();
  const totals = new Map<string, VarianceRow>();
  const empty = (to: string | null, resource: string): VarianceRow => ({
    ...{ to, resource, unit: scenario.resources.find((r) => r.id === resource)?.unit ?? '' },
    ...{ allocated: 0, shipped: 0, held: 0, returned: 0, delivered: 0, onTheRoad: 0, lost: 0, lines: 0, unreported: 0 },
  });
  const add = (row: VarianceRow, figures: Figures, reported: boolean) => {
    for (const [name, amount] of Object.entries(figures) as [keyof Figures, number][]) row[name] += amount;
    row.lines++;
    if (!reported) row.unreported++;
  };
  plans.forEach(({ scenario: { after }, allocation }, n) => {
    const from = after?.period ?? 0;
    const until = plans[n + 1]?.scenario.after?.period ?? period;
    for (const line of allocation.shipments) {
      if (line.depart < from || line.depart >= Math.min(until, period)) continue;
      const report = reports.get(keyOf(line));
      const figures = figuresOf(line, report, period, lots);
      const key = JSON.stringify([line.to, line.resource]);
      const row = rows.get(key) ?? empty(line.to, line.resource);
      const sum = totals.get(line.resource) ?? empty(null, line.resource);
      add(row, figures, report !== undefined);
      add(sum, figures, report !== undefined);
      rows.set(key, row);
      totals.set(line.resource, sum);
    }
  });
  return { period, rows: ordered(scenario, rows.values(), lot), totals: ordered(scenario, totals.values(), lot) };
}

/** In lots. */
function figuresOf(
  line: LineKey & { quantity: number; arrive: number },
  report: Delivery | undefined,
  period: number,
  lots: (quantity: number, resource: string) => number,
): Figures {
  const of = (quantity: number) => lots(quantity, line.resource);
  const allocated = of(line.quantity);
  if (!report) {
    const there = line.arrive < period;
    const [delivered, onTheRoad] = there ? [allocated, 0] : [0, allocated];
    return { allocated, shipped: allocated, held: 0, returned: 0, delivered, onTheRoad, lost: 0 };
  }
  const [shipped, held, returned, delivered] = [
    of(report.shipped),
    of(report.held),
    of(report.returned),
    of(report.delivered),
  ];
  if (shipped + held + returned !== allocated)
    throw new RangeError(
      `${line.resource} to ${line.to}, period ${line.depart}: shipped ${report.shipped} + held ${report.held} + returned ${report.returned} is not the allocated ${line.quantity}`,
    );
  // a report of what has arrived says that the rest will not; without an arrival it is still to come
  const there = (report.arrived ?? line.arrive) < period;
  return {
    ...{ allocated, shipped, held, returned },
    delivered: there ? delivered : 0,
    onTheRoad: there ? 0 : delivered,
    lost: shipped - delivered,
  };
}

function ordered(scenario: Scenario, rows: Iterable<VarianceRow>, lot: ReadonlyMap<string, number>): VarianceRow[] {
  const sites = [...scenario.depots, ...(scenario.hubs ?? []), ...scenario.regions].map((s) => s.id);
  const site = new Map(sites.map((id, n) => [id, n]));
  const resource = new Map(scenario.resources.map((r, n) => [r.id, n]));
  const place = (row: VarianceRow) => site.get(row.to ?? '') ?? sites.length;
  const units = (row: VarianceRow): VarianceRow => {
    const each = lot.get(row.resource) ?? 1;
    const { allocated, shipped, held, returned, delivered, onTheRoad, lost } = row;
    return {
      ...row,
      allocated: unitsOf(allocated, each),
      shipped: unitsOf(shipped, each),
      held: unitsOf(held, each),
      returned: unitsOf(returned, each),
      delivered: unitsOf(delivered, each),
      onTheRoad: unitsOf(onTheRoad, each),
      lost: unitsOf(lost, each),
    };
  };
  return [...rows]
    .sort((a, b) => place(a) - place(b) || (resource.get(a.resource) ?? 0) - (resource.get(b.resource) ?? 0))
    .map(units);
}
