/** Explanations and bottlenecks as the API shows them, by the example of two villages. */
import { explainInParts } from '../../engine/explain/sentences.js';
import type { Bottlenecks, Explanation, Resolve } from '../../engine/index.js';
import { documented } from './documented.js';
import { DIGESTS } from './examples.js';

type Stage = Explanation['base']['stages'][number];

const proven = (stage: Stage['stage'], value: number): Stage => ({ stage, value, bound: value });
const exactly = (x: number) => ({ lo: x, hi: x });
const people = (before: number, after: number) => ({
  before: exactly(before),
  after: exactly(after),
  change: exactly(after - before),
});

const stages = [proven('floor', 0), proven('need', 37564.213564), proven('cost', 84)];

/** A re-solve of the example whose need and cost come to so much. */
function resolve(need: number, cost: number): Resolve['stages'] {
  const after = [proven('floor', 0), proven('need', need), proven('cost', cost)];
  return stages.map((before, s) => {
    const change = after[s]!.value - before.value;
    return { stage: before.stage, before, after: after[s]!, gain: exactly(before.stage === 'cost' ? -change : change) };
  });
}

const moreWater: Resolve = {
  kind: 'stock',
  limit: 'stock of water at port',
  what: '1 t more of water (1,000 L) at port',
  said: {
    limit: { say: 'limit.stock', resource: 'water', site: 'port' },
    what: { say: 'more.tonnes', tonnes: 1, amount: 1000, unit: 'L', resource: 'water', site: 'port' },
  },
  patch: [{ op: 'replace', path: '/depots/0/stock/water', value: 7000 }],
  promised: 1818.181818,
  stages: resolve(39102.675102, 98),
  decides: 1,
  nothing: false,
  region: people(3000, 3500),
  overall: people(6000, 7000),
};

const withoutLower: Resolve = {
  kind: 'demand',
  limit: '',
  what: 'if lower needed nothing',
  said: { limit: null, what: { say: 'without', region: 'lower' } },
  patch: [{ op: 'replace', path: '/regions/1/demand', value: {} }],
  promised: 0,
  stages: resolve(21332.555301, 100),
  decides: 1,
  nothing: false,
  region: people(3000, 5000),
  overall: people(6000, 5000),
};

const heading = {
  evenhand: 1,
  allocation: DIGESTS.allocation,
  scenario: DIGESTS.scenario,
  peopleUnit: 'people-days',
} as const;

const told: Omit<Explanation, 'sentences' | 'said'> = {
  ...heading,
  stage: 'need',
  points: 'weighted people-periods',
  region: 'upper',
  resource: null,
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
  ],
  withoutStock: [],
  bindings: [
    {
      kind: 'stock',
      what: 'stock of water at port',
      said: { say: 'limit.stock', resource: 'water', site: 'port' },
      period: 0,
      used: 6000,
      limit: 6000,
      unit: 'L',
      price: 1.818181818,
      per: 'L',
    },
  ],
  base: { stages, region: exactly(3000), overall: exactly(6000) },
  resolves: [moreWater, withoutLower],
  changes: [0],
  room: [
    { kept: 3, aside: null, most: exactly(3000) },
    { kept: 2, aside: 'cost', most: exactly(3000) },
    { kept: 1, aside: 'need', most: exactly(4500) },
    { kept: 0, aside: 'floor', most: exactly(5000) },
  ],
  competitors: [
    {
      region: 'lower',
      shares: [
        {
          what: 'stock of water at port',
          said: { say: 'limit.stock', resource: 'water', site: 'port' },
          period: 0,
          used: 3000,
          unit: 'L',
        },
      ],
      because: [],
      stage: 'need',
      resolve: 1,
    },
  ],
  floors: null,
  fine: true,
  verified: true,
};

/** The sentences in words, and in the parts that a client makes its own language of. */
const explanation: Explanation = {
  ...told,
  sentences: [
    'upper gets 60 % of its need of water over the horizon; 2,000 people-days stay unmet.',
    'If upper came before everybody else, it could get 2,000 people-days more.',
    'Stage need puts others first: while it is kept, upper can get no more.',
    'Stock of water at port binds: 1 t more of water (1,000 L) at port would bring +500 people-days for upper, +1,000 overall, stage need better by 1,538 points.',
    'lower competes for stock of water at port: if lower needed nothing, upper would get 2,000 people-days more; stage need sets their shares.',
    'Each gain is the difference of two proven solves, with and without the change, before whole lots.',
  ],
  said: explainInParts(told),
};

const bottlenecks: Bottlenecks = {
  ...heading,
  base: { ...told.base, region: null },
  bottlenecks: [{ ...moreWater, region: null }],
  solved: 1,
  priced: 1,
  fine: true,
  sentences: [
    '1. Stock of water at port: 1 t more of water (1,000 L) at port would bring +1,000 people-days overall, stage need better by 1,538 points.',
    '1 of 1 limits with a price were raised by one natural unit and solved again.',
  ],
  verified: true,
};

/** A number or null, an object or null, any JSON in a patch. */
const DEPENDS = Object.fromEntries(
  ['value', 'decides', 'limit', 'region', 'overall', 'stage', 'aside', 'floors', 'period'].map((name) => [name, []]),
);

export const explanationDocument = documented<Explanation>(
  'what binds, who competes, what changes bring',
  explanation,
  ['said'],
  DEPENDS,
);

export const bottlenecksDocument = documented<Bottlenecks>(
  'which limits help most where they are raised',
  bottlenecks,
  [],
  DEPENDS,
);
