/**
 * What might help, by the proof's prices: limits raised by one natural unit, stock by a tonne, closed routes opened, a response level
 * that releases depots. The prices only
 * choose what is solved again; what it comes to is what the re-solve says.
 */
import { escapePointer, LEVELS, type Operation, type Scenario } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import type { PriceBlockName } from '../types.js';
import { fleetUnit } from './bindings.js';
import { lockedDepots, siteNumbers } from './locked.js';
import { raise, tonneOfLots, worded } from './raise.js';
import type { ChangeSaid } from './said.js';

export interface Change {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget' | 'opening' | 'release' | 'demand';
  /** The limit that is raised: "fleet truck"; of what opens, the route. */
  limit: string;
  /** Of a list, only so many of one group are solved again: a kind, of stock one resource. */
  group: string;
  /** In words: "one more vehicle of fleet truck". */
  what: string;
  said: ChangeSaid;
  patch: Operation[];
  /** Points that the prices promise; what opens has none, so its best profit a tonne. */
  promised: number;
}

/** What one unit of a row (a lot, a tonne, a tonne-km, a unit of currency) is worth, by block and row. */
export type PriceOf = (block: PriceBlockName, row: number) => number;

/** Best profit of a tonne that departs on a closed route r in period t. */
export type ProfitOf = (r: number, t: number) => number;

export interface Aim {
  /** Nodes from which goods can come to the region asked for; null for all. */
  reach: Set<number> | null;
  /** Resource number, or −1 for all. */
  resource: number;
}

/** All candidates with a promise, the largest first. Limits of one kind hold in every period, so they are raised in every period. */
export function listChanges(
  network: Network,
  scenario: Scenario,
  price: PriceOf,
  profit: ProfitOf,
  aim: Aim,
): Change[] {
  const list = [
    ...stocks(network, scenario, price, aim),
    ...releases(network, price, aim),
    ...routes(network, scenario, price, profit, aim),
    ...sites(network, scenario, price, aim),
    ...fleets(network, scenario, price, aim),
    ...budget(network, scenario, price),
  ].filter((c) => c.promised > 0);
  return list.sort((a, b) => b.promised - a.promised);
}

function stocks(network: Network, scenario: Scenario, price: PriceOf, { reach, resource }: Aim): Change[] {
  const { D, T, K, first, supply } = network;
  const locked = lockedDepots(network);
  const list: Change[] = [];
  for (let s = 0; s < D; s++)
    for (let k = 0; k < K; k++) {
      if (locked.has(s)) continue;
      if (resource >= 0 && k !== resource) continue;
      const lots = tonneOfLots(network, k);
      // where something comes anyway, as early as it does; else in the first period
      let t = first;
      while (t < T && !(supply[(s * T + t) * K + k]! > 0)) t++;
      if (t === T) t = first;
      if (reach && !reach.has(s * T + t)) continue;
      const promised = price('goods', (s * T + t) * K + k) * lots;
      list.push({
        kind: 'stock',
        group: `stock ${k}`,
        ...raise(network, scenario, { kind: 'stock', n: s, k, t, amount: lots }),
        promised,
      });
    }
  return list;
}

/** Higher response levels, each with all the tiers that it releases; a promise as if all of it were there in the first open period. */
function releases(network: Network, price: PriceOf, { reach, resource }: Aim): Change[] {
  const { T, K, first, scenario } = network;
  const tiers = scenario.response?.locked ?? [];
  const number = siteNumbers(network);
  return LEVELS.flatMap((level) => {
    const at = LEVELS.indexOf(level);
    if (!tiers.some(({ from }) => from === level)) return [];
    const released = tiers.filter(({ from }) => from !== null && LEVELS.indexOf(from) <= at);
    let promised = 0;
    for (const depot of released.flatMap(({ depots }) => depots)) {
      const node = number.get(depot)! * T + first;
      if (reach && !reach.has(node)) continue;
      const held = scenario.response!.held[depot]!;
      scenario.resources.forEach(({ id, lot }, k) => {
        if (held[id] && (resource < 0 || k === resource)) promised += (price('goods', node * K + k) * held[id]) / lot;
      });
    }
    const names = released.map(({ tier }) => tier);
    return [
      {
        kind: 'release' as const,
        group: 'release',
        ...worded({ say: 'limit.tiers', names }, { say: 'declaring', level, names }),
        patch: [{ op: 'add' as const, path: '/response/level', value: level }],
        promised,
      },
    ];
  });
}

function routes(network: Network, scenario: Scenario, price: PriceOf, profit: ProfitOf, { reach }: Aim): Change[] {
  const { arcs, T } = network;
  const promised = new Float64Array(scenario.routes.length);
  const near = new Uint8Array(scenario.routes.length);
  for (let a = 0; a < arcs.count; a++) {
    if (reach && !reach.has(arcs.to[a]!)) continue;
    promised[arcs.route[a]!]! += price('route', a);
    near[arcs.route[a]!] = 1;
  }
  const site = new Map(network.sites.map((id, s) => [id, s]));
  const list: Change[] = [];
  scenario.routes.forEach(({ from, to, mode, capacityTonnes, closed = [], leadPeriods = 0 }, r) => {
    if (near[r] && capacityTonnes !== undefined)
      list.push({
        kind: 'route',
        group: 'route',
        ...raise(network, scenario, { kind: 'route', n: r, amount: 1 }),
        promised: promised[r]!,
      });
    // of two routes with the same ends and mode only one can be open
    const other = (t: number) =>
      scenario.routes.some(
        (o, n) => n !== r && o.from === from && o.to === to && o.mode === mode && !o.closed?.includes(t),
      );
    const open = [...new Set(closed)]
      .filter((t) => t >= network.first && t + leadPeriods < T && !other(t))
      .sort((a, b) => a - b);
    const useful = open.filter((t) => !reach || reach.has(site.get(to)! * T + t + leadPeriods));
    if (useful.length === 0) return;
    list.push({
      kind: 'opening',
      group: 'opening',
      ...worded({ say: 'limit.route', from, to, mode }, { say: 'opening', from, to, mode, periods: useful }),
      patch: [{ op: 'replace', path: `/routes/${r}/closed`, value: closed.filter((t) => !useful.includes(t)) }],
      promised: Math.max(...useful.map((t) => profit(r, t))),
    });
  });
  return list;
}

function sites(network: Network, scenario: Scenario, price: PriceOf, { reach }: Aim): Change[] {
  const { S, D, T, approx } = network;
  const list: Change[] = [];
  for (let s = 0; s < S; s++) {
    for (const kind of ['handling', 'storage'] as const) {
      if (!(kind === 'handling' ? approx.handling[s * T]! < Infinity : s >= D)) continue;
      let promised = 0;
      for (let t = 0; t < T; t++) if (!reach || reach.has(s * T + t)) promised += price(kind, s * T + t);
      list.push({
        kind,
        group: kind,
        ...raise(network, scenario, { kind, n: s, amount: 1 }),
        promised,
      });
    }
  }
  return list;
}

function fleets(network: Network, scenario: Scenario, price: PriceOf, { reach }: Aim): Change[] {
  const { arcs, T } = network;
  const rows = new Set<number>();
  for (let a = 0; a < arcs.count; a++)
    if (arcs.fleet[a]! >= 0 && (!reach || reach.has(arcs.to[a]!))) rows.add(arcs.fleet[a]! * T + arcs.depart[a]!);
  return (scenario.fleets ?? []).map((_, f) => {
    const { tonneKm } = fleetUnit(network, f);
    let promised = 0;
    for (let t = 0; t < T; t++) if (rows.has(f * T + t)) promised += price('fleet', f * T + t) * tonneKm;
    return { kind: 'fleet', group: 'fleet', ...raise(network, scenario, { kind: 'fleet', n: f, amount: 1 }), promised };
  });
}

function budget(network: Network, scenario: Scenario, price: PriceOf): Change[] {
  if (!scenario.budget) return [];
  const promised = price('budget', 0) * 1000;
  return [
    { kind: 'budget', group: 'budget', ...raise(network, scenario, { kind: 'budget', n: 0, amount: 1 }), promised },
  ];
}

/** The scenario as if a region needed nothing (of one resource, where it is given): what others then get shows that it competes. */
export function withoutNeeds(scenario: Scenario, region: number, resource: number, id: string): Change {
  const { demand } = scenario.regions[region]!;
  const key = scenario.resources[resource]?.id;
  const all = resource < 0 || key === undefined;
  return {
    kind: 'demand',
    group: 'demand',
    ...worded(null, all ? { say: 'without', region: id } : { say: 'without.resource', region: id, resource: key }),
    patch:
      all || !(key in demand)
        ? [{ op: 'replace', path: `/regions/${region}/demand`, value: {} }]
        : [{ op: 'remove', path: `/regions/${region}/demand/${escapePointer(key)}` }],
    promised: 0,
  };
}
