/**
 * Why so little, and what would help? The proof's prices choose candidates; each is solved again, and only what two proven solves
 * differ by is said (prices are not unique where plans tie).
 */
import type { Scenario } from '../../scenarios/index.js';
import { scenarioDigest } from '../../scenarios/index.js';
import { allocationDigest } from '../compare/index.js';
import { AllocateError } from '../errors.js';
import type { Allocation } from '../types.js';
import { beginInPool, changeInPool } from '../workers/explain.js';
import { poolThreads } from '../workers/pool.js';
import type { Change } from './changes.js';
import { coverageOf } from './check.js';
import { english, PRICES } from './english.js';
import { isMore, peopleOf } from './gains.js';
import { byHelp, helps, outcomeOf, stated } from './outcome.js';
import { bottlenecksInWords, decidingStage, explainInParts } from './sentences.js';
import type { Beginning, ChangeTask } from './tasks.js';
import type { Bottlenecks, Explanation, FloorsFound, Resolve } from './types.js';

export interface ExplainQuery {
  region?: string;
  resource?: string;
}

export interface ExplainOptions {
  /** Re-solves at a time; default: the pool's threads. */
  threads?: number;
  /** Ends everything with AllocateError 'cancelled'. */
  signal?: AbortSignal;
  /** Called as solves are done: how many, and of how many. */
  onProgress?: (progress: { done: number; of: number }) => void;
}

/** Candidates solved again for an explanation: of one group, closed routes among them, all; of a region's own; and competitors. */
const [OF_A_GROUP, OPENINGS, CHANGES, OWN, COMPETITORS] = [2, 2, 8, 5, 3];
/** Limits solved again for the whole plan's list. */
const [BOTTLENECKS, WIDE_OPENINGS] = [30, 5];

/**
 * Explains an allocation, or one region of it, in worker threads.
 *
 * @throws RangeError that names what the scenario does not have; AllocateError 'cancelled', 'worker', 'internal' or 'too-large'.
 */
export async function explain(
  allocation: Allocation,
  scenario: Scenario,
  query: ExplainQuery = {},
  options: ExplainOptions = {},
): Promise<Explanation> {
  const course = await start(allocation, scenario, query, options);
  const { beginning, heading, base } = course;
  const regional = query.region !== undefined;
  const coverage = coverageOf(allocation, query);
  const short = coverage.some((c) => c.ratio < 1);
  const own = choose(beginning.ownChanges, OWN, OF_A_GROUP, OPENINGS);
  const others = choose(beginning.changes, CHANGES, OF_A_GROUP, OPENINGS);
  const more = others.filter(({ what }) => !own.some((o) => o.what === what));
  const chosen = short ? [...own, ...more].slice(0, CHANGES) : [];
  const rivals = short ? beginning.competitors.slice(0, COMPETITORS) : [];
  const { floors } = beginning;
  const relaxing = floors?.relaxation ? [asChange(floors.relaxation)] : [];
  const resolves = await course.solve([
    ...chosen.map((change) => ({ change, kind: change.kind })),
    ...rivals.map(({ change }) => ({ change, kind: change.kind })),
    ...relaxing.map((change) => ({ change, kind: 'relaxation' as const })),
  ]);
  const room = beginning.room;
  const stage = decidingStage(room);
  const told: Omit<Explanation, 'sentences' | 'said'> = {
    ...heading,
    stage: beginning.stage,
    points: beginning.stage === 'need' ? 'weighted people-periods' : `the value of stage '${beginning.stage}'`,
    region: query.region ?? null,
    resource: query.resource ?? null,
    coverage,
    withoutStock: beginning.withoutStock,
    bindings: beginning.bindings,
    base,
    resolves,
    changes: rank(resolves, regional),
    room,
    competitors: rivals.flatMap(({ found, said, change }) => {
      const n = resolves.findIndex((r) => r.kind === 'demand' && r.what === change.what);
      return n < 0
        ? []
        : [{ region: found.region, shares: found.shares, because: said.map(english), said, stage, resolve: n }];
    }),
    floors: floors && floorsFound(floors, resolves),
    fine: beginning.fine,
    verified: true,
  };
  const said = explainInParts(told);
  return { ...told, sentences: said.map(english), said };
}

/**
 * The whole plan's list: which limits, raised by one natural unit, help most; the policy's earlier stages first. Throws as `explain` does.
 */
export async function bottlenecks(
  allocation: Allocation,
  scenario: Scenario,
  options: ExplainOptions & { top?: number } = {},
): Promise<Bottlenecks> {
  const { top = 10 } = options;
  const course = await start(allocation, scenario, {}, options);
  const { beginning, heading, base } = course;
  const chosen = choose(beginning.changes, Math.max(BOTTLENECKS, top), Number.POSITIVE_INFINITY, WIDE_OPENINGS);
  const resolves = await course.solve(chosen.map((change) => ({ change, kind: change.kind })));
  const told: Omit<Bottlenecks, 'sentences'> = {
    ...heading,
    base,
    bottlenecks: resolves.filter(helps).sort(byHelp).slice(0, top),
    solved: resolves.length,
    priced: beginning.changes.length,
    fine: beginning.fine,
    verified: true,
  };
  return { ...told, sentences: bottlenecksInWords(told) };
}

async function start(allocation: Allocation, scenario: Scenario, query: ExplainQuery, options: ExplainOptions) {
  const { signal = new AbortController().signal, onProgress, threads = poolThreads() } = options;
  const digest = scenarioDigest(scenario);
  if (allocation.scenario.digest !== digest)
    throw new RangeError(`the allocation is for scenario ${allocation.scenario.digest}, not ${digest}`);
  if (signal.aborted) throw new AllocateError('cancelled', 'the explanation was cancelled before it began');
  const beginning = await beginInPool({ kind: 'begin', scenario, allocation, ...query }, signal);
  const regional = query.region !== undefined;
  const { policy } = allocation;

  /** Everything solved again; what a solver failed on is left out. */
  async function solve(list: { change: Change; kind: Resolve['kind'] }[]): Promise<Resolve[]> {
    let done = 1;
    const of = 1 + list.length;
    onProgress?.({ done, of });
    const tasks = list.map(
      ({ change }): ChangeTask => ({
        kind: 'change',
        scenario,
        policy: policy.name === 'custom' ? policy.stages : policy.name,
        patch: change.patch,
        whose: beginning.whose,
        start: beginning.bases,
      }),
    );
    const results = await changeInPool(tasks, { threads, signal, onDone: () => onProgress?.({ done: ++done, of }) });
    return list.flatMap(({ change, kind }, n) => {
      const result = results[n];
      return result ? [outcomeOf({ ...change, kind }, beginning.base, result.solved, regional)] : [];
    });
  }

  const people = beginning.base.people;
  const base: Explanation['base'] = {
    stages: beginning.base.stages.map(stated),
    region: regional ? (people?.[0] ?? null) : null,
    overall: people?.at(-1) ?? null,
  };
  const heading = {
    evenhand: 1 as const,
    allocation: allocationDigest(allocation),
    scenario: digest,
    peopleUnit: peopleUnit(scenario.periods.length),
  };
  return { beginning, base, heading, solve };
}

/** A day is the default. */
function peopleUnit(length = 'P1D'): string {
  return (
    { P1D: 'people-days', P7D: 'people-weeks', P1W: 'people-weeks', PT1H: 'people-hours' }[length] ?? 'people-periods'
  );
}

/** The largest promises, not too many of one group. Promises of closed routes are by the tonne, so they compete among themselves. */
function choose(changes: readonly Change[], most: number, ofAGroup: number, openings: number): Change[] {
  const taken = new Map<string, number>();
  const list = changes.filter(({ kind, group }) => {
    const count = taken.get(group) ?? 0;
    taken.set(group, count + 1);
    return count < (kind === 'opening' ? openings : ofAGroup);
  });
  const opening = list.filter(({ kind }) => kind === 'opening');
  return [...list.filter(({ kind }) => kind !== 'opening').slice(0, most - opening.length), ...opening];
}

/** Changes that surely help: those that bring the region most first, then by the policy's own measure. */
function rank(resolves: readonly Resolve[], regional: boolean): number[] {
  const mine = (r: Resolve) => (isMore(peopleOf(r.region)) ? r.region!.change.lo : 0);
  return resolves
    .map((r, n) => ({ r, n }))
    .filter(({ r }) => r.kind !== 'demand' && r.kind !== 'relaxation')
    .filter(({ r }) => helps(r) || (regional && mine(r) > 0))
    .sort((a, b) => (regional ? mine(b.r) - mine(a.r) : 0) || byHelp(a.r, b.r))
    .map(({ n }) => n);
}

const asChange = ({ patch, raises }: NonNullable<NonNullable<Beginning['floors']>['relaxation']>): Change => ({
  kind: 'stock',
  group: 'relaxation',
  limit: '',
  what: raises.map((r) => r.what).join('; '),
  said: { limit: null, what: { say: 'together', list: raises.map((r) => r.said) } },
  patch,
  promised: 0,
});

/** Shortfall that is rounding, relative to what the relaxation was to bring. */
const SHORT = 1e-6;

/** The relaxation only where the re-solve confirms that floors which can be reached are met. */
function floorsFound(
  { missed, unreachable, conflicts, said, least, relaxation }: NonNullable<Beginning['floors']>,
  resolves: readonly Resolve[],
): FloorsFound {
  const n = resolves.findIndex((r) => r.kind === 'relaxation');
  const floor = resolves[n]?.stages.find(({ stage }) => stage === 'floor');
  const confirmed =
    relaxation !== null && floor !== undefined && floor.after.value <= least + SHORT * Math.max(1, floor.before.value);
  return {
    missed,
    unreachable,
    conflicts,
    said: { ...said, raises: confirmed ? relaxation.raises.map((r) => r.said) : [] },
    relaxation: confirmed
      ? {
          raises: relaxation.raises.map((r) => r.what),
          prices: PRICES,
          least: relaxation.least,
          units: relaxation.units,
          resolve: n,
        }
      : null,
  };
}
