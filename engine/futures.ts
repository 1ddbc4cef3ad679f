/**
 * Futures: what a plan comes to where the figures turn out otherwise. The network is compiled and solved once; a future only changes
 * numbers in it and goes on from the base's flows and prices.
 */
import { checkScenario, type Scenario, ScenarioError } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import { allocate } from './allocate.js';
import { AllocateError } from './errors.js';
import { changeScenario, type Future } from './futures/change.js';
import type { Found } from './futures/course.js';
import { mustFit } from './futures/fault.js';
import { figuresOf, namesIn } from './futures/figures.js';
import type { Base } from './futures/shared.js';
import type { Allocation, PolicyName, Stage } from './types.js';
import { runTask, spreadFutures } from './workers/futures.js';
import { poolThreads } from './workers/pool.js';

export type { Factor, Factors, Future, RouteChange } from './futures/change.js';
export { changeScenario } from './futures/change.js';

export interface FuturesOptions {
  /** Overrides the scenario's policy. */
  policy?: PolicyName | Stage[];
  /** Relative gap asked for on each future; default 1e-3. */
  gap?: number;
  /** Ids of futures that get a whole allocation, in lots and with its certificate. */
  allocate?: readonly string[];
  /** Futures at a time; default: the pool's threads. */
  threads?: number;
  /** Ends everything with AllocateError 'cancelled'. */
  signal?: AbortSignal;
  /** Called as futures are done, in no particular order: how many, and of how many. */
  onProgress?: (progress: { done: number; of: number }) => void;
}

/** What one future comes to. Where `way` is 'direct' that of the continuous plan, before whole lots. */
export interface FutureResult {
  id: string;
  /** By stage of the policy, as stated (MODEL.md): its value, what no plan can better, and the gap proven. */
  stages: { stage: Stage['stage']; value: number; bound: number; gap: number }[];
  /** The largest of them; above what was asked for where the ascent came to its last iteration. */
  gap: number;
  /** Least horizon coverage of a pair with need. */
  smallestCoverage: number;
  peoplePeriodsNeeded: number;
  peoplePeriodsMet: number;
  cost: number;
  iterations: number;
}

export interface Futures {
  evenhand: 1;
  scenario: { id: string };
  /** Who answered: the ascent on the network compiled once, or `allocate` for each. */
  way: 'direct' | 'allocate';
  /** Why not the ascent. */
  reason?: string;
  gap: { asked: number; proven: number };
  /** The scenario as it is. */
  base: Omit<FutureResult, 'id'>;
  /** In the order of the argument. */
  futures: FutureResult[];
  /** Of the chosen futures, by id. */
  allocations: Record<string, Allocation>;
}

const DEFAULT_GAP = 1e-3;

/**
 * Solves a scenario's futures, each to a proven gap, in worker threads. Policies of one `need` stage on direct routes are answered by
 * the ascent, some hundred a second where districts are concerned; all others one by one by `allocate`, which starts from the base.
 * The same futures in any order and on any number of threads give the same results.
 *
 * @throws ScenarioError where the scenario is at fault; AllocateError 'unsupported' where a future does not fit it (all places),
 *   'cancelled', 'worker' or what `allocate` throws. A gap that was not reached is no error.
 */
export async function solveFutures(
  scenario: Scenario,
  futures: readonly Future[],
  options: FuturesOptions = {},
): Promise<Futures> {
  const { policy, gap = DEFAULT_GAP, signal = new AbortController().signal, onProgress } = options;
  const checked = checkScenario(policy === undefined ? scenario : { ...scenario, policy });
  if (!checked.ok) throw new ScenarioError(checked.faults, checked.more);
  if (!(gap >= 0 && gap <= 1))
    throw new AllocateError('unsupported', wording`a gap of ${gap} cannot be proven: ask for a number from 0 to 1`);
  mustFit(scenario, futures);
  const chosen = (options.allocate ?? []).map((id) => {
    const future = futures.find((f) => f.id === id);
    if (!future)
      throw new AllocateError('unsupported', wording`no future is called '${id}', so it cannot be allocated`);
    return future;
  });
  if (signal.aborted) throw new AllocateError('cancelled', 'the futures were cancelled before they began');

  // whoever fails stops the others
  const failed = new AbortController();
  const whole = (s: Scenario, warm?: Allocation) =>
    allocate(s, {
      gap,
      signal: AbortSignal.any([signal, failed.signal]),
      ...(policy === undefined ? {} : { policy }),
      ...(warm ? { warm: { allocation: warm, scenario } } : {}),
    });
  const threads = Math.max(1, options.threads ?? poolThreads());
  const wanted: Future[] = [{ id: '' }, ...futures];
  const results = new Array<FutureResult>(wanted.length);
  let done = 0;
  const keep = (n: number, result: FutureResult) => {
    results[n] = result;
    onProgress?.({ done: ++done, of: wanted.length + chosen.length });
  };
  const allocations: Record<string, Allocation> = {};
  const outcome = await runTask({ kind: 'base', scenario, policy, gap }, signal);
  if (outcome.kind === 'base') await byAscent(outcome.base, outcome.stages);
  else await byAllocate();
  for (const future of chosen) {
    if (allocations[future.id]) continue;
    allocations[future.id] = await whole(changeScenario(scenario, future));
    onProgress?.({ done: ++done, of: wanted.length + chosen.length });
  }
  const { id: _, ...base } = results[0]!;
  return {
    evenhand: 1,
    scenario: { id: scenario.id },
    way: outcome.kind === 'base' ? 'direct' : 'allocate',
    ...(outcome.kind === 'declined' ? { reason: outcome.why } : {}),
    gap: { asked: gap, proven: Math.max(...results.map((r) => r.gap)) },
    base,
    futures: results.slice(1),
    allocations,
  };

  async function byAscent(base: Base, stages: Stage['stage'][]): Promise<void> {
    const names = namesIn(scenario);
    await spreadFutures(base, {
      count: wanted.length,
      figures: (n) => figuresOf(names, base.network.arcs, wanted[n]!),
      gap,
      threads,
      signal,
      onDone: (first, found) => {
        found.forEach((f, i) => {
          keep(first + i, fromAscent(wanted[first + i]!.id, f, base.stage, stages));
        });
      },
    });
  }

  async function byAllocate(): Promise<void> {
    const first = await whole(scenario);
    keep(0, fromAllocation('', first));
    let next = 1;
    const work = async () => {
      while (next < wanted.length) {
        const n = next++;
        const allocation = await whole(changeScenario(scenario, wanted[n]!), first);
        if (chosen.some(({ id }) => id === wanted[n]!.id)) allocations[wanted[n]!.id] = allocation;
        keep(n, fromAllocation(wanted[n]!.id, allocation));
      }
    };
    const all = Array.from({ length: Math.min(threads, futures.length) }, work);
    await Promise.all(all).catch(async (error: unknown) => {
      failed.abort();
      await Promise.allSettled(all);
      throw error;
    });
  }
}

/** Stages other than `need` have nothing to gain here, so any plan is the best on them. */
function fromAscent(id: string, found: Found, need: number, stages: Stage['stage'][]): FutureResult {
  const { value, bound, gap, ...rest } = found;
  return {
    id,
    stages: stages.map((stage, s) =>
      s === need ? { stage, value, bound, gap } : { stage, value: 0, bound: 0, gap: 0 },
    ),
    gap,
    ...rest,
  };
}

function fromAllocation(id: string, { stages, measures, gap, solver }: Allocation): FutureResult {
  const { smallestCoverage, peoplePeriodsNeeded, peoplePeriodsMet, cost } = measures;
  return {
    id,
    stages: stages.map(({ stage, value, bound, gap }) => ({ stage, value: Number(value), bound: Number(bound), gap })),
    gap: gap.proven,
    ...{ smallestCoverage, peoplePeriodsNeeded, peoplePeriodsMet, cost },
    iterations: solver.iterations,
  };
}
