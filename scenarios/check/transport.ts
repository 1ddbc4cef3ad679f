/** Routes and fleets: ends that exist, no route or fleet twice, a length wherever a fleet has to know it. */
import { pointerOf, show } from '../faults.js';
import { nearest } from '../nearest.js';
import { allOf, type Text, wording } from '../wording.js';
import type { Context, SiteKind } from './context.js';
import { checkLength, checkPeriod } from './goods.js';
import { type Entry, each, entries, type Fields, isFields, items, textOf } from './view.js';

/** Routes of one mode between the same ends: the first, by its place in the list, or who is open when, once there are two. */
type Seen = Map<string, number | Map<number, number>>;

const FROM = wording`a depot or hub`;
const TO = wording`a depot, hub or region`;

export function checkRoutes(context: Context): void {
  const seen: Seen = new Map();
  for (const route of each(context.root, 'routes')) {
    checkEnd(context, route, 'from', ['depot', 'hub'], FROM);
    checkEnd(context, route, 'to', ['depot', 'hub', 'region'], TO);
    checkPair(context, route, seen);
    checkKm(context, route);
    checkClosed(context, route);
  }
}

function checkEnd(context: Context, route: Entry, end: 'from' | 'to', kinds: SiteKind[], what: Text): void {
  const { sites, sitesKnown, report, suggest } = context;
  const id = textOf(route, end);
  if (id === undefined) return;
  const site = sites.get(id);
  if (site && kinds.includes(site.kind)) return;
  const path = [...route.path, end];
  const fitting = () => [...sites].filter(([, s]) => kinds.includes(s.kind)).map(([name]) => name);
  if (site === undefined) {
    if (sitesKnown)
      report(path, show(id), wording`names ${show(id)}, which is not ${what}`, suggest(id, fitting, what));
  }
  // only a region can be the wrong kind of end
  else
    report(
      path,
      show(id),
      wording`names the region ${show(id)}`,
      wording`start at a depot or hub; goods that reach a region stay there`,
    );
}

/** A route leads somewhere else, and in no period two of one mode do between the same two ends. */
function checkPair({ root, report, count, sites, sitesKnown }: Context, route: Entry, seen: Seen): void {
  const [from, to, mode] = [textOf(route, 'from'), textOf(route, 'to'), textOf(route, 'mode')];
  if (from === undefined || to === undefined) return;
  if (from === to)
    report([...route.path, 'to'], show(to), wording`is where the route starts`, wording`name another site`);
  if (mode === undefined) return;
  // what a name that nobody knows was to be is not known either
  if (sitesKnown && !(sites.has(from) && sites.has(to))) return;
  // Lengths keep apart what a name with any separator in it would not.
  const key = `${from.length} ${to.length} ${from}${to}${mode}`;
  const at = Number(route.path.at(-1));
  const before = seen.get(key);
  if (before === undefined) {
    seen.set(key, at);
    return;
  }
  const taken = typeof before === 'number' ? new Map<number, number>() : before;
  if (typeof before === 'number') {
    const first = items(root, 'routes')[before];
    if (isFields(first)) takePeriods(taken, before, first, count ?? 1);
    seen.set(key, taken);
  }
  const clash = takePeriods(taken, at, route.fields, count ?? 1);
  if (clash !== undefined)
    report(
      route.path,
      wording`${show(from)} to ${show(to)} by ${show(mode)}`,
      wording`repeats ${pointerOf(['routes', clash.by])}, and both are open in period ${clash.period}`,
      wording`join the two, give one another mode, or close each in the periods in which the other is open`,
    );
}

/** Takes the periods in which a route is open. Gives the first that another has taken already. */
function takePeriods(
  taken: Map<number, number>,
  at: number,
  fields: Fields,
  count: number,
): { by: number; period: number } | undefined {
  const closed = new Set(items({ path: [], fields }, 'closed'));
  let clash: { by: number; period: number } | undefined;
  for (let period = 0; period < count; period++) {
    if (closed.has(period)) continue;
    const by = taken.get(period);
    if (by === undefined) taken.set(period, at);
    else clash ??= { by, period };
    if (clash !== undefined && taken.size === count) break;
  }
  return clash;
}

function checkKm({ sites, fleetModes, report }: Context, route: Entry): void {
  const mode = textOf(route, 'mode');
  if (route.fields.km !== undefined || mode === undefined || !fleetModes.has(mode)) return;
  const unplaced = (['from', 'to'] as const).filter((end) => sites.get(textOf(route, end) ?? '')?.placed === false);
  if (unplaced.length === 0) return;
  const names = allOf(unplaced.map((end) => show(textOf(route, end))));
  report(
    [...route.path, 'km'],
    wording`nothing`,
    wording`is missing, and the fleet of ${show(mode)} needs it`,
    wording`state km, or "at" of ${names}`,
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
      context.report([...path, i], show(period), wording`is ${show(period)} a second time`, wording`leave it out`);
    seen.add(period);
  });
}

const PARTS = ['vehicles', 'payloadTonnes', 'kmPerPeriod'] as const;

/** Of a `draft` the mode of a fleet may be one that no route has yet, unless it looks like a mistyped one. */
export function checkFleets(context: Context, draft: boolean): void {
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
        wording`tonneKm and ${stated.join(', ')}`,
        wording`states its size twice`,
        wording`leave out tonneKm or ${stated.join(', ')}`,
      );
    else if (!whole && absent.length > 0)
      report(
        fleet.path,
        stated.join(', ') || wording`nothing`,
        wording`does not state its size`,
        wording`add tonneKm, or ${absent.join(', ')}`,
      );

    for (const size of ['tonneKm', 'vehicles'] as const)
      checkLength(context, fleet.fields[size], [...fleet.path, size]);

    const mode = textOf(fleet, 'mode');
    if (mode === undefined) continue;
    const path = [...fleet.path, 'mode'];
    const first = seen.get(mode);
    if (first === undefined) seen.set(mode, fleet);
    else
      report(
        path,
        show(mode),
        wording`is ${show(mode)}, as in ${pointerOf(first.path)}`,
        wording`join the two fleets into one`,
      );
    // A mistyped mode would leave the routes it was meant for without any limit.
    if (modes.has(mode) || !Array.isArray(root.fields.routes)) continue;
    const near = nearest(mode, modes);
    if (draft && near === undefined) continue;
    report(
      path,
      show(mode),
      wording`is ${show(mode)}, which no route has`,
      near === undefined
        ? wording`state a route of this mode ('evenhand routes' proposes them), or leave the fleet out`
        : suggest(mode, () => modes, wording`the mode of a route`),
    );
  }
}
