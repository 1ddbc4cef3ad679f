/** The textbook loop for leximin, as a peer: no structure, no basis kept. */
import type { Network } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { highsRuntime } from '../engine/solve/highs.js';
import { buildModel } from '../engine/solve/model.js';

/**
 * Sorted coverages by solving, fixing whatever has a price, and solving again, each time from nothing; `rounds` and the simplex method's
 * pivots. Stops where `seconds` are over, with what is fixed so far.
 */
export async function naiveLoop(
  network: Network,
  seconds = Number.POSITIVE_INFINITY,
): Promise<{ coverages: number[]; pairs: number; rounds: number; pivots: number }> {
  const end = performance.now() + seconds * 1000;
  const model = buildModel(network, compilePolicy([{ stage: 'maxmin' }]));
  model.aim(0);
  const { lp, z, pairRows } = model;
  const value = lp.value.slice();
  const rowUpper = lp.rowUpper.slice();
  const entry = new Map<number, number>();
  for (let p = lp.start[z]!; p < lp.start[z + 1]!; p++) entry.set(lp.index[p]!, p);
  const open = new Set([...pairRows].filter((row) => row >= 0));
  const found: number[] = [];
  const highs = await highsRuntime();
  const pairs = open.size;
  let [rounds, pivots] = [0, 0];
  while (open.size > 0 && performance.now() < end) {
    rounds++;
    const solver = highs.createModel({
      numCols: lp.columns,
      numRows: lp.rows,
      colCost: lp.objective.map((c) => -c),
      colLower: new Float64Array(lp.columns),
      colUpper: lp.upper,
      rowLower: new Float64Array(lp.rows).fill(-highs.infinity),
      rowUpper: rowUpper.map((b) => (b === Infinity ? highs.infinity : b)),
      matrix: {
        format: 'csc',
        numRows: lp.rows,
        numCols: lp.columns,
        starts: lp.start,
        indices: lp.index,
        values: value,
      },
    });
    solver.options.set({ output_flag: false, dual_feasibility_tolerance: 1e-9, primal_feasibility_tolerance: 1e-9 });
    solver.run();
    pivots += Number(solver.info.get('simplex_iteration_count'));
    const { colValue, rowDual } = solver.getSolution();
    solver.dispose();
    const least = colValue[z]!;
    const price = (row: number) => -rowDual[row]! * lp.value[entry.get(row)!]!;
    const stay = [...open].filter((row) => price(row) > 1e-6);
    for (const row of stay.length ? stay : [...open]) {
      open.delete(row);
      found.push(least / lp.upper[z]!);
      rowUpper[row] = -lp.value[entry.get(row)!]! * least * (1 - 1e-9);
      value[entry.get(row)!] = 0;
    }
  }
  return { coverages: found.sort((a, b) => a - b), pairs, rounds, pivots };
}
