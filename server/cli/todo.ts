/** What a scenario still lacks, so that a plan of it would say little: each with the command that helps. */
import type { Standing } from '../../scenarios/index.js';

/** `routed`: routes have been proposed already, so that once more brings no others. */
export function stillToDo(name: string, standing: Standing, routed = false): string[] {
  const { resources, needed, stocked, routes, fleets, withoutRoute, unreached } = standing;
  const file = quoted(name);
  const full = quoted(fullName(name));
  const lines: string[] = [];
  if (needed?.size === 0)
    lines.push(
      `No region needs anything yet: fill in the sheet Demand, or 'evenhand needs ${file} --out ${full}' counts it from people.`,
    );
  const propose = `'evenhand routes ${needed?.size === 0 ? full : file} --out ${full}'`;
  if (routes === 0)
    lines.push(
      `There are no routes yet: fill in the sheet Routes, or ${propose} proposes them from coordinates${fleets.length > 0 ? `, by the modes of Fleets: ${listed(fleets)}` : ''}.`,
    );
  else if (withoutRoute.length > 0)
    lines.push(
      routed
        ? `No route is of mode ${listed(withoutRoute)}, and none could be proposed: state one in the sheet Routes, or delete the row in Fleets.`
        : `No route is of mode ${listed(withoutRoute)} yet, which Fleets has: fill in the sheet Routes, or ${propose} proposes them.`,
    );
  else if (unreached > 0 && !routed)
    lines.push(
      `No route reaches ${unreached === 1 ? 'a region' : `${unreached} regions`} in need yet: ${propose} proposes some.`,
    );
  if (stocked?.size === 0) lines.push('No depot has anything: fill in the sheet Stock.');
  if (!(needed?.size && stocked?.size)) return lines;
  const idle = resources.filter((id) => stocked.has(id) && !needed.has(id));
  if (idle.length > 0)
    lines.push(`In stock and needed by nobody: ${listed(idle)}. They stay where they are; state their demand.`);
  const none = resources.filter((id) => !stocked.has(id) && needed.has(id));
  if (none.length > 0) lines.push(`Needed and in no depot: ${listed(none)}. Nobody gets any; state stock or arrivals.`);
  return lines;
}

/** event.xlsx → event.full.xlsx, which stays as it is. */
export const fullName = (name: string): string =>
  /(^|[\\/.-])full(\.[a-z]+)?$/.test(name) ? name : name.replace(/(\.[a-z]+)?$/, '.full$1');

/** As a shell takes it. */
export const quoted = (name: string): string => (/^[\w./:\\-]+$/.test(name) ? name : `"${name}"`);

const listed = (ids: readonly string[]): string =>
  ids.length > 8 ? `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more` : ids.join(', ');
