/** Which adoptions count: a plan for a scenario with a quorum is adopted once so many organisations have signed for it. */

export interface AdoptionState {
  /** Salted digest and place of the allocation, as its adoptions name it. */
  allocation: string;
  allocationSeq: number;
  /** Organisations that must sign, as the scenario has it; 1 where it says nothing. */
  quorum: number;
  /** Those that have, each once, in order. */
  signedBy: string[];
  /** Places of all entries that adopt it, unsigned ones too. */
  entries: number[];
  status: 'pending' | 'counts';
}

export function noAdoption(allocation: string, allocationSeq: number, quorum: number): AdoptionState {
  return { allocation, allocationSeq, quorum, signedBy: [], entries: [], status: 'pending' };
}

/**
 * Adds one more entry; `org` is null where it carries no signature. Where one is enough, the log's word is too: with a quorum
 * only signatures count, and those of one organisation once.
 */
export function addAdoption(state: AdoptionState, seq: number, org: string | null): void {
  state.entries.push(seq);
  if (org !== null && !state.signedBy.includes(org)) state.signedBy.push(org);
  if (state.quorum <= 1 || state.signedBy.length >= state.quorum) state.status = 'counts';
}
