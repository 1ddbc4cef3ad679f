/** Futures over the threads of the pool: the base once, then chunk after chunk to whoever is free. */
import { AllocateError } from '../errors.js';
import type { Found } from '../futures/course.js';
import type { Figures } from '../futures/figures.js';
import type { Base } from '../futures/shared.js';
import type { FuturesOutcome, FuturesTask } from './futures-worker.js';
import { pool } from './pool.js';

const FILE = new URL('./futures-worker.js', import.meta.url).href;

/** Bases so far: their numbers tell them apart in the threads. */
let bases = 0;

/** One task in the pool. Throws AllocateError; 'cancelled' where the signal came first. */
export async function runTask(task: FuturesTask, signal: AbortSignal): Promise<FuturesOutcome> {
  let outcome: FuturesOutcome;
  try {
    outcome = (await pool().run(task, { signal, filename: FILE })) as FuturesOutcome; // what futures-worker.ts returns
  } catch (error) {
    if (signal.aborted) throw new AllocateError('cancelled', 'the futures were cancelled before they were solved');
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new AllocateError('worker', `the worker thread ended: ${message}`);
  }
  if (outcome.kind === 'error') throw new AllocateError(outcome.error, outcome.said);
  return outcome;
}

export interface Spread {
  count: number;
  /** Made as its turn comes, as those of a nation take a megabyte each. */
  figures: (n: number) => Figures;
  gap: number;
  threads: number;
  signal: AbortSignal;
  onDone: (first: number, found: Found[]) => void;
}

/** Futures in one task, as long as there are plenty: a message takes 0.1 ms, a future of a district 7 ms. */
const CHUNK = 8;

/** Solves all futures of a base on so many threads. What comes out does not depend on who did what. Throws AllocateError. */
export async function spreadFutures(
  base: Base,
  { count, figures, gap, threads, signal, onDone }: Spread,
): Promise<void> {
  const number = ++bases;
  // one thread that fails stops the others
  const failed = new AbortController();
  const end = AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const work = async () => {
    while (next < count) {
      const first = next;
      const size = Math.max(1, Math.min(CHUNK, Math.ceil((count - first) / (2 * threads))));
      next = Math.min(count, first + size);
      const chunk = Array.from({ length: next - first }, (_, i) => figures(first + i));
      const outcome = await runTask({ kind: 'futures', number, base, figures: chunk, gap }, end);
      if (outcome.kind === 'futures') onDone(first, outcome.found);
    }
  };
  const all = Array.from({ length: Math.min(threads, count) }, () => work());
  try {
    await Promise.all(all);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(all);
    throw error;
  }
}
