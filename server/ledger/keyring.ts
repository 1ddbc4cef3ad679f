/** Which organisation holds which key at which entry: what all key entries before it add up to. */
import { fromBase64, toBase64 } from './bytes.js';
import type { KeyBody, Role } from './keybody.js';
import { keyId } from './note.js';
import { keyFault } from './publickey.js';

export interface OrganisationKey {
  id: string;
  publicKey: Uint8Array;
  /** Its signatures hold from this entry on … */
  from: number;
  /** … up to and without this one; infinite while nothing ends it. */
  until: number;
  /** Why it ends: a rotation, or the reason of its revocation. */
  ended: string | null;
}

export interface Organisation {
  name: string;
  roles: readonly Role[];
  /** By key ID, in order of registration. */
  keys: ReadonlyMap<string, OrganisationKey>;
}

/** Values are never changed in place: a copy of the map is a copy of the state. */
export type Keyring = Map<string, Organisation>;

/** The key with that ID, where its signatures hold at entry `seq`; otherwise in words why they do not. */
export function keyAt(ring: Keyring, org: string, id: string, seq: number): OrganisationKey | string {
  const organisation = ring.get(org);
  if (!organisation) return `the organisation ${org} is not on the record`;
  const key = organisation.keys.get(id);
  if (!key) return `the key ${id} of ${org} is not on the record`;
  if (seq >= key.until) return `the key ${id} of ${org} ended at entry ${key.until} (${key.ended})`;
  return seq < key.from ? `the key ${id} of ${org} is on the record only from entry ${key.from}` : key;
}

/** The keys whose signatures hold at entry `seq`, newest last. */
export function keysInForce(organisation: Organisation, seq: number): OrganisationKey[] {
  return [...organisation.keys.values()].filter((key) => key.from <= seq && seq < key.until);
}

/** What is wrong with a change, signatures aside, at entry `seq` of the log of that name; null where nothing is. */
export function changeFault(ring: Keyring, body: KeyBody, seq: number, log: string): string | null {
  const organisation = ring.get(body.org);
  if (body.change === 'add') {
    if (body.org === log) return `${body.org} is the name of the log itself`;
    const [held] = organisation ? keysInForce(organisation, seq) : [];
    if (held) return `${body.org} has the key ${held.id} already: rotate it`;
    return newKeyFault(ring, body);
  }
  if (!organisation) return `the organisation ${body.org} is not on the record`;
  switch (body.change) {
    case 'rotate': {
      const old = keyAt(ring, body.org, body.from, seq);
      return typeof old === 'string' ? old : newKeyFault(ring, body);
    }
    case 'revoke': {
      const key = organisation.keys.get(body.keyId);
      if (!key) return `the key ${body.keyId} of ${body.org} is not on the record`;
      return key.until <= seq ? `the key ${body.keyId} of ${body.org} has ended already` : null;
    }
    case 'roles':
      return null;
  }
}

/** Two organisations with one key would be one signer who counts twice. */
function newKeyFault(ring: Keyring, { org, keyId: id, publicKey }: { org: string; keyId: string; publicKey: string }) {
  const bytes = fromBase64(publicKey);
  if (!bytes) return 'the public key is not base64';
  const fault = keyFault(bytes);
  if (fault !== null) return fault;
  if (keyId(org, bytes) !== id) return `the key ID ${id} is not that of the key under the name ${org}`;
  for (const { name, keys } of ring.values())
    for (const key of keys.values()) {
      if (toBase64(key.publicKey) === publicKey)
        return `the public key is on the record already, as ${key.id} of ${name}`;
      if (name === org && key.id === id) return `${org} has another key with the ID ${id}`;
    }
  return null;
}

/** The keyring after a change that has no fault. */
export function changed(ring: Keyring, body: KeyBody, seq: number): Keyring {
  const next = new Map(ring);
  const before = ring.get(body.org);
  const keys = new Map(before?.keys);
  const end = (id: string, until: number, ended: string): void => {
    const key = keys.get(id);
    if (key && until < key.until) keys.set(id, { ...key, until, ended });
  };
  if (body.change === 'add' || body.change === 'rotate') {
    // Its form was checked before.
    const publicKey = fromBase64(body.publicKey)!;
    keys.set(body.keyId, { id: body.keyId, publicKey, from: seq, until: Number.POSITIVE_INFINITY, ended: null });
  }
  if (body.change === 'rotate') end(body.from, seq + body.overlap + 1, `rotated to ${body.keyId}`);
  if (body.change === 'revoke') end(body.keyId, seq, body.reason);
  const roles = 'roles' in body ? body.roles : (before?.roles ?? []);
  next.set(body.org, { name: body.org, roles, keys });
  return next;
}

/** An organisation as it is shown. */
export function organisationViews(organisations: readonly Organisation[]) {
  return organisations.map(({ name, roles, keys }) => ({
    name,
    roles: [...roles],
    keys: [...keys.values()].map(({ id, publicKey, from, until, ended }) => ({
      id,
      publicKey: toBase64(publicKey),
      from,
      until: Number.isFinite(until) ? until : null,
      ended,
    })),
  }));
}
