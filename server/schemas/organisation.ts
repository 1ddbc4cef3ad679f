/** Organisations, what they sign, and which adoptions count, as the API shows them. */
import { z } from 'zod';
import { type AdoptionState, draftSchema, roleNames, type SignedDocument, signedSchema } from '../ledger/index.js';
import { digest } from './common.js';
import { DIGESTS } from './examples.js';

const LOG = 'evenhand.local/3f9a5c0e';
const ORG = 'red-cross.mg';
const KEY = 'GX9rI+FshTLGq8g/4s1ep4m+DHayOaNTRSMVd5g0nT0=';
const SIGNATURE = `${'A'.repeat(86)}==`;

export const adoptionStateExample: AdoptionState = {
  allocation: DIGESTS.allocation,
  allocationSeq: 1,
  quorum: 2,
  signedBy: [ORG],
  entries: [2],
  status: 'pending',
};

export const adoptionStateSchema: z.ZodType<AdoptionState> = z
  .strictObject({
    allocation: digest.describe('as it was asked for'),
    allocationSeq: z.int(),
    quorum: z.int().describe('organisations that must sign; from the scenario, 1 where it says nothing'),
    signedBy: z.array(z.string()).describe('organisations that have signed, each once'),
    entries: z
      .array(z.int())
      .describe('all entries that adopt it; with a quorum over 1, those without a signature do not count'),
    status: z.enum(['pending', 'counts']),
  })
  .meta({ id: 'AdoptionState', examples: [adoptionStateExample] });

const draft = {
  draft: 'evenhand/draft/v1' as const,
  log: LOG,
  kind: 'adoption' as const,
  body: { allocation: DIGESTS.other, allocationSeq: 1 },
  content: { allocation: DIGESTS.allocation, by: 'Regional coordination', why: 'Nobody falls below the floor.' },
};

export const draftDocument = draftSchema.meta({
  description: 'what `evenhand sign` signs',
  examples: [draft],
});

const head = { v: 1 as const, log: LOG, ts: '2026-11-24T08:00:00.000Z', actor: { org: ORG, keyId: 'b1f0c3d2' } };

export const signedAdoptionExample: SignedDocument = {
  signed: 'evenhand/signed/v1',
  entry: {
    ...head,
    kind: 'adoption',
    idem: '0b0c6a52-3c3f-4a86-9a3c-6a2f5f3b9a10',
    body: { ...draft.body, adoption: DIGESTS.adoption },
    sig: SIGNATURE,
  },
  blob: { salt: DIGESTS.leaf, text: JSON.stringify(draft.content) },
};

const verified = {
  report: DIGESTS.other,
  verdict: 'verified' as const,
  by: 'District office',
  why: 'Two drivers and the photo agree.',
};

export const signedVerificationExample: SignedDocument = {
  signed: 'evenhand/signed/v1',
  entry: {
    ...head,
    kind: 'verification',
    idem: '7e3c1b9a-4d62-4f0e-8a15-2b9c6d7e8f01',
    body: { verification: DIGESTS.adoption, report: DIGESTS.leaf, reportSeq: 2, verdict: 'verified' },
    sig: SIGNATURE,
  },
  blob: { salt: DIGESTS.leaf, text: JSON.stringify(verified) },
};

const amended = {
  amendment: 1 as const,
  parent: DIGESTS.scenario,
  scenario: DIGESTS.other,
  reports: [DIGESTS.leaf],
  patch: [],
  words: [],
  deliveries: [],
};

export const signedAmendmentExample: SignedDocument = {
  signed: 'evenhand/signed/v1',
  entry: {
    ...head,
    kind: 'amendment',
    idem: '1f0e9d8c-7b6a-4958-8776-655443322110',
    body: {
      amendment: DIGESTS.adoption,
      scenario: DIGESTS.scenario,
      scenarioSeq: 0,
      result: DIGESTS.other,
      resultSeq: 4,
      verifications: [{ verification: DIGESTS.root, verificationSeq: 3 }],
    },
    sig: SIGNATURE,
  },
  blob: { salt: DIGESTS.leaf, text: JSON.stringify(amended) },
};

export const signedKeyExample: SignedDocument = {
  signed: 'evenhand/signed/v1',
  entry: {
    ...head,
    kind: 'key',
    idem: '5d2f7c0e-9f8e-4a57-8f0b-3c1f6d9e2a44',
    body: { change: 'revoke', org: ORG, keyId: 'b1f0c3d2', reason: 'lost' },
    sig: SIGNATURE,
  },
  blob: null,
};

export const signedDocument = signedSchema.describe('what `evenhand sign` and `evenhand org` print');

export const organisationList = z
  .strictObject({
    organisations: z.array(
      z.strictObject({
        name: z.string(),
        roles: z.array(z.enum(roleNames)),
        keys: z.array(
          z.strictObject({
            id: z.string(),
            publicKey: z.string().describe('Ed25519, 32 bytes in base64'),
            from: z.int().describe('entry that put it on the record'),
            until: z.int().nullable().describe('signatures from this entry on do not hold; null while nothing ends it'),
            ended: z.string().nullable().describe('why it ends'),
          }),
        ),
      }),
    ),
  })
  .meta({
    examples: [
      {
        organisations: [
          {
            name: ORG,
            roles: ['coordinator', 'planner'],
            keys: [{ id: 'b1f0c3d2', publicKey: KEY, from: 0, until: null, ended: null }],
          },
        ],
      },
    ],
  });
