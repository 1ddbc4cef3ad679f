/** Why so little, and what would help: solved once, then on the record. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Context, Routes } from '../context.js';
import type { Question } from '../explanations.js';
import type { ExplanationDocument } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { digest, json } from '../schemas/common.js';
import { bottlenecksDocument, explanationDocument, explanationRunning } from '../schemas/explanation.js';
import { problems } from '../schemas/problem.js';
import { allocationOf } from './allocations.js';

/** When to ask again for what takes longer than anybody waits. */
const RETRY_SECONDS = 5;

const failures = problems(
  'invalid-request',
  'unknown-allocation',
  'unknown-scenario',
  'cannot-allocate',
  'overloaded',
  'stopping',
);

export const explanationRoutes: Routes = async (app, { ledger, explanations }) => {
  app.get(
    '/allocations/:digest/explanation',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Why so little, what stands in the way, and what would help',
        description:
          'Every gain is the difference of two proven solves. The first question is solved and goes on the record; where that takes long, 202 says when to ask again.',
        params: z.object({ digest }),
        querystring: z.strictObject({
          region: z.string().describe('id of a region; the whole plan where absent').exactOptional(),
          resource: z.string().describe('id of a resource; all where absent').exactOptional(),
        }),
        response: {
          200: json('What binds, who competes, and what changes bring', explanationDocument),
          202: json('Being solved; see Retry-After', explanationRunning),
          ...failures,
        },
      },
    },
    async ({ params, query }, reply) => {
      const asked = await readAsked(ledger, params.digest);
      mustHave(asked.scenario.regions, query.region, 'region');
      mustHave(asked.scenario.resources, query.resource, 'resource');
      const question: Question = { about: 'explanation', allocation: params.digest, query };
      return respond(reply, await explanations.answer(question, async () => asked));
    },
  );

  app.get(
    '/allocations/:digest/bottlenecks',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Which limits, raised by one natural unit, help the whole plan most',
        params: z.object({ digest }),
        querystring: z.strictObject({
          top: z.coerce.number().int().min(1).max(30).default(10).describe('how many are listed'),
        }),
        response: {
          200: json('Limits by what one natural unit more of them brings', bottlenecksDocument),
          202: json('Being solved; see Retry-After', explanationRunning),
          ...failures,
        },
      },
    },
    async ({ params, query }, reply) => {
      const asked = await readAsked(ledger, params.digest);
      const question: Question = { about: 'bottlenecks', allocation: params.digest, top: query.top };
      return respond(reply, await explanations.answer(question, async () => asked));
    },
  );
};

function respond(reply: FastifyReply, document: ExplanationDocument | null) {
  if (document !== null) return reply.code(200).send(document);
  return reply.code(202).header('retry-after', RETRY_SECONDS).send({ state: 'running', retryAfter: RETRY_SECONDS });
}

async function readAsked(ledger: Context['ledger'], asked: string) {
  const allocation = await allocationOf(ledger, asked);
  const scenario = await ledger.scenario(allocation.scenario.digest);
  if (scenario === undefined)
    throw new ProblemError('unknown-scenario', `Scenario ${allocation.scenario.digest} was forgotten.`);
  return { allocation, scenario };
}

function mustHave(list: readonly { id: string }[], id: string | undefined, what: 'region' | 'resource'): void {
  if (id === undefined || list.some((one) => one.id === id)) return;
  const detail = `The scenario has no ${what} ${JSON.stringify(id)}.`;
  throw new ProblemError('invalid-request', detail, { errors: [{ pointer: `/query/${what}`, detail }] });
}
