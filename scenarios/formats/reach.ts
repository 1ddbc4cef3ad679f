/** Regions that no chain of routes leads to from any depot. */
import type { Scenario } from '../schema.js';

/** Ids of the regions that need something and that nothing can reach, in whatever period. */
export function unreached({ depots, regions, routes }: Pick<Scenario, 'depots' | 'regions' | 'routes'>): Set<string> {
  const onward = new Map<string, string[]>();
  for (const { from, to } of routes) {
    const list = onward.get(from);
    if (list === undefined) onward.set(from, [to]);
    else list.push(to);
  }
  const reached = new Set(depots.map((d) => d.id));
  const open = [...reached];
  for (let site = open.pop(); site !== undefined; site = open.pop())
    for (const to of onward.get(site) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  const needs = (demand: Scenario['regions'][number]['demand']) =>
    Object.values(demand).some((n) => (typeof n === 'number' ? n > 0 : n.some((m) => m > 0)));
  return new Set(regions.filter((r) => !reached.has(r.id) && needs(r.demand)).map((r) => r.id));
}
