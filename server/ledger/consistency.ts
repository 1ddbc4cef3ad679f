/** A consistency proof as text: what C2SP tlog-witness takes, and what anybody can check against a kept checkpoint. */
import { fromBase64, toBase64 } from './bytes.js';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { verifyConsistency } from './merkle.js';
import type { NoteKey, VerifyEd25519 } from './note.js';

export interface ConsistencyProof {
  /** Size of the earlier tree. */
  old: number;
  path: Uint8Array[];
  /** The later checkpoint, a signed note, verbatim. */
  checkpoint: string;
}

/** At most so many hashes: no tree is higher. */
const maxPath = 63;

/** `old SIZE`, the hashes in base64, an empty line, the checkpoint. */
export function formatConsistency({ old, path, checkpoint }: ConsistencyProof): string {
  return `${[`old ${old}`, ...path.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Undefined where the text is malformed; nothing is verified. */
export function parseConsistency(text: string): ConsistencyProof | undefined {
  const at = text.indexOf('\n\n');
  if (at < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, at).split('\n');
  const [, digits] = /^old (0|[1-9]\d*)$/.exec(first) ?? [];
  const old = Number(digits);
  const path = lines.map(fromBase64).filter((hash) => hash?.length === 32);
  if (digits === undefined || !Number.isSafeInteger(old) || path.length !== lines.length || path.length > maxPath)
    return undefined;
  // The filter above leaves no undefined, which its type cannot say.
  return { old, path: path as Uint8Array[], checkpoint: text.slice(at + 2) };
}

/** The later checkpoint where the log signed it and it continues the earlier one; otherwise undefined. */
export async function verifyContinuation(
  text: string,
  earlier: Checkpoint,
  key: NoteKey,
  verify: VerifyEd25519,
): Promise<Checkpoint | undefined> {
  const proof = parseConsistency(text);
  const later = proof && (await openCheckpoint(proof.checkpoint, key, verify));
  if (!proof || !later || proof.old !== earlier.size || later.origin !== earlier.origin) return undefined;
  return verifyConsistency(earlier.size, earlier.root, later.size, later.root, proof.path) ? later : undefined;
}
