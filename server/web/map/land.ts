/** The outline of the land (Natural Earth, 1:50 million), fetched when a map is drawn; a module of its own, so that it comes alone. */
import type { GeoPermissibleObjects } from 'd3-geo';
import { feature } from 'topojson-client';
import url from 'world-atlas/land-50m.json?url';

export async function fetchLand(): Promise<GeoPermissibleObjects> {
  const atlas = await (await fetch(url)).json();
  return feature(atlas, atlas.objects.land);
}
