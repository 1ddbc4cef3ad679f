/** Scripts, styles and the outline of the land for the planner's page; their names are hashes of what is in them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import type { Routes } from '../context.js';
import { accepts } from '../gzip.js';
import { type PageFile, readPage } from '../page.js';
import { ProblemError } from '../problem.js';

export const pageRoutes: Routes = async (app) => {
  const page = await readPage();

  function send(request: FastifyRequest, reply: FastifyReply, file: PageFile) {
    reply.type(file.type).header('vary', 'accept-encoding');
    if (!accepts(request.headers['accept-encoding'])) return reply.send(file.bytes);
    return reply.header('content-encoding', 'gzip').send(file.packed);
  }

  app.get('/assets/*', { schema: { hide: true, params: z.object({ '*': z.string() }) } }, async (request, reply) => {
    const file = page?.files.get(`assets/${request.params['*']}`);
    if (!file) throw new ProblemError('not-found', wording`There is no such part of the page; load it anew.`);
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return send(request, reply, file);
  });

  // Its address may not change, so its content is asked for each time.
  app.get('/sw.js', { schema: { hide: true } }, async (request, reply) => {
    const file = page?.files.get('sw.js');
    if (!file) throw new ProblemError('not-found', wording`The page was not built: npm run build.`);
    return send(request, reply.header('cache-control', 'no-cache'), file);
  });
};
