/** What a frontier states: each dial with its plan's measures and price, or why it has none. */
import { type Dial, policyStages, type Scenario, scenarioDigest, turnDial } from '../../scenarios/index.js';
import { allocationDigest } from '../compare/index.js';
import { AllocateError, type AllocateErrorKind } from '../errors.js';
import { priceOfFairness, totals } from '../price.js';
import type { Allocation, PolicyName, PriceOfFairness, Stage, StageResult } from '../types.js';

/** A plan on the frontier. Measures are those of the allocation. */
export interface DialPlan {
  /** The allocation's digest. */
  allocation: string;
  stages: StageResult[];
  smallestCoverage: number;
  meanCoverage: number;
  gini: number;
  peoplePeriodsMet: number;
  peoplePeriodsUnmet: number;
  weightedPeoplePeriodsMet: number;
  cost: number;
  currency: string | null;
  gap: { asked: number; proven: number };
  /** Against the plan at α = 0; null where that one failed. */
  priceOfFairness: PriceOfFairness | null;
}

export interface DialResult {
  dial: Dial;
  policy: { name: PolicyName | 'custom'; stages: Stage[] };
  plan?: DialPlan;
  /** Why there is no plan. */
  error?: { kind: AllocateErrorKind; message: string };
}

export interface FrontierDocument {
  evenhand: 1;
  scenario: { id: string; digest: string };
  gap: {
    asked: number;
    /** The largest of all plans. */
    proven: number;
  };
  /** In the order asked for. */
  dials: DialResult[];
}

export interface Frontier extends FrontierDocument {
  /** By `String(dial)`. */
  allocations: Record<string, Allocation>;
}

/** What became of a dial. */
export type Outcome = Allocation | AllocateError;

/** The frontier of these outcomes, one a dial. */
export function frontierOf(
  scenario: Scenario,
  policy: PolicyName | Stage[] | undefined,
  asked: number,
  dials: readonly Dial[],
  outcomes: readonly Outcome[],
): Frontier {
  const efficient = outcomes[dials.indexOf(0)]!;
  const allocations: Record<string, Allocation> = {};
  let proven = 0;
  const results = dials.map((dial, n): DialResult => {
    const outcome = outcomes[n]!;
    const base = { dial, policy: policyStages(turnDial(policy, dial)) };
    if (outcome instanceof AllocateError) return { ...base, error: { kind: outcome.kind, message: outcome.message } };
    allocations[String(dial)] = outcome;
    proven = Math.max(proven, outcome.gap.proven);
    const twin = outcome === efficient ? null : efficient;
    const price = twin instanceof AllocateError ? null : priceOfFairness(outcome, twin, scenario);
    return { ...base, plan: planOf(outcome, price, scenario) };
  });
  const { id } = scenario;
  return {
    evenhand: 1,
    scenario: { id, digest: scenarioDigest(scenario) },
    gap: { asked, proven },
    dials: results,
    allocations,
  };
}

function planOf(allocation: Allocation, price: PriceOfFairness | null, scenario: Scenario): DialPlan {
  const { smallestCoverage, meanCoverage, gini, peoplePeriodsMet, peoplePeriodsUnmet, cost, currency } =
    allocation.measures;
  return {
    allocation: allocationDigest(allocation),
    stages: allocation.stages,
    ...{ smallestCoverage, meanCoverage, gini, peoplePeriodsMet, peoplePeriodsUnmet },
    weightedPeoplePeriodsMet: totals(allocation, scenario).weightedPeoplePeriodsMet,
    ...{ cost, currency },
    gap: allocation.gap,
    priceOfFairness: price,
  };
}
