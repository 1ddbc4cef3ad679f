/** Explanations on demand: on the record, or solved and put there. */
import { type Allocation, bottlenecks, type ExplainQuery, explain } from '../engine/index.js';
import { digestOf, type Scenario } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import type { ExplanationDocument, Ledger } from './ledger/index.js';
import { type Answered, openTurns, type Parts, type Work } from './turns.js';

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
  /**
   * The answer, or how far it is where it takes longer than `waitSeconds` (or the server lets people wait). Throws ProblemError or
   * what the engine throws.
   */
  answer(question: Question, asked: () => Promise<Asked>, waitSeconds?: number): Promise<Answered<ExplanationDocument>>;
  /** It is being worked on: nothing has to be read for it. */
  has(question: Question): boolean;
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
  const kept = new Map<string, ExplanationDocument>();
  const turns = openTurns<ExplanationDocument>({
    ...{ what: wording`explanations`, limit, waitSeconds },
    failed: (err, key) => log.error({ err, key }, 'an explanation failed'),
  });

  async function record(key: string, document: ExplanationDocument): Promise<void> {
    try {
      await ledger.recordExplanation(document, key);
    } catch (error) {
      log.warn({ err: error, allocation: document.allocation }, 'an explanation could not be recorded');
      kept.set(key, document);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
    }
  }

  async function solve(
    question: Question,
    { allocation, scenario }: Asked,
    signal: AbortSignal,
    onProgress: (parts: Parts) => void,
  ) {
    const options = { threads, signal, onProgress };
    return question.about === 'explanation'
      ? await explain(allocation, scenario, question.query, options)
      : await bottlenecks(allocation, scenario, { ...options, top: question.top });
  }

  return {
    has: (question) => turns.has(keyOf(question)),
    async answer(question, asked, waitSeconds) {
      const key = keyOf(question);
      const known = kept.get(key) ?? (await ledger.explanation(key));
      if (known !== undefined) return { answer: known };
      const work: Work<ExplanationDocument> = async (signal, tell) => {
        const document = await solve(question, await asked(), signal, tell);
        await record(key, document);
        return document;
      };
      return await turns.answer(key, work, waitSeconds);
    },
    close: turns.close,
  };
}
