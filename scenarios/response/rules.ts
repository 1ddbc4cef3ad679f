/**
 * Response levels: from IV, the lowest, to I. The table says from which figures on a level is due; it is part of the scenario where a
 * country has its own. The default is that of China's national plan for natural disaster relief of 2016 (General Office of the
 * State Council, letter 2016 no. 25, section 5; replaced in 2024): any one figure suffices. Its last figure is the share of a
 * province's rural population that needs help in a drought; here it is the share of all people in the regions, whatever the disaster.
 */
import { z } from 'zod';
import { amount, id, share } from '../fields.js';

export const LEVELS = ['IV', 'III', 'II', 'I'] as const;
export type Level = (typeof LEVELS)[number];

export const level = z.enum(LEVELS).describe('response level, I the highest');

/** What happened, as far as it is known. */
export const figures = z.strictObject({
  dead: amount.describe('people dead').exactOptional(),
  displaced: amount.describe('people who had to leave or need urgent help to live').exactOptional(),
  collapsedRooms: amount.describe('rooms collapsed or badly damaged').exactOptional(),
  affectedShare: share.describe('people who need help ÷ people who live there').exactOptional(),
});
export type Figures = z.infer<typeof figures>;

export const rule = z.strictObject({
  level,
  from: figures.describe('the level is due where any one figure is reached'),
  unlocks: id
    .describe('highest tier whose depots give (default: IV the two lowest tiers that have depots, III three, II four, I all)')
    .exactOptional(),
});
export type Rule = z.infer<typeof rule>;

export const response = z.strictObject({
  level: level
    .nullable()
    .describe('the level declared; null where none is: then only depots of the lowest tier give')
    .exactOptional(),
  figures: figures.exactOptional(),
  rules: z.array(rule).min(1).max(4).describe('levels from the lowest up (default: the national plan of 2016)').exactOptional(),
});
export type Response = z.infer<typeof response>;

export const DEFAULT_RULES: readonly Rule[] = [
  { level: 'IV', from: { dead: 20, displaced: 100_000, collapsedRooms: 10_000, affectedShare: 0.15 } },
  { level: 'III', from: { dead: 50, displaced: 500_000, collapsedRooms: 100_000, affectedShare: 0.2 } },
  { level: 'II', from: { dead: 100, displaced: 1_000_000, collapsedRooms: 200_000, affectedShare: 0.25 } },
  { level: 'I', from: { dead: 200, displaced: 2_000_000, collapsedRooms: 300_000, affectedShare: 0.3 } },
];
