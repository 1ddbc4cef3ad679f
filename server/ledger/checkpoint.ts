/** C2SP tlog-checkpoint: the signed head of the tree. */
import { fromBase64, toBase64 } from './bytes.js';
import { type NoteKey, openNote, parseNote, type VerifyEd25519 } from './note.js';

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** The note text: origin, size and root, no extension lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads a checkpoint's text; undefined where it is malformed. Extension lines are allowed and ignored. */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  const [origin, size, root, ...rest] = text.split('\n');
  if (!origin || !size || !root || rest.pop() !== '' || rest.includes('')) return undefined;
  const hash = fromBase64(root);
  const count = Number(size);
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(count) || hash?.length !== 32) return undefined;
  return { origin, size: count, root: hash };
}

/** What a note says, nothing verified; undefined where it is no checkpoint. */
export function peekCheckpoint(note: string): Checkpoint | undefined {
  const parsed = parseNote(note);
  return parsed && parseCheckpointText(parsed.text);
}

/** The checkpoint where the log's key has signed it for its own origin; otherwise undefined. */
export async function openCheckpoint(
  note: string,
  key: NoteKey,
  verify: VerifyEd25519,
): Promise<Checkpoint | undefined> {
  const text = await openNote(note, key, verify);
  const checkpoint = text === undefined ? undefined : parseCheckpointText(text);
  return checkpoint?.origin === key.name ? checkpoint : undefined;
}
