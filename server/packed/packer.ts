/** Compact plans, made once; the last few are kept, and given out while their plans are on the record. */
import type { Beside } from '../beside/beside.js';
import { namedPlan, type PlanLedger, storedPlan } from '../beside/stored.js';

export interface Packer {
  /** The compact form without a receipt. Throws as `namedPlan` and `Beside.run` do. */
  pack(digest: string): Promise<Uint8Array>;
}

const KEPT = 8;

export function openPacker(ledger: PlanLedger, beside: Beside): Packer {
  const made = new Map<string, Promise<Uint8Array>>();
  return {
    async pack(asked) {
      // each time: what was forgotten since is given out no more
      const named = await namedPlan(ledger, asked);
      const known = made.get(named.allocation);
      if (known) return await known;
      const making = storedPlan(ledger, named).then((plan) => beside.run({ make: 'packed', plan }));
      made.set(named.allocation, making);
      making.catch(() => made.delete(named.allocation));
      for (const oldest of [...made.keys()].slice(0, Math.max(0, made.size - KEPT))) made.delete(oldest);
      return await making;
    },
  };
}
