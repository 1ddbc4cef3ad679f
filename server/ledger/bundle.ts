/** A ledger as one JSON document that a stranger verifies offline. */
import { z } from 'zod';
import { fromHex, utf8 } from './bytes.js';
import type { Evidence } from './verify.js';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** Entries and blobs are canonical JSON as text, so that people can read what they verify. */
export const bundleSchema = z.strictObject({
  bundle: z.literal('evenhand/bundle/v1'),
  verifierKey: z.string(),
  checkpoint: z.string(),
  /** Newest checkpoint with the cosignatures of a quorum, where there is one. */
  witnessed: z.string().optional(),
  entries: z.array(z.string()),
  blobs: z.array(z.strictObject({ digest: hex, salt: hex, text: z.string() })),
});

export type Bundle = z.infer<typeof bundleSchema>;

/** What a bundle has to show; undefined where the value is no bundle. */
export function bundleEvidence(value: unknown): Evidence | undefined {
  const read = bundleSchema.safeParse(value);
  if (!read.success) return undefined;
  const { verifierKey, checkpoint, witnessed, entries, blobs } = read.data;
  const held = new Map(blobs.map(({ digest, salt, text }) => [digest, { salt: fromHex(salt)!, bytes: utf8(text) }]));
  // Two blobs of one digest: only one of them could be looked at.
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
