/** Flows and coverage as GeoJSON, for maps of any kind. */
import type { Shipment } from '../types.js';
import type { Book } from './book.js';
import { collection, type Feature, type Geometry, lineBetween, type Position, positionsOf } from './geojson.js';
import { isoText, tidy } from './table.js';
import { tellReasons } from './unmet.js';

export interface Flow extends Pick<Shipment, 'from' | 'to' | 'mode' | 'resource'> {
  quantity: number;
  tonnes: number;
  consignments: number;
  firstDeparture: number;
  lastArrival: number;
}

/** What goes on each way over the horizon, by resource, in the order in which the plan lists the ways. */
export function listFlows({ allocation, tonnes }: Book): Flow[] {
  const flows = new Map<string, Flow>();
  for (const s of allocation.shipments) {
    const key = `${s.from}\n${s.to}\n${s.mode}\n${s.resource}`;
    const { from, to, mode, resource } = s;
    const flow = flows.get(key) ?? {
      ...{ from, to, mode, resource, quantity: 0, tonnes: 0, consignments: 0 },
      ...{ firstDeparture: s.depart, lastArrival: s.arrive },
    };
    flows.set(key, flow);
    flow.quantity += s.quantity;
    flow.tonnes += tonnes(s);
    flow.consignments++;
    flow.firstDeparture = Math.min(flow.firstDeparture, s.depart);
    flow.lastArrival = Math.max(flow.lastArrival, s.arrive);
  }
  return [...flows.values()];
}

/** A line for each way and resource. */
export function flowsGeoJson(book: Book): Generator<string> {
  const flows = listFlows(book);
  const ends = flows.flatMap(({ from, to }) => [book.site(from).at, book.site(to).at]);
  function* features(): Generator<Feature> {
    for (const f of flows) {
      const [a, b] = [book.site(f.from), book.site(f.to)];
      const { name, unit } = book.resource(f.resource);
      const [first, last] = [book.begins(f.firstDeparture), book.begins(f.lastArrival)];
      yield {
        type: 'Feature',
        id: [f.from, f.to, f.mode, f.resource].join(' | '),
        geometry: a.at && b.at ? lineBetween(a.at, b.at) : null,
        properties: {
          ...{ from: f.from, from_name: a.name, to: f.to, to_name: b.name, mode: f.mode },
          ...{ resource: f.resource, resource_name: name, unit, quantity: tidy(f.quantity), tonnes: tidy(f.tonnes) },
          ...{ consignments: f.consignments, first_departure: f.firstDeparture, last_arrival: f.lastArrival },
          ...{ first_departure_date: first && isoText(first), last_arrival_date: last && isoText(last) },
          organisation: a.owner,
        },
      };
    }
  }
  return collection(`${book.scenario.id}: flows`, ends.filter(isPlace), features());
}

/**
 * A point or polygon for each region: coverage in people-periods, and `need_`, `met_`, `coverage_` of each resource with need there;
 * `why_` where one stays short.
 */
export function coverageGeoJson(book: Book, polygons: ReadonlyMap<string, Geometry> = new Map()): Generator<string> {
  const geometryOf = (id: string, at: Position | null): Geometry | null =>
    polygons.get(id) ?? (at ? { type: 'Point', coordinates: at } : null);
  const geometries = book.complete.regions.map(({ id, at }) => geometryOf(id, at));
  function* places(): Generator<Position> {
    for (const geometry of geometries) if (geometry) yield* positionsOf(geometry);
  }
  function* features(): Generator<Feature> {
    const tell = tellReasons(book);
    const { coverage, measures } = book.allocation;
    const sums = new Map(measures.byRegion.map((r) => [r.region, r]));
    let next = 0;
    for (const [j, region] of book.complete.regions.entries()) {
      const sum = sums.get(region.id);
      const properties: Feature['properties'] = {
        ...{ region: region.id, name: region.name, people: region.people, priority: region.priority },
        ...{ people_periods_needed: sum?.needed ?? 0, people_periods_met: sum?.met ?? 0 },
        people_periods_unmet: tidy((sum?.needed ?? 0) - (sum?.met ?? 0)),
        coverage: sum && sum.needed > 0 ? sum.ratio : null,
      };
      // coverage is listed in the order of the regions
      for (; coverage[next]?.region === region.id; next++) {
        const c = coverage[next]!;
        properties[`need_${c.resource}`] = c.due;
        properties[`met_${c.resource}`] = c.delivered;
        properties[`coverage_${c.resource}`] = c.ratio;
        if (c.met < c.needed) properties[`why_${c.resource}`] = tell(c).text;
      }
      yield { type: 'Feature', id: region.id, geometry: geometries[j]!, properties };
    }
  }
  return collection(`${book.scenario.id}: coverage`, places(), features());
}

const isPlace = (place: Position | null): place is Position => place !== null;
