/**
 * Scenarios are read beside the event loop: a nation's takes three seconds to check (measured, 5.9 MB), and in that
 * time nobody else would get an answer. Small ones are read at once, as handing them over would cost more.
 */
import { Piscina } from 'piscina';
import { ProblemError } from '../problem.js';
import { type Read, read } from './read.js';

export interface Reader {
  /** Throws 'overloaded' where too many wait, 'too-large' where reading takes longer than a minute. */
  read(text: string): Promise<Read>;
  close(): Promise<void>;
}

const SMALL = 256 * 1024;
/** Texts that may wait; each can be as large as a body may be. */
const WAITING = 8;
const LONGEST_MS = 60_000;

export function createReader(): Reader {
  let pool: Piscina | undefined;
  return {
    async read(text) {
      if (text.length <= SMALL) return read(text);
      pool ??= new Piscina({
        filename: new URL('./worker.js', import.meta.url).href,
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: 10_000,
      });
      if (pool.queueSize >= WAITING)
        throw new ProblemError('overloaded', 'Too many large scenarios are being read.', { retryAfter: 10 });
      const signal = AbortSignal.timeout(LONGEST_MS);
      try {
        return (await pool.run(text, { signal })) as Read; // what read.ts returns
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new ProblemError('too-large', `Reading took longer than ${LONGEST_MS / 1000} seconds.`);
      }
    },
    async close() {
      await pool?.destroy();
    },
  };
}
