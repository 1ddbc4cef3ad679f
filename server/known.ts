/** What routes look up on the record. */
import { wording } from '../scenarios/wording.js';
import type { Context } from './context.js';
import { ProblemError } from './problem.js';

/** An allocation on the record. Throws 'unknown-allocation'. */
export async function allocationOf(ledger: Context['ledger'], digest: string, pointer?: string) {
  const found = await ledger.allocation(digest);
  if (found !== undefined) return found;
  const detail = wording`No allocation ${digest} is on the record.`;
  throw new ProblemError('unknown-allocation', detail, pointer === undefined ? {} : { errors: [{ pointer, detail }] });
}
