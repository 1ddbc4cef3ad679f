/** What has left before a period: as an earlier re-plan stated it, as the plan in force had it, and as deliveries corrected it. */
import type { Scenario } from '../../scenarios/index.js';
import { type Text, wording } from '../../scenarios/wording.js';
import { type Delivery, keyOf, nameOf, type PlanInForce, type ShippedLine } from './types.js';

export interface History {
  /** By key, in the order of departure and then of the plan. Quantities that are 0 are left out. */
  lines: Map<string, ShippedLine>;
  /** Keys of lines that somebody has reported on: they are facts, the others are taken to have gone as planned. */
  reported: Set<string>;
  faults: Text[];
}

/** The history up to `period` (exclusive). A delivery that is reported late corrects a line that an earlier re-plan had taken as planned. */
export function historyOf(before: PlanInForce, period: number, deliveries: readonly Delivery[]): History {
  const earlier = before.scenario.after;
  const since = earlier?.period ?? 0;
  const faults: Text[] = [];
  const lines = new Map<string, ShippedLine>();
  for (const line of earlier?.shipped ?? []) lines.set(keyOf(line), line);
  for (const { resource, from, to, mode, depart, arrive, quantity } of before.allocation.shipments)
    if (depart >= since && depart < period) {
      const line = { resource, from, to, mode, depart, arrive, quantity };
      lines.set(keyOf(line), line);
    }
  const reported = new Set<string>();
  for (const delivery of deliveries) {
    const key = keyOf(delivery);
    const fault =
      faultOf(delivery, period) ?? (reported.has(key) ? wording`is reported twice: supersede one report` : null);
    if (fault !== null) {
      faults.push(wording`delivery of ${nameOf(delivery)}: ${fault}`);
      continue;
    }
    reported.add(key);
    const line = corrected(delivery, lines.get(key), before.scenario);
    if (line) lines.set(key, line);
    else lines.delete(key);
  }
  return { lines, reported, faults };
}

function faultOf(
  { depart, arrived, allocated, shipped, held, returned, delivered }: Delivery,
  period: number,
): Text | null {
  if (depart >= period) return wording`it has not left yet when the plan is made anew in period ${period}`;
  if (typeof arrived === 'number' && arrived < depart) return wording`it arrived in period ${arrived}, before it left`;
  // quantities are sums of decimals; a lot is far more than this
  if (Math.abs(shipped + held + returned - allocated) > 1e-9 * Math.max(1, allocated))
    return wording`shipped ${shipped} + held ${held} + returned ${returned} is not the allocated ${allocated}`;
  if (delivered > shipped) return wording`${delivered} were delivered of ${shipped} that were shipped`;
  return null;
}

function corrected(d: Delivery, line: ShippedLine | undefined, scenario: Scenario): ShippedLine | null {
  if (d.shipped === 0) return null;
  const { resource, from, to, mode, depart } = d;
  const arrive = line?.arrive ?? depart + lead(scenario, d);
  return {
    ...{ resource, from, to, mode, depart, arrive, quantity: d.shipped },
    ...(d.delivered === d.shipped ? {} : { delivered: d.delivered }),
    ...((d.arrived ?? arrive) === arrive ? {} : { arrived: d.arrived! }),
  };
}

/** Periods on the way of the route that is open at the departure. */
function lead({ routes }: Scenario, { from, to, mode, depart }: Delivery): number {
  const between = routes.filter((r) => r.from === from && r.to === to && r.mode === mode);
  const open = between.find((r) => !r.closed?.includes(depart)) ?? between[0];
  return open?.leadPeriods ?? 0;
}
