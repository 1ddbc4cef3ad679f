/** What is made of a plan and its scenario as they lie in the store: bytes to be sent; in whichever thread. */
import type { BriefReceipt } from '../../engine/report/brief.js';
import type { Allocation } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { openStored, type StoredContent } from '../ledger/contents.js';

export interface StoredPlan {
  /** Of the allocation. */
  digest: string;
  allocation: StoredContent;
  scenario: StoredContent;
}

export type Task = { plan: StoredPlan } & ({ make: 'packed' } | { make: 'brief'; receipt: BriefReceipt | null });

export async function perform(task: Task): Promise<Uint8Array<ArrayBuffer>> {
  const { digest } = task.plan;
  // what the ledger checked when it was recorded
  const allocation = (await parsed(task.plan.allocation)) as Allocation;
  const scenario = (await parsed(task.plan.scenario)) as Scenario;
  // a thread that makes the one has no need of the other's modules
  if (task.make === 'packed') {
    const { packPlan } = await import('../packed/pack.js');
    return packPlan(allocation, scenario, digest);
  }
  const { openBook, reportPieces } = await import('../../engine/report/index.js');
  const pieces = reportPieces(openBook(allocation, scenario), 'brief', 'html', { receipt: task.receipt });
  return Uint8Array.from(Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string))));
}

async function parsed(stored: StoredContent): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode((await openStored(stored)).bytes));
}
