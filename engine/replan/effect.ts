/** What a change has moved: the people-periods that each region has with it and without it, both from proven plans. */
import type { Coverage } from '../types.js';

export interface Effect {
  /** Met with less met without. */
  peoplePeriods: number;
  /** What the winners have won; what the losers have lost is this less `peoplePeriods`. */
  moved: number;
  /** Regions whose people-periods differ, the largest difference first. */
  regions: { region: string; with: number; without: number; peoplePeriods: number }[];
}

/** Differences below this share of what a region has are noise of doubles. */
const NOISE = 1e-9;

export function effectBetween(withIt: readonly Coverage[], without: readonly Coverage[]): Effect {
  const sums = (list: readonly Coverage[]) => {
    const byRegion = new Map<string, number>();
    for (const c of list) byRegion.set(c.region, (byRegion.get(c.region) ?? 0) + c.peoplePeriodsMet);
    return byRegion;
  };
  const [a, b] = [sums(withIt), sums(without)];
  const regions = [...new Set([...a.keys(), ...b.keys()])]
    .map((region) => {
      const [now, then] = [a.get(region) ?? 0, b.get(region) ?? 0];
      return { region, with: now, without: then, peoplePeriods: now - then };
    })
    .filter((r) => Math.abs(r.peoplePeriods) > NOISE * Math.max(1, r.with, r.without))
    .sort((x, y) => Math.abs(y.peoplePeriods) - Math.abs(x.peoplePeriods) || (x.region < y.region ? -1 : 1));
  const sum = (of: (n: number) => number) => regions.reduce((total, r) => total + of(r.peoplePeriods), 0);
  return { peoplePeriods: sum((n) => n), moved: sum((n) => Math.max(0, n)), regions };
}
