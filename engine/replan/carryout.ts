/**
 * What comes of a plan that nobody changes while the world does: every consignment leaves as planned as far as its goods are there, its
 * route is open and no limit is passed; the rest stays where it is. Later consignments of a limit give way first (`lots/limits.ts`).
 */
import { complete, type Scenario } from '../../scenarios/index.js';
import { cutToLimits } from '../lots/limits.js';
import { sweepGoods } from '../lots/sweep.js';
import { listCoverage, measure } from '../measures.js';
import { compileNetwork } from '../network.js';
import { listShipments, listUses, readPlan } from '../shipments.js';
import type { Allocation, Coverage, Measures, Shipment, Use } from '../types.js';
import { keyOf, type PlannedLine } from './types.js';

export interface CarriedOut {
  shipments: Shipment[];
  use: Use[];
  coverage: Coverage[];
  measures: Measures;
  /** Consignments, or parts of them, that could not leave. */
  held: PlannedLine[];
}

/** The plan under the scenario as it turned out to be. What the scenario does not know, such as a route that is gone, cannot leave. */
export function carryOut(scenario: Scenario, { shipments, use }: Pick<Allocation, 'shipments' | 'use'>): CarriedOut {
  const network = compileNetwork(complete(scenario));
  const first = scenario.after?.period ?? 0;
  const due = shipments.filter((s) => s.depart >= first);
  // its faults are the consignments that have no open route any more
  const { plan } = readPlan(network, due, use);
  cutToLimits(network, plan.ship);
  const swept = sweepGoods(network, plan.ship, plan.met);
  const carried = { ship: swept.ship, met: swept.met };
  const left = listShipments(network, carried);
  const gone = new Map(left.map((s) => [keyOf(s), s.quantity]));
  const coverage = listCoverage(network, carried);
  return {
    shipments: left,
    use: listUses(network, carried),
    coverage,
    measures: measure(network, carried, coverage),
    held: due.flatMap(({ resource, from, to, mode, depart, quantity }) => {
      const line = { resource, from, to, mode, depart };
      const rest = quantity - (gone.get(keyOf(line)) ?? 0);
      return rest > 0 ? [{ ...line, quantity: rest }] : [];
    }),
  };
}
