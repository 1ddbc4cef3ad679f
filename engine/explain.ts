/**
 * Why so little? The constraints that bind on the way to a region, with their prices from the proof in plain units.
 *
 * A price is what one more unit of the constraint is worth to the stage at the margin (linear programming duality);
 * where plans tie, other prices prove the same bound. Nothing here re-solves, and the text says so.
 */
import { complete, type Scenario } from '../scenarios/index.js';
import { compileNetwork, type Network } from './network.js';
import { compilePolicy } from './policy.js';
import type { Grid, Prices } from './proof/bound.js';
import { readPrices } from './proof/certificate.js';
import { toNumber } from './proof/exact.js';
import type { Plan } from './proof/values.js';
import { readPlan } from './shipments.js';
import type { Allocation, Coverage } from './types.js';

export interface Binding {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget';
  /** The constraint in words. */
  what: string;
  period: number | null;
  used: number;
  limit: number;
  unit: string;
  /** Points of the stage that one more `per` is worth. */
  price: number;
  per: string;
}

export interface Explanation {
  stage: string;
  /** What a point is: weight × people-periods × utility for `need`, and so on. */
  points: string;
  region: string | null;
  coverage: Coverage[];
  /** Largest saving potential first: price × limit. */
  bindings: Binding[];
  /** Plain sentences for people. */
  sentences: string[];
}

export interface ExplainQuery {
  region?: string;
  resource?: string;
}

/** Explains an allocation, or one region of it. Throws a RangeError that names what the scenario does not have. */
export function explain(allocation: Allocation, scenario: Scenario, query: ExplainQuery = {}): Explanation {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(allocation.policy.name === 'custom' ? allocation.policy.stages : allocation.policy.name);
  const find = (list: { id: string }[], id: string | undefined, what: string) => {
    const n = list.findIndex((x) => x.id === id);
    if (id !== undefined && n < 0)
      throw new RangeError(
        `the scenario has no ${what} '${id}'; it has ${list
          .map((x) => x.id)
          .slice(0, 40)
          .join(', ')}`,
      );
    return n;
  };
  const j = find(network.scenario.regions, query.region, 'region');
  const k = find(network.scenario.resources, query.resource, 'resource');

  const s = Math.max(
    0,
    policy.stages.findIndex((stage) => stage.stage === 'need'),
  );
  const { prices, faults } = readPrices(network, policy, s, allocation.certificate.stages[s]!);
  if (faults.length) throw new RangeError(`the certificate cannot be read: ${faults[0]}`);
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const reach = j < 0 ? null : upstream(network, j);
  const bindings = listBindings(network, plan, prices, k, reach).sort((a, b) => b.price * b.limit - a.price * a.limit);
  const coverage = allocation.coverage.filter(
    (c) => (j < 0 || c.region === query.region) && (k < 0 || c.resource === query.resource),
  );
  const stage = policy.stages[s]!.stage;
  return {
    stage,
    points: stage === 'need' ? 'weighted people-periods' : `the value of stage '${stage}'`,
    region: query.region ?? null,
    coverage,
    bindings,
    sentences: sentences(network, coverage, bindings, reach, k),
  };
}

/** Nodes from which goods can reach region j, by any chain. */
function upstream(network: Network, j: number): Set<number> {
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

function listBindings(
  network: Network,
  plan: Plan,
  prices: Prices,
  only: number,
  reach: Set<number> | null,
): Binding[] {
  const { D, T, K, arcs, approx, scenario, sites, supply } = network;
  const price = (block: Grid, row: number) => toNumber({ units: BigInt(block.units[row]!), scale: block.scale });
  const near = (node: number) => reach === null || reach.has(node);
  const tonnes = (a: number) => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += plan.ship[a * K + k]! * approx.weight[k]!;
    return sum;
  };
  const list: Binding[] = [];
  const add = (binding: Binding) => {
    if (binding.price > 0) list.push(binding);
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
    const what = `route ${from} → ${to} by ${mode}`;
    add({
      kind: 'route',
      what,
      period: arcs.depart[a]!,
      used: load,
      limit: approx.capacity[r]!,
      unit: 't',
      price: price(prices.route, a),
      per: 't',
    });
  }
  for (let node = 0; node < sites.length * T; node++) {
    const s = Math.floor(node / T);
    if (!near(node)) continue;
    const common = { period: node % T, unit: 't', per: 't' };
    const handling = { used: handled[node]!, limit: approx.handling[s]!, price: price(prices.handling, node) };
    add({ kind: 'handling', what: `handling at ${sites[s]}`, ...common, ...handling });
    add({
      kind: 'storage',
      what: `storage at ${sites[s]}`,
      ...common,
      used: approx.storage[s]!,
      limit: approx.storage[s]!,
      price: price(prices.storage, node),
    });
    if (s >= D) continue;
    for (let k = 0; k < K; k++) {
      const lots = supply[node * K + k]!;
      if (lots === 0 || (only >= 0 && k !== only)) continue;
      const { id, unit } = scenario.resources[k]!;
      const lot = scenario.resources[k]!.lot;
      add({
        kind: 'stock',
        what: `stock of ${id} at ${sites[s]}`,
        period: node % T,
        used: lots * lot,
        limit: lots * lot,
        unit,
        price: price(prices.goods, node * K + k) / lot,
        per: unit,
      });
    }
  }
  driven.forEach((used, row) => {
    const f = Math.floor(row / T);
    const { mode } = scenario.fleets[f]!;
    if (reach && !arcsInto(network, reach).some((a) => arcs.fleet[a] === f && arcs.depart[a] === row % T)) return;
    const each = price(prices.fleet, row);
    add({
      kind: 'fleet',
      what: `fleet ${mode}`,
      period: row % T,
      used,
      limit: approx.fleet[f]!,
      unit: 'tonne-km',
      price: each,
      per: 'tonne-km',
    });
  });
  const { budget } = scenario;
  if (budget)
    add({
      kind: 'budget',
      what: 'budget',
      period: null,
      used: spent,
      limit: budget.amount,
      unit: budget.currency ?? 'money',
      price: price(prices.budget, 0) * 1000,
      per: `1,000 ${budget.currency ?? 'units of currency'}`,
    });
  return list;
}

const arcsInto = ({ arcs }: Network, reach: Set<number>): number[] =>
  Array.from({ length: arcs.count }, (_, a) => a).filter((a) => reach.has(arcs.to[a]!));

const show = (x: number): string => x.toLocaleString('en-US', { maximumSignificantDigits: 4 });

function sentences(
  network: Network,
  coverage: Coverage[],
  bindings: Binding[],
  reach: Set<number> | null,
  only: number,
): string[] {
  const list: string[] = [];
  for (const c of coverage
    .filter((x) => x.ratio < 1)
    .sort((a, b) => a.ratio - b.ratio)
    .slice(0, 10)) {
    const missing = c.peoplePeriodsNeeded - c.peoplePeriodsMet;
    list.push(
      `${c.region} gets ${show(100 * c.ratio)} % of its need of ${c.resource} over the horizon; ${show(missing)} people-periods stay unmet.`,
    );
  }
  if (coverage.length && coverage.every((c) => c.ratio >= 1)) list.push('Everything that is needed here is met.');
  if (reach) {
    const { D, T, K, supply, scenario } = network;
    scenario.resources.forEach((resource, k) => {
      if ((only >= 0 && only !== k) || !coverage.some((c) => c.resource === resource.id)) return;
      const some = [...reach].some((node) => node < D * T && supply[node * K + k]! > 0);
      if (!some) list.push(`No stock of ${resource.id} can reach this region within the horizon, by any route.`);
    });
  }
  for (const b of bindings.slice(0, 10)) {
    const when = b.period === null ? '' : ` in period ${b.period}`;
    list.push(
      `${b.what}${when} binds (${show(b.used)} of ${show(b.limit)} ${b.unit}): one more ${b.per} is worth ${show(b.price)} points at the margin.`,
    );
  }
  if (bindings.length)
    list.push('Prices are those of the proof and hold at the margin; they were not confirmed by solving again.');
  return list;
}
