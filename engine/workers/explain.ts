/** Explanations over the threads of the pool. */
import { AllocateError } from '../errors.js';
import type { Beginning, BeginTask, Changed, ChangeTask } from '../explain/tasks.js';
import type { ExplainOutcome } from './explain-worker.js';
import { pool } from './pool.js';

const FILE = new URL('./explain-worker.js', import.meta.url).href;

/** One task in the pool. Throws AllocateError, 'cancelled' where the signal came first, or a RangeError that names what is not there. */
async function run(task: BeginTask | ChangeTask, signal: AbortSignal): Promise<Beginning | Changed> {
  let outcome: ExplainOutcome;
  try {
    outcome = (await pool().run(task, { signal, filename: FILE })) as ExplainOutcome; // what explain-worker.ts returns
  } catch (error) {
    if (signal.aborted) throw new AllocateError('cancelled', 'the explanation was cancelled before it was solved');
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new AllocateError('worker', `the worker thread ended: ${message}`);
  }
  if (outcome.kind === 'range') throw new RangeError(outcome.message);
  if (outcome.kind === 'error') throw new AllocateError(outcome.error, outcome.said);
  return outcome;
}

export const beginInPool = (task: BeginTask, signal: AbortSignal): Promise<Beginning> =>
  run(task, signal) as Promise<Beginning>; // a task of that kind

/**
 * Solves changes on so many threads; what comes out does not depend on who did what. Null where a solver failed on one: nothing is said
 * of it. Throws AllocateError 'cancelled'.
 */
export async function changeInPool(
  tasks: readonly ChangeTask[],
  { threads, signal, onDone }: { threads: number; signal: AbortSignal; onDone: () => void },
): Promise<(Changed | null)[]> {
  const results = new Array<Changed | null>(tasks.length).fill(null);
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const n = next++;
      try {
        results[n] = (await run(tasks[n]!, signal)) as Changed; // a task of that kind
      } catch (error) {
        if (signal.aborted) throw new AllocateError('cancelled', 'the explanation was cancelled before it was solved');
        if (!(error instanceof AllocateError)) throw error;
      }
      onDone();
    }
  };
  const all = Array.from({ length: Math.min(threads, tasks.length) }, work);
  try {
    await Promise.all(all);
  } catch (error) {
    next = tasks.length;
    await Promise.allSettled(all);
    throw error;
  }
  return results;
}
