/** One run of a job that asks for a frontier: each plan is kept and recorded as soon as it is there, and solved once. */
import { AllocateError, type Allocation, solveFrontier } from '../../engine/index.js';
import { type Dial, type Scenario, ScenarioError } from '../../scenarios/index.js';
import type { Ledger } from '../ledger/index.js';
import type { JobProgress } from '../schemas/job.js';
import { throttle } from './events.js';
import type { Job } from './job.js';
import { type Outcome, PROGRESS_MS } from './run.js';
import type { JobStore } from './store.js';

/** Rejects with what the disk or the ledger refused. */
export async function runFrontier(
  job: Job,
  dials: readonly Dial[],
  scenario: Scenario,
  ledger: Ledger,
  store: JobStore,
): Promise<Outcome> {
  const { id, request } = job.record;
  const { policy, gap, solver } = request;
  const signal = job.abort?.signal ?? AbortSignal.abort();
  const record = (dial: Dial, plan: Allocation) =>
    ledger.recordAllocation(plan, scenario, {
      idempotencyKey: `job:${id}:${dial}`,
      ...(request.org === undefined ? {} : { org: request.org }),
    });

  const solved: Record<string, Allocation> = {};
  for (const dial of dials) {
    const plan = await store.plan(id, String(dial));
    if (plan === undefined) continue;
    await record(dial, plan);
    solved[String(dial)] = plan;
  }

  const began = performance.now();
  const progress = throttle<JobProgress>(PROGRESS_MS, (data) => job.events.push({ event: 'progress', data }));
  let cut = false;
  try {
    const { allocations: _, ...frontier } = await solveFrontier(scenario, {
      dials,
      solved,
      ...(policy === undefined ? {} : { policy }),
      ...(gap === undefined ? {} : { gap }),
      ...(solver === undefined ? {} : { solver }),
      signal,
      onProgress: ({ done, of, dials }) => {
        job.progress = { phase: 'solve', seconds: (performance.now() - began) / 1000, done, of, dials };
        progress.push(job.progress);
      },
      async onSolved(dial, plan) {
        // ended early because the server stops: the next process does it better
        const early = signal.aborted && !job.record.stopping && plan.gap.proven > plan.gap.asked;
        cut ||= early;
        if (early) return;
        await store.savePlan(id, plan, String(dial));
        await record(dial, plan);
      },
    });
    const errors = frontier.dials.flatMap(({ error }) => (error ? [error] : []));
    if (signal.aborted && (cut || errors.some((e) => e.kind === 'cancelled'))) return { outcome: 'stopped', frontier };
    const [first] = errors;
    if (first && errors.length === frontier.dials.length)
      return { outcome: 'failed', error: new AllocateError(first.kind, first.message) };
    return { outcome: 'traced', frontier };
  } catch (error) {
    if (error instanceof AllocateError && error.kind === 'cancelled') return { outcome: 'stopped' };
    if (error instanceof AllocateError || error instanceof ScenarioError) return { outcome: 'failed', error };
    throw error;
  } finally {
    progress.flush();
  }
}
