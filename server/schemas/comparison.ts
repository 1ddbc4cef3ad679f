/** What `POST /comparisons` takes and gives, by the example of two villages. */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Comparison } from '../../engine/index.js';
import { digest } from './common.js';
import { documented } from './documented.js';
import { DIGESTS } from './examples.js';

/** Beside the one that the others are held against, one is in memory at a time; what adds up is the answer. */
export const MAX_ALLOCATIONS = 100;

/** Rows of all lists together: about 200 MB as JSON, of the 512 MB that one text may have in Node. */
export const MAX_ROWS = 1_000_000;

export const comparisonAsked = z
  .strictObject({
    allocations: z.array(digest).min(2).max(MAX_ALLOCATIONS),
    against: z
      .int()
      .min(0)
      .describe('position in allocations of the one that the others are held against (default 0)')
      .exactOptional(),
    top: z
      .int()
      .min(1)
      .max(10_000)
      .describe(
        'at most so many losses, gains and flows of each difference (default: all losses and gains, 100 flows); not for CSV',
      )
      .exactOptional(),
  })
  .meta({
    examples: [
      { allocations: [DIGESTS.allocation, DIGESTS.other] },
      { allocations: [DIGESTS.allocation, DIGESTS.other], against: 1, top: 20 },
    ],
  });

const need = { before: 3000, neededBefore: 5000, neededAfter: 5000, ratioBefore: 0.6 };
const [loss, gain] = [
  { region: 'upper', ...need, after: 1500, peoplePeriods: -1500, ratioAfter: 0.3 },
  { region: 'lower', ...need, after: 4500, peoplePeriods: 1500, ratioAfter: 0.9 },
];
const flow = { from: 'port', mode: 'truck', depart: 0, resource: 'water', before: 3000 };
const measured = {
  scenario: { digest: DIGESTS.scenario, id: 'two-villages' },
  meanCoverage: 0.6,
  peoplePeriodsNeeded: 10000,
  peoplePeriodsMet: 6000,
  peoplePeriodsUnmet: 4000,
  tonnes: 6,
  currency: null,
};

const comparison: Comparison = {
  against: 0,
  allocations: [
    {
      ...measured,
      digest: DIGESTS.allocation,
      policy: 'proportional',
      stages: [
        { bound: '0', gap: 0, stage: 'floor', tolerance: 1e-6, value: '0' },
        { bound: '37564.213564', gap: 0, stage: 'need', tolerance: 1e-6, value: '37564.213564' },
        { bound: '83.999999999999', gap: 1.19048e-14, stage: 'cost', tolerance: 1e-6, value: '84' },
      ],
      provenGap: 1.19048e-14,
      smallestCoverage: 0.6,
      gini: 0,
      tonneKm: 240,
      cost: 84,
      lorenz: [
        { needed: 0, met: 0 },
        { needed: 0.5, met: 0.5 },
        { needed: 1, met: 1 },
      ],
    },
    {
      ...measured,
      digest: DIGESTS.other,
      policy: 'efficient',
      stages: [
        { bound: '0', gap: 0, stage: 'floor', tolerance: 1e-6, value: '0' },
        { bound: '6000', gap: 0, stage: 'need', tolerance: 1e-6, value: '6000' },
        { bound: '66', gap: 0, stage: 'cost', tolerance: 1e-6, value: '66' },
      ],
      provenGap: 0,
      smallestCoverage: 0.3,
      gini: 0.25,
      tonneKm: 180,
      cost: 66,
      lorenz: [
        { needed: 0, met: 0 },
        { needed: 0.5, met: 0.25 },
        { needed: 1, met: 1 },
      ],
    },
  ],
  pareto: {
    efficiency: 'cost',
    tolerance: 1e-9,
    allocations: [
      { efficacy: 6000, efficiency: 84, equity: 0, smallestCoverage: 0.6, dominated: false, dominatedBy: [] },
      { efficacy: 6000, efficiency: 66, equity: 0.25, smallestCoverage: 0.3, dominated: false, dominatedBy: [] },
    ],
  },
  differences: [
    {
      from: 0,
      to: 1,
      gained: 1500,
      lost: 1500,
      total: { regions: 2, changes: 2 },
      regions: [loss, gain],
      changes: [
        { ...loss, resource: 'water' },
        { ...gain, resource: 'water' },
      ],
      flows: {
        total: 2,
        sortedBy: 'tonnes',
        tonnesMore: 1.5,
        tonnesLess: 1.5,
        list: [
          { ...flow, to: 'lower', after: 4500, quantity: 1500, tonnesChange: 1.5 },
          { ...flow, to: 'upper', after: 1500, quantity: -1500, tonnesChange: -1.5 },
        ],
      },
      amendments: [],
      said: [],
    },
  ],
  notes: [],
  said: [],
};

export const comparisonDocument = documented<Comparison>(
  'each against one of them, who is dominated, and what makes them hard to compare',
  comparison,
  [],
  { tonnesChange: ['number', 'null'], tonnesMore: ['number', 'null'], tonnesLess: ['number', 'null'] },
);

const HEAD =
  'allocation,digest,scenario,policy,against,region,resource,needed,met,ratio,people_periods_needed,people_periods_met,people_periods_change,ratio_change\r\n';

/** The table, which comes piece by piece. */
export const comparisonTable = z.custom<Readable>().meta({
  type: 'string',
  description: 'RFC 4180: a header, and CRLF after each line',
  examples: [`${HEAD}2,${DIGESTS.other},two-villages,efficient,1,upper,water,5000,1500,0.3,5000,1500,-1500,-0.3\r\n`],
});
