/** The one writer: one queue, group commit, and after the first failed write not another word. */
import { setImmediate } from 'node:timers/promises';
import { wording } from '../../scenarios/wording.js';
import { commit, publish } from './commit.js';
import { hasCode } from './files.js';
import type { Log } from './log.js';
import { messageOf } from './messages.js';
import type { AppendRequest, Outcome } from './plan.js';
import { LedgerRefusal } from './types.js';

export interface Writer {
  /** Resolves once the entry is durable, signed and published. */
  append(request: AppendRequest): Promise<Outcome & { is: 'recorded' }>;
  /** Runs a change of the store between two batches. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Takes nothing more, finishes what is queued. */
  close(): Promise<void>;
}

export interface Limits {
  batch: number;
  /** Stored bytes of blobs after which a batch is full. */
  batchBytes: number;
  /** Requests that wait at most; one more is refused as 'busy'. */
  queue: number;
  gatherMs: number;
}

export const usualLimits: Limits = { batch: 256, batchBytes: 64 << 20, queue: 10_000, gatherMs: 5 };

interface Waiting {
  request: AppendRequest;
  resolve: (outcome: Outcome & { is: 'recorded' }) => void;
  reject: (error: Error) => void;
}

/** `clock` gives milliseconds since 1970. */
export function startWriter(log: Log, clock: () => number, limits: Limits = usualLimits): Writer {
  const queue: Waiting[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let running = false;
  let closed = false;
  let poison: LedgerRefusal | null = null;

  function refusal(): LedgerRefusal | null {
    if (closed) return new LedgerRefusal('closed', wording`the ledger is closed`);
    if (poison) return poison;
    return log.readOnly === null ? null : new LedgerRefusal('read-only', log.readOnly);
  }

  function append(request: AppendRequest): Promise<Outcome & { is: 'recorded' }> {
    const refused = refusal();
    if (refused) return Promise.reject(refused);
    if (queue.length >= limits.queue)
      return Promise.reject(
        new LedgerRefusal('busy', wording`${queue.length} requests wait already: try again shortly`),
      );
    return new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject });
      if (!running) {
        running = true;
        turn = turn.then(run);
      }
    });
  }

  /** Lets clients that were answered together come together again; a lone client loses two turns of the loop. */
  async function gather(): Promise<void> {
    const until = performance.now() + limits.gatherMs;
    for (let seen = 0; queue.length > seen && queue.length < limits.batch && performance.now() < until; ) {
      seen = queue.length;
      await setImmediate();
    }
  }

  function take(): Waiting[] {
    let bytes = 0;
    let n = 0;
    while (n < Math.min(queue.length, limits.batch) && (n === 0 || bytes < limits.batchBytes)) {
      const { blob, photo } = queue[n++]!.request.recording;
      bytes += (blob?.stored.length ?? 0) + (photo?.stored.length ?? 0);
    }
    return queue.splice(0, n);
  }

  /**
   * Two stages, each one batch at a time: while the checkpoint of a batch goes to the disk, the next one is made durable.
   */
  async function run(): Promise<void> {
    let published: Promise<void> = Promise.resolve();
    while (queue.length > 0) {
      await gather();
      const batch = take();
      try {
        const now = clock();
        if (now < log.head.ts) warnOfClock(log, now);
        const requests = batch.map(({ request }) => request);
        const size = log.head.size;
        const outcomes = await commit(log, requests, now);
        await published;
        // The checkpoint before this batch was not written: the batch is durable and must not be acknowledged.
        if (poison) throw poison;
        if (log.head.size === size) answer(batch, outcomes);
        else
          published = publish(log).then(
            () => answer(batch, outcomes),
            (error: unknown) => fail(error, batch),
          );
      } catch (error) {
        fail(error, batch);
      }
      // What comes while the last checkpoint goes to the disk is found waiting when that is done.
      if (queue.length === 0) await published;
    }
    running = false;
  }

  function answer(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    // After a failed write nothing is acknowledged any more, not even what was made durable before it.
    if (poison) {
      fail(poison, batch);
      return;
    }
    outcomes.forEach((outcome, i) => {
      const { resolve, reject } = batch[i]!;
      if (outcome.is === 'recorded') resolve(outcome);
      else reject(outcome.refusal);
    });
  }

  function fail(error: unknown, batch: readonly Waiting[]): void {
    poison ??= poisoned(error);
    log.readOnly = poison.said;
    for (const { reject } of [...batch, ...queue.splice(0)]) reject(poison);
  }

  function exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(() => {
      const refused = refusal();
      if (refused) throw refused;
      return work();
    });
    turn = done.catch(() => undefined);
    return done;
  }

  async function close(): Promise<void> {
    closed = true;
    await turn;
  }

  return { append, exclusively, close };
}

// LevelDB acknowledges synced writes after a failed one and loses them: 200 of 200 were gone on reopening.
function poisoned(error: unknown): LedgerRefusal {
  const disk = hasCode(error, 'ENOSPC') || /no space left/i.test(messageOf(error));
  return new LedgerRefusal(
    disk ? 'full' : 'read-only',
    wording`${disk ? wording`the disk is full` : wording`a write failed`} (${messageOf(error)}): nothing is recorded until the ledger is reopened; requests without an answer may or may not be on the record, repeat them then with the same idempotency key`,
  );
}

function warnOfClock(log: Log, now: number): void {
  const warning = 'the clock runs backwards: ';
  if (log.warnings.some((known) => known.startsWith(warning))) return;
  const [last, at] = [new Date(log.head.ts).toISOString(), new Date(now).toISOString()];
  log.warnings.push(
    `${warning}it is ${at}, the entry before was made at ${last}; the order of entries is not affected`,
  );
}
