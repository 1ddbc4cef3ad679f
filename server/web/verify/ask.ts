/** Asks the worker; one worker a question, so that a long one can be given up by ending it. */
import type { Answer, Checked, Kept, LedgerChecked, Question } from './protocol.js';

export function verifyInWorker<T extends Checked['task']>(
  question: Question & { task: T },
  onProgress: (done: number, of: number) => void,
  signal?: AbortSignal,
): Promise<Checked & { task: T }> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Checked & { task: T }>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (data.is === 'progress') onProgress(data.done, data.of);
      // the worker answers the task that it was given
      else if (data.is === 'result') resolve(data.result as Checked & { task: T });
      else reject(new Error(data.message));
    });
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'worker')));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

const KEPT = 'evenhand-logs';

export function keptLogs(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

/** From now on the log must continue what was verified here. */
export function keepLog({ origin, key, checkpoint, report }: LedgerChecked): void {
  if (!report.ok) return;
  localStorage.setItem(KEPT, JSON.stringify({ ...keptLogs(), [origin]: { key, checkpoint, size: report.size } }));
}
