/** GeoJSON (RFC 7946) as a grid: properties are columns, and what a geometry says has columns of its own. */
import { greatCircleKm } from '../distance.js';
import { syntaxFaults } from '../syntax.js';
import { type Text, wording } from '../wording.js';
import type { Cell, Grid, Polygon, Row } from './grid.js';
import { columnOf as headingColumn, layoutNamed } from './headings.js';
import { refuseOversized } from './json-size.js';
import { layoutOf } from './layout.js';
import { FormatError, inThousands, LIMITS, newBudget, over, spendRow } from './limits.js';

type Position = [number, number];

const MOST_PROPERTIES = 500;

/** Reads a FeatureCollection, `budget` being what all tables of a file share. Throws FormatError for what is none, is projected, or over a limit. */
export function readGeoJson(name: string, bytes: Uint8Array, budget = newBudget()): Grid {
  const features = featuresOf(name, bytes);
  const properties: string[] = [];
  const columns = new Map<string, number>();
  const columnOf = (property: string): number => {
    let at = columns.get(property);
    if (at === undefined) {
      at = properties.push(property) - 1;
      if (at >= MOST_PROPERTIES)
        throw new FormatError(wording`${name} has over ${MOST_PROPERTIES} properties: keep those that are read.`);
      columns.set(property, at);
    }
    return at;
  };
  const corners = { left: LIMITS.positions as number, name };
  const kinds = { Depots: 0, Regions: 0, Routes: 0 };
  const drawn: Record<string, Cell>[] = [];
  const rows = features.map((feature, i): Row => {
    features[i] = undefined; // what has been read need not be held beside what was made of it
    const { geometry, properties: own, id } = object(feature);
    const cells: (Cell | undefined)[] = [];
    if (id !== undefined && id !== null) cells[columnOf('feature id')] = cellOf(id);
    for (const [property, value] of Object.entries(object(own))) cells[columnOf(property)] = cellOf(value);
    const { kind, values } = geometryCells(object(geometry), corners, wording`${name} feature ${i + 1}`);
    if (kind !== undefined) kinds[kind]++;
    drawn.push(values);
    return { number: i + 2, hidden: false, cells };
  });
  const like = kinds.Regions > 0 ? 'Regions' : kinds.Routes > 0 ? 'Routes' : 'Depots';
  const { columns: known } = layoutNamed(name) ?? layoutOf(like);
  // a property of that meaning takes what geometries say where a feature does not say it itself
  const meant = new Map(properties.map((p) => [headingColumn(known, p)?.key, p]));
  drawn.forEach((values, i) => {
    for (const [heading, value] of Object.entries(values))
      rows[i]!.cells[columnOf(meant.get(headingColumn(known, heading)?.key ?? '') ?? heading)] ??= value;
  });
  for (const row of rows) {
    spendRow(budget, properties.length, name);
    for (let c = 0; c < properties.length; c++) row.cells[c] ??= undefined;
  }
  const head: Row = { number: 1, hidden: false, cells: [...properties] };
  return { name, rows: [head, ...rows], merged: [], texts: false, features: { properties, like } };
}

function featuresOf(name: string, bytes: Uint8Array): unknown[] {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // deep nesting would lead walks into the ground
    if (text.length > LIMITS.characters) throw over(name, LIMITS.characters, wording`characters`);
    refuseOversized(name, text);
    const { fatal } = text.length < 1 << 20 ? syntaxFaults(text) : {};
    if (fatal !== undefined) throw notJson(name, fatal.said.message);
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw notJson(name, error instanceof Error ? error.message : String(error));
  }
  const { type, features, crs } = object(value);
  if (type !== 'FeatureCollection' || !Array.isArray(features))
    throw new FormatError(wording`${name} is no GeoJSON FeatureCollection (RFC 7946): export it as GeoJSON.`);
  const named = JSON.stringify(crs ?? null);
  if (crs && !/CRS84|4326/.test(named))
    throw new FormatError(
      wording`${name} is in another system of coordinates (${named.slice(0, 80)}): export it in WGS 84 (EPSG:4326).`,
    );
  if (features.length > LIMITS.rows) throw over(name, LIMITS.rows, wording`features`);
  return features;
}

const notJson = (name: string, why: Text) => new FormatError(wording`${name} is not JSON (${why}): send it again.`);

const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}; // just looked

function cellOf(value: unknown): Cell | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

interface Corners {
  left: number;
  name: string;
}

function geometryCells(
  { type, coordinates }: Record<string, unknown>,
  corners: Corners,
  place: Text,
): { kind?: 'Depots' | 'Regions' | 'Routes'; values: Record<string, Cell> } {
  switch (type) {
    case 'Point': {
      const [lon, lat] = position(coordinates, corners, place);
      return { kind: 'Depots', values: { Longitude: lon, Latitude: lat } };
    }
    case 'LineString':
    case 'MultiLineString': {
      const lines = type === 'LineString' ? [coordinates] : listOf(coordinates, place);
      const km = lines.reduce(
        (sum: number, line) => sum + lengthOf(listOf(line, place).map((p) => position(p, corners, place))),
        0,
      );
      return { kind: 'Routes', values: { Distance: Math.round(km * 1000) / 1000 } };
    }
    case 'Polygon':
    case 'MultiPolygon': {
      const rings = (polygon: unknown) => listOf(polygon, place).map((ring) => ringOf(ring, corners, place));
      const polygon: Polygon =
        type === 'Polygon'
          ? { type, coordinates: rings(coordinates) }
          : { type, coordinates: listOf(coordinates, place).map(rings) };
      const [lon, lat] = middleOf(polygon);
      return { kind: 'Regions', values: { Longitude: lon, Latitude: lat, Polygon: { is: 'polygon', polygon } } };
    }
    default:
      return { values: {} };
  }
}

function listOf(value: unknown, place: Text): unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new FormatError(wording`${place} has a geometry without coordinates: export it again.`);
  return value;
}

/** Longitude and latitude; a height is left out. */
function position(value: unknown, corners: Corners, place: Text): Position {
  const [lon, lat] = Array.isArray(value) ? (value as unknown[]) : [];
  if (--corners.left < 0)
    throw new FormatError(
      wording`${corners.name} has over ${inThousands(LIMITS.positions)} corners: simplify the outlines, a map shows no more.`,
    );
  if (typeof lon !== 'number' || typeof lat !== 'number' || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    throw new FormatError(
      wording`${place} is at ${String(JSON.stringify(value)?.slice(0, 60))}, no longitude and latitude: export it in WGS 84 (EPSG:4326).`,
    );
  return (value as unknown[]).length === 2 ? (value as Position) : [lon, lat]; // just looked; copies of all would weigh as much as the file
}

function ringOf(value: unknown, corners: Corners, place: Text): Position[] {
  const ring = listOf(value, place).map((p) => position(p, corners, place));
  const [first, last] = [ring[0]!, ring.at(-1)!];
  if (ring.length < 4 || first[0] !== last[0] || first[1] !== last[1])
    throw new FormatError(wording`${place} has an outline that is not closed: repair it and export it again.`);
  return ring;
}

const lengthOf = (line: readonly Position[]): number =>
  line.slice(1).reduce((sum, p, i) => sum + greatCircleKm(line[i]!, p), 0);

/** The middle of the largest outer ring by its area (in degrees, as it only places a mark), to a metre or so. */
function middleOf(polygon: Polygon): Position {
  const outer = polygon.type === 'Polygon' ? [polygon.coordinates[0]!] : polygon.coordinates.map((p) => p[0]!);
  let best: Position = outer[0]![0]!;
  let largest = -1;
  for (const ring of outer) {
    let [area, x, y] = [0, 0, 0];
    const [ox, oy] = ring[0]!;
    for (let i = 1; i < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!];
      const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
      area += cross;
      x += (ax + bx - 2 * ox) * cross;
      y += (ay + by - 2 * oy) * cross;
    }
    if (Math.abs(area) <= largest) continue;
    largest = Math.abs(area);
    best = area === 0 ? ring[0]! : [ox + x / (3 * area), oy + y / (3 * area)];
  }
  return [rounded(best[0]), rounded(best[1])];
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
