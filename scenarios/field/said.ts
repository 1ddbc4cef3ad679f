/** What an amendment changes, in parts, and how that is said in English: the words that the record keeps. */
import { type InWords, inWords, type Kinds, type Phrase, type SaidOf } from '../said.js';
import type { Scenario } from '../schema.js';
import { periodsInWords } from './calendar.js';

export const AMENDMENT_KINDS = {
  'route.closed': ['from', 'to', 'mode', 'periods'],
  'route.opens': ['from', 'to', 'mode', 'periods', 'what', 'limit'],
  'route.takes': ['from', 'to', 'mode', 'periods', 'after', 'before'],
  'route.carries': ['from', 'to', 'mode', 'periods', 'after', 'before'],
  /** How long, and how much. */
  lead: ['n'],
  'at.most': ['amount'],
  any: [],
  /** Whose handling, vehicles or tonne-km are others. */
  depot: ['site'],
  hub: ['site'],
  fleet: ['mode'],
  'can.send': ['who', 'periods', 'after', 'before'],
  has: ['who', 'periods', 'after', 'before'],
  vehicles: ['n'],
  'tonnes.each': ['amount'],
  'tonneKm.each': ['amount'],
  'falls.due': ['region', 'resource', 'periods', 'amount', 'was', 'unit'],
  'is.needed': ['region', 'resource', 'periods', 'amount', 'was', 'unit'],
  found: ['site', 'resource', 'period', 'amount', 'unit'],
  arrived: ['site', 'resource', 'period', 'amount', 'unit'],
  lost: ['site', 'resource', 'period', 'amount', 'unit'],
  expired: ['site', 'resource', 'period', 'amount', 'unit'],
  people: ['region', 'amount', 'was'],
  /** A depot of a tier that the response level keeps closed. */
  locked: ['site', 'what', 'limit'],
  undeclared: [],
  'at.level': ['level'],
  'no.release': [],
  'level.releases': ['level'],
  /** What became of a shipment. */
  sent: ['resource', 'from', 'to', 'mode', 'period', 'amount', 'unit', 'list', 'was'],
  'sent.late': ['resource', 'from', 'to', 'mode', 'period', 'amount', 'unit', 'list', 'was', 'periods'],
  left: ['amount'],
  held: ['amount'],
  returned: ['amount'],
  'none.left': [],
} as const satisfies Kinds;

export type AmendmentSaid = SaidOf<typeof AMENDMENT_KINDS>;

type Periods = Scenario['periods'];

/** 12500.5 → "12,500.5". Written here, as what a locale does may differ between machines and their digests would. */
export function number(x: number): string {
  const [whole = '', ...rest] = String(x).split('.');
  return [/e/.test(whole) ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}

const plural = (n: number, one: string): string => `${number(n)} ${one}${n === 1 ? '' : 's'}`;
const route = ({ from, to, mode }: { from: string; to: string; mode: string }) => `Route ${from} → ${to} by ${mode}`;
/** Phrases have no calendar of their own. */
const phrase = (said: Phrase | number | null): string =>
  said === null || typeof said === 'number' ? '' : inWords(ENGLISH, said, { count: 0 });

const ENGLISH: InWords<AmendmentSaid, [Periods]> = {
  'route.closed': (s, c) => `${route(s)} is closed in ${periodsInWords(c, s.periods)}.`,
  'route.opens': (s, c) =>
    `${route(s)} is open again in ${periodsInWords(c, s.periods)}: it takes ${phrase(s.what)} and carries ${phrase(s.limit)}.`,
  'route.takes': (s, c) =>
    `${route(s)} takes ${phrase(s.after)} in ${periodsInWords(c, s.periods)}, where it took ${phrase(s.before)}.`,
  'route.carries': (s, c) =>
    `${route(s)} carries ${phrase(s.after)} in ${periodsInWords(c, s.periods)}, where it was ${phrase(s.before)}.`,
  lead: ({ n }) => plural(n, 'period'),
  'at.most': ({ amount }) => `at most ${number(amount)} t a period`,
  any: () => 'any amount',
  depot: ({ site }) => `Depot ${site}`,
  hub: ({ site }) => `Hub ${site}`,
  fleet: ({ mode }) => `Fleet ${mode}`,
  'can.send': (s, c) =>
    `${phrase(s.who)} can send ${phrase(s.after)} in ${periodsInWords(c, s.periods)}, where it was ${phrase(s.before)}.`,
  has: (s, c) =>
    `${phrase(s.who)} has ${phrase(s.after)} in ${periodsInWords(c, s.periods)}, where it was ${phrase(s.before)}.`,
  vehicles: ({ n }) => plural(n, 'vehicle'),
  'tonnes.each': ({ amount }) => `${number(amount)} t a period`,
  'tonneKm.each': ({ amount }) => `${number(amount)} tonne-km a period`,
  'falls.due': (s, c) => need(s, 'fall due', c),
  'is.needed': (s, c) => need(s, 'are needed', c),
  found: (s, c) => stock(s, `are found in ${periodsInWords(c, [s.period])}`),
  arrived: (s, c) => stock(s, `arrive in ${periodsInWords(c, [s.period])}`),
  lost: (s, c) => stock(s, `are lost from ${periodsInWords(c, [s.period])} on`),
  expired: (s, c) => stock(s, `have expired from ${periodsInWords(c, [s.period])} on`),
  people: ({ region, amount, was }) => `Region ${region} has ${number(amount)} people, where it was ${number(was)}.`,
  locked: ({ site, what, limit }) => `Depot ${site} gives nothing of its own ${phrase(what)}; ${phrase(limit)}.`,
  undeclared: () => 'while no response level is declared',
  'at.level': ({ level }) => `at response level ${level}`,
  'no.release': () => 'no level releases it',
  'level.releases': ({ level }) => `level ${level} releases it`,
  sent: (s, c) => `${sent(s, c)}.`,
  'sent.late': (s, c) => `${sent(s, c)} in ${periodsInWords(c, s.periods)}.`,
  left: ({ amount }) => `${number(amount)} left`,
  held: ({ amount }) => `${number(amount)} held`,
  returned: ({ amount }) => `${number(amount)} given back to the stock`,
  'none.left': () => 'nothing left',
};

type Of<S extends AmendmentSaid['say']> = Extract<AmendmentSaid, { say: S }>;

function need(s: Of<'falls.due' | 'is.needed'>, due: string, calendar: Periods): string {
  const when = `${s.periods.length > 1 ? 'each of ' : ''}${periodsInWords(calendar, s.periods)}`;
  return `In region ${s.region} ${number(s.amount)} ${s.unit} of ${s.resource} ${due} in ${when}, where it was ${number(s.was)}.`;
}

const stock = ({ site, amount, unit, resource }: Of<'found' | 'arrived' | 'lost' | 'expired'>, what: string): string =>
  `At depot ${site} ${number(amount)} ${unit} of ${resource} ${what}.`;

function sent(s: Of<'sent' | 'sent.late'>, calendar: Periods): string {
  const goods = `Of ${number(s.amount)} ${s.unit} of ${s.resource} ${s.from} → ${s.to} by ${s.mode}`;
  const parts = s.list.map(phrase).join(', ');
  return `${goods} planned for ${periodsInWords(calendar, [s.period])}, ${parts}; ${number(s.was)} got there`;
}

/** The sentence as the record keeps it. */
export const amendmentInWords = (said: AmendmentSaid, calendar: Periods): string => inWords(ENGLISH, said, calendar);
