/** Mercator's projection of a few places, and what lies around them cut to the picture. Longitudes go the shorter way around. */

export interface Mercator {
  /** Degrees → pixels. */
  xy(lon: number, lat: number): [number, number];
  /** Pixels of 360°. */
  world: number;
}

/** Left, top, right, bottom in pixels. */
export type Box = readonly [number, number, number, number];
export type Ring = readonly (readonly number[])[];

const { PI, atan2, cos, log, max, min, round, sin, tan } = Math;
/** Nearer to a pole there is nothing to draw, and Mercator has no end. */
const POLE = 87;

const turned = (degrees: number) => degrees - 360 * round(degrees / 360);
const northing = (lat: number) => log(tan(PI / 4 + (max(-POLE, min(POLE, lat)) * PI) / 360));

/** All places in the box, as large as they fit, at most `most` pixels a radian. */
export function mercatorOf(places: readonly (readonly number[])[], [x0, y0, x1, y1]: Box, most = 400_000): Mercator {
  const mid = middle(places.map(([lon = 0]) => lon));
  const east = places.map(([lon = 0]) => (turned(lon - mid) * PI) / 180);
  const north = places.map(([, lat = 0]) => northing(lat));
  const [west, last] = ends(east);
  const [south, top] = ends(north);
  const k = min((x1 - x0) / (last - west), (y1 - y0) / (top - south), most);
  const [cx, cy] = [(x0 + x1 - k * (west + last)) / 2, (y0 + y1 + k * (south + top)) / 2];
  return {
    world: 2 * PI * k,
    xy: (lon, lat) => [cx + (k * turned(lon - mid) * PI) / 180, cy - k * northing(lat)],
  };
}

/** A point (x, y) of a picture goes to (by × x + dx, by × y + dy). */
export interface Move {
  by: number;
  dx: number;
  dy: number;
}

const goes = ([x = 0, y = 0]: readonly number[], { by, dx, dy }: Move): [number, number] => [by * x + dx, by * y + dy];
export const shifted = (ring: Ring, move: Move): Ring => ring.map((at) => goes(at, move));
export const moved = ({ xy, world }: Mercator, move: Move): Mercator => ({
  world: move.by * world,
  xy: (lon, lat) => goes(xy(lon, lat), move),
});

/** Least and most; a spread would be too many arguments for the borders of a nation. */
export const ends = (values: readonly number[]): [number, number] =>
  values.reduce(([least, most], value) => [min(least, value), max(most, value)], [Infinity, -Infinity]);

/** The mean direction: places on both sides of the 180th meridian lie together. */
function middle(longitudes: readonly number[]): number {
  let [s, c] = [0, 0];
  for (const lon of longitudes) {
    s += sin((lon * PI) / 180);
    c += cos((lon * PI) / 180);
  }
  return (atan2(s, c) * 180) / PI;
}

/**
 * A ring on the globe as rings of the picture. It is followed as one unbroken line, wherever the map's own edge runs, and shown once
 * more a world to the east and west where that is in the picture as well. A ring around a pole is closed along the pole.
 */
export function ringsIn(ring: Ring, { xy, world }: Mercator, [left, top, right, bottom]: Box): Ring[] {
  let x = 0;
  const line = ring.map(([lon = 0, lat = 0], i) => {
    const [at, y] = xy(lon, lat);
    x = i === 0 ? at : at + world * round((x - at) / world);
    return [x, y];
  });
  const [[first = 0] = [], [last = 0, y = 0] = []] = [line[0], line.at(-1)];
  if (Math.abs(last - first) > world / 2) {
    const pole = xy(0, y > xy(0, 0)[1] ? -90 : 90)[1];
    line.push([last, pole], [first, pole]);
  }
  const [west, east] = ends(line.map(([x = 0]) => x));
  const [north, south] = ends(line.map(([, y = 0]) => y));
  if (south < top || north > bottom) return [];
  return [-world, 0, world].flatMap((by) => {
    if (east + by < left || west + by > right) return [];
    const moved = line.map(([x = 0, y = 0]) => [x + by, y]);
    const rest = cutTo(moved, [left, top, right, bottom]);
    return rest.length > 2 ? [rest] : [];
  });
}

/** What of a ring lies in a box. */
export function cutTo(ring: Ring, [left, top, right, bottom]: Box): Ring {
  const beyond = [
    ([x = 0]: readonly number[]) => left - x,
    ([x = 0]: readonly number[]) => x - right,
    ([, y = 0]: readonly number[]) => top - y,
    ([, y = 0]: readonly number[]) => y - bottom,
  ];
  return beyond.reduce(cut, ring);
}

/** What of a ring is not beyond a line (Sutherland and Hodgman 1974); `beyond` is the distance, positive where it is. */
export function cut(ring: Ring, beyond: (at: readonly number[]) => number): Ring {
  return ring.flatMap((at, i) => {
    const before = ring.at(i - 1) ?? at;
    const [d, e] = [beyond(before), beyond(at)];
    const crossing = d > 0 !== e > 0 ? [between(before, at, d / (d - e))] : [];
    return e > 0 ? crossing : [...crossing, at];
  });
}

const between = ([ax = 0, ay = 0]: readonly number[], [bx = 0, by = 0]: readonly number[], share: number): number[] => [
  ax + (bx - ax) * share,
  ay + (by - ay) * share,
];
