/** C2SP tlog-cosignature with Ed25519 (`cosignature/v1`): a witness states when it saw a checkpoint continue its log. */
import { concat, readU64, u64, utf8 } from './bytes.js';
import { formatVerifierKey, keyId, type NoteKey, parseNote, signatureLine, type VerifyEd25519 } from './note.js';

/** Signature type of a cosigner's verifier key. */
const cosignatureType = 4;

/** `name+id+base64(0x04 ‖ public key)`. */
export function formatCosignerKey(name: string, publicKey: Uint8Array): string {
  return formatVerifierKey(name, publicKey, cosignatureType);
}

/** What is signed: header, time in seconds since 1970, and the note's text with its final newline. */
function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** The signature line of a witness for the text of a checkpoint; `time` in whole seconds since 1970. */
export function cosign(
  text: string,
  time: number,
  { name, publicKey, sign }: { name: string; publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array },
): string {
  const signature = concat(u64(time), sign(cosignedMessage(text, time)));
  return signatureLine({ name, id: keyId(name, publicKey, cosignatureType), signature });
}

/**
 * When a cosigner signed this note, in seconds since 1970 (its latest word where it signed twice); undefined where it
 * did not, or where one of its lines does not hold, as signed-note refuses the whole note then.
 */
export async function cosignedAt(note: string, key: NoteKey, verify: VerifyEd25519): Promise<number | undefined> {
  const parsed = parseNote(note);
  let latest: number | undefined;
  for (const { name, id, signature } of parsed?.signatures ?? []) {
    if (name !== key.name || id !== key.id) continue;
    const time = signature.length === 72 ? timeOf(signature) : undefined;
    if (time === undefined) return undefined;
    if (!(await verify(key.publicKey, cosignedMessage(parsed!.text, time), signature.slice(8)))) return undefined;
    latest = Math.max(latest ?? 0, time);
  }
  return latest;
}

function timeOf(signature: Uint8Array): number | undefined {
  try {
    return readU64(signature);
  } catch {
    return undefined;
  }
}
