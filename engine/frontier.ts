/**
 * The frontier of a scenario: the same policy at several turns of its dial, compiled once a thread, so that what evenness costs can
 * be read off. Each plan is proven like any other; one that fails, or is stopped, takes none of the others with it.
 */
import { type Dial, mustBePolicy, type Scenario, ScenarioError, turnDial } from '../scenarios/index.js';
import { semicolons, type Text, wording } from '../scenarios/wording.js';
import { allocateChecked, mustBeGap, mustBeScenario } from './allocate.js';
import { AllocateError } from './errors.js';
import { type Frontier, frontierOf, type Outcome } from './frontier/document.js';
import { DEFAULT_GAP } from './pipeline.js';
import type { AllocateOptions, Allocation, Progress } from './types.js';
import { poolThreads } from './workers/pool.js';

/** Frontiers so far: threads know a scenario that they have compiled by their number. */
let series = 0;

export type { DialPlan, DialResult, Frontier, FrontierDocument } from './frontier/document.js';

/** From the most people served to the most even. */
export const DIALS: readonly Dial[] = [0, 0.5, 1, 2, 4, 'leximin'];
const MOST_DIALS = 64;

export interface FrontierOptions extends Pick<AllocateOptions, 'policy' | 'gap' | 'solver' | 'signal'> {
  /** Default `DIALS`; 0 is added where it is missing, as prices are told from it. */
  dials?: readonly Dial[];
  /** Dials at a time, each on one thread; default: the pool's threads. */
  threads?: number;
  onProgress?: (progress: FrontierProgress) => void;
  /** Called with each plan as soon as it is there, so that it can be kept whatever becomes of the rest; a rejection ends all. */
  onSolved?: (dial: Dial, allocation: Allocation) => void | Promise<void>;
  /** Plans that an earlier call came to, by `String(dial)`; they are not solved again. */
  solved?: Readonly<Record<string, Allocation>>;
}

export interface FrontierProgress {
  done: number;
  of: number;
  dials: DialProgress[];
}

export interface DialProgress extends Partial<Progress> {
  dial: Dial;
  state: 'waiting' | 'running' | 'done' | 'failed';
}

/**
 * Solves a scenario at every dial, each in whole lots and proven, in worker threads that compile it once. The same on any number of
 * threads. Where the signal comes, plans that are done stay, and running ones end as `allocate` would.
 *
 * @throws ScenarioError where the scenario is at fault; AllocateError 'unsupported' for a dial that is none or comes twice, 'cancelled'
 *   where the signal came before any plan was there; what `onSolved` rejects with. A dial's own failure is its `error`.
 */
export async function solveFrontier(scenario: Scenario, options: FrontierOptions = {}): Promise<Frontier> {
  const { policy = scenario.policy, gap, solver, solved = {}, onProgress, onSolved } = options;
  const { signal = new AbortController().signal } = options;
  mustBeScenario(options.policy === undefined ? scenario : { ...scenario, policy: options.policy });
  mustBeGap(gap);
  const dials = readDials(options.dials ?? DIALS);
  const outcomes = dials.map((dial): Outcome => solved[String(dial)] ?? cancelled());
  const states = dials.map((dial): DialProgress => ({ dial, state: solved[String(dial)] ? 'done' : 'waiting' }));
  const tell = (n: number, state: Omit<DialProgress, 'dial'>) => {
    states[n] = { ...states[n]!, ...state };
    onProgress?.({
      done: states.filter((s) => s.state === 'done' || s.state === 'failed').length,
      of: dials.length,
      dials: [...states],
    });
  };

  const order = startOrder(dials).filter((n) => states[n]!.state === 'waiting');
  const number = ++series;
  let refused: { error: unknown } | undefined;
  const ended = new AbortController();
  const end = AbortSignal.any([signal, ended.signal]);
  const work = async () => {
    for (let n = order.shift(); n !== undefined && !end.aborted; n = order.shift()) {
      const dial = dials[n]!;
      tell(n, { state: 'running' });
      const at = n;
      const outcome = await solveOne(() => {
        const turned = turnDial(policy, dial);
        mustBePolicy(turned);
        return allocateChecked(
          scenario,
          {
            // one thread a dial, whatever the pool has: more would give other digits
            ...{ policy: turned, threads: 1, signal: end, onProgress: (p) => tell(at, { ...p, state: 'running' }) },
            ...(gap === undefined ? {} : { gap }),
            ...(solver === undefined ? {} : { solver }),
          },
          number,
        );
      });
      outcomes[n] = outcome;
      if (!(outcome instanceof AllocateError)) {
        try {
          await onSolved?.(dial, outcome);
        } catch (error) {
          refused ??= { error };
          ended.abort();
        }
      }
      tell(n, { state: outcome instanceof AllocateError ? 'failed' : 'done' });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.threads ?? poolThreads()) }, work));
  if (refused) throw refused.error;
  if (signal.aborted && outcomes.every((o) => o instanceof AllocateError)) throw cancelled();
  return frontierOf(scenario, policy, gap ?? DEFAULT_GAP, dials, outcomes);
}

const cancelled = () => new AllocateError('cancelled', 'stopped before this dial was solved');

async function solveOne(run: () => Promise<Allocation>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AllocateError) return error;
    // a dial that no policy can have, as it is too steep for its bands
    if (error instanceof ScenarioError)
      return new AllocateError('unsupported', semicolons(error.faults.map((f) => f.said.message)));
    return new AllocateError('internal', error instanceof Error ? error.message : String(error));
  }
}

/** The dials as solved. Throws AllocateError 'unsupported'. */
export function readDials(dials: readonly Dial[]): Dial[] {
  const refuse = (why: Text) =>
    new AllocateError('unsupported', wording`${why}; dials are numbers from 0, or 'leximin'`);
  if (dials.length > MOST_DIALS) throw refuse(wording`${dials.length} dials are more than ${MOST_DIALS}`);
  dials.forEach((dial, n) => {
    if (dial !== 'leximin' && !(typeof dial === 'number' && dial >= 0 && dial < Infinity))
      throw refuse(wording`${JSON.stringify(dial)} is no dial`);
    if (dials.indexOf(dial) < n) throw refuse(wording`the dial ${dial} is asked for twice`);
  });
  return dials.includes(0) ? [...dials] : [0, ...dials];
}

/** Leximin takes longest, so it begins first; then the plan that prices are told from. */
function startOrder(dials: readonly Dial[]): number[] {
  const rank = (dial: Dial) => (dial === 'leximin' ? 0 : dial === 0 ? 1 : 2);
  return dials.map((_, n) => n).sort((a, b) => rank(dials[a]!) - rank(dials[b]!) || a - b);
}
