/** Explanations in English: the words of each kind of phrase and sentence, with no digit too many. */
import { type InWords, inWords, type Phrase, type SaidAs } from '../../scenarios/said.js';
import { betweenInWords, type Interval } from './interval.js';
import type { ExplanationSaid } from './said.js';

type Of<S extends ExplanationSaid['say']> = SaidAs<ExplanationSaid, S>;

export const number = (x: number): string => x.toLocaleString('en-US', { maximumSignificantDigits: 6 });
export const share = (x: number): string => `${(100 * x).toLocaleString('en-US', { maximumSignificantDigits: 3 })} %`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const route = ({ from, to, mode }: { from: string; to: string; mode: string }) => `route ${from} → ${to} by ${mode}`;
const tonnes = (amount: number) => (amount === 1 ? 'one tonne' : `${number(amount)} t`);
const currency = (unit: string, plural: string) => (unit === 'money' ? plural : unit);
const between = ({ lo, hi }: Interval): string => (lo === hi ? number(lo) : `${number(lo)} to ${number(hi)}`);
const inPeriods = (periods: readonly number[]) => `period${periods.length > 1 ? 's' : ''} ${periods.join(', ')}`;
const join = (list: readonly Phrase[], mark = '; ') => list.map(english).join(mark);
const signed = (gain: Interval): string => {
  const text = betweenInWords(gain);
  return text.startsWith('−') || text.startsWith('between') ? text : `+${text}`;
};
/** Without its sign: what follows says "more". */
const plain = (range: Interval): string => betweenInWords(range);

const ENGLISH: InWords<ExplanationSaid> = {
  'limit.stock': ({ resource, site }) => `stock of ${resource} at ${site}`,
  'limit.route': route,
  'limit.handling': ({ site }) => `handling at ${site}`,
  'limit.storage': ({ site }) => `storage at ${site}`,
  'limit.fleet': ({ mode }) => `fleet ${mode}`,
  'limit.budget': () => 'budget',
  'limit.tiers': ({ names }) => `depots of ${names.join(', ')}`,
  'held.stock': ({ resource, amount, unit }) => `the stock of ${resource} (${number(amount)} ${unit} in all)`,
  'held.given': ({ resource, amount, unit }) =>
    `the stock of ${resource} that may be given (${number(amount)} ${unit} in all)`,
  'held.route': (s) => `the ${route(s)} (${number(s.amount)} t a period)`,
  'held.handling': ({ site, range }) => `handling at ${site} (${between(range)} t a period)`,
  'held.storage': ({ site, amount }) => `storage at ${site} (${number(amount)} t)`,
  'held.fleet': ({ mode, range }) => `fleet ${mode} (${between(range)} tonne-km a period)`,
  'held.budget': ({ amount, unit }) => `the budget (${number(amount)} ${currency(unit, '')})`.replace(' )', ')'),
  floor: ({ region, resource, share }) =>
    `the floor of ${region} for ${resource} (${number(100 * share)} % of its need)`,
  'more.stock': ({ amount, unit, resource, site }) => `${number(amount)} ${unit} more of ${resource} at ${site}`,
  'more.tonnes': ({ tonnes, amount, unit, resource, site }) =>
    `${number(tonnes)} t more of ${resource} (${number(amount)} ${unit}) at ${site}`,
  'in.period': ({ what, period }) => `${english(what)} in period ${period}`,
  'more.route': (s) => `${tonnes(s.amount)} a period more on the ${route(s)}`,
  'more.handling': ({ amount, site }) => `${tonnes(amount)} a period more handled at ${site}`,
  'more.storage': ({ amount, site }) => `${tonnes(amount)} more stored at ${site}`,
  'more.vehicles': ({ n, mode, amount }) =>
    `${n === 1 ? 'one more vehicle' : `${number(n)} more vehicles`} of fleet ${mode} (${number(amount)} tonne-km a period each)`,
  'more.tonneKm': ({ amount, mode }) => `${number(amount)} tonne-km a period more for fleet ${mode}`,
  'more.budget': ({ amount, unit }) => `${number(amount)} ${currency(unit, 'units of currency')} more budget`,
  opening: (s) => `opening the ${route(s)} in ${inPeriods(s.periods)}`,
  declaring: ({ level, names }) => `declaring response level ${level}, so that depots of ${names.join(', ')} give`,
  without: ({ region }) => `if ${region} needed nothing`,
  'without.resource': ({ region, resource }) => `if ${region} needed no ${resource}`,
  together: ({ list }) => join(list),
  'because.priority': ({ amount, was }) => `its priority is ${amount} against ${was}`,
  'because.floor': (s) => `its floor is ${share(s.share)} against ${share(s.otherShare)}`,
  'because.coverage': (s) => `it is covered less, ${share(s.share)} against ${share(s.otherShare)}`,
  'gain.region': ({ gain, unit, region }) => `${signed(gain)} ${unit} for ${region}`,
  'gain.region.none': ({ unit, region }) => `no more ${unit} for ${region}`,
  'gain.all': ({ gain, unit }) => `${signed(gain)} ${unit} overall`,
  'gain.all.none': ({ unit }) => `no more ${unit} overall`,
  'gain.also': ({ gain }) => `${signed(gain)} overall`,
  'gain.also.none': () => 'none overall',
  'cost.less': ({ range }) => `cost less by ${plain(range)}`,
  'cost.more': ({ range }) => `cost more by ${plain(range)}`,
  'stage.better': ({ stage, range }) => `stage ${stage} better by ${plain(range)}`,
  'stage.worse': ({ stage, range }) => `stage ${stage} worse by ${plain(range)}`,
  'need.better': ({ range }) => `stage need better by ${plain(range)} points`,
  'need.worse': ({ range }) => `stage need worse by ${plain(range)} points`,
  'all.met': () => 'Everything that is needed here is met.',
  short: (s) =>
    `${s.region} gets ${share(s.share)} of its need of ${s.resource} over the horizon; ${number(s.amount)} ${s.unit} stay unmet.`,
  'no.stock': ({ resource, region }) =>
    `No stock of ${resource} can reach ${region} within the horizon, by any open route.`,
  'no.way': ({ what }) => `No open route brings enough in time for ${english(what)}, whatever is added.`,
  conflict: ({ list }) => `These cannot all hold; leave out any one of them and the rest can: ${join(list)}.`,
  'relax.all': ({ list }) => relaxed('every floor', list),
  'relax.others': ({ list }) => relaxed('all other floors', list),
  'room.none': ({ region }) =>
    `Even if ${region} came before everybody else it could not get more: the limits decide, not the policy.`,
  room: ({ region, range, unit }) =>
    `If ${region} came before everybody else, it could get ${plain(range)} ${unit} more.`,
  'aside.none': ({ stage, region }) => `Stage ${stage} puts others first: while it is kept, ${region} can get no more.`,
  aside: ({ stage, region, range, unit }) =>
    `Stage ${stage} puts others first: while it is kept, ${region} can get at most ${plain(range)} ${unit} more.`,
  brings: ({ what, list }) => `${capital(english(what))}: ${join(list, ', ')}.`,
  binds: (s) => `${capital(english(s.limit))} binds: ${english(s.what)} would bring ${join(s.list, ', ')}.`,
  'binds.in': (s) =>
    `${capital(english(s.limit))} binds in ${inPeriods(s.periods)}: ${english(s.what)} would bring ${join(s.list, ', ')}.`,
  ties: ({ list }) =>
    `Solved again, these bring nothing, though they have a price in the proof (plans tie): ${join(list)}.`,
  competes: (s) => `${competes(s)}.`,
  'competes.stage': (s) => `${competes(s)}; stage ${s.stage} sets their shares.`,
  'competes.because': (s) => `${competes(s)}; stage ${s.stage} sets their shares: ${join(s.because, ', ')}.`,
  solved: () => 'Each gain is the difference of two proven solves, with and without the change, before whole lots.',
  'nothing.shows': () => 'No single change of a limit shows a gain at the precision that this network is solved to.',
};

/** Counted as one each, and said so. */
export const PRICES =
  'a tonne of stock (a lot of what weighs nothing), a tonne a period on a route or handled at a place, a tonne stored, a vehicle ' +
  '(or 1,000 tonne-km a period), and 1,000 of currency count as one each';

const relaxed = (floors: string, list: readonly Phrase[]): string =>
  `The least that makes ${floors} possible: ${join(list)} (${PRICES}); solved again, they are met.`;

const competes = (s: Of<'competes' | 'competes.stage' | 'competes.because'>): string =>
  `${s.rival} competes for ${join(s.list, ', ')}: ${english(s.what)}, ${s.region} would get ${plain(s.range)} ${s.unit} more`;

export const english = (said: Phrase): string => inWords(ENGLISH, said);
