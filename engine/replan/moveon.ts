/**
 * Time moves on to a period: a scenario whose past is what has really left, arrived and been handed out, so that only the rest is
 * decided anew. It is a scenario as any other (MODEL.md, `after`): the proof of its plan says that no plan with this past does better.
 */
import { lotsOf, type Scenario, scenarioDigest, unitsOf } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { allocationDigest } from '../compare/index.js';
import { balanceGoods } from './balance.js';
import { historyOf } from './history.js';
import { type Assumed, CourseError, type Delivery, type PlanInForce, type ShippedLine } from './types.js';

export interface MoveOn {
  /** As it is known now, all amendments applied; an `after` in it is replaced. */
  scenario: Scenario;
  before: PlanInForce;
  /** First period that is still to be decided; at least that of the plan in force. */
  period: number;
  deliveries?: readonly Delivery[];
  /** Digests of the amendments that have brought deliveries; written down so that the step can be made again by whoever checks. */
  amendments?: readonly string[];
}

export interface MovedOn {
  scenario: Scenario;
  /** Consignments that cannot have left as planned and that nobody has reported on. */
  assumed: Assumed[];
}

/** Throws CourseError with all that cannot be. */
export function moveOn({ scenario, before, period, deliveries = [], amendments = [] }: MoveOn): MovedOn {
  const { after: _past, ...base } = scenario;
  const since = before.scenario.after?.period ?? 0;
  if (!(Number.isInteger(period) && period >= since && period < base.periods.count))
    throw new CourseError([
      wording`period ${period}: expected one from ${since}, where the plan in force begins, to ${base.periods.count - 1}`,
    ]);
  const history = historyOf(before, period, deliveries);
  const assumed = balanceGoods(base, period, history);
  if (history.faults.length) throw new CourseError(history.faults);
  const shipped = [...history.lines.values()];
  const after = {
    period,
    base: scenarioDigest(base),
    allocation: allocationDigest(before.allocation),
    ...(amendments.length ? { amendments: [...amendments] } : {}),
    shipped,
    used: usedBefore(base, before, period, shipped),
    planned: before.allocation.shipments
      .filter(({ depart }) => depart >= period)
      .map(({ resource, from, to, mode, depart, quantity }) => ({ resource, from, to, mode, depart, quantity })),
  };
  return { scenario: { ...base, after }, assumed };
}

/** What regions with storage have handed out: as planned, as far as the goods had come. */
function usedBefore(scenario: Scenario, before: PlanInForce, period: number, shipped: readonly ShippedLine[]) {
  const earlier = before.scenario.after;
  const since = earlier?.period ?? 0;
  const wished = [
    ...(earlier?.used ?? []),
    ...before.allocation.use.filter((use) => use.period >= since && use.period < period),
  ];
  const lot = new Map(scenario.resources.map((r) => [r.id, r.lot ?? 1]));
  // both come from plans in whole lots
  const lots = (quantity: number, resource: string) => lotsOf(quantity, lot.get(resource));
  const come = new Map<string, Float64Array>();
  const place = (region: string, resource: string) => JSON.stringify([region, resource]);
  for (const line of shipped) {
    const arrived = line.arrived ?? line.arrive;
    if (arrived >= period) continue;
    const key = place(line.to, line.resource);
    const list = come.get(key) ?? new Float64Array(period);
    come.set(key, list);
    list[arrived]! += lots(line.delivered ?? line.quantity, line.resource);
  }
  const spent = new Map<string, number>();
  return wished
    .toSorted((a, b) => a.period - b.period)
    .flatMap(({ region, resource, period: t, quantity }) => {
      const key = place(region, resource);
      let there = -(spent.get(key) ?? 0);
      for (let u = 0; u <= t; u++) there += come.get(key)?.[u] ?? 0;
      const handed = Math.min(there, lots(quantity, resource));
      if (handed <= 0) return [];
      spent.set(key, (spent.get(key) ?? 0) + handed);
      return [{ region, resource, period: t, quantity: unitsOf(handed, lot.get(resource)) }];
    });
}
