/**
 * Explanations on demand: on the record, or solved and put there. They share the worker threads with jobs, so one is solved at a time,
 * few may wait, and whoever asks for one that is under way waits for that one.
 */
import { AllocateError, type Allocation, bottlenecks, type ExplainQuery, explain } from '../engine/index.js';
import { digestOf, type Scenario } from '../scenarios/index.js';
import type { ExplanationDocument, Ledger } from './ledger/index.js';
import { ProblemError } from './problem.js';

/** Of the method: what another one has put on the record answers no question of this one. */
const METHOD = 1;

export type Question =
  | { about: 'explanation'; allocation: string; query: ExplainQuery }
  | { about: 'bottlenecks'; allocation: string; top: number };

/** The idempotency key under which the answer is on the record. */
export const keyOf = (question: Question): string => `explanation:${digestOf({ method: METHOD, ...question })}`;

export interface Asked {
  allocation: Allocation;
  scenario: Scenario;
}

export interface Explanations {
  /** The answer, or null where it takes longer than the server lets people wait. Throws ProblemError or what the engine throws. */
  answer(question: Question, asked: () => Promise<Asked>): Promise<ExplanationDocument | null>;
  close(): Promise<void>;
}

export interface ExplanationsOptions {
  ledger: Ledger;
  /** Solves at a time within one explanation. */
  threads: number;
  /** Explanations under way and waiting, at most. */
  limit: number;
  /** How long somebody waits for an answer. */
  waitSeconds: number;
  log: { warn(data: object, message: string): void; error(data: object, message: string): void };
}

/** Answers kept beside the ledger where that takes none. */
const KEPT = 32;

export function openExplanations({ ledger, threads, limit, waitSeconds, log }: ExplanationsOptions): Explanations {
  const running = new Map<string, Promise<ExplanationDocument>>();
  const kept = new Map<string, ExplanationDocument>();
  const end = new AbortController();
  /** Ends when the solve before has ended. */
  let turn: Promise<unknown> = Promise.resolve();

  async function record(key: string, document: ExplanationDocument): Promise<void> {
    try {
      await ledger.recordExplanation(document, key);
    } catch (error) {
      log.warn({ err: error, allocation: document.allocation }, 'an explanation could not be recorded');
      kept.set(key, document);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
    }
  }

  async function solve(question: Question, asked: () => Promise<Asked>): Promise<ExplanationDocument> {
    const { allocation, scenario } = await asked();
    const options = { threads, signal: end.signal };
    return question.about === 'explanation'
      ? await explain(allocation, scenario, question.query, options)
      : await bottlenecks(allocation, scenario, { ...options, top: question.top });
  }

  function begin(key: string, question: Question, asked: () => Promise<Asked>): Promise<ExplanationDocument> {
    const before = turn;
    const run = (async () => {
      await before;
      try {
        const document = await solve(question, asked);
        await record(key, document);
        return document;
      } catch (error) {
        if (end.signal.aborted && error instanceof AllocateError && error.kind === 'cancelled')
          throw new ProblemError('stopping', 'The server is stopping; ask again soon.', { retryAfter: 5 });
        throw error;
      } finally {
        running.delete(key);
      }
    })();
    turn = run.catch((error: unknown) => {
      if (!end.signal.aborted) log.error({ err: error, allocation: question.allocation }, 'an explanation failed');
    });
    running.set(key, run);
    return run;
  }

  return {
    async answer(question, asked) {
      const key = keyOf(question);
      const known = kept.get(key) ?? (await ledger.explanation(key));
      if (known !== undefined) return known;
      if (end.signal.aborted)
        throw new ProblemError('stopping', 'The server is stopping; ask again soon.', { retryAfter: 5 });
      const under = running.get(key);
      if (under === undefined && running.size >= limit)
        throw new ProblemError('overloaded', `${running.size} explanations are waiting, and no more may.`, {
          retryAfter: 10,
        });
      return await within(waitSeconds * 1000, under ?? begin(key, question, asked));
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
