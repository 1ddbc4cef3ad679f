/** Between a plan in lots by flow and the lists of shipments and uses that people read. */
import type { Network } from './network.js';
import { arrivals, handedOut, lotsOf, quantityOf, useOnArrival, usePast } from './proof/feasible.js';
import type { Plan } from './proof/values.js';
import type { Shipment, Use } from './types.js';

/** Shipments in the order of the network's flows (route, departure, resource), nothing that is zero. */
export function listShipments(network: Network, plan: Plan): Shipment[] {
  const { arcs, K, T, scenario } = network;
  const list: Shipment[] = [];
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      const x = plan.ship[a * K + k]!;
      if (x === 0) continue;
      const route = scenario.routes[arcs.route[a]!]!;
      list.push({
        resource: scenario.resources[k]!.id,
        from: route.from,
        to: route.to,
        mode: route.mode,
        depart: arcs.depart[a]!,
        arrive: arcs.to[a]! % T,
        quantity: quantityOf(network, x, k),
      });
    }
  return list;
}

/** What regions with storage hand out in each period to come; nothing for the others, which use goods as they arrive. */
export function listUses(network: Network, plan: Plan): Use[] {
  const { D, H, R, T, K, first, approx, scenario } = network;
  const list: Use[] = [];
  for (let j = 0; j < R; j++) {
    if (!(approx.storage[D + H + j]! > 0)) continue;
    for (let t = first; t < T; t++)
      for (let k = 0; k < K; k++) {
        const lots = handedOut(network, plan.met, j, t, k);
        if (lots !== 0)
          list.push({
            region: scenario.regions[j]!.id,
            resource: scenario.resources[k]!.id,
            period: t,
            quantity: quantityOf(network, lots, k),
          });
      }
  }
  return list;
}

/** Finds the arc of a shipment, −1 where there is none. Shipments of one route after the other are found fastest. */
function arcFinder({ arcs, scenario, sites }: Network): (s: Shipment) => number {
  const { routes } = scenario;
  const site = new Map(sites.map((id, s) => [id, s]));
  // arcs are route-major: those of route r are first[r] … first[r + 1] − 1
  const first = new Int32Array(routes.length + 1);
  for (let a = 0; a < arcs.count; a++) first[arcs.route[a]! + 1]!++;
  for (let r = 0; r < routes.length; r++) first[r + 1]! += first[r]!;
  // routes between the same places, the last first
  const last = new Map<number, number>();
  const before = new Int32Array(routes.length);
  const pair = (from: number, to: number) => from * sites.length + to;
  routes.forEach((route, r) => {
    const ends = pair(site.get(route.from)!, site.get(route.to)!);
    before[r] = last.get(ends) ?? -1;
    last.set(ends, r);
  });
  let recent: Pick<Shipment, 'from' | 'to'> = { from: '', to: '' };
  let head = -1;
  return (s) => {
    if (s.from !== recent.from || s.to !== recent.to) {
      const [from, to] = [site.get(s.from), site.get(s.to)];
      head = from === undefined || to === undefined ? -1 : (last.get(pair(from, to)) ?? -1);
      recent = { from: s.from, to: s.to };
    }
    for (let r = head; r >= 0; r = before[r]!)
      if (routes[r]!.mode === s.mode)
        for (let a = first[r]!; a < first[r + 1]!; a++) if (arcs.depart[a] === s.depart) return a;
    return -1;
  };
}

/**
 * The plan behind lists of shipments and uses. Faults name the list and place of anything that is not in the
 * network: an unknown or closed route, another arrival, a quantity that is no whole number of lots, a repetition.
 */
export function readPlan(network: Network, shipments: Shipment[], uses: Use[]): { plan: Plan; faults: string[] } {
  const { arcs, D, H, R, T, K, first, approx, scenario } = network;
  const faults: string[] = [];
  const resources = new Map(scenario.resources.map((r, k) => [r.id, k]));
  const regions = new Map(scenario.regions.map((r, j) => [r.id, j]));
  const findArc = arcFinder(network);

  const plan: Plan = { ship: new Float64Array(arcs.count * K), met: new Float64Array(R * T * K) };
  const place = (s: Shipment): string | null => {
    const k = resources.get(s.resource);
    const a = findArc(s);
    if (k === undefined) return `unknown resource '${s.resource}'`;
    if (a < 0) return `no open route ${s.from} → ${s.to} by ${s.mode} departs in period ${s.depart}`;
    if (s.arrive !== arcs.to[a]! % T) return `arrives in ${s.arrive}, the route in ${arcs.to[a]! % T}`;
    return put(plan.ship, a * K + k, s.quantity, k);
  };
  const hand = (u: Use): string | null => {
    const j = regions.get(u.region);
    const k = resources.get(u.resource);
    if (j === undefined || k === undefined) return 'unknown region or resource';
    if (!(approx.storage[D + H + j]! > 0)) return `'${u.region}' has no storage`;
    if (!(Number.isInteger(u.period) && u.period >= 0 && u.period < T)) return `no period ${u.period}`;
    if (u.period < first) return `period ${u.period} is past`;
    return put(plan.met, (j * T + u.period) * K + k, u.quantity, k);
  };
  const put = (into: Float64Array, n: number, quantity: number, k: number): string | null => {
    const lots = lotsOf(network, quantity, k);
    if (!lots) return `${quantity} is not a whole number of lots above zero`;
    if (into[n]) return 'listed before';
    into[n] = lots;
    return null;
  };
  const note = (fault: string | null, list: string, i: number) => {
    if (fault) faults.push(`${list}/${i}: ${fault}`);
  };
  shipments.forEach((s, i) => {
    note(place(s), '/shipments', i);
  });
  uses.forEach((u, i) => {
    note(hand(u), '/use', i);
  });

  usePast(network, plan.met);
  const into = arrivals(network, plan.ship);
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      if (!(approx.storage[D + H + j]! > 0)) useOnArrival(network, into, plan.met, j, k);
      else if (scenario.resources[k]!.kind === 'durable')
        for (let t = Math.max(1, first); t < T; t++)
          plan.met[(j * T + t) * K + k]! += plan.met[(j * T + t - 1) * K + k]!;
    }
  return { plan, faults };
}
