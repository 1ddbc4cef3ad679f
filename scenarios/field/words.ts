/** What an amendment changes, as sentences for people: told from the figures before and after, not from the reports. */
import type { Scenario } from '../schema.js';
import type { Delivery } from './amendment.js';
import { periodsInWords } from './calendar.js';
import { NO_LIMIT } from './goods.js';
import type { Figures } from './routes.js';

type Periods = Scenario['periods'];

/** 12500.5 → "12,500.5". Written here, as what a locale does may differ between machines and their digests would. */
export function number(x: number): string {
  const [whole = '', ...rest] = String(x).split('.');
  return [/e/.test(whole) ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}

/** Periods in which the same is to be said, in the order of the first of each. */
function grouped(count: number, say: (t: number) => string | undefined): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (let t = 0; t < count; t++) {
    const said = say(t);
    if (said === undefined) continue;
    const periods = groups.get(said);
    if (periods) periods.push(t);
    else groups.set(said, [t]);
  }
  return [...groups];
}

const plural = (n: number, one: string): string => `${number(n)} ${one}${n === 1 ? '' : 's'}`;
const lead = (f: Figures): string => plural(f.leadPeriods ?? 0, 'period');
const carries = (f: Figures): string =>
  f.capacityTonnes === undefined ? 'any amount' : `at most ${number(f.capacityTonnes)} t a period`;

export function routeWords(
  name: string,
  calendar: Periods,
  before: readonly (Figures | null)[],
  after: readonly (Figures | null)[],
): string[] {
  const sentence = ([said, periods]: [string, number[]]) =>
    said.replace('IN', `in ${periodsInWords(calendar, periods)}`);
  const changes: ((b: Figures | null, a: Figures | null) => string | undefined)[] = [
    (b, a) => (b && !a ? `${name} is closed IN.` : undefined),
    (b, a) => (!b && a ? `${name} is open again IN: it takes ${lead(a)} and carries ${carries(a)}.` : undefined),
    (b, a) => (b && a && lead(b) !== lead(a) ? `${name} takes ${lead(a)} IN, where it took ${lead(b)}.` : undefined),
    (b, a) =>
      b && a && carries(b) !== carries(a) ? `${name} carries ${carries(a)} IN, where it was ${carries(b)}.` : undefined,
  ];
  return changes.flatMap((say) => grouped(before.length, (t) => say(before[t]!, after[t]!)).map(sentence));
}

export function sizeWords(
  name: string,
  figure: 'handlingTonnes' | 'vehicles' | 'tonneKm',
  calendar: Periods,
  before: readonly number[],
  after: readonly number[],
): string[] {
  const verb = figure === 'handlingTonnes' ? 'can send' : 'has';
  const amount = (x: number) => {
    if (x >= NO_LIMIT) return 'any amount';
    return figure === 'vehicles'
      ? plural(x, 'vehicle')
      : `${number(x)} ${figure === 'tonneKm' ? 'tonne-km' : 't'} a period`;
  };
  return grouped(before.length, (t) =>
    before[t] === after[t] ? undefined : `${name} ${verb} ${amount(after[t]!)} IN, where it was ${amount(before[t]!)}.`,
  ).map(([said, periods]) => said.replace('IN', `in ${periodsInWords(calendar, periods)}`));
}

/** `units` turns lots into units. */
export function needWords(
  region: string,
  { id, unit, kind }: { id: string; unit: string; kind: 'consumable' | 'durable' },
  calendar: Periods,
  units: (lots: number) => number,
  before: readonly number[],
  after: readonly number[],
): string[] {
  const due = kind === 'durable' ? 'fall due' : 'are needed';
  return grouped(before.length, (t) =>
    before[t] === after[t]
      ? undefined
      : `In region ${region} ${number(units(after[t]!))} ${unit} of ${id} ${due} IN, where it was ${number(units(before[t]!))}.`,
  ).map(([said, periods]) =>
    said.replace('IN', `in ${periods.length > 1 ? 'each of ' : ''}${periodsInWords(calendar, periods)}`),
  );
}

const CHANGES = { found: 'are found', arrived: 'arrive', lost: 'are lost', expired: 'have expired' } as const;

export const stockWords = (
  depot: string,
  goods: string,
  change: keyof typeof CHANGES,
  calendar: Periods,
  period: number,
): string =>
  `At depot ${depot} ${goods} ${CHANGES[change]}${change === 'found' || change === 'arrived' ? ' in' : ' from'} ${periodsInWords(calendar, [period])}${change === 'lost' || change === 'expired' ? ' on' : ''}.`;

export function deliveryWords(calendar: Periods, unit: string, d: Delivery): string {
  const { resource, from, to, mode, depart, allocated, shipped, held, returned, delivered, arrived } = d;
  const part = (quantity: number, what: string) => (quantity > 0 ? [`${number(quantity)} ${what}`] : []);
  const parts = [...part(shipped, 'left'), ...part(held, 'held'), ...part(returned, 'given back to the stock')];
  const when = arrived === null ? '' : ` in ${periodsInWords(calendar, [arrived])}`;
  return `Of ${number(allocated)} ${unit} of ${resource} ${from} → ${to} by ${mode} planned for ${periodsInWords(calendar, [depart])}, ${
    parts.join(', ') || 'nothing left'
  }; ${number(delivered)} got there${when}.`;
}
