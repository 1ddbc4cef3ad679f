/** What an author signs at home and sends: the content of an entry, with the blob that it names. No secret is in it. */
import { z } from 'zod';
import { type Text, wording } from '../../scenarios/wording.js';
import { fromHex, toBase64, toHex, utf8 } from './bytes.js';
import { canonicalText } from './canonical.js';
import { blobDigest } from './digest.js';
import { adoptionBody, authorMessage, authorSchema, ownBlob, rotationMessage } from './entry.js';
import { amendmentBody, maxAmendedReports, verdicts, verificationBody } from './fieldbody.js';
import type { KeyBody } from './keybody.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const words = (most: number) => z.string().trim().min(1).max(most);

/** Who adopts which plan and why, as the blob of a signed adoption has it; `allocation` is the content digest people know. */
export const adoptionContent = z.strictObject({ allocation: digest, by: words(200), why: words(4000) });
export type AdoptionContent = z.infer<typeof adoptionContent>;

const word = z.string().max(200);

/** What a verifier says of a report, by the content digest people know. `place` names it where the report does not. */
export const verificationContent = z.strictObject({
  report: digest,
  verdict: z.enum(verdicts),
  by: words(200),
  why: words(4000),
  place: z.record(word, z.union([word, z.record(word, word)])).exactOptional(),
});
export type VerificationContent = z.infer<typeof verificationContent>;

/** The amendment as it was compiled; `scenarios/field/` says the rest of it. */
export const amendmentContent = z.looseObject({
  amendment: z.literal(1),
  parent: digest,
  scenario: digest,
  reports: z.array(digest).min(1).max(maxAmendedReports),
});
export type AmendmentContent = z.infer<typeof amendmentContent>;

/** What the blob of each kind that can be signed says. */
const contents = { adoption: adoptionContent, verification: verificationContent, amendment: amendmentContent };
export type SignableKind = keyof typeof contents;

const draftHead = { draft: z.literal('evenhand/draft/v1'), log: z.string() };

/** What there is to sign: the log gives the references, the author the words. */
export const draftSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...draftHead,
    kind: z.literal('adoption'),
    body: adoptionBody.omit({ adoption: true }),
    content: adoptionContent,
  }),
  z.strictObject({
    ...draftHead,
    kind: z.literal('verification'),
    body: verificationBody.omit({ verification: true }),
    content: verificationContent,
  }),
  z.strictObject({
    ...draftHead,
    kind: z.literal('amendment'),
    body: amendmentBody.omit({ amendment: true }),
    content: amendmentContent,
  }),
]);
export type Draft = z.infer<typeof draftSchema>;
export type DraftOf<K extends SignableKind> = Extract<Draft, { kind: K }>;

export const signedSchema = z.strictObject({
  signed: z.literal('evenhand/signed/v1'),
  /** An entry without `seq` and `prev`, which are the log's to give. */
  entry: authorSchema,
  blob: z.strictObject({ salt: digest, text: z.string().max(600_000) }).nullable(),
});
export type SignedDocument = z.infer<typeof signedSchema>;

/** A key that signs in an organisation's name. */
export interface Signer {
  name: string;
  id: string;
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export interface Circumstances {
  /** 32 random bytes; the content can be erased only because nobody can guess them. */
  salt: Uint8Array;
  /** Unique for this organisation: the same document is recorded once. */
  idem: string;
  ts: string;
}

/** Signs a draft. */
export function signDraft(draft: Draft, signer: Signer, { salt, idem, ts }: Circumstances): SignedDocument {
  const text = canonicalText(draft.content);
  const body = { ...draft.body, [draft.kind]: blobDigest(salt, utf8(text)) };
  const actor = { org: signer.name, keyId: signer.id };
  const entry = { v: 1 as const, log: draft.log, kind: draft.kind, ts, actor, idem, body };
  const sig = toBase64(signer.sign(authorMessage(entry)));
  return {
    signed: 'evenhand/signed/v1',
    entry: authorSchema.parse({ ...entry, sig }),
    blob: { salt: toHex(salt), text },
  };
}

/** Signs a change of keys; a rotation is signed by the new key as well. */
export function signChange(
  log: string,
  body: KeyBody,
  signer: Signer,
  { idem, ts }: Omit<Circumstances, 'salt'>,
  next?: Signer,
): SignedDocument {
  const actor = { org: signer.name, keyId: signer.id };
  const entry = { v: 1 as const, log, kind: 'key' as const, ts, actor, idem, body };
  if (body.change === 'rotate' && next) entry.body = { ...body, proof: toBase64(next.sign(rotationMessage(entry))) };
  return {
    signed: 'evenhand/signed/v1',
    entry: { ...entry, sig: toBase64(signer.sign(authorMessage(entry))) },
    blob: null,
  };
}

/** What is wrong with a signed document by itself, signature aside: its blob must be what the body names. */
export function documentFault({ entry, blob }: SignedDocument): Text | null {
  if (entry.kind === 'key') return blob === null ? null : wording`a change of keys has no content beside it`;
  if (blob === null) return wording`the content that was signed is missing`;
  // Read by the schema as 64 digits of hex.
  if (blobDigest(fromHex(blob.salt)!, utf8(blob.text)) !== ownBlob(entry))
    return wording`the content is not the one that was signed`;
  try {
    const content: unknown = JSON.parse(blob.text);
    const read = contents[entry.kind].safeParse(content);
    if (!read.success || canonicalText(content) !== blob.text)
      return wording`the content is not canonical {${Object.keys(contents[entry.kind].shape).join(', ')}}`;
  } catch {
    return wording`the content is no JSON`;
  }
  return null;
}

/** The content of a signed document that has no fault, as its kind has it. */
export function contentOf<K extends SignableKind>(kind: K, { blob }: SignedDocument): z.infer<(typeof contents)[K]> {
  // Of that kind's schema; the compiler cannot follow the lookup.
  return contents[kind].parse(JSON.parse(blob?.text ?? '')) as z.infer<(typeof contents)[K]>;
}
