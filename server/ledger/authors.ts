/** Whose word an entry is: its signature, and what the record says of the key at that place. Writer and verifiers alike. */
import { fromBase64 } from './bytes.js';
import { authorMessage, type KnownEntry, rotationMessage } from './entry.js';
import type { Role } from './keybody.js';
import { changeFault, type Keyring, keyAt } from './keyring.js';
import type { VerifyEd25519 } from './note.js';
import type { EntryKind } from './types.js';

export interface AuthorFault {
  kind: 'author' | 'key';
  what: string;
}

/**
 * What is wrong with the author of an entry at place `seq`, null where nothing is. An entry without a signature is the log's
 * word alone, so it carries the log's key ID; `logKeyId` is undefined where that is not known.
 */
export async function authorFault(
  ring: Keyring,
  entry: KnownEntry,
  seq: number,
  logKeyId: string | undefined,
  verify: VerifyEd25519,
): Promise<AuthorFault | null> {
  const { kind, body } = entry;
  const change = kind === 'key' ? changeFault(ring, body, seq, entry.log) : null;
  if (change !== null) return { kind: 'key', what: change };
  const author =
    entry.sig === null ? unsigned(ring, entry, logKeyId) : await signed(ring, entry, entry.sig, seq, verify);
  if (author !== null) return { kind: 'author', what: author };
  if (kind !== 'key' || body.change !== 'rotate') return null;
  const proven = await holds(fromBase64(body.publicKey), rotationMessage(entry), body.proof, verify);
  return proven ? null : { kind: 'key', what: `the new key ${body.keyId} has not signed the rotation to it` };
}

function unsigned(ring: Keyring, { kind, body, log, actor }: KnownEntry, logKeyId: string | undefined): string | null {
  if (logKeyId !== undefined && actor.keyId !== logKeyId)
    return `it has no signature, yet it names the key ${actor.keyId} of ${actor.org}`;
  if (kind === 'key') {
    if (actor.org !== log) return `the change of a key is said to be by ${actor.org}, which has not signed it`;
    if (body.change === 'rotate') return 'a rotation must be signed by the old key';
  }
  if (ring.size > 0 && actor.org !== log && !ring.has(actor.org))
    return `it is said to be by ${actor.org}, which is not on the record`;
  return actor.org === log ? null : roleFault(ring, kind, actor.org);
}

async function signed(
  ring: Keyring,
  entry: KnownEntry,
  sig: string,
  seq: number,
  verify: VerifyEd25519,
): Promise<string | null> {
  const { kind, body, actor } = entry;
  let publicKey: Uint8Array | undefined;
  if (kind === 'key') {
    if (actor.org !== body.org) return `${actor.org} cannot change the keys of ${body.org}`;
    if (body.change === 'roles') return 'an organisation does not give roles to itself';
    if (body.change === 'rotate' && actor.keyId !== body.from) return 'a rotation must be signed by the old key';
  }
  if (kind === 'key' && body.change === 'add') {
    // The key is only just coming onto the record: its signature proves that somebody holds its secret.
    if (actor.keyId !== body.keyId)
      return `it is signed with ${actor.keyId}, not with the key ${body.keyId} that it adds`;
    publicKey = fromBase64(body.publicKey);
  } else {
    const key = keyAt(ring, actor.org, actor.keyId, seq);
    if (typeof key === 'string') return `it is signed with a key that does not hold: ${key}`;
    publicKey = key.publicKey;
    // Whoever finds an old key must not get a new one with it, nor take the new one from its owner.
    const itself = kind === 'key' && body.change === 'revoke' && body.keyId === actor.keyId;
    if (kind === 'key' && Number.isFinite(key.until) && !itself)
      return `the key ${key.id} was ${key.ended}: until it ends it changes no key, except that it may revoke itself`;
  }
  if (!(await holds(publicKey, authorMessage(entry), sig, verify)))
    return `the signature of ${actor.org} does not hold: the entry is not what was signed with the key ${actor.keyId}`;
  if (kind === 'adoption' && !ring.get(actor.org)?.roles.includes('coordinator'))
    return `${actor.org} is no coordinator, so it adopts nothing`;
  return roleFault(ring, kind, actor.org);
}

/** Who may take a step of a report's life, in an organisation's own name; what a token is for is the server's to say. */
const stepRoles: Partial<Record<EntryKind, readonly Role[]>> = {
  report: ['coordinator', 'planner', 'field'],
  verification: ['coordinator', 'planner'],
  amendment: ['coordinator', 'planner'],
  resolution: ['coordinator', 'planner'],
  declaration: ['coordinator'],
};

function roleFault(ring: Keyring, kind: EntryKind, org: string): string | null {
  const allowed = stepRoles[kind];
  const roles = ring.get(org)?.roles ?? [];
  if (allowed === undefined || ring.size === 0 || allowed.some((role) => roles.includes(role))) return null;
  return `${org} is ${roles.join(', ') || 'nobody here'}: a ${kind} is for ${allowed.join(' or ')}`;
}

async function holds(
  publicKey: Uint8Array | undefined,
  message: Uint8Array,
  sig: string,
  verify: VerifyEd25519,
): Promise<boolean> {
  const signature = fromBase64(sig);
  return publicKey !== undefined && signature?.length === 64 && (await verify(publicKey, message, signature));
}
