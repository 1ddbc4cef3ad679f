/** Fields that several routes share. */
import { z } from 'zod';
import { scenarioSchema } from '../../scenarios/index.js';

export const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is 64 lowercase hexadecimal digits')
  .describe('SHA-256 in lowercase hexadecimal');

/** What may be said about a solve beside the scenario. */
export const howToAllocate = {
  policy: scenarioSchema.shape.policy.describe('in place of the policy of the scenario: a name or a list of stages'),
  gap: z.number().positive().max(1).describe('relative gap to prove on every stage (default 0.0001)').exactOptional(),
  solver: z
    .enum(['auto', 'structured', 'highs', 'jslp'])
    .describe('who solves (default auto); the proof is the same')
    .exactOptional(),
};

/** Of an allocation alone. */
export const twins = z
  .boolean()
  .describe(
    'also solves the efficient twin (alpha 0, all else the same); the allocation then states its price of fairness',
  )
  .exactOptional();

/** Of an allocation alone: time has moved on. */
export const movedOn = {
  after: digest
    .describe(
      'the allocation that was followed until now: what it sent before `period` stays sent, the rest is planned anew',
    )
    .exactOptional(),
  period: z.int().min(0).describe('first period that is still to be decided; goes with `after`').exactOptional(),
};

/** Of a frontier alone. */
export const dials = z
  .array(z.union([z.number().min(0), z.literal('leximin')]))
  .min(1)
  .max(64)
  .describe('alpha from 0, or leximin; 0 is added, as prices are told from it (default 0, 0.5, 1, 2, 4, leximin)')
  .exactOptional();

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'is 1 to 255 printable characters without spaces')
    .describe('the same key with the same request is answered as the first time; with another request it is refused')
    .optional(),
});

/** An answer that is JSON. */
export function json<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema } } };
}

/** An answer that is plain text. */
export function raw(description: string, type: string, example?: string) {
  const schema = z.string().meta({ description, ...(example === undefined ? {} : { examples: [example] }) });
  return { description, content: { [type]: { schema } } };
}

/** An answer of bytes. */
export function bytes(description: string) {
  const schema = z.custom<Buffer>().meta({ description, contentMediaType: 'application/octet-stream' });
  return { description, content: { 'application/octet-stream': { schema } } };
}

/** For addresses whose content never changes. */
export const notModified = z.undefined().describe('The client has it already (If-None-Match)');

/** Of lists that follow the log. */
export const listing = {
  from: z.coerce.number().int().min(0).default(0).describe('entry to go on from'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const next = z.int().nullable().describe('`from` of the next page, or null at the end');
