/** Reports from the field and their life, as the API shows them, by the example of two villages. */
import { z } from 'zod';
import type { AmendmentSaid } from '../../scenarios/field/said.js';
import {
  type Amendment,
  amendmentSchema,
  type FieldReport,
  placeNameSchema,
  reportSchema,
} from '../../scenarios/index.js';
import { entryKinds, verdicts } from '../ledger/index.js';
import { reportStates } from '../reports/register.js';
import { digest } from './common.js';
import { DIGESTS } from './examples.js';
import { receiptExample, receiptSchema } from './receipt.js';

export const REPORT: FieldReport = {
  report: 1,
  scenario: DIGESTS.scenario,
  kind: 'obstacle',
  observed: '2026-11-24T06:30:00+03:00',
  by: 'Driver of the first convoy',
  text: 'The bridge before upper is gone.',
  route: { from: 'port', to: 'upper', mode: 'truck' },
  from: 0,
  closed: true,
};

const REPORTED = '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9';
const AMENDED = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';

/** The words of the example in parts. */
const AMENDMENT_SAID: AmendmentSaid[] = [
  { say: 'route.closed', from: 'port', to: 'upper', mode: 'truck', periods: [0] },
];

const amendmentSaid = z
  .array(z.custom<AmendmentSaid>().meta({ type: 'object' }))
  .describe(
    'the words of an amendment in parts (kind, ids, numbers), of which a reader’s own language is made; they are no part of it',
  );

export const reportBodySchema = reportSchema.meta({
  description: 'A report from the field, format 1: an obstacle, a need, a stock or a delivery',
  examples: [REPORT],
});

const owner = z
  .strictObject({ tier: z.string(), organisation: z.string().nullable() })
  .nullable()
  .describe('the tier whose turn it is; null at the end, or where the scenario names no tiers');

const step = z.enum(['verify', 'amend', 'resolve']).nullable().describe('what it waits for; null at its end');

const near = z.strictObject({ place: placeNameSchema, km: z.number().describe('as the crow flies') });

export const filedReport = z
  .strictObject({
    digest,
    location: z.string(),
    state: z.enum(reportStates),
    owner,
    due: z.iso.datetime().nullable(),
    proposals: z
      .array(near)
      .describe(
        'where the report names no place: what is near. Whoever verifies it names one; none is taken by itself',
      ),
    receipt: receiptSchema,
  })
  .meta({
    examples: [
      {
        digest: REPORTED,
        location: `/reports/${REPORTED}`,
        state: 'filed',
        owner: { tier: 'district', organisation: null },
        due: '2026-11-25T08:00:00.000Z',
        proposals: [],
        receipt: { ...receiptExample, seq: 2, size: 3, kind: 'report', digest: REPORTED },
      },
    ],
  });

const summaryFields = {
  digest: digest.nullable().describe('null where it was forgotten'),
  seq: z.int().describe('its entry'),
  state: z.enum(reportStates),
  step,
  owner,
  due: z.iso.datetime().nullable(),
  overdue: z.boolean(),
  escalations: z.int().describe('how often it was passed on to the tier above'),
  report: reportSchema.nullable(),
};

const summaryExample = {
  digest: REPORTED,
  seq: 2,
  state: 'verified' as const,
  step: 'amend' as const,
  owner: { tier: 'district', organisation: 'bngrc.mg' },
  due: '2026-11-25T09:00:00.000Z',
  overdue: false,
  escalations: 0,
  report: REPORT,
};

export const reportList = z
  .strictObject({
    reports: z.array(z.strictObject(summaryFields)),
    next: z.int().nullable().describe('`from` of the next page, or null at the end'),
  })
  .meta({ examples: [{ reports: [summaryExample], next: null }] });

export const reportView = z
  .strictObject({
    ...summaryFields,
    photo: z.string().nullable().describe('where the photo is'),
    trail: z
      .array(
        z.strictObject({
          seq: z.int(),
          kind: z.enum(entryKinds),
          ts: z.iso.datetime(),
          org: z.string(),
          signed: z.boolean(),
          content: z
            .custom<object | null>()
            .meta({ type: ['object', 'null'] })
            .describe('what the step says; null where it was forgotten'),
          said: amendmentSaid.exactOptional(),
          location: z.string().describe('of the proof'),
          receipt: receiptSchema,
        }),
      )
      .describe('every entry about it, in order'),
  })
  .meta({
    examples: [
      {
        ...summaryExample,
        photo: null,
        trail: [
          {
            seq: 2,
            kind: 'report',
            ts: '2026-11-24T08:00:00.000Z',
            org: 'red-cross.mg',
            signed: false,
            content: REPORT,
            location: '/ledger/proof/2',
            receipt: { ...receiptExample, seq: 2, size: 3, kind: 'report', digest: REPORTED },
          },
        ],
      },
    ],
  });

const words = (most: number) => z.string().trim().min(1).max(most);

export const verificationWords = z.strictObject({
  verdict: z.enum(verdicts),
  by: words(200).describe('who looked into it: another one than the reporter'),
  why: words(4000),
  place: placeNameSchema
    .describe('where the report names none; GET /reports/{digest} and its receipt propose some')
    .exactOptional(),
});
export const VERIFICATION = {
  verdict: 'verified' as const,
  by: 'District office',
  why: 'Two drivers and the photo agree.',
};

export const resolutionWords = z.strictObject({
  by: words(200),
  what: words(4000).describe('what was done about it'),
  amendment: digest.exactOptional(),
  allocation: digest.describe('the plan that takes it into account').exactOptional(),
});
export const RESOLUTION = { by: 'Regional coordination', what: 'Upper is supplied by boat until the bridge stands.' };

/** What the record answers a step with. */
export const stepTaken = (kind: 'verification' | 'resolution') =>
  z.strictObject({ report: digest, state: z.enum(reportStates), location: z.string(), receipt: receiptSchema }).meta({
    examples: [
      {
        report: REPORTED,
        state: kind === 'verification' ? 'verified' : 'resolved',
        location: '/ledger/proof/3',
        receipt: { ...receiptExample, seq: 3, size: 4, kind, digest: DIGESTS.other },
      },
    ],
  });

export const amendmentAsked = z.strictObject({
  scenario: digest.describe('the scenario that is amended'),
  reports: z.array(digest).min(1).max(256).describe('verified reports'),
});
export const AMENDMENT_ASKED = { scenario: DIGESTS.scenario, reports: [REPORTED] };

export const AMENDMENT: Amendment = {
  amendment: 1,
  parent: DIGESTS.scenario,
  scenario: DIGESTS.other,
  reports: [REPORTED],
  patch: [
    { op: 'test', path: '/routes/0/from', value: 'port' },
    { op: 'add', path: '/routes/0/closed', value: [0] },
  ],
  words: ['Route port → upper by truck is closed in period 0.'],
  deliveries: [],
};

export const amendmentView = z
  .strictObject({
    digest,
    location: z.string(),
    amendment: amendmentSchema.describe('the patch from parent to scenario (RFC 6902), and the same in words'),
    said: amendmentSaid.exactOptional(),
    receipt: receiptSchema,
  })
  .meta({
    examples: [
      {
        digest: AMENDED,
        location: `/amendments/${AMENDED}`,
        amendment: AMENDMENT,
        said: AMENDMENT_SAID,
        receipt: { ...receiptExample, seq: 5, size: 6, kind: 'amendment', digest: AMENDED },
      },
    ],
  });

export const photoReceived = z
  .strictObject({
    digest: digest.describe('SHA-256 of the bytes: `photo` of a report'),
    location: z.string(),
    type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
    bytes: z.int(),
    note: z.string(),
  })
  .meta({
    examples: [
      {
        digest: DIGESTS.leaf,
        location: `/photos/${DIGESTS.leaf}`,
        type: 'image/jpeg',
        bytes: 183_204,
        note: 'Kept as it came.',
      },
    ],
  });
