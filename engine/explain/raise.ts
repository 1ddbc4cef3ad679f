/** One limit raised by so many natural units: in words, and as a patch of the scenario. */
import { escapePointer, mapPeriods, type Operation, type Scenario } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import { decimal, plus, times, toNumber } from '../proof/exact.js';
import { fleetUnit } from './bindings.js';

export interface Raise {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget';
  /** Number of the depot, route, site, fleet. */
  n: number;
  /** Of stock: resource and period. */
  k?: number;
  t?: number;
  /** Lots of stock, tonnes (a period), vehicles or thousands of tonne-km, thousands of currency. */
  amount: number;
}

/** a + b·n as the decimals that were written. */
export const sum = (a: number, b: number, n = 1): number => toNumber(plus(decimal(a), times(decimal(b), decimal(n))));

export const number = (x: number): string => x.toLocaleString('en-US', { maximumSignificantDigits: 6 });

/** About a tonne in whole lots, at least one. */
export function tonneOfLots(network: Network, k: number): number {
  const weight = network.approx.weight[k]!;
  return weight > 0 ? Math.max(1, Math.round(1 / weight)) : 1;
}

export interface Raised {
  /** The limit: "fleet truck". */
  limit: string;
  /** What is changed: "one more vehicle of fleet truck". */
  what: string;
  patch: Operation[];
}

/** `scenario` is that of the network, or one with other limits. */
export function raise(network: Network, scenario: Scenario, { kind, n, k = 0, t = 0, amount }: Raise): Raised {
  const tonnes = amount === 1 ? 'one tonne' : `${number(amount)} t`;
  if (kind === 'stock') return stock(network, scenario, { n, k, t, amount });
  if (kind === 'route') {
    const { from, to, mode, capacityTonnes = 0 } = scenario.routes[n]!;
    const value = sum(capacityTonnes, amount);
    return {
      limit: `route ${from} → ${to} by ${mode}`,
      what: `${tonnes} a period more on the route ${from} → ${to} by ${mode}`,
      patch: [{ op: 'replace', path: `/routes/${n}/capacityTonnes`, value }],
    };
  }
  if (kind === 'budget')
    return {
      limit: 'budget',
      what: `${number(1000 * amount)} ${scenario.budget?.currency ?? 'units of currency'} more budget`,
      patch: [{ op: 'replace', path: '/budget/amount', value: sum(scenario.budget?.amount ?? 0, 1000, amount) }],
    };
  if (kind === 'fleet') {
    const { mode, vehicles = 0, tonneKm = 0 } = scenario.fleets![n]!;
    const { tonneKm: each, vehicle } = fleetUnit(network, n);
    const count = amount === 1 ? 'one more vehicle' : `${number(amount)} more vehicles`;
    return vehicle
      ? {
          limit: `fleet ${mode}`,
          what: `${count} of fleet ${mode} (${number(each)} tonne-km a period each)`,
          patch: [{ op: 'replace', path: `/fleets/${n}/vehicles`, value: mapPeriods(vehicles, (v) => sum(v, amount)) }],
        }
      : {
          limit: `fleet ${mode}`,
          what: `${number(sum(0, each, amount))} tonne-km a period more for fleet ${mode}`,
          patch: [
            {
              op: 'replace',
              path: `/fleets/${n}/tonneKm`,
              value: mapPeriods(tonneKm, (limit) => sum(limit, each, amount)),
            },
          ],
        };
  }
  const { D, H, sites } = network;
  const [group, i] = n < D ? ['depots', n] : n < D + H ? ['hubs', n - D] : ['regions', n - D - H];
  const site = (n < D ? scenario.depots : n < D + H ? scenario.hubs! : scenario.regions)[i] as {
    handlingTonnes?: number | number[];
    storageTonnes?: number;
  }; // depots have no storage, regions no handling: absent
  const field = kind === 'handling' ? 'handlingTonnes' : 'storageTonnes';
  return {
    limit: `${kind} at ${sites[n]}`,
    what:
      kind === 'handling' ? `${tonnes} a period more handled at ${sites[n]}` : `${tonnes} more stored at ${sites[n]}`,
    patch: [
      {
        op: site[field] === undefined ? 'add' : 'replace',
        path: `/${group}/${i}/${field}`,
        value: mapPeriods(site[field] ?? 0, (limit) => sum(limit, amount)),
      },
    ],
  };
}

function stock(
  network: Network,
  scenario: Scenario,
  { n, k, t, amount }: { n: number; k: number; t: number; amount: number },
): Raised {
  const { id, unit, lot } = network.scenario.resources[k]!;
  const depot = scenario.depots[n]!;
  const more = sum(0, lot, amount);
  const tonnes = amount * network.approx.weight[k]!;
  const counted = `${number(more)} ${unit}`;
  // a tonne of tonnes needs no second number
  const weighed = tonnes > 0 && !/^(t|tonnes?)$/.test(unit);
  const limit = `stock of ${id} at ${depot.id}`;
  const what = `${weighed ? `${number(tonnes)} t` : counted} more of ${id}${weighed ? ` (${counted})` : ''} at ${depot.id}`;
  const arrival = t > 0 ? (depot.arrivals ?? []).findIndex((a) => a.period === t && a.resource === id) : -1;
  if (arrival >= 0) {
    const value = sum(depot.arrivals![arrival]!.quantity, lot, amount);
    const path = `/depots/${n}/arrivals/${arrival}/quantity`;
    return { limit, what: `${what} in period ${t}`, patch: [{ op: 'replace', path, value }] };
  }
  if (depot.stock === undefined)
    return { limit, what, patch: [{ op: 'add', path: `/depots/${n}/stock`, value: { [id]: more } }] };
  const path = `/depots/${n}/stock/${escapePointer(id)}`;
  const there = depot.stock[id];
  const patch: Operation[] = [
    { op: there === undefined ? 'add' : 'replace', path, value: sum(there ?? 0, lot, amount) },
  ];
  return { limit, what, patch };
}
