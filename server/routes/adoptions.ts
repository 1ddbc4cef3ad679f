/** Adopting a plan is an entry of its own, with who and why; with a quorum it counts once enough organisations signed. */
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import { inNameOf } from '../auth.js';
import type { Context, Routes } from '../context.js';
import { type AdoptionState, adoptionContent, type Receipt } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { asText, validate } from '../scenariobody.js';
import { digest, idempotencyHeaders, json } from '../schemas/common.js';
import { DIGESTS } from '../schemas/examples.js';
import {
  adoptionStateExample,
  adoptionStateSchema,
  draftDocument,
  signedAdoptionExample,
  signedDocument,
} from '../schemas/organisation.js';
import { problems } from '../schemas/problem.js';
import { receiptExample, receiptSchema } from '../schemas/receipt.js';
import { mustBe } from './organisations.js';
import { isSigned, mustHaveNoKey } from './reports.js';

const words = adoptionContent.extend({
  by: adoptionContent.shape.by.describe(
    'who decides: an office, not a person; kept beside the log, where it can be erased',
  ),
});
const wordsExample = {
  allocation: DIGESTS.allocation,
  by: 'Regional coordination',
  why: 'Nobody falls below the floor.',
};

const adopted = z
  .strictObject({ allocation: digest, location: z.string(), receipt: receiptSchema, adoption: adoptionStateSchema })
  .meta({
    examples: [
      {
        allocation: DIGESTS.allocation,
        location: '/ledger/proof/2',
        receipt: { ...receiptExample, seq: 2, size: 3, kind: 'adoption', digest: DIGESTS.adoption },
        adoption: adoptionStateExample,
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
        description:
          'Either in plain words, or signed by an organisation (`evenhand sign`). Where the scenario asks for a quorum, only signatures count, those of one organisation once, and the adoption is pending until enough have signed.',
        headers: idempotencyHeaders,
        body: asText(z.union([words, signedDocument]).meta({ examples: [wordsExample, signedAdoptionExample] })),
        response: {
          200: json('It was recorded under this Idempotency-Key, or with this signature, before', adopted),
          201: json('It is on the record', adopted),
          ...problems(
            'malformed-json',
            'invalid-request',
            'unknown-allocation',
            'idempotency-conflict',
            'too-large',
            'unsupported-media-type',
            'signature-refused',
            'ledger-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const body: unknown = request.body;
      const { allocation, receipt } = isSigned(body)
        ? await recordSigned(ledger, body, key)
        : await recordWords(ledger, body, key, inNameOf(request));
      const location = `/ledger/proof/${receipt.seq}`;
      reply.header('location', location);
      const adoption = await stateOf(ledger, allocation);
      return reply.code(receipt.repeated ? 200 : 201).send({ allocation, location, receipt, adoption });
    },
  );

  app.post(
    '/adoptions/draft',
    {
      schema: {
        tags: ['ledger'],
        summary: 'What to sign in order to adopt a plan',
        description:
          'Records nothing. Sign the answer at home, `evenhand sign FILE --key KEYFILE`, and POST it to /adoptions.',
        body: words.meta({ examples: [wordsExample] }),
        response: {
          200: json('A draft', draftDocument),
          ...problems('malformed-json', 'invalid-request', 'unknown-allocation', 'too-large', 'unsupported-media-type'),
        },
      },
    },
    ({ body }) => ledger.draftAdoption(body),
  );

  app.get(
    '/adoptions',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Who adopted a plan, and whether that counts',
        querystring: z.strictObject({ allocation: digest }),
        response: {
          200: json('As the record has it now', adoptionStateSchema),
          ...problems('invalid-request', 'unknown-allocation'),
        },
      },
    },
    ({ query }) => stateOf(ledger, query.allocation),
  );
};

type Recorded = { allocation: string; receipt: Receipt };

async function recordWords(
  ledger: Context['ledger'],
  body: unknown,
  key: string | undefined,
  name: { org?: string },
): Promise<Recorded> {
  const adoption = validate(words, body, 'body');
  const options = key === undefined ? name : { idempotencyKey: `adoption:${key}`, ...name };
  return { allocation: adoption.allocation, receipt: await ledger.recordAdoption(adoption, options) };
}

async function recordSigned(ledger: Context['ledger'], body: unknown, key: string | undefined): Promise<Recorded> {
  const document = validate(signedDocument, body, 'body');
  mustBe(document, 'adoption');
  mustHaveNoKey(key);
  const receipt = await ledger.recordSigned(document);
  return { allocation: adoptionContent.parse(JSON.parse(document.blob?.text ?? '')).allocation, receipt };
}

async function stateOf(ledger: Context['ledger'], allocation: string): Promise<AdoptionState> {
  const state = await ledger.adoptionState(allocation);
  if (state) return { ...state, allocation };
  throw new ProblemError('unknown-allocation', wording`No allocation ${allocation} is on the record.`);
}
