/** What a scenario without faults still lacks, so that a plan of it would say little: each with the command that helps. */
import type { Scenario } from '../../scenarios/index.js';

export function stillToDo(name: string, { depots, regions, resources, routes }: Scenario): string[] {
  const file = quoted(name);
  const full = quoted(name.replace(/(\.full)?(\.[a-z]+)?$/, '.full$2'));
  const lines: string[] = [];
  const needed = new Set(
    regions.flatMap((r) => Object.entries(r.demand).flatMap(([id, n]) => ([n].flat().some((m) => m > 0) ? [id] : []))),
  );
  if (needed.size === 0)
    lines.push(
      `No region needs anything yet: fill in the sheet Demand, or 'evenhand needs ${file} --out ${full}' counts it from people.`,
    );
  if (routes.length === 0)
    lines.push(
      `There are no routes yet: fill in the sheet Routes, or 'evenhand routes ${needed.size === 0 ? full : file} --out ${full}' proposes them from coordinates.`,
    );
  const there = new Set(
    depots.flatMap((d) => [...Object.keys(d.stock ?? {}), ...(d.arrivals ?? []).map((a) => a.resource)]),
  );
  if (there.size === 0) lines.push('No depot has anything: fill in the sheet Stock.');
  if (needed.size === 0 || there.size === 0) return lines;
  const idle = resources.filter((r) => there.has(r.id) && !needed.has(r.id)).map((r) => r.id);
  if (idle.length > 0)
    lines.push(`In stock and needed by nobody: ${listed(idle)}. They stay where they are; state their demand.`);
  const none = resources.filter((r) => !there.has(r.id) && needed.has(r.id)).map((r) => r.id);
  if (none.length > 0) lines.push(`Needed and in no depot: ${listed(none)}. Nobody gets any; state stock or arrivals.`);
  return lines;
}

/** As a shell takes it. */
const quoted = (name: string): string => (/^[\w./:\\-]+$/.test(name) ? name : `"${name}"`);

const listed = (ids: readonly string[]): string =>
  ids.length > 8 ? `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more` : ids.join(', ');
