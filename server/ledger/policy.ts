/** C2SP tlog-policy: which logs and witnesses are known, and which of the witnesses make a quorum. */
import { toHex } from './bytes.js';
import { cosignedAt } from './cosignature.js';
import { type NoteKey, parseVerifierKey, type VerifyEd25519 } from './note.js';

export interface TlogPolicy {
  logs: { key: NoteKey; verifierKey: string; url: string | null }[];
  /** By their names in the file. */
  witnesses: Map<string, { key: NoteKey; url: string | null }>;
  /** `least` of the members must have witnessed. */
  groups: Map<string, { least: number; members: string[] }>;
  /** Name of a witness or a group; null for `quorum none`. */
  quorum: string | null;
}

/** `line` counts from 1; 0 speaks of the whole file. */
export type ReadPolicy = { ok: true; policy: TlogPolicy } | { ok: false; line: number; what: string };

/** Reads a policy file; the first fault is reported with its line. */
export function readPolicy(text: string): ReadPolicy {
  const policy: TlogPolicy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  const state = { grouped: new Set<string>(), quorum: false };
  for (const [i, line] of text.split('\n').entries()) {
    const what = readLine(policy, state, line);
    if (what !== null) return { ok: false, line: i + 1, what };
  }
  return state.quorum ? { ok: true, policy } : { ok: false, line: 0, what: 'there is no quorum line' };
}

function readLine(policy: TlogPolicy, state: { grouped: Set<string>; quorum: boolean }, line: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification names the bytes that are allowed
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) return 'a control character';
  const [word, ...rest] = line.split(/[ \t]+/).filter((item) => item !== '');
  if (word === undefined || word.startsWith('#')) return null;
  switch (word) {
    case 'log':
      return readLog(policy, rest);
    case 'witness':
      return readWitness(policy, rest);
    case 'group':
      return readGroup(policy, state.grouped, rest);
    case 'quorum': {
      const [name] = rest;
      if (state.quorum) return 'a second quorum line';
      if (name === undefined || rest.length !== 1) return 'expected: quorum NAME';
      if (name !== 'none' && !known(policy, name)) return `${name} is not defined above`;
      policy.quorum = name === 'none' ? null : name;
      state.quorum = true;
      return null;
    }
    default:
      return `unknown word ${word}: expected log, witness, group or quorum`;
  }
}

function known({ witnesses, groups }: TlogPolicy, name: string): boolean {
  return witnesses.has(name) || groups.has(name);
}

function readLog(policy: TlogPolicy, words: string[]): string | null {
  const [verifierKey, url = null] = words;
  const key = verifierKey === undefined ? undefined : parseVerifierKey(verifierKey);
  if (verifierKey === undefined || !key || words.length > 2) return 'expected: log VERIFIER-KEY [URL]';
  if (policy.logs.some((other) => sameKey(other.key, key))) return 'a log with this public key is listed already';
  policy.logs.push({ key, verifierKey, url });
  return null;
}

function readWitness(policy: TlogPolicy, words: string[]): string | null {
  const [name, encoded, url = null] = words;
  const key = encoded === undefined ? undefined : parseVerifierKey(encoded, 4);
  if (name === undefined || !key || words.length > 3)
    return 'expected: witness NAME VERIFIER-KEY [URL], with a key of type 0x04 (Ed25519 cosignature)';
  if (name === 'none' || known(policy, name)) return `the name ${name} is taken`;
  for (const other of policy.witnesses.values())
    if (sameKey(other.key, key)) return 'a witness with this public key is listed already';
  policy.witnesses.set(name, { key, url });
  return null;
}

function readGroup(policy: TlogPolicy, grouped: Set<string>, words: string[]): string | null {
  const [name, count, ...members] = words;
  if (name === undefined || count === undefined || members.length === 0) return 'expected: group NAME all|any|N NAME …';
  if (name === 'none' || known(policy, name)) return `the name ${name} is taken`;
  const least = count === 'all' ? members.length : count === 'any' ? 1 : /^[1-9]\d*$/.test(count) ? Number(count) : 0;
  if (least < 1 || least > members.length) return `${count} of ${members.length} members: expected all, any or 1 to n`;
  for (const member of members) {
    if (!known(policy, member)) return `${member} is not defined above`;
    if (grouped.has(member)) return `${member} is a member already: each name counts once`;
    grouped.add(member);
  }
  policy.groups.set(name, { least, members });
  return null;
}

function sameKey(a: NoteKey, b: NoteKey): boolean {
  return toHex(a.publicKey) === toHex(b.publicKey);
}

/** Names of the policy's witnesses whose cosignatures on this note hold. */
export async function cosignersOf(policy: TlogPolicy, note: string, verify: VerifyEd25519): Promise<Set<string>> {
  const names = new Set<string>();
  for (const [name, { key }] of policy.witnesses)
    if ((await cosignedAt(note, key, verify)) !== undefined) names.add(name);
  return names;
}

/** True where these witnesses are enough. */
export function meetsQuorum({ groups, quorum }: TlogPolicy, cosigners: ReadonlySet<string>): boolean {
  const has = (name: string): boolean => {
    const group = groups.get(name);
    return group ? group.members.filter(has).length >= group.least : cosigners.has(name);
  };
  return quorum === null || has(quorum);
}
