/** Work that would hold up the event loop, in one thread of its own that comes and goes: few may wait, and nothing takes for ever. */
import { Piscina } from 'piscina';
import { type Text, wording } from '../scenarios/wording.js';
import { ProblemError } from './problem.js';

export interface OneThread<In, Out> {
  /** Throws 'overloaded' where too many wait, 'too-large' where it takes longer than a minute, 'stopping', or what the work throws. */
  run(task: In): Promise<Out>;
  /** Ends the thread and what is under way in it. */
  close(): Promise<void>;
}

export interface OneThreadOptions {
  /** Address of the thread's module. */
  file: URL;
  /** Said where too many wait. */
  busy: Text;
  /** What takes too long, as the beginning of a sentence. */
  doing: Text;
}

/** Tasks that may wait; each can be as large as a body may be. */
const WAITING = 8;
const LONGEST_MS = 60_000;

export function oneThread<In, Out>({ file, busy, doing }: OneThreadOptions): OneThread<In, Out> {
  let pool: Piscina<In, Out> | undefined;
  let closed = false;
  return {
    async run(task) {
      pool ??= new Piscina({ filename: file.href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 });
      if (pool.queueSize >= WAITING) throw new ProblemError('overloaded', busy, { retryAfter: 10 });
      const signal = AbortSignal.timeout(LONGEST_MS);
      try {
        return await pool.run(task, { signal });
      } catch (error) {
        if (closed)
          throw new ProblemError('stopping', wording`The server is stopping; ask again soon.`, { retryAfter: 5 });
        if (!signal.aborted) throw error;
        throw new ProblemError('too-large', wording`${doing} took longer than ${LONGEST_MS / 1000} seconds.`);
      }
    },
    async close() {
      closed = true;
      await pool?.destroy();
    },
  };
}
