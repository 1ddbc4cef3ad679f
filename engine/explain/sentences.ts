/** An explanation in plain sentences. What is not confirmed by a re-solve is not said; what is, with no digit too many. */
import type { Phrase } from '../../scenarios/said.js';
import type { Coverage } from '../types.js';
import { capital, english, number } from './english.js';
import { gainsOf, isMore, peopleOf, six } from './gains.js';
import { difference, type Interval } from './interval.js';
import { helps } from './outcome.js';
import { type ExplanationSaid, partsOr } from './said.js';
import type { Bottlenecks, Explanation, PeopleChange, Resolve } from './types.js';

type Said = ExplanationSaid;

/** Coverages and ties named. */
const [NEEDS, TIES] = [10, 5];
/** Changes named for a region that none of them helps. */
const OTHERS = 3;

/** Change of people-periods that is rounding, relative to what could be met. */
const NOISE = 1e-8;

const limitOf = ({ said, limit }: Resolve): Phrase => said?.limit ?? limit;
const whatOf = ({ said, what }: Resolve): Phrase => said?.what ?? what;

function coverageSaid(coverage: readonly Coverage[], unit: string): Said[] {
  const short = coverage.filter((c) => c.ratio < 1).sort((a, b) => a.ratio - b.ratio);
  if (coverage.length > 0 && short.length === 0) return [{ say: 'all.met' }];
  return short.slice(0, NEEDS).map(({ region, resource, ratio, peoplePeriodsNeeded, peoplePeriodsMet }) => {
    const amount = six(peoplePeriodsNeeded - peoplePeriodsMet);
    return { say: 'short', region, share: ratio, resource, amount, unit };
  });
}

type Told = Omit<Explanation, 'sentences' | 'said'>;

function roomSaid({ region, room, base, peopleUnit: unit }: Told): Said[] {
  const first = room.find((r) => r.kept === 0);
  if (region === null || !first || !base.region) return [];
  const people = (most: Interval): PeopleChange => ({
    before: base.region!,
    after: most,
    change: difference(most, base.region!),
  });
  const all = peopleOf(people(first.most));
  if (all === 'none') return [{ say: 'room.none', region }];
  if (all === null) return [];
  const list: Said[] = [{ say: 'room', region, range: all, unit }];
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
  const left = peopleOf(people(kept.most));
  const stage = `${decides.aside}`;
  if (left === 'none') list.push({ say: 'aside.none', stage, region });
  else if (left !== null) list.push({ say: 'aside', stage, region, range: left, unit });
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

function changeSaid(resolve: Resolve, told: Told): Said {
  const { limit: name, kind } = resolve;
  const periods = told.bindings.filter((b) => b.what === name && b.period !== null).map((b) => b.period!);
  const list = gainsOf(resolve, told.region, told.peopleUnit);
  const [limit, what] = [limitOf(resolve), whatOf(resolve)];
  if (kind === 'opening' || kind === 'release') return { say: 'brings', what, list };
  if (periods.length === 0 || kind === 'stock') return { say: 'binds', limit, what, list };
  return { say: 'binds.in', limit, periods: periods.sort((a, b) => a - b), what, list };
}

function tiesSaid(resolves: readonly Resolve[]): Said[] {
  const ties = resolves.filter((r) => r.nothing && r.promised > 0 && r.kind !== 'demand');
  return ties.length === 0 ? [] : [{ say: 'ties', list: ties.slice(0, TIES).map(whatOf) }];
}

function competitorsSaid({ competitors, resolves, region, peopleUnit: unit, room }: Told): Said[] {
  const stage = decidingStage(room);
  return competitors.flatMap(({ region: rival, shares, said, because: words, resolve }): Said[] => {
    const range = peopleOf(resolves[resolve]?.region ?? null);
    if (region === null || !isMore(range)) return [];
    const things = new Map(shares.map((s): [string, Phrase] => [s.what, s.said ?? s.what]));
    const list = [...things.values()].slice(0, 3);
    const parts = { rival, list, what: whatOf(resolves[resolve]!), region, range, unit };
    const because = partsOr(said, words);
    if (stage === null) return [{ say: 'competes', ...parts }];
    return because.length > 0
      ? [{ say: 'competes.because', ...parts, stage, because }]
      : [{ say: 'competes.stage', ...parts, stage }];
  });
}

function floorsSaid({ floors, resolves }: Told): Said[] {
  if (!floors) return [];
  const { said, unreachable, conflicts, relaxation } = floors;
  const list: Said[] = partsOr(said?.unreachable, unreachable).map((what) => ({ say: 'no.way', what }));
  conflicts.forEach(({ floors: some, limits }, n) => {
    const parts = said?.conflicts[n];
    list.push({ say: 'conflict', list: [...partsOr(parts?.floors, some), ...partsOr(parts?.limits, limits)] });
  });
  if (relaxation && resolves[relaxation.resolve]) {
    const raises = partsOr(said?.raises, relaxation.raises);
    list.push({ say: unreachable.length > 0 ? 'relax.others' : 'relax.all', list: raises });
  }
  return list;
}

/** The sentences of an explanation, in parts. */
export function explainInParts(told: Told): Said[] {
  const { region, resolves, changes } = told;
  const list = coverageSaid(told.coverage, told.peopleUnit);
  for (const resource of told.withoutStock) list.push({ say: 'no.stock', resource, region: `${region}` });
  list.push(...floorsSaid(told), ...roomSaid(told));
  const own = changes.filter((n) => region === null || isMore(peopleOf(resolves[n]!.region)));
  // what helps others only is said where nothing helps here
  const shown = own.length > 0 ? own : changes.slice(0, OTHERS);
  for (const n of shown) list.push(changeSaid(resolves[n]!, told));
  list.push(...competitorsSaid(told), ...tiesSaid(resolves));
  if (changes.length > 0) list.push({ say: 'solved' });
  else if (!told.fine) list.push({ say: 'nothing.shows' });
  return list;
}

export const explainInWords = (told: Told): string[] => explainInParts(told).map(english);

export function bottlenecksInWords({
  bottlenecks,
  solved,
  priced,
  peopleUnit,
  fine,
}: Omit<Bottlenecks, 'sentences'>): string[] {
  const gain = (r: Resolve) => gainsOf(r, null, peopleUnit).map(english).join(', ');
  const list = bottlenecks
    .filter(helps)
    .map((r, n) => `${number(n + 1)}. ${capital(r.limit)}: ${r.what} would bring ${gain(r)}.`);
  if (list.length === 0)
    list.push(
      fine
        ? 'No single limit, raised by one natural unit, helps.'
        : 'No single limit shows a gain at the precision that this network is solved to.',
    );
  list.push(`${solved} of ${priced} limits with a price were raised by one natural unit and solved again.`);
  return list;
}
