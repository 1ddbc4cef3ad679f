/**
 * Small random scenarios that use every feature of MODEL.md: chains over depots and hubs, arrivals, closures, lead
 * times, all kinds of limits, odd lots, both kinds of goods, floors, regions nobody can reach, needs of zero.
 */
import fc from 'fast-check';
import type { PolicyName, Scenario, Stage } from '../../engine/types.js';

/** Draws that every machine repeats from the same seed: xorshift32 (Marsaglia 2003), spread by Knuth's constant. */
function dice(seed: number) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 4294967296;
  };
  for (let i = 0; i < 4; i++) next();
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    chance: (share: number) => next() < share,
    pick: <X>(list: readonly X[]): X => list[int(0, list.length - 1)]!,
    /** A decimal with so many places. */
    amount: (from: number, to: number, places = 0) => Number((from + next() * (to - from)).toFixed(places)),
  };
}

type Dice = ReturnType<typeof dice>;

const LOTS = [1, 0.5, 100, 0.0001, 5, 0.03];
const THIRDS: Stage = { stage: 'need', alpha: 1, bands: 3 };
const EXPLICIT: Stage = {
  stage: 'need',
  bands: [
    { upTo: 0.35, value: 4.5 },
    { upTo: 0.8, value: 1.25 },
    { upTo: 1, value: 0.1 },
  ],
};
/** Needs above two thirds are worth nothing here. */
const PARTIAL: Stage = { stage: 'need', bands: [{ upTo: 0.66, value: 2 }], costWeight: 0.02 };

/** Policies by name and by stages; `leximin` has tests of its own, as its levels have values of their own. */
const POLICIES: readonly (PolicyName | Stage[] | undefined)[] = [
  undefined,
  'efficient',
  'balanced',
  'proportional',
  [{ stage: 'floor' }, { stage: 'maxmin' }, { stage: 'need', alpha: 0.5, bands: 4 }, { stage: 'cost' }],
  [{ stage: 'maxmin' }, { stage: 'cost' }],
  [{ stage: 'maxmin' }, { stage: 'floor' }, THIRDS],
  [THIRDS, { stage: 'cost' }],
  [EXPLICIT],
  [{ stage: 'floor', tolerance: 0.001 }, EXPLICIT, { stage: 'cost' }],
  [PARTIAL, { stage: 'need', alpha: 1.3, bands: 7 }],
  [{ stage: 'need', alpha: 0, costWeight: 0.5 }],
  [{ stage: 'cost' }, { stage: 'need' }],
];

export interface Wishes {
  /** Instead of a random one. */
  policy?: PolicyName | Stage[];
  /** Draw only from policies without `maxmin`, which javascript-lp-solver does not get. */
  withoutMaxmin?: boolean;
}

/** The same scenario for the same seed. */
export function randomScenario(seed: number, wishes: Wishes = {}): Scenario {
  const d = dice(seed);
  const T = d.int(1, 4);
  const resources = list(d.int(1, 3), (k) => randomResource(d, k));
  const depots = list(d.int(1, 3), (i) => randomDepot(d, i, T, resources));
  const hubs = list(d.int(0, 2), (h) => ({
    id: `hub${h}`,
    ...(d.chance(0.4) ? { handlingTonnes: d.amount(0, 30, 1) } : {}),
    ...(d.chance(0.5) ? { storageTonnes: d.amount(0, 12, 2) } : {}),
  }));
  const regions = list(d.int(1, 4), (j) => randomRegion(d, j, T, resources));
  const routes = randomRoutes(d, T, ids(depots), ids(hubs), ids(regions));
  const modes = [...new Set(routes.map((r) => r.mode))];
  const policies = POLICIES.filter(
    (p) => !wishes.withoutMaxmin || typeof p !== 'object' || p.every((s) => s.stage !== 'maxmin'),
  );
  const drawn = d.pick(policies);
  const policy = wishes.policy ?? drawn;
  return {
    evenhand: 1,
    id: `random-${seed}`,
    periods: { count: T },
    resources,
    depots,
    ...(hubs.length || d.chance(0.5) ? { hubs } : {}),
    regions,
    routes,
    fleets: modes.filter(() => d.chance(0.5)).map((mode) => randomFleet(d, mode)),
    ...(d.chance(0.4) ? { budget: { amount: d.amount(0, 4000, 2), currency: 'USD' } } : {}),
    ...(policy ? { policy } : {}),
  };
}

/** Random scenarios; every failing one names its seed in its id. */
export const arbitraryScenario = (wishes: Wishes = {}) =>
  fc.nat({ max: 0x7fffffff }).map((seed) => randomScenario(seed, wishes));

type Resource = Scenario['resources'][number];

function randomResource(d: Dice, k: number): Resource {
  const lot = d.pick(LOTS);
  // so that a lot is between grams and a few tonnes, and a need of some dozen units a few tonnes
  const weightKg = d.chance(0.05) ? 0 : d.amount(1, 60, d.int(0, 3));
  return {
    id: `good${k}`,
    unit: 'unit',
    weightKg,
    ...(lot !== 1 || d.chance(0.5) ? { lot } : {}),
    kind: d.pick(['consumable', 'durable']),
    ...(d.chance(0.5) ? { peoplePerUnit: d.pick([0.066667, 2.5, 5, 0.3]) } : {}),
    ...(d.chance(0.6) ? { importance: d.chance(0.05) ? 0 : d.amount(0.2, 9, 2) } : {}),
  };
}

/** So many lots of a resource, as the decimal that stands in a file. */
function quantity(resource: Resource, lots: number): number {
  const lot = resource.lot ?? 1;
  return Number((lots * lot).toFixed(lot < 0.01 ? 4 : lot < 1 ? 2 : 0));
}

/** About so many units, a whole number of lots. */
function about(d: Dice, resource: Resource, units: number): number {
  const lot = resource.lot ?? 1;
  return quantity(resource, Math.round(d.amount(0, 2 * units, 6) / lot));
}

function randomDepot(d: Dice, i: number, T: number, resources: Resource[]): Scenario['depots'][number] {
  const stocked = resources.filter(() => d.chance(0.8));
  const arriving = list(d.int(0, 2), () => d.pick(resources));
  return {
    id: `depot${i}`,
    ...(d.chance(0.9) ? { stock: Object.fromEntries(stocked.map((r) => [r.id, about(d, r, 250)])) } : {}),
    ...(arriving.length
      ? {
          arrivals: arriving.map((r) => ({
            period: d.int(0, T - 1),
            resource: r.id,
            quantity: about(d, r, 120),
            donor: 'twin-city',
          })),
        }
      : {}),
    ...(d.chance(0.4) ? { handlingTonnes: d.amount(0, 25, 2) } : {}),
  };
}

function randomRegion(d: Dice, j: number, T: number, resources: Resource[]): Scenario['regions'][number] {
  const demand: Record<string, number | number[]> = {};
  for (const r of resources) {
    if (d.chance(0.15)) continue;
    if (d.chance(0.1)) demand[r.id] = 0;
    else demand[r.id] = d.chance(0.5) ? about(d, r, 120) : list(T, () => (d.chance(0.2) ? 0 : about(d, r, 100)));
  }
  return {
    id: `region${j}`,
    people: 100,
    ...(d.chance(0.7) ? { priority: d.chance(0.05) ? 0 : d.amount(0.5, 2, 2) } : {}),
    demand,
    ...(d.chance(0.6) ? { floor: d.pick([0.3, 0.05, 1, 0.333, 0.5]) } : {}),
    ...(d.chance(0.4) ? { storageTonnes: d.amount(0, 6, 2) } : {}),
  };
}

/** Any chain depot → (depot, hub) → … → region; some regions are left without a route. */
function randomRoutes(d: Dice, T: number, depots: string[], hubs: string[], regions: string[]): Scenario['routes'] {
  const routes: Scenario['routes'] = [];
  const join = (from: string, to: string, share: number) => {
    if (from === to || !d.chance(share)) return;
    for (const mode of d.chance(0.15) ? ['truck', 'air'] : [d.pick(['truck', 'truck', 'boat', 'air'])])
      routes.push({
        from,
        to,
        mode,
        km: d.amount(5, 300, d.int(0, 2)),
        ...(d.chance(0.6) ? { leadPeriods: d.pick([0, 0, 0, 1, 1, 2]) } : {}),
        ...(d.chance(0.5) ? { capacityTonnes: d.amount(0, 12, d.int(0, 3)) } : {}),
        ...(d.chance(0.8) ? { costPerTonne: d.amount(0, 90, d.int(0, 3)) } : {}),
        ...(d.chance(0.3) ? { closed: list(T, (t) => t).filter(() => d.chance(0.35)) } : {}),
      });
  };
  for (const from of depots) {
    for (const to of depots) join(from, to, 0.25);
    for (const to of hubs) join(from, to, 0.7);
    for (const to of regions) join(from, to, 0.45);
  }
  for (const from of hubs) {
    for (const to of hubs) join(from, to, 0.5);
    for (const to of depots) join(from, to, 0.1);
    for (const to of regions) join(from, to, 0.7);
  }
  return routes;
}

function randomFleet(d: Dice, mode: string): NonNullable<Scenario['fleets']>[number] {
  if (d.chance(0.5)) return { mode, tonneKm: d.amount(0, 3000, d.int(0, 2)) };
  return { mode, vehicles: d.int(1, 4), payloadTonnes: d.amount(0.5, 8, 1), kmPerPeriod: d.int(40, 300) };
}

const ids = (sites: { id: string }[]): string[] => sites.map((s) => s.id);

function list<X>(length: number, make: (i: number) => X): X[] {
  return Array.from({ length }, (_, i) => make(i));
}
