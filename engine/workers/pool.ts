/**
 * The worker pool (piscina): solves never run on the caller's thread. A worker is ended to cancel its task, as a solver
 * in the middle of a pass listens to nobody; a crash is an error of its own task and the next one gets a new thread.
 */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Scenario } from '../../scenarios/index.js';
import { AllocateError } from '../errors.js';
import type { RunOptions } from '../pipeline.js';
import type { Allocation, Progress } from '../types.js';
import type { Outcome, Task } from './worker.js';

let shared: Piscina | undefined;
let threads = 0;

/** Threads of the pool from the next task on; 0 leaves it to the number of cores. */
export function setThreads(count: number): void {
  if (count === threads) return;
  threads = count;
  const old = shared;
  shared = undefined;
  void old?.close();
}

function pool(): Piscina {
  shared ??= new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: 0,
    ...(threads > 0 ? { maxThreads: threads } : {}),
    concurrentTasksPerWorker: 1,
    idleTimeout: 10_000,
  });
  return shared;
}

/** Runs one allocation in a worker. Rejects with AllocateError; `cancelled` when the signal ends it. */
export async function runInPool(
  scenario: Scenario,
  options: RunOptions,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Allocation> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onProgress);
  const task: Task = { scenario, options, progress: port2 };
  try {
    const outcome = (await pool().run(task, { signal, transferList: [port2] })) as Outcome; // what worker.ts returns
    if (outcome.ok) return outcome.allocation;
    throw new AllocateError(outcome.kind, outcome.message);
  } catch (error) {
    if (error instanceof AllocateError) throw error;
    if (signal.aborted) throw new AllocateError('cancelled', 'the allocation was cancelled before it was proven');
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new AllocateError('worker', `the worker thread ended: ${message}`);
  } finally {
    port1.close();
  }
}

/** Ends all workers; a later task starts new ones. */
export async function closePool(): Promise<void> {
  const old = shared;
  shared = undefined;
  await old?.destroy();
}
