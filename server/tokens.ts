/**
 * Bearer tokens of organisations, one small file each in `tokens/`. A file holds the SHA-256 of its token: a token has 256 random
 * bits, so nobody finds it from that, and whoever reads the disk cannot use it. Files are read at each request, so that one
 * that was revoked on the command line is refused by a running server at once.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, replaceFile } from './ledger/files.js';
import { type Role, roleNames } from './ledger/index.js';

const fileSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  org: z.string(),
  role: z.enum(roleNames),
  created: z.iso.datetime(),
  revoked: z.iso.datetime().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What may be shown of a token. */
export type TokenInfo = Omit<z.infer<typeof fileSchema>, 'v' | 'sha256'>;

const directory = (data: string) => join(data, 'tokens');
const path = (data: string, id: string) => join(directory(data), `${id}.json`);
const form = /^evh_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

function hash(token: string): Buffer {
  return createHash('sha256').update(`evenhand/token/v1\0${token}`).digest();
}

/** Makes a token for one role of an organisation; it is in nobody's hands but the caller's, and cannot be had again. */
export async function newToken(
  data: string,
  org: string,
  role: Role,
  now: Date,
): Promise<TokenInfo & { token: string }> {
  const id = randomBytes(8).toString('hex');
  const token = `evh_${id}_${randomBytes(32).toString('base64url')}`;
  const info = { id, org, role, created: now.toISOString(), revoked: null };
  await mkdir(directory(data), { recursive: true, mode: 0o700 });
  await write(data, { v: 1, ...info, sha256: hash(token).toString('hex') });
  return { ...info, token };
}

/** All tokens ever made, oldest first. */
export async function listTokens(data: string): Promise<TokenInfo[]> {
  const names = await readdir(directory(data)).catch(() => []);
  const files = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => read(data, name.slice(0, -5))),
  );
  return files
    .flatMap((file) =>
      file ? [{ id: file.id, org: file.org, role: file.role, created: file.created, revoked: file.revoked }] : [],
    )
    .sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1));
}

/** False where there is no such token. One that was revoked before stays as it is. */
export async function revokeToken(data: string, id: string, now: Date): Promise<boolean> {
  const file = await read(data, id);
  if (!file) return false;
  if (file.revoked === null) await write(data, { ...file, revoked: now.toISOString() });
  return true;
}

/** Whose token that is; undefined where it is none or was revoked. The time it takes tells nothing of the secret. */
export async function holderOf(data: string, token: string): Promise<TokenInfo | undefined> {
  const [, id] = form.exec(token) ?? [];
  const file = id === undefined ? undefined : await read(data, id);
  const equal = timingSafeEqual(hash(token), Buffer.from(file?.sha256 ?? '0'.repeat(64), 'hex'));
  return file && equal && file.revoked === null ? file : undefined;
}

async function read(data: string, id: string): Promise<z.infer<typeof fileSchema> | undefined> {
  if (!/^[0-9a-f]{16}$/.test(id)) return undefined;
  const text = await readIfThere(path(data, id));
  if (text === undefined) return undefined;
  try {
    const file = fileSchema.parse(JSON.parse(text));
    return file.id === id ? file : undefined;
  } catch {
    // A damaged file admits nobody.
    return undefined;
  }
}

async function write(data: string, file: z.infer<typeof fileSchema>): Promise<void> {
  await replaceFile(path(data, file.id), `${JSON.stringify(file)}\n`, 0o600);
}
