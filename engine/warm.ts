/**
 * An earlier allocation as a start for a changed scenario: its shipments where they can still travel, its prices where what they
 * price is still there. A start is only a start: whatever is wrong with it costs iterations and never correctness.
 */
import { complete, type Scenario } from '../scenarios/index.js';
import { compileNetwork, type Network } from './network.js';
import { compilePolicy, type Policy } from './policy.js';
import { noPrices, type RoughPrices, readPrices } from './proof/certificate.js';
import { readPlan } from './shipments.js';
import type { Start } from './solve/structured.js';
import type { Allocation, PriceBlockName } from './types.js';

/**
 * The start, or why there is none. `before` is the scenario of the allocation; without it rows of prices are taken to mean the same in
 * both, which holds while sites, periods and resources do; routes then start without prices.
 */
export function warmStart(
  network: Network,
  policy: Policy,
  allocation: Allocation,
  before?: Scenario,
): Start | { why: string } {
  const old = before ? compileNetwork(complete(before)) : network;
  const oldPolicy = compilePolicy(
    allocation.policy.name === 'custom' ? allocation.policy.stages : allocation.policy.name,
  );
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const stages = policy.stages.map((stage, s) => {
    const same = oldPolicy.stages.findIndex((e) => e.stage === stage.stage);
    return { s, same };
  });
  const missing = stages.find(({ same }) => same < 0);
  if (missing) return { why: `the earlier allocation has no stage '${policy.stages[missing.s]!.stage}'` };

  const routes = before ? matchRoutes(network, old) : null;
  const sites = match(network.sites, old.sites);
  const resources = match(
    network.scenario.resources.map((r) => r.id),
    old.scenario.resources.map((r) => r.id),
  );
  const fleets = match(
    network.scenario.fleets.map((f) => f.mode),
    old.scenario.fleets.map((f) => f.mode),
  );
  const prices = stages.map(({ same }) => {
    const certificate = allocation.certificate.stages[same]!;
    const known = { ...certificate, prices: { ...certificate.prices } };
    if (!before) delete known.prices.route;
    const { prices: read, faults } = readPrices(old, oldPolicy, same, known);
    const rough = noPrices(network, policy);
    if (faults.length) return rough;
    const price = (name: PriceBlockName, row: number) => read[name].units[row]! / 10 ** read[name].scale;
    copyPrices(network, old, { sites, resources, fleets, routes }, rough, price);
    return rough;
  });
  return { ship: plan.ship, prices };
}

interface Matches {
  sites: Int32Array;
  resources: Int32Array;
  fleets: Int32Array;
  routes: Int32Array | null;
}

/** Prices of goods, handling, storage, routes, fleets and budget by what they price; the rest is found again at once. */
function copyPrices(
  network: Network,
  old: Network,
  { sites, resources, fleets, routes }: Matches,
  rough: RoughPrices,
  price: (name: PriceBlockName, row: number) => number,
): void {
  const { S, T, K, arcs } = network;
  const periods = Math.min(T, old.T);
  for (let s = 0; s < S; s++) {
    const was = sites[s]!;
    if (was < 0) continue;
    for (let t = 0; t < periods; t++) {
      rough.handling[s * T + t] = price('handling', was * old.T + t);
      rough.storage[s * T + t] = price('storage', was * old.T + t);
      for (let k = 0; k < K; k++)
        if (resources[k]! >= 0)
          rough.goods[(s * T + t) * K + k] = price('goods', (was * old.T + t) * old.K + resources[k]!);
    }
  }
  for (let f = 0; f < fleets.length; f++)
    for (let t = 0; t < periods && fleets[f]! >= 0; t++)
      rough.fleet[f * T + t] = price('fleet', fleets[f]! * old.T + t);
  rough.budget[0] = price('budget', 0);
  if (routes) for (let a = 0; a < arcs.count; a++) if (routes[a]! >= 0) rough.route[a] = price('route', routes[a]!);
}

/** Arc of the old network for each of the new one: same ends, mode and departure; −1 where there was none. */
function matchRoutes(network: Network, old: Network): Int32Array {
  const key = ({ scenario }: Network, r: number) => {
    const { from, to, mode } = scenario.routes[r]!;
    return JSON.stringify([from, to, mode]);
  };
  // a route may be two, each open in some periods
  const first = new Map<string, number[]>();
  for (let a = 0; a < old.arcs.count; a++) {
    if (a > 0 && old.arcs.route[a] === old.arcs.route[a - 1]) continue;
    const name = key(old, old.arcs.route[a]!);
    const list = first.get(name);
    if (list) list.push(a);
    else first.set(name, [a]);
  }
  const found = new Int32Array(network.arcs.count).fill(-1);
  let starts: number[] = [];
  for (let a = 0; a < network.arcs.count; a++) {
    const r = network.arcs.route[a]!;
    if (a === 0 || r !== network.arcs.route[a - 1]) starts = first.get(key(network, r)) ?? [];
    for (const start of starts)
      for (let b = start; b < old.arcs.count && old.arcs.route[b] === old.arcs.route[start]; b++)
        if (old.arcs.depart[b] === network.arcs.depart[a]) found[a] = b;
  }
  return found;
}

/** Position of each id in the old list, −1 where it is new. */
function match(ids: readonly string[], before: readonly string[]): Int32Array {
  const at = new Map(before.map((id, i) => [id, i]));
  return Int32Array.from(ids, (id) => at.get(id) ?? -1);
}
