/** The one public verb. */
import { checkScenario, type Scenario, ScenarioError } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import { AllocateError } from './errors.js';
import { DEFAULT_GAP, type RunOptions } from './pipeline.js';
import type { AllocateOptions, Allocation, Progress, SolverName } from './types.js';
import { runInPool } from './workers/pool.js';

/** Milliseconds that javascript-lp-solver gets: where it is right, models of its size take milliseconds. */
const JSLP_LIMIT = { auto: 5_000, jslp: 300_000 };

/**
 * Allocates a scenario: solves every stage of the policy in a worker thread, rounds to whole lots, proves and checks.
 *
 * @throws ScenarioError where the scenario is at fault (all faults, each with its place and mend); AllocateError with
 *   `kind` 'cancelled', 'unsupported', 'too-large', 'worker' or 'internal'. A gap that was not reached is no error: see
 *   `allocation.gap`.
 */
export async function allocate(scenario: Scenario, options: AllocateOptions = {}): Promise<Allocation> {
  mustBeScenario(options.policy === undefined ? scenario : { ...scenario, policy: options.policy });
  mustBeGap(options.gap);
  return allocateChecked(scenario, options);
}

/** Throws ScenarioError with all faults. */
export function mustBeScenario(scenario: Scenario): void {
  const checked = checkScenario(scenario);
  if (!checked.ok) throw new ScenarioError(checked.faults, checked.more);
}

export function mustBeGap(gap: number | undefined): void {
  if (gap !== undefined && !(gap >= 0 && gap <= 1))
    throw new AllocateError('unsupported', wording`a gap of ${gap} cannot be proven: ask for a number from 0 to 1`);
}

/** The same once scenario, policy and gap were checked; `series` is a number that solves of one scenario share. */
export async function allocateChecked(
  scenario: Scenario,
  { signal, onProgress, ...run }: AllocateOptions,
  series?: number,
): Promise<Allocation> {
  const asked = run.solver ?? 'auto';
  if (asked === 'highs' || asked === 'structured') return attempt({ scenario, run, series, signal, onProgress });
  let chosen: SolverName | undefined;
  const watch = (progress: Progress) => {
    chosen = progress.solver ?? chosen;
    onProgress?.(progress);
  };
  try {
    const first = await attempt({ scenario, run, series, signal, onProgress: watch }, JSLP_LIMIT[asked]);
    if (asked === 'jslp' || first.solver.name !== 'jslp' || first.gap.proven <= (run.gap ?? DEFAULT_GAP)) return first;
    return second(first.gap.proven, 'proved a gap of');
  } catch (error) {
    // too slow, or wrong: HiGHS may still do it
    const again = error instanceof AllocateError && (error.kind === 'worker' || error.kind === 'internal');
    if (asked === 'jslp' || chosen !== 'jslp' || signal?.aborted || !again) throw error;
    return second(error.message, 'failed:');
  }

  async function second(what: string | number, verb: string): Promise<Allocation> {
    const again = await attempt({ scenario, run: { ...run, solver: 'highs' }, series, signal, onProgress });
    again.solver.reason = `javascript-lp-solver ${verb} ${what}, so HiGHS was asked`;
    return again;
  }
}

interface Attempt {
  scenario: Scenario;
  run: RunOptions;
  series: number | undefined;
  signal: AbortSignal | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
}

/** One run in the pool; once it reports that javascript-lp-solver was chosen, `limit` milliseconds start to count. */
async function attempt({ scenario, run, series, signal, onProgress }: Attempt, limit?: number): Promise<Allocation> {
  const control = new AbortController();
  const cancel = () => control.abort();
  if (signal?.aborted) throw new AllocateError('cancelled', 'the allocation was cancelled before it began');
  signal?.addEventListener('abort', cancel, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    const watch = (progress: Progress) => {
      if (limit !== undefined && progress.solver === 'jslp') timer ??= setTimeout(cancel, limit);
      onProgress?.(progress);
    };
    return await runInPool(scenario, run, control.signal, watch, series);
  } catch (error) {
    if (timer && control.signal.aborted && !signal?.aborted)
      throw new AllocateError(
        'worker',
        `javascript-lp-solver did not end within ${limit! / 1000} s; use --solver highs`,
      );
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
