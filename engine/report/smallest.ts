/** Whose coverage is the smallest. */
import type { Coverage } from '../types.js';

/** Of those with the smallest coverage over the time the one of most people-periods, and how many more have it; null where nothing is needed. */
export function smallestCoverage<P extends Pick<Coverage, 'needed' | 'ratio' | 'peoplePeriodsNeeded'>>(
  coverage: Iterable<P>,
): { pair: P; others: number } | null {
  let found: { pair: P; others: number } | null = null;
  for (const pair of coverage) {
    if (!(pair.needed > 0)) continue;
    if (found === null || pair.ratio < found.pair.ratio) found = { pair, others: 0 };
    else if (pair.ratio === found.pair.ratio)
      found = {
        pair: pair.peoplePeriodsNeeded > found.pair.peoplePeriodsNeeded ? pair : found.pair,
        others: found.others + 1,
      };
  }
  return found;
}
