/** Reports from the field: filed at once, verified by another organisation, resolved. */
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import { inNameOf } from '../auth.js';
import type { Context, Routes } from '../context.js';
import { requestProblem } from '../errors.js';
import {
  type Case,
  contentOf,
  documentFault,
  type Receipt,
  type RecordOptions,
  type VerificationContent,
} from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { fileReport, mustFit } from '../reports/filing.js';
import { reportStates, stateOf } from '../reports/register.js';
import { trailOf } from '../reports/trail.js';
import { asText, validate } from '../scenariobody.js';
import { digest, idempotencyHeaders, json } from '../schemas/common.js';
import { draftDocument, signedDocument, signedVerificationExample } from '../schemas/organisation.js';
import { problems } from '../schemas/problem.js';
import {
  filedReport,
  RESOLUTION,
  reportBodySchema,
  reportList,
  reportView,
  resolutionWords,
  stepTaken,
  VERIFICATION,
  verificationWords,
} from '../schemas/report.js';
import { mustBe } from './organisations.js';

/** Bytes of a report: it comes over bad lines. */
const REPORT_BYTES = 16 * 1024;

const params = z.object({ digest });

/** What can go wrong with any step. */
const STEP_PROBLEMS = [
  'malformed-json',
  'invalid-request',
  'unknown-report',
  'idempotency-conflict',
  'out-of-turn',
  'too-large',
  'unsupported-media-type',
  'ledger-unavailable',
] as const;

export const reportRoutes: Routes = async (app, { ledger, register, photos }) => {
  app.post(
    '/reports',
    {
      config: { most: REPORT_BYTES },
      schema: {
        tags: ['reports'],
        summary: 'Files a report from the field',
        description:
          'At most 16 KB. It is on the record when the answer comes. A connection that breaks costs nothing: the same report sent again is answered with the same receipt, with an Idempotency-Key or without one. All faults come at once, each with its place and mend. Where it names no place but says `at`, `proposals` has what is near.',
        headers: idempotencyHeaders,
        body: asText(reportBodySchema),
        response: {
          200: json('It was on the record already', filedReport),
          201: json('It is on the record', filedReport),
          ...problems(
            'malformed-json',
            'invalid-request',
            'unknown-scenario',
            'idempotency-conflict',
            'too-large',
            'unsupported-media-type',
            'report-faulty',
            'ledger-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const options = { ...inNameOf(request), ...(key === undefined ? {} : { idempotencyKey: `report:${key}` }) };
      const body: unknown = request.body;
      const { receipt, proposals } = await fileReport(ledger, photos, body, options);
      const location = `/reports/${receipt.digest}`;
      reply.header('location', location);
      const { state, owner, due } = await register.view(await lifeOf(ledger, receipt.digest));
      return reply
        .code(receipt.repeated ? 200 : 201)
        .send({ digest: receipt.digest, location, state, owner, due, proposals, receipt });
    },
  );

  app.get(
    '/reports',
    {
      schema: {
        tags: ['reports'],
        summary: 'Lists reports with whose turn it is and until when',
        querystring: z.strictObject({
          state: z.enum(reportStates).exactOptional(),
          kind: z.enum(['obstacle', 'need', 'stock', 'delivery']).exactOptional(),
          overdue: z
            .enum(['true', 'false'])
            .transform((text) => text === 'true')
            .exactOptional(),
          tier: z.string().describe('whose turn it is').exactOptional(),
          from: z.coerce.number().int().min(0).default(0).describe('entry to go on from'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: { 200: json('In the order of the log', reportList), ...problems('invalid-request') },
      },
    },
    ({ query }) => register.list(query),
  );

  app.get(
    '/reports/:digest',
    {
      schema: {
        tags: ['reports'],
        summary: 'Reads a report and all that became of it',
        params,
        response: {
          200: json('The report, its state, and every entry about it with a receipt', reportView),
          ...problems('invalid-request', 'unknown-report'),
        },
      },
    },
    async ({ params }) => {
      const of = await lifeOf(ledger, params.digest);
      const trail = await trailOf(ledger, of);
      return { ...(await register.view(of)), ...trail };
    },
  );

  app.post(
    '/reports/:digest/verification',
    {
      schema: {
        tags: ['reports'],
        summary: 'Says whether a report holds',
        description:
          'By another organisation than the reporter’s, in plain words or signed (`evenhand sign`); where no organisation is registered, at least under another name. One verdict counts. Where the report names no place, a verdict that it holds names it.',
        params,
        headers: idempotencyHeaders,
        body: asText(
          z.union([verificationWords, signedDocument]).meta({ examples: [VERIFICATION, signedVerificationExample] }),
        ),
        response: {
          200: json('It was on the record already', stepTaken('verification')),
          201: json('It is on the record', stepTaken('verification')),
          ...problems(...STEP_PROBLEMS, 'report-faulty', 'signature-refused'),
        },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const body: unknown = request.body;
      const key = request.headers['idempotency-key'];
      await lifeOf(ledger, digest);
      let receipt: Receipt;
      if (isSigned(body)) {
        const document = validate(signedDocument, body, 'body');
        mustBe(document, 'verification');
        mustHaveNoKey(key);
        const fault = documentFault(document);
        if (fault !== null) throw new ProblemError('signature-refused', wording`${fault}.`);
        const content = contentOf('verification', document);
        if (content.report !== digest)
          throw new ProblemError(
            'signature-refused',
            wording`It was signed for report ${content.report}, not for this one.`,
          );
        await mustFitReport(content);
        receipt = await ledger.recordSigned(document);
      } else {
        const content = { report: digest, ...validate(verificationWords, body, 'body') };
        await mustFitReport(content);
        receipt = await ledger.recordVerification(content, stepOptions('verification', request, key));
      }
      const step = await taken(digest, receipt);
      return reply
        .code(receipt.repeated ? 200 : 201)
        .header('location', step.location)
        .send(step);
    },
  );

  app.post(
    '/reports/:digest/verification/draft',
    {
      schema: {
        tags: ['reports'],
        summary: 'What to sign in order to verify a report',
        description: 'Records nothing. `evenhand sign FILE --key KEYFILE`, then POST it to …/verification.',
        params,
        body: verificationWords.meta({ examples: [VERIFICATION] }),
        response: {
          200: json('A draft', draftDocument),
          ...problems(...STEP_PROBLEMS, 'report-faulty'),
        },
      },
    },
    async ({ params, body }) => {
      const content = { report: params.digest, ...body };
      await lifeOf(ledger, params.digest);
      await mustFitReport(content);
      return ledger.draftVerification(content);
    },
  );

  app.post(
    '/reports/:digest/resolution',
    {
      schema: {
        tags: ['reports'],
        summary: 'Says what was done about a verified report',
        description: 'It names the amendment that takes the report up, where there is one, and the plan that followed.',
        params,
        headers: idempotencyHeaders,
        body: resolutionWords.meta({ examples: [RESOLUTION] }),
        response: {
          200: json('It was on the record already', stepTaken('resolution')),
          201: json('It is on the record', stepTaken('resolution')),
          ...problems(...STEP_PROBLEMS, 'unknown-allocation', 'unknown-amendment'),
        },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      await lifeOf(ledger, digest);
      const options = stepOptions('resolution', request, request.headers['idempotency-key']);
      const step = await taken(digest, await ledger.recordResolution({ report: digest, ...request.body }, options));
      return reply
        .code(step.receipt.repeated ? 200 : 201)
        .header('location', step.location)
        .send(step);
    },
  );

  async function mustFitReport({ report: digest, verdict, place }: VerificationContent): Promise<void> {
    const report = await ledger.report(digest);
    const scenario = report && (await ledger.scenario(report.scenario));
    if (report && scenario) mustFit(report, scenario, verdict, place);
  }

  async function taken(report: string, receipt: Receipt) {
    const state = stateOf(await lifeOf(ledger, report));
    return { report, state, location: `/ledger/proof/${receipt.seq}`, receipt };
  }
};

/** The life of a report on the record. Throws 'unknown-report'. */
async function lifeOf(ledger: Context['ledger'], digest: string): Promise<Case> {
  const of = await ledger.life(digest);
  if (of) return of;
  throw new ProblemError('unknown-report', wording`No report ${digest} is on the record.`);
}

export const isSigned = (body: unknown): boolean => typeof body === 'object' && body !== null && 'signed' in body;

/** Throws 'invalid-request' where a signed document comes with an Idempotency-Key. */
export function mustHaveNoKey(key: string | undefined): void {
  if (key === undefined) return;
  const detail = wording`leave it out: what is signed carries its own key, and is recorded once`;
  throw requestProblem({ part: 'headers', faults: [{ pointer: '/idempotency-key', detail }] });
}

function stepOptions(step: string, request: Parameters<typeof inNameOf>[0], key: string | undefined): RecordOptions {
  return { ...inNameOf(request), ...(key === undefined ? {} : { idempotencyKey: `${step}:${key}` }) };
}
