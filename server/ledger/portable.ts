/**
 * Ed25519 (RFC 8032) in plain arithmetic, for browsers that have none: the answers are those of ed25519.ts for every input. What
 * the package would verify by itself is another rule (8·S·B = 8·R + 8·k·A), which takes signatures that OpenSSL refuses.
 */
import { etc, Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { toHex } from './bytes.js';
import { keyFault } from './publickey.js';

/** L of RFC 8032, section 5.1: the order of the base point. */
const order = Point.CURVE().n;

/** True where the signature is the key's; false, never a throw, for malformed keys and signatures. */
export function verifyPortable(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  // keyFault also says that the key is a point of the curve
  if (publicKey.length !== 32 || signature.length !== 64 || keyFault(publicKey) !== null) return false;
  const [r, s] = [signature.slice(0, 32), littleEndian(signature.slice(32))];
  if (s >= order) return false;
  const k = littleEndian(sha512(etc.concatBytes(r, Uint8Array.from(publicKey), Uint8Array.from(message)))) % order;
  // R = S·B − k·A, held against R as it is written: a spelling that is not canonical is never met
  const minusA = Point.fromBytes(Uint8Array.from(publicKey)).negate();
  const expected = Point.BASE.multiplyUnsafe(s).add(minusA.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, i) => byte === r[i]);
}

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.toReversed())}`);
