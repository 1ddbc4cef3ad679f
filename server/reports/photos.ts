/**
 * Photos between their upload and the report that names them: files under their SHA-256, as they came. Once the report is on the
 * record the photo lies there as a blob, and is erased with it.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { wording } from '../../scenarios/wording.js';
import { hasCode, replaceFile } from '../ledger/files.js';
import { ProblemError } from '../problem.js';

export const maxPhotoBytes = 2 * 1024 * 1024;

/** Photos that may wait for their report, and how long: a phone that was out of reach sends the report days later. */
const MOST = 1000;
const KEEP_MS = 7 * 86_400_000;

export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp';

export interface Photos {
  /** Durable once it resolves; the same bytes twice are one file. Throws 'unsupported-media-type' for what is no picture. */
  receive(bytes: Uint8Array): Promise<{ digest: string; type: PhotoType; bytes: number }>;
  waiting(digest: string): Promise<Uint8Array | undefined>;
  /** The report is on the record, and the photo with it. */
  settle(digest: string): Promise<void>;
}

/** What a file is by its first bytes: JPEG (ISO 10918), PNG (ISO 15948), WebP (RFC 9649); undefined for anything else. */
export function photoType(bytes: Uint8Array): PhotoType | undefined {
  const begins = (at: number, ...magic: number[]) => magic.every((byte, i) => bytes[at + i] === byte);
  if (begins(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  // RIFF, four bytes of length, WEBP
  return begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50) ? 'image/webp' : undefined;
}

/** `clock` in milliseconds since 1970; the directory is made with the first photo. */
export function openPhotos(dir: string, clock: () => number): Photos {
  const path = (digest: string) => join(dir, digest);
  /** One write of a file at a time. */
  const writing = new Map<string, Promise<void>>();

  async function write(digest: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const names = (await readdir(dir)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    if (names.includes(digest)) return;
    let left = names.length;
    for (const name of left >= MOST ? names : []) {
      if (clock() - (await stat(path(name))).mtimeMs < KEEP_MS) continue;
      await rm(path(name), { force: true });
      left--;
    }
    if (left >= MOST)
      throw new ProblemError('overloaded', wording`${MOST} photos wait for their reports, and no more may.`, {
        retryAfter: 60,
      });
    await replaceFile(path(digest), bytes, 0o600);
  }

  return {
    async receive(bytes) {
      const type = photoType(bytes);
      if (type === undefined)
        throw new ProblemError('unsupported-media-type', wording`These bytes are no JPEG, PNG or WebP picture.`);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const under = writing.get(digest) ?? write(digest, bytes).finally(() => writing.delete(digest));
      writing.set(digest, under);
      await under;
      return { digest, type, bytes: bytes.length };
    },
    async waiting(digest) {
      try {
        return await readFile(path(digest));
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    settle: (digest) => rm(path(digest), { force: true }),
  };
}
