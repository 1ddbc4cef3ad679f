/** What the week came to with plans made anew day by day, and what the plan of the first day alone would have come to. */
import {
  type CarriedOut,
  carryOut,
  type Delivery,
  type Effect,
  effectBetween,
  type MovedOn,
  moveOn,
} from '../../engine/index.js';
import type { Scenario } from '../../scenarios/index.js';
import type { Replayed } from './replay.js';

export interface Outcome {
  replanned: CarriedOut;
  /** The first plan, as far as the world let it be carried out. */
  unchanged: CarriedOut;
  effect: Effect;
  /** Consignments of the first plan that could not leave as planned. */
  held: number;
}

/**
 * Both in the same world: the scenario with every amendment of the week, in which each closure, loss and need holds from the day it was
 * reported for, and deliveries went as reported. A delivery of the unchanged plan counts where it has the very consignment.
 */
export async function outcome({ days, ask }: Replayed): Promise<Outcome> {
  const last = days.at(-1)!;
  const world = await ask<Scenario>(`/scenarios/${last.scenario}`);
  const deliveries = await deliveriesOf({ days, ask });
  const end = world.periods.count - 1;
  const followed = await ask<Scenario>(`/scenarios/${last.plan.scenario.digest}`);
  const replanned = realised(
    moveOn({ scenario: world, before: { scenario: followed, allocation: last.plan }, period: end, deliveries }),
    last.plan,
  );
  const [first] = days;
  const carried = carryOut(world, first!.plan);
  const allocation = { ...first!.plan, shipments: carried.shipments, use: carried.use };
  const same = deliveries.filter((d) =>
    carried.shipments.some(
      (s) =>
        s.resource === d.resource &&
        s.from === d.from &&
        s.to === d.to &&
        s.depart === d.depart &&
        s.quantity === d.allocated,
    ),
  );
  const unchanged = realised(
    moveOn({ scenario: world, before: { scenario: world, allocation }, period: end, deliveries: same }),
    allocation,
  );
  return {
    replanned,
    unchanged,
    effect: effectBetween(replanned.coverage, unchanged.coverage),
    held: carried.held.length,
  };
}

const realised = ({ scenario }: MovedOn, plan: Parameters<typeof carryOut>[1]) => carryOut(scenario, plan);

async function deliveriesOf({ days, ask }: Pick<Replayed, 'days' | 'ask'>): Promise<Delivery[]> {
  const found: Delivery[] = [];
  const seen = new Set<string>();
  for (const { filed } of days)
    for (const { digest } of filed) {
      const { trail } = await ask<{
        trail: { kind: string; seq: number; content: { deliveries?: Delivery[] } | null }[];
      }>(`/reports/${digest}`);
      for (const { kind, seq, content } of trail) {
        if (kind !== 'amendment' || seen.has(String(seq))) continue;
        seen.add(String(seq));
        found.push(...(content?.deliveries ?? []));
      }
    }
  return found;
}
