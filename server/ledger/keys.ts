/** The log's own key, in the signer format of golang.org/x/mod/sumdb/note, in a file that only its owner reads. */
import { stat } from 'node:fs/promises';
import { concat, fromBase64, toBase64, toHex, utf8 } from './bytes.js';
import { type Ed25519Key, ed25519Of, newEd25519 } from './ed25519.js';
import { LedgerUnusable } from './errors.js';
import { readIfThere, replaceFile } from './files.js';
import { sha256 } from './hash.js';
import { formatNote, formatVerifierKey, keyId } from './note.js';

/** Signs notes in the log's name, which is its origin line too. */
export interface LogKey {
  name: string;
  id: string;
  verifierKey: string;
  publicKey: Uint8Array;
  /** Ed25519 over bytes that begin with a domain of their own. */
  sign(message: Uint8Array): Uint8Array;
  /** The whole signed note of a text that ends in a newline. */
  signNote(text: string): string;
  /** What the key file holds. */
  secret(): string;
}

function logKey(name: string, key: Ed25519Key): LogKey {
  const id = keyId(name, key.publicKey);
  return {
    name,
    id,
    verifierKey: formatVerifierKey(name, key.publicKey),
    publicKey: key.publicKey,
    sign: key.sign,
    signNote: (text) => formatNote(text, { name, id, signature: key.sign(utf8(text)) }),
    secret: () => `PRIVATE+KEY+${name}+${id}+${toBase64(concat(Uint8Array.of(1), key.seed))}\n`,
  };
}

/** A fresh key, named after itself unless a name is given: `evenhand.local/` and 16 bytes of its SHA-256 in hex. */
export function newLogKey(name?: string): LogKey {
  const key = newEd25519();
  return logKey(name ?? `evenhand.local/${toHex(sha256(key.publicKey).subarray(0, 16))}`, key);
}

/** The key of a signer string; undefined where it is malformed or its ID does not fit. */
export function parseLogKey(text: string): LogKey | undefined {
  const [, name, id, encoded] = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)\n?$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== 1) return undefined;
  const key = logKey(name, ed25519Of(bytes.subarray(1)));
  return key.id === id ? key : undefined;
}

/**
 * The key in a file; undefined where there is no file. Throws LedgerUnusable where others than the owner can
 * read it, as they could have signed another history, or where it is damaged.
 */
export async function readLogKey(path: string): Promise<LogKey | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new LedgerUnusable(
      `the log's key ${path} can be read by others (mode ${(mode & 0o777).toString(8)}): find out who did, then chmod 600`,
    );
  const key = parseLogKey(text);
  if (!key) throw new LedgerUnusable(`the log's key ${path} is damaged: put back the copy of it that you keep`);
  return key;
}

export async function writeLogKey(path: string, key: LogKey): Promise<void> {
  await replaceFile(path, key.secret(), 0o600);
}
