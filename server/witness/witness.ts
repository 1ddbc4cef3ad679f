/** The rules of C2SP tlog-witness `add-checkpoint`: what is cosigned, what is refused, what is kept as evidence. */
import { join } from 'node:path';
import { same } from '../ledger/bytes.js';
import { type Checkpoint, openCheckpoint, peekCheckpoint } from '../ledger/checkpoint.js';
import { type Conflict, keepConflict } from '../ledger/conflicts.js';
import { parseConsistency } from '../ledger/consistency.js';
import { cosign } from '../ledger/cosignature.js';
import { verifyEd25519 } from '../ledger/ed25519.js';
import type { KeyValue } from '../ledger/keyvalue.js';
import { emptyRoot, verifyConsistency } from '../ledger/merkle.js';
import type { NoteKey } from '../ledger/note.js';
import type { WitnessKey } from './key.js';
import { newestNote, noteOfSize, remember } from './memory.js';

export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422;
  type: string;
  body: string;
}

export interface Witness {
  /** Answers one request body. Throws only where its own store fails, and has cosigned nothing then. */
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

const text = 'text/plain; charset=utf-8';
const refuse = (status: WitnessAnswer['status'], what: string): WitnessAnswer => ({
  status,
  type: text,
  body: `${what}\n`,
});

/** `clock` gives milliseconds since 1970; `dir` is where conflicts go. */
export function createWitness(options: {
  dir: string;
  kv: KeyValue;
  key: WitnessKey;
  /** Keys of the logs that are watched; several of one origin are all trusted. */
  logs: readonly NoteKey[];
  clock: () => number;
}): Witness {
  const { dir, kv, key, logs, clock } = options;
  // Looking at the newest checkpoint and replacing it is one step: a slower request must not roll a faster one back.
  let turn: Promise<unknown> = Promise.resolve();

  async function trusted(note: string, origin: string): Promise<Checkpoint | undefined> {
    for (const log of logs) {
      const opened = log.name === origin ? await openCheckpoint(note, log, verifyEd25519) : undefined;
      if (opened) return opened;
    }
    return undefined;
  }

  async function keep(kind: Conflict['kind'], log: string, kept: string, shown: string): Promise<void> {
    await keepConflict(join(dir, 'conflicts'), { kind, log, seen: new Date(clock()).toISOString(), kept, shown });
  }

  async function answer(body: string): Promise<WitnessAnswer> {
    const asked = parseConsistency(body);
    const claimed = asked && peekCheckpoint(asked.checkpoint);
    if (!asked || !claimed)
      return refuse(400, 'malformed: expected "old SIZE", the proof, an empty line, a checkpoint');
    const { origin, size, root } = claimed;
    if (!logs.some(({ name }) => name === origin)) return refuse(404, `the log ${origin} is not watched here`);
    if (!(await trusted(asked.checkpoint, origin))) return refuse(403, `the checkpoint is not signed by ${origin}`);
    const upsideDown = asked.old > size;
    const refused = refuse(400, `old size ${asked.old} is above the checkpoint's ${size}`);

    const newest = await newestNote(kv, origin);
    const before = newest === undefined ? undefined : peekCheckpoint(newest);
    if (newest !== undefined && !before) throw new Error(`the note kept of ${origin} is damaged`);
    const known = before?.size ?? 0;
    if (newest !== undefined && before && size <= known) {
      const earlier = size === known ? newest : await noteOfSize(kv, origin, size);
      const forked = earlier !== undefined && !same(peekCheckpoint(earlier)!.root, root);
      if (forked) await keep('fork', origin, earlier, asked.checkpoint);
      else if (size < known) await keep('rollback', origin, newest, asked.checkpoint);
      if (forked || size < known) return upsideDown ? refused : conflict(known);
    }
    if (upsideDown) return refused;
    if (asked.old !== known) return conflict(known);
    const holds =
      known === 0
        ? asked.path.length === 0 && (size > 0 || same(root, emptyRoot))
        : verifyConsistency(known, before!.root, size, root, asked.path);
    if (!holds) {
      if (newest !== undefined) await keep('inconsistent', origin, newest, asked.checkpoint);
      return refuse(422, `the proof from ${known} to ${size} entries does not hold`);
    }
    await remember(kv, origin, size, asked.checkpoint);
    const line = cosign(noteText(asked.checkpoint), Math.floor(clock() / 1000), key);
    return { status: 200, type: text, body: line };
  }

  return {
    addCheckpoint: (body) => {
      const done = turn.then(() => answer(body));
      turn = done.catch(() => undefined);
      return done;
    },
  };
}

function conflict(size: number): WitnessAnswer {
  return { status: 409, type: 'text/x.tlog.size', body: `${size}\n` };
}

/** The signed part of a note that was parsed before. */
function noteText(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}
