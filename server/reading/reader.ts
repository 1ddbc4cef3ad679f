/**
 * Scenarios are read beside the event loop: a nation's takes three seconds to check (measured, 5.9 MB), and in that
 * time nobody else would get an answer. Small ones are read at once, as handing them over would cost more.
 */
import { Piscina } from 'piscina';
import { ProblemError } from '../problem.js';
import { type Read, read, type TablesOutcome } from './read.js';

export interface Reader {
  /** Throws 'overloaded' where too many wait, 'too-large' where reading takes longer than a minute. */
  read(text: string): Promise<Read>;
  /** The same of a workbook or a zip of tables, always beside the event loop: few bytes may unpack to many. */
  readTables(bytes: Uint8Array): Promise<TablesOutcome>;
  close(): Promise<void>;
}

const SMALL = 256 * 1024;
/** Texts that may wait; each can be as large as a body may be. */
const WAITING = 8;
const LONGEST_MS = 60_000;

export function createReader(): Reader {
  let pool: Piscina | undefined;
  const beside = async (body: string | Uint8Array): Promise<unknown> => {
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
      return await pool.run(body, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new ProblemError('too-large', `Reading took longer than ${LONGEST_MS / 1000} seconds.`);
    }
  };
  return {
    async read(text) {
      return text.length <= SMALL ? read(text) : ((await beside(text)) as Read); // what read.ts returns
    },
    async readTables(bytes) {
      return (await beside(bytes)) as TablesOutcome; // what read.ts returns
    },
    async close() {
      await pool?.destroy();
    },
  };
}
