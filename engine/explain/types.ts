/** What an explanation is: plain data, whose every gain lies in an interval that two proven solves leave. */
import type { Operation } from '../../scenarios/index.js';
import type { Coverage, Stage } from '../types.js';
import type { Binding } from './bindings.js';
import type { Change } from './changes.js';
import type { Sharing } from './competitors.js';
import type { Interval } from './interval.js';
import type { ChangeSaid, ExplanationSaid, FloorsSaid } from './said.js';

/** Best value of a stage of the continuous problem, as MODEL.md states it, and what no plan can better. */
export interface StageSolve {
  stage: Stage['stage'];
  value: number;
  bound: number;
}

/** People-periods met: of plans that do best on every stage, least and most. `change` is what the later less the earlier can be. */
export interface PeopleChange {
  before: Interval;
  after: Interval;
  change: Interval;
}

/** One change, solved again. */
export interface Resolve {
  kind: Change['kind'] | 'relaxation';
  /** The limit that is raised, or the route that opens; empty for other changes. */
  limit: string;
  /** The change in words. */
  what: string;
  /** Limit and change in parts; documents of old have words alone, here and below. */
  said?: ChangeSaid;
  /** RFC 6902, on the scenario of the allocation. */
  patch: Operation[];
  /** Points that the prices of the proof had promised, which nobody should rely on. */
  promised: number;
  /** `gain` is what the stage's value improves by; where an earlier stage gains, later ones are other problems. */
  stages: { stage: Stage['stage']; before: StageSolve; after: StageSolve; gain: Interval }[];
  /** First stage that surely gains or loses, null where none does. */
  decides: number | null;
  /** True where the re-solve shows that no stage gains, to nine digits. */
  nothing: boolean;
  /** Of the region (and resource) asked for; null where the whole plan was. */
  region: PeopleChange | null;
  overall: PeopleChange | null;
}

/** How much the region could get if the first `kept` stages were kept and it came first after them. */
export interface Room {
  kept: number;
  /** The first stage that is set aside; null where all are kept. */
  aside: Stage['stage'] | null;
  most: Interval;
}

export interface CompetitorFound {
  region: string;
  /** What both use, the dearest first. */
  shares: Sharing[];
  /** Of the plan and the scenario: why the policy may prefer it. */
  because: string[];
  said?: ExplanationSaid[];
  /** The stage that decides between them, null where limits decide. */
  stage: Stage['stage'] | null;
  /** Index in `resolves`: what the region gets if this one needed nothing. */
  resolve: number;
}

export interface FloorsFound {
  /** Floors below which the best plans stay, in words. */
  missed: string[];
  /** Floors that no open route leads to in time. */
  unreachable: string[];
  /** Each irreducible: without any one of its members the others can hold together. */
  conflicts: { floors: string[]; limits: string[] }[];
  said?: FloorsSaid;
  /** The least-cost relaxation, its re-solve in `resolves`; null where none helps or the re-solve does not confirm it. */
  relaxation: { raises: string[]; prices: string; least: number; units: number; resolve: number } | null;
}

export interface Explanation {
  evenhand: 1;
  /** Digests. */
  allocation: string;
  scenario: string;
  /** The stage at which what is asked for is decided. */
  stage: Stage['stage'];
  /** What a point is: weight × people-periods × utility for `need`, and so on. */
  points: string;
  region: string | null;
  resource: string | null;
  /** "people-days" where a period is a day. */
  peopleUnit: string;
  coverage: Coverage[];
  /** Resources that the region needs and of which no stock can come to it. */
  withoutStock: string[];
  /** Largest saving potential first: price × limit. The prices are the proof's and only choose what is solved again. */
  bindings: Binding[];
  /** The continuous problem as it is. */
  base: { stages: StageSolve[]; region: Interval | null; overall: Interval | null };
  resolves: Resolve[];
  /** Indices in `resolves` of changes that surely help, the most first. */
  changes: number[];
  /** Empty for the whole plan. */
  room: Room[];
  competitors: CompetitorFound[];
  floors: FloorsFound | null;
  /** Whether the solves are proven to nine digits; else (large networks, `leximin`) less is said. */
  fine: boolean;
  /** Plain sentences for people. No number in them rests on prices alone. */
  sentences: string[];
  /** The same in parts, of which a reader's own language is made. */
  said?: ExplanationSaid[];
  verified: true;
}

export interface Bottlenecks {
  evenhand: 1;
  allocation: string;
  scenario: string;
  peopleUnit: string;
  base: Explanation['base'];
  /** Limits that were raised by one natural unit and solved again, those that help most first; at most `top`. */
  bottlenecks: Resolve[];
  /** How many were solved again, and how many had a price. */
  solved: number;
  priced: number;
  fine: boolean;
  sentences: string[];
  verified: true;
}
