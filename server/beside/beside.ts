/**
 * What takes long is made of plans beside the event loop: reading a nation-week's 37 MB of JSON alone takes half a second, and in that
 * time nobody else would get an answer. Small plans are worked on at once, as handing them over would cost more.
 */
import { Piscina } from 'piscina';
import { ProblemError } from '../problem.js';
import { perform, type Task } from './tasks.js';

export interface Beside {
  /** Throws 'overloaded' where too many wait, 'too-large' where it takes longer than a minute, 'stopping'. */
  run(task: Task): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Bytes in the store, where large contents are packed. */
const SMALL = 64 * 1024;
const WAITING = 8;
const LONGEST_MS = 60_000;

export function openBeside(): Beside {
  let pool: Piscina | undefined;
  let closed = false;
  return {
    async run(task) {
      const { allocation, scenario } = task.plan;
      if (allocation.packed.length + scenario.packed.length <= SMALL) return await perform(task);
      pool ??= new Piscina({
        filename: new URL('./worker.js', import.meta.url).href,
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: 10_000,
      });
      if (pool.queueSize >= WAITING)
        throw new ProblemError('overloaded', 'Too many large plans are being worked on.', { retryAfter: 10 });
      const signal = AbortSignal.timeout(LONGEST_MS);
      try {
        return (await pool.run(task, { signal })) as Uint8Array<ArrayBuffer>; // what tasks.ts returns
      } catch (error) {
        if (closed) throw new ProblemError('stopping', 'The server is stopping; ask again soon.', { retryAfter: 5 });
        if (!signal.aborted) throw error;
        throw new ProblemError('too-large', `Working on the plan took longer than ${LONGEST_MS / 1000} seconds.`);
      }
    },
    async close() {
      closed = true;
      await pool?.destroy();
    },
  };
}
