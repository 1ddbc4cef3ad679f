/**
 * Who may ask for what, once an organisation is on the record. Reading is open to everybody: the record is there to be verified
 * by strangers. A route that changes something and is not listed is closed to all.
 */
import type { Role } from './ledger/index.js';

const everybody: readonly Role[] = ['coordinator', 'planner', 'field', 'auditor'];
const planning: readonly Role[] = ['coordinator', 'planner'];
const filing: readonly Role[] = ['coordinator', 'planner', 'field'];

export const access: Readonly<Record<string, readonly Role[]>> = {
  'POST /scenarios': planning,
  'POST /allocations': planning,
  'POST /frontiers': planning,
  /** A planner stops jobs of the own organisation, a coordinator any. */
  'DELETE /jobs/:id': planning,
  'POST /adoptions': ['coordinator'],
  'POST /photos': filing,
  'POST /reports': filing,
  /** By another organisation than the reporter's, which the record sees to. */
  'POST /reports/:digest/verification': planning,
  'POST /reports/:digest/verification/draft': planning,
  'POST /reports/:digest/resolution': planning,
  'POST /amendments': planning,
  /** It puts the scenario that results on the record. */
  'POST /amendments/draft': planning,
  'POST /declarations': ['coordinator'],
  // These two record nothing.
  'POST /adoptions/draft': everybody,
  'POST /comparisons': everybody,
  // Its signature is what authorises a change of keys.
  'POST /keys': everybody,
};

/** Undefined where everybody may, token or none. */
export function rolesFor(method: string, route: string): readonly Role[] | undefined {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return undefined;
  return access[`${method} ${route}`] ?? [];
}
