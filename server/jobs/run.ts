/** One run of a job: solve, keep, record. The plan is on the record before anybody hears that it is done. */
import {
  AllocateError,
  type AllocateOptions,
  type Allocation,
  allocate,
  allocateTwins,
  type FrontierDocument,
} from '../../engine/index.js';
import type { Scenario } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { type Ledger, LedgerRefusal, type Receipt } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import type { JobProgress } from '../schemas/job.js';
import { throttle } from './events.js';
import { runFrontier } from './frontier.js';
import type { Job } from './job.js';
import type { JobStore } from './store.js';

export type Outcome =
  | { outcome: 'recorded'; allocation: string; receipt: Receipt }
  /** A frontier, all of whose plans are on the record. */
  | { outcome: 'traced'; frontier: FrontierDocument }
  /** The solve was stopped before it had a plan, or a frontier before it had all. */
  | { outcome: 'stopped'; frontier?: FrontierDocument }
  /** No plan came about, and none will. */
  | { outcome: 'failed'; error: unknown }
  /** There may be a plan, but the disk or the ledger refused it: to be tried again when the server starts next. */
  | { outcome: 'unrecorded'; error: unknown };

/** The name of its file. */
const TWIN = 'twin';

export const PROGRESS_MS = 100;

/** Runs a job to its end; never throws. A plan that an earlier process had computed is recorded, not solved again. */
export async function runJob(job: Job, ledger: Ledger, store: JobStore): Promise<Outcome> {
  const { id, request } = job.record;
  const org = request.org === undefined ? {} : { org: request.org };
  try {
    const scenario = await ledger.scenario(request.scenario);
    if (scenario === undefined)
      return {
        outcome: 'failed',
        error: new ProblemError('unknown-scenario', wording`No scenario ${request.scenario}.`),
      };
    if (request.dials !== undefined) return await runFrontier(job, request.dials, scenario, ledger, store);
    let plan = await store.plan(id);
    if (plan === undefined) {
      const solved = await solve(job, scenario, await planBefore(request.after, ledger));
      if ('outcome' in solved) return solved;
      plan = solved.plan;
      // first, as the plan names it
      if (solved.twin) await store.savePlan(id, solved.twin, TWIN);
      await store.savePlan(id, plan);
    }
    delete job.abort;
    const twin = await store.plan(id, TWIN);
    if (twin !== undefined)
      await ledger.recordAllocation(twin, scenario, { idempotencyKey: `job:${id}:${TWIN}`, ...org });
    const receipt = await ledger.recordAllocation(plan, scenario, { idempotencyKey: `job:${id}`, ...org });
    return { outcome: 'recorded', allocation: receipt.digest, receipt };
  } catch (error) {
    const never = error instanceof LedgerRefusal && ['conflict', 'unknown', 'too-large'].includes(error.detail);
    return { outcome: never ? 'failed' : 'unrecorded', error };
  }
}

type Solved = { plan: Allocation; twin: Allocation | null } | Extract<Outcome, { outcome: 'stopped' | 'failed' }>;

/** Where to start from; a plan that was forgotten since helps nobody, and is missed by nobody. */
async function planBefore(after: string | undefined, ledger: Ledger): Promise<AllocateOptions['warm']> {
  const allocation = after === undefined ? undefined : await ledger.allocation(after);
  const scenario = allocation && (await ledger.scenario(allocation.scenario.digest));
  return allocation && { allocation, ...(scenario ? { scenario } : {}) };
}

async function solve(job: Job, scenario: Scenario, warm: AllocateOptions['warm']): Promise<Solved> {
  const signal = job.abort?.signal ?? AbortSignal.abort();
  if (signal.aborted) return { outcome: 'stopped' };
  const { policy, gap, solver, twins } = job.record.request;
  const progress = throttle<JobProgress>(PROGRESS_MS, (data) => job.events.push({ event: 'progress', data }));
  try {
    const options = {
      ...(policy === undefined ? {} : { policy }),
      ...(gap === undefined ? {} : { gap }),
      ...(solver === undefined ? {} : { solver }),
      ...(warm === undefined ? {} : { warm }),
      signal,
      onProgress: (now: JobProgress) => {
        job.progress = now;
        progress.push(now);
      },
    };
    if (!twins) return { plan: await allocate(scenario, options), twin: null };
    const { allocation, twin, missing } = await allocateTwins(scenario, options);
    if (missing) throw missing;
    return { plan: allocation, twin };
  } catch (error) {
    const stopped = error instanceof AllocateError && error.kind === 'cancelled';
    return stopped ? { outcome: 'stopped' } : { outcome: 'failed', error };
  } finally {
    progress.flush();
  }
}
