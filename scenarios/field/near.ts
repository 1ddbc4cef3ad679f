/** What a report may have meant by the point where it was seen: proposals for whoever verifies it, never taken by themselves. */
import { arcKm, greatCircleKm } from '../distance.js';
import type { Scenario } from '../schema.js';
import { FIGURES, OBSTACLE_PLACES, type ObstaclePlace } from './check-obstacle.js';
import { routeKey } from './known.js';
import type { FieldReport, PlaceName, ReportKind } from './report.js';

/** `km` as the crow flies: to a site, or to the nearest point of the great circle between the ends of a route. */
export interface NearPlace {
  place: PlaceName;
  km: number;
}

type Place = 'route' | 'site' | 'region' | 'depot';

const MOST = 5;

/**
 * The places nearest to a point, nearest first, at most five: routes and sites for an obstacle, regions for a need, depots for
 * stock, none for a delivery, which has a place of its own. Sites that the file does not place are not found.
 */
export function nearestPlaces(scenario: Scenario, at: readonly [number, number], kind: ReportKind): NearPlace[] {
  return nearest(scenario, at, PLACES[kind]);
}

/** As `nearestPlaces`, only what the report can speak of; empty where it names its place, or does not say where it was. */
export function proposePlaces(scenario: Scenario, report: FieldReport): NearPlace[] {
  const { at } = report;
  if (at === undefined || placeNamed(report) !== undefined) return [];
  if (report.kind !== 'obstacle') return nearestPlaces(scenario, at, report.kind);
  const of = spokenOf(report);
  return of === 'fleet' ? [] : nearest(scenario, at, [of]);
}

const PLACES: Record<ReportKind, readonly Place[]> = {
  obstacle: ['route', 'site'],
  need: ['region'],
  stock: ['depot'],
  delivery: [],
};

/** The kind of place that an obstacle speaks of, by what it says. */
export function spokenOf(report: Extract<FieldReport, { kind: 'obstacle' }>): ObstaclePlace {
  return OBSTACLE_PLACES.find((place) => FIGURES[place].some((figure) => report[figure] !== undefined)) ?? 'route';
}

/** The place that a report names by itself. */
export function placeNamed(report: FieldReport): PlaceName | undefined {
  if (report.kind === 'need') return report.region === undefined ? undefined : { region: report.region };
  if (report.kind === 'stock') return report.depot === undefined ? undefined : { depot: report.depot };
  if (report.kind === 'delivery') return { route: { from: report.from, to: report.to, mode: report.mode } };
  if (report.route !== undefined) return { route: report.route };
  if (report.site !== undefined) return { site: report.site };
  return report.fleet === undefined ? undefined : { fleet: report.fleet };
}

function nearest(scenario: Scenario, at: readonly [number, number], wanted: readonly Place[]): NearPlace[] {
  const found: NearPlace[] = [];
  const add = (place: PlaceName, km: number) => {
    found.push({ place, km: Math.round(km * 1000) / 1000 });
  };
  const { depots, hubs = [], regions, routes } = scenario;
  const sites: [Place, typeof hubs | typeof depots | typeof regions, (id: string) => PlaceName][] = [
    ['depot', depots, (depot) => ({ depot })],
    ['site', depots, (site) => ({ site })],
    ['site', hubs, (site) => ({ site })],
    ['region', regions, (region) => ({ region })],
  ];
  for (const [kind, list, name] of sites)
    if (wanted.includes(kind)) for (const site of list) if (site.at) add(name(site.id), greatCircleKm(at, site.at));
  if (wanted.includes('route')) {
    const places = new Map([...depots, ...hubs, ...regions].map((site) => [site.id, site.at]));
    const seen = new Set<string>();
    for (const route of routes) {
      const [a, b] = [places.get(route.from), places.get(route.to)];
      if (!a || !b || seen.has(routeKey(route))) continue;
      seen.add(routeKey(route));
      const { from, to, mode } = route;
      add({ route: { from, to, mode } }, arcKm(at, a, b));
    }
  }
  // to the metre, so that machines agree; the sort is stable, so equals stay in the order of the file
  return found.sort((a, b) => a.km - b.km).slice(0, MOST);
}
