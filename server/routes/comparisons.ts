/** Allocations side by side. */
import { z } from 'zod';
import { compare } from '../../engine/index.js';
import type { Routes } from '../context.js';
import { comparisonDocument } from '../schemas/allocation.js';
import { digest, json } from '../schemas/common.js';
import { DIGESTS } from '../schemas/examples.js';
import { problems } from '../schemas/problem.js';
import { allocationOf } from './allocations.js';

export const comparisonRoutes: Routes = async (app, { ledger }) => {
  app.post(
    '/comparisons',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Compares allocations with the first of them',
        body: z
          .strictObject({ allocations: z.array(digest).min(2).max(8) })
          .meta({ examples: [{ allocations: [DIGESTS.allocation, DIGESTS.other] }] }),
        response: {
          200: json('Measures of each, and who gains and who loses', comparisonDocument),
          ...problems('malformed-json', 'invalid-request', 'unknown-allocation', 'too-large', 'unsupported-media-type'),
        },
      },
    },
    async ({ body }) => {
      const found = body.allocations.map((each, i) => allocationOf(ledger, each, `/allocations/${i}`));
      return compare(await Promise.all(found));
    },
  );
};
