/** Who gains and who loses: people-periods by region and resource, and by region over all resources. */
import type { Coverage } from '../types.js';
import { byText, differs } from './noise.js';
import type { Change, Difference, RegionChange } from './types.js';

const NOTHING = { needed: 0, met: 0 };
type Totals = typeof NOTHING;

export const pairKey = (c: { region: string; resource: string }): string => JSON.stringify([c.region, c.resource]);

/** People-periods needed and met of each region, over its resources. */
export function regionTotals(coverage: readonly Coverage[]): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const c of coverage) {
    const sum = totals.get(c.region) ?? { ...NOTHING };
    sum.needed += c.peoplePeriodsNeeded;
    sum.met += c.peoplePeriodsMet;
    totals.set(c.region, sum);
  }
  return totals;
}

/** What the others are held against, indexed once. */
export interface Indexed {
  pairs: Map<string, Coverage>;
  regions: Map<string, Totals>;
}

export function indexCoverage(coverage: readonly Coverage[]): Indexed {
  return { pairs: new Map(coverage.map((c) => [pairKey(c), c])), regions: regionTotals(coverage) };
}

export function changesBetween(
  first: Indexed,
  coverage: readonly Coverage[],
  { top, tolerance }: { top: number | undefined; tolerance: number },
): Pick<Difference, 'gained' | 'lost' | 'total' | 'regions' | 'changes'> {
  const other = indexCoverage(coverage);
  const totals = (c: Coverage | undefined) =>
    c ? { needed: c.peoplePeriodsNeeded, met: c.peoplePeriodsMet } : NOTHING;

  const changes: Change[] = [];
  for (const key of new Set([...first.pairs.keys(), ...other.pairs.keys()])) {
    const [b, a] = [first.pairs.get(key), other.pairs.get(key)];
    const { region, resource } = (a ?? b)!;
    const change = changeOf(region, totals(b), totals(a));
    // the ratio as stated, which is that of exact numbers
    if (changed(change, tolerance))
      changes.push({ ...change, resource, ratioBefore: b?.ratio ?? 0, ratioAfter: a?.ratio ?? 0 });
  }
  const regions: RegionChange[] = [];
  for (const region of new Set([...first.regions.keys(), ...other.regions.keys()])) {
    const change = changeOf(region, first.regions.get(region) ?? NOTHING, other.regions.get(region) ?? NOTHING);
    if (changed(change, tolerance)) regions.push(change);
  }
  changes.sort(
    (a, b) => a.peoplePeriods - b.peoplePeriods || byText(a.region, b.region) || byText(a.resource, b.resource),
  );
  regions.sort((a, b) => a.peoplePeriods - b.peoplePeriods || byText(a.region, b.region));
  const total = (sign: number) => changes.reduce((sum, c) => sum + Math.max(0, sign * c.peoplePeriods), 0);
  return {
    gained: total(1),
    lost: total(-1),
    total: { regions: regions.length, changes: changes.length },
    regions: ends(regions, top),
    changes: ends(changes, top),
  };
}

function changeOf(region: string, b: Totals, a: Totals): RegionChange {
  return {
    region,
    before: b.met,
    after: a.met,
    peoplePeriods: a.met - b.met,
    ratioBefore: b.needed > 0 ? b.met / b.needed : 0,
    ratioAfter: a.needed > 0 ? a.met / a.needed : 0,
    neededBefore: b.needed,
    neededAfter: a.needed,
  };
}

/** False for noise; what is left of a change of met need that is noise is set to nothing. */
function changed(change: RegionChange, tolerance: number): boolean {
  const met = differs(change.before, change.after, tolerance);
  if (!met) change.peoplePeriods = 0;
  return met || differs(change.neededBefore, change.neededAfter, tolerance);
}

/** The first and the last so many of a list. */
function ends<X>(list: X[], top: number | undefined): X[] {
  if (top === undefined || list.length <= 2 * top) return list;
  return [...list.slice(0, top), ...list.slice(list.length - top)];
}
