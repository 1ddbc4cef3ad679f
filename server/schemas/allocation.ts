/** Allocations as the API shows them, by the example of two villages. */
import type { Allocation } from '../../engine/index.js';
import { documented } from './documented.js';
import { DIGESTS } from './examples.js';
import { priceExample, TYPES } from './frontier.js';
import { receiptExample } from './receipt.js';

const allocation: Allocation = {
  evenhand: 1,
  scenario: { digest: DIGESTS.scenario, id: 'two-villages' },
  policy: { name: 'proportional', stages: [{ stage: 'floor' }, { alpha: 1, stage: 'need' }, { stage: 'cost' }] },
  shipments: [
    { arrive: 0, depart: 0, from: 'port', mode: 'truck', quantity: 3000, resource: 'water', to: 'upper' },
    { arrive: 0, depart: 0, from: 'port', mode: 'truck', quantity: 3000, resource: 'water', to: 'lower' },
  ],
  use: [],
  coverage: [
    {
      delivered: 3000,
      due: 5000,
      met: 3000,
      needed: 5000,
      peoplePeriodsMet: 3000,
      peoplePeriodsNeeded: 5000,
      ratio: 0.6,
      region: 'upper',
      resource: 'water',
    },
    {
      delivered: 3000,
      due: 5000,
      met: 3000,
      needed: 5000,
      peoplePeriodsMet: 3000,
      peoplePeriodsNeeded: 5000,
      ratio: 0.6,
      region: 'lower',
      resource: 'water',
    },
  ],
  stages: [
    { bound: '0', gap: 0, stage: 'floor', tolerance: 1e-6, value: '0' },
    { bound: '37564.213564', gap: 0, stage: 'need', tolerance: 1e-6, value: '37564.213564' },
    { bound: '83.999999999999', gap: 1.19048e-14, stage: 'cost', tolerance: 1e-6, value: '84' },
  ],
  measures: {
    budget: null,
    byRegion: [
      { met: 3000, needed: 5000, ratio: 0.6, region: 'upper' },
      { met: 3000, needed: 5000, ratio: 0.6, region: 'lower' },
    ],
    byResource: [{ delivered: 6000, due: 10000, ratio: 0.6, resource: 'water', shipped: 6000, stock: 6000, unit: 'L' }],
    cost: 84,
    currency: null,
    fleets: [],
    gini: 0,
    meanCoverage: 0.6,
    peoplePeriodsMet: 6000,
    peoplePeriodsNeeded: 10000,
    peoplePeriodsUnmet: 4000,
    smallestCoverage: 0.6,
    tonneKm: 240,
    tonnes: 6,
  },
  certificate: {
    digest: '6f4e136374fa4d567aa3064494b7b780407f18d6aaefde2441e84affa21f6df1',
    plan: 'cc8271a7eebce6eb6ff5e92569b60274a1e2d28e423039d88d8be2ee957ed64d',
    policy: '942fcb42642be5df766c387ffd9af65fd6c8d21f49dafc6cf37ffddf2f11eda3',
    scenario: DIGESTS.scenario,
    stages: [
      { prices: {}, stage: 'floor' },
      {
        prices: { goods: { grid: 12, prices: [181818181800000, 181818181800000, 181818181800000], rows: [0, 1, 2] } },
        stage: 'need',
      },
      {
        prices: {
          goods: { grid: 14, prices: [579999999142001, 779999999142001, 659999999142001], rows: [0, 1, 2] },
          stage: { grid: 16, prices: [428999999571001], rows: [1] },
        },
        stage: 'cost',
      },
    ],
  },
  solver: {
    iterations: 3,
    name: 'jslp',
    reason: '24 variables: up to 150 a dense tableau is as fast as anything',
    seconds: 0.018,
    version: '1.0.3',
  },
  gap: { asked: 0.0001, proven: 1.19048e-14 },
};

export const allocationDocument = documented<Allocation>(
  'who gets what, and the proof of how good that is',
  { ...allocation, priceOfFairness: priceExample, receipt: receiptExample },
  ['priceOfFairness', 'receipt'],
  TYPES,
);
