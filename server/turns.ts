/**
 * Long answers on demand. They share the worker threads with jobs, so one is worked out at a time, few may wait, and whoever asks for
 * one that is under way waits for that one.
 */
import { AllocateError } from '../engine/index.js';
import { type Text, wording } from '../scenarios/wording.js';
import { ProblemError } from './problem.js';

export interface Turns<T> {
  /**
   * The answer, or how far it is where it takes longer than `waitSeconds` (at most the server's own, which is the default): it is
   * worked out all the same. Throws ProblemError or what the work throws.
   */
  answer(key: string, work: Work<T>, waitSeconds?: number): Promise<Answered<T>>;
  /** It is being worked on, or will be. */
  has(key: string): boolean;
  close(): Promise<void>;
}

/** `tell`: how many parts of the work are done, and of how many. */
export type Work<T> = (signal: AbortSignal, tell: (progress: Parts) => void) => Promise<T>;

export interface Parts {
  done: number;
  of: number;
}

export type Answered<T> = { answer: T } | { underWay: UnderWay };

export interface UnderWay {
  state: 'waiting' | 'running';
  /** Since it was asked for first. */
  seconds: number;
  /** Others that have their turn before. */
  before: number;
  /** Parts of the work that are done, and how many there are; null until that is known. */
  done: number | null;
  of: number | null;
}

export interface TurnsOptions {
  /** What is asked for, in the plural. */
  what: Text;
  /** Under way and waiting, at most. */
  limit: number;
  /** How long somebody waits for an answer, at most. */
  waitSeconds: number;
  /** An answer failed that nobody may be waiting for any more. */
  failed: (error: unknown, key: string) => void;
}

interface Running<T> {
  run: Promise<T>;
  /** Milliseconds. */
  asked: number;
  begun: boolean;
  parts: Parts | null;
}

export function openTurns<T>({ what, limit, waitSeconds: most, failed }: TurnsOptions): Turns<T> {
  /** In the order of their turns. */
  const running = new Map<string, Running<T>>();
  const end = new AbortController();
  const stopping = () =>
    new ProblemError('stopping', wording`The server is stopping; ask again soon.`, { retryAfter: 5 });
  /** Ends when the work before has ended. */
  let turn: Promise<unknown> = Promise.resolve();

  function begin(key: string, work: Work<T>): Running<T> {
    const before = turn;
    const state: Pick<Running<T>, 'begun' | 'parts'> = { begun: false, parts: null };
    const run = (async () => {
      await before;
      state.begun = true;
      try {
        return await work(end.signal, (parts) => {
          state.parts = parts;
        });
      } catch (error) {
        if (end.signal.aborted && error instanceof AllocateError && error.kind === 'cancelled') throw stopping();
        throw error;
      } finally {
        running.delete(key);
      }
    })();
    const one = Object.assign(state, { run, asked: performance.now() });
    turn = run.catch((error: unknown) => {
      if (!end.signal.aborted) failed(error, key);
    });
    running.set(key, one);
    return one;
  }

  function underWay(key: string, { asked, begun, parts }: Running<T>): UnderWay {
    return {
      state: begun ? 'running' : 'waiting',
      seconds: Math.round((performance.now() - asked) / 100) / 10,
      before: Math.max(0, [...running.keys()].indexOf(key)),
      ...{ done: parts?.done ?? null, of: parts?.of ?? null },
    };
  }

  return {
    async answer(key, work, waitSeconds = most) {
      if (end.signal.aborted) throw stopping();
      const under = running.get(key);
      if (under === undefined && running.size >= limit)
        throw new ProblemError('overloaded', wording`${running.size} ${what} are waiting, and no more may.`, {
          retryAfter: 10,
        });
      const one = under ?? begin(key, work);
      const found = await within(Math.min(waitSeconds, most) * 1000, one.run);
      return found === null ? { underWay: underWay(key, one) } : { answer: found };
    },
    has: (key) => running.has(key),
    async close() {
      end.abort();
      await Promise.allSettled([...running.values()].map(({ run }) => run));
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
