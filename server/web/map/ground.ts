/** Where everything lies on the canvas: a Mercator projection of the places, cells around regions, the coast. */
import type { Mapped, Site } from '../shared/plan.js';
import { cellsOf, nearestTo } from './cells.js';
import { makeRoom } from './frame.js';
import { type Box, cutTo, type Mercator, mercatorOf, moved, type Ring, ringsIn, shifted } from './mercator.js';

export interface Placed {
  site: Site;
  x: number;
  y: number;
}

export interface Ground {
  width: number;
  height: number;
  regions: (Placed & { cell: Path2D | null })[];
  others: Placed[];
  places: Map<string, Placed>;
  /** The region that a point of the plane belongs to; null outside of all. */
  regionAt(x: number, y: number, context: CanvasRenderingContext2D): string | null;
  polygons: boolean;
  mercator: Mercator;
}

type Geometry =
  | { type: 'Polygon'; coordinates: readonly Ring[] }
  | { type: 'MultiPolygon'; coordinates: readonly (readonly Ring[])[] };

/** Borders of a region, where the scenario has them. */
function geometryOf(region: object): Geometry | null {
  const polygon: unknown = Reflect.get(region, 'polygon');
  if (typeof polygon !== 'object' || polygon === null || !('type' in polygon) || !('coordinates' in polygon))
    return null;
  return polygon.type === 'Polygon' || polygon.type === 'MultiPolygon' ? (polygon as Geometry) : null;
}

const ringsOf = (geometry: Geometry): readonly Ring[] =>
  geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();

/** Margins of places, whose names stand beside them, and of their surroundings. */
const [PAD, EDGE] = [36, 4];

/** Null where nothing has coordinates. */
export function groundOf({ sites, scenario }: Mapped, width: number, height: number): Ground | null {
  const located = [...sites.values()].filter((site) => site.at !== null);
  if (located.length === 0) return null;
  const shapes = new Map(
    scenario.regions.flatMap((region) => {
      const geometry = geometryOf(region);
      return geometry ? [[region.id, ringsOf(geometry)] as const] : [];
    }),
  );
  const corners = [...located.map(({ at }) => at ?? []), ...[...shapes.values()].flat(2)];
  const box: Box = [PAD, PAD + 14, width - PAD, height - PAD];
  const frame: Box = [EDGE, EDGE, width - EDGE, height - EDGE];
  let mercator = mercatorOf(corners, box);
  const place = (site: Site): Placed => {
    const [x, y] = mercator.xy(...(site.at ?? [0, 0]));
    return { site, x, y };
  };
  const isRegion = ({ site }: Placed) => site.kind === 'region';
  let placed = located.map(place);
  const polygons = shapes.size > 0;
  let around = polygons ? [] : cellsOf(placed.filter(isRegion));
  if (!polygons) {
    const move = makeRoom(placed, around, box, frame);
    mercator = moved(mercator, move);
    placed = located.map(place);
    around = around.map((ring) => ring && cutTo(shifted(ring, move), frame));
  }
  const regions = placed.filter(isRegion);
  const cells = regions.map((one, i) => {
    const rings = shapes.get(one.site.id);
    if (rings)
      return {
        ...one,
        cell: pathOf(rings.map((ring) => ring.map(([lon = 0, lat = 0]) => mercator.xy(lon, lat)))),
      };
    const ring = around[i];
    return { ...one, cell: ring ? pathOf([ring]) : null };
  });
  return {
    ...{ width, height, polygons, mercator },
    regions: cells,
    others: placed.filter(({ site }) => site.kind !== 'region'),
    places: new Map(placed.map((one) => [one.site.id, one])),
    regionAt(x, y, context) {
      if (regions.length === 0) return null;
      const inside = (i: number) => {
        const cell = cells[i]?.cell;
        return cell ? context.isPointInPath(cell, x, y, 'evenodd') : false;
      };
      const near = nearestTo(regions, x, y);
      const found = inside(near) ? near : polygons ? cells.findIndex((_, i) => inside(i)) : -1;
      if (found < 0) return null;
      return cells[found]?.site.id ?? null;
    },
  };
}

function pathOf(rings: readonly Ring[]): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    for (const [i, [x = 0, y = 0]] of ring.entries()) i === 0 ? path.moveTo(x, y) : path.lineTo(x, y);
    path.closePath();
  }
  return path;
}

/** The coast around the places; null where most regions would lie in the sea, as those of generated scenarios. */
export async function coastOf({ mercator, width, height, regions }: Ground): Promise<Path2D | null> {
  const land = await (await import('./land.js')).fetchLand();
  const path = pathOf(land.flatMap((ring) => ringsIn(ring, mercator, [-width, -height, 2 * width, 2 * height])));
  const context = document.createElement('canvas').getContext('2d');
  const ashore = regions.filter(({ x, y }) => context?.isPointInPath(path, x, y, 'evenodd')).length;
  return ashore >= 0.6 * regions.length ? path : null;
}
