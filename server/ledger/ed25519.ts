/** Ed25519 (RFC 8032) by node:crypto, on raw 32-byte keys. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { toHex } from './bytes.js';
import { keyFault } from './publickey.js';

// The fixed DER heads of RFC 8410: PKCS#8 before a seed, SPKI before a public key.
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

export interface Ed25519Key {
  seed: Uint8Array;
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function newEd25519(): Ed25519Key {
  const { privateKey } = generateKeyPairSync('ed25519');
  return ed25519Of(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32));
}

/** The key pair of a 32-byte seed. */
export function ed25519Of(seed: Uint8Array): Ed25519Key {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { seed, publicKey, sign: (message) => sign(null, message, key) };
}

// A log is verified with one key, time and again: making the key object costs as much as a verification.
const known = new Map<string, KeyObject>();

/** True where the signature is the key's; false, never a throw, for malformed keys and signatures. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const name = toHex(publicKey);
    let key = known.get(name);
    if (!key) {
      if (keyFault(publicKey) !== null) return false;
      key = createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' });
      if (known.size < 1000) known.set(name, key);
    }
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
