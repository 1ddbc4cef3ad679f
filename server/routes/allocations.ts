/** Allocations: asked for as jobs, read by their digest. */
import { z } from 'zod';
import { ASKED_PROBLEMS, acceptJob, readAsked } from '../asked.js';
import type { Context, Routes } from '../context.js';
import { isKnown } from '../documents.js';
import { ProblemError } from '../problem.js';
import { asText, textBody } from '../scenariobody.js';
import { allocationDocument } from '../schemas/allocation.js';
import { digest, howToAllocate, idempotencyHeaders, json, notModified, twins } from '../schemas/common.js';
import { DIGESTS, SCENARIO } from '../schemas/examples.js';
import { acceptedJob } from '../schemas/job.js';
import { problems } from '../schemas/problem.js';
import { scenarioDocument } from '../schemas/scenario.js';

const asked = z
  .strictObject({
    scenario: z.union([digest, scenarioDocument]).describe('the digest of a scenario on the record, or a scenario'),
    ...howToAllocate,
    twins,
  })
  .meta({
    examples: [
      { scenario: DIGESTS.scenario, policy: 'proportional', gap: 0.0001 },
      { scenario: SCENARIO, policy: [{ stage: 'floor' }, { stage: 'need', alpha: 2 }, { stage: 'cost' }] },
    ],
  });

/** The same once a scenario that stood in it was cut out. */
const askedAround = z.strictObject({ scenario: z.union([digest, z.null()]), ...howToAllocate, twins });

export const allocationRoutes: Routes = async (app, { ledger, jobs, reader }) => {
  app.post(
    '/allocations',
    {
      config: { text: true },
      schema: {
        tags: ['allocations'],
        summary: 'Asks for an allocation',
        description:
          'Answers at once with a job that is on disk: it is solved even if the server dies now. Every allocation that is computed goes on the record.',
        headers: idempotencyHeaders,
        body: asText(asked),
        response: {
          202: json('Accepted; also for a repeated Idempotency-Key', acceptedJob),
          ...problems(...ASKED_PROBLEMS),
        },
      },
    },
    async (request, reply) => {
      const asked = await readAsked(askedAround, textBody(request.body), { ledger, reader });
      return acceptJob(request, reply, { ledger, jobs }, asked, request.headers['idempotency-key']);
    },
  );

  app.get(
    '/allocations/:digest',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Reads an allocation with its certificate and a receipt',
        params: z.object({ digest }),
        response: {
          200: json('The allocation; its digest is that of its canonical JSON without receipt', allocationDocument),
          304: notModified,
          ...problems('invalid-request', 'unknown-allocation'),
        },
      },
    },
    async (request, reply) => {
      const found = await allocationOf(ledger, request.params.digest);
      if (isKnown(request, reply, request.params.digest)) return reply.code(304).send();
      return { ...found, receipt: await ledger.receipt(request.params.digest) };
    },
  );
};

/** An allocation on the record. Throws 'unknown-allocation'. */
export async function allocationOf(ledger: Context['ledger'], digest: string, pointer?: string) {
  const found = await ledger.allocation(digest);
  if (found !== undefined) return found;
  const detail = `No allocation ${digest} is on the record.`;
  throw new ProblemError('unknown-allocation', detail, pointer === undefined ? {} : { errors: [{ pointer, detail }] });
}
