/** Large or personal contents beside the chain: salted, compressed, erasable. */
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { concat } from './bytes.js';
import { blobDigest } from './digest.js';

export interface Blob {
  /** 32 random bytes: without them nobody can find a guessed content in the log. */
  salt: Uint8Array;
  bytes: Uint8Array;
}

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Below this a gzip costs more time (setting one up takes 0.1 ms) than the commit itself; LevelDB has Snappy for them. */
const zipFrom = 32 << 10;

let pool = new Uint8Array(0);

/** Every byte is given out once; asking the system for 128 salts takes little longer than asking for one. */
function freshSalt(): Uint8Array {
  if (pool.length === 0) pool = randomBytes(32 * 128);
  const salt = pool.slice(0, 32);
  pool = pool.subarray(32);
  return salt;
}

export function salted(bytes: Uint8Array): Blob & { digest: string } {
  const salt = freshSalt();
  return { salt, bytes, digest: blobDigest(salt, bytes) };
}

/** Stored form: codec (0 plain, 1 gzip) ‖ salt ‖ bytes. */
export async function packBlob({ salt, bytes }: Blob): Promise<Uint8Array> {
  if (bytes.length < zipFrom) return concat(Uint8Array.of(0), salt, bytes);
  return concat(Uint8Array.of(1), salt, await zip(bytes, { level: constants.Z_BEST_SPEED }));
}

/** Throws where the stored form is damaged. */
export async function unpackBlob(stored: Uint8Array): Promise<Blob> {
  const salt = stored.slice(1, 33);
  const packed = stored.subarray(33);
  if (stored[0] === 0) return { salt, bytes: packed };
  if (stored[0] !== 1) throw new RangeError('a blob of an unknown codec');
  return { salt, bytes: await unzip(packed) };
}
