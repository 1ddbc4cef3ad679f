/**
 * GeoJSON (RFC 7946): longitude before latitude, WGS 84, outer rings counterclockwise, lines and boxes across the antimeridian as its
 * sections 3.1.9 and 5.2 want them. What has no place is a feature without geometry (section 3.2), so that nothing is lost.
 */
export type Position = [number, number];

export type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'MultiLineString'; coordinates: Position[][] }
  | { type: 'Polygon'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] };

export interface Feature {
  type: 'Feature';
  id: string;
  geometry: Geometry | null;
  properties: Record<string, string | number | null>;
}

/** Characters that a piece has at least, the last one aside. */
const PIECE = 1 << 15;

/** A feature collection as text, piece by piece; `places` are all positions that its box has to hold. */
export function* collection(name: string, places: Iterable<Position>, features: Iterable<Feature>): Generator<string> {
  const box = boundingBox(places);
  let piece = `{"type":"FeatureCollection","name":${JSON.stringify(name)}${box ? `,"bbox":${JSON.stringify(box)}` : ''},"features":[`;
  let first = true;
  for (const feature of features) {
    piece += `${first ? '' : ','}\n${JSON.stringify(feature)}`;
    first = false;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n]}\n`;
}

/** West, south, east, north around all positions, the narrowest there is: west is greater than east across the antimeridian. */
export function boundingBox(places: Iterable<Position>): [number, number, number, number] | null {
  let [south, north] = [90, -90];
  const seen = new Set<number>();
  for (const [lon, lat] of places) {
    seen.add(lon);
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  if (seen.size === 0) return null;
  const lons = [...seen].sort((a, b) => a - b);
  let [west, east] = [lons[0]!, lons.at(-1)!];
  let widest = west + 360 - east; // the gap that the box leaves out
  for (let i = 1; i < lons.length; i++) {
    const gap = lons[i]! - lons[i - 1]!;
    if (gap > widest) [widest, west, east] = [gap, lons[i]!, lons[i - 1]!];
  }
  return [west, south, east, north];
}

/** The line between two places the shorter way round; cut in two where that crosses the antimeridian. */
export function lineBetween(a: Position, b: Position): Geometry {
  const apart = b[0] - a[0];
  if (Math.abs(apart) <= 180) return { type: 'LineString', coordinates: [a, b] };
  const side = apart < 0 ? 180 : -180;
  const way = 360 - Math.abs(apart);
  const share = Math.abs(side - a[0]) / way;
  const lat = Number((a[1] + share * (b[1] - a[1])).toFixed(7));
  const parts: Position[][] = [
    [a, [side, lat]],
    [[-side, lat], b],
  ];
  // a place on the antimeridian itself has no line on its own side
  const lines = parts.filter(([p, q]) => p![0] !== q![0] || p![1] !== q![1]);
  return lines.length === 1
    ? { type: 'LineString', coordinates: lines[0]! }
    : { type: 'MultiLineString', coordinates: lines };
}

/** Rings turned as the right-hand rule wants them: the outer counterclockwise, holes clockwise. */
export function rightHanded(geometry: Geometry): Geometry {
  const turned = (rings: Position[][]) =>
    rings.map((ring, n) => (signedArea(ring) >= 0 === (n === 0) ? ring : ring.toReversed()));
  if (geometry.type === 'Polygon') return { type: 'Polygon', coordinates: turned(geometry.coordinates) };
  if (geometry.type === 'MultiPolygon') return { type: 'MultiPolygon', coordinates: geometry.coordinates.map(turned) };
  return geometry;
}

/** Twice the signed area in square degrees: above zero where the ring runs counterclockwise. */
function signedArea(ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [[x, y], [u, v]] = [ring[i]!, ring[(i + 1) % ring.length]!];
    sum += (u - x) * (v + y);
  }
  return -sum;
}

export function* positionsOf(geometry: Geometry): Generator<Position> {
  if (geometry.type === 'Point') yield geometry.coordinates;
  else if (geometry.type === 'LineString') yield* geometry.coordinates;
  else if (geometry.type === 'MultiPolygon') yield* geometry.coordinates.flat(2);
  else yield* geometry.coordinates.flat();
}
