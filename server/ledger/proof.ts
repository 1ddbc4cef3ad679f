/** C2SP tlog-proof: a receipt as text that anyone can check offline against the log's verifier key. */
import { fromBase64, toBase64 } from './bytes.js';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { leafHash } from './digest.js';
import { verifyInclusion } from './merkle.js';
import type { NoteKey, VerifyEd25519 } from './note.js';

const header = 'c2sp.org/tlog-proof@v1';

export interface TlogProof {
  index: number;
  /** Inclusion proof, the leaf's sibling first. */
  path: Uint8Array[];
  /** The signed note, verbatim. */
  checkpoint: string;
}

export function formatProof({ index, path, checkpoint }: TlogProof): string {
  return `${[header, `index ${index}`, ...path.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Reads a proof's text; undefined where it is malformed. An `extra` line is allowed and ignored: nothing vouches for it. */
export function parseProof(text: string): TlogProof | undefined {
  const at = text.indexOf('\n\n');
  const lines = text.slice(0, at).split('\n');
  if (at < 0 || lines.shift() !== header) return undefined;
  if (lines[0]?.startsWith('extra ') && fromBase64(lines.shift()!.slice(6)) === undefined) return undefined;
  const [, digits] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  const index = Number(digits);
  const path = lines.map(fromBase64).filter((hash) => hash?.length === 32);
  if (digits === undefined || !Number.isSafeInteger(index) || path.length !== lines.length) return undefined;
  // The filter above leaves no undefined, which its type cannot say.
  return { index, path: path as Uint8Array[], checkpoint: text.slice(at + 2) };
}

/** The checkpoint under which an entry is proven to be in the log; undefined where the proof does not hold. */
export async function verifyProof(
  text: string,
  entry: Uint8Array,
  key: NoteKey,
  verify: VerifyEd25519,
): Promise<Checkpoint | undefined> {
  const proof = parseProof(text);
  const checkpoint = proof && (await openCheckpoint(proof.checkpoint, key, verify));
  if (!checkpoint) return undefined;
  return verifyInclusion(leafHash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root)
    ? checkpoint
    : undefined;
}
