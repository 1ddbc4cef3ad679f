/** What an explanation says, in parts: limits, changes of them, floors, and the sentences made of these. */
import type { Kinds, Phrase, SaidOf } from '../../scenarios/said.js';

export const EXPLANATION_KINDS = {
  /** Limits. */
  'limit.stock': ['resource', 'site'],
  'limit.route': ['from', 'to', 'mode'],
  'limit.handling': ['site'],
  'limit.storage': ['site'],
  'limit.fleet': ['mode'],
  'limit.budget': [],
  'limit.tiers': ['names'],
  /** Limits that exclude floors, each with how much it is. */
  'held.stock': ['resource', 'amount', 'unit'],
  'held.given': ['resource', 'amount', 'unit'],
  'held.route': ['from', 'to', 'mode', 'amount'],
  'held.handling': ['site', 'range'],
  'held.storage': ['site', 'amount'],
  'held.fleet': ['mode', 'range'],
  'held.budget': ['amount', 'unit'],
  floor: ['region', 'resource', 'share'],
  /** Changes. */
  'more.stock': ['amount', 'unit', 'resource', 'site'],
  'more.tonnes': ['tonnes', 'amount', 'unit', 'resource', 'site'],
  'in.period': ['what', 'period'],
  'more.route': ['amount', 'from', 'to', 'mode'],
  'more.handling': ['amount', 'site'],
  'more.storage': ['amount', 'site'],
  'more.vehicles': ['n', 'mode', 'amount'],
  'more.tonneKm': ['amount', 'mode'],
  'more.budget': ['amount', 'unit'],
  opening: ['from', 'to', 'mode', 'periods'],
  declaring: ['level', 'names'],
  without: ['region'],
  'without.resource': ['region', 'resource'],
  together: ['list'],
  /** Why the policy may prefer another region. */
  'because.priority': ['amount', 'was'],
  'because.floor': ['share', 'otherShare'],
  'because.coverage': ['share', 'otherShare'],
  /** What a change brings. */
  'gain.region': ['gain', 'unit', 'region'],
  'gain.region.none': ['unit', 'region'],
  'gain.all': ['gain', 'unit'],
  'gain.all.none': ['unit'],
  'gain.also': ['gain'],
  'gain.also.none': [],
  'cost.less': ['range'],
  'cost.more': ['range'],
  'stage.better': ['stage', 'range'],
  'stage.worse': ['stage', 'range'],
  'need.better': ['range'],
  'need.worse': ['range'],
  /** Sentences. */
  'all.met': [],
  short: ['region', 'share', 'resource', 'amount', 'unit'],
  'no.stock': ['resource', 'region'],
  'no.way': ['what'],
  conflict: ['list'],
  'relax.all': ['list'],
  'relax.others': ['list'],
  'room.none': ['region'],
  room: ['region', 'range', 'unit'],
  'aside.none': ['stage', 'region'],
  aside: ['stage', 'region', 'range', 'unit'],
  brings: ['what', 'list'],
  binds: ['limit', 'what', 'list'],
  'binds.in': ['limit', 'periods', 'what', 'list'],
  ties: ['list'],
  competes: ['rival', 'list', 'what', 'region', 'range', 'unit'],
  'competes.stage': ['rival', 'list', 'what', 'region', 'range', 'unit', 'stage'],
  'competes.because': ['rival', 'list', 'what', 'region', 'range', 'unit', 'stage', 'because'],
  solved: [],
  'nothing.shows': [],
} as const satisfies Kinds;

export type ExplanationSaid = SaidOf<typeof EXPLANATION_KINDS>;

/** What is changed, and the limit that it is of; documents of old have none. */
export interface ChangeSaid {
  limit: ExplanationSaid | null;
  what: ExplanationSaid;
}

/** Floors and limits as they are named in `FloorsFound`, in the same order. */
export interface FloorsSaid {
  unreachable: ExplanationSaid[];
  conflicts: { floors: ExplanationSaid[]; limits: ExplanationSaid[] }[];
  raises: ExplanationSaid[];
}

/** The parts where they are known, else the words. */
export const partsOr = <X>(said: readonly X[] | undefined, words: readonly string[]): readonly (X | Phrase)[] =>
  said ?? words;
