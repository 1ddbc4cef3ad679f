/** Maps of plans by RFC 7946, read by the laws of the standard and not by the program's own. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  closePool,
  openBook,
  type Position,
  type ReportName,
  readBoundaries,
  reportPieces,
  type Scenario,
} from '../engine/index.js';
import { boundingBox, lineBetween } from '../engine/report/geojson.js';
import { readCase } from '../scenarios/index.js';
import { close, pairs, run } from './support/comparisons.js';

after(closePool);

interface Shown {
  id: string;
  geometry: { type: string; coordinates: unknown } | null;
  properties: Record<string, number | string | null>;
}
interface Collection {
  type: string;
  bbox?: number[];
  features: Shown[];
}
const read = (
  book: Parameters<typeof reportPieces>[0],
  name: ReportName,
  polygons?: ReturnType<typeof readBoundaries>,
) => JSON.parse([...reportPieces(book, name, 'geojson', polygons ? { polygons } : {})].join('')) as Collection;

const isPosition = (p: unknown): p is Position =>
  Array.isArray(p) && p.length === 2 && p.every((x) => typeof x === 'number');
const flat = (x: unknown): Position[] => (isPosition(x) ? [x] : Array.isArray(x) ? x.flatMap(flat) : []);

/** Area by the shoelace formula, above zero for a ring that runs counterclockwise. */
const area = (ring: Position[]) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i]![0] * y - x * ring[i]![1]) / 2, 0);

function valid({ type, features, bbox }: Collection): void {
  assert.equal(type, 'FeatureCollection');
  const all: Position[] = [];
  for (const { geometry, properties } of features) {
    assert.ok(properties);
    if (geometry === null) continue;
    const { coordinates } = geometry;
    const places = flat(coordinates);
    all.push(...places);
    for (const [lon, lat] of places) assert.ok(Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
    if (geometry.type === 'Point') assert.ok(isPosition(coordinates));
    else if (geometry.type === 'LineString')
      assert.ok(places.length >= 2 && (coordinates as unknown[]).every(isPosition));
    else if (geometry.type === 'MultiLineString')
      assert.ok((coordinates as unknown[][]).every((l) => l.length >= 2 && l.every(isPosition)));
    else {
      assert.match(geometry.type, /^(Multi)?Polygon$/);
      const polygons = (geometry.type === 'Polygon' ? [coordinates] : coordinates) as Position[][][];
      for (const rings of polygons)
        for (const [n, ring] of rings.entries()) {
          assert.ok(ring.length >= 4);
          assert.deepEqual(ring[0], ring.at(-1));
          assert.ok(n === 0 ? area(ring) > 0 : area(ring) < 0, 'right-hand rule');
        }
    }
  }
  assert.equal(bbox === undefined, all.length === 0);
  if (all.length === 0) return;
  const [west, south, east, north] = bbox as [number, number, number, number];
  for (const [lon, lat] of all) {
    assert.ok(south <= lat && lat <= north);
    assert.ok(west <= east ? west <= lon && lon <= east : lon >= west || lon <= east);
  }
}

describe('maps of plans', () => {
  it('are valid, and their flows and coverage are the plan’s', async () => {
    for (const { scenario, a } of await pairs()) {
      const book = openBook(a, scenario);
      const flows = read(book, 'flows');
      valid(flows);
      for (const { id } of scenario.resources) {
        const sent = a.shipments.filter((s) => s.resource === id).reduce((sum, s) => sum + s.quantity, 0);
        const drawn = flows.features.filter((f) => f.properties.resource === id);
        close(
          drawn.reduce((sum, f) => sum + Number(f.properties.quantity), 0),
          sent,
          id,
        );
      }
      assert.equal(
        flows.features.reduce((sum, f) => sum + Number(f.properties.consignments), 0),
        a.shipments.length,
      );
      assert.equal(new Set(flows.features.map((f) => f.id)).size, flows.features.length);

      const coverage = read(book, 'coverage');
      valid(coverage);
      assert.deepEqual(
        coverage.features.map((f) => f.id),
        scenario.regions.map((r) => r.id),
      );
      const of = (name: string) => coverage.features.reduce((sum, f) => sum + Number(f.properties[name] ?? 0), 0);
      close(of('people_periods_met'), a.measures.peoplePeriodsMet, 'met');
      close(of('people_periods_unmet'), a.measures.peoplePeriodsUnmet, 'unmet');
      for (const c of a.coverage) {
        const { properties } = coverage.features.find((f) => f.id === c.region)!;
        assert.equal(properties[`coverage_${c.resource}`], c.ratio);
        assert.equal(`why_${c.resource}` in properties, c.met < c.needed);
      }
      const placed = new Set(scenario.regions.flatMap((r) => (r.at ? [r.id] : [])));
      for (const f of coverage.features) assert.equal(f.geometry !== null, placed.has(f.id));
    }
  });

  it('have lines of the shorter way, cut at the antimeridian, and the narrowest box', () => {
    const lon = fc.double({ min: -180, max: 180, noNaN: true }).map((x) => Number(x.toFixed(4)));
    const lat = fc.double({ min: -90, max: 90, noNaN: true }).map((x) => Number(x.toFixed(4)));
    const place = fc.tuple(lon, lat);
    fc.assert(
      fc.property(place, place, (a, b) => {
        const line = lineBetween(a, b);
        const parts = (line.type === 'LineString' ? [line.coordinates] : line.coordinates) as Position[][];
        // a place on the antimeridian is on both its sides
        const here = ([x, y]: Position) => [x === -180 ? 180 : x, y + 0];
        assert.deepEqual(here(parts[0]![0]!), here(a));
        assert.deepEqual(here(parts.at(-1)!.at(-1)!), here(b));
        const run = parts.reduce((sum, [p, q]) => sum + Math.abs(q![0] - p![0]), 0);
        const apart = Math.abs(a[0] - b[0]);
        close(run, Math.min(apart, 360 - apart), 'degrees of longitude');
        if (parts.length === 2) {
          const [[, end], [begin]] = parts as [[Position, Position], [Position, Position]];
          assert.deepEqual([Math.abs(end[0]), end[0]], [180, -begin[0]]);
          assert.equal(end[1], begin[1]);
        }
      }),
      {
        numRuns: 500,
        examples: [
          [
            [-180, 0],
            [0.0001, 0],
          ],
        ],
      },
    );
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (places) => {
        const [west, south, east, north] = boundingBox(places)!;
        const width = (((east - west) % 360) + 360) % 360;
        const inside = (from: number, wide: number, x: number) =>
          ((x - from + 720) % 360) - wide <= 1e-9 || (x - from + 720) % 360 > 360 - 1e-9;
        for (const [x, y] of places) assert.ok(inside(west, width, x) && south <= y && y <= north);
        // no narrower box begins at any of the places
        for (const [from] of places)
          assert.ok(
            Math.max(...places.map(([x]) => (x - from + 720) % 360)) >= width - 1e-9 ||
              width === 0 ||
              places.some(([x]) => Math.abs(Math.abs(x) - 180) < 1e-9),
          );
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(
      boundingBox([
        [178, -17],
        [-179, -18],
      ]),
      [178, -18, -179, -17],
    );
    assert.deepEqual(lineBetween([179, -17], [-179, -18]), {
      type: 'MultiLineString',
      coordinates: [
        [
          [179, -17],
          [180, -17.5],
        ],
        [
          [-180, -17.5],
          [-179, -18],
        ],
      ],
    });
  });

  it('take polygons by whatever property names the regions, turn their rings, and refuse with the place what is none', async () => {
    const scenario: Scenario = readCase('two-valleys');
    const book = openBook(await run(scenario, 'balanced'), scenario);
    const ids = scenario.regions.map((r) => r.id);
    const square = (x: number, clockwise: boolean): Position[] => {
      const ring: Position[] = [
        [x, 0],
        [x + 1, 0],
        [x + 1, 1],
        [x, 1],
        [x, 0],
      ];
      return clockwise ? ring.reverse() : ring;
    };
    const file = (geometry: (n: number) => unknown) => ({
      type: 'FeatureCollection',
      features: [...ids, 'elsewhere'].map((id, n) => ({
        type: 'Feature',
        properties: { NAME: `r${n}`, ADM2_PCODE: id },
        geometry: geometry(n),
      })),
    });
    const hole: Position[] = [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.8, 0.8],
      [0.2, 0.2],
    ];
    for (const clockwise of [false, true]) {
      const polygons = readBoundaries(
        file((n) => ({ type: 'Polygon', coordinates: [square(n, clockwise), ...(n === 0 ? [hole] : [])] })),
        ids,
      );
      assert.deepEqual([...polygons.keys()], ids);
      const map = read(book, 'coverage', polygons);
      valid(map);
      assert.ok(map.features.every((f) => f.geometry?.type === 'Polygon'));
    }
    const refused = (geometry: unknown, message: RegExp) =>
      assert.throws(
        () =>
          readBoundaries(
            file(() => geometry),
            ids,
          ),
        message,
      );
    refused(
      { type: 'Point', coordinates: [0, 0] },
      /\/features\/0\/geometry: expected a Polygon or MultiPolygon of region/,
    );
    refused(
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ],
      },
      /four positions/,
    );
    refused(
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
      /does not end where it begins/,
    );
    refused(
      {
        type: 'Polygon',
        coordinates: [
          [
            [5e5, 8e6],
            [5e5, 8e6],
            [5e5, 8e6],
            [5e5, 8e6],
          ],
        ],
      },
      /WGS 84/,
    );
    refused(null, /found null/);
    assert.throws(() => readBoundaries({ type: 'Feature' }, ids), /FeatureCollection/);
    assert.throws(() => readBoundaries({ type: 'FeatureCollection', features: [] }, ids), /no property of any feature/);
  });
});
