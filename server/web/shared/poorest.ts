/** Whose coverage is the smallest of a plan, in words. */
import { smallestCoverage } from '../../../engine/report/smallest.js';
import type { Coverage } from '../../../engine/types.js';
import type { Laid } from './plan.js';
import { num, t } from './text.js';

export const pairsOf = ({ packed: { coverage } }: Laid): Coverage[] =>
  Array.from({ length: coverage.length }, (_, line) => coverage.at(line));

function* each({ packed: { coverage } }: Laid): Generator<Coverage> {
  for (let line = 0; line < coverage.length; line++) yield coverage.at(line);
}

/** "Tents, North valley and 3 more"; undefined where nothing is needed. */
export function whosePoorest(laid: Laid): string | undefined {
  const { names } = laid;
  const found = smallestCoverage(each(laid));
  if (found === null) return undefined;
  const whose = [found.pair.resource, found.pair.region].map((id) => names.get(id) ?? id).join(', ');
  return found.others === 0 ? whose : t('plan.smallest.others', { whose, n: num(found.others) });
}
