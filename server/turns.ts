/**
 * Long answers on demand. They share the worker threads with jobs, so one is worked out at a time, few may wait, and whoever asks for
 * one that is under way waits for that one.
 */
import { AllocateError } from '../engine/index.js';
import { ProblemError } from './problem.js';

export interface Turns<T> {
  /** The answer, or null where it takes longer than the server lets people wait: it is worked out all the same. Throws ProblemError or what the work throws. */
  answer(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null>;
  close(): Promise<void>;
}

export interface TurnsOptions {
  /** What is asked for, in the plural. */
  what: string;
  /** Under way and waiting, at most. */
  limit: number;
  /** How long somebody waits for an answer. */
  waitSeconds: number;
  /** An answer failed that nobody may be waiting for any more. */
  failed: (error: unknown, key: string) => void;
}

export function openTurns<T>({ what, limit, waitSeconds, failed }: TurnsOptions): Turns<T> {
  const running = new Map<string, Promise<T>>();
  const end = new AbortController();
  const stopping = () => new ProblemError('stopping', 'The server is stopping; ask again soon.', { retryAfter: 5 });
  /** Ends when the work before has ended. */
  let turn: Promise<unknown> = Promise.resolve();

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const before = turn;
    const run = (async () => {
      await before;
      try {
        return await work(end.signal);
      } catch (error) {
        if (end.signal.aborted && error instanceof AllocateError && error.kind === 'cancelled') throw stopping();
        throw error;
      } finally {
        running.delete(key);
      }
    })();
    turn = run.catch((error: unknown) => {
      if (!end.signal.aborted) failed(error, key);
    });
    running.set(key, run);
    return run;
  }

  return {
    async answer(key, work) {
      if (end.signal.aborted) throw stopping();
      const under = running.get(key);
      if (under === undefined && running.size >= limit)
        throw new ProblemError('overloaded', `${running.size} ${what} are waiting, and no more may.`, {
          retryAfter: 10,
        });
      return await within(waitSeconds * 1000, under ?? begin(key, work));
    },
    async close() {
      end.abort();
      await Promise.allSettled([...running.values()]);
    },
  };
}

/** Null when the time is up. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([work, time]);
  } finally {
    clearTimeout(timer);
  }
}
