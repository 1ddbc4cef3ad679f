/** The plan before, as far as its departures are still to come (MODEL.md: the stage `stay`). */
import { type CompletePast, type CompleteScenario, routeFinder } from '../scenarios/index.js';
import type { ExactData } from './coefficients.js';
import type { Arcs } from './network.js';
import type { Places } from './past.js';
import { type Decimal, decimal, plus, times } from './proof/exact.js';

export interface Planned {
  /** Lots by flow. */
  ship: Float64Array;
  /** All of it, what can no longer be sent included: what gaps of the stage are relative to. */
  tonnes: Decimal;
}

/** Null where nothing is planned. Lines whose route is gone, closed or too slow have no flow, and are counted in `tonnes` alone. */
export function plannedFlows(
  { routes }: CompleteScenario,
  arcs: Arcs,
  { planned }: CompletePast,
  exact: ExactData,
  { T, K, resourceNumber, lots }: Places,
): Planned | null {
  if (planned.length === 0) return null;
  const arc = new Map<number, number>();
  for (let a = 0; a < arcs.count; a++) arc.set(arcs.route[a]! * T + arcs.depart[a]!, a);
  const route = routeFinder(routes);
  const ship = new Float64Array(arcs.count * K);
  const byResource = new Float64Array(K);
  for (const line of planned) {
    const k = resourceNumber.get(line.resource)!;
    const count = lots(line.quantity, k);
    byResource[k]! += count;
    const r = route(line, line.depart);
    const a = r < 0 ? undefined : arc.get(r * T + line.depart);
    if (a !== undefined) ship[a * K + k]! += count;
  }
  let tonnes = decimal(0);
  byResource.forEach((count, k) => {
    tonnes = plus(tonnes, times({ units: exact.weight.units[k]!, scale: exact.weight.scale }, decimal(count)));
  });
  return { ship, tonnes };
}
