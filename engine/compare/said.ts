/** What differs between scenarios and what makes plans hard to compare, in parts, and how that is said in English. */
import { type InWords, inWords, type Kinds, type Parts, type Phrase, type SaidOf } from '../../scenarios/said.js';
import { number } from './words.js';

export const COMPARISON_KINDS = {
  good: ['resource'],
  place: ['site'],
  way: ['from', 'to', 'mode'],
  'by.mode': ['mode'],
  'good.in': ['resource', 'region'],
  /** How many of a kind, and the first of them. */
  'count.resource': ['n', 'list'],
  'count.depot': ['n', 'list'],
  'count.hub': ['n', 'list'],
  'count.region': ['n', 'list'],
  'count.route': ['n', 'list'],
  'count.fleet': ['n', 'list'],
  'count.pair': ['n', 'list'],
  more: ['n'],
  gone: ['what'],
  new: ['what'],
  figure: ['field', 'what'],
  moves: ['what', 'before', 'after'],
  elsewhen: ['what'],
  during: ['list'],
  span: ['after', 'periods'],
  closed: ['periods'],
  none: [],
  durable: [],
  consumable: [],
  /** Amounts over all places and periods. */
  need: ['resource', 'limit', 'unit', 'what'],
  stock: ['resource', 'limit', 'unit', 'what'],
  arrivals: ['resource', 'limit', 'unit', 'what'],
  'as.before': ['amount'],
  'from.to': ['was', 'amount'],
  horizon: ['before', 'after'],
  periods: ['n', 'text'],
  'periods.from': ['n', 'text', 'day'],
  budget: ['before', 'after'],
  money: ['amount', 'unit'],
  policy: ['before', 'after'],
  'policy.named': ['policy'],
  'policy.stages': ['stages'],
  response: ['before', 'after'],
  'all.give': ['what'],
  'some.give': ['what', 'names'],
  level: ['level'],
  'level.none': [],
  'level.unneeded': [],
  time: ['before', 'after'],
  'from.start': [],
  'from.period': ['period'],
  'past.sent': ['before', 'after'],
  'past.used': ['before', 'after'],
  'past.planned': ['before', 'after'],
  lines: ['n'],
  nothing: [],
  'as.many': [],
  'names.alone': [],
  /** Of the plans alone, where the scenarios are not at hand. */
  'seen.need': ['what'],
  'seen.stock': ['what'],
  'seen.fleet': ['what'],
  'seen.more': [],
  'note.empty': ['plan'],
  'note.same': ['plan', 'other'],
  'note.amended': ['plan', 'other', 'text', 'names', 'list'],
  'note.elsewhere': ['plan', 'other', 'text', 'list'],
  'note.needs': ['plan', 'other', 'amount', 'was'],
  'note.currency': ['plan', 'other', 'unit', 'otherUnit'],
  'note.currencies': [],
} as const satisfies Kinds;

export type ComparisonSaid = SaidOf<typeof COMPARISON_KINDS>;

/** What a figure is: of one number, or which is when; null: unlimited. */
export type Value = Parts['before'];

const FIELDS: Record<Parts['field'], string> = {
  ...{ unit: 'unit', weight: 'weight in kg', lot: 'lot', kind: 'kind', peoplePerUnit: 'people per unit' },
  ...{ importance: 'importance', handling: 'handling limit in t', storage: 'storage in t', priority: 'priority' },
  ...{ floor: 'floor', km: 'km', lead: 'periods on the way', capacity: 'capacity in t', cost: 'cost per t' },
  ...{ closed: 'closed periods', tonneKm: 'tonne-km a period' },
};

const value = (x: Value): string => (x === null ? 'unlimited' : typeof x === 'number' ? number(x) : english(x));
const change = ({ before, after }: { before: Value; after: Value }) => `${value(before)} → ${value(after)}`;
const currency = (unit: string, none: string) => (unit === 'money' ? none : unit);
const plan = (position: number) => `allocation ${position + 1}`;
const joined = (list: readonly Phrase[]) => list.map(english).join('; ');

function count(kind: string, { n, list }: { n: number; list: readonly Phrase[] }): string {
  const rest = list.filter((one) => typeof one === 'object' && one.say === 'more').map((one) => ` ${english(one)}`);
  const names = list.slice(0, list.length - rest.length).map(english);
  return `${number(n)} ${n === 1 ? kind : plural(kind)}: ${names.join(', ')}${rest}`;
}

/** "depot and period" has "depots and periods". */
const plural = (kind: string): string =>
  kind
    .split(' and ')
    .map((word) => `${word}s`)
    .join(' and ');

const total = (what: string, s: Pick<Parts, 'resource' | 'limit' | 'unit' | 'what'>): string =>
  `${what} of ${s.resource}: ${english(s.limit)} ${s.unit} in all, differs in ${english(s.what)}`;

const ENGLISH: InWords<ComparisonSaid> = {
  good: ({ resource }) => resource,
  place: ({ site }) => site,
  way: ({ from, to, mode }) => `${from} → ${to} by ${mode}`,
  'by.mode': ({ mode }) => mode,
  'good.in': ({ resource, region }) => `${resource} in ${region}`,
  'count.resource': (s) => count('resource', s),
  'count.depot': (s) => count('depot', s),
  'count.hub': (s) => count('hub', s),
  'count.region': (s) => count('region', s),
  'count.route': (s) => count('route', s),
  'count.fleet': (s) => count('fleet', s),
  'count.pair': (s) => count('region and resource', s),
  more: ({ n }) => `and ${number(n)} more`,
  gone: ({ what }) => `gone: ${english(what)}`,
  new: ({ what }) => `new: ${english(what)}`,
  figure: ({ field, what }) => `${FIELDS[field]} of ${english(what)}`,
  moves: (s) => `${english(s.what)} ${change(s)}`,
  elsewhen: ({ what }) => `${english(what)} in other periods`,
  during: ({ list }) => list.map(english).join(', '),
  span: ({ after, periods }) =>
    `${value(after)} in ${periods.length === 1 ? periods[0] : `${periods[0]}–${periods.at(-1)}`}`,
  closed: ({ periods }) => periods.join(' '),
  none: () => 'none',
  durable: () => 'durable',
  consumable: () => 'consumable',
  need: (s) => total('need', s),
  stock: (s) => total('stock', s),
  arrivals: (s) => total('arrivals', s),
  'as.before': ({ amount }) => `${number(amount)} as before`,
  'from.to': ({ was, amount }) => `${number(was)} → ${number(amount)}`,
  horizon: (s) => `periods: ${change(s)}`,
  periods: ({ n, text }) => `${n} of ${text}`,
  'periods.from': ({ n, text, day }) => `${n} of ${text} from ${day}`,
  budget: (s) => `budget: ${change(s)}`,
  money: ({ amount, unit }) => `${number(amount)} ${currency(unit, '')}`.trim(),
  policy: (s) => `policy of the scenario: ${change(s)}`,
  'policy.named': ({ policy }) => policy,
  'policy.stages': ({ stages }) => stages.join(', then '),
  response: (s) => `response level: ${change(s)}`,
  'all.give': ({ what }) => `${english(what)} (all depots give)`,
  'some.give': ({ what, names }) => `${english(what)} (depots of ${names.join(', ')} give nothing)`,
  level: ({ level }) => level,
  'level.none': () => 'none declared',
  'level.unneeded': () => 'none needed',
  time: (s) => `time: ${change(s)}`,
  'from.start': () => 'from the start',
  'from.period': ({ period }) => `from period ${period}`,
  'past.sent': (s) => `sent before: ${change(s)}`,
  'past.used': (s) => `used before: ${change(s)}`,
  'past.planned': (s) => `the plan before: ${change(s)}`,
  lines: ({ n }) => `${number(n)} lines`,
  nothing: () => 'nothing',
  'as.many': () => 'as many others',
  'names.alone': () => 'names, descriptions or the order of entries alone',
  'seen.need': ({ what }) => `need of ${english(what)}`,
  'seen.stock': ({ what }) => `stock of ${english(what)}`,
  'seen.fleet': ({ what }) => `tonne-km limit of ${english(what)}`,
  'seen.more': () => 'more perhaps: the scenarios are not at hand',
  'note.empty': (s) => `${plan(s.plan)} meets no need at all; its Gini of 0 says only that nobody gets anything`,
  'note.same': (s) => `${plan(s.plan)} is the same as ${plan(s.other)}`,
  'note.amended': (s) =>
    `${plan(s.plan)} is of an amended scenario '${s.text}' (${s.names[0]}, ${plan(s.other)} of ${s.names[1]}): differs in ${joined(s.list)}`,
  'note.elsewhere': (s) =>
    `${plan(s.plan)} is of another scenario ('${s.text}'), so needs may differ as well: differs in ${joined(s.list)}`,
  'note.needs': (s) =>
    `${plan(s.plan)} needs ${number(s.amount)} people-periods, ${plan(s.other)} ${number(s.was)}: compare coverage rather than people-periods met`,
  'note.currency': (s) =>
    `${plan(s.plan)} counts cost in ${currency(s.unit, UNSTATED)}, ${plan(s.other)} in ${currency(s.otherUnit, UNSTATED)}`,
  'note.currencies': () => 'costs are in several currencies, so efficiency is judged by tonne-km',
};

const UNSTATED = 'no stated currency';

export const english = (said: Phrase): string => inWords(ENGLISH, said);
