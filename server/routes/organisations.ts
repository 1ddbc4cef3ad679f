/** Organisations on the record, and the changes of keys that they sign themselves. */
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import type { Routes } from '../context.js';
import { requestProblem } from '../errors.js';
import { organisationViews, type SignedDocument } from '../ledger/index.js';
import { json } from '../schemas/common.js';
import { organisationList, signedDocument, signedKeyExample } from '../schemas/organisation.js';
import { problems } from '../schemas/problem.js';
import { receiptExample, receiptSchema } from '../schemas/receipt.js';

const changed = z.strictObject({ location: z.string(), receipt: receiptSchema }).meta({
  examples: [{ location: '/ledger/proof/1', receipt: { ...receiptExample, kind: 'key' } }],
});

export const organisationRoutes: Routes = async (app, { ledger }) => {
  app.get(
    '/organisations',
    {
      schema: {
        tags: ['organisations'],
        summary: 'Organisations with their roles and keys',
        response: { 200: json('As the record has them', organisationList), ...problems() },
      },
    },
    async () => ({ organisations: organisationViews(ledger.organisations()) }),
  );

  app.post(
    '/keys',
    {
      schema: {
        tags: ['organisations'],
        summary: 'Puts a rotation or a revocation on the record',
        description:
          'Signed by the organisation: `evenhand org rotate NAME … --log LOG` and `evenhand org revoke NAME … --log LOG` print it. An organisation is added by whoever keeps the server.',
        body: signedDocument.meta({ examples: [signedKeyExample] }),
        response: {
          200: json('It was on the record already', changed),
          201: json('It is on the record', changed),
          ...problems(
            'malformed-json',
            'invalid-request',
            'idempotency-conflict',
            'too-large',
            'unsupported-media-type',
            'signature-refused',
            'ledger-unavailable',
          ),
        },
      },
    },
    async ({ body }, reply) => {
      mustBe(body, 'key');
      const receipt = await ledger.recordSigned(body);
      const location = `/ledger/proof/${receipt.seq}`;
      reply.header('location', location);
      return reply.code(receipt.repeated ? 200 : 201).send({ location, receipt });
    },
  );
};

/** Throws 'invalid-request' where something else was signed. */
export function mustBe({ entry }: SignedDocument, kind: SignedDocument['entry']['kind']): void {
  if (entry.kind === kind) return;
  const detail = wording`is ${JSON.stringify(entry.kind)}, expected ${JSON.stringify(kind)}`;
  throw requestProblem({ part: 'body', faults: [{ pointer: '/entry/kind', detail }] });
}
