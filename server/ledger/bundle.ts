/** A ledger as one JSON document that a stranger verifies offline. */
import { z } from 'zod';
import { fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes.js';
import type { Evidence, HeldBlob } from './verify.js';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A content with its salt: as text where its bytes are UTF-8, in base64 where they are not, as those of photos. */
const blobFields = { salt: hex, text: z.string(), encoding: z.literal('base64').exactOptional() };

export interface BlobView {
  salt: string;
  text: string;
  encoding?: 'base64';
}

export function blobView({ salt, bytes }: HeldBlob): BlobView {
  try {
    return { salt: toHex(salt), text: fromUtf8(bytes) };
  } catch {
    return { salt: toHex(salt), text: toBase64(bytes), encoding: 'base64' };
  }
}

/** Undefined where it is no such view. */
export function viewedBlob(value: unknown): HeldBlob | undefined {
  const { salt: hex, text, encoding } = Object(value ?? {});
  const salt = typeof hex === 'string' ? fromHex(hex) : undefined;
  if (!salt || typeof text !== 'string') return undefined;
  const bytes = encoding === 'base64' ? fromBase64(text) : utf8(text);
  return bytes && { salt, bytes };
}

/** Entries and blobs are canonical JSON as text, so that people can read what they verify. */
export const bundleSchema = z.strictObject({
  bundle: z.literal('evenhand/bundle/v1'),
  verifierKey: z.string(),
  checkpoint: z.string(),
  /** Newest checkpoint with the cosignatures of a quorum, where there is one. */
  witnessed: z.string().optional(),
  entries: z.array(z.string()),
  blobs: z.array(z.strictObject({ digest: hex, ...blobFields })),
});

export type Bundle = z.infer<typeof bundleSchema>;

/** What a bundle has to show; undefined where the value is no bundle. */
export function bundleEvidence(value: unknown): Evidence | undefined {
  const read = bundleSchema.safeParse(value);
  if (!read.success) return undefined;
  const { verifierKey, checkpoint, witnessed, entries, blobs } = read.data;
  const held = new Map(
    blobs.flatMap((blob) => {
      const read = viewedBlob(blob);
      return read ? [[blob.digest, read]] : [];
    }),
  );
  // Two blobs of one digest: only one of them could be looked at. Base64 with stray bits is another spelling of the same.
  if (held.size !== blobs.length) return undefined;
  return {
    verifierKey,
    checkpoint,
    witnessed,
    entries: entries.map(utf8),
    blob: (digest) => held.get(digest),
    blobs: held.keys(),
  };
}
