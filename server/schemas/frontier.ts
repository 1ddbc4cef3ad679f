/** A frontier as the API shows it, by the example of two villages. */
import type { FrontierDocument } from '../../engine/index.js';
import { documented } from './documented.js';

const frontier: FrontierDocument = {
  evenhand: 1,
  scenario: {
    id: 'two-villages',
    digest: 'fffeed43bcf93507725dd9ba15b768b2547bc025ae3c58f3ba73f6ac7449fe07',
  },
  gap: {
    asked: 0.0001,
    proven: 1.19048e-14,
  },
  dials: [
    {
      dial: 0,
      policy: {
        name: 'efficient',
        stages: [
          {
            stage: 'floor',
          },
          {
            stage: 'need',
            alpha: 0,
          },
          {
            stage: 'cost',
          },
        ],
      },
      plan: {
        allocation: 'aa96c27fd450eccb7b72d0431339161421e484adda3dd695e905318ff879deee',
        stages: [
          {
            stage: 'floor',
            value: '0',
            bound: '0',
            gap: 0,
            tolerance: 0.000001,
          },
          {
            stage: 'need',
            value: '6000',
            bound: '6000',
            gap: 0,
            tolerance: 0.000001,
          },
          {
            stage: 'cost',
            value: '66',
            bound: '66',
            gap: 0,
            tolerance: 0.000001,
          },
        ],
        smallestCoverage: 0.3,
        meanCoverage: 0.6,
        gini: 0.25,
        peoplePeriodsMet: 6000,
        peoplePeriodsUnmet: 4000,
        weightedPeoplePeriodsMet: 6000,
        cost: 66,
        currency: null,
        gap: {
          asked: 0.0001,
          proven: 0,
        },
        priceOfFairness: {
          twin: null,
          efficient: {
            peoplePeriodsMet: 6000,
            weightedPeoplePeriodsMet: 6000,
            cost: 66,
            bound: '6000',
            costWeight: 0,
          },
          peoplePeriods: 0,
          weightedPeoplePeriods: 0,
          share: 0,
          money: 0,
          peoplePeriodsPerMoney: 90.9090909090909,
          peoplePeriodsPerMoneyEfficient: 90.9090909090909,
          atMost: {
            weightedPeoplePeriods: 0,
            share: 0,
          },
        },
      },
    },
    {
      dial: 2,
      policy: {
        name: 'balanced',
        stages: [
          {
            stage: 'floor',
          },
          {
            stage: 'need',
            alpha: 2,
          },
          {
            stage: 'cost',
          },
        ],
      },
      plan: {
        allocation: 'c0b80d40e108ec6093782d2b6a97dbf6f47fc4dd82989703b3d15db7e4bc1696',
        stages: [
          {
            stage: 'floor',
            value: '0',
            bound: '0',
            gap: 0,
            tolerance: 0.000001,
          },
          {
            stage: 'need',
            value: '476851.766479',
            bound: '476851.76647900002',
            gap: 4.19418e-17,
            tolerance: 0.000001,
          },
          {
            stage: 'cost',
            value: '84',
            bound: '83.999999999999',
            gap: 1.19048e-14,
            tolerance: 0.000001,
          },
        ],
        smallestCoverage: 0.6,
        meanCoverage: 0.6,
        gini: 0,
        peoplePeriodsMet: 6000,
        peoplePeriodsUnmet: 4000,
        weightedPeoplePeriodsMet: 6000,
        cost: 84,
        currency: null,
        gap: {
          asked: 0.0001,
          proven: 1.19048e-14,
        },
        priceOfFairness: {
          twin: 'aa96c27fd450eccb7b72d0431339161421e484adda3dd695e905318ff879deee',
          efficient: {
            peoplePeriodsMet: 6000,
            weightedPeoplePeriodsMet: 6000,
            cost: 66,
            bound: '6000',
            costWeight: 0,
          },
          peoplePeriods: 0,
          weightedPeoplePeriods: 0,
          share: 0,
          money: 18,
          peoplePeriodsPerMoney: 71.42857142857143,
          peoplePeriodsPerMoneyEfficient: 90.9090909090909,
          atMost: {
            weightedPeoplePeriods: 0,
            share: 0,
          },
        },
      },
    },
  ],
};

/** Fields that are not always of the type of the example: a plan may be its own twin, or cost nothing. */
export const TYPES = {
  dial: ['number', 'string'],
  twin: ['string', 'null'],
  priceOfFairness: ['object', 'null'],
  peoplePeriodsPerMoney: ['number', 'null'],
  peoplePeriodsPerMoneyEfficient: ['number', 'null'],
};

/** That of the second plan. */
export const priceExample = frontier.dials[1]!.plan!.priceOfFairness!;

export const frontierDocument = documented<FrontierDocument>(
  'plans along the dial, in its order; a dial without a plan has an error in its place',
  frontier,
  [],
  TYPES,
);
