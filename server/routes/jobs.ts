/** Solves on their way: looked at, followed, stopped. */
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import type { Context, Routes } from '../context.js';
import { isFinal, type Job, stateOf } from '../jobs/job.js';
import { jobStates } from '../jobs/record.js';
import { speakTo } from '../languages/asked.js';
import { ProblemError } from '../problem.js';
import { json, raw } from '../schemas/common.js';
import { cancelledJob, jobList, jobView } from '../schemas/job.js';
import { problems } from '../schemas/problem.js';

const params = z.object({ id: z.uuid() });

const EVENTS = `retry: 1000

id: mbx2k1.7
event: progress
data: {"phase":"solve","stage":{"index":1,"name":"need","of":3},"seconds":1.4,"gap":0.002}

`;

export const jobRoutes: Routes = async (app, { jobs, streams }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Lists jobs, newest first',
        querystring: z.strictObject({
          state: z.enum(jobStates).exactOptional(),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: { 200: json('Jobs', jobList), ...problems('invalid-request') },
      },
    },
    async (request, reply) => ({
      jobs: jobs.list(request.query.state, request.query.limit, speakTo(request, reply)),
    }),
  );

  app.get(
    '/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Looks at a job',
        params,
        response: { 200: json('The job', jobView), ...problems('invalid-request', 'unknown-job') },
      },
    },
    async (request, reply) => {
      const job = jobOf(jobs, request.params.id);
      return jobs.view(job, speakTo(request, reply));
    },
  );

  app.get(
    '/jobs/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['jobs'],
        summary: 'Follows a job',
        description:
          'Server-sent events: progress (phase, stage, seconds, gap so far), at last one of done, failed, cancelled. Last-Event-ID goes on where a connection broke.',
        params,
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        response: {
          200: raw('Events', 'text/event-stream', EVENTS),
          204: z.undefined().describe('The last event was seen; there will be no more'),
          ...problems('invalid-request', 'unknown-job', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      const job = jobOf(jobs, request.params.id);
      const lastId = request.headers['last-event-id'];
      // 204 tells a browser not to connect again (WHATWG HTML, section 9.2.3).
      if (isFinal(stateOf(job)) && job.events.since(lastId).length === 0) return reply.code(204).send();
      if (!streams.admit())
        throw new ProblemError(
          'overloaded',
          wording`Too many connections follow jobs: ask GET /jobs/{id} now and then.`,
          {
            retryAfter: 5,
          },
        );
      const say = speakTo(request, reply);
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      streams.open(reply.raw, job.events, lastId, say);
    },
  );

  app.delete(
    '/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Stops a job',
        description: 'A job that has ended stays as it is. A plan that is being recorded is recorded.',
        params,
        response: {
          200: json('It has ended', cancelledJob),
          202: json('It will end', jobView),
          ...problems('invalid-request', 'unknown-job'),
        },
      },
    },
    async (request, reply) => {
      const { params, author } = request;
      const job = jobOf(jobs, params.id);
      const { org } = job.record.request;
      if (author?.role === 'planner' && org !== author.org)
        throw new ProblemError(
          'forbidden',
          org === undefined
            ? wording`The job is nobody's; a coordinator may stop it.`
            : wording`The job is ${org}'s; a coordinator may stop it.`,
        );
      await jobs.stop(job);
      const view = jobs.view(job, speakTo(request, reply));
      return reply.code(isFinal(view.state) ? 200 : 202).send(view);
    },
  );
};

function jobOf(jobs: Context['jobs'], id: string): Job {
  const job = jobs.get(id);
  if (job === undefined)
    throw new ProblemError('unknown-job', wording`There is no job ${id}; finished ones are kept for a while.`);
  return job;
}
