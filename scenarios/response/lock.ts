/** What the gate leaves of locked depots: nothing of their own to give, whatever is still to be decided. */
import { lotsOf, unitsOf } from '../losses.js';
import type { CompletePast } from '../past.js';
import type { Scenario } from '../schema.js';
import { type LockedTier, releaseGate } from './gate.js';
import type { Level } from './rules.js';

export interface CompleteResponse {
  level: Level | null;
  /** Tiers with depots that give, the lowest first. */
  open: string[];
  /** Tiers whose depots give nothing, with what they hold by resource in units: stock and arrivals less losses and what left before. */
  locked: (LockedTier & { stock: Record<string, number> })[];
  /** The same by locked depot. */
  held: Record<string, Record<string, number>>;
}

type Depot = Scenario['depots'][number];

/**
 * `depots` with their losses settled. A locked one keeps so much stock as left it before beyond what had been delivered to it, and
 * nothing else: its balance in the first open period is then what came to it from elsewhere and has not gone on (MODEL.md).
 */
export function lockDepots(
  scenario: Scenario,
  depots: readonly Depot[],
  past: CompletePast | null,
): { depots: readonly Depot[]; response: CompleteResponse | null } {
  const gate = releaseGate(scenario);
  if (!gate) return { depots, response: null };
  const lot = new Map(scenario.resources.map((r) => [r.id, r.lot ?? 1]));
  const closed = new Set(gate.locked.flatMap((tier) => tier.depots));
  const gone = goneBefore(past, closed, lot);
  const held = new Map<string, Map<string, number>>();
  const settled = depots.map((depot) => {
    if (!closed.has(depot.id)) return depot;
    const { arrivals = [], ...rest } = depot;
    const holds = new Map<string, number>();
    for (const [resource, quantity] of [
      ...Object.entries(depot.stock ?? {}),
      ...arrivals.map((a) => [a.resource, a.quantity] as const),
    ])
      add(holds, resource, lotsOf(quantity, lot.get(resource)));
    const stock: Record<string, number> = {};
    for (const [resource, lots] of gone.get(depot.id) ?? []) {
      if (lots <= 0) continue;
      stock[resource] = unitsOf(lots, lot.get(resource));
      add(holds, resource, -lots);
    }
    held.set(depot.id, holds);
    return { ...rest, stock };
  });
  const units = (holds: ReadonlyMap<string, number>) =>
    Object.fromEntries([...holds].flatMap(([id, lots]) => (lots > 0 ? [[id, unitsOf(lots, lot.get(id))]] : [])));
  const locked = gate.locked.map((tier) => {
    const sums = new Map<string, number>();
    for (const id of tier.depots) for (const [resource, lots] of held.get(id)!) add(sums, resource, lots);
    return { ...tier, stock: units(sums) };
  });
  const byDepot = Object.fromEntries([...held].map(([id, holds]) => [id, units(holds)]));
  return { depots: settled, response: { level: gate.level, open: gate.open, locked, held: byDepot } };
}

const add = (sums: Map<string, number>, key: string, lots: number) => sums.set(key, (sums.get(key) ?? 0) + lots);

/** Lots that left each depot before, less those that had been delivered to it, by depot and resource. */
function goneBefore(
  past: CompletePast | null,
  of: ReadonlySet<string>,
  lot: ReadonlyMap<string, number>,
): Map<string, Map<string, number>> {
  const gone = new Map<string, Map<string, number>>();
  const count = (depot: string, resource: string, lots: number) => {
    if (!of.has(depot)) return;
    const sums = gone.get(depot) ?? new Map<string, number>();
    gone.set(depot, add(sums, resource, lots));
  };
  for (const { resource, from, to, quantity, delivered, arrived } of past?.shipped ?? []) {
    count(from, resource, lotsOf(quantity, lot.get(resource)));
    if (arrived <= past!.period) count(to, resource, -lotsOf(delivered, lot.get(resource)));
  }
  return gone;
}
