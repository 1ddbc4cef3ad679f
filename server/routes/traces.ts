/** From a report to the people it moved, and from what was allocated to what was delivered. */
import { z } from 'zod';
import type { Progress } from '../../engine/index.js';
import type { Routes } from '../context.js';
import { varianceOfPlan } from '../reports/course.js';
import { type Trace, traceReport } from '../reports/tracing.js';
import { digest, json } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { traceDocument, varianceDocument } from '../schemas/trace.js';
import type { Work } from '../turns.js';
import { respond, underWay, waitHeaders, waitOf } from '../waiting.js';

export const traceRoutes: Routes = async (app, { ledger, traces, config }) => {
  app.get(
    '/reports/:digest/trace',
    {
      schema: {
        tags: ['reports'],
        summary: 'What became of a report, and what it has moved',
        description:
          'Report, verification, amendment, the plan that followed, and the people-periods that moved: the plan is solved once more as if nobody had sent the report, and that plan goes on the record. Where it takes long, 202 says how far it is and when to ask again; `Prefer: wait=0` asks for that at once.',
        params: z.object({ digest }),
        headers: waitHeaders,
        response: {
          200: json('The trace', traceDocument),
          202: json('Being solved: how far it is; see Retry-After', underWay),
          ...problems(
            'invalid-request',
            'unknown-report',
            'unknown-allocation',
            'unknown-scenario',
            'cannot-allocate',
            'ledger-unavailable',
            'overloaded',
            'stopping',
          ),
        },
      },
    },
    async (request, reply) => {
      const { concurrency: threads } = config;
      const { digest } = request.params;
      const work: Work<Trace> = (signal, tell) => {
        // one part a stage of the policy
        const onProgress = ({ stage }: Progress) => stage && tell({ done: stage.index, of: stage.of });
        return traceReport(ledger, digest, { threads, signal, onProgress });
      };
      return respond(request, reply, await traces.answer(digest, work, waitOf(`${request.headers.prefer}`)));
    },
  );

  app.get(
    '/allocations/:digest/variance',
    {
      schema: {
        tags: ['allocations'],
        summary: 'What was allocated, and what became of it',
        description:
          'Of this plan and of those that it followed: allocated = shipped + held + returned, shipped = delivered + onTheRoad + lost, by destination and resource. Consignments that nobody reported on are counted as planned (`unreported`).',
        params: z.object({ digest }),
        querystring: z.strictObject({
          period: z.coerce
            .number()
            .int()
            .min(0)
            .describe('what should have left before it (default: where the plan begins)')
            .exactOptional(),
          scenario: digest
            .describe('the scenario as it is known now, whose amendments hold the deliveries (default: the plan’s own)')
            .exactOptional(),
        }),
        response: {
          200: json('In the units of the resources', varianceDocument),
          ...problems('invalid-request', 'unknown-allocation', 'unknown-scenario'),
        },
      },
    },
    ({ params, query }) => varianceOfPlan(ledger, params.digest, query),
  );
};
