/** Verified reports become an amended scenario: both on the record, from parent to result by a patch that anybody can apply. */
import { z } from 'zod';
import type { AmendmentSaid } from '../../scenarios/field/said.js';
import { digestOf } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { inNameOf } from '../auth.js';
import type { Routes } from '../context.js';
import { isKnown } from '../documents.js';
import { contentOf, documentFault, type Receipt } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { compileOnRecord, recordMade, saidOf } from '../reports/amending.js';
import { asText, validate } from '../scenariobody.js';
import { digest, idempotencyHeaders, json, notModified } from '../schemas/common.js';
import { draftDocument, signedAmendmentExample, signedDocument } from '../schemas/organisation.js';
import { problems } from '../schemas/problem.js';
import { AMENDMENT_ASKED, amendmentAsked, amendmentView } from '../schemas/report.js';
import { mustBe } from './organisations.js';
import { isSigned, mustHaveNoKey } from './reports.js';

const failures = [
  'malformed-json',
  'invalid-request',
  'unknown-scenario',
  'unknown-report',
  'idempotency-conflict',
  'out-of-turn',
  'amendment-conflict',
  'too-large',
  'unsupported-media-type',
  'report-faulty',
  'ledger-unavailable',
] as const;

export const amendmentRoutes: Routes = async (app, { ledger }) => {
  app.post(
    '/amendments',
    {
      schema: {
        tags: ['reports'],
        summary: 'Compiles verified reports onto a scenario',
        description:
          'The scenario that results and the amendment go on the record; the answer’s `amendment.scenario` is what to plan for next. Reports that contradict each other are refused with all contradictions. Reports that others of the list supersede are left out. A signed amendment (`evenhand sign` on a draft) is compiled again and must come out the same.',
        headers: idempotencyHeaders,
        body: asText(
          z.union([amendmentAsked, signedDocument]).meta({ examples: [AMENDMENT_ASKED, signedAmendmentExample] }),
        ),
        response: {
          200: json('It was on the record already', amendmentView),
          201: json('It is on the record', amendmentView),
          ...problems(...failures, 'signature-refused'),
        },
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      const key = request.headers['idempotency-key'];
      const own = inNameOf(request);
      let receipt: Receipt;
      let said: AmendmentSaid[];
      if (isSigned(body)) {
        const document = validate(signedDocument, body, 'body');
        mustBe(document, 'amendment');
        mustHaveNoKey(key);
        const fault = documentFault(document);
        if (fault !== null) throw new ProblemError('signature-refused', wording`${fault}.`);
        const stated = contentOf('amendment', document);
        const made = await compileOnRecord(ledger, stated.parent, stated.reports);
        if (digestOf(made.amendment) !== digestOf(stated))
          throw new ProblemError(
            'signature-refused',
            wording`These reports make another amendment than the one that was signed.`,
          );
        await ledger.recordScenario(made.scenario, own);
        receipt = await ledger.recordSigned(document);
        said = made.said;
      } else {
        const { scenario, reports } = validate(amendmentAsked, body, 'body');
        const made = await compileOnRecord(ledger, scenario, reports);
        const keyed = key === undefined ? {} : { idempotencyKey: `amendment:${key}` };
        receipt = await recordMade(ledger, made, { ...own, ...keyed });
        said = made.said;
      }
      const location = `/amendments/${receipt.digest}`;
      reply.header('location', location);
      const amendment = await ledger.amendment(receipt.digest);
      return reply
        .code(receipt.repeated ? 200 : 201)
        .send({ digest: receipt.digest, location, amendment, said, receipt });
    },
  );

  app.post(
    '/amendments/draft',
    {
      schema: {
        tags: ['reports'],
        summary: 'What to sign in order to amend a scenario',
        description:
          'Puts the scenario that results on the record, as what is signed names it, and nothing else. `evenhand sign FILE --key KEYFILE`, then POST it to /amendments.',
        body: amendmentAsked.meta({ examples: [AMENDMENT_ASKED] }),
        response: { 200: json('A draft', draftDocument), ...problems(...failures) },
      },
    },
    async (request) => {
      const { scenario, reports } = request.body;
      const made = await compileOnRecord(ledger, scenario, reports);
      await ledger.recordScenario(made.scenario, inNameOf(request));
      return ledger.draftAmendment(made.amendment);
    },
  );

  app.get(
    '/amendments/:digest',
    {
      schema: {
        tags: ['reports'],
        summary: 'Reads an amendment',
        params: z.object({ digest }),
        response: {
          200: json('The amendment and its receipt', amendmentView),
          304: notModified,
          ...problems('invalid-request', 'unknown-amendment'),
        },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const amendment = await ledger.amendment(digest);
      const receipt = amendment && (await ledger.receipt(digest));
      if (!receipt) throw new ProblemError('unknown-amendment', wording`No amendment ${digest} is on the record.`);
      if (isKnown(request, reply, digest)) return reply.code(304).send();
      const said = amendment && (await saidOf(ledger, amendment));
      return { digest, location: `/amendments/${digest}`, amendment, ...(said ? { said } : {}), receipt };
    },
  );
};
