/** Adopting a plan is an entry of its own, with who and why. */
import { z } from 'zod';
import type { Routes } from '../context.js';
import { digest, idempotencyHeaders, json } from '../schemas/common.js';
import { DIGESTS } from '../schemas/examples.js';
import { problems } from '../schemas/problem.js';
import { receiptExample, receiptSchema } from '../schemas/receipt.js';

const words = (most: number) => z.string().trim().min(1).max(most);

const adopted = z.strictObject({ allocation: digest, location: z.string(), receipt: receiptSchema }).meta({
  examples: [
    {
      allocation: DIGESTS.allocation,
      location: '/ledger/proof/2',
      receipt: { ...receiptExample, seq: 2, size: 3, kind: 'adoption', digest: DIGESTS.adoption },
    },
  ],
});

export const adoptionRoutes: Routes = async (app, { ledger }) => {
  app.post(
    '/adoptions',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Records that a plan is adopted',
        headers: idempotencyHeaders,
        body: z
          .strictObject({
            allocation: digest,
            by: words(200).describe(
              'who decides: an office, not a person; kept beside the log, where it can be erased',
            ),
            why: words(4000),
          })
          .meta({
            examples: [
              { allocation: DIGESTS.allocation, by: 'Regional coordination', why: 'Nobody falls below the floor.' },
            ],
          }),
        response: {
          200: json('It was recorded under this Idempotency-Key before', adopted),
          201: json('It is on the record', adopted),
          ...problems(
            'malformed-json',
            'invalid-request',
            'unknown-allocation',
            'idempotency-conflict',
            'too-large',
            'unsupported-media-type',
            'ledger-unavailable',
          ),
        },
      },
    },
    async ({ body, headers }, reply) => {
      const key = headers['idempotency-key'];
      const options = key === undefined ? {} : { idempotencyKey: `adoption:${key}` };
      const receipt = await ledger.recordAdoption(body, options);
      const location = `/ledger/proof/${receipt.seq}`;
      reply.header('location', location);
      return reply.code(receipt.repeated ? 200 : 201).send({ allocation: body.allocation, location, receipt });
    },
  );
};
