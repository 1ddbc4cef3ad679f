/**
 * Reports that wait for the network. Each is kept in this browser under a key of its own until the server has answered, and sent
 * with that key: however often a line breaks, it is on the record once.
 */
import { useEffect, useState } from 'preact/hooks';
import type { FieldReport } from '../../../scenarios/field/report.js';
import type { Problem } from '../../problem.js';
import { ApiError, post } from './api.js';

export interface Queued {
  key: string;
  report: FieldReport;
  written: string;
  state: 'waiting' | 'sent' | 'refused';
  /** Of one that was sent. */
  receipt?: { digest: string; seq: number };
  /** Of one that was refused: the same again would be refused again. */
  problem?: Problem;
}

const KEPT = 'evenhand-reports';
/** Sent ones are kept so long, to show their receipts. */
const SHOWN = 20;

export function queued(): Queued[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Queued[];
  } catch {
    return [];
  }
}

function keep(list: readonly Queued[]): void {
  const done = list.filter(({ state }) => state === 'sent').slice(-SHOWN);
  localStorage.setItem(KEPT, JSON.stringify(list.filter((one) => one.state !== 'sent' || done.includes(one))));
  dispatchEvent(new Event('evenhand-reports'));
}

export function enqueue(one: Queued): void {
  keep([...queued(), one]);
  void flush();
}

export function remove(key: string): void {
  keep(queued().filter((one) => one.key !== key));
}

function settle(key: string, how: Partial<Queued>): void {
  keep(queued().map((one) => (one.key === key ? { ...one, ...how } : one)));
}

let sending = false;

/** Sends what waits, in order; stops at the first that finds no network or a server that is busy. */
export async function flush(): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    for (const { key, report } of queued().filter(({ state }) => state === 'waiting')) {
      try {
        const { digest, receipt } = await post<{ digest: string; receipt: { seq: number } }>('/reports', report, key);
        settle(key, { state: 'sent', receipt: { digest, seq: receipt.seq } });
      } catch (error) {
        if (!(error instanceof ApiError) || comesBack(error.problem.status)) return;
        settle(key, { state: 'refused', problem: error.problem });
      }
    }
  } finally {
    sending = false;
  }
}

/** No answer, a server that is busy or stopped, a token that is missing: later may be better. */
const comesBack = (status: number) =>
  status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

const EVERY_MS = 10_000;

/** The queue as it is, sent from as long as the view is open. */
export function useQueue(): Queued[] {
  const [list, setList] = useState(queued);
  useEffect(() => {
    const changed = () => setList(queued());
    const again = () => void flush();
    addEventListener('evenhand-reports', changed);
    // another tab
    addEventListener('storage', changed);
    addEventListener('online', again);
    const timer = setInterval(again, EVERY_MS);
    again();
    return () => {
      removeEventListener('evenhand-reports', changed);
      removeEventListener('storage', changed);
      removeEventListener('online', again);
      clearInterval(timer);
    };
  }, []);
  return list;
}
