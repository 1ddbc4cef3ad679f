/**
 * Compact plans are made beside the event loop, as reading a nation-week's 37 MB of JSON alone takes half a second. Small ones are
 * made at once: handing them over would cost more. The last few are kept, whose plans are still on the record when they are asked for.
 */
import { Piscina } from 'piscina';
import type { LocalLedger } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { packStored } from './open.js';

export interface Packer {
  /**
   * The compact form without a receipt. Throws 'unknown-allocation', 'unknown-scenario' (forgotten), 'overloaded' where too many wait,
   * 'too-large' where it takes longer than a minute.
   */
  pack(digest: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes in the store, where large contents are packed. */
const SMALL = 64 * 1024;
const WAITING = 8;
const LONGEST_MS = 60_000;
const KEPT = 8;

export function openPacker(ledger: Pick<LocalLedger, 'receipt' | 'entries' | 'contentName' | 'stored'>): Packer {
  let pool: Piscina | undefined;
  const made = new Map<string, Promise<Uint8Array>>();

  async function make(digest: string, names: Contents): Promise<Uint8Array> {
    const [allocation, scenario] = await Promise.all([
      ledger.stored(names.allocation, 'allocation'),
      ledger.stored(names.scenario, 'scenario'),
    ]);
    if (!allocation) throw unknown(digest);
    if (!scenario) throw forgotten(digest);
    const asked = { digest, allocation, scenario };
    if (allocation.packed.length + scenario.packed.length <= SMALL) return await packStored(asked);
    pool ??= new Piscina({
      ...{ filename: new URL('./worker.js', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 },
    });
    if (pool.queueSize >= WAITING)
      throw new ProblemError('overloaded', 'Too many large plans are being made compact.', { retryAfter: 10 });
    const signal = AbortSignal.timeout(LONGEST_MS);
    try {
      return (await pool.run(asked, { signal })) as Uint8Array; // what open.ts returns
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new ProblemError('too-large', `Making it compact took longer than ${LONGEST_MS / 1000} seconds.`);
    }
  }

  interface Contents {
    allocation: string;
    scenario: string;
  }

  /** The salted digests of plan and scenario, as the plan's entry has them. */
  async function contentsOf(digest: string): Promise<Contents> {
    const receipt = await ledger.receipt(digest);
    const [stored] = receipt?.kind === 'allocation' ? await ledger.entries(receipt.seq, 1) : [];
    if (stored?.entry.kind !== 'allocation') throw unknown(digest);
    const { allocation, scenario } = stored.entry.body;
    if ((await ledger.contentName(scenario)) === undefined) throw forgotten(digest);
    return { allocation, scenario };
  }

  return {
    async pack(digest) {
      // asked each time: what was forgotten since is given out no more
      const names = await contentsOf(digest);
      const known = made.get(names.allocation);
      if (known) return await known;
      const making = make(digest, names);
      made.set(names.allocation, making);
      making.catch(() => made.delete(names.allocation));
      for (const oldest of [...made.keys()].slice(0, Math.max(0, made.size - KEPT))) made.delete(oldest);
      return await making;
    },
    async close() {
      await pool?.destroy();
    },
  };
}

const forgotten = (digest: string) =>
  new ProblemError('unknown-scenario', `The scenario of allocation ${digest} was forgotten.`);
const unknown = (digest: string) => new ProblemError('unknown-allocation', `No allocation ${digest} is on the record.`);
