/** Regions that get nothing, or next to nothing, of a resource of which others get some. */
import type { Coverage } from '../types.js';

/** What a pair gets of its need, as a share of what all get of that resource: below this it is left out. */
const NEXT_TO_NOTHING = 0.1;

type Pair = Pick<Coverage, 'region' | 'resource' | 'due' | 'delivered' | 'peoplePeriodsNeeded'>;

export interface LeftOut<P> {
  /** Pairs left out, the smallest share first, of the same the one of most people-periods. */
  pairs: P[];
  /** Resources of which fewer lots are delivered than regions need them: no policy reaches everybody, so their pairs are not in the list. */
  few: string[];
}

export function leftOut<P extends Pair>(coverage: readonly P[], lotOf: (resource: string) => number): LeftOut<P> {
  const byResource = new Map<string, P[]>();
  for (const pair of coverage)
    if (pair.due > 0) {
      const pairs = byResource.get(pair.resource);
      if (pairs) pairs.push(pair);
      else byResource.set(pair.resource, [pair]);
    }
  const out: LeftOut<P> = { pairs: [], few: [] };
  for (const [resource, pairs] of byResource) {
    let [due, delivered] = [0, 0];
    for (const pair of pairs) {
      due += pair.due;
      delivered += pair.delivered;
    }
    const least = NEXT_TO_NOTHING * (delivered / due);
    const without = pairs.filter((pair) => pair.delivered / pair.due < least);
    if (without.length > 0 && delivered / lotOf(resource) < pairs.length) out.few.push(resource);
    else for (const pair of without) out.pairs.push(pair);
  }
  const share = ({ delivered, due }: P) => delivered / due;
  out.pairs.sort((a, b) => share(a) - share(b) || b.peoplePeriodsNeeded - a.peoplePeriodsNeeded);
  return out;
}
