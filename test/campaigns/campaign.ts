/** What every campaign is, counts and prints. */

/** Any `lost` or `undetected` is a failure of the campaign. */
export interface Tally {
  runs: number;
  /** Faults that were made: kills, flipped bits, cut files, refused system calls, repeated requests. */
  faults: number;
  acknowledged: number;
  /** Acknowledged and not there afterwards, or there twice. */
  lost: number;
  /** Changed, and found by nobody; or accepted though it must be refused. */
  undetected: number;
  notes: string[];
}

export interface CampaignOptions {
  runs: number;
  seed: number;
  /** Length of campaigns that go by time. */
  minutes: number;
  signal: AbortSignal;
  /** Called as it goes on. */
  progress: (done: number, of: number) => void;
}

export interface Campaign {
  /** What is done to whom. */
  title: string;
  /** `--runs` where none is given: seconds, for the test suite. */
  runs: number;
  /** The number of the full campaign. */
  full: number;
  /** Throws Unavailable where this machine cannot do it. */
  run(options: CampaignOptions): Promise<Tally>;
}

/** Why a campaign cannot be run on this machine. */
export class Unavailable extends Error {}

export function newTally(): Tally {
  return { runs: 0, faults: 0, acknowledged: 0, lost: 0, undetected: 0, notes: [] };
}

export function held({ lost, undetected }: Tally): boolean {
  return lost === 0 && undetected === 0;
}

export function line({ runs, faults, acknowledged, lost, undetected, notes }: Tally): string {
  const count = (n: number) => n.toLocaleString('en');
  const counts = `runs ${count(runs)}, faults injected ${count(faults)}, acknowledged ${count(acknowledged)}, lost ${count(lost)}, undetected ${count(undetected)}`;
  return [counts, ...notes].join('\n  ');
}

/** At most ten of a kind are written out. */
export function note(tally: Tally, text: string): void {
  if (tally.notes.length < 10) tally.notes.push(text);
}

export interface Dice {
  /** At least 0, below n. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
}

/** The same draws from the same seed: mulberry32. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)]! };
}
