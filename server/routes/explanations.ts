/** Why so little, and what would help: solved once, then on the record. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import type { Context, Routes } from '../context.js';
import type { Asked, Question } from '../explanations.js';
import { ProblemError } from '../problem.js';
import { digest, json } from '../schemas/common.js';
import { bottlenecksDocument, explanationDocument } from '../schemas/explanation.js';
import { problems } from '../schemas/problem.js';
import { respond, underWay, waitHeaders, waitOf } from '../waiting.js';
import { allocationOf } from './allocations.js';

const failures = problems(
  'invalid-request',
  'unknown-allocation',
  'unknown-scenario',
  'cannot-allocate',
  'overloaded',
  'stopping',
);

export const explanationRoutes: Routes = async (app, { ledger, explanations }) => {
  /** What is under way was read when it was asked for first: whoever asks how far it is costs nothing. */
  async function solved(request: FastifyRequest, reply: FastifyReply, question: Question, read: () => Promise<Asked>) {
    const asked = explanations.has(question) ? read : await read().then((found) => async () => found);
    return respond(request, reply, await explanations.answer(question, asked, waitOf(`${request.headers.prefer}`)));
  }

  app.get(
    '/allocations/:digest/explanation',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Why so little, what stands in the way, and what would help',
        description:
          'Every gain is the difference of two proven solves. The first question is solved and goes on the record; where that takes long, 202 says how far it is and when to ask again; `Prefer: wait=0` asks for that at once.',
        params: z.object({ digest }),
        headers: waitHeaders,
        querystring: z.strictObject({
          region: z.string().describe('id of a region; the whole plan where absent').exactOptional(),
          resource: z.string().describe('id of a resource; all where absent').exactOptional(),
        }),
        response: {
          200: json('What binds, who competes, and what changes bring', explanationDocument),
          202: json('Being solved: how far it is; see Retry-After', underWay),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const question: Question = { about: 'explanation', allocation: params.digest, query };
      const read = async () => {
        const asked = await readAsked(ledger, params.digest);
        mustHave(asked.scenario.regions, query.region, 'region');
        mustHave(asked.scenario.resources, query.resource, 'resource');
        return asked;
      };
      return await solved(request, reply, question, read);
    },
  );

  app.get(
    '/allocations/:digest/bottlenecks',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Which limits, raised by one natural unit, help the whole plan most',
        params: z.object({ digest }),
        headers: waitHeaders,
        querystring: z.strictObject({
          top: z.coerce.number().int().min(1).max(30).default(10).describe('how many are listed'),
        }),
        response: {
          200: json('Limits by what one natural unit more of them brings', bottlenecksDocument),
          202: json('Being solved: how far it is; see Retry-After', underWay),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const question: Question = { about: 'bottlenecks', allocation: params.digest, top: query.top };
      return await solved(request, reply, question, () => readAsked(ledger, params.digest));
    },
  );
};

async function readAsked(ledger: Context['ledger'], asked: string) {
  const allocation = await allocationOf(ledger, asked);
  const scenario = await ledger.scenario(allocation.scenario.digest);
  if (scenario === undefined)
    throw new ProblemError('unknown-scenario', wording`Scenario ${allocation.scenario.digest} was forgotten.`);
  return { allocation, scenario };
}

function mustHave(list: readonly { id: string }[], id: string | undefined, what: 'region' | 'resource'): void {
  if (id === undefined || list.some((one) => one.id === id)) return;
  const name = JSON.stringify(id);
  const detail =
    what === 'region' ? wording`The scenario has no region ${name}.` : wording`The scenario has no resource ${name}.`;
  throw new ProblemError('invalid-request', detail, { errors: [{ pointer: `/query/${what}`, detail }] });
}
