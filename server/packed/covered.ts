/** Coverage by region and resource, and over all a region needs. Shares that follow from lots are not written, as they are worked out again. */
import type { Allocation, Coverage, Measures } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { addQuantities, wholeColumn } from './columns.js';
import type { Column } from './container.js';
import type { Head } from './read.js';
import type { Sections } from './sections.js';

export interface Covered {
  readonly length: number;
  /** Number of its region, of its resource. */
  region: Column;
  resource: Column;
  ratio: Float64Array;
  at(line: number): Coverage;
}

type ByRegion = Measures['byRegion'];

/** The last two are those before them where nothing that lasts is needed; then they are not written. */
const QUANTITIES = [
  ['needed', null],
  ['met', null],
  ['due', 'needed'],
  ['delivered', 'met'],
] as const;
const SUMS = ['needed', 'met', 'ratio'] as const;

export function writeCovered(
  columns: Map<string, Column>,
  { coverage, measures: { byRegion } }: Allocation,
  { regions, resources }: Scenario,
  region: (id: string) => number,
  resource: (id: string) => number,
): void {
  const covered = wholeColumn(coverage.map((one) => resource(one.resource)));
  columns.set('cover.region', wholeColumn(coverage.map((one) => region(one.region)))).set('cover.resource', covered);
  for (const [name, like] of QUANTITIES) {
    if (like && coverage.every((one) => one[name] === one[like])) continue;
    const quantities = coverage.map((one) => one[name]);
    addQuantities(columns, `cover.${name}`, quantities, covered, resources);
  }
  const ratio = ratiosOf(columns.get('cover.needed.lots'), columns.get('cover.met.lots'));
  if (!coverage.every((one, i) => one.ratio === ratio?.[i]))
    columns.set(
      'cover.ratio',
      Float64Array.from(coverage, (one) => one.ratio),
    );
  const sums = sumsOf(
    regions.map(({ id }) => id),
    columns.get('cover.region') ?? [],
    (line) => coverage[line]!.peoplePeriodsNeeded,
    (line) => coverage[line]!.peoplePeriodsMet,
  );
  if (
    sums.length === byRegion.length &&
    sums.every((sum, j) => SUMS.every((name) => sum[name] === byRegion[j]?.[name]))
  )
    return;
  for (const name of SUMS)
    columns.set(
      `region.${name}`,
      Float64Array.from(byRegion, (one) => one[name]),
    );
}

/** `ids` of the regions. */
export function readCovered(
  sections: Sections,
  ids: readonly string[],
  { lots, scenario: { resources } }: Head,
): { coverage: Covered; byRegion: ByRegion } {
  const { column, doubles, has, quantities } = sections;
  const region = column('cover.region');
  const { length } = region;
  const resource = column('cover.resource', length);
  const [needed, met, due, delivered] = QUANTITIES.map(([name, like]) => {
    const written = !like || has(`cover.${name}`) || has(`cover.${name}.lots`);
    return quantities(`cover.${written ? name : like}`, resource, lots);
  });
  const ratio = has('cover.ratio')
    ? doubles('cover.ratio', length)
    : ratiosOf(column('cover.needed.lots', length), column('cover.met.lots', length));
  const people = resources.map(({ peoplePerUnit = 1 }) => peoplePerUnit);
  const inPeople = (units: number, line: number) => units * people[resource[line]!]!;
  const coverage: Covered = {
    ...{ length, region, resource, ratio: ratio! },
    at(line) {
      const [needs, gets] = [needed!(line), met!(line)];
      return {
        ...{ region: ids[region[line]!]!, resource: resources[resource[line]!]!.id, needed: needs, met: gets },
        ...{ ratio: ratio![line]!, due: due!(line), delivered: delivered!(line) },
        ...{ peoplePeriodsNeeded: inPeople(needs, line), peoplePeriodsMet: inPeople(gets, line) },
      };
    },
  };
  if (!has('region.needed'))
    return {
      coverage,
      byRegion: sumsOf(
        ids,
        region,
        (line) => inPeople(needed!(line), line),
        (line) => inPeople(met!(line), line),
      ),
    };
  const [n, m, r] = SUMS.map((name) => doubles(`region.${name}`, ids.length));
  return { coverage, byRegion: ids.map((id, j) => ({ region: id, needed: n![j]!, met: m![j]!, ratio: r![j]! })) };
}

/** met ÷ needed of whole lots, one rounding, as the engine's measures have it. */
function ratiosOf(needed: Column | undefined, met: Column | undefined): Float64Array | undefined {
  return needed && met && Float64Array.from(needed, (lots, i) => met[i]! / lots);
}

/** People-periods of each region, added in the order of the coverage, as the engine's measures do. */
function sumsOf(
  ids: readonly string[],
  of: ArrayLike<number>,
  needed: (line: number) => number,
  met: (line: number) => number,
): ByRegion {
  const sums = ids.map((region) => ({ region, needed: 0, met: 0, ratio: 1 }));
  for (let line = 0; line < of.length; line++) {
    const sum = sums[of[line]!]!;
    sum.needed += needed(line);
    sum.met += met(line);
  }
  for (const sum of sums) if (sum.needed > 0) sum.ratio = sum.met / sum.needed;
  return sums;
}
