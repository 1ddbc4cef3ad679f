/** How the server is, for people, load balancers and Prometheus. These answer even under pressure. */
import { z } from 'zod';
import type { Routes } from '../context.js';
import { json, raw } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { version } from '../version.js';

const health = z
  .strictObject({
    status: z.enum(['ok', 'read-only']),
    version: z.string(),
    uptimeSeconds: z.number(),
    ledger: z.strictObject({
      log: z.string().describe('origin of the log'),
      verifierKey: z.string().describe('C2SP verifier key: get it on another way before you rely on it'),
      size: z.int(),
      readOnly: z.string().nullable().describe('why nothing can be recorded'),
      warnings: z.array(z.string()),
    }),
    jobs: z.strictObject({ running: z.int(), queued: z.int(), concurrency: z.int(), queueLimit: z.int() }),
  })
  .meta({
    examples: [
      {
        status: 'ok',
        version: '0.1.0',
        uptimeSeconds: 86400,
        ledger: {
          log: 'evenhand.local/3f9a5c0e',
          verifierKey: 'evenhand.local/3f9a5c0e+b1f0c3d2+AYdz…',
          size: 3,
          readOnly: null,
          warnings: [],
        },
        jobs: { running: 1, queued: 0, concurrency: 3, queueLimit: 256 },
      },
    ],
  });

const always = { rateLimit: false as const, pressureHandler: () => undefined };

export const healthRoutes: Routes = async (app, { config, ledger, jobs, metrics }) => {
  app.get(
    '/healthz',
    {
      config: always,
      schema: {
        tags: ['server'],
        summary: 'How the server is',
        description: 'A ledger that cannot append still answers 200, as reading works: look at status.',
        response: { 200: json('It answers', health), ...problems() },
      },
    },
    async () => {
      const { running, queued } = jobs.counts();
      return {
        status: ledger.readOnly === null ? ('ok' as const) : ('read-only' as const),
        version,
        uptimeSeconds: Math.round(process.uptime()),
        ledger: {
          log: ledger.log,
          verifierKey: ledger.verifierKey,
          size: ledger.size(),
          readOnly: ledger.readOnly,
          warnings: [...ledger.warnings],
        },
        jobs: { running, queued, concurrency: config.concurrency, queueLimit: config.queueLimit },
      };
    },
  );

  app.get(
    '/metrics',
    {
      config: always,
      schema: {
        tags: ['server'],
        summary: 'Figures for Prometheus',
        response: { 200: raw('Prometheus text format', 'text/plain', 'evenhand_queue_length 0\n'), ...problems() },
      },
    },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
