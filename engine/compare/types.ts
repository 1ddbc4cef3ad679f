/** What a comparison says: plain data, the JSON that `evenhand compare --json` and `POST /comparisons` give. */
import type { Scenario } from '../../scenarios/index.js';
import type { StageResult } from '../types.js';
import type { ComparisonSaid } from './said.js';

export interface CompareOptions {
  /** Position of the allocation that the others are held against; default 0. */
  against?: number;
  /**
   * At most so many losses and as many gains by region and by (region, resource), and so many flows, are listed of each
   * difference; totals count all. Default: every region and pair, 100 flows.
   */
  top?: number;
  /** Numbers that differ by less than this, relative to the larger, count as equal; default 1e-9 (`noise.ts`). */
  tolerance?: number;
  /** The scenario of a digest where it is at hand: tells weights of flows, and what an amended scenario changes. */
  scenarios?: (digest: string) => Scenario | undefined;
}

export interface Compared {
  /** SHA-256 of the allocation's canonical JSON without its receipt: the name that the ledger and the API use. */
  digest: string;
  scenario: { id: string; digest: string };
  policy: string;
  stages: StageResult[];
  provenGap: number;
  smallestCoverage: number;
  meanCoverage: number;
  peoplePeriodsNeeded: number;
  peoplePeriodsMet: number;
  peoplePeriodsUnmet: number;
  gini: number;
  tonnes: number;
  tonneKm: number;
  cost: number;
  currency: string | null;
  lorenz: LorenzPoint[];
}

/** Share of people-periods needed by the least covered regions, and their share of what is met; from (0, 0) to (1, 1). */
export interface LorenzPoint {
  needed: number;
  met: number;
}

/** People-periods of one region in two allocations: over all resources, or of the one that a `Change` names. */
export interface RegionChange {
  region: string;
  /** People-periods met. */
  before: number;
  after: number;
  /** after − before: positive for a gain. */
  peoplePeriods: number;
  /** Met ÷ needed; 0 where nothing is needed. */
  ratioBefore: number;
  ratioAfter: number;
  /** People-periods needed; they differ between scenarios only. */
  neededBefore: number;
  neededAfter: number;
}

export interface Change extends RegionChange {
  resource: string;
}

/** What departs on a route in a period, in the resource's unit. */
export interface FlowChange {
  from: string;
  to: string;
  mode: string;
  depart: number;
  resource: string;
  before: number;
  after: number;
  /** after − before. */
  quantity: number;
  /** Tonnes after − before; null where a scenario, which knows the weights, is not at hand. */
  tonnesChange: number | null;
}

export interface Flows {
  /** How many flows differ, listed or not. */
  total: number;
  /** Largest change first: in tonnes, or, where weights are not known, as a share of the resource's shipments. */
  sortedBy: 'tonnes' | 'share';
  /** Over all flows that differ: tonnes of those that grow, and of those that shrink. */
  tonnesMore: number | null;
  tonnesLess: number | null;
  list: FlowChange[];
}

export interface Difference {
  /** Positions in `allocations`: what is held against what. */
  from: number;
  to: number;
  /** Sums over (region, resource). */
  gained: number;
  lost: number;
  /** How many regions and (region, resource) pairs differ, listed or not. */
  total: { regions: number; changes: number };
  /** Regions whose need or met need differs, the largest loss first. */
  regions: RegionChange[];
  /** The same by region and resource. */
  changes: Change[];
  flows: Flows;
  /** What differs between the two scenarios, in words; empty where they are the same. */
  amendments: string[];
  /** The same in parts, of which a reader's own language is made. */
  said: ComparisonSaid[];
}

/** One allocation by the three criteria of Huang, Smilowitz and Balcik (2012). */
export interface Standing {
  /** People-periods met; more is better. */
  efficacy: number;
  /** Cost, or tonne-km where cost tells nothing; less is better. */
  efficiency: number;
  /** Gini coefficient over regions; less is better. */
  equity: number;
  /** For reading beside the Gini; no criterion. */
  smallestCoverage: number;
  dominated: boolean;
  /** Positions of the allocations that are at least as good in all three and better in one. */
  dominatedBy: number[];
}

export interface Pareto {
  efficiency: 'cost' | 'tonneKm';
  tolerance: number;
  allocations: Standing[];
}

export interface Comparison {
  /** Position of the allocation that the others are held against. */
  against: number;
  allocations: Compared[];
  pareto: Pareto;
  differences: Difference[];
  /** What a reader has to know before comparing, for example that the scenarios differ. */
  notes: string[];
  /** The notes in parts. */
  said: ComparisonSaid[];
}
