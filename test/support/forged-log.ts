/** A log that can lie: its key, its leaves, checkpoints and consistency proofs of any of them, straight from RFC 6962. */
import { createHash } from 'node:crypto';
import { type LogKey, newLogKey } from '../../server/ledger/keys.js';

const hash = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH(D[n]), section 2.1. */
export function treeHead(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Buffer.of(0), Buffer.from(leaves[0]!));
  const k = split(leaves.length);
  return hash(Buffer.of(1), treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k)));
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** PROOF(m, D[n]), section 2.1.2; m = 0 has the empty proof, as tlog-witness asks. */
export function consistency(m: number, leaves: readonly string[]): Buffer[] {
  return m === 0 || m >= leaves.length ? [] : subproof(m, leaves, true);
}

function subproof(m: number, leaves: readonly string[], whole: boolean): Buffer[] {
  const n = leaves.length;
  if (m === n) return whole ? [] : [treeHead(leaves)];
  const k = split(n);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), treeHead(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHead(leaves.slice(0, k))];
}

export interface FakeLog {
  key: LogKey;
  origin: string;
  note(leaves: readonly string[]): string;
  /** Body of `add-checkpoint`. */
  ask(old: number, leaves: readonly string[], proof?: readonly Uint8Array[]): string;
}

export function fakeLog(origin = 'test.example/log', key = newLogKey(origin)): FakeLog {
  const note = (leaves: readonly string[]) =>
    key.signNote(`${origin}\n${leaves.length}\n${treeHead(leaves).toString('base64')}\n`);
  return {
    key,
    origin,
    note,
    ask: (old, leaves, proof = consistency(old, leaves)) =>
      `old ${old}\n${proof.map((line) => `${Buffer.from(line).toString('base64')}\n`).join('')}\n${note(leaves)}`,
  };
}

export const leavesOf = (n: number, salt = ''): string[] => Array.from({ length: n }, (_, i) => `leaf ${salt}${i}`);
