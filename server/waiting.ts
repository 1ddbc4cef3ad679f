/** Answers that may take long: how long a client waits (RFC 7240), and what it is told meanwhile. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answered } from './turns.js';

export const waitHeaders = z.object({
  prefer: z
    .string()
    .describe(
      '`wait=2` (RFC 7240): seconds to wait before 202 tells how far it is; the server waits 20 at most, which is the default',
    )
    .optional(),
});

/** Seconds; undefined where the client leaves it to the server. */
export function waitOf(prefer: string | undefined): number | undefined {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})\b/i.exec(prefer ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

const part = z.int().min(0).nullable();

export const underWay = z
  .strictObject({
    state: z.enum(['waiting', 'running']).describe('waiting: others have their turn before'),
    retryAfter: z.int().describe('seconds after which to ask again'),
    seconds: z.number().describe('since it was asked for first'),
    before: z.int().min(0).describe('others before it'),
    done: part.describe('solves that are done; null until their number is known'),
    of: part.describe('solves in all'),
  })
  .meta({ examples: [{ state: 'running', retryAfter: 5, seconds: 20, before: 0, done: 3, of: 9 }] });

/** When to ask again, at most. */
const RETRY_SECONDS = 5;

/** 200 with the answer, or 202 with how far it is; Retry-After follows the pace so far where that is known. */
export function respond<T>(request: FastifyRequest, reply: FastifyReply, answered: Answered<T>) {
  if (waitOf(String(request.headers.prefer ?? '')) !== undefined) reply.header('preference-applied', 'wait');
  if ('answer' in answered) return reply.code(200).send(answered.answer);
  const { seconds, done, of } = answered.underWay;
  const left = done && of ? (seconds * (of - done)) / done : RETRY_SECONDS;
  const retryAfter = Math.max(1, Math.min(RETRY_SECONDS, Math.ceil(left)));
  return reply
    .code(202)
    .header('retry-after', retryAfter)
    .send({ ...answered.underWay, retryAfter });
}
