/**
 * The linear program behind the levels: most coverage in all, each pair at most at a share of its own, and of the ways to it the least effort.
 * Only bounds of columns change from one to the next, so HiGHS' dual simplex method goes on from where it was.
 *
 *   maximise Σ M − ε · effort   subject to   M ≤ Σ m,   low ≤ M ÷ N ≤ high,   all rows of `model.ts`
 */
import type { Highs } from 'highs';
import { wording } from '../../../scenarios/wording.js';
import { AllocateError } from '../../errors.js';
import { openModel } from '../highs.js';
import type { Lp } from '../lp.js';
import type { StageModel } from '../model.js';
import type { Arrivals } from './arrivals.js';

/**
 * A unit of need met is worth 1, a unit of effort (`StageModel.effort`) costs this. Without it most columns are worth the same and the dual
 * simplex method strays among ties (province 1 near its level: 60,000 pivots for 31,000, 18 s for 3 s). `prices` takes it out again, by HiGHS' primal
 * method from the same basis; where that had pivots, it stays out as long as little changes: put back in, it cost up to 5,000 pivots a program.
 */
const SPARING = 1e-2;
/** No more effort than this is counted of a column, so that no way is so dear that a need at its end is better left alone. */
const MOST_EFFORT = 20;
/** HiGHS' numbers of simplex methods. */
const [DUAL, PRIMAL] = [1, 4];

export interface Shares {
  /** Coverage M ÷ N of each pair of the list. */
  v: Float64Array;
  /** Columns of the model's LP, without M. */
  x: Float64Array;
}

export type Priced = Shares & { y: Float64Array };

export interface CoverageSession {
  /** N of each pair in the model's units. */
  needed: Float64Array;
  /** Price of pair n: what a unit less of its share is worth. */
  price(y: Float64Array, n: number): number;
  /**
   * Solves with these bounds, from the last basis or `afresh`; null where `stop` ended it. Throws AllocateError 'internal'. Afresh a
   * pivot takes a third of the time; then effort decides between ways, so there are no prices, until `prices` is asked once.
   */
  solve(low: Float64Array, high: Float64Array, afresh: boolean): (Shares & { y: Float64Array | null }) | null;
  /**
   * Most coverage whatever the effort, under the bounds of the last solve; null where `stop` ended it. Prices are by row of the model's LP, per
   * unit of the objective: a unit of need met (of its pair, in the model's units) is 1.
   */
  prices(): Priced | null;
  iterations(): number;
  dispose(): void;
}

/** Opens the program for pairs (region·K + resource) with need, as `arrivals` has it. Throws AllocateError 'too-large'. */
export function openCoverage(
  highs: Highs,
  model: StageModel,
  arrivals: Arrivals,
  pairs: number[],
  { stop, onProgress }: { stop(): boolean; onProgress(iterations: number): void },
): CoverageSession {
  const { z, pairRows } = model;
  const ofZ = new Map<number, number>();
  for (let p = model.lp.start[z]!; p < model.lp.start[z + 1]!; p++) ofZ.set(model.lp.index[p]!, model.lp.value[p]!);
  // z is the share of a largest need in the model, so its bound times its entry is the need itself
  const needed = Float64Array.from(pairs, (pair) => ofZ.get(pairRows[pair]!)! * model.largestNeed);
  const row = Int32Array.from(pairs, (pair) => pairRows[pair]!);
  const program = withCoverage(arrivals, row);
  const first = arrivals.lp.columns;
  for (let n = 0; n < first; n++) program.objective[n] = -SPARING * Math.min(MOST_EFFORT, arrivals.effort[n]!);
  const spared = program.objective.subarray(0, first).map((c) => -c);
  const solver = openModel(
    highs,
    program,
    (entries) => wording`the levels of leximin are linear programs of ${entries} entries`,
  );
  // presolving takes little away, and half a second
  solver.options.set({ presolve: 'off' });
  const { simplexInterrupt } = highs.constants.callbackType;
  const others = { kind: 'range', from: 0, to: first - 1 } as const;
  const coverage = { kind: 'range', from: first, to: first + pairs.length - 1 } as const;
  let done = 0;
  let calls = 0;
  const once = () => {
    const { modelStatus } = solver.run({
      [simplexInterrupt]: (event) => {
        // a look at every pivot takes as long as a tenth of the pivot itself
        if (++calls % 16) return undefined;
        onProgress(done + (event.data.simplex_iteration_count ?? 0));
        if (stop()) event.interrupt();
        return undefined;
      },
    });
    done += Math.max(0, Number(solver.info.get('simplex_iteration_count')));
    return modelStatus;
  };
  const run = (): boolean => {
    const { interrupted, optimal } = highs.constants.modelStatus;
    let status = once();
    if (status !== optimal && status !== interrupted) {
      // every such program has a solution: from nothing it is found
      solver.clearSolver();
      status = once();
    }
    if (status === interrupted) return false;
    if (status !== optimal)
      throw new AllocateError('internal', `HiGHS ended a level of leximin with model status ${status}`);
    return true;
  };
  /** Whether effort counts: as long as it does, row prices are not those of coverage alone. */
  let sparing = true;
  const count = (effort: boolean) => {
    if (first > 0 && effort !== sparing) solver.changeColsCost(others, effort ? spared : new Float64Array(first));
    sparing = effort;
  };
  const answer = () => {
    const { colValue, rowDual } = solver.getSolution();
    const shares = { v: colValue.slice(first).map((m, n) => m / needed[n]!), x: arrivals.point(colValue) };
    return { ...shares, y: sparing ? null : arrivals.prices(rowDual.map((d) => Math.max(0, -d))) };
  };
  return {
    needed,
    price: (y, n) => y[row[n]!]!,
    solve(low, high, afresh) {
      if (afresh) {
        solver.clearSolver();
        count(true);
      }
      const met = (share: Float64Array) => share.map((s, n) => s * needed[n]!);
      if (pairs.length) solver.changeColsBounds(coverage, met(low), met(high));
      return run() ? answer() : null;
    },
    prices() {
      const before = done;
      count(false);
      solver.options.set({ simplex_strategy: PRIMAL });
      const priced = run() ? (answer() as Priced) : null;
      solver.options.set({ simplex_strategy: DUAL });
      if (done === before) count(true);
      return priced;
    },
    iterations: () => done,
    dispose: () => solver.dispose(),
  };
}

/** `lp` with a column M for each of these rows of the model, worth 1. */
function withCoverage({ lp, rows }: Arrivals, pairRows: Int32Array): Lp {
  const number = new Map<number, number>();
  rows.forEach((row, i) => {
    number.set(row, i);
  });
  const more = pairRows.length;
  const entries = lp.value.length;
  const join = <A extends Float64Array | Int32Array>(list: A, tail: A): A => {
    const all = new (list.constructor as new (length: number) => A)(list.length + tail.length);
    all.set(list);
    all.set(tail, list.length);
    return all;
  };
  return {
    rows: lp.rows,
    columns: lp.columns + more,
    start: join(
      lp.start,
      Int32Array.from({ length: more }, (_, n) => entries + n + 1),
    ),
    index: join(
      lp.index,
      pairRows.map((row) => number.get(row)!),
    ),
    value: join(lp.value, new Float64Array(more).fill(1)),
    objective: join(lp.objective, new Float64Array(more).fill(1)),
    upper: join(lp.upper, new Float64Array(more)),
    rowUpper: lp.rowUpper,
  };
}
