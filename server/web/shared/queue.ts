/**
 * Reports that wait for the network. Each is kept in this browser under a key of its own until the server has answered, and sent
 * with that key: however often a line breaks, it is on the record once.
 */
import { useEffect, useState } from 'preact/hooks';
import type { FieldReport } from '../../../scenarios/field/report.js';
import type { Problem } from '../../problem.js';
import { ApiError, newKey, post } from './api.js';
import { keepPhoto, keptPhoto } from './photo.js';

export interface Queued {
  key: string;
  report: FieldReport;
  written: string;
  state: 'waiting' | 'sent' | 'refused';
  /** A photo is kept under the same key; the report names it once the server has it. */
  photo?: boolean;
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

/** Kept once it resolves; rejects where there is no room for the photo, and nothing is kept then. */
export async function enqueue(report: FieldReport, photo: Blob | null): Promise<void> {
  const key = newKey();
  if (photo) await keepPhoto(key, photo);
  keep([...queued(), { key, report, written: report.observed, state: 'waiting', ...(photo ? { photo: true } : {}) }]);
  void flush();
}

export function remove(key: string): void {
  keep(queued().filter((one) => one.key !== key));
  void keepPhoto(key, null).catch(() => {});
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
    for (const one of queued().filter(({ state }) => state === 'waiting')) {
      const { key } = one;
      try {
        const report = await withPhoto(one);
        const { digest, receipt } = await post<{ digest: string; receipt: { seq: number } }>('/reports', report, key);
        settle(key, { state: 'sent', receipt: { digest, seq: receipt.seq } });
        if (one.photo) await keepPhoto(key, null);
      } catch (error) {
        if (!(error instanceof ApiError) || comesBack(error.problem.status)) return;
        // it came too late for its photo, which the server has given up: both are sent anew
        if (one.photo && error.problem.errors?.some(({ pointer }) => pointer === '/photo')) {
          const { photo: _, ...report } = one.report;
          settle(key, { report });
        } else settle(key, { state: 'refused', problem: error.problem });
      }
    }
  } finally {
    sending = false;
  }
}

/** The report with the name of its photo, which is sent first, and once: that the server has it is kept too. */
async function withPhoto({ key, report, photo }: Queued): Promise<FieldReport> {
  if (!photo || report.photo !== undefined) return report;
  // a browser that has lost the photo still has the report, which matters more
  const kept = await keptPhoto(key).catch(() => null);
  if (!kept) {
    settle(key, { photo: false });
    return report;
  }
  const named = { ...report, photo: (await post<{ digest: string }>('/photos', kept)).digest };
  settle(key, { report: named });
  return named;
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
