/** The built-in cases, to begin with: read one, change it, POST it to /scenarios. */
import { z } from 'zod';
import { caseNames, readCase } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import type { Routes } from '../context.js';
import { ProblemError } from '../problem.js';
import { json } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { scenarioDocument } from '../schemas/scenario.js';

const caseList = z
  .strictObject({
    cases: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        periods: z.int(),
        regions: z.int(),
        resources: z.int(),
        location: z.string(),
      }),
    ),
  })
  .meta({
    examples: [
      {
        cases: [
          {
            ...{
              name: 'two-valleys',
              title: 'Two valleys cut off by a landslide',
              periods: 4,
              regions: 2,
              resources: 3,
            },
            location: '/cases/two-valleys',
          },
        ],
      },
    ],
  });

export const caseRoutes: Routes = async (app) => {
  app.get(
    '/cases',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Lists the built-in cases',
        response: { 200: json('Cases that come with Evenhand', caseList), ...problems() },
      },
    },
    async () => ({
      cases: caseNames().map((name) => {
        const { title = name, periods, regions, resources } = readCase(name);
        const counts = { periods: periods.count, regions: regions.length, resources: resources.length };
        return { name, title, ...counts, location: `/cases/${name}` };
      }),
    }),
  );

  app.get(
    '/cases/:name',
    {
      schema: {
        tags: ['scenarios'],
        summary: 'Reads a built-in case',
        description: 'It is not on the record before it is posted to /scenarios.',
        params: z.object({ name: z.string().max(100) }),
        response: { 200: json('A scenario', scenarioDocument), ...problems('invalid-request', 'not-found') },
      },
    },
    async ({ params: { name } }) => {
      if (!caseNames().includes(name))
        throw new ProblemError('not-found', wording`There is no case ${JSON.stringify(name)}; GET /cases lists them.`);
      return readCase(name);
    },
  );
};
