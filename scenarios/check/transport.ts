/** Routes and fleets: ends that exist, no route or fleet twice, a length wherever a fleet has to know it. */
import { show } from '../faults.js';

import type { Context, SiteKind } from './context.js';
import { checkLength, checkPeriod } from './goods.js';
import { type Entry, each, entries, items, textOf } from './view.js';

export function checkRoutes(context: Context): void {
  const seen: Seen = new Map();
  for (const route of each(context.root, 'routes')) {
    checkEnd(context, route, 'from', ['depot', 'hub'], 'a depot or hub');
    checkEnd(context, route, 'to', ['depot', 'hub', 'region'], 'a depot, hub or region');
    checkPair(context, route, seen);
    checkKm(context, route);
    checkClosed(context, route);
  }
}

function checkEnd(context: Context, route: Entry, end: 'from' | 'to', kinds: SiteKind[], what: string): void {
  const { sites, sitesKnown, report, suggest } = context;
  const id = textOf(route, end);
  if (id === undefined) return;
  const site = sites.get(id);
  if (site && kinds.includes(site.kind)) return;
  const path = [...route.path, end];
  const fitting = () => [...sites].filter(([, s]) => kinds.includes(s.kind)).map(([name]) => name);
  if (site === undefined) {
    if (sitesKnown) report(path, show(id), `names ${show(id)}, which is not ${what}`, suggest(id, fitting, what));
  } else
    report(
      path,
      show(id),
      `names the ${site.kind} ${show(id)}`,
      `start at ${what}; goods that reach a region stay there`,
    );
}

/** Routes by ends and mode: mostly one, which is held without a list. */
type Seen = Map<string, Entry | Entry[]>;

/** A route leads somewhere else, and in no period two of one mode do between the same two ends. */
function checkPair({ report, count, sites, sitesKnown }: Context, route: Entry, seen: Seen): void {
  const [from, to, mode] = [textOf(route, 'from'), textOf(route, 'to'), textOf(route, 'mode')];
  if (from === undefined || to === undefined) return;
  if (from === to) report([...route.path, 'to'], show(to), 'is where the route starts', 'name another site');
  if (mode === undefined) return;
  // what a name that nobody knows was to be is not known either
  if (sitesKnown && !(sites.has(from) && sites.has(to))) return;
  // Lengths keep apart what a name with any separator in it would not.
  const key = `${from.length} ${to.length} ${from}${to}${mode}`;
  const before = seen.get(key);
  if (before === undefined) {
    seen.set(key, route);
    return;
  }
  const others = Array.isArray(before) ? before : [before];
  for (const other of others) {
    const both = openInBoth(other, route, count ?? 1);
    if (both === undefined) continue;
    report(
      route.path,
      `${show(from)} to ${show(to)} by ${show(mode)}`,
      `repeats /${other.path.join('/')}, and both are open in period ${both}`,
      'join the two, give one another mode, or close each in the periods in which the other is open',
    );
    break;
  }
  others.push(route);
  if (others !== before) seen.set(key, others);
}

/** The first period in which two routes are open. */
function openInBoth(a: Entry, b: Entry, count: number): number | undefined {
  const closed = new Set([...items(a, 'closed'), ...items(b, 'closed')]);
  for (let t = 0; t < count; t++) if (!closed.has(t)) return t;
  return undefined;
}

function checkKm({ sites, fleetModes, report }: Context, route: Entry): void {
  const mode = textOf(route, 'mode');
  if (route.fields.km !== undefined || mode === undefined || !fleetModes.has(mode)) return;
  const unplaced = (['from', 'to'] as const).filter((end) => sites.get(textOf(route, end) ?? '')?.placed === false);
  if (unplaced.length === 0) return;
  const names = unplaced.map((end) => show(textOf(route, end))).join(' and ');
  report(
    [...route.path, 'km'],
    'nothing',
    `is missing, and the fleet of ${show(mode)} needs it`,
    `state km, or "at" of ${names}`,
  );
}

function checkClosed(context: Context, route: Entry): void {
  const closed = items(route, 'closed');
  if (closed.length === 0) return;
  const path = [...route.path, 'closed'];
  const seen = new Set<unknown>();
  closed.forEach((period, i) => {
    checkPeriod(context, period, path, i);
    if (seen.has(period))
      context.report([...path, i], show(period), `is ${show(period)} a second time`, 'leave it out');
    seen.add(period);
  });
}

const PARTS = ['vehicles', 'payloadTonnes', 'kmPerPeriod'] as const;

export function checkFleets(context: Context): void {
  const { root, report, suggest } = context;
  const modes = new Set<string>();
  for (const route of each(root, 'routes')) modes.add(textOf(route, 'mode') ?? '');
  const seen = new Map<string, Entry>();
  for (const fleet of entries(root, 'fleets')) {
    const stated = PARTS.filter((part) => fleet.fields[part] !== undefined);
    const absent = PARTS.filter((part) => fleet.fields[part] === undefined);
    const whole = fleet.fields.tonneKm !== undefined;
    if (whole && stated.length > 0)
      report(
        fleet.path,
        `tonneKm and ${stated.join(', ')}`,
        'states its size twice',
        `leave out tonneKm or ${stated.join(', ')}`,
      );
    else if (!whole && absent.length > 0)
      report(
        fleet.path,
        stated.join(', ') || 'nothing',
        'does not state its size',
        `add tonneKm, or ${absent.join(', ')}`,
      );

    for (const size of ['tonneKm', 'vehicles'] as const)
      checkLength(context, fleet.fields[size], [...fleet.path, size]);

    const mode = textOf(fleet, 'mode');
    if (mode === undefined) continue;
    const path = [...fleet.path, 'mode'];
    const first = seen.get(mode);
    if (first === undefined) seen.set(mode, fleet);
    else report(path, show(mode), `is ${show(mode)}, as in /${first.path.join('/')}`, 'join the two fleets into one');
    // A mistyped mode would leave the routes it was meant for without any limit.
    if (!modes.has(mode) && Array.isArray(root.fields.routes))
      report(
        path,
        show(mode),
        `is ${show(mode)}, which no route has`,
        suggest(mode, () => modes, 'the mode of a route'),
      );
  }
}
