/** Direct problems out of the reference family, cut and bent, and their plans counted without the engine's arithmetic. */
import { compileNetwork } from '../../engine/network.js';
import { compilePolicy } from '../../engine/policy.js';
import { buildDirect, type Direct, declineDirect } from '../../engine/solve/direct/form.js';
import { complete, mapPeriods, mustReadScenario, type Scenario } from '../../scenarios/index.js';
import { randomScenario } from './random.js';

/** The first stage laid out; throws what `declineDirect` has against it. The scenario is checked as a file would be. */
export function layDirect(scenario: Scenario, threads = 1): Direct {
  mustReadScenario(JSON.stringify(scenario));
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(scenario.policy);
  const against = declineDirect(network, policy, 0);
  if (against) throw new Error(`${scenario.id}: ${against}`);
  return buildDirect(network, policy, 0, threads);
}

/** A copy with something changed; the name tells tests apart. */
export function bent(scenario: Scenario, name: string, edit: (copy: Scenario) => void): Scenario {
  const copy = structuredClone(scenario);
  copy.id = `${scenario.id}-${name}`;
  edit(copy);
  return copy;
}

/** Numbers with four decimals, as the family's lots are 0.0001. */
export const rounded = (x: number) => Number(x.toFixed(4));

/** Only the first period; everything that arrives later is there at once. */
export const oneDay = (scenario: Scenario) =>
  bent(scenario, 'day', (s) => {
    s.periods.count = 1;
    for (const depot of s.depots) {
      depot.stock ??= {};
      for (const { resource, quantity } of depot.arrivals ?? [])
        depot.stock[resource] = rounded((depot.stock[resource] ?? 0) + quantity / 10);
      delete depot.arrivals;
    }
    for (const { demand } of s.regions)
      for (const [id, due] of Object.entries(demand)) demand[id] = typeof due === 'number' ? due : due[0]!;
    for (const route of s.routes) {
      delete route.leadPeriods;
      delete route.closed;
    }
  });

/** Fleets, budget and handling times a factor. */
export const scarcer = (scenario: Scenario, factor: number) =>
  bent(scenario, `x${factor}`, (s) => {
    for (const fleet of s.fleets ?? [])
      fleet.tonneKm = mapPeriods(fleet.tonneKm ?? 0, (limit) => rounded(limit * factor));
    if (s.budget) s.budget.amount = rounded(s.budget.amount * factor);
    for (const depot of s.depots)
      depot.handlingTonnes = mapPeriods(depot.handlingTonnes ?? 0, (limit) => rounded(limit * factor));
  });

/** Only the first so many resources. */
export const fewerGoods = (scenario: Scenario, count: number) =>
  bent(scenario, `${count}-goods`, (s) => {
    s.resources = s.resources.slice(0, count);
    const kept = new Set(s.resources.map((r) => r.id));
    for (const depot of s.depots) {
      depot.stock = Object.fromEntries(Object.entries(depot.stock ?? {}).filter(([id]) => kept.has(id)));
      depot.arrivals = (depot.arrivals ?? []).filter((a) => kept.has(a.resource));
    }
    for (const region of s.regions)
      region.demand = Object.fromEntries(Object.entries(region.demand).filter(([id]) => kept.has(id)));
  });

export const withoutFleets = (s: Scenario) => bent(s, 'no-fleets', (c) => delete c.fleets);
export const withoutBudget = (s: Scenario) => bent(s, 'no-budget', (c) => delete c.budget);
export const withoutHandling = (s: Scenario) =>
  bent(s, 'no-handling', (c) => {
    for (const depot of c.depots) delete depot.handlingTonnes;
  });
/** Every third route closed in some period, every fourth a period or two longer on the way. */
export const withClosures = (s: Scenario) =>
  bent(s, 'closed', (c) =>
    c.routes.forEach((route, n) => {
      if (n % 3 === 0) route.closed = [n % c.periods.count];
      if (n % 4 === 0) route.leadPeriods = Math.min(1 + (n % 2), c.periods.count - 1);
    }),
  );

const BANDS = [
  { upTo: 0.35, value: 4.5 },
  { upTo: 0.8, value: 1.25 },
  { upTo: 1, value: 0.1 },
];

/** A random scenario of every feature, without what the direct solver declines. */
export function randomDirect(seed: number): Scenario {
  return bent(randomScenario(seed), 'direct', (s) => {
    const regions = new Set(s.regions.map((r) => r.id));
    const depots = new Set(s.depots.map((d) => d.id));
    delete s.hubs;
    s.routes = s.routes.filter((r) => depots.has(r.from) && regions.has(r.to));
    s.fleets = (s.fleets ?? []).filter((f) => s.routes.some((r) => r.mode === f.mode));
    for (const fleet of s.fleets) {
      fleet.tonneKm ??= mapPeriods(fleet.vehicles ?? 0, (count) =>
        Math.round(count * (fleet.payloadTonnes ?? 0) * (fleet.kmPerPeriod ?? 0)),
      );
      delete fleet.vehicles;
      delete fleet.payloadTonnes;
      delete fleet.kmPerPeriod;
    }
    for (const resource of s.resources) {
      resource.kind = 'consumable';
      resource.weightKg ||= 2;
    }
    for (const region of s.regions) delete region.storageTonnes;
    s.policy = [{ stage: 'need', bands: BANDS, costWeight: seed % 3 === 0 ? 0.02 : 0 }];
  });
}

/** One flow of the plan kept as the best. */
interface Flow {
  route: Scenario['routes'][number];
  resource: string;
  depart: number;
  tonnes: number;
}

/** The best plan, read back through the arcs of the network. */
export function planOf({ layout, network, arcs }: Direct, scenario: Scenario): Flow[] {
  const best = layout.floats('best', layout.arcs * layout.lanes);
  const flows: Flow[] = [];
  arcs.forEach((a, position) => {
    scenario.resources.forEach(({ id }, k) => {
      const tonnes = best[position * layout.lanes + k]!;
      if (tonnes === 0) return;
      const route = scenario.routes[network.arcs.route[a]!]!;
      flows.push({ route, resource: id, depart: network.arcs.depart[a]!, tonnes });
    });
  });
  return flows;
}

/**
 * Largest excess over any limit of the scenario, relative to the limit, and the name of the limit. Nothing of the network is used:
 * flows are summed up by name from the file's own fields.
 */
export function worstExcess(scenario: Scenario, flows: Flow[]): { excess: number; limit: string } {
  const used = new Map<string, number>();
  const add = (key: string, amount: number) => used.set(key, (used.get(key) ?? 0) + amount);
  const T = scenario.periods.count;
  let worst = { excess: -1, limit: 'none' };
  const compare = (key: string, limit: number | undefined) => {
    const amount = used.get(key) ?? 0;
    if (limit === undefined) return;
    const excess = amount <= limit ? 0 : limit > 0 ? amount / limit - 1 : Infinity;
    if (excess > worst.excess) worst = { excess, limit: `${key}: ${amount} of ${limit}` };
  };
  const fault = (what: string) => {
    worst = { excess: Infinity, limit: what };
  };
  for (const { route, resource, depart, tonnes } of flows) {
    const arrive = depart + (route.leadPeriods ?? 0);
    const name = `${route.from} → ${route.to} by ${route.mode} in ${depart}`;
    if (!(tonnes >= 0 && tonnes < Infinity)) fault(`${name}: ${tonnes} t`);
    if (arrive >= T) fault(`${name} arrives in ${arrive}`);
    if (route.closed?.includes(depart)) fault(`${name} is closed`);
    // what leaves by t is what leaves in t or before
    for (let t = depart; t < T; t++) add(`goods ${route.from} ${resource} ${t}`, tonnes);
    add(`need ${route.to} ${resource} ${arrive}`, tonnes);
    add(`route ${scenario.routes.indexOf(route)} ${depart}`, tonnes);
    add(`handling ${route.from} ${depart}`, tonnes);
    add(`fleet ${route.mode} ${depart}`, tonnes * (route.km ?? 0));
    add('budget', tonnes * (route.costPerTonne ?? 0));
  }
  const weight = new Map(scenario.resources.map((r) => [r.id, r.weightKg / 1000]));
  for (let t = 0; t < T; t++) {
    for (const depot of scenario.depots) {
      compare(`handling ${depot.id} ${t}`, inPeriod(depot.handlingTonnes, t));
      for (const { id } of scenario.resources) {
        let there = depot.stock?.[id] ?? 0;
        for (const a of depot.arrivals ?? []) if (a.resource === id && a.period <= t) there += a.quantity;
        compare(`goods ${depot.id} ${id} ${t}`, there * weight.get(id)!);
      }
    }
    for (const region of scenario.regions)
      for (const { id } of scenario.resources) {
        const due = region.demand[id] ?? 0;
        compare(`need ${region.id} ${id} ${t}`, (typeof due === 'number' ? due : due[t]!) * weight.get(id)!);
      }
    scenario.routes.forEach((route, n) => {
      compare(`route ${n} ${t}`, route.capacityTonnes);
    });
    for (const fleet of scenario.fleets ?? []) compare(`fleet ${fleet.mode} ${t}`, inPeriod(fleet.tonneKm, t));
  }
  compare('budget', scenario.budget?.amount);
  return worst;
}

/** What the plan is worth on the scenario's first stage, which has explicit bands; counted from the file alone. */
export function worthOf(scenario: Scenario, flows: Flow[]): number {
  const [stage] = scenario.policy as Exclude<Scenario['policy'], string | undefined>;
  if (stage?.stage !== 'need' || typeof stage.bands !== 'object') throw new Error('a need stage with bands is wanted');
  const met = new Map<string, number>();
  let cost = 0;
  for (const { route, resource, depart, tonnes } of flows) {
    const key = `${route.to} ${resource} ${depart + (route.leadPeriods ?? 0)}`;
    met.set(key, (met.get(key) ?? 0) + tonnes);
    cost += tonnes * (route.costPerTonne ?? 0);
  }
  let worth = -(stage.costWeight ?? 0) * cost;
  for (const region of scenario.regions)
    for (const r of scenario.resources)
      for (let t = 0; t < scenario.periods.count; t++) {
        const due = region.demand[r.id] ?? 0;
        const need = typeof due === 'number' ? due : due[t]!;
        const units = (met.get(`${region.id} ${r.id} ${t}`) ?? 0) / (r.weightKg / 1000);
        const point = (region.priority ?? 1) * (r.importance ?? 1) * (r.peoplePerUnit ?? 1);
        let from = 0;
        for (const { upTo, value } of stage.bands) {
          const to = upTo * need;
          if (units > from) worth += point * value * (Math.min(units, to) - from);
          from = to;
        }
      }
  return worth;
}

const inPeriod = (limit: number | number[] | undefined, t: number): number | undefined =>
  typeof limit === 'object' ? limit[t]! : limit;
