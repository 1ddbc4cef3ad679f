/** A job as it is kept: what was asked, and how it ended. */
import { z } from 'zod';
import type { FrontierDocument } from '../../engine/index.js';
import { canonicalBytes, sha256Hex } from '../../scenarios/index.js';
import type { SaidProblem } from '../problem.js';
import { dials, digest, howToAllocate, twins } from '../schemas/common.js';
import { problemSchema } from '../schemas/problem.js';
import { receiptSchema } from '../schemas/receipt.js';

export const jobRequestSchema = z.strictObject({
  scenario: digest.describe('of a scenario that is on the record'),
  ...howToAllocate,
  twins,
  after: digest.describe('the allocation from whose prices the solve starts').exactOptional(),
  org: z.string().describe('organisation that asked; its plans are recorded in its name').exactOptional(),
  /** Where it is there, a frontier is asked for and not an allocation. */
  dials,
});

export type JobRequest = z.output<typeof jobRequestSchema>;

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];
export type FinalState = 'done' | 'failed' | 'cancelled';

/** `queued` on disk means accepted and not finished: a job that was running when the process died starts again. */
export const jobRecordSchema = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  created: z.iso.datetime(),
  request: jobRequestSchema,
  /** The Idempotency-Key it was asked under, and the hash of the request that must come with it. */
  key: z.string().nullable(),
  hash: z.string(),
  state: z.enum(['queued', 'done', 'failed', 'cancelled']),
  /** Somebody asked to stop it, and was told so. */
  stopping: z.boolean(),
  finished: z.iso.datetime().exactOptional(),
  /** Seconds from start to end of the run that finished it. */
  seconds: z.number().exactOptional(),
  result: z.strictObject({ allocation: z.string(), receipt: receiptSchema }).exactOptional(),
  /** What came of a frontier; also of one that was stopped, as far as it went. */
  frontier: z.custom<FrontierDocument>((value) => typeof value === 'object' && value !== null).exactOptional(),
  /** In English. */
  error: problemSchema.exactOptional(),
});

/** `said`: the parts of its error, which are kept in a file of their own (words.ts); of jobs of old there are none. */
export type JobRecord = z.output<typeof jobRecordSchema> & { said?: SaidProblem };

export function requestHash(request: JobRequest): string {
  return sha256Hex(canonicalBytes(request));
}
