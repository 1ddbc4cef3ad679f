/** Response levels: what the figures suggest, what was declared, by whom and why; which depots give by it. */
import { z } from 'zod';
import { levelOf } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { inNameOf } from '../auth.js';
import type { Context, Routes } from '../context.js';
import { declareOnRecord } from '../declaring.js';
import { ProblemError } from '../problem.js';
import { digest, idempotencyHeaders, json } from '../schemas/common.js';
import {
  DECLARATION_ASKED,
  declarationAsked,
  declarationList,
  declarationView,
  levelDocument,
} from '../schemas/declaration.js';
import { problems } from '../schemas/problem.js';

export const declarationRoutes: Routes = async (app, { ledger }) => {
  app.get(
    '/scenarios/:digest/level',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'The response level: suggested, declared, and which depots give by it',
        description:
          'The suggestion is the highest level of the table of which any one figure is reached. Nothing is declared by it.',
        params: z.object({ digest }),
        response: {
          200: json('The level', levelDocument),
          ...problems('invalid-request', 'unknown-scenario', 'scenario-faulty'),
        },
      },
    },
    async ({ params }) => levelOf(await scenarioOf(ledger, params.digest)),
  );

  app.post(
    '/declarations',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Declares a response level',
        description:
          'The scenario with that level and these figures goes on the record, then the declaration; its `scenario` is what to plan for next. Another level than the figures suggest may be declared where `why` names the one that they suggest (or none).',
        headers: idempotencyHeaders,
        body: declarationAsked.meta({ examples: [DECLARATION_ASKED] }),
        response: {
          200: json('It was on the record already', declarationView),
          201: json('It is on the record', declarationView),
          ...problems(
            'malformed-json',
            'invalid-request',
            'unknown-scenario',
            'idempotency-conflict',
            'too-large',
            'unsupported-media-type',
            'declaration-faulty',
            'signature-refused',
            'ledger-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { scenario, ...asked } = request.body;
      const key = request.headers['idempotency-key'];
      const { declaration, receipt } = await declareOnRecord(ledger, await scenarioOf(ledger, scenario), asked, {
        ...inNameOf(request),
        ...(key === undefined ? {} : { idempotencyKey: `declaration:${key}` }),
      });
      const location = `/ledger/proof/${receipt.seq}`;
      reply.header('location', location);
      const { digest } = receipt;
      return reply.code(receipt.repeated ? 200 : 201).send({ digest, location, declaration, receipt });
    },
  );

  app.get(
    '/declarations',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Response levels that were declared',
        querystring: z.strictObject({
          scenario: digest.describe('only those for this scenario, or that made it').exactOptional(),
        }),
        response: {
          200: json('In the order of the record', declarationList),
          ...problems('invalid-request', 'unknown-scenario'),
        },
      },
    },
    async ({ query: { scenario: asked } }) => {
      if (asked !== undefined) await scenarioOf(ledger, asked);
      const all = await ledger.declarations();
      const about = ({ parent, scenario }: (typeof all)[number]) => parent === asked || scenario === asked;
      return { declarations: asked === undefined ? all : all.filter(about) };
    },
  );
};

async function scenarioOf(ledger: Context['ledger'], digest: string) {
  const scenario = await ledger.scenario(digest);
  if (scenario) return scenario;
  throw new ProblemError('unknown-scenario', wording`No scenario ${digest} is on the record.`);
}
