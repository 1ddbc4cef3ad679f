/** The names that reports can use in a scenario, to look them up. */
import type { Scenario } from '../schema.js';

export interface Known {
  scenario: Scenario;
  resources: Map<string, Scenario['resources'][number]>;
  depots: Map<string, number>;
  hubs: Map<string, number>;
  regions: Map<string, number>;
  fleets: Map<string, number>;
  /** Numbers of the routes between two ends by a mode: several where a route is split by periods. */
  routes: Map<string, number[]>;
}

/** Ids hold no control characters, so this keeps them apart. */
export const routeKey = ({ from, to, mode }: { from: string; to: string; mode: string }): string =>
  `${from}\0${to}\0${mode}`;

export function knownOf(scenario: Scenario): Known {
  const numbered = (list: readonly { id: string }[] = []) => new Map(list.map(({ id }, i) => [id, i]));
  const routes = new Map<string, number[]>();
  scenario.routes.forEach((route, r) => {
    const key = routeKey(route);
    const twins = routes.get(key);
    if (twins) twins.push(r);
    else routes.set(key, [r]);
  });
  return {
    scenario,
    resources: new Map(scenario.resources.map((r) => [r.id, r])),
    depots: numbered(scenario.depots),
    hubs: numbered(scenario.hubs),
    regions: numbered(scenario.regions),
    fleets: new Map((scenario.fleets ?? []).map(({ mode }, f) => [mode, f])),
    routes,
  };
}
