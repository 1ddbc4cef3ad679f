/** Ed25519 (RFC 8032) by WebCrypto. There is no second implementation here: where the browser has none, nothing is called verified. */
import { keyFault } from '../../ledger/publickey.js';
import type { VerifyEd25519 } from '../../ledger/verifier.js';

/** Said to the page as the message of an error; it has words for it. */
export const NO_ED25519 = 'no-ed25519';

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** Throws NO_ED25519 where this browser, or this address (plain http that is not this machine), has no WebCrypto with Ed25519. */
export async function openEd25519(): Promise<VerifyEd25519> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const keys = new Map<string, CryptoKey>();
  // test 1 of RFC 8032, section 7.1: a browser that has the name but not the scheme is found out here
  const works = subtle && (await known(subtle));
  if (!subtle || !works) throw new Error(NO_ED25519);
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

async function known(subtle: SubtleCrypto): Promise<boolean> {
  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  const publicKey = bytes('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = bytes(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  try {
    const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    const right = await subtle.verify('Ed25519', key, signature, new Uint8Array(0));
    return right && !(await subtle.verify('Ed25519', key, signature, new Uint8Array(1)));
  } catch {
    return false;
  }
}
