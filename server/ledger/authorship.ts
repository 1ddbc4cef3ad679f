/** The verifier's part about organisations: every signature, every change of keys, and which adoptions count. */
import { type AdoptionState, addAdoption, noAdoption } from './adoptions.js';
import { authorFault } from './authors.js';
import type { KnownEntry } from './entry.js';
import { changed, type Keyring } from './keyring.js';
import type { VerifyEd25519 } from './note.js';
import type { Report } from './verify.js';

export interface Authorship {
  ring: Keyring;
  logKeyId: string | undefined;
  verifyEd25519: VerifyEd25519;
  /** By salted digest, where more than one organisation must sign: of scenarios, and of plans for them. */
  quorums: Map<string, number>;
  adoptions: Map<string, AdoptionState>;
  /** Author signatures that hold. */
  signatures: number;
}

export function newAuthorship(logKeyId: string | undefined, verifyEd25519: VerifyEd25519): Authorship {
  const empty = { ring: new Map(), quorums: new Map(), adoptions: new Map(), signatures: 0 };
  return { ...empty, logKeyId, verifyEd25519 };
}

/** Checks an entry against the keys on the record before it; what has a fault changes no key and adopts nothing. */
export async function checkAuthorship(
  state: Authorship,
  entry: KnownEntry,
  seq: number,
  report: Report,
): Promise<void> {
  const fault = await authorFault(state.ring, entry, seq, state.logKeyId, state.verifyEd25519);
  if (fault) return report(seq, fault.kind, `entry ${seq}: ${fault.what}`);
  if (entry.sig !== null) state.signatures++;
  if (entry.kind === 'key') state.ring = changed(state.ring, entry.body, seq);
  if (entry.kind === 'scenario' && entry.body.quorum !== undefined)
    state.quorums.set(entry.body.scenario, entry.body.quorum);
  if (entry.kind === 'allocation') {
    const quorum = state.quorums.get(entry.body.scenario);
    if (quorum !== undefined) state.quorums.set(entry.body.allocation, quorum);
  }
  if (entry.kind !== 'adoption') return;
  const { allocation, allocationSeq } = entry.body;
  const before =
    state.adoptions.get(allocation) ?? noAdoption(allocation, allocationSeq, state.quorums.get(allocation) ?? 1);
  addAdoption(before, seq, entry.sig === null ? null : entry.actor.org);
  state.adoptions.set(allocation, before);
}
