/** Fills the defaults of MODEL.md, so that nobody behind this line has to think of an absent field. */
import { routeKm } from './distance.js';
import { withoutLosses } from './losses.js';
import { type CompletePast, completePast } from './past.js';
import type { PerPeriod } from './periods.js';
import { type CompleteStage, completeStage, policyStages } from './policies.js';
import { type CompleteResponse, lockDepots } from './response/lock.js';
import type { PolicyName, Scenario } from './schema.js';

export interface CompleteScenario {
  id: string;
  periods: { count: number; length: string; start: string | null };
  resources: CompleteResource[];
  depots: CompleteDepot[];
  hubs: CompleteHub[];
  regions: CompleteRegion[];
  routes: CompleteRoute[];
  fleets: CompleteFleet[];
  budget: { amount: number; currency: string | null } | null;
  policy: { name: PolicyName | 'custom'; stages: CompleteStage[] };
  /** What was done in the periods before `after.period`; null where none is past. */
  after: CompletePast | null;
  /** Which depots give; null where all do. Stock and arrivals of the others are left out above. */
  response: CompleteResponse | null;
}

export interface CompleteResource {
  id: string;
  name: string;
  unit: string;
  weightKg: number;
  volumeM3: number | null;
  lot: number;
  kind: 'consumable' | 'durable';
  peoplePerUnit: number;
  importance: number;
}

interface Site {
  id: string;
  name: string;
  /** [longitude, latitude] in degrees. */
  at: [number, number] | null;
}

/** `handlingTonnes` null: unlimited. */
export interface CompleteDepot extends Site {
  stock: Record<string, number>;
  arrivals: readonly { readonly period: number; readonly resource: string; readonly quantity: number }[];
  handlingTonnes: PerPeriod | null;
}

export interface CompleteHub extends Site {
  handlingTonnes: PerPeriod | null;
  storageTonnes: number;
}

/** `demand`: units due in each period, one number a period; only the resources that the file names. */
export interface CompleteRegion extends Site {
  people: number | null;
  priority: number;
  demand: Readonly<Record<string, readonly number[]>>;
  floor: number;
  storageTonnes: number;
}

/** `capacityTonnes` null: unlimited. `km` 0 where it is unknown and no fleet needs it. */
export interface CompleteRoute {
  from: string;
  to: string;
  mode: string;
  km: number;
  leadPeriods: number;
  capacityTonnes: number | null;
  costPerTonne: number;
  closed: number[];
}

/** Tonne-km of a period are the exact product of `factors`. */
export interface CompleteFleet {
  mode: string;
  factors: PerPeriod[];
}

/**
 * A checked scenario with every default filled in. The argument stays as it is; lists of demand and of arrivals, which
 * can be ten million numbers, are not copied but shared with it.
 */
export function complete(scenario: Scenario): CompleteScenario {
  const { periods, budget } = scenario;
  const policy = policyStages(scenario.policy);
  const kinds = new Map(scenario.resources.map((r) => [r.id, r.kind]));
  const after = scenario.after ? completePast(scenario.after) : null;
  const whole = scenario.depots.map((d) => withoutLosses(d, scenario.resources, periods.count));
  const { depots: settled, response } = lockDepots(scenario, whole, after);
  const places = new Map<string, [number, number]>();
  for (const site of [...scenario.depots, ...(scenario.hubs ?? []), ...scenario.regions])
    if (site.at) places.set(site.id, site.at);

  return {
    id: scenario.id,
    periods: { count: periods.count, length: periods.length ?? 'P1D', start: periods.start ?? null },
    resources: scenario.resources.map((r) => ({
      id: r.id,
      name: r.name ?? r.id,
      unit: r.unit,
      weightKg: r.weightKg,
      volumeM3: r.volumeM3 ?? null,
      lot: r.lot ?? 1,
      kind: r.kind,
      peoplePerUnit: r.peoplePerUnit ?? 1,
      importance: r.importance ?? 1,
    })),
    depots: settled.map((d) => ({
      ...site(d),
      stock: { ...d.stock },
      arrivals: d.arrivals ?? [],
      handlingTonnes: d.handlingTonnes ?? null,
    })),
    hubs: (scenario.hubs ?? []).map((h) => ({
      ...site(h),
      handlingTonnes: h.handlingTonnes ?? null,
      storageTonnes: h.storageTonnes ?? 0,
    })),
    regions: scenario.regions.map((r) => ({
      ...site(r),
      people: r.people ?? null,
      priority: r.priority ?? 1,
      demand: Object.fromEntries(
        Object.entries(r.demand).map(([id, d]) => [id, due(d, kinds.get(id) === 'durable', periods.count)]),
      ),
      floor: r.floor ?? 0,
      storageTonnes: r.storageTonnes ?? 0,
    })),
    routes: scenario.routes.map((r) => ({
      from: r.from,
      to: r.to,
      mode: r.mode,
      km: r.km ?? estimate(places.get(r.from), places.get(r.to), r.mode),
      leadPeriods: r.leadPeriods ?? 0,
      capacityTonnes: r.capacityTonnes ?? null,
      costPerTonne: r.costPerTonne ?? 0,
      closed: [...(r.closed ?? [])],
    })),
    fleets: (scenario.fleets ?? []).map((f) => ({
      mode: f.mode,
      factors: f.tonneKm !== undefined ? [f.tonneKm] : [f.vehicles ?? 0, f.payloadTonnes ?? 0, f.kmPerPeriod ?? 0],
    })),
    budget: budget ? { amount: budget.amount, currency: budget.currency ?? null } : null,
    policy: { name: policy.name, stages: policy.stages.map(completeStage) },
    after,
    response,
  };
}

function site(s: { id: string; name?: string; at?: [number, number] }): Site {
  return { id: s.id, name: s.name ?? s.id, at: s.at ? [...s.at] : null };
}

/** Units falling due in each of `count` periods. */
function due(demand: number | readonly number[], durable: boolean, count: number): readonly number[] {
  if (typeof demand === 'object') return demand;
  const list = new Array<number>(count).fill(durable ? 0 : demand);
  list[0] = demand;
  return list;
}

function estimate(from: [number, number] | undefined, to: [number, number] | undefined, mode: string): number {
  return from && to ? routeKm(from, to, mode) : 0;
}
