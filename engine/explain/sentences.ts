/** An explanation in plain sentences. What is not confirmed by a re-solve is not said; what is, with no digit too many. */
import type { Coverage } from '../types.js';
import { share } from './competitors.js';
import { difference, type Interval, say } from './interval.js';
import { helps } from './outcome.js';
import { number } from './raise.js';
import type { Bottlenecks, Explanation, PeopleChange, Resolve } from './types.js';

/** Coverages and ties named. */
const [NEEDS, TIES] = [10, 5];
/** Changes named for a region that none of them helps. */
const OTHERS = 3;

/** Change of people-periods that is rounding, relative to what is met. */
const NOISE = 1e-8;

/** What a change of people-periods is in words: "+340", "no" where it is none, null where the re-solve leaves it open. */
export function sayPeople(people: PeopleChange | null): string | null {
  if (people === null) return null;
  const { lo, hi } = people.change;
  const noise = NOISE * Math.max(1, people.before.hi, people.after.hi);
  if (lo >= -noise && hi <= noise) return 'no';
  if (!(lo > noise || hi < -noise)) return null;
  const text = say(people.change);
  return text === null ? null : text.startsWith('−') || text.startsWith('between') ? text : `+${text}`;
}

/** What a change brings: "+340 people-days for north, +1,210 overall". Empty where nothing can be said. */
export function sayGain(resolve: Resolve, region: string | null, peopleUnit: string): string {
  const parts: string[] = [];
  const [mine, all] = [sayPeople(resolve.region), sayPeople(resolve.overall)];
  const counted = (text: string) => (text === 'no' ? `no more ${peopleUnit}` : `${text} ${peopleUnit}`);
  if (mine !== null) parts.push(`${counted(mine)} for ${region}`);
  if (all !== null) parts.push(mine === null ? `${counted(all)} overall` : `${all === 'no' ? 'none' : all} overall`);
  const { decides } = resolve;
  if (decides !== null) {
    const { stage, gain } = resolve.stages[decides]!;
    const text = say(gain);
    if (text !== null)
      parts.push(
        stage === 'cost'
          ? `cost ${gain.lo > 0 ? `less by ${text}` : `more by ${text.replace(/−/g, '')}`}`
          : `stage ${stage} ${gain.lo > 0 ? `better by ${text}` : `worse by ${text.replace(/−/g, '')}`}${stage === 'need' ? ' points' : ''}`,
      );
  }
  return parts.join(', ');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function coverageSentences(coverage: readonly Coverage[], peopleUnit: string): string[] {
  const short = coverage.filter((c) => c.ratio < 1).sort((a, b) => a.ratio - b.ratio);
  if (coverage.length > 0 && short.length === 0) return ['Everything that is needed here is met.'];
  return short
    .slice(0, NEEDS)
    .map(
      (c) =>
        `${c.region} gets ${share(c.ratio)} of its need of ${c.resource} over the horizon; ` +
        `${number(c.peoplePeriodsNeeded - c.peoplePeriodsMet)} ${peopleUnit} stay unmet.`,
    );
}

type Told = Omit<Explanation, 'sentences'>;

function roomSentences({ region, room, base, peopleUnit }: Told): string[] {
  const first = room.find((r) => r.kept === 0);
  if (region === null || !first || !base.region) return [];
  const people = (most: Interval): PeopleChange => ({
    before: base.region!,
    after: most,
    change: difference(most, base.region!),
  });
  const all = sayPeople(people(first.most));
  if (all === 'no')
    return [`Even if ${region} came before everybody else it could not get more: the limits decide, not the policy.`];
  if (all === null) return [];
  const list = [`If ${region} came before everybody else, it could get ${all.replace('+', '')} ${peopleUnit} more.`];
  // the stage whose keeping costs the region most
  let most = 0;
  let at = -1;
  room.forEach((r, n) => {
    const next = room.find((other) => other.kept === r.kept + 1);
    const jump = next ? difference(r.most, next.most).lo : 0;
    if (jump > most) [most, at] = [jump, n];
  });
  const decides = room[at];
  const kept = decides && room.find((r) => r.kept === decides.kept + 1);
  if (!decides || !kept) return list;
  const left = sayPeople(people(kept.most));
  if (left === 'no')
    list.push(`Stage ${decides.aside} puts others first: while it is kept, ${region} can get no more.`);
  else if (left !== null)
    list.push(
      `Stage ${decides.aside} puts others first: while it is kept, ${region} can get at most ${left.replace('+', '')} ${peopleUnit} more.`,
    );
  return list;
}

/** The stage that costs a region most while it is kept; null where limits decide. */
export function decidingStage(room: Explanation['room']): Explanation['room'][number]['aside'] {
  let most = 0;
  let stage: Explanation['room'][number]['aside'] = null;
  for (const r of room) {
    const next = room.find((other) => other.kept === r.kept + 1);
    const jump = next ? difference(r.most, next.most).lo : 0;
    if (jump > Math.max(most, NOISE * Math.max(1, r.most.hi))) [most, stage] = [jump, r.aside];
  }
  return stage;
}

function changeSentence(resolve: Resolve, told: Told): string {
  const { limit, what, kind } = resolve;
  const periods = told.bindings.filter((b) => b.what === limit && b.period !== null).map((b) => b.period!);
  const when =
    periods.length === 0 || kind === 'stock'
      ? ''
      : ` in period${periods.length > 1 ? 's' : ''} ${periods.sort((a, b) => a - b).join(', ')}`;
  const gain = sayGain(resolve, told.region, told.peopleUnit);
  if (kind === 'opening' || kind === 'release') return `${capital(what)}: ${gain}.`;
  return `${capital(limit)} binds${when}: ${what} would bring ${gain}.`;
}

function tieSentence(resolves: readonly Resolve[]): string[] {
  const ties = resolves.filter((r) => r.nothing && r.promised > 0 && r.kind !== 'demand');
  if (ties.length === 0) return [];
  const names = ties.slice(0, TIES).map((r) => r.what);
  return [`Solved again, these bring nothing, though they have a price in the proof (plans tie): ${names.join('; ')}.`];
}

function competitorSentences({ competitors, resolves, region, peopleUnit, room }: Told): string[] {
  const stage = decidingStage(room);
  return competitors.flatMap(({ region: other, shares, because, resolve }) => {
    const gain = sayPeople(resolves[resolve]?.region ?? null);
    if (gain === null || !gain.match(/^(\+|between)/)) return [];
    const things = [...new Set(shares.map((s) => s.what))].slice(0, 3).join(', ');
    const why = because.length > 0 ? `: ${because.join(', ')}` : '';
    return [
      `${other} competes for ${things}: ${resolves[resolve]!.what}, ${region} would get ${gain.replace('+', '')} ${peopleUnit} more` +
        `${stage === null ? '' : `; stage ${stage} sets their shares${why}`}.`,
    ];
  });
}

function floorSentences({ floors, resolves }: Told): string[] {
  if (!floors) return [];
  const list: string[] = [];
  for (const name of floors.unreachable)
    list.push(`No open route brings enough in time for ${name}, whatever is added.`);
  for (const { floors: some, limits } of floors.conflicts)
    list.push(`These cannot all hold; leave out any one of them and the rest can: ${[...some, ...limits].join('; ')}.`);
  const { relaxation } = floors;
  if (relaxation && resolves[relaxation.resolve])
    list.push(
      `The least that makes ${floors.unreachable.length > 0 ? 'all other floors' : 'every floor'} possible: ${relaxation.raises.join('; ')} ` +
        `(${relaxation.prices}); solved again, they are met.`,
    );
  return list;
}

export function explainInWords(told: Told): string[] {
  const { region, resolves, changes } = told;
  const list = coverageSentences(told.coverage, told.peopleUnit);
  for (const id of told.withoutStock)
    list.push(`No stock of ${id} can reach ${region} within the horizon, by any open route.`);
  list.push(...floorSentences(told), ...roomSentences(told));
  const own = changes.filter((n) => region === null || sayPeople(resolves[n]!.region)?.match(/^(\+|between)/));
  // what helps others only is said where nothing helps here
  const shown = own.length > 0 ? own : changes.slice(0, OTHERS);
  for (const n of shown) list.push(changeSentence(resolves[n]!, told));
  list.push(...competitorSentences(told), ...tieSentence(resolves));
  if (changes.length > 0)
    list.push('Each gain is the difference of two proven solves, with and without the change, before whole lots.');
  else if (!told.fine)
    list.push('No single change of a limit shows a gain at the precision that this network is solved to.');
  return list;
}

export function bottlenecksInWords({
  bottlenecks,
  solved,
  priced,
  peopleUnit,
  fine,
}: Omit<Bottlenecks, 'sentences'>): string[] {
  const list = bottlenecks
    .filter(helps)
    .map((r, n) => `${n + 1}. ${capital(r.limit)}: ${r.what} would bring ${sayGain(r, null, peopleUnit)}.`);
  if (list.length === 0)
    list.push(
      fine
        ? 'No single limit, raised by one natural unit, helps.'
        : 'No single limit shows a gain at the precision that this network is solved to.',
    );
  list.push(`${solved} of ${priced} limits with a price were raised by one natural unit and solved again.`);
  return list;
}
