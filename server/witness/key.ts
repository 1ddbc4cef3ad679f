/** A witness's own key: like the log's, but of type 0x04, as it signs cosignatures and nothing else. */
import { stat } from 'node:fs/promises';
import { concat, fromBase64, toBase64 } from '../ledger/bytes.js';
import { formatCosignerKey } from '../ledger/cosignature.js';
import { type Ed25519Key, ed25519Of, newEd25519 } from '../ledger/ed25519.js';
import { LedgerUnusable } from '../ledger/errors.js';
import { readIfThere, replaceFile } from '../ledger/files.js';
import { keyId } from '../ledger/note.js';

export interface WitnessKey {
  name: string;
  publicKey: Uint8Array;
  /** `name+id+base64(0x04 ‖ public key)`: what goes into policies. */
  verifierKey: string;
  sign(message: Uint8Array): Uint8Array;
}

function witnessKey(name: string, { publicKey, sign }: Ed25519Key): WitnessKey {
  return { name, publicKey, verifierKey: formatCosignerKey(name, publicKey), sign };
}

/**
 * The key in a file, made there on first start under `name`. Throws LedgerUnusable where others can read the file, where
 * it is damaged, or where it has another name than the one that is asked for.
 */
export async function witnessKeyAt(path: string, name: string | undefined): Promise<WitnessKey> {
  const text = await readIfThere(path);
  if (text === undefined) {
    const fresh = newEd25519();
    const chosen = name ?? 'evenhand.local/witness';
    if (!/^[^\s+]+$/u.test(chosen))
      throw new LedgerUnusable(`a witness cannot be called ${JSON.stringify(chosen)}: no spaces and no plus signs`);
    const secret = toBase64(concat(Uint8Array.of(4), fresh.seed));
    await replaceFile(path, `PRIVATE+KEY+${chosen}+${keyId(chosen, fresh.publicKey, 4)}+${secret}\n`, 0o600);
    return witnessKey(chosen, fresh);
  }
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new LedgerUnusable(`the witness's key ${path} can be read by others: find out who did, then chmod 600`);
  const [, found, id, encoded] = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)\n?$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (found === undefined || bytes?.length !== 33 || bytes[0] !== 4)
    throw new LedgerUnusable(`the witness's key ${path} is damaged: put back the copy of it that you keep`);
  const key = ed25519Of(bytes.subarray(1));
  if (keyId(found, key.publicKey, 4) !== id)
    throw new LedgerUnusable(`the witness's key ${path} is damaged: its ID does not fit`);
  if (name !== undefined && name !== found)
    throw new LedgerUnusable(`the witness in this directory is called ${found}, not ${name}`);
  return witnessKey(found, key);
}
