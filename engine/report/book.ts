/** What the tables of a plan look up in its scenario: names, places, owners, weights, dates, ways. */
import { beginOf, type CompleteScenario, complete, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { allocationDigest } from '../compare/compare.js';
import { compileNetwork, type Network } from '../network.js';
import type { Allocation, Shipment } from '../types.js';

export interface Site {
  id: string;
  name: string;
  kind: 'depot' | 'hub' | 'region';
  /** [longitude, latitude] in degrees. */
  at: [number, number] | null;
  /** Organisation, of depots where it is stated. */
  owner: string | null;
}

/** A plan with its scenario, ready to be looked up. */
export interface Book {
  allocation: Allocation;
  scenario: Scenario;
  /** Content digest of the allocation. */
  digest: string;
  complete: CompleteScenario;
  site(id: string): Site;
  resource(id: string): CompleteScenario['resources'][number];
  /** When a period begins; null where the scenario does not say when it starts. */
  begins(t: number): Date | null;
  tonnes(shipment: Shipment): number;
  /** Length and cost of the way that the shipment takes. */
  way(shipment: Shipment): { km: number; costPerTonne: number };
  /** Compiled when first asked for. */
  network(): Network;
}

/** Throws a RangeError where the scenario is not the allocation's, or lacks something that it names. */
export function openBook(allocation: Allocation, scenario: Scenario): Book {
  const own = scenarioDigest(scenario);
  if (allocation.scenario.digest !== own)
    throw new RangeError(
      `the plan is of scenario '${allocation.scenario.id}' (${allocation.scenario.digest}), this is '${scenario.id}' (${own})`,
    );
  const all = complete(scenario);
  const owners = new Map(scenario.depots.map((d) => [d.id, d.owner ?? null]));
  const sites = new Map<string, Site>();
  for (const kind of ['depot', 'hub', 'region'] as const)
    for (const { id, name, at } of all[`${kind}s`])
      sites.set(id, { id, name, at, kind, owner: owners.get(id) ?? null });
  const resources = new Map(all.resources.map((r) => [r.id, r]));
  const routes = new Map<string, CompleteScenario['routes']>();
  const key = (r: { from: string; to: string; mode: string }) => `${r.from}\n${r.to}\n${r.mode}`;
  for (const route of all.routes) {
    const same = routes.get(key(route));
    if (same) same.push(route);
    else routes.set(key(route), [route]);
  }
  let network: Network | undefined;
  const must = <X>(found: X | undefined, what: string, id: string): X => {
    if (found === undefined) throw new RangeError(`the plan names ${what} '${id}', which its scenario does not have`);
    return found;
  };
  return {
    allocation,
    scenario,
    digest: allocationDigest(allocation),
    complete: all,
    site: (id) => must(sites.get(id), 'site', id),
    resource: (id) => must(resources.get(id), 'resource', id),
    begins: (t) => (scenario.periods.start === undefined ? null : new Date(beginOf(scenario.periods, t))),
    tonnes: ({ resource, quantity }) =>
      (quantity * must(resources.get(resource), 'resource', resource).weightKg) / 1000,
    way: (shipment) => {
      const same = must(routes.get(key(shipment)), 'a route', `${shipment.from} → ${shipment.to} by ${shipment.mode}`);
      // of several with the same ends and mode no two are open in one period
      return same.find((r) => !r.closed.includes(shipment.depart)) ?? same[0]!;
    },
    network: () => {
      network ??= compileNetwork(all);
      return network;
    },
  };
}
