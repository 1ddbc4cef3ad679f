/** Who counts for an item: all who were hit, or those of one sex and age. */
import { type DraftRegion, figuresOf, type PlanningFigure } from './draft.js';
import { ceil, type Fraction, fraction, over, plus, times } from './fraction.js';
import type { Item } from './standards.js';

const OLDEST = 120;

export interface Counted {
  /** Whole people, rounded up. */
  people: bigint;
  /** How they were counted, for people to read. */
  how: string;
  /** True where a share of the standards stood in for numbers that the region does not give. */
  assumed: boolean;
}

/**
 * The people of a region who are to have an item. Groups by sex and age are those of the likely figure and grow and shrink with it; of a
 * group that is partly of the right age so many years' share counts. A group without a sex counts half for an item of one.
 */
export function countPeople(region: DraftRegion, item: Item, figure: PlanningFigure, share = 1): Counted {
  const figures = figuresOf(region);
  const all = fraction(figures[figure]);
  const of = share === 1 ? '' : ` × ${share}`;
  const plain = (value: Fraction, how: string, assumed: boolean): Counted => ({
    people: ceil(times(value, fraction(share))),
    how: `${how}${of}`,
    assumed,
  });
  const only = item.for;
  if (only === undefined) return plain(all, `${figures[figure]} affected`, false);
  if (region.groups === undefined || figures.likely === 0)
    return plain(times(all, fraction(only.share)), `${figures[figure]} affected × ${only.share} ${nameOf(only)}`, true);
  const inGroups = region.groups.reduce((sum, g) => plus(sum, times(fraction(g.people), part(g, only))), fraction(0));
  const grown = over(times(inGroups, all), fraction(figures.likely));
  return plain(grown, `${ceil(grown)} ${nameOf(only)} in the region's groups`, false);
}

interface Ages {
  sex?: 'female' | 'male';
  from?: number;
  to?: number;
}

/** Which part of a group is of the sex and age asked for. */
function part(group: Ages, asked: Ages): Fraction {
  if (asked.sex !== undefined && group.sex !== undefined && asked.sex !== group.sex) return fraction(0);
  const [from, to] = [group.from ?? 0, group.to ?? OLDEST];
  const years = Math.min(to, asked.to ?? OLDEST) - Math.max(from, asked.from ?? 0) + 1;
  if (years <= 0) return fraction(0);
  const byAge = over(fraction(years), fraction(to - from + 1));
  return asked.sex !== undefined && group.sex === undefined ? times(byAge, { n: 1n, d: 2n }) : byAge;
}

function nameOf({ sex, from, to }: Ages): string {
  const ages =
    from === undefined && to === undefined ? '' : ` of ${from ?? 0}${to === undefined ? ' and above' : `–${to}`} years`;
  return `${sex ?? 'people'}${ages}`;
}
