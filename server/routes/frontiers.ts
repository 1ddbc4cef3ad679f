/** Frontiers: asked for as jobs, read by the job's id. */
import { z } from 'zod';
import { DIALS, readDials } from '../../engine/index.js';
import { wording } from '../../scenarios/wording.js';
import { ASKED_PROBLEMS, acceptJob, readAsked } from '../asked.js';
import type { Routes } from '../context.js';
import { ProblemError } from '../problem.js';
import { asText, textBody } from '../scenariobody.js';
import { dials, digest, howToAllocate, idempotencyHeaders, json } from '../schemas/common.js';
import { DIGESTS, SCENARIO } from '../schemas/examples.js';
import { frontierDocument } from '../schemas/frontier.js';
import { acceptedJob } from '../schemas/job.js';
import { problems } from '../schemas/problem.js';
import { scenarioDocument } from '../schemas/scenario.js';

const asked = z
  .strictObject({
    scenario: z.union([digest, scenarioDocument]).describe('the digest of a scenario on the record, or a scenario'),
    ...howToAllocate,
    dials,
  })
  .meta({
    examples: [
      { scenario: DIGESTS.scenario, policy: 'balanced', dials: [0, 1, 2, 'leximin'] },
      { scenario: SCENARIO, gap: 0.001 },
    ],
  });

const askedAround = z.strictObject({ scenario: z.union([digest, z.null()]), ...howToAllocate, dials });

export const frontierRoutes: Routes = async (app, { ledger, jobs, reader }) => {
  app.post(
    '/frontiers',
    {
      config: { text: true },
      schema: {
        tags: ['allocations'],
        summary: 'Asks for plans along the equity dial, and what evenness costs',
        description:
          'Answers at once with a job that is on disk. Each plan is proven and goes on the record as soon as it is there; a job that is stopped keeps those that are done.',
        headers: idempotencyHeaders,
        body: asText(asked),
        response: {
          202: json('Accepted; also for a repeated Idempotency-Key', acceptedJob),
          ...problems(...ASKED_PROBLEMS, 'cannot-allocate'),
        },
      },
    },
    async (request, reply) => {
      const { dials: asked, ...rest } = await readAsked(askedAround, textBody(request.body), { ledger, reader });
      const turned = { ...rest, dials: readDials(asked ?? DIALS) };
      return acceptJob(request, reply, { ledger, jobs }, turned, request.headers['idempotency-key']);
    },
  );

  app.get(
    '/frontiers/:id',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Reads a frontier',
        description:
          'It is there once its job has ended, and as long as the job is kept; its allocations stay on the record.',
        params: z.object({ id: z.uuid().describe('of the job') }),
        response: {
          200: json('Each dial with its measures, its proof in short and its price of fairness', frontierDocument),
          ...problems('invalid-request', 'unknown-job'),
        },
      },
    },
    async ({ params: { id } }) => {
      const frontier = jobs.get(id)?.record.frontier;
      if (frontier === undefined)
        throw new ProblemError(
          'unknown-job',
          wording`No frontier ${id} is here; GET /jobs/${id} says whether one is on its way.`,
        );
      return frontier;
    },
  );
};
