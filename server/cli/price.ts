/** The price of fairness in words. */
import type { Allocation, PriceOfFairness } from '../../engine/index.js';
import { num, percent } from './text.js';

/** With its sign, as a price may be below zero. */
export const share = (x: number): string => (x < 0 ? `−${percent(-x)}` : percent(x));

/** The section of one allocation; nothing where no price was asked for. */
export function priceLines({ priceOfFairness: price, measures }: Allocation): string[] {
  if (!price) return [];
  const money = measures.currency ? ` ${measures.currency}` : '';
  if (price.twin === null)
    return ['What fairness costs: nothing, as the plan is the efficient one itself (alpha 0).', ''];
  return [
    'What fairness costs beside the efficient plan (alpha 0, all else the same)',
    `- ${num(price.peoplePeriods)} people-periods; weighted by priority and importance ${num(price.weightedPeoplePeriods)}, ` +
      `${share(price.share)} of what the efficient plan meets`,
    `- ${num(price.money)}${money} more, ${perMoney(price)}`,
    `- proven: for the dearer plan's money nobody meets more than ${num(price.atMost.weightedPeoplePeriods)} weighted ` +
      `people-periods beyond this plan (${share(price.atMost.share)})`,
    `  efficient   ${price.twin}`,
    '',
  ];
}

function perMoney(price: PriceOfFairness): string {
  const { peoplePeriodsPerMoney: plan, peoplePeriodsPerMoneyEfficient: efficient } = price;
  const text = (x: number | null) => (x === null ? 'nothing is paid' : `${num(x)} people-periods for a unit of money`);
  return `${text(plan)} in place of ${efficient === null ? text(efficient) : num(efficient)}`;
}
