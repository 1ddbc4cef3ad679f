/** Runs in a worker thread: one allocation a task, progress over a port, outcomes as plain data. */
import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import type { Scenario } from '../../scenarios/index.js';
import { AllocateError, type AllocateErrorKind } from '../errors.js';
import { type RunOptions, runAllocation } from '../pipeline.js';
import type { Allocation } from '../types.js';

export interface Task {
  scenario: Scenario;
  options: RunOptions;
  progress: MessagePort;
}

/** Errors lose their class on the way between threads, so they travel as data. */
export type Outcome = { ok: true; allocation: Allocation } | { ok: false; kind: AllocateErrorKind; message: string };

/** Milliseconds between reports of the same stage: ten a second. */
const INTERVAL = 100;

export default async function allocateInWorker({ scenario, options, progress }: Task): Promise<Outcome> {
  let last = { key: '', at: 0 };
  try {
    const allocation = await runAllocation(
      scenario,
      options,
      () => performance.now() / 1000,
      (p) => {
        const key = `${p.phase}${p.stage?.index ?? ''}${p.solver ?? ''}`;
        const at = performance.now();
        if (key === last.key && at - last.at < INTERVAL) return;
        last = { key, at };
        progress.postMessage(p);
      },
    );
    return { ok: true, allocation };
  } catch (error) {
    if (error instanceof AllocateError) return { ok: false, kind: error.kind, message: error.message };
    // uncaught errors of the HiGHS runtime carry its whole source as one line
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    return { ok: false, kind: 'internal', message };
  } finally {
    progress.close();
  }
}
