/** From two contents as they lie in the store to the compact form; in whichever thread. */
import type { Allocation } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { openStored, type StoredContent } from '../ledger/contents.js';
import { packPlan } from './pack.js';

export interface ToPack {
  /** Of the allocation. */
  digest: string;
  allocation: StoredContent;
  scenario: StoredContent;
}

export async function packStored({ digest, allocation, scenario }: ToPack): Promise<Uint8Array<ArrayBuffer>> {
  // what the ledger checked when it was recorded
  return packPlan((await parsed(allocation)) as Allocation, (await parsed(scenario)) as Scenario, digest);
}

async function parsed(stored: StoredContent): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode((await openStored(stored)).bytes));
}
