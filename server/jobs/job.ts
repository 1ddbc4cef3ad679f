/** One job in memory: its record, its place in life, and those who wait for it. */
import { randomUUID } from 'node:crypto';
import type { FrontierDocument } from '../../engine/index.js';
import { type Say, sayIn } from '../languages/languages.js';
import { type Problem, problemBody, type SaidProblem } from '../problem.js';
import type { JobProgress, JobView } from '../schemas/job.js';
import { type EventLog, type JobEvent, openEventLog } from './events.js';
import { type FinalState, type JobRecord, type JobRequest, type JobState, requestHash } from './record.js';
import type { JobStore } from './store.js';

export interface Job {
  record: JobRecord;
  running: boolean;
  events: EventLog;
  progress?: JobProgress;
  /** Stops the solve; absent while the job waits and once its plan is being recorded. */
  abort?: AbortController;
  /** Resolves when the state is final in this process and on disk. */
  settled: Promise<void>;
  settle: () => void;
  /** The newest write, so that one follows the other. */
  saved: Promise<void>;
}

export function newRecord(request: JobRequest, key: string | null, created: Date): JobRecord {
  const id = randomUUID();
  const hash = requestHash(request);
  return { v: 1, id, created: created.toISOString(), request, key, hash, state: 'queued', stopping: false };
}

/** A job of that record; `boot` names this process in the ids of its events. */
export function newJob(record: JobRecord, boot: string): Job {
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const job: Job = { record, running: false, events: openEventLog(boot), settled, settle, saved: Promise.resolve() };
  if (record.state !== 'queued') {
    job.events.push(finalEvent(record));
    settle();
  }
  return job;
}

export function stateOf({ record, running }: Job): JobState {
  return record.state === 'queued' && running ? 'running' : record.state;
}

export const isFinal = (state: JobState): state is FinalState => state !== 'queued' && state !== 'running';

/** Writes the record as it is now, after all earlier writes; rejects if this one fails. */
export function save(job: Job, store: JobStore): Promise<void> {
  const { record } = job;
  const write = () => store.save(record);
  job.saved = job.saved.then(write, write);
  return job.saved;
}

/** The last event of a finished job, made from what is kept of it. */
export function finalEvent({ id, state, result, frontier, error, said }: JobRecord): JobEvent {
  if (state === 'done' && result !== undefined) {
    const { allocation, receipt } = result;
    return { event: 'done', data: { allocation, location: `/allocations/${allocation}`, seq: receipt.seq } };
  }
  if (state === 'done' && frontier !== undefined)
    return { event: 'done', data: { frontier: id, location: `/frontiers/${id}` } };
  if (state === 'failed' && error !== undefined) return { event: 'failed', data: error, ...(said && { said }) };
  return { event: 'cancelled', data: {} };
}

/** Why it failed, as it is kept. */
export const failureOf = (id: string, said: SaidProblem): Pick<JobRecord, 'error' | 'said'> => ({
  error: inOldForm(problemBody(said, sayIn('en'), `/jobs/${id}`)),
  said,
});

/** Without the members that came later: to a program that does not know them the whole record would be damaged. */
function inOldForm({ errors, ...problem }: Problem): Problem {
  return errors === undefined
    ? problem
    : { ...problem, errors: errors.map(({ what: _, place: __, ...error }) => error) };
}

/** Why it failed, in a language; in English where its parts are not kept, or not known here. */
export const problemIn = ({ data, said }: { data: Problem; said?: SaidProblem | undefined }, say: Say): Problem =>
  said ? problemBody(said, say, data.instance) : data;

/** What the API shows. `position` counts the jobs that start before this one. */
export function viewOf(job: Job, position: number, say: Say): JobView {
  const { id, created, request, finished, seconds, result, frontier, error, said } = job.record;
  const state = stateOf(job);
  return {
    job: id,
    state,
    created,
    request,
    location: `/jobs/${id}`,
    events: `/jobs/${id}/events`,
    ...(state === 'queued' && position >= 0 ? { position } : {}),
    ...(state === 'running' && job.progress !== undefined ? { progress: job.progress } : {}),
    ...(finished === undefined ? {} : { finished }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(result === undefined ? {} : { result: { ...result, location: `/allocations/${result.allocation}` } }),
    ...(frontier === undefined ? {} : { frontier: { location: `/frontiers/${id}`, allocations: plansOf(frontier) } }),
    ...(error === undefined ? {} : { error: problemIn({ data: error, said }, say) }),
  };
}

const plansOf = ({ dials }: FrontierDocument) =>
  dials.flatMap(({ dial, plan }) => (plan ? [{ dial, allocation: plan.allocation }] : []));
