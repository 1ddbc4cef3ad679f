/** The one public verb. */
import { checkScenario, type Scenario, ScenarioError } from '../scenarios/index.js';
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
  const { signal, onProgress, ...run } = options;
  const checked = checkScenario(run.policy === undefined ? scenario : { ...scenario, policy: run.policy });
  if (!checked.ok) throw new ScenarioError(checked.faults);
  if (run.gap !== undefined && !(run.gap >= 0 && run.gap <= 1))
    throw new AllocateError('unsupported', `a gap of ${run.gap} cannot be proven: ask for a number from 0 to 1`);

  const asked = run.solver ?? 'auto';
  if (asked === 'highs' || asked === 'structured') return attempt(scenario, run, signal, onProgress);
  let chosen: SolverName | undefined;
  const watch = (progress: Progress) => {
    chosen = progress.solver ?? chosen;
    onProgress?.(progress);
  };
  try {
    const first = await attempt(scenario, run, signal, watch, JSLP_LIMIT[asked]);
    if (asked === 'jslp' || first.solver.name !== 'jslp' || first.gap.proven <= (run.gap ?? DEFAULT_GAP)) return first;
    return second(first.gap.proven, 'proved a gap of');
  } catch (error) {
    // too slow, or wrong: HiGHS may still do it
    const again = error instanceof AllocateError && (error.kind === 'worker' || error.kind === 'internal');
    if (asked === 'jslp' || chosen !== 'jslp' || signal?.aborted || !again) throw error;
    return second(error.message, 'failed:');
  }

  async function second(what: string | number, verb: string): Promise<Allocation> {
    const again = await attempt(scenario, { ...run, solver: 'highs' }, signal, onProgress);
    again.solver.reason = `javascript-lp-solver ${verb} ${what}, so HiGHS was asked`;
    return again;
  }
}

/** One run in the pool; once it reports that javascript-lp-solver was chosen, `limit` milliseconds start to count. */
async function attempt(
  scenario: Scenario,
  run: RunOptions,
  signal: AbortSignal | undefined,
  onProgress: ((progress: Progress) => void) | undefined,
  limit?: number,
): Promise<Allocation> {
  const control = new AbortController();
  const cancel = () => control.abort();
  if (signal?.aborted) throw new AllocateError('cancelled', 'the allocation was cancelled before it began');
  signal?.addEventListener('abort', cancel, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await runInPool(scenario, run, control.signal, (progress) => {
      if (limit !== undefined && progress.solver === 'jslp') timer ??= setTimeout(cancel, limit);
      onProgress?.(progress);
    });
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
