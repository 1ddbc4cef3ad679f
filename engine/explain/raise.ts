/** One limit raised by so many natural units: in words, and as a patch of the scenario. */
import { escapePointer, mapPeriods, type Operation, type Scenario } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import { decimal, plus, times, toNumber } from '../proof/exact.js';
import { fleetUnit } from './bindings.js';
import { english } from './english.js';
import { six } from './gains.js';
import type { ChangeSaid, ExplanationSaid } from './said.js';

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
  said: ChangeSaid;
  patch: Operation[];
}

/** A change in parts, with its words. */
export const worded = (limit: ExplanationSaid | null, what: ExplanationSaid): Omit<Raised, 'patch'> => ({
  ...{ limit: limit ? english(limit) : '', what: english(what), said: { limit, what } },
});

/** `scenario` is that of the network, or one with other limits. */
export function raise(network: Network, scenario: Scenario, { kind, n, k = 0, t = 0, amount }: Raise): Raised {
  if (kind === 'stock') return stock(network, scenario, { n, k, t, amount });
  if (kind === 'route') {
    const { from, to, mode, capacityTonnes = 0 } = scenario.routes[n]!;
    const value = sum(capacityTonnes, amount);
    return {
      ...worded({ say: 'limit.route', from, to, mode }, { say: 'more.route', amount: six(amount), from, to, mode }),
      patch: [{ op: 'replace', path: `/routes/${n}/capacityTonnes`, value }],
    };
  }
  if (kind === 'budget')
    return {
      ...worded(
        { say: 'limit.budget' },
        { say: 'more.budget', amount: six(1000 * amount), unit: scenario.budget?.currency ?? 'money' },
      ),
      patch: [{ op: 'replace', path: '/budget/amount', value: sum(scenario.budget?.amount ?? 0, 1000, amount) }],
    };
  if (kind === 'fleet') {
    const { mode, vehicles = 0, tonneKm = 0 } = scenario.fleets![n]!;
    const { tonneKm: each, vehicle } = fleetUnit(network, n);
    const limit: ExplanationSaid = { say: 'limit.fleet', mode };
    return vehicle
      ? {
          ...worded(limit, { say: 'more.vehicles', n: six(amount), mode, amount: six(each) }),
          patch: [{ op: 'replace', path: `/fleets/${n}/vehicles`, value: mapPeriods(vehicles, (v) => sum(v, amount)) }],
        }
      : {
          ...worded(limit, { say: 'more.tonneKm', amount: six(sum(0, each, amount)), mode }),
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
    ...worded({ say: `limit.${kind}`, site: sites[n]! }, { say: `more.${kind}`, amount: six(amount), site: sites[n]! }),
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
  // a tonne of tonnes needs no second number
  const weighed = tonnes > 0 && !/^(t|tonnes?)$/.test(unit);
  const goods = { amount: six(more), unit, resource: id, site: depot.id };
  const limit: ExplanationSaid = { say: 'limit.stock', resource: id, site: depot.id };
  const what: ExplanationSaid = weighed
    ? { say: 'more.tonnes', tonnes: six(tonnes), ...goods }
    : { say: 'more.stock', ...goods };
  const arrival = t > 0 ? (depot.arrivals ?? []).findIndex((a) => a.period === t && a.resource === id) : -1;
  if (arrival >= 0) {
    const value = sum(depot.arrivals![arrival]!.quantity, lot, amount);
    const path = `/depots/${n}/arrivals/${arrival}/quantity`;
    return { ...worded(limit, { say: 'in.period', what, period: t }), patch: [{ op: 'replace', path, value }] };
  }
  if (depot.stock === undefined)
    return { ...worded(limit, what), patch: [{ op: 'add', path: `/depots/${n}/stock`, value: { [id]: more } }] };
  const path = `/depots/${n}/stock/${escapePointer(id)}`;
  const there = depot.stock[id];
  const patch: Operation[] = [
    { op: there === undefined ? 'add' : 'replace', path, value: sum(there ?? 0, lot, amount) },
  ];
  return { ...worded(limit, what), patch };
}
