/** Kilometres between two places where the file gives none. */

/** Mean radius (2a + b) ÷ 3 of the WGS 84 ellipsoid in km: IUGG, Moritz (2000), Geodetic Reference System 1980. */
const EARTH_RADIUS_KM = 6371.0088;

/**
 * Kilometres travelled for each kilometre of great circle. Roads: Ballou, Rahardja & Sakai (2002), "Selected
 * country circuity factors for travel distance estimation", Transportation Research A 36, find 1.2 to 1.6 over
 * most countries, 1.4 as a cautious middle where roads are damaged. Boats follow a coast or a river; on foot and
 * with animals a path winds less than a road for vehicles. Aircraft fly nearly straight.
 */
const DETOUR: Readonly<Record<string, number>> = {
  truck: 1.4,
  road: 1.4,
  rail: 1.3,
  boat: 1.5,
  ship: 1.5,
  foot: 1.3,
  air: 1.05,
  plane: 1.05,
  helicopter: 1.05,
  drone: 1.05,
};
/** A mode we do not know is taken for a road. */
const DEFAULT_DETOUR = 1.4;

/** The detour factor of a mode (km travelled a km of great circle); 1.4 for an unknown one. */
export function detourFactor(mode: string): number {
  return Object.hasOwn(DETOUR, mode) ? (DETOUR[mode] ?? DEFAULT_DETOUR) : DEFAULT_DETOUR;
}

/**
 * Great-circle km between two [longitude, latitude] in degrees, by the haversine formula (Sinnott 1984, "Virtues
 * of the haversine", Sky & Telescope 68).
 */
export function greatCircleKm(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180;
  const sinLat = Math.sin(((b[1] - a[1]) * rad) / 2);
  const sinLon = Math.sin(((b[0] - a[0]) * rad) / 2);
  const h = sinLat * sinLat + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}

/**
 * Estimated km of a route: great circle times the mode's detour factor, rounded to a metre. Sine and cosine may
 * differ in the last bit between machines, which a metre hides, so that all compile the same network.
 */
export function routeKm(a: readonly [number, number], b: readonly [number, number], mode: string): number {
  return Math.round(greatCircleKm(a, b) * detourFactor(mode) * 1000) / 1000;
}

/**
 * Great-circle km from a point to the nearest point of the shorter great-circle arc from `a` to `b`, all [longitude, latitude]
 * in degrees: the distance to the circle where the foot of the perpendicular lies on the arc, else to the nearer end.
 */
export function arcKm(
  p: readonly [number, number],
  a: readonly [number, number],
  b: readonly [number, number],
): number {
  const [P, A, B] = [onSphere(p), onSphere(a), onSphere(b)];
  const ends = Math.min(greatCircleKm(p, a), greatCircleKm(p, b));
  const normal = cross(A, B);
  const length = Math.hypot(...normal);
  // Within a centimetre of each other rounding hides the direction; opposite ends leave the arc open.
  if (length < 1e-9) return ends;
  // The foot lies between a and b where P is on b's side of a, and on a's side of b, along the circle.
  if (!(dot(cross(normal, A), P) > 0 && dot(cross(B, normal), P) > 0)) return ends;
  return EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.abs(dot(normal, P)) / length));
}

type Vector = readonly [number, number, number];

function onSphere([longitude, latitude]: readonly [number, number]): Vector {
  const rad = Math.PI / 180;
  const [lon, lat] = [longitude * rad, latitude * rad];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
