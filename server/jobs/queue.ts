/**
 * The queue in front of the engine. Accepted means on disk; finished means on the record and on disk. Between the two
 * a process may die as often as it likes: the next one reads the directory and goes on.
 */
import type { FrontierDocument } from '../../engine/index.js';
import { wording } from '../../scenarios/wording.js';
import { asProblem } from '../errors.js';
import type { Say } from '../languages/languages.js';
import type { Ledger, Receipt } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import type { JobView } from '../schemas/job.js';
import { failureOf, finalEvent, isFinal, type Job, newJob, newRecord, save, stateOf, viewOf } from './job.js';
import { type FinalState, type JobRequest, type JobState, requestHash } from './record.js';
import { type Outcome, runJob } from './run.js';
import type { JobStore } from './store.js';

interface JobsOptions {
  ledger: Ledger;
  store: JobStore;
  concurrency: number;
  queueLimit: number;
  keepJobs: number;
  keepDays: number;
  log: {
    info(data: object, message: string): void;
    warn(data: object, message: string): void;
    error(data: object, message: string): void;
  };
  /** For metrics: seconds from start to end of a run. */
  onFinish?: (state: FinalState, seconds: number) => void;
}

export interface Jobs {
  /** Throws 'overloaded', 'stopping' or 'ledger-unavailable' where a job would not be accepted. */
  admit(): void;
  /** Resolves once the job is durable. The same key and request give the same job, another request a conflict. */
  submit(request: JobRequest, key?: string): Promise<{ job: Job; repeated: boolean }>;
  get(id: string): Job | undefined;
  /** Newest first. */
  list(state: JobState | undefined, limit: number, say: Say): JobView[];
  view(job: Job, say: Say): JobView;
  /** Asks a job to stop; resolves when it has stopped, had ended before, or after two seconds. */
  stop(job: Job): Promise<void>;
  counts(): Record<JobState, number>;
  /** Takes no more jobs, gives running ones so long to end, stops the rest; they start again with the next process. */
  close(graceSeconds: number): Promise<void>;
}

const STOP_MS = 2000;

/** Reads what earlier processes left and starts on it. */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const { ledger, store, log } = options;
  // Names this process in the ids of events.
  const boot = Date.now().toString(36);
  const jobs = new Map<string, Job>();
  const byKey = new Map<string, Job>();
  const waiting: Job[] = [];
  const running = new Map<Job, Promise<void>>();
  /** Accepted in a moment, when their file is on disk. */
  let saving = 0;
  let closing = false;

  const keep = (job: Job) => {
    jobs.set(job.record.id, job);
    if (job.record.key !== null) byKey.set(job.record.key, job);
  };

  async function finish(
    job: Job,
    state: FinalState,
    more: { result?: { allocation: string; receipt: Receipt }; frontier?: FrontierDocument; error?: ProblemError },
  ) {
    const { result, frontier, error } = more;
    job.record = {
      ...job.record,
      state,
      finished: new Date().toISOString(),
      ...(result === undefined ? {} : { result }),
      ...(frontier === undefined ? {} : { frontier }),
      ...(error === undefined ? {} : failureOf(job.record.id, error.said)),
    };
    try {
      await save(job, store);
      await store.removePlans(job.record.id);
    } catch (cause) {
      // The plan is on the record; without this note the next process finds it there again, by its key.
      log.error({ err: cause, job: job.record.id }, 'the end of a job could not be noted on disk');
    }
    job.running = false;
    job.events.push(finalEvent(job.record));
    job.settle();
    await prune();
  }

  async function end(job: Job, outcome: Outcome) {
    switch (outcome.outcome) {
      case 'recorded':
        return finish(job, 'done', { result: { allocation: outcome.allocation, receipt: outcome.receipt } });
      case 'traced':
        return finish(job, 'done', { frontier: outcome.frontier });
      case 'stopped':
        // Stopped because the server stops: it stays accepted, and on disk as it is.
        if (job.record.stopping)
          return finish(job, 'cancelled', outcome.frontier ? { frontier: outcome.frontier } : {});
        job.running = false;
        return;
      case 'failed':
        log.error({ err: outcome.error, job: job.record.id }, 'a job failed');
        return finish(job, 'failed', { error: asProblem(outcome.error) });
      case 'unrecorded':
        return unrecorded(job, outcome.error);
    }
  }

  /** Failed for those who wait, still accepted on disk: the next process tries again. */
  function unrecorded(job: Job, error: unknown) {
    log.error({ err: error, job: job.record.id }, 'a plan could not be recorded');
    const problem = asProblem(error);
    const detail = wording`${problem.said.detail} The job is kept on disk and is tried again when the server starts next.`;
    const shown = { kind: problem.kind, detail, errors: [] };
    job.record = { ...job.record, state: 'failed', ...failureOf(job.record.id, shown) };
    job.running = false;
    job.events.push(finalEvent(job.record));
    job.settle();
  }

  function start() {
    while (!closing && running.size < options.concurrency) {
      const job = waiting.shift();
      if (job === undefined) return;
      job.running = true;
      job.abort = new AbortController();
      // An earlier process was told to stop it and died over it; a plan that it had is recorded all the same.
      if (job.record.stopping) job.abort.abort();
      const began = performance.now();
      const run = runJob(job, ledger, store)
        .then((outcome) => {
          const seconds = (performance.now() - began) / 1000;
          job.record = { ...job.record, seconds };
          return end(job, outcome).then(() => {
            const state = stateOf(job);
            if (isFinal(state)) options.onFinish?.(state, seconds);
          });
        })
        .catch((error: unknown) => log.error({ err: error, job: job.record.id }, 'a job ended badly'))
        .finally(() => {
          running.delete(job);
          start();
        });
      running.set(job, run);
    }
  }

  /** Forgets the oldest finished jobs beyond the bound, and those past their days. */
  async function prune() {
    const finished = [...jobs.values()].filter((job) => job.record.finished !== undefined);
    const oldest = new Date(Date.now() - options.keepDays * 86_400_000).toISOString();
    const excess = finished.length - options.keepJobs;
    const gone = finished.filter((job, i) => i < excess || (job.record.finished ?? '') < oldest);
    for (const { record } of gone) {
      jobs.delete(record.id);
      if (record.key !== null) byKey.delete(record.key);
      await store
        .remove(record.id)
        .catch((error: unknown) => log.warn({ err: error }, 'an old job could not be removed'));
    }
  }

  function admit() {
    if (closing)
      throw new ProblemError('stopping', wording`The server is stopping; ask again soon.`, { retryAfter: 5 });
    if (ledger.readOnlySaid !== null)
      throw new ProblemError('ledger-unavailable', ledger.readOnlySaid, { retryAfter: 60 });
    const free = Math.max(0, options.concurrency - running.size);
    if (waiting.length + saving >= options.queueLimit + free)
      throw new ProblemError('overloaded', wording`${waiting.length} jobs are waiting, and no more may.`, {
        retryAfter: 10,
      });
  }

  async function submit(request: JobRequest, key?: string) {
    const before = key === undefined ? undefined : byKey.get(key);
    if (before !== undefined && before.record.hash !== requestHash(request))
      throw new ProblemError(
        'idempotency-conflict',
        wording`The key ${JSON.stringify(key)} was used for another allocation.`,
      );
    if (before === undefined) admit();
    const job = before ?? newJob(newRecord(request, key ?? null, new Date()), boot);
    if (before === undefined) {
      keep(job);
      saving++;
    }
    try {
      await (before === undefined ? save(job, store) : job.saved);
    } catch (error) {
      if (before === undefined) drop(job);
      log.error({ err: error }, 'a job could not be written to disk');
      throw new ProblemError(
        'ledger-unavailable',
        wording`The job could not be written to disk, so it is not accepted.`,
        {
          retryAfter: 60,
        },
      );
    } finally {
      if (before === undefined) saving--;
    }
    if (before === undefined) {
      waiting.push(job);
      start();
    }
    return { job, repeated: before !== undefined };
  }

  function drop(job: Job) {
    jobs.delete(job.record.id);
    if (job.record.key !== null) byKey.delete(job.record.key);
  }

  async function stop(job: Job) {
    if (isFinal(stateOf(job))) return;
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    job.record = { ...job.record, stopping: true };
    job.abort?.abort();
    if (at >= 0) await finish(job, 'cancelled', {});
    // Whoever is told that a job stops can rely on it, whatever becomes of this process.
    else await save(job, store);
    await within(STOP_MS, job.settled);
  }

  const { records, damaged } = await store.load();
  for (const name of damaged) log.warn({ file: name }, 'a job file cannot be read and was set aside');
  for (const record of records) {
    const job = newJob(record, boot);
    keep(job);
    if (record.state === 'queued') waiting.push(job);
  }
  if (waiting.length > 0) log.info({ jobs: waiting.length }, 'jobs of an earlier run go on');
  await prune();
  start();

  return {
    admit,
    submit,
    stop,
    get: (id) => jobs.get(id),
    view: (job, say) => viewOf(job, waiting.indexOf(job), say),
    list: (state, limit, say) =>
      [...jobs.values()]
        .reverse()
        .filter((job) => state === undefined || stateOf(job) === state)
        .slice(0, limit)
        .map((job) => viewOf(job, waiting.indexOf(job), say)),
    counts() {
      const counts = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
      for (const job of jobs.values()) counts[stateOf(job)]++;
      return counts;
    },
    async close(graceSeconds) {
      closing = true;
      const runs = [...running.values()];
      await within(graceSeconds * 1000, Promise.all(runs));
      for (const job of running.keys()) job.abort?.abort();
      await Promise.all(runs);
      await Promise.allSettled([...jobs.values()].map((job) => job.saved));
    },
  };
}

/** Resolves when the work is done or the time is up. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, time]);
  clearTimeout(timer);
}
