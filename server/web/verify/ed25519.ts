/**
 * Ed25519 (RFC 8032) by WebCrypto; where the browser has none (an old one, or plain http that is not this machine) in plain
 * arithmetic, which is a file of its own and is fetched only then.
 */
import { keyFault } from '../../ledger/publickey.js';
import type { VerifyEd25519 } from '../../ledger/verifier.js';

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** A verifier that has just shown that it tells right from wrong. Throws where there is none. */
export async function openEd25519(): Promise<VerifyEd25519> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const native = subtle && byWebCrypto(subtle);
  if (native && (await works(native))) return native;
  const { verifyPortable } = await import('../../ledger/portable.js');
  if (await works(verifyPortable)) return verifyPortable;
  throw new Error('Ed25519 fails on test 1 of RFC 8032, section 7.1, in this browser: nothing can be verified here.');
}

function byWebCrypto(subtle: SubtleCrypto): VerifyEd25519 {
  const keys = new Map<string, CryptoKey>();
  return async (publicKey, message, signature) => {
    if (publicKey.length !== 32 || signature.length !== 64 || keyFault(publicKey) !== null) return false;
    const name = publicKey.join();
    let key = keys.get(name);
    if (!key) {
      key = await subtle.importKey('raw', copy(publicKey), 'Ed25519', false, ['verify']);
      keys.set(name, key);
    }
    return await subtle.verify('Ed25519', key, copy(signature), copy(message));
  };
}

/** Test 1 of RFC 8032, section 7.1: a browser that has the name but not the scheme is found out here. */
async function works(verify: VerifyEd25519): Promise<boolean> {
  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  const publicKey = bytes('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = bytes(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  try {
    const right = await verify(publicKey, new Uint8Array(0), signature);
    return right && !(await verify(publicKey, new Uint8Array(1), signature));
  } catch {
    return false;
  }
}
