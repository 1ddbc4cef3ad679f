/** The way in: the planner's page for browsers, for everybody else where everything is. */
import { z } from 'zod';
import type { Routes } from '../context.js';
import { preferred } from '../negotiate.js';
import { readPage } from '../page.js';
import { json } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { version } from '../version.js';

const links = {
  docs: '/docs',
  openapi: '/openapi.json',
  cases: '/cases',
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

/** Beside the links: what a browser gets. */
const PAGE = {
  content: {
    ...json('', home).content,
    'text/html': { schema: z.string().meta({ description: 'the page', examples: ['<!doctype html>'] }) },
  },
};

export const homeRoutes: Routes = async (app, { ledger }) => {
  const page = await readPage();
  app.get(
    '/',
    {
      schema: {
        tags: ['server'],
        summary: 'Where everything is',
        description: 'Browsers (`Accept: text/html`) get the planner’s page, where it was built.',
        response: { 200: { ...json('Links', home), ...PAGE }, ...problems() },
      },
    },
    async ({ headers }, reply) => {
      reply.header('vary', 'accept');
      if (page === null || preferred(headers.accept, ['application/json', 'text/html']) === 'application/json')
        return { name: 'Evenhand', version, log: ledger.log, links };
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page.html);
    },
  );
};
