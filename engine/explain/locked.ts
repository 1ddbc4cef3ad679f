/** Depots that the response level keeps closed: more stock there would bring nothing, a higher level might. */
import type { Network } from '../network.js';

export const siteNumbers = ({ sites }: Pick<Network, 'sites'>): Map<string, number> =>
  new Map(sites.map((id, s) => [id, s]));

/** By site number. */
export function lockedDepots({ sites, scenario }: Pick<Network, 'sites' | 'scenario'>): Set<number> {
  const ids = new Set(scenario.response?.locked.flatMap(({ depots }) => depots));
  return new Set(sites.flatMap((id, s) => (ids.has(id) ? [s] : [])));
}

/** Whether a locked depot at one of these nodes holds some of a resource. */
export function holdsLocked(network: Network, nodes: ReadonlySet<number>, resource: string): boolean {
  const { T, scenario, sites } = network;
  const held = scenario.response?.held ?? {};
  return [...nodes].some((node) => (held[sites[Math.floor(node / T)]!]?.[resource] ?? 0) > 0);
}
