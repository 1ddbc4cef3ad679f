/** Response levels as the API shows them, by the example of Cyclone Enawo. */
import { z } from 'zod';
import {
  type Declaration,
  declarationSchema,
  declarationWords,
  figuresSchema,
  type LevelView,
  levelSchema,
  ruleSchema,
} from '../../scenarios/index.js';
import { digest } from './common.js';
import { DIGESTS } from './examples.js';
import { receiptExample, receiptSchema } from './receipt.js';

const PARENT = '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9';
const DECLARED = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';
const FIGURES = { dead: 50, displaced: 84_660 };
const RULE = { level: 'III' as const, from: { dead: 50, displaced: 500_000 }, unlocks: 'regional' };
const BECAUSE = ['dead: 50, level III from 50'];

export const DECLARATION_ASKED = {
  scenario: PARENT,
  level: 'III' as const,
  by: 'BNGRC',
  why: '50 dead in the situation report of 12 March 2017.',
  figures: FIGURES,
};

export const declarationAsked = z.strictObject({
  scenario: digest.describe('the scenario that the level is declared for; on the record'),
  ...declarationWords,
  figures: figuresSchema
    .describe('what is known now; they stand in the place of those of the scenario, the others stay')
    .exactOptional(),
});

const declarationExample: Declaration = {
  declaration: 1,
  parent: PARENT,
  scenario: DIGESTS.scenario,
  level: 'III',
  by: DECLARATION_ASKED.by,
  why: DECLARATION_ASKED.why,
  suggested: 'III',
  because: BECAUSE,
  figures: FIGURES,
  rule: RULE,
};

const document = declarationSchema.meta({ description: 'A declaration, format 1', examples: [declarationExample] });

export const declarationView = z
  .strictObject({
    digest,
    location: z.string().describe('of the proof'),
    declaration: document,
    receipt: receiptSchema,
  })
  .meta({
    examples: [
      {
        digest: DECLARED,
        location: '/ledger/proof/3',
        declaration: declarationExample,
        receipt: { ...receiptExample, seq: 3, size: 4, kind: 'declaration', digest: DECLARED },
      },
    ],
  });

const levelWord = z.enum(['none', 'IV', 'III', 'II', 'I']);

export const declarationList = z
  .strictObject({
    declarations: z.array(
      z.strictObject({
        seq: z.int(),
        ts: z.iso.datetime(),
        org: z.string(),
        digest: digest.nullable().describe('null where it was forgotten, as are the others'),
        parent: digest.nullable().describe('the scenario that it was declared for'),
        scenario: digest.nullable().describe('the scenario with that level'),
        level: levelWord,
        suggested: levelWord,
        content: document.nullable(),
      }),
    ),
  })
  .meta({
    examples: [
      {
        declarations: [
          {
            seq: 3,
            ts: '2017-03-12T15:00:00.000Z',
            org: 'bngrc.mg',
            digest: DECLARED,
            parent: PARENT,
            scenario: DIGESTS.scenario,
            level: 'III' as const,
            suggested: 'III' as const,
            content: declarationExample,
          },
        ],
      },
    ],
  });

const levelExample: LevelView = {
  level: 'III',
  suggested: 'III',
  because: BECAUSE,
  unknown: ['collapsedRooms', 'affectedShare'],
  figures: FIGURES,
  rules: [RULE, { level: 'I', from: { dead: 200 }, unlocks: 'central' }],
  gated: true,
  open: ['regional'],
  locked: [{ tier: 'central', depots: ['capital'], from: 'I', stock: { tarpaulin: 1200 } }],
};

export const levelDocument = z
  .strictObject({
    level: levelSchema.nullable().describe('declared; null where none is'),
    suggested: levelSchema.nullable().describe('the level that the figures call for'),
    because: z.array(z.string()).describe('each figure that reaches it'),
    unknown: z.array(z.string()).describe('figures that nobody has given; they may call for more'),
    figures: figuresSchema,
    rules: z.array(ruleSchema).describe('the table, with the tier that each level unlocks'),
    gated: z.boolean().describe('false where the scenario has no `response`: then every depot gives'),
    open: z.array(z.string()).describe('tiers whose depots give, the lowest first'),
    locked: z.array(
      z.strictObject({
        tier: z.string(),
        depots: z.array(z.string()),
        from: levelSchema.nullable().describe('the level that releases it; null where none does'),
        stock: z
          .record(z.string(), z.number())
          .describe('by resource, in its unit: stock and arrivals less losses and what left before'),
      }),
    ),
  })
  .meta({ examples: [levelExample] });
