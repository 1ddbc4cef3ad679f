/** The network by lists and definitions, with no thought of size: what the compact compile has to equal. */
import type { Network } from '../../engine/network.js';
import {
  type Decimal,
  decimal,
  type Fixed,
  fixed,
  plus as sumOf,
  times,
  toNumber,
  trim,
} from '../../engine/proof/exact.js';
import { atPeriod, type CompleteScenario, countLots, type PerPeriod } from '../../scenarios/index.js';

type Sites = Pick<Network, 'T' | 'K' | 'D' | 'H' | 'R' | 'S'>;
interface Arc {
  route: number;
  depart: number;
  from: number;
  to: number;
  fleet: number;
}

/** All of a network but the scenario; typed arrays only where the network has them. */
export function naiveNetwork(
  scenario: CompleteScenario,
): Omit<Network, 'scenario' | 'planned' | 'spent'> & { planned: Float64Array } {
  const { depots, hubs, regions, resources } = scenario;
  const sites = [...depots, ...hubs, ...regions].map((s) => s.id);
  const [T, K, D, H, R] = [scenario.periods.count, resources.length, depots.length, hubs.length, regions.length];
  const size: Sites = { T, K, D, H, R, S: sites.length };
  const lots = (quantity: number, k: number) => {
    const counted = countLots(quantity, resources[k]!.lot);
    if (counted.kind !== 'whole') throw new Error(`${quantity} of ${resources[k]!.id}`);
    return counted.lots;
  };
  const number = (id: string) => resources.findIndex((r) => r.id === id);

  const first = scenario.after?.period ?? 0;
  const supply = new Float64Array(size.S * T * K);
  depots.forEach((depot, s) => {
    for (const [id, q] of Object.entries(depot.stock)) supply[(s * T + first) * K + number(id)]! += lots(q, number(id));
    for (const a of depot.arrivals)
      supply[(s * T + Math.max(first, a.period)) * K + number(a.resource)]! += lots(a.quantity, number(a.resource));
  });
  const put = (site: string, t: number, resource: string, sign: number, quantity: number) => {
    if (t < T) supply[(sites.indexOf(site) * T + t) * K + number(resource)]! += sign * lots(quantity, number(resource));
  };
  const uses = new Set(regions.filter((r) => r.storageTonnes === 0).map((r) => r.id));
  for (const s of scenario.after?.shipped ?? []) {
    put(s.from, first, s.resource, -1, s.quantity);
    put(s.to, uses.has(s.to) ? s.arrived : Math.max(first, s.arrived), s.resource, 1, s.delivered);
  }
  for (const u of scenario.after?.used ?? []) {
    put(u.region, first, u.resource, -1, u.quantity);
    put(u.region, u.period, u.resource, 1, u.quantity);
  }
  const need = new Float64Array(R * T * K);
  regions.forEach((region, j) => {
    for (const [id, due] of Object.entries(region.demand))
      due.forEach((_, t) => {
        const k = number(id);
        const first = resources[k]!.kind === 'durable' ? 0 : t;
        need[(j * T + t) * K + k] = due.slice(first, t + 1).reduce((sum, q) => sum + lots(q, k), 0);
      });
  });

  const arcs: Arc[] = [];
  scenario.routes.forEach((r, route) => {
    for (let t = first; t + r.leadPeriods < T; t++)
      if (!r.closed.includes(t))
        arcs.push({
          route,
          depart: t,
          from: sites.indexOf(r.from) * T + t,
          to: sites.indexOf(r.to) * T + t + r.leadPeriods,
          fleet: scenario.fleets.findIndex((f) => f.mode === r.mode),
        });
  });
  const exact = naiveExact(scenario);
  const planned = Float64Array.from({ length: arcs.length * K }, (_, i) => {
    const arc = arcs[Math.floor(i / K)]!;
    const { from, to, mode } = scenario.routes[arc.route]!;
    return (scenario.after?.planned ?? [])
      .filter((p) => p.from === from && p.to === to && p.mode === mode && p.depart === arc.depart)
      .filter((p) => p.resource === resources[i % K]!.id)
      .reduce((sum, p) => sum + lots(p.quantity, i % K), 0);
  });
  const approx = naiveApprox(exact);
  const at = (end: 'from' | 'to', node: number) => arcs.flatMap((arc, a) => (arc[end] === node ? [a] : []));
  const [outgoing, incoming] = (['from', 'to'] as const).map((end) => sites.flatMap((_, s) => periods(T, s, end)));
  function periods(count: number, s: number, end: 'from' | 'to') {
    return Array.from({ length: count }, (_, t) => at(end, s * T + t));
  }
  const starts = (lists: number[][]) =>
    Int32Array.from([0, ...lists.map((_, n) => lists.slice(0, n + 1).flat().length)]);
  const column = (key: keyof Arc) => Int32Array.from(arcs, (arc) => arc[key]);
  return {
    ...size,
    first,
    planned,
    sites,
    direct:
      arcs.every(({ from, to }) => from < D * T && to >= (D + H) * T) && regions.every((r) => r.storageTonnes === 0),
    supply,
    need,
    exact,
    approx,
    arcs: {
      count: arcs.length,
      route: column('route'),
      depart: column('depart'),
      from: column('from'),
      to: column('to'),
      fleet: column('fleet'),
      outStart: starts(outgoing!),
      out: Int32Array.from(outgoing!.flat()),
      inStart: starts(incoming!),
      in: Int32Array.from(incoming!.flat()),
    },
    upper: naiveUpper(scenario, size, arcs, supply, need, approx, first, planned),
  };
}

function naiveExact(s: CompleteScenario): Network['exact'] {
  const optional = (value: number | null) => (value === null ? null : decimal(value));
  const each = <V>(value: PerPeriod | null, of: (x: number | null) => V) =>
    Array.from({ length: s.periods.count }, (_, t) => of(value === null ? null : atPeriod(value, t)));
  const lot = s.resources.map((r) => decimal(r.lot));
  const people = s.resources.map((r, k) => times(decimal(r.peoplePerUnit), lot[k]!));
  const worth = s.resources.map((r, k) => times(decimal(r.importance), people[k]!));
  return {
    weight: fixed(s.resources.map((r, k) => times(times(decimal(r.weightKg), lot[k]!), decimal(0.001)))),
    points: fixed(s.regions.flatMap((j) => worth.map((w) => times(decimal(j.priority), w)))),
    people: fixed(people),
    lot,
    km: fixed(s.routes.map((r) => decimal(r.km))),
    costPerTonne: fixed(s.routes.map((r) => decimal(r.costPerTonne))),
    capacity: s.routes.map((r) => optional(r.capacityTonnes)),
    handling: [...s.depots, ...s.hubs, ...s.regions.map(() => ({ handlingTonnes: null }))].flatMap((x) =>
      each(x.handlingTonnes, optional),
    ),
    storage: [...s.depots.map(() => null), ...[...s.hubs, ...s.regions].map((x) => decimal(x.storageTonnes))],
    fleet: s.fleets.flatMap((f) =>
      Array.from({ length: s.periods.count }, (_, t) => f.factors.map((x) => decimal(atPeriod(x, t))).reduce(times)),
    ),
    budget: s.budget ? (s.after ? trim(sumOf(decimal(s.budget.amount), spentIn(s))) : decimal(s.budget.amount)) : null,
    floor: fixed(s.regions.map((j) => decimal(j.floor))),
  };
}

/** Money that was spent before, with a minus. */
function spentIn(s: CompleteScenario): Decimal {
  return s.after!.shipped.reduce((sum, line) => {
    const ways = s.routes.filter((r) => r.from === line.from && r.to === line.to && r.mode === line.mode);
    const way = ways.find((r) => !r.closed.includes(line.depart)) ?? ways[0]!;
    const { weightKg } = s.resources.find((r) => r.id === line.resource)!;
    const kilograms = times(decimal(line.quantity), decimal(weightKg));
    const cost = times(times(kilograms, decimal(0.001)), decimal(way.costPerTonne));
    return sumOf(sum, { units: -cost.units, scale: cost.scale });
  }, decimal(0));
}

function naiveApprox(exact: Network['exact']): Network['approx'] {
  const all = (f: Fixed) => Float64Array.from(f.units, (units) => toNumber({ units, scale: f.scale }));
  const limits = (list: (Decimal | null)[]) => Float64Array.from(list, (d) => (d ? toNumber(d) : Infinity));
  return {
    weight: all(exact.weight),
    points: all(exact.points),
    km: all(exact.km),
    costPerTonne: all(exact.costPerTonne),
    capacity: limits(exact.capacity),
    handling: limits(exact.handling),
    storage: limits(exact.storage),
    fleet: limits(exact.fleet),
    budget: exact.budget ? toNumber(exact.budget) : Infinity,
    floor: all(exact.floor),
  };
}

/** Three rounds over all sites of a period, whether anything changes or not. */
function naiveUpper(
  { resources }: CompleteScenario,
  { T, K, D, H, R, S }: Sites,
  arcs: Arc[],
  supply: Float64Array,
  need: Float64Array,
  approx: Network['approx'],
  first: number,
  planned: Float64Array,
): Network['upper'] {
  const hub = D + H;
  const durable = (k: number) => resources[k]!.kind === 'durable';
  const keeps = (s: number) => s < D || approx.storage[s]! > 0;
  const fits = (tonnes: number, k: number) => {
    const weight = approx.weight[k]!;
    if (tonnes === Infinity || weight === 0) return tonnes === 0 && weight !== 0 ? 0 : Infinity;
    return Math.ceil((tonnes / weight) * (1 + 1e-12));
  };
  const every = (visit: (s: number, t: number, k: number) => void) => {
    for (let s = 0; s < S; s++) for (let t = 0; t < T; t++) for (let k = 0; k < K; k++) visit(s, t, k);
  };
  const total = (list: Float64Array, k: number, t0: number, t1: number) =>
    list.filter((_, i) => i % K === k && Math.floor(i / K) % T >= t0 && Math.floor(i / K) % T <= t1).reduce(plus, 0);

  const reach = new Float64Array(S * T * K);
  const behind = new Float64Array(S * T * K);
  every((s, t, k) => {
    reach[(s * T + t) * K + k] = total(supply, k, 0, t);
    let departing = 0;
    arcs.forEach((arc, a) => {
      if (arc.depart >= t) departing += planned[a * K + k]!;
    });
    behind[(s * T + t) * K + k] = departing + (durable(k) ? total(need, k, T - 1, T - 1) : total(need, k, t, T - 1));
  });
  for (let t = 0; t < T; t++)
    for (let round = 0; round < 3; round++)
      for (let node = t; node < S * T; node += T)
        for (let k = 0; k < K; k++) {
          const s = Math.floor(node / T);
          let sum = supply[node * K + k]! + (keeps(s) && t > first ? reach[(node - 1) * K + k]! : 0);
          for (const arc of arcs)
            if (arc.to === node) sum += Math.min(reach[arc.from * K + k]!, fits(approx.capacity[arc.route]!, k));
          reach[node * K + k] = Math.min(reach[node * K + k]!, sum);
        }
  for (let t = T - 1; t >= 0; t--) {
    for (let j = 0; j < R; j++)
      for (let k = 0; k < K; k++) {
        const good = ((hub + j) * T + t) * K + k;
        const now = need[(j * T + t) * K + k]!;
        const later = t + 1 < T && t >= first && keeps(hub + j) ? behind[good + K]! : 0;
        behind[good] = durable(k) ? Math.max(now, later) : now + later;
      }
    for (let round = 0; round < 3; round++)
      for (let node = (hub - 1) * T + t; node >= 0; node -= T)
        for (let k = 0; k < K; k++) {
          let sum = keeps(Math.floor(node / T)) && t + 1 < T && t >= first ? behind[(node + 1) * K + k]! : 0;
          arcs.forEach((arc, a) => {
            if (arc.from === node) sum += Math.max(behind[arc.to * K + k]!, planned[a * K + k]!);
          });
          behind[node * K + k] = Math.min(behind[node * K + k]!, sum);
        }
  }

  const ship = Float64Array.from({ length: arcs.length * K }, (_, i) => {
    const arc = arcs[Math.floor(i / K)]!;
    const k = i % K;
    const of = Math.max(behind[arc.to * K + k]!, planned[i]!);
    return Math.min(reach[arc.from * K + k]!, of, fits(approx.capacity[arc.route]!, k));
  });
  const store = new Float64Array(S * T * K);
  const met = new Float64Array(R * T * K);
  every((s, t, k) => {
    const good = (s * T + t) * K + k;
    if (t + 1 < T && t >= first && keeps(s))
      store[good] = Math.min(reach[good]!, behind[good + K]!, s < D ? Infinity : fits(approx.storage[s]!, k));
    if (s < hub) return;
    let arrived = reach[good]!;
    if (durable(k))
      for (let u = 0; u < (keeps(s) ? Math.min(first, t) : t); u++) arrived += reach[(s * T + u) * K + k]!;
    met[((s - hub) * T + t) * K + k] = Math.min(need[((s - hub) * T + t) * K + k]!, arrived);
  });
  return { ship, store, met };
}

const plus = (a: number, b: number): number => a + b;
