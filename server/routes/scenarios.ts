/** Scenarios: put on the record once, readable by their digest for ever. */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LIMITS, scenarioToWorkbook, scenarioToZip } from '../../scenarios/formats/index.js';
import { wording } from '../../scenarios/wording.js';
import { inNameOf } from '../auth.js';
import { readBytes } from '../body.js';
import type { Routes } from '../context.js';
import { hasAlready, isKnown, pieceByPiece } from '../documents.js';
import { preferred } from '../negotiate.js';
import { ProblemError } from '../problem.js';
import { mustHaveHappened } from '../replanning.js';
import { asText, scenarioOf, scenarioOfTables, textBody } from '../scenariobody.js';
import { digest, json, listing, next, notModified } from '../schemas/common.js';
import { DIGESTS, SCENARIO } from '../schemas/examples.js';
import { planFile } from '../schemas/plan.js';
import { problems } from '../schemas/problem.js';
import { receiptExample, receiptSchema } from '../schemas/receipt.js';
import { scenarioDocument } from '../schemas/scenario.js';

const recorded = z.strictObject({ digest, id: z.string(), location: z.string(), receipt: receiptSchema }).meta({
  examples: [
    {
      digest: DIGESTS.scenario,
      id: SCENARIO.id,
      location: `/scenarios/${DIGESTS.scenario}`,
      receipt: { ...receiptExample, seq: 0, kind: 'scenario', digest: DIGESTS.scenario },
    },
  ],
});

const listed = z
  .strictObject({
    scenarios: z.array(
      z.strictObject({
        digest: digest.nullable().describe('null where it was forgotten'),
        seq: z.int().describe('its entry'),
        id: z.string(),
        title: z.string().nullable(),
        recorded: z.iso.datetime(),
        org: z.string(),
        periods: z.int(),
        regions: z.int(),
        resources: z.int(),
        quorum: z.int().describe('organisations that must sign an adoption'),
        allocations: z.int().describe('plans for it on the record'),
      }),
    ),
    next,
  })
  .meta({
    examples: [
      {
        scenarios: [
          {
            ...{ digest: DIGESTS.scenario, seq: 0, id: SCENARIO.id, title: SCENARIO.title ?? null },
            ...{ recorded: '2026-11-24T08:00:00.000Z', org: 'evenhand.local/3f9a5c0e' },
            ...{ periods: 1, regions: 2, resources: 1, quorum: 1, allocations: 1 },
          },
        ],
        next: null,
      },
    ],
  });

const [XLSX, ZIP] = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/zip'] as const;
const TABLES = [XLSX, ZIP];
/** Of the tables' layout: who has one of an earlier layout is sent the new one. */
const LAYOUT = 1;

export const scenarioRoutes: Routes = async (app, { config, ledger, reader, catalogue }) => {
  // Tables are taken here alone: this parser ends with the routes of this file.
  app.addContentTypeParser(TABLES, (_request: FastifyRequest, payload: IncomingMessage) =>
    readBytes(payload, Math.min(config.bodyLimit, LIMITS.fileBytes)),
  );

  app.get(
    '/scenarios',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Lists scenarios on the record',
        querystring: z.strictObject(listing),
        response: { 200: json('In the order of the log', listed), ...problems('invalid-request') },
      },
    },
    ({ query }) => catalogue.scenarios(query),
  );

  app.post(
    '/scenarios',
    {
      config: { text: true },
      schema: {
        tags: ['scenarios'],
        summary: 'Puts a scenario on the record',
        description:
          'JSON, a workbook (XLSX), or a zip of CSV files. All faults of a scenario are reported at once, each with its place and ' +
          'the mend; of tables the place is sheet and cell, such as /Routes/C7.',
        consumes: ['application/json', ...TABLES],
        body: asText(scenarioDocument),
        response: {
          200: json('It was on the record already', recorded),
          201: json('It is on the record', recorded),
          ...problems('malformed-json', 'too-large', 'unsupported-media-type', 'scenario-faulty', 'ledger-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { body } = request as { body: unknown }; // bytes where they are tables, else text
      const asked = Buffer.isBuffer(body)
        ? await scenarioOfTables(reader, body)
        : await scenarioOf(reader, textBody(body));
      await mustHaveHappened(ledger, asked);
      const receipt = await ledger.recordScenario(asked, inNameOf(request));
      const location = `/scenarios/${receipt.digest}`;
      reply.header('location', location);
      return reply.code(receipt.repeated ? 200 : 201).send({ digest: receipt.digest, id: asked.id, location, receipt });
    },
  );

  app.get(
    '/scenarios/:digest',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Reads a scenario',
        description:
          'As JSON, or by Accept as a workbook (XLSX) or a zip of CSV files, piece by piece. Read again they are the same scenario; outlines of ' +
          'regions are in the zip alone.',
        params: z.object({ digest }),
        response: {
          200: {
            description: 'The scenario',
            content: {
              ...json('The scenario', scenarioDocument).content,
              [XLSX]: { schema: planFile('tables', 'xlsx') },
              [ZIP]: { schema: planFile('bundle', 'zip') },
            },
          },
          304: notModified,
          ...problems('invalid-request', 'unknown-scenario'),
        },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const found = await ledger.scenario(digest);
      if (found === undefined)
        throw new ProblemError('unknown-scenario', wording`No scenario ${digest} is on the record.`);
      reply.header('vary', 'accept');
      const type = preferred(request.headers.accept, ['application/json', XLSX, ZIP]);
      if (type !== 'application/json') {
        const extension = type === XLSX ? 'xlsx' : 'zip';
        if (hasAlready(request, reply, `${digest}.${extension}.${LAYOUT}`)) return reply.code(304).send();
        const { content } = type === XLSX ? scenarioToWorkbook(found) : scenarioToZip(found);
        reply.type(type);
        reply.header('content-disposition', `attachment; filename="scenario-${digest.slice(0, 12)}.${extension}"`);
        return reply.send(pieceByPiece(content[Symbol.iterator]()));
      }
      // Blobs are found by salted digests too; the tag is that of the address, which has one content either way.
      if (isKnown(request, reply, digest)) return reply.code(304).send();
      return found;
    },
  );
};
