/** A plan on the record with its scenario, as both lie in the store: nothing of them is read here. */
import { wording } from '../../scenarios/wording.js';
import type { LocalLedger } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import type { StoredPlan } from './tasks.js';

export type PlanLedger = Pick<LocalLedger, 'receipt' | 'entries' | 'contentName' | 'stored'>;

/** Whose names in the store are known, and who are still there. */
export interface NamedPlan {
  /** Of the allocation's content, whichever of its names was asked for. */
  digest: string;
  /** Salted digests. */
  allocation: string;
  scenario: string;
}

/** Throws 'unknown-allocation', or 'unknown-scenario' where that was forgotten. */
export async function namedPlan(ledger: PlanLedger, asked: string): Promise<NamedPlan> {
  const receipt = await ledger.receipt(asked);
  const [stored] = receipt?.kind === 'allocation' ? await ledger.entries(receipt.seq, 1) : [];
  if (!receipt || stored?.entry.kind !== 'allocation') throw unknown(asked);
  const { allocation, scenario } = stored.entry.body;
  if ((await ledger.contentName(allocation)) === undefined) throw unknown(asked);
  if ((await ledger.contentName(scenario)) === undefined) throw forgotten(asked);
  return { digest: receipt.digest, allocation, scenario };
}

/** Throws as `namedPlan`: somebody may have it forgotten in between. */
export async function storedPlan(ledger: PlanLedger, named: NamedPlan): Promise<StoredPlan> {
  const { digest } = named;
  const [allocation, scenario] = await Promise.all([
    ledger.stored(named.allocation, 'allocation'),
    ledger.stored(named.scenario, 'scenario'),
  ]);
  if (!allocation) throw unknown(digest);
  if (!scenario) throw forgotten(digest);
  return { digest, allocation, scenario };
}

const forgotten = (digest: string) =>
  new ProblemError('unknown-scenario', wording`The scenario of allocation ${digest} was forgotten.`);
const unknown = (digest: string) =>
  new ProblemError('unknown-allocation', wording`No allocation ${digest} is on the record.`);
