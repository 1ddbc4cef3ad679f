/** Two solves → what a change comes to. */
import type { Stage } from '../types.js';
import type { Change } from './changes.js';
import { difference, type Interval } from './interval.js';
import type { PeopleChange, Resolve, StageSolve } from './types.js';

/** A solve as it comes from a worker: maximands, and people-periods of `whose` was asked for, null where they are not proven. */
export interface Solved {
  stages: (Interval & { stage: Stage['stage']; scale: number; floorTotal: number })[];
  people: Interval[] | null;
}

/** Relative to a stage's scale: less is rounding. */
const NOISE = 1e-9;

export function stated({ stage, lo, hi, floorTotal }: Solved['stages'][number]): StageSolve {
  if (stage === 'floor') return { stage, value: Math.max(0, floorTotal - lo), bound: Math.max(0, floorTotal - hi) };
  return stage === 'cost' || stage === 'stay' ? { stage, value: -lo, bound: -hi } : { stage, value: lo, bound: hi };
}

/** `regional`: the first of the people asked for is a region, the last always all. */
export function outcomeOf(
  {
    kind,
    limit,
    what,
    said,
    patch,
    promised,
  }: Pick<Change, 'limit' | 'what' | 'said' | 'patch' | 'promised'> & { kind: Resolve['kind'] },
  before: Solved,
  after: Solved,
  regional: boolean,
): Resolve {
  const stages = before.stages.map((b, s) => {
    const a = after.stages[s]!;
    // less shortfall where the floors are the same, less cost, more of everything else
    const moved = b.stage === 'floor' ? a.floorTotal - b.floorTotal : 0;
    const gain = difference(a, b);
    return { stage: b.stage, before: stated(b), after: stated(a), gain: { lo: gain.lo - moved, hi: gain.hi - moved } };
  });
  const noise = before.stages.map(({ scale }) => NOISE * Math.max(scale, 1e-300));
  let decides: number | null = null;
  for (let s = 0; s < stages.length; s++) {
    const { lo, hi } = stages[s]!.gain;
    if (lo > noise[s]! || hi < -noise[s]!) {
      decides = s;
      break;
    }
    // a stage that may or may not gain leaves all later ones open
    if (hi > noise[s]! || lo < -noise[s]!) break;
  }
  const nothing = stages.every(({ gain }, s) => gain.hi <= noise[s]! && gain.lo >= -noise[s]!);
  const change = (n: number): PeopleChange | null => {
    const [b, a] = [before.people?.[n], after.people?.[n]];
    return b && a ? { before: b, after: a, change: difference(a, b) } : null;
  };
  return {
    ...{ kind, limit, what, said, patch, promised, stages, decides, nothing },
    region: regional ? change(0) : null,
    overall: change(regional ? 1 : 0),
  };
}

/** Whether a change surely helps at the stage that it decides; under `leximin`, whose higher levels have no value of their own, people in all. */
export const helps = ({ stages, decides, overall }: Resolve): boolean => {
  if (decides !== null) return stages[decides]!.gain.lo > 0;
  return (
    overall !== null && stages.some(({ stage }) => stage === 'leximin') && overall.change.lo > NOISE * overall.after.hi
  );
};

/** The more a change helps the earlier it comes: the earlier stage first, then the larger sure gain. */
export function byHelp(a: Resolve, b: Resolve): number {
  const [s, t] = [a.decides ?? Infinity, b.decides ?? Infinity];
  if (s !== t) return s - t;
  return s === Infinity
    ? (b.overall?.change.lo ?? 0) - (a.overall?.change.lo ?? 0)
    : b.stages[s]!.gain.lo - a.stages[s]!.gain.lo;
}
