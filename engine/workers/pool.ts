/**
 * The worker pool (piscina): solves never run on the caller's thread. A worker is ended to cancel its task, as a solver
 * in the middle of a pass listens to nobody; a crash is an error of its own task and the next one gets a new thread.
 */
import { availableParallelism } from 'node:os';
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

/** The pool that all tasks share, started where there is none. */
export function pool(): Piscina {
  shared ??= new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: 0,
    ...(threads > 0 ? { maxThreads: threads } : {}),
    concurrentTasksPerWorker: 1,
    idleTimeout: 10_000,
    // Between tasks a thread turns its event loop: one that sleeps in Atomics.wait instead never lets go of the ports that its tasks closed.
    atomics: 'disabled',
    // a nation's plan has millions of entries; the limit on all of it is the machine's memory
    resourceLimits: { maxOldGenerationSizeMb: 16_384 },
  });
  return shared;
}

/** How many tasks run at a time. */
export function poolThreads(): number {
  return threads > 0 ? threads : availableParallelism();
}

/** Solves on their way. */
let running = 0;

/** Milliseconds that a solve with a plan has to round, prove and check it once it is asked to stop. */
const LAST_WORDS = 60_000;

/**
 * Runs one allocation in a worker. Where the structured solver has a plan when the signal comes, the run ends with it; else it rejects with
 * AllocateError 'cancelled'. Rejects with AllocateError. Tasks of one `series` are of the same scenario, so that a thread compiles it once.
 */
export async function runInPool(
  scenario: Scenario,
  options: RunOptions,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  series?: number,
): Promise<Allocation> {
  const { port1, port2 } = new MessageChannel();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const end = new AbortController();
  let parting: NodeJS.Timeout | undefined;
  let graceful = false;
  port1.on('message', (progress: Progress) => {
    graceful = progress.solver === 'structured' && (progress.gap !== undefined || progress.phase !== 'solve');
    onProgress(progress);
  });
  const cancel = () => {
    Atomics.store(stop, 0, 1);
    if (graceful) parting = setTimeout(() => end.abort(), LAST_WORDS);
    else end.abort();
  };
  signal.addEventListener('abort', cancel, { once: true });
  running++;
  const shared = options.threads ?? Math.max(1, Math.floor(poolThreads() / running));
  const task: Task = {
    ...{ scenario, options: { ...options, threads: shared }, progress: port2, stop },
    ...(series === undefined ? {} : { series }),
  };
  try {
    const outcome = (await pool().run(task, { signal: end.signal, transferList: [port2] })) as Outcome; // what worker.ts returns
    if (outcome.ok) return outcome.allocation;
    throw new AllocateError(outcome.kind, outcome.said);
  } catch (error) {
    if (error instanceof AllocateError) throw error;
    if (end.signal.aborted) throw new AllocateError('cancelled', 'the allocation was cancelled before it was proven');
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new AllocateError('worker', `the worker thread ended: ${message}`);
  } finally {
    running--;
    clearTimeout(parting);
    signal.removeEventListener('abort', cancel);
    port1.close();
  }
}

/** Ends all workers; a later task starts new ones. */
export async function closePool(): Promise<void> {
  const old = shared;
  shared = undefined;
  await old?.destroy();
}
