/** The network by lists and definitions, with no thought of size: what the compact compile has to equal. */
import type { Network } from '../../engine/network.js';
import { type Decimal, decimal, type Fixed, fixed, times, toNumber } from '../../engine/proof/exact.js';
import { type CompleteScenario, countLots } from '../../scenarios/index.js';

type Sites = Pick<Network, 'T' | 'K' | 'D' | 'H' | 'R' | 'S'>;
interface Arc {
  route: number;
  depart: number;
  from: number;
  to: number;
  fleet: number;
}

/** All of a network but the scenario; typed arrays only where the network has them. */
export function naiveNetwork(scenario: CompleteScenario): Omit<Network, 'scenario'> {
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

  const supply = new Float64Array(D * T * K);
  depots.forEach((depot, s) => {
    for (const [id, q] of Object.entries(depot.stock)) supply[s * T * K + number(id)]! += lots(q, number(id));
    for (const a of depot.arrivals)
      supply[(s * T + a.period) * K + number(a.resource)]! += lots(a.quantity, number(a.resource));
  });
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
    for (let t = 0; t + r.leadPeriods < T; t++)
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
    upper: naiveUpper(scenario, size, arcs, supply, need, approx),
  };
}

function naiveExact(s: CompleteScenario): Network['exact'] {
  const optional = (value: number | null) => (value === null ? null : decimal(value));
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
    handling: [...[...s.depots, ...s.hubs].map((x) => optional(x.handlingTonnes)), ...s.regions.map(() => null)],
    storage: [...s.depots.map(() => null), ...[...s.hubs, ...s.regions].map((x) => decimal(x.storageTonnes))],
    fleet: s.fleets.map((f) => f.factors.map(decimal).reduce(times)),
    budget: s.budget ? decimal(s.budget.amount) : null,
    floor: fixed(s.regions.map((j) => decimal(j.floor))),
  };
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
    behind[(s * T + t) * K + k] = durable(k) ? total(need, k, T - 1, T - 1) : total(need, k, t, T - 1);
  });
  for (let t = 0; t < T; t++)
    for (let round = 0; round < 3; round++)
      for (let node = t; node < S * T; node += T)
        for (let k = 0; k < K; k++) {
          const s = Math.floor(node / T);
          let sum = (s < D ? supply[node * K + k]! : 0) + (keeps(s) && t > 0 ? reach[(node - 1) * K + k]! : 0);
          for (const arc of arcs)
            if (arc.to === node) sum += Math.min(reach[arc.from * K + k]!, fits(approx.capacity[arc.route]!, k));
          reach[node * K + k] = Math.min(reach[node * K + k]!, sum);
        }
  for (let t = T - 1; t >= 0; t--) {
    for (let j = 0; j < R; j++)
      for (let k = 0; k < K; k++) {
        const good = ((hub + j) * T + t) * K + k;
        const now = need[(j * T + t) * K + k]!;
        const later = t + 1 < T && keeps(hub + j) ? behind[good + K]! : 0;
        behind[good] = durable(k) ? Math.max(now, later) : now + later;
      }
    for (let round = 0; round < 3; round++)
      for (let node = (hub - 1) * T + t; node >= 0; node -= T)
        for (let k = 0; k < K; k++) {
          let sum = keeps(Math.floor(node / T)) && t + 1 < T ? behind[(node + 1) * K + k]! : 0;
          for (const arc of arcs) if (arc.from === node) sum += behind[arc.to * K + k]!;
          behind[node * K + k] = Math.min(behind[node * K + k]!, sum);
        }
  }

  const ship = Float64Array.from({ length: arcs.length * K }, (_, i) => {
    const arc = arcs[Math.floor(i / K)]!;
    const k = i % K;
    return Math.min(reach[arc.from * K + k]!, behind[arc.to * K + k]!, fits(approx.capacity[arc.route]!, k));
  });
  const store = new Float64Array(S * T * K);
  const met = new Float64Array(R * T * K);
  every((s, t, k) => {
    const good = (s * T + t) * K + k;
    if (t + 1 < T && keeps(s))
      store[good] = Math.min(reach[good]!, behind[good + K]!, s < D ? Infinity : fits(approx.storage[s]!, k));
    if (s < hub) return;
    let arrived = reach[good]!;
    if (durable(k) && !keeps(s)) for (let u = 0; u < t; u++) arrived += reach[(s * T + u) * K + k]!;
    met[((s - hub) * T + t) * K + k] = Math.min(need[((s - hub) * T + t) * K + k]!, arrived);
  });
  return { ship, store, met };
}

const plus = (a: number, b: number): number => a + b;
