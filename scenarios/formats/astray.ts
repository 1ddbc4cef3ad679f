/** Places that lie far from all the others, and would lie among them had two numbers been exchanged or a sign not been lost. */
import { greatCircleKm } from '../distance.js';
import type { Scenario } from '../schema.js';
import { type Wording, wording } from '../wording.js';

export interface Astray {
  /** Where the site is in the scenario: /regions/3. */
  pointer: string;
  id: string;
  /** Kilometres to the middle of all places, rounded. */
  km: number;
  mend: Wording;
}

/** Nearer than this nobody can say that a place is not meant. */
const FAR_KM = 500;
/** So many times nearer it has to be with the mend. */
const NEARER = 5;

type At = readonly [number, number];
const MENDS: readonly [mend: Wording, change: (at: At) => At][] = [
  [wording`exchange Longitude and Latitude`, ([lon, lat]) => [lat, lon]],
  [wording`give Latitude its sign: south is negative`, ([lon, lat]) => [lon, -lat]],
  [wording`give Longitude its sign: west is negative`, ([lon, lat]) => [-lon, lat]],
];

/** The middle is the median of either coordinate, which a few wrong ones do not move. */
export function placesAstray(scenario: Pick<Scenario, 'depots' | 'hubs' | 'regions'>): Astray[] {
  const sites = (['depots', 'hubs', 'regions'] as const).flatMap((list) =>
    (scenario[list] ?? []).flatMap(({ id, at }, i) => (at === undefined ? [] : [{ pointer: `/${list}/${i}`, id, at }])),
  );
  if (sites.length < 4) return []; // of three places nobody knows which two are right
  const middle: At = [median(sites.map((s) => s.at[0])), median(sites.map((s) => s.at[1]))];
  return sites.flatMap(({ pointer, id, at }) => {
    const km = greatCircleKm(at, middle);
    if (km < FAR_KM) return [];
    const mended = MENDS.map(([mend, change]) => ({ mend, to: change(at) }))
      .filter(({ to }) => Math.abs(to[1]) <= 90)
      .map(({ mend, to }) => ({ mend, km: greatCircleKm(to, middle) }))
      .sort((a, b) => a.km - b.km)[0];
    return mended !== undefined && mended.km * NEARER < km
      ? [{ pointer, id, km: Math.round(km), mend: mended.mend }]
      : [];
  });
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
