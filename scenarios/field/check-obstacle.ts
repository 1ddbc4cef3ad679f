/** An obstacle: one place, what changed there, in periods that there are. */
import { isFields, textOf } from '../check/view.js';
import { show } from '../faults.js';
import { suggest } from '../nearest.js';
import { oneOf, type Text, wording } from '../wording.js';
import { type Known, routeKey } from './known.js';
import { A_PLACE } from './placewords.js';
import { names, placed, span, type View } from './view.js';

/** What can be said of each kind of place. */
export const FIGURES = {
  route: ['closed', 'open', 'leadPeriods', 'capacityTonnes'],
  site: ['handlingTonnes'],
  fleet: ['vehicles', 'tonneKm'],
} as const;

export type ObstaclePlace = keyof typeof FIGURES;
export const OBSTACLE_PLACES = Object.keys(FIGURES) as ObstaclePlace[];

export function obstacleRelations(view: View): void {
  const { root, report, known } = view;
  span(view);
  const named = OBSTACLE_PLACES.filter((place) => root.fields[place] !== undefined);
  const stated = OBSTACLE_PLACES.filter((place) => FIGURES[place].some((f) => root.fields[f] !== undefined));
  const place = named[0] ?? stated[0];
  for (const other of named.slice(1))
    report(
      [other],
      show(root.fields[other]),
      wording`stands beside ${named[0]!}`,
      wording`write a report for each place`,
    );
  if (stated.length === 0)
    report(
      [],
      wording`nothing`,
      wording`does not say what changed`,
      wording`add ${sayable(place ? [place] : OBSTACLE_PLACES)}`,
    );
  for (const kind of stated) {
    if (kind === place) continue;
    for (const figure of FIGURES[kind])
      if (root.fields[figure] !== undefined)
        report(
          [figure],
          show(root.fields[figure]),
          wording`is said of ${A_PLACE[kind]}`,
          wording`of ${A_PLACE[place!]} say ${sayable([place!])}`,
        );
  }
  if (root.fields.closed !== undefined)
    for (const other of ['open', 'leadPeriods', 'capacityTonnes'])
      if (root.fields[other] !== undefined)
        report(
          [other],
          show(root.fields[other]),
          wording`is said of a closed route`,
          wording`leave it out, or leave out closed`,
        );
  if (root.fields.vehicles !== undefined && root.fields.tonneKm !== undefined)
    report(
      ['tonneKm'],
      show(root.fields.tonneKm),
      wording`states the size of the fleet twice`,
      wording`leave out one of the two`,
    );

  routeIsKnown(view);
  names(view, 'site', new Map([...known.depots, ...known.hubs]), wording`a depot or hub`);
  const fleet = names(view, 'fleet', known.fleets, wording`the mode of a fleet`);
  if (fleet === undefined) return;
  const wrong = wrongSize(
    known,
    fleet,
    FIGURES.fleet.find((figure) => root.fields[figure] !== undefined),
  );
  if (wrong) report([wrong.figure], show(root.fields[wrong.figure]), wrong.what, wrong.mend);
}

/** A fleet is stated by vehicles or by tonneKm, and a report has to speak of the same. */
export function wrongSize(known: Known, mode: string, figure: 'vehicles' | 'tonneKm' | undefined) {
  const fleet = known.scenario.fleets?.[known.fleets.get(mode) ?? -1];
  if (!fleet || !figure || fleet[figure] !== undefined) return undefined;
  const other = figure === 'vehicles' ? 'tonneKm' : 'vehicles';
  return {
    figure,
    what: wording`is said of a fleet that the scenario states by ${other}`,
    mend: wording`state ${other}`,
  };
}

const sayable = (places: readonly ObstaclePlace[]): Text =>
  oneOf(places.flatMap((place): Text[] => [...FIGURES[place]]));

function routeIsKnown(view: View): void {
  const { root, report, known } = view;
  const { route } = root.fields;
  placed(view, OBSTACLE_PLACES);
  if (!isFields(route)) return;
  const at = { path: ['route'], fields: route };
  const [from, to, mode] = [textOf(at, 'from'), textOf(at, 'to'), textOf(at, 'mode')];
  if (from === undefined || to === undefined || mode === undefined) return;
  if (known.routes.has(routeKey({ from, to, mode }))) return;
  // the first part of the name that leads nowhere
  let { routes } = known.scenario;
  for (const [field, id, what] of [
    ['from', from, wording`where a route starts`],
    ['to', to, wording`where a route from ${show(from)} leads`],
    ['mode', mode, wording`the mode of a route from ${show(from)} to ${show(to)}`],
  ] as const) {
    const fitting = routes.filter((r) => r[field] === id);
    if (fitting.length === 0) {
      const mend = suggest(id, new Set(routes.map((r) => r[field])), what);
      report(['route', field], show(id), wording`names ${show(id)}, which is not ${what}`, mend);
      return;
    }
    routes = fitting;
  }
}
