/**
 * The reference family: made-up countries of six sizes for tests, benchmarks and comparison with other
 * solvers. Depots and regions lie in clusters; a disaster strikes near the first and fades with distance; what is
 * stocked and arrives falls short of the need.
 */
import { nearestPlaces } from './neighbours.js';
import { decimals, exp, normal, uniform } from './random.js';
import type { Scenario } from './schema.js';
import type { Stage } from './stages.js';

/** depots × regions × resources × periods, and how many of the nearest depots have a route to a region. */
const PRESETS = {
  tiny: { I: 3, J: 12, K: 3, T: 2, near: 3 },
  district: { I: 6, J: 60, K: 8, T: 7, near: 4 },
  province: { I: 21, J: 183, K: 12, T: 7, near: 6 },
  'nation-day': { I: 333, J: 2844, K: 12, T: 1, near: 8 },
  'nation-week': { I: 333, J: 2844, K: 12, T: 7, near: 8 },
  // the counties as depots, the townships of the same country as regions: 87 million flows
  'township-fortnight': { I: 2844, J: 38741, K: 20, T: 14, near: 8 },
} as const;

export type PresetName = keyof typeof PRESETS;

/** The names `generate` knows, smallest first. */
export function presetNames(): PresetName[] {
  // Object.keys is typed for objects that may have more keys than their type says; this one has not.
  return Object.keys(PRESETS) as PresetName[];
}

// Half the need of a region is worth three times the other half. Costs decide only between equals.
const policy = (): Stage[] => [
  {
    stage: 'need',
    bands: [
      { upTo: 0.5, value: 3 },
      { upTo: 1, value: 1 },
    ],
    costWeight: 0.001,
  },
];

type Point = readonly [x: number, y: number];

/**
 * A scenario of the reference family: the same for the same preset and seed (an integer from 0 to 2^32 − 1) on
 * every machine. Quantities in tonnes with lots of 0.0001 t. Throws a RangeError for another preset or seed.
 */
export function generate(preset: PresetName, seed: number): Scenario {
  if (!Object.hasOwn(PRESETS, preset))
    throw new RangeError(`no preset ${JSON.stringify(preset)}; there are ${presetNames().join(', ')}`);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new RangeError(`the seed is a whole number from 0 to 4294967295, not ${seed}`);
  return country(PRESETS[preset], preset, seed);
}

/** Depots, regions, resources, periods, routes to each region (at most I). */
export interface Size {
  I: number;
  J: number;
  K: number;
  T: number;
  near: number;
}

/** A scenario of the family in any size; `generate` has the ones with a name. */
export function country({ I, J, K, T, near }: Size, name: string, seed: number): Scenario {
  const next = uniform(seed);
  const list = <V>(length: number, make: (i: number) => V): V[] => Array.from({ length }, (_, i) => make(i));

  const clusters = list(Math.max(2, Math.round(Math.sqrt(I))), (): Point => [next() * 1000, next() * 1000]);
  const around = ([x, y]: Point, km: number): Point => [x + km * normal(next), y + km * normal(next)];
  const inCluster = () => around(clusters[Math.floor(next() * clusters.length)]!, 60);
  const depotAt = list(I, inCluster);
  const regionAt = list(J, inCluster);
  const epicentre = around(clusters[0]!, 30);

  const population = list(J, () => Math.round(exp(10.5 + 0.9 * normal(next))));
  const hit = regionAt.map((p) => {
    const strength = exp(-distance(p, epicentre) / 250) * (0.7 + 0.6 * next());
    return Math.min(1, Math.max(0.02, strength));
  });
  const tonnesPerPerson = list(K, () => exp(-6 + 1.2 * normal(next)));
  const worth = list(K, () => 1 + 9 * next());
  const vulnerability = list(J, () => 0.8 + 0.6 * next());

  // The need falls by 8 % of the first day's each day; over more than a week slower, to about half at the end.
  const fading = Math.min(0.08, 0.56 / T);
  // demand[j][k][t], tonnes
  const demand = list(J, (j) =>
    list(K, (k) =>
      list(T, (t) =>
        decimals(population[j]! * hit[j]! * tonnesPerPerson[k]! * (1 - fading * t) * (0.9 + 0.2 * next()), 4),
      ),
    ),
  );
  const firstDay = demand.map((byResource) => sum(byResource.map((byPeriod) => byPeriod[0]!)));
  const ofResource = list(K, (k) => sum(demand.map((byResource) => sum(byResource[k]!))));
  const tonnesADay = sum(ofResource) / T;

  const size = list(I, () => 0.2 + next());
  const share = size.map((s) => s / sum(size));
  // supply[i][k][t], tonnes: half at once, half spread over the later periods; 55 to 101 % of the need in all.
  const supply = list(I, (i) =>
    list(K, (k) => {
      const scarcity = 0.55 + (0.5 * ((k * 7919) % 13)) / 13;
      return list(T, (t) => {
        const part = T === 1 ? 1 : t === 0 ? 0.5 : 0.5 / (T - 1);
        return decimals(ofResource[k]! * scarcity * part * share[i]! * (0.6 + 0.8 * next()), 4);
      });
    }),
  );

  const [depotId, regionId, resourceId] = [ids('D', I), ids('R', J), ids('K', K)];
  const depotPlaces = { x: Float64Array.from(depotAt, ([x]) => x), y: Float64Array.from(depotAt, ([, y]) => y) };
  const closest = new Int32Array(near);
  const lengths = new Float64Array(near);
  const routes = regionAt.flatMap(([x, y], j) => {
    nearestPlaces(depotPlaces, x, y, roadLength, closest, lengths);
    return list(near, (n) => {
      const air = n === near - 1;
      const km = lengths[n]!;
      return {
        from: depotId[closest[n]!]!,
        to: regionId[j]!,
        mode: air ? 'air' : 'truck',
        km: decimals(km, 2),
        leadPeriods: T > 1 && !air && km > 220 ? 1 : 0,
        costPerTonne: decimals((air ? 1.2 : 0.11) * km + 4, 3),
        ...(next() < 0.6 ? { capacityTonnes: decimals(firstDay[j]! * (0.15 + 0.5 * next()), 4) } : {}),
      };
    });
  });
  const handling = share.map((s) => decimals(tonnesADay * s * (0.7 + 0.6 * next()), 4));
  // Were every first day's need carried from the second nearest depot.
  const roadKm = sum(firstDay.map((tonnes, j) => tonnes * routes[j * near + 1]!.km));

  return {
    evenhand: 1,
    id: `${name}-${seed}`,
    title: `Reference family: ${I} depots, ${J} regions, ${K} resources, ${T} period${T === 1 ? '' : 's'}`,
    source: `made up by generate('${name}', ${seed})`,
    periods: { count: T, length: 'P1D' },
    // A unit is a tonne of something worth `worth`, not a ration: peoplePerUnit 1 keeps the weight of a tonne the plain
    // product priority × importance, and measures of "people" then count tonnes.
    resources: list(K, (k) => ({
      id: resourceId[k]!,
      unit: 'tonne',
      weightKg: 1000,
      lot: 0.0001,
      kind: 'consumable' as const,
      peoplePerUnit: 1,
      importance: decimals(worth[k]! * 10, 2),
    })),
    depots: list(I, (i) => ({
      id: depotId[i]!,
      at: lonLat(depotAt[i]!),
      stock: Object.fromEntries(supply[i]!.map((byPeriod, k) => [resourceId[k]!, byPeriod[0]!])),
      arrivals: supply[i]!.flatMap((byPeriod, k) =>
        byPeriod.slice(1).map((quantity, t) => ({ period: t + 1, resource: resourceId[k]!, quantity })),
      ),
      handlingTonnes: handling[i]!,
    })),
    regions: list(J, (j) => ({
      id: regionId[j]!,
      at: lonLat(regionAt[j]!),
      people: decimals(population[j]! * hit[j]!, 0),
      priority: decimals(vulnerability[j]!, 4),
      demand: Object.fromEntries(demand[j]!.map((byPeriod, k) => [resourceId[k]!, byPeriod])),
    })),
    routes,
    fleets: [
      { mode: 'truck', tonneKm: decimals(roadKm * 0.75, 3) },
      { mode: 'air', tonneKm: decimals(roadKm * 0.1, 3) },
    ],
    budget: { amount: decimals((roadKm * 0.11 + tonnesADay * 4) * T * 0.8, 2), currency: 'USD' },
    policy: policy(),
  };
}

/** Kilometres in the plane. */
function distance([x, y]: Point, [u, v]: Point): number {
  return Math.sqrt((x - u) * (x - u) + (y - v) * (y - v));
}

/** Kilometres that count between two places so far apart: a detour, and the way to the road. */
const roadLength = (straight: number): number => straight * 1.3 + 5;

/** The plane on the map: around the equator in the empty Pacific, lest it be taken for a real country. */
function lonLat([x, y]: Point): [number, number] {
  const kmPerDegree = 111.195;
  return [decimals(-130 + x / kmPerDegree, 4), decimals(-5 + y / kmPerDegree, 4)];
}

/** D001, D002, …: equally long, so that they sort in order. */
function ids(letter: string, count: number): string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, i) => letter + String(i + 1).padStart(width, '0'));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
