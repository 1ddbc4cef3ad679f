/** Whose coverage is the smallest of a plan, in words. */
import { smallestCoverage } from '../../../engine/report/smallest.js';
import type { Coverage } from '../../../engine/types.js';
import type { Laid } from './plan.js';
import { num, t } from './text.js';

export const pairsOf = ({ packed: { coverage } }: Laid): Coverage[] =>
  Array.from({ length: coverage.length }, (_, line) => coverage.at(line));

/** "Tents, North valley and 3 more"; empty where nothing is needed. */
export function whosePoorest({ names }: Laid, pairs: readonly Coverage[]): string {
  const found = smallestCoverage(pairs);
  if (found === null) return '';
  const whose = [found.pair.resource, found.pair.region].map((id) => names.get(id) ?? id).join(', ');
  return found.others === 0 ? whose : t('plan.smallest.others', { whose, n: num(found.others) });
}
