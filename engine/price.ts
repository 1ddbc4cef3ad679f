/**
 * The price of fairness of a plan against its efficient twin (Bertsimas, Farias and Trichakis 2011: the relative loss of the total),
 * and whether a stated price is what the two plans make it. Doubles, by one formula for whoever states and whoever checks.
 */
import { policyStages, type Scenario, sameJson, turnDial } from '../scenarios/index.js';
import { allocationDigest } from './compare/index.js';
import type { Allocation, PolicyName, PriceOfFairness, Stage, Totals } from './types.js';

/** The policy of the efficient twin: α = 0, all else the same. */
export const efficientPolicy = (policy: PolicyName | Stage[] | undefined): PolicyName | Stage[] => turnDial(policy, 0);

/** Whether a policy has nothing that fairness could cost: the dial stands at 0. */
export function isEfficient(policy: PolicyName | Stage[] | undefined): boolean {
  return sameJson(policyStages(policy).stages, policyStages(efficientPolicy(policy)).stages);
}

/** Sums over the coverage as stated, in its order. */
export function totals({ coverage, measures }: Pick<Allocation, 'coverage' | 'measures'>, scenario: Scenario): Totals {
  const priority = new Map(scenario.regions.map((r) => [r.id, r.priority ?? 1]));
  const importance = new Map(scenario.resources.map((r) => [r.id, r.importance ?? 1]));
  let weighted = 0;
  for (const c of coverage) weighted += c.peoplePeriodsMet * (priority.get(c.region)! * importance.get(c.resource)!);
  const { peoplePeriodsMet, cost } = measures;
  return { peoplePeriodsMet, weightedPeoplePeriodsMet: weighted, cost };
}

/** What a plan's fairness costs beside an efficient plan of the same scenario; `twin` null where it is one itself. */
export function priceOfFairness(plan: Allocation, twin: Allocation | null, scenario: Scenario): PriceOfFairness {
  return priceOf(totals(plan, scenario), twin ? allocationDigest(twin) : null, efficientOf(twin ?? plan, scenario));
}

type Efficient = PriceOfFairness['efficient'];

function efficientOf(twin: Allocation, scenario: Scenario): Efficient {
  const s = twin.policy.stages.findIndex(({ stage }) => stage === 'need');
  const need = twin.policy.stages[s];
  if (need?.stage !== 'need') throw new RangeError('an efficient plan has a stage need');
  return { ...totals(twin, scenario), bound: twin.stages[s]!.bound, costWeight: need.costWeight ?? 0 };
}

/** Sums of doubles in another order differ in their last digits, which are no price. */
const NOISE = 1e-12;
const difference = (a: number, b: number): number =>
  Math.abs(a - b) <= NOISE * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b;

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const per = (met: number, cost: number): number | null => (cost > 0 ? met / cost : null);

function priceOf(plan: Totals, twin: string | null, efficient: Efficient): PriceOfFairness {
  const weighted = difference(efficient.weightedPeoplePeriodsMet, plan.weightedPeoplePeriodsMet);
  // value = weighted people-periods − costWeight × cost, so this many of them within that money
  const most = Number(efficient.bound) + efficient.costWeight * Math.max(plan.cost, efficient.cost);
  const left = Math.max(0, most - plan.weightedPeoplePeriodsMet);
  return {
    twin,
    efficient,
    peoplePeriods: difference(efficient.peoplePeriodsMet, plan.peoplePeriodsMet),
    weightedPeoplePeriods: weighted,
    share: ratio(weighted, efficient.weightedPeoplePeriodsMet),
    money: difference(plan.cost, efficient.cost),
    peoplePeriodsPerMoney: per(plan.peoplePeriodsMet, plan.cost),
    peoplePeriodsPerMoneyEfficient: per(efficient.peoplePeriodsMet, efficient.cost),
    atMost: { weightedPeoplePeriods: left, share: ratio(left, most) },
  };
}

/** What is wrong with the price that an allocation states, as far as it shows without the twin; nothing where it states none. */
export function priceFaults(plan: Allocation, scenario: Scenario): string[] {
  const stated = plan.priceOfFairness;
  if (stated === undefined) return [];
  const { twin, efficient } = stated;
  const numbers = [efficient?.peoplePeriodsMet, efficient?.weightedPeoplePeriodsMet, efficient?.cost];
  if (!numbers.every((n) => Number.isFinite(n)) || !/^-?\d+(\.\d+)?$/.test(efficient.bound))
    return ['/priceOfFairness/efficient: not the totals of a plan'];
  const own = isEfficient(plan.policy.stages);
  if (own !== (twin === null))
    return [`/priceOfFairness/twin: ${own ? 'the plan is efficient itself' : 'names no efficient twin'}`];
  if (own && !sameJson(efficient, efficientOf(plan, scenario)))
    return ['/priceOfFairness/efficient: not what the plan itself reaches'];
  return sameJson(stated, priceOf(totals(plan, scenario), twin, efficient))
    ? []
    : ['/priceOfFairness: not the difference between the plan and the twin it states'];
}

/** What a ledger keeps of every allocation, as a later one may name it as its twin. */
interface TwinFacts {
  scenario: string;
  stages: Stage[];
  /** Null where its policy has no efficient need stage, so that it is nobody's twin. */
  efficient: Efficient | null;
}

/** For verifiers of a ledger: what to keep of each allocation, and what is wrong with a price in the light of its twin. */
export const checkTwin = {
  facts(allocation: Allocation, scenario: Scenario): TwinFacts {
    const { stages } = allocation.policy;
    const efficient = isEfficient(stages) ? efficientOf(allocation, scenario) : null;
    return { scenario: allocation.scenario.digest, stages, efficient };
  },
  /** `twin` is what `facts` gave. */
  faults(plan: Allocation, twin: unknown): string[] {
    const { scenario, stages, efficient } = twin as TwinFacts; // nobody else makes them
    const stated = plan.priceOfFairness;
    if (stated === undefined) return [];
    if (scenario !== plan.scenario.digest) return ['/priceOfFairness/twin: is of another scenario'];
    if (!sameJson(stages, policyStages(efficientPolicy(plan.policy.stages)).stages))
      return ["/priceOfFairness/twin: its policy is not the plan's at alpha 0"];
    return sameJson(stated.efficient, efficient)
      ? []
      : ['/priceOfFairness/efficient: not what the twin on the record reaches'];
  },
};
