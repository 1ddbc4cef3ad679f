/**
 * Evidence against a log: two notes that its key signed and that do not belong to one history, as small files that stay
 * readable while a process holds the store. The notes are all that anybody needs to check it.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toHex, utf8 } from './bytes.js';
import { listed } from './evidence.js';
import { replaceFile } from './files.js';
import { sha256 } from './hash.js';
import { parseNote } from './note.js';

/**
 * `fork`: one size, two roots; the notes alone prove it. `inconsistent`: no consistency proof between them was given
 * that holds. `rollback`: a smaller tree shown after a larger one: a rewritten history, an old backup or a replay.
 */
export const conflictKinds = ['fork', 'inconsistent', 'rollback'] as const;

const conflictSchema = z.strictObject({
  conflict: z.literal('evenhand/conflict/v1'),
  kind: z.enum(conflictKinds),
  /** Origin of the log. */
  log: z.string(),
  /** ISO 8601, by the clock of who kept it. */
  seen: z.iso.datetime(),
  /** The note that had been accepted. */
  kept: z.string(),
  /** The note that was shown afterwards. */
  shown: z.string(),
});

export type Conflict = z.infer<typeof conflictSchema>;

/** Conflicts as a witness serves them; throws where the value is something else. */
export function parseConflicts(value: unknown): Conflict[] {
  return z.array(conflictSchema).parse(value);
}

/** Anybody can replay old checkpoints; what is kept of one log stays bounded, forks excepted. */
const maxKept = 1000;

/** Keeps a conflict in `dir`, once for each pair of notes; false where it was there already or there are too many. */
export async function keepConflict(dir: string, conflict: Omit<Conflict, 'conflict'>): Promise<boolean> {
  const texts = [conflict.kept, conflict.shown].map((note) => parseNote(note)?.text ?? note);
  const name = `${conflict.kind}-${toHex(sha256(utf8(texts.join('\0'))).subarray(0, 16))}.json`;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const kept = await listed(dir);
  if (kept.includes(name) || (conflict.kind !== 'fork' && kept.length >= maxKept)) return false;
  const value: Conflict = { conflict: 'evenhand/conflict/v1', ...conflict };
  await replaceFile(join(dir, name), `${JSON.stringify(value, null, 2)}\n`);
  return true;
}

/** All that is kept in `dir`, forks first. Throws where a file is damaged. */
export async function readConflicts(dir: string): Promise<Conflict[]> {
  const names = (await listed(dir)).filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(
    names.map(async (name) => {
      const read = conflictSchema.safeParse(JSON.parse(await readFile(join(dir, name), 'utf8')));
      if (!read.success) throw new Error(`${join(dir, name)} is damaged: ${read.error.issues[0]?.message}`);
      return read.data;
    }),
  );
}
