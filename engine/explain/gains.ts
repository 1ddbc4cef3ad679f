/** What a change brings, in parts: people of a region and of all, and the stage that decides. */
import { type Interval, opposite, rounded } from './interval.js';
import type { ExplanationSaid } from './said.js';
import type { PeopleChange, Resolve } from './types.js';

/** Change of people-periods that is rounding, relative to what is met. */
const NOISE = 1e-8;

/** Amounts are said with six digits. */
export const six = (x: number): number => Number(x.toPrecision(6));

/** What a change of people-periods is as it is said; null where the re-solve leaves it open. */
export function peopleOf(people: PeopleChange | null): Interval | 'none' | null {
  if (people === null) return null;
  const { lo, hi } = people.change;
  const noise = NOISE * Math.max(1, people.before.hi, people.after.hi);
  if (lo >= -noise && hi <= noise) return 'none';
  if (!(lo > noise || hi < -noise)) return null;
  return rounded(people.change);
}

/** Whether a change of people is one to tell of as more. */
export const isMore = (people: ReturnType<typeof peopleOf>): people is Interval =>
  people !== null && people !== 'none' && (people.lo > 0 || people.lo !== people.hi);

/** "+340 people-days for north, +1,210 overall", each part by itself. Empty where nothing can be said. */
export function gainsOf(resolve: Resolve, region: string | null, unit: string): ExplanationSaid[] {
  const parts: ExplanationSaid[] = [];
  const [mine, all] = [peopleOf(resolve.region), peopleOf(resolve.overall)];
  const whose = { unit, region: `${region}` };
  if (mine === 'none') parts.push({ say: 'gain.region.none', ...whose });
  else if (mine !== null) parts.push({ say: 'gain.region', gain: mine, ...whose });
  if (all === 'none') parts.push(mine === null ? { say: 'gain.all.none', unit } : { say: 'gain.also.none' });
  else if (all !== null)
    parts.push(mine === null ? { say: 'gain.all', gain: all, unit } : { say: 'gain.also', gain: all });
  const { decides } = resolve;
  if (decides === null) return parts;
  const { stage, gain } = resolve.stages[decides]!;
  const ends = rounded(gain);
  if (ends === null) return parts;
  const better = gain.lo > 0;
  const range = better ? ends : opposite(ends);
  if (stage === 'cost') parts.push({ say: better ? 'cost.less' : 'cost.more', range });
  else if (stage === 'need') parts.push({ say: better ? 'need.better' : 'need.worse', range });
  else parts.push({ say: better ? 'stage.better' : 'stage.worse', stage, range });
  return parts;
}
