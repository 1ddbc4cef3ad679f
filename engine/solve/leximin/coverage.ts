/**
 * The linear program behind the levels: most coverage in all, each pair at most at a share of its own. Only bounds of columns change from
 * one to the next, so HiGHS' dual simplex method goes on from where it was.
 *
 *   maximise Σ M   subject to   M ≤ Σ m,   low ≤ M ÷ N ≤ high,   all rows of `model.ts`
 */
import type { Highs } from 'highs';
import { AllocateError } from '../../errors.js';
import { openModel } from '../highs.js';
import type { Lp } from '../lp.js';
import type { StageModel } from '../model.js';

export interface Shares {
  /** Coverage M ÷ N of each pair of the list. */
  v: Float64Array;
  /** Columns of the model's LP, without M. */
  x: Float64Array;
  /** Prices by row of the model's LP, per unit of the objective: a unit of need met (of its pair, in the model's units) is 1. */
  y: Float64Array;
}

export interface CoverageSession {
  /** N of each pair in the model's units. */
  needed: Float64Array;
  /** Price of pair n: what a unit less of its share is worth. */
  price(y: Float64Array, n: number): number;
  /** Solves with these bounds; null where `stop` ended it. Throws AllocateError 'internal'. */
  solve(low: Float64Array, high: Float64Array): Shares | null;
  iterations(): number;
  dispose(): void;
}

/** Opens the program for pairs (region·K + resource) with need. Throws AllocateError 'too-large'. */
export function openCoverage(
  highs: Highs,
  model: StageModel,
  pairs: number[],
  { stop, onProgress }: { stop(): boolean; onProgress(iterations: number): void },
): CoverageSession {
  const { lp, z, pairRows } = model;
  const ofZ = new Map<number, number>();
  for (let p = lp.start[z]!; p < lp.start[z + 1]!; p++) ofZ.set(lp.index[p]!, lp.value[p]!);
  // z is the share of a largest need in the model, so its bound times its entry is the need itself
  const whole = model.largestNeed;
  const needed = Float64Array.from(pairs, (pair) => ofZ.get(pairRows[pair]!)! * whole);
  const columns = z + pairs.length; // z is the model's last column, and v takes its place
  const starts = new Int32Array(columns + 1);
  const size = lp.start[z]! + pairs.length;
  const indices = new Int32Array(size);
  const values = new Float64Array(size);
  starts.set(lp.start.subarray(0, z + 1));
  indices.set(lp.index.subarray(0, lp.start[z]!));
  values.set(lp.value.subarray(0, lp.start[z]!));
  pairs.forEach((pair, n) => {
    const at = lp.start[z]! + n;
    indices[at] = pairRows[pair]!;
    values[at] = 1;
    starts[z + n + 1] = at + 1;
  });
  const objective = new Float64Array(columns).fill(1, z);
  const upper = new Float64Array(columns);
  upper.set(lp.upper.subarray(0, z));
  const program: Lp = {
    rows: lp.rows,
    columns,
    start: starts,
    index: indices,
    value: values,
    objective,
    upper,
    rowUpper: lp.rowUpper,
  };
  const solver = openModel(highs, program, 'the levels of leximin are linear programs of');
  const { simplexInterrupt } = highs.constants.callbackType;
  let done = 0;
  const row = Int32Array.from(pairs, (pair) => pairRows[pair]!);
  return {
    needed,
    price: (y, n) => y[row[n]!]!,
    solve(low, high) {
      const met = (share: Float64Array) => share.map((s, n) => s * needed[n]!);
      if (pairs.length) solver.changeColsBounds({ kind: 'range', from: z, to: columns - 1 }, met(low), met(high));
      const { modelStatus } = solver.run({
        [simplexInterrupt]: (event) => {
          onProgress(done + (event.data.simplex_iteration_count ?? 0));
          if (stop()) event.interrupt();
          return undefined;
        },
      });
      done += Math.max(0, Number(solver.info.get('simplex_iteration_count')));
      if (modelStatus === highs.constants.modelStatus.interrupted) return null;
      if (modelStatus !== highs.constants.modelStatus.optimal)
        throw new AllocateError('internal', `HiGHS ended a level of leximin with model status ${modelStatus}`);
      const { colValue, rowDual } = solver.getSolution();
      const x = new Float64Array(lp.columns);
      for (let j = 0; j < z; j++) x[j] = Math.max(0, Math.min(lp.upper[j]!, colValue[j]!));
      return { v: colValue.slice(z).map((m, n) => m / needed[n]!), x, y: rowDual.map((d) => Math.max(0, -d)) };
    },
    iterations: () => done,
    dispose: () => solver.dispose(),
  };
}
