/** The limits that bind, in plain units: how much of each is used, and what one more unit is worth by the prices of the stage that decides. */
import type { Network } from '../network.js';
import { toNumber } from '../proof/exact.js';
import type { Plan } from '../proof/values.js';
import type { PriceOf } from './changes.js';
import { english } from './english.js';
import type { ExplanationSaid } from './said.js';

export interface Binding {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget';
  /** The constraint in words, and in parts; documents of old have words alone. */
  what: string;
  said?: ExplanationSaid;
  period: number | null;
  used: number;
  limit: number;
  unit: string;
  /** Points of the stage that one more `per` is worth: a price, which holds at the margin and where plans tie proves nothing. */
  price: number;
  per: string;
}

/** A binding and where it stands in the network: arc, node, node·K + resource, fleet·T + period or 0. */
export interface Located extends Binding {
  row: number;
  /** How many `unit` one `per` is. */
  each: number;
}

/** What one natural unit of a fleet is: a vehicle, or 1,000 tonne-km a period where the file says no more. */
export function fleetUnit(network: Network, f: number): { tonneKm: number; per: string; vehicle: boolean } {
  const [vehicles, payload, km] = network.scenario.fleets[f]!.factors;
  // only the first can differ from period to period
  if (vehicles !== undefined && typeof payload === 'number' && typeof km === 'number' && payload * km > 0)
    return { tonneKm: payload * km, per: 'vehicle', vehicle: true };
  return { tonneKm: 1000, per: '1,000 tonne-km', vehicle: false };
}

/** Nodes from which goods can reach region j, by any chain. */
export function upstream(network: Network, j: number): Set<number> {
  const { D, H, T, S, arcs, approx } = network;
  const seen = new Set<number>();
  const queue: number[] = [];
  const visit = (node: number) => {
    if (!seen.has(node)) queue.push(node);
    seen.add(node);
  };
  for (let t = 0; t < T; t++) visit((D + H + j) * T + t);
  for (let n = 0; n < queue.length; n++) {
    const node = queue[n]!;
    for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) visit(arcs.from[arcs.in[i]!]!);
    const site = Math.floor(node / T);
    if (node % T > 0 && site < S && (site < D || approx.storage[site]! > 0)) visit(node - 1);
  }
  return seen;
}

/** All with a price, of one resource where `only` is not −1, on the way to what `reach` holds; largest price × limit first. */
export function listBindings(
  network: Network,
  plan: Plan,
  price: PriceOf,
  only: number,
  reach: Set<number> | null,
): Located[] {
  const { D, T, K, arcs, approx, scenario, sites, supply } = network;
  const near = (node: number) => reach === null || reach.has(node);
  const tonnes = (a: number) => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += plan.ship[a * K + k]! * approx.weight[k]!;
    return sum;
  };
  const list: Located[] = [];
  const add = (binding: Omit<Located, 'what' | 'said'> & { said: ExplanationSaid }) => {
    if (binding.price > 0) list.push({ ...binding, what: english(binding.said) });
  };

  const handled = new Float64Array(sites.length * T);
  const driven = new Float64Array(scenario.fleets.length * T);
  let spent = 0;
  for (let a = 0; a < arcs.count; a++) {
    const r = arcs.route[a]!;
    const load = tonnes(a);
    handled[arcs.from[a]!]! += load;
    if (arcs.fleet[a]! >= 0) driven[arcs.fleet[a]! * T + arcs.depart[a]!]! += load * approx.km[r]!;
    spent += load * approx.costPerTonne[r]!;
    if (!near(arcs.to[a]!)) continue;
    const { from, to, mode } = scenario.routes[r]!;
    add({
      kind: 'route',
      said: { say: 'limit.route', from, to, mode },
      row: a,
      each: 1,
      period: arcs.depart[a]!,
      used: load,
      limit: approx.capacity[r]!,
      unit: 't',
      price: price('route', a),
      per: 't',
    });
  }
  for (let node = 0; node < sites.length * T; node++) {
    const s = Math.floor(node / T);
    if (!near(node)) continue;
    const common = { row: node, each: 1, period: node % T, unit: 't', per: 't' };
    const handling = { used: handled[node]!, limit: approx.handling[node]!, price: price('handling', node) };
    add({ kind: 'handling', said: { say: 'limit.handling', site: sites[s]! }, ...common, ...handling });
    add({
      kind: 'storage',
      said: { say: 'limit.storage', site: sites[s]! },
      ...common,
      used: approx.storage[s]!,
      limit: approx.storage[s]!,
      price: price('storage', node),
    });
    if (s >= D) continue;
    for (let k = 0; k < K; k++) {
      const lots = supply[node * K + k]!;
      if (lots === 0 || (only >= 0 && k !== only)) continue;
      const { id, unit } = scenario.resources[k]!;
      const lot = scenario.resources[k]!.lot;
      add({
        kind: 'stock',
        row: node * K + k,
        each: 1,
        said: { say: 'limit.stock', resource: id, site: sites[s]! },
        period: node % T,
        used: lots * lot,
        limit: lots * lot,
        unit,
        price: price('goods', node * K + k) / lot,
        per: unit,
      });
    }
  }
  const driving = new Set<number>();
  for (let a = 0; a < arcs.count; a++)
    if (arcs.fleet[a]! >= 0 && near(arcs.to[a]!)) driving.add(arcs.fleet[a]! * T + arcs.depart[a]!);
  driven.forEach((used, row) => {
    const f = Math.floor(row / T);
    const { mode } = scenario.fleets[f]!;
    if (!driving.has(row)) return;
    const { tonneKm, per } = fleetUnit(network, f);
    add({
      kind: 'fleet',
      row,
      each: tonneKm,
      said: { say: 'limit.fleet', mode },
      period: row % T,
      used,
      limit: approx.fleet[row]!,
      unit: 'tonne-km',
      price: price('fleet', row) * tonneKm,
      per,
    });
  });
  const { budget } = scenario;
  if (budget)
    add({
      kind: 'budget',
      row: 0,
      each: 1000,
      said: { say: 'limit.budget' },
      period: null,
      used: spent + (network.spent ? toNumber(network.spent.cost) : 0),
      limit: budget.amount,
      unit: budget.currency ?? 'money',
      price: price('budget', 0) * 1000,
      per: `1,000 ${budget.currency ?? 'units of currency'}`,
    });
  return list.sort((a, b) => b.price * b.limit - a.price * a.limit);
}
