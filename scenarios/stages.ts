/** A policy as it is written in the file: a name, or an ordered list of stages (MODEL.md: lexicographic). */
import { z } from 'zod';
import { amount, positive, share } from './fields.js';

const tolerance = share
  .describe('how far later stages may fall below this optimum, relative to its scale (default 1e-6)')
  .exactOptional();

const band = z
  .strictObject({
    upTo: positive.max(1).describe('coverage up to which this value holds, in (0, 1], rising from band to band'),
    value: amount.describe('worth of one unit of need met in this band; never more than in the band before'),
  })
  .describe('one piece of a piecewise-linear concave utility of coverage');

const need = z
  .strictObject({
    stage: z.literal('need'),
    alpha: amount
      .describe('equity dial: 0 serves the most people, 1 is proportional fairness, 2 the default')
      .exactOptional(),
    bands: z
      .union([z.int().min(1).max(1000), z.array(band).min(1).max(1000)])
      .describe('number of equal bands of coverage (default 10), or the bands themselves in place of alpha')
      .exactOptional(),
    costWeight: amount.describe('need points that one unit of currency is worth (default 0)').exactOptional(),
    tolerance,
  })
  .describe('maximise weighted people-periods times utility of coverage');

const plain = <S extends string>(stage: S, what: string) =>
  z.strictObject({ stage: z.literal(stage), tolerance }).describe(what);

export const stage = z.discriminatedUnion('stage', [
  plain('floor', 'minimise the weighted shortfall below the floors of the regions'),
  plain('maxmin', 'maximise the smallest coverage over region and resource'),
  plain('leximin', 'raise the smallest coverage, then the next smallest, and so on'),
  need,
  plain('cost', 'minimise the cost of transport'),
  plain('stay', 'minimise the tonnes that depart otherwise than in the plan before (after.planned)'),
]);

export const policyName = z
  .enum(['efficient', 'balanced', 'proportional', 'equal'])
  .describe('a policy by name: efficient (alpha 0), proportional (1), balanced (2, the default), equal (leximin)');

export const policy = z.union([
  policyName,
  z.array(stage).min(1).max(100).describe('stages in order; each is optimised without giving up the ones before it'),
]);

/** One stage of a policy as written; absent fields have the defaults of `policies.ts`. */
export type Stage = z.infer<typeof stage>;
/** One piece of a concave utility: `value` a unit of need up to coverage `upTo`. */
export type Band = z.infer<typeof band>;
export type PolicyName = z.infer<typeof policyName>;
