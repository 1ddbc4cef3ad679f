/** Allocations: asked for as jobs, read by their digest. */
import { z } from 'zod';
import { MEDIA, type MovedOn } from '../../engine/index.js';
import type { Scenario } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { ASKED_PROBLEMS, acceptJob, readAsked } from '../asked.js';
import { inNameOf } from '../auth.js';
import type { Context, Routes } from '../context.js';
import { isKnown } from '../documents.js';
import { allocationOf } from '../known.js';
import type { RecordOptions } from '../ledger/index.js';
import { preferred } from '../negotiate.js';
import { PACKED_TYPE, VERSION } from '../packed/container.js';
import { withReceipt } from '../packed/pack.js';
import { ProblemError } from '../problem.js';
import { moveOnRecord, planInForce } from '../replanning.js';
import { asText, textBody } from '../scenariobody.js';
import { allocationDocument } from '../schemas/allocation.js';
import {
  digest,
  howToAllocate,
  idempotencyHeaders,
  json,
  listing,
  movedOn,
  next,
  notModified,
  twins,
} from '../schemas/common.js';
import { DIGESTS, SCENARIO } from '../schemas/examples.js';
import { acceptedJob } from '../schemas/job.js';
import { packedPlan, planFile } from '../schemas/plan.js';
import { problems } from '../schemas/problem.js';
import { scenarioDocument } from '../schemas/scenario.js';
import { PLAN_TYPES, sendPlanAs } from './plans.js';

const asked = z
  .strictObject({
    scenario: z.union([digest, scenarioDocument]).describe('the digest of a scenario on the record, or a scenario'),
    ...howToAllocate,
    ...movedOn,
    twins,
  })
  .meta({
    examples: [
      { scenario: DIGESTS.scenario, policy: 'proportional', gap: 0.0001 },
      { scenario: DIGESTS.scenario, after: DIGESTS.allocation, period: 2, gap: 0.001 },
      { scenario: SCENARIO, policy: [{ stage: 'floor' }, { stage: 'need', alpha: 2 }, { stage: 'cost' }] },
    ],
  });

/** The same once a scenario that stood in it was cut out. */
const askedAround = z.strictObject({ scenario: z.union([digest, z.null()]), ...howToAllocate, ...movedOn, twins });

export { allocationOf };

const measure = z.number().nullable();
const listed = z
  .strictObject({
    allocations: z.array(
      z.strictObject({
        digest: digest.nullable().describe('null where it was forgotten, as all that its content says'),
        seq: z.int().describe('its entry'),
        scenario: digest.nullable(),
        recorded: z.iso.datetime(),
        org: z.string(),
        policy: z.string().nullable(),
        stages: z.array(z.strictObject({ stage: z.string(), value: z.string(), bound: z.string(), gap: z.string() })),
        smallestCoverage: measure,
        meanCoverage: measure,
        gini: measure,
        peoplePeriodsUnmet: measure,
        cost: measure,
        tonnes: measure,
        adoptions: z.int().describe('entries that adopt it; GET /adoptions says whether they count'),
      }),
    ),
    next,
  })
  .meta({
    examples: [
      {
        allocations: [
          {
            ...{ digest: DIGESTS.allocation, seq: 1, scenario: DIGESTS.scenario },
            ...{ recorded: '2026-11-24T08:00:04.000Z', org: 'evenhand.local/3f9a5c0e', policy: 'proportional' },
            stages: [{ stage: 'cost', value: '84', bound: '83.999999999999', gap: '0.0000000000000119048' }],
            ...{ smallestCoverage: 0.6, meanCoverage: 0.6, gini: 0, peoplePeriodsUnmet: 4000, cost: 84, tonnes: 6 },
            adoptions: 0,
          },
        ],
        next: null,
      },
    ],
  });

export const allocationRoutes: Routes = async (app, { ledger, jobs, reader, beside, packer, catalogue }) => {
  app.get(
    '/allocations',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Lists allocations on the record with their measures',
        querystring: z.strictObject({ scenario: digest.exactOptional(), ...listing }),
        response: { 200: json('In the order of the log', listed), ...problems('invalid-request', 'unknown-scenario') },
      },
    },
    async ({ query }) => {
      if (query.scenario !== undefined && (await ledger.receipt(query.scenario))?.kind !== 'scenario')
        throw new ProblemError('unknown-scenario', wording`No scenario ${query.scenario} is on the record.`);
      return catalogue.allocations(query);
    },
  );

  app.post(
    '/allocations',
    {
      config: { text: true },
      schema: {
        tags: ['allocations'],
        summary: 'Asks for an allocation',
        description:
          'Answers at once with a job that is on disk: it is solved even if the server dies now. Every allocation that is computed goes on the record. With `after` and `period` time has moved on: what the earlier plan sent before the period stays sent, as reported by deliveries that amendments of the scenario hold or else as planned, and the rest is planned anew; `assumed` lists consignments that cannot have left as planned.',
        headers: idempotencyHeaders,
        body: asText(asked),
        response: {
          202: json('Accepted; also for a repeated Idempotency-Key', acceptedJob),
          ...problems(...ASKED_PROBLEMS, 'unknown-allocation', 'cannot-allocate'),
        },
      },
    },
    async (request, reply) => {
      const { after, period, ...asked } = await readAsked(askedAround, textBody(request.body), { ledger, reader });
      const key = request.headers['idempotency-key'];
      if (after === undefined && period === undefined) return acceptJob(request, reply, { ledger, jobs }, asked, key);
      if (after === undefined || period === undefined) throw halfOf(after === undefined ? 'after' : 'period');
      const { scenario, assumed } = await movedScenario(ledger, asked.scenario, { after, period }, inNameOf(request));
      const job = await acceptJob(request, reply, { ledger, jobs }, { ...asked, scenario, after }, key);
      return { ...job, assumed };
    },
  );

  app.get(
    '/allocations/:digest',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Reads an allocation with its certificate and a receipt',
        description:
          'With Accept also as other files: text/csv its shipments, XLSX all tables, application/geo+json its flows, text/html the brief, application/zip the archive of the decision; each of those has an address of its own below. The compact form is for programs that draw large plans: a fifth of the bytes, read without being parsed. What is verified is verified on the JSON.',
        params: z.object({ digest }),
        response: {
          200: {
            description: 'The allocation; its digest is that of its canonical JSON without receipt',
            content: {
              'application/json': { schema: allocationDocument },
              [MEDIA.csv]: { schema: planFile('shipments', 'csv') },
              [MEDIA.xlsx]: { schema: planFile('tables', 'xlsx') },
              [MEDIA.geojson]: { schema: planFile('flows', 'geojson') },
              [MEDIA.html]: { schema: planFile('brief', 'html') },
              'application/zip': { schema: planFile('bundle', 'zip') },
              [PACKED_TYPE]: { schema: packedPlan },
            },
          },
          304: notModified,
          ...problems('invalid-request', 'unknown-allocation', 'unknown-scenario', 'too-large', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'accept');
      const type = preferred(request.headers.accept, ['application/json', ...PLAN_TYPES, PACKED_TYPE]);
      if (type === PACKED_TYPE) {
        const { digest } = request.params;
        const packed = await packer.pack(digest);
        reply.type(PACKED_TYPE);
        if (isKnown(request, reply, digest, `v${VERSION}`)) return reply.code(304).send();
        return reply.send(Buffer.from(withReceipt(packed, await ledger.receipt(digest)).buffer));
      }
      if (type !== 'application/json')
        return sendPlanAs({ ledger, beside }, request, reply, request.params.digest, type);
      const found = await allocationOf(ledger, request.params.digest);
      if (isKnown(request, reply, request.params.digest)) return reply.code(304).send();
      return { ...found, receipt: await ledger.receipt(request.params.digest) };
    },
  );
};

function halfOf(missing: string): ProblemError {
  const detail = wording`/${missing} is missing: after and period go together`;
  return new ProblemError('invalid-request', wording`${detail}.`, { errors: [{ pointer: `/${missing}`, detail }] });
}

/** The scenario from that period on. One that is not on the record yet is put there: the new one names it as its base. */
async function movedScenario(
  ledger: Context['ledger'],
  asked: string | Scenario,
  { after, period }: { after: string; period: number },
  own: RecordOptions,
): Promise<MovedOn> {
  const before = await planInForce(ledger, after);
  const digest = typeof asked === 'string' ? asked : (await ledger.recordScenario(asked, own)).digest;
  const scenario = typeof asked === 'string' ? await ledger.scenario(asked) : asked;
  if (!scenario) throw new ProblemError('unknown-scenario', wording`Scenario ${digest} was forgotten.`);
  return await moveOnRecord(ledger, { scenario, digest, before, period });
}
