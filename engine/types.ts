/**
 * The plain data that crosses the engine's border. The JSON that `evenhand allocate --json` prints is
 * exactly `Allocation`; the ledger stores it, the API returns it, `check` reads it.
 */
import type { Level, PolicyName, Scenario, Stage } from '../scenarios/index.js';

/** One consignment: `quantity` in the resource's unit, a whole number of lots; periods are counted from 0. */
export interface Shipment {
  resource: string;
  from: string;
  to: string;
  mode: string;
  depart: number;
  arrive: number;
  quantity: number;
}

/**
 * What a region with storage hands out in a period, in the resource's unit. Regions without storage use
 * goods as they arrive (MODEL.md), so nothing is written for them.
 */
export interface Use {
  region: string;
  resource: string;
  period: number;
  quantity: number;
}

/**
 * Coverage over the horizon. `needed` and `met` are Σ_t n and Σ_t m (units × periods: a durable need counts
 * in every period in which it stands), `ratio` = met ÷ needed; `due` and `delivered` are plain units.
 */
export interface Coverage {
  region: string;
  resource: string;
  needed: number;
  met: number;
  ratio: number;
  due: number;
  delivered: number;
  /** People-periods needed and met: `needed` and `met` times the people one unit serves. */
  peoplePeriodsNeeded: number;
  peoplePeriodsMet: number;
}

/** What was reached on one stage of the policy, and the proof's bound on what any plan can reach. */
export interface StageResult {
  stage: Stage['stage'];
  /** Exact decimal; for `maxmin` rounded down at 12 decimals, as a ratio may not end. */
  value: string;
  /** Exact decimal, rounded outward at 12 decimals. */
  bound: string;
  /** |value − bound| ÷ scale (MODEL.md), rounded up. */
  gap: number;
  /** How far later stages may fall below this stage's optimum while solving, relative to its scale. */
  tolerance: number;
  /** Of `leximin`: its levels from the poorest up; value and bound of the stage are those of the first, its gap is the largest. */
  levels?: LevelResult[];
}

/** One level of the stage `leximin`, as the proof has it. */
export interface LevelResult {
  /** Pairs on the level. */
  pairs: number;
  /** Smallest coverage of the pairs that are on this level or above; rounded down at 12 decimals. */
  value: string;
  /** Whatever is done for them, some pair on this level or above has no more, unless one below gets less than it has. */
  bound: string;
  gap: number;
  /**
   * The most by which the coverage of any pair of the level can rise without one of the level or below getting less than it has;
   * rounded up, null where that is not proven for all of them.
   */
  slack: number | null;
}

export interface Measures {
  /** Smallest and people-weighted mean of horizon coverage over (region, resource) pairs with need. */
  smallestCoverage: number;
  meanCoverage: number;
  peoplePeriodsNeeded: number;
  peoplePeriodsMet: number;
  peoplePeriodsUnmet: number;
  /** Gini coefficient over regions of people-periods met ÷ needed, weighted by people-periods needed. */
  gini: number;
  /** Of the plan's own shipments, those to come; what had been sent before is in `spent`. */
  tonnes: number;
  tonneKm: number;
  cost: number;
  currency: string | null;
  /** Where time has moved on: what left before. Coverage, `byRegion` and `byResource` count the whole horizon. */
  spent?: { tonnes: number; cost: number };
  /** Where the response level keeps depots closed that hold something: what they hold, and the level that releases it (null: none does). */
  locked?: { level: Level | null; stock: LockedStock[] };
  byRegion: { region: string; needed: number; met: number; ratio: number }[];
  byResource: {
    resource: string;
    unit: string;
    stock: number;
    due: number;
    shipped: number;
    delivered: number;
    ratio: number;
  }[];
  fleets: { mode: string; used: number; limit: number; peak: number }[];
  /** `used`: with what was spent before. */
  budget: { used: number; limit: number } | null;
}

/** In the resource's unit: stock and arrivals of the tier's depots, less losses and what had left. */
export interface LockedStock {
  tier: string;
  resource: string;
  unit: string;
  quantity: number;
  from: Level | null;
}

/** Prices of one stage: each block is a list of row numbers within the block and whole multiples of 10^-grid. */
export interface PriceBlock {
  grid: number;
  rows: number[];
  prices: number[];
}

export type PriceBlockName =
  | 'goods'
  | 'route'
  | 'handling'
  | 'storage'
  | 'fleet'
  | 'budget'
  | 'backlog'
  | 'floor'
  | 'maxmin'
  | 'leximin'
  | 'stage';

export interface StageCertificate {
  stage: Stage['stage'];
  /** Empty for `leximin`, whose levels have theirs. */
  prices: Partial<Record<PriceBlockName, PriceBlock>>;
  /** Of `leximin`: its levels from the poorest up. */
  levels?: LevelCertificate[];
}

/** Who is on a level (region·K + resource, ascending), and the prices that prove it. */
export interface LevelCertificate {
  pairs: number[];
  prices: Partial<Record<PriceBlockName, PriceBlock>>;
}

/** The proof beside the plan; `digest` is SHA-256 over its canonical JSON without `digest`. */
export interface Certificate {
  digest: string;
  scenario: string;
  policy: string;
  plan: string;
  stages: StageCertificate[];
}

export interface SolverReport {
  name: SolverName;
  version: string;
  /** Why this solver was taken. */
  reason: string;
  /** From the compiled network to the last stage's prices, without rounding and checking. */
  seconds: number;
  iterations: number;
}

export type SolverName = 'highs' | 'jslp' | 'structured';

export interface Allocation {
  evenhand: 1;
  scenario: { id: string; digest: string };
  policy: { name: PolicyName | 'custom'; stages: Stage[] };
  shipments: Shipment[];
  use: Use[];
  coverage: Coverage[];
  stages: StageResult[];
  measures: Measures;
  certificate: Certificate;
  solver: SolverReport;
  /** The largest of the stages' gaps is at most the gap that was asked for. */
  gap: { asked: number; proven: number };
  /** Where it was asked for: what the policy's fairness costs beside the efficient plan. Outside of the certificate. */
  priceOfFairness?: PriceOfFairness;
  receipt?: unknown;
}

/** What a plan reaches in total; `weighted` counts each person-period priority × importance times (MODEL.md: w_jk). */
export interface Totals {
  peoplePeriodsMet: number;
  weightedPeoplePeriodsMet: number;
  /** In the scenario's currency. */
  cost: number;
}

/**
 * The price of fairness (Bertsimas, Farias and Trichakis 2011): what the efficient plan, the same policy at α = 0, reaches beyond this
 * one. Differences are twin − plan for people and plan − twin for money, so that each is positive where fairness costs something.
 */
export interface PriceOfFairness {
  /** Digest of the efficient twin; null where the plan is its own, as its policy has α = 0. */
  twin: string | null;
  /** What the twin states, with the proven bound on its need stage and what a unit of money weighs there. */
  efficient: Totals & { bound: string; costWeight: number };
  peoplePeriods: number;
  weightedPeoplePeriods: number;
  /**
   * weightedPeoplePeriods ÷ those that the twin meets; 0 where it meets none. Below 0 within the twin's gap, or where its costWeight
   * made it save money in place of serving people: then `money` shows that.
   */
  share: number;
  money: number;
  /** People-periods met for a unit of money; null where nothing is paid. */
  peoplePeriodsPerMoney: number | null;
  peoplePeriodsPerMoneyEfficient: number | null;
  /**
   * Proven: no plan that does as well as the twin before its need stage, and costs no more than the dearer of the two, meets so many
   * more weighted people-periods than this one. With costWeight 0 whatever it costs.
   */
  atMost: { weightedPeoplePeriods: number; share: number };
}

export interface Progress {
  phase: 'compile' | 'solve' | 'lots' | 'check';
  /** Index and name of the stage being solved, of how many. */
  stage?: { index: number; name: string; of: number };
  seconds: number;
  solver?: SolverName;
  iterations?: number;
  /** Largest relative gap proven so far: before whole lots that of the continuous plan, at the end the plan's own. */
  gap?: number;
}

export interface AllocateOptions {
  /** Overrides the scenario's policy. */
  policy?: PolicyName | Stage[];
  /** Relative gap asked for on every stage; default 1e-4. */
  gap?: number;
  solver?: 'auto' | SolverName;
  /**
   * An earlier allocation to start from: of the same scenario, or of one with other stocks, needs, closures or prices. With the
   * scenario that it was made for, prices find their places whatever has changed; without it only where sites, periods
   * and resources are the same.
   */
  warm?: { allocation: Allocation; scenario?: Scenario };
  /** Threads on one large solve; default: the machine's, shared with other solves in the pool. */
  threads?: number;
  /**
   * Ends the solve. The structured solver then gives the best plan so far with its proof; the others give up with AllocateError
   * 'cancelled'.
   */
  signal?: AbortSignal;
  /** At most ten calls a second for one stage. */
  onProgress?: (progress: Progress) => void;
}

export type { PolicyName, Scenario, Stage };
