/** A job as the API shows it. */
import { z } from 'zod';
import type { FrontierProgress, Progress } from '../../engine/index.js';
import { jobRequestSchema, jobStates } from '../jobs/record.js';
import { digest } from './common.js';
import { documented } from './documented.js';
import { DIGESTS, JOB } from './examples.js';
import { TYPES } from './frontier.js';
import { problemSchema } from './problem.js';
import { receiptExample, receiptSchema } from './receipt.js';

/** Of a frontier also how many dials are done, of how many, and how far each is. */
export type JobProgress = Progress & Partial<FrontierProgress>;

const progressExample: Required<JobProgress> = {
  phase: 'solve',
  stage: { index: 1, name: 'need', of: 3 },
  seconds: 1.4,
  solver: 'highs',
  iterations: 1800,
  gap: 0.002,
  done: 1,
  of: 2,
  dials: [
    { dial: 0, state: 'done', phase: 'check', seconds: 0.9 },
    { dial: 'leximin', state: 'running', phase: 'solve', seconds: 1.4 },
  ],
};
const progress = documented<JobProgress>(
  'how far the solve is',
  progressExample,
  ['stage', 'solver', 'iterations', 'gap', 'done', 'of', 'dials'],
  TYPES,
);

const address = z.string().describe('relative to this server');

const jobFields = z.strictObject({
  job: z.uuid(),
  state: z.enum(jobStates),
  created: z.iso.datetime(),
  request: jobRequestSchema,
  location: address,
  events: address.describe('server-sent events: progress, then done, failed or cancelled'),
  position: z.int().describe('jobs that start before this one').exactOptional(),
  progress: progress.exactOptional(),
  finished: z.iso.datetime().exactOptional(),
  seconds: z.number().describe('from start to end of the run').exactOptional(),
  result: z.strictObject({ allocation: digest, receipt: receiptSchema, location: address }).exactOptional(),
  frontier: z
    .strictObject({
      location: address,
      allocations: z.array(z.strictObject({ dial: z.union([z.number(), z.literal('leximin')]), allocation: digest })),
    })
    .describe(
      'of a job that asked for one: where it is, and its plans; also of one that was stopped, as far as it went',
    )
    .exactOptional(),
  error: problemSchema.exactOptional(),
});

export type JobView = z.output<typeof jobFields>;

const accepted: JobView = {
  job: JOB,
  state: 'queued',
  created: '2026-11-24T08:00:00.000Z',
  request: { scenario: DIGESTS.scenario, policy: 'proportional' },
  location: `/jobs/${JOB}`,
  events: `/jobs/${JOB}/events`,
  position: 0,
};

const { position: _position, ...known } = accepted;
const running: JobView = { ...known, state: 'running', progress: progressExample };
const done: JobView = {
  ...known,
  state: 'done',
  finished: '2026-11-24T08:00:04.000Z',
  seconds: 3.9,
  result: { allocation: DIGESTS.allocation, receipt: receiptExample, location: `/allocations/${DIGESTS.allocation}` },
};

const { request: _request, ...asked } = known;
const tracing: JobView = {
  ...asked,
  state: 'done',
  request: { scenario: DIGESTS.scenario, policy: 'balanced', dials: [0, 2] },
  finished: '2026-11-24T08:00:05.000Z',
  seconds: 4.2,
  frontier: {
    location: `/frontiers/${JOB}`,
    allocations: [
      { dial: 0, allocation: DIGESTS.other },
      { dial: 2, allocation: DIGESTS.allocation },
    ],
  },
};

const assumed = z
  .array(
    z.strictObject({
      ...{ resource: z.string(), from: z.string(), to: z.string(), mode: z.string(), depart: z.int() },
      planned: z.number(),
      left: z.number().describe('what is taken to have left'),
    }),
  )
  .describe('consignments of the plan before that cannot have left as planned, and that nobody has reported on');

export const acceptedJob = jobFields.extend({ assumed: assumed.exactOptional() }).meta({ examples: [accepted] });
export const jobView = jobFields.meta({ examples: [running, done, tracing] });
export const cancelledJob = jobFields.meta({
  examples: [{ ...known, state: 'cancelled', finished: '2026-11-24T08:00:02.000Z' }],
});
export const jobList = z.strictObject({ jobs: z.array(jobFields) }).meta({ examples: [{ jobs: [done, running] }] });
