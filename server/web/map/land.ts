/** The outline of the land (Natural Earth, 1:50 million), fetched when a map is drawn; a module of its own, so that it comes alone. */
import { feature } from 'topojson-client';
import url from 'world-atlas/land-50m.json?url';
import type { Ring } from './mercator.js';

/** All its rings, in degrees; those of lakes count as holes where they are filled by the even-odd rule. */
export async function fetchLand(): Promise<Ring[]> {
  const atlas = await (await fetch(url)).json();
  const { features } = feature(atlas, atlas.objects.land) as unknown as {
    features: { geometry: { coordinates: Ring[][] } }[];
  };
  return features.flatMap(({ geometry }) => geometry.coordinates.flat());
}
