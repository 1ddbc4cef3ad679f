/** Plans as the files that coordinators ask for: by address, or at the plan's own address by Accept. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Book,
  BRIEF_POLICY,
  decisionPieces,
  MEDIA,
  openBook,
  REPORTS,
  type ReportFormat,
  type ReportName,
  reportPieces,
} from '../../engine/index.js';
import { wording } from '../../scenarios/wording.js';
import { namedPlan, storedPlan } from '../beside/stored.js';
import type { Context, Routes } from '../context.js';
import { decisionRecord } from '../decision.js';
import { hasAlready, pieceByPiece } from '../documents.js';
import { allocationOf } from '../known.js';
import { preferred } from '../negotiate.js';
import { ProblemError } from '../problem.js';
import { digest, notModified } from '../schemas/common.js';
import { planFile } from '../schemas/plan.js';
import { problems } from '../schemas/problem.js';

/** Of the files' layout: who has one of an earlier layout is sent the new one. */
const LAYOUT = 2;
const ZIP = 'application/zip';

type Ledger = Context['ledger'];
type Tools = Pick<Context, 'ledger' | 'beside'>;

const SUMMARIES: Record<ReportName, string> = {
  shipments: 'All consignments, with HXL tags',
  waybills: 'Lines of waybills by depot and day',
  '4w': 'Who does what, where and when',
  unmet: 'What stays unmet, and what is full or used up on every way to it',
  tables: 'All tables in one workbook',
  flows: 'What goes on each way, as lines on a map',
  coverage: 'What each region gets and lacks, as points on a map',
  brief: 'One page to print: map, resources, what is short and why, proof, receipt',
};

/** Which file an Accept header at the plan's own address stands for. */
const BY_TYPE: Readonly<Record<string, [ReportName, ReportFormat]>> = {
  [MEDIA.csv]: ['shipments', 'csv'],
  [MEDIA.xlsx]: ['tables', 'xlsx'],
  [MEDIA.geojson]: ['flows', 'geojson'],
  [MEDIA.html]: ['brief', 'html'],
};
export const PLAN_TYPES = [...Object.keys(BY_TYPE), ZIP];

export const planRoutes: Routes = async (app, { ledger, beside }) => {
  for (const name of Object.keys(REPORTS) as ReportName[])
    app.get(
      `/allocations/:digest/${name}`,
      {
        schema: {
          tags: ['allocations'],
          summary: SUMMARIES[name],
          params: z.object({ digest }),
          response: {
            200: {
              description: 'The file, which comes piece by piece; the first type where Accept leaves the choice',
              content: Object.fromEntries(REPORTS[name].map((f) => [MEDIA[f], { schema: planFile(name, f) }])),
            },
            304: notModified,
            ...problems('invalid-request', 'unknown-allocation', 'unknown-scenario', 'too-large', 'overloaded'),
          },
        },
      },
      async (request, reply) => {
        const [first, ...others] = REPORTS[name];
        const type = preferred(request.headers.accept, [MEDIA[first], ...others.map((f: ReportFormat) => MEDIA[f])]);
        const format = REPORTS[name].find((f) => MEDIA[f] === type) ?? first;
        reply.header('vary', 'accept');
        return sendReport({ ledger, beside }, request, reply, request.params.digest, name, format);
      },
    );

  app.get(
    '/allocations/:digest/bundle',
    {
      schema: {
        tags: ['allocations'],
        summary: 'The decision as one archive that strangers verify offline',
        description:
          'VERIFY.txt says how: scenario and plan as canonical JSON, certificate, receipt, inclusion proof, the log’s entries with the contents of this decision, the brief, the shipments.',
        params: z.object({ digest }),
        response: {
          200: { description: 'A zip archive', content: { [ZIP]: { schema: planFile('bundle', 'zip') } } },
          304: notModified,
          ...problems('invalid-request', 'unknown-allocation', 'unknown-scenario'),
        },
      },
    },
    (request, reply) => sendBundle(ledger, request, reply, request.params.digest),
  );
};

/** The plan at its own address in another type than JSON; `type` is one of PLAN_TYPES. */
export function sendPlanAs(tools: Tools, request: FastifyRequest, reply: FastifyReply, asked: string, type: string) {
  const [name, format] = BY_TYPE[type] ?? [];
  return name && format
    ? sendReport(tools, request, reply, asked, name, format)
    : sendBundle(tools.ledger, request, reply, asked);
}

async function bookOf(ledger: Ledger, asked: string): Promise<Book> {
  const allocation = await allocationOf(ledger, asked);
  const scenario = await ledger.scenario(allocation.scenario.digest);
  if (scenario === undefined)
    throw new ProblemError('unknown-scenario', wording`Scenario ${allocation.scenario.digest} was forgotten.`);
  return openBook(allocation, scenario);
}

async function sendReport(
  { ledger, beside }: Tools,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: string,
  name: ReportName,
  format: ReportFormat,
) {
  if (format === 'html') return sendBrief({ ledger, beside }, request, reply, asked);
  const book = await bookOf(ledger, asked);
  if (hasAlready(request, reply, `${book.digest}.${name}.${format}.${LAYOUT}`)) return reply.code(304).send();
  reply.type(`${MEDIA[format]}${format === 'csv' ? '; charset=utf-8; header=present' : ''}`);
  const fileName = `${name}-${book.digest.slice(0, 12)}.${format}`;
  reply.header('content-disposition', `attachment; filename="${fileName}"`);
  return reply.send(pieceByPiece(reportPieces(book, name, format)));
}

/** The brief of a nation takes a second and comes in one piece: it is made beside the event loop. */
async function sendBrief({ ledger, beside }: Tools, request: FastifyRequest, reply: FastifyReply, asked: string) {
  const named = await namedPlan(ledger, asked);
  const receipt = (await ledger.receipt(named.digest)) ?? null;
  const state = receipt ? `.${receipt.size}.${receipt.status}` : '';
  if (hasAlready(request, reply, `${named.digest}.brief.html${state}.${LAYOUT}`)) return reply.code(304).send();
  const plan = await storedPlan(ledger, named);
  const html = await beside.run({ make: 'brief', plan, receipt: receipt && { ...receipt, log: ledger.log } });
  reply.type(`${MEDIA.html}; charset=utf-8`);
  // in the place of the API's own policy, which lets no inline style through; this one lets through one, by its digest
  reply.header('content-security-policy', `${BRIEF_POLICY}; frame-ancestors 'none'`);
  return reply.send(Buffer.from(html.buffer));
}

async function sendBundle(ledger: Ledger, request: FastifyRequest, reply: FastifyReply, asked: string) {
  const book = await bookOf(ledger, asked);
  const record = (await decisionRecord(ledger, book.digest)) ?? null;
  const state = record ? `${record.receipt.size}.${record.receipt.status}` : '0';
  if (hasAlready(request, reply, `${book.digest}.bundle.${state}.${LAYOUT}`)) return reply.code(304).send();
  reply.type(ZIP);
  reply.header('content-disposition', `attachment; filename="decision-${book.digest.slice(0, 12)}.zip"`);
  return reply.send(pieceByPiece(decisionPieces(book, record)));
}
