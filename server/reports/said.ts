/** What a reporter is told of a report, in parts, and how that is said in English. */
import { type InWords, inWords, type Kinds, type Phrase, type SaidOf } from '../../scenarios/said.js';

export const TRACE_KINDS = {
  'told.filed': ['at', 'entry'],
  'told.unseen': [],
  'told.verified': ['org', 'at'],
  'told.verified.why': ['org', 'at', 'text'],
  'told.rejected': ['org', 'at'],
  'told.rejected.why': ['org', 'at', 'text'],
  'told.unchanged': [],
  'told.taken': ['entries'],
  'told.unplanned': [],
  'told.planned': ['period', 'entry'],
  'told.same': [],
  'told.moved': ['list', 'what', 'gap'],
  'told.unmoved': ['what', 'gap'],
  'told.region': ['region', 'gain'],
  'worth.same': [],
  'worth.more': ['amount'],
  'worth.fewer': ['amount'],
  'told.resolved': ['text'],
} as const satisfies Kinds;

export type TraceSaid = SaidOf<typeof TRACE_KINDS>;

const number = (n: number): string => Math.round(n).toLocaleString('en-US');
const day = (at: string): string => at.slice(0, 16).replace('T', ' ');
const proven = (gap: number): string => `(both plans proven to ${gap.toExponential(0)})`;

const ENGLISH: InWords<TraceSaid> = {
  'told.filed': ({ at, entry }) => `Your report came on ${day(at)} (entry ${entry} of the record).`,
  'told.unseen': () => 'Nobody has looked at it yet.',
  'told.verified': ({ org, at }) => `${org} verified it on ${day(at)}.`,
  'told.verified.why': ({ org, at, text }) => `${org} verified it on ${day(at)}: ${text}`,
  'told.rejected': ({ org, at }) => `${org} rejected it on ${day(at)}.`,
  'told.rejected.why': ({ org, at, text }) => `${org} rejected it on ${day(at)}: ${text}`,
  'told.unchanged': () => 'It has not changed the plan yet.',
  'told.taken': ({ entries }) => `It was taken up in entry ${entries.join(' and ')}.`,
  'told.unplanned': () => 'The plan has not been made anew since.',
  'told.planned': ({ period, entry }) => `The plan was made anew for period ${period} on (entry ${entry}).`,
  'told.same': () => 'The plan would be the same without it: the record knows it, and nobody got more or less for it.',
  'told.moved': ({ list, what, gap }) =>
    `Against the plan without it, people-periods move: ${list.map(english).join(', ')}; ${english(what)} ${proven(gap)}.`,
  'told.unmoved': ({ what, gap }) => `No plan differs; ${english(what)} ${proven(gap)}.`,
  'told.region': ({ region, gain }) => `${region} ${gain.lo > 0 ? '+' : '−'}${number(Math.abs(gain.lo))}`,
  'worth.same': () => 'and what really arrives is the same',
  'worth.more': ({ amount }) => `and ${number(amount)} people-periods more are really met than if nobody had said so`,
  'worth.fewer': ({ amount }) =>
    `and ${number(amount)} people-periods fewer are met than the old plan would have come to`,
  'told.resolved': ({ text }) => text,
};

export const english = (said: Phrase): string => inWords(ENGLISH, said);
