/** The way in: where everything is. */
import { z } from 'zod';
import type { Routes } from '../context.js';
import { json } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { version } from '../version.js';

const links = {
  docs: '/docs',
  openapi: '/openapi.json',
  scenarios: '/scenarios',
  allocations: '/allocations',
  frontiers: '/frontiers',
  comparisons: '/comparisons',
  adoptions: '/adoptions',
  reports: '/reports',
  declarations: '/declarations',
  organisations: '/organisations',
  jobs: '/jobs',
  checkpoint: '/ledger/checkpoint',
  entries: '/ledger/entries',
  bundle: '/ledger/bundle',
  health: '/healthz',
  metrics: '/metrics',
};

const home = z
  .strictObject({ name: z.string(), version: z.string(), log: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ examples: [{ name: 'Evenhand', version: '0.1.0', log: 'evenhand.local/3f9a5c0e', links }] });

export const homeRoutes: Routes = async (app, { ledger }) => {
  app.get(
    '/',
    {
      schema: {
        tags: ['server'],
        summary: 'Where everything is',
        response: { 200: json('Links', home), ...problems() },
      },
    },
    async () => ({ name: 'Evenhand', version, log: ledger.log, links }),
  );
};
