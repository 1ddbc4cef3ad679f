/** C2SP signed-note with Ed25519 (type 0x01) keys; verifying takes the signature scheme as a function. */
import { concat, fromBase64, toBase64, toHex, utf8 } from './bytes.js';
import { sha256 } from './hash.js';
import { keyFault } from './publickey.js';

/** Ed25519 of RFC 8032: 32-byte public key, message, 64-byte signature. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

export interface NoteKey {
  name: string;
  /** Eight hex digits of the 32-bit key ID. */
  id: string;
  publicKey: Uint8Array;
}

export interface NoteSignature {
  name: string;
  id: string;
  signature: Uint8Array;
}

export interface Note {
  /** With its final newline: exactly what is signed. */
  text: string;
  signatures: NoteSignature[];
}

/** Signature types of signed-note: a plain Ed25519 signature, and the timestamped cosignature of tlog-cosignature. */
export type KeyType = 1 | 4;

/** Key ID: SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4], as hex. */
export function keyId(name: string, publicKey: Uint8Array, type: KeyType = 1): string {
  return toHex(sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4));
}

/** `name+id+base64(type ‖ public key)`, as golang.org/x/mod/sumdb/note writes it. */
export function formatVerifierKey(name: string, publicKey: Uint8Array, type: KeyType = 1): string {
  return `${name}+${keyId(name, publicKey, type)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** The key of a verifier key string; undefined where it is malformed, of another type, its ID does not fit, or `keyFault` refuses it. */
export function parseVerifierKey(text: string, type: KeyType = 1): NoteKey | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || id === undefined || bytes?.length !== 33 || bytes[0] !== type) return undefined;
  const publicKey = bytes.slice(1);
  return keyId(name, publicKey, type) === id && keyFault(publicKey) === null ? { name, id, publicKey } : undefined;
}

/** `— name base64(key ID ‖ signature)` and its newline. */
export function signatureLine({ name, id, signature }: NoteSignature): string {
  const bytes = Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(id.slice(at, at + 2), 16));
  return `— ${name} ${toBase64(concat(bytes, signature))}\n`;
}

/** A note of one signature; `text` ends in a newline. */
export function formatNote(text: string, signature: NoteSignature): string {
  return `${text}\n${signatureLine(signature)}`;
}

/** Splits a note; undefined where it is malformed. Nothing is verified, so trust nothing of it yet. */
export function parseNote(note: string): Note | undefined {
  // Control characters below U+0020 other than newline are forbidden; at most 100 signatures are looked at.
  if (/[^\P{Cc}\n\u007f-\u009f]/u.test(note)) return undefined;
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > 100) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : fromBase64(encoded);
    if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) });
  }
  return { text: note.slice(0, at + 1), signatures };
}

/** The note's text where the key has signed it and each of its signatures holds; otherwise undefined. */
export async function openNote(note: string, key: NoteKey, verify: VerifyEd25519): Promise<string | undefined> {
  const parsed = parseNote(note);
  const own = parsed?.signatures.filter(({ name, id }) => name === key.name && id === key.id) ?? [];
  if (!parsed || own.length === 0) return undefined;
  const message = utf8(parsed.text);
  for (const { signature } of own)
    if (signature.length !== 64 || !(await verify(key.publicKey, message, signature))) return undefined;
  return parsed.text;
}
