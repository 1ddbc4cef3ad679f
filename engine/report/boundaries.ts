/** Polygons of regions from a GeoJSON file, found by the property that names the regions. */
import { type Geometry, type Position, rightHanded } from './geojson.js';

/** Positions of all polygons together; a country at the scale of maps has some hundred thousand. */
const MOST_POSITIONS = 5_000_000;

/**
 * Polygons by region id. `property` names the region in each feature; where absent, the property (or the feature's id) by which most
 * of the regions are found. Throws a RangeError, with the feature's place, for what is no GeoJSON of polygons; features of other places are left out.
 */
export function readBoundaries(value: unknown, regions: readonly string[], property?: string): Map<string, Geometry> {
  const features = Object(value).type === 'FeatureCollection' ? Object(value).features : undefined;
  if (!Array.isArray(features))
    throw new RangeError('boundaries: expected a GeoJSON FeatureCollection (RFC 7946) with polygons of the regions');
  const known = new Set(regions);
  const list = features.map((feature) => {
    const { id, properties, geometry } = Object(feature ?? {});
    return {
      geometry,
      names: { ...Object(properties ?? {}), ...(id === undefined ? {} : { id }) } as Record<string, unknown>,
    };
  });
  const found = new Map<string, number>();
  for (const { names } of list)
    for (const [name, named] of Object.entries(names))
      if (known.has(String(named))) found.set(name, (found.get(name) ?? 0) + 1);
  const by = property ?? [...found].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
  if (by === undefined)
    throw new RangeError(
      `boundaries: no property of any feature names a region of the scenario, such as '${regions[0]}'; give the regions the codes of the file, or the file those of the regions`,
    );
  const polygons = new Map<string, Geometry>();
  let positions = 0;
  list.forEach(({ names, geometry }, n) => {
    const region = String(names[by] ?? '');
    if (!known.has(region)) return;
    const place = `boundaries: /features/${n}/geometry`;
    if (polygons.has(region))
      throw new RangeError(`${place}: region '${region}' has a polygon already; join them to one MultiPolygon`);
    const { type, coordinates } = Object(geometry ?? {});
    if (type !== 'Polygon' && type !== 'MultiPolygon')
      throw new RangeError(
        `${place}: expected a Polygon or MultiPolygon of region '${region}', found ${JSON.stringify(type ?? null)}`,
      );
    const parts: unknown = type === 'Polygon' ? [coordinates] : coordinates;
    if (!Array.isArray(parts)) throw new RangeError(`${place}/coordinates: expected a list`);
    const read = parts.map((rings) => (Array.isArray(rings) ? rings.map((ring) => readRing(ring, place)) : []));
    if (read.length === 0 || read.some((rings) => rings.length === 0))
      throw new RangeError(`${place}: a polygon without rings`);
    positions += read.flat().reduce((sum, ring) => sum + ring.length, 0);
    if (positions > MOST_POSITIONS)
      throw new RangeError(`boundaries: more than ${MOST_POSITIONS} positions; simplify the polygons`);
    polygons.set(
      region,
      rightHanded(type === 'Polygon' ? { type, coordinates: read[0]! } : { type: 'MultiPolygon', coordinates: read }),
    );
  });
  return polygons;
}

function readRing(ring: unknown, place: string): Position[] {
  if (!Array.isArray(ring) || ring.length < 4)
    throw new RangeError(`${place}: a ring has four positions at least, the last the same as the first`);
  const list = ring.map((p): Position => {
    const [lon, lat] = Array.isArray(p) ? p : [];
    if (!(typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
      throw new RangeError(
        `${place}: ${JSON.stringify(p)} is no [longitude, latitude] in degrees; convert the file to WGS 84`,
      );
    return [lon, lat];
  });
  const [first, last] = [list[0]!, list.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1])
    throw new RangeError(`${place}: a ring that does not end where it begins`);
  return list;
}
