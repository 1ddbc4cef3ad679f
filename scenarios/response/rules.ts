/**
 * Response levels: from IV, the lowest, to I. The table says from which figures on a level is due; it is part of the scenario where a
 * country has its own. The default is that of China's national plan for natural disaster relief of 2016 (General Office of the
 * State Council, letter 2016 no. 25, section 5; replaced in 2024): any one figure suffices. Its last figure is the share of a
 * province's rural population that needs help in a drought; here it is the share of all people in the regions, whatever the
 * disaster. Households instead of rooms, and numbers instead of that share, which the plan has as well, are left out.
 */
import { z } from 'zod';
import { amount, id, positive, share } from '../fields.js';

export const LEVELS = ['IV', 'III', 'II', 'I'] as const;
export type Level = (typeof LEVELS)[number];

export const level = z.enum(LEVELS).describe('response level, I the highest');

const WHAT = {
  dead: 'people dead',
  displaced: 'people who had to leave, or need urgent help to live',
  collapsedRooms: 'rooms collapsed or badly damaged',
  affectedShare: 'people who need help ÷ people who live there',
};

/** What happened, as far as it is known. */
export const figures = z.strictObject({
  dead: amount.describe(WHAT.dead).exactOptional(),
  displaced: amount.describe(WHAT.displaced).exactOptional(),
  collapsedRooms: amount.describe(WHAT.collapsedRooms).exactOptional(),
  affectedShare: share.describe(WHAT.affectedShare).exactOptional(),
});
export type Figures = z.infer<typeof figures>;
export type Figure = keyof Figures;
export const FIGURES = ['dead', 'displaced', 'collapsedRooms', 'affectedShare'] as const satisfies Figure[];

// A threshold of nothing would be reached by a day on which nothing happened.
const thresholds = z.strictObject({
  dead: positive.describe(WHAT.dead).exactOptional(),
  displaced: positive.describe(WHAT.displaced).exactOptional(),
  collapsedRooms: positive.describe(WHAT.collapsedRooms).exactOptional(),
  affectedShare: positive.max(1).describe(WHAT.affectedShare).exactOptional(),
});

export const rule = z.strictObject({
  level,
  from: thresholds.describe('the level is due where any one of these figures is reached'),
  unlocks: id
    .describe(
      'highest tier whose depots give (default: IV the two lowest tiers that have depots, III three, II four, I all)',
    )
    .exactOptional(),
});
export type Rule = z.infer<typeof rule>;

export const response = z
  .strictObject({
    level: level
      .nullable()
      .describe('the level declared; null where none is: then only depots of the lowest tier give')
      .exactOptional(),
    figures: figures.describe('what happened, as far as it is known').exactOptional(),
    rules: z
      .array(rule)
      .min(1)
      .max(4)
      .describe('levels from the lowest up (default: the national plan of 2016)')
      .exactOptional(),
  })
  .describe('response level: which depots give');
export type Response = z.infer<typeof response>;

export const DEFAULT_RULES: readonly Rule[] = [
  { level: 'IV', from: { dead: 20, displaced: 100_000, collapsedRooms: 10_000, affectedShare: 0.15 } },
  { level: 'III', from: { dead: 50, displaced: 500_000, collapsedRooms: 100_000, affectedShare: 0.2 } },
  { level: 'II', from: { dead: 100, displaced: 1_000_000, collapsedRooms: 200_000, affectedShare: 0.25 } },
  { level: 'I', from: { dead: 200, displaced: 2_000_000, collapsedRooms: 300_000, affectedShare: 0.3 } },
];

export const rulesOf = (response: Response | undefined): readonly Rule[] => response?.rules ?? DEFAULT_RULES;
