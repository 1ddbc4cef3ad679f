/**
 * Routes from coordinates. Of each mode every region gets a route from the k nearest depots and hubs, and every hub one from the k nearest
 * depots: nearest by km travelled, of two equally far the one that the file names first. Kilometres are great circle × detour factor,
 * in tenths; a lead is the number of period ends that a vehicle sees on its way; the cost is by tonne and tonne-km, in cents.
 */
import { detourFactor, greatCircleKm } from '../distance.js';
import type { Draft } from '../needs/draft.js';
import { ceil, type Fraction, fraction, over, plus, times } from '../needs/fraction.js';
import { daysOf } from '../needs/phases.js';
import type { Scenario } from '../schema.js';
import type { Mode } from './transport.js';

export type Route = Scenario['routes'][number];

/** A mode of the table with what the draft asks of it. */
export interface Way {
  mode: Mode;
  k: number;
  from?: ReadonlySet<string>;
  to?: ReadonlySet<string>;
}

interface Place {
  id: string;
  at: readonly [number, number];
}

export interface Proposals {
  routes: Route[];
  /** Regions and hubs that no route of a mode could be proposed for, and why. */
  without: { mode: string; to: string; why: string }[];
}

/** `closed(mode, from, to)`: periods in which a proposed route is closed. */
export function proposeRoutes(
  draft: Draft,
  ways: readonly Way[],
  closed: (mode: string, from: string, to: string) => number[],
): Proposals {
  const placed = (sites: readonly { id: string; at?: [number, number] }[]): Place[] =>
    sites.flatMap(({ id, at }) => (at === undefined ? [] : [{ id, at }]));
  const depots = placed(draft.depots);
  const hubs = placed(draft.hubs ?? []);
  const regions = placed(draft.regions);
  const { count } = draft.periods;
  const days = daysOf(draft.periods);
  const routes: Route[] = [];
  const without: Proposals['without'] = [];

  for (const { mode, k, from, to } of ways) {
    const allowed = (sources: Place[]) => sources.filter((s) => from === undefined || from.has(s.id));
    const connect = (target: Place, sources: Place[]) => {
      if (to !== undefined && !to.has(target.id)) return;
      const near = nearestTo(target, sources, mode, k);
      const made = near.flatMap(({ id, km }): Route[] => {
        const leadPeriods = leadOf(mode, km, days);
        if (leadPeriods >= count) return [];
        const closedIn = closed(mode.mode, id, target.id);
        const costPerTonne = costOf(mode, km);
        return [
          {
            ...{ from: id, to: target.id, mode: mode.mode, km },
            ...(leadPeriods > 0 ? { leadPeriods } : {}),
            ...(costPerTonne > 0 ? { costPerTonne } : {}),
            ...(closedIn.length > 0 ? { closed: closedIn } : {}),
          },
        ];
      });
      if (made.length === 0)
        without.push({
          ...{ mode: mode.mode, to: target.id },
          why:
            near.length > 0
              ? 'what is near comes too late'
              : mode.maxKm
                ? `nothing within ${mode.maxKm} km`
                : 'no depot',
        });
      routes.push(...made);
    };
    for (const hub of hubs) connect(hub, allowed(depots));
    for (const region of regions) connect(region, allowed([...depots, ...hubs]));
  }
  return { routes, without };
}

/** Kilometres travelled, in tenths: more would be false precision, and tenths hide the last bits in which sines differ between machines. */
export function travelKm(a: readonly [number, number], b: readonly [number, number], mode: Mode): number {
  return Math.round(greatCircleKm(a, b) * (mode.detour ?? detourFactor(mode.mode)) * 10) / 10;
}

function nearestTo(target: Place, sources: readonly Place[], mode: Mode, k: number): { id: string; km: number }[] {
  return sources
    .map(({ id, at }) => ({ id, km: travelKm(at, target.at, mode) }))
    .filter(({ km }) => mode.maxKm === undefined || km <= mode.maxKm)
    .sort((a, b) => a.km - b.km) // stable: of equally far ones the first
    .slice(0, k);
}

/** Period ends between departure and arrival: 0 where loading, way and unloading are done within the hours of one period. */
export function leadOf({ speedKmh, hoursADay, handlingHours }: Mode, km: number, days: Fraction): number {
  const hours = plus(fraction(handlingHours), over(fraction(km), fraction(speedKmh)));
  const periods = ceil(over(hours, times(days, fraction(hoursADay))));
  return Number(periods > 0n ? periods - 1n : 0n);
}

/** Cost of a tonne over the way, rounded up to a cent. */
export function costOf({ costPerTonneKm, costPerTonne = 0 }: Mode, km: number): number {
  const exact = plus(fraction(costPerTonne), times(fraction(costPerTonneKm), fraction(km)));
  return Number(ceil(times(exact, fraction(100)))) / 100;
}

/** Loaded kilometres of a vehicle in a period: half of what it drives, since it comes back empty. */
export function loadedKm({ speedKmh, hoursADay }: Mode, days: Fraction): number {
  const { n, d } = times(times(fraction(speedKmh), fraction(hoursADay)), times(days, { n: 1n, d: 2n }));
  return Number(n) / Number(d);
}
