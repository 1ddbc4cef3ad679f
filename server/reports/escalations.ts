/**
 * Looks for reports whose time is up and passes them on to the tier above, by entries of the log's own. Who is told stands on the
 * record, so a server that starts again goes on where the last one was: each step and tier is passed on once.
 */
import { LedgerRefusal, type LocalLedger, waitsFor } from '../ledger/index.js';
import type { Register } from './register.js';

export interface Escalations {
  /** One look now; how many were passed on. */
  look(): Promise<number>;
  close(): Promise<void>;
}

export interface EscalationOptions {
  ledger: LocalLedger;
  register: Register;
  clock: () => number;
  everySeconds: number;
  log: { warn(data: object, message: string): void };
}

export function openEscalations({ ledger, register, clock, everySeconds, log }: EscalationOptions): Escalations {
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  async function passOn(): Promise<number> {
    let count = 0;
    for (const of of ledger.lives()) {
      if (closed || ledger.readOnly !== null) return count;
      const next = waitsFor(of) === null ? null : await register.nextOf(of);
      if (!next || next.to === null || Date.parse(next.due) > clock()) continue;
      try {
        const { repeated } = await ledger.recordEscalation({ ...next, to: next.to, report: of.report });
        if (!repeated) count++;
      } catch (error) {
        // Somebody took the step since the list was made.
        if (!(error instanceof LedgerRefusal) || error.detail !== 'step') throw error;
      }
    }
    return count;
  }

  const look = (): Promise<number> => {
    const done = turn.then(passOn);
    turn = done.catch((error: unknown) => log.warn({ err: error }, 'overdue reports could not be passed on'));
    return done;
  };

  // A failed look is logged above, and the next one comes.
  const again = () => void look().catch(() => undefined);
  const timer = setInterval(again, everySeconds * 1000);
  timer.unref();
  again();
  return {
    look,
    async close() {
      closed = true;
      clearInterval(timer);
      await turn;
    },
  };
}
