/** What an entry of kind `key` can say: an organisation joins, changes its key, loses one, or gets other roles. */
import { z } from 'zod';

/** What an organisation may do; who may ask for which route stands in `server/roles.ts`. */
export const roleNames = ['coordinator', 'planner', 'field', 'auditor'] as const;
export type Role = (typeof roleNames)[number];

/** Lower-case ASCII, so that no two names look alike; a key's name in signed notes too, which forbids blanks and `+`. */
export const orgName = z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,99}$/);

export const keyIdField = z.string().regex(/^[0-9a-f]{8}$/);

/** In the order of `roleNames` and each once, so that one set has one spelling. */
export const roleList = z
  .array(z.enum(roleNames))
  .min(1)
  .refine(
    (roles) => roles.join() === roleNames.filter((role) => roles.includes(role)).join(),
    'each role once, in order',
  );

const publicKey = z.base64().length(44);

export const revocationReasons = ['compromised', 'lost', 'superseded', 'left'] as const;

/** Entries for which the old key still holds beside the new one, unless a rotation says otherwise. */
export const usualOverlap = 1000;

export const keyBody = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('add'), org: orgName, keyId: keyIdField, publicKey, roles: roleList }),
  z.strictObject({
    change: z.literal('rotate'),
    org: orgName,
    /** The key that signs the entry, and ends `overlap` entries after it. */
    from: keyIdField,
    keyId: keyIdField,
    publicKey,
    overlap: z.int().min(0).max(1_000_000_000),
    /** The new key's signature, so that nobody rotates to a key that is not theirs. */
    proof: z.base64().length(88),
  }),
  z.strictObject({
    change: z.literal('revoke'),
    org: orgName,
    keyId: keyIdField,
    reason: z.enum(revocationReasons),
  }),
  z.strictObject({ change: z.literal('roles'), org: orgName, roles: roleList }),
]);

export type KeyBody = z.infer<typeof keyBody>;
