/** How near the best possible each stage of a plan is proven, in words. */
import type { StageResult } from '../types.js';

const WORDS: Record<StageResult['stage'], string> = {
  floor: 'minimum shares',
  need: 'sharing',
  maxmin: 'the smallest coverage',
  leximin: 'sharing',
  cost: 'cost',
  stay: 'keeping to the plan before',
};

/** As per cent, rounded up to two digits, as it is a bound. */
function within(gap: number): string {
  if (gap === 0) return 'exactly';
  const percent = 100 * gap;
  const unit = 10 ** (Math.floor(Math.log10(percent)) - 1);
  return `within ${Number((Math.ceil(percent / unit - 1e-9) * unit).toPrecision(2))} %`;
}

/** "minimum shares exactly, sharing within 0.028 %, cost within 5.4 % of the best possible" */
export const provenInWords = (stages: readonly Pick<StageResult, 'stage' | 'gap'>[]): string =>
  `${stages.map(({ stage, gap }) => `${WORDS[stage]} ${within(gap)}`).join(', ')} of the best possible`;
