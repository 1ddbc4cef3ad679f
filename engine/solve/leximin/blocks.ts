/**
 * The program with periods put together: what the first period and what all the later ones allow, in a seventh of the rows and columns of a week.
 *
 * Rows of one place and resource (or route, depot, fleet) in a block of periods are added up, and flows of one route and resource that meet the
 * same rows then become one column, with the smallest of their entries. Whatever keeps to the rows keeps to their sums, so what is possible only grows, and a
 * price of a sum is a price of each of its rows: limits found here hold for every plan.
 */
import type { Network } from '../../network.js';
import type { Lp } from '../lp.js';
import type { StageModel } from '../model.js';
import type { Arrivals } from './arrivals.js';

/** The first period stands by itself, as what takes a period to arrive comes too late for it. */
const block = (t: number): number => Math.min(t, 1);

export function byBlocks(network: Network, model: StageModel, arrivals: Arrivals & { kept: Int32Array }): Arrivals {
  const { lp, rows } = arrivals;
  const groups = new Map<string, number>();
  const first: number[] = [];
  /** By row of `lp`, the row of the sum; −1 where it is left out. */
  const sumOf = Int32Array.from(rows, (row) => {
    const key = placeOf(network, ...model.rowOf(row));
    if (key === null) return -1;
    const group = groups.get(key) ?? first.push(row) - 1;
    groups.set(key, group);
    return group;
  });
  const rowUpper = new Float64Array(first.length);
  sumOf.forEach((sum, i) => {
    if (sum >= 0) rowUpper[sum]! += lp.rowUpper[i]!;
  });

  const columns = new Map<string, { entries: Map<number, number>; upper: number; effort: number }>();
  for (let n = 0; n < lp.columns; n++) {
    const entries = new Map<number, number>();
    for (let p = lp.start[n]!; p < lp.start[n + 1]!; p++) {
      const sum = sumOf[lp.index[p]!]!;
      if (sum >= 0) entries.set(sum, (entries.get(sum) ?? 0) + lp.value[p]!);
    }
    for (const [sum, value] of entries) if (value === 0) entries.delete(sum);
    if (entries.size === 0) continue;
    const flow = model.flowOf(arrivals.kept[n]!);
    const way =
      flow < 0 ? `of its own ${n}` : `${network.arcs.route[Math.floor(flow / network.K)]} ${flow % network.K}`;
    const key = `${way}: ${[...entries.keys()].sort((a, b) => a - b)}`;
    const same = columns.get(key);
    if (!same) {
      columns.set(key, { entries, upper: lp.upper[n]!, effort: arrivals.effort[n]! });
      continue;
    }
    for (const [sum, value] of entries) same.entries.set(sum, Math.min(value, same.entries.get(sum)!));
    same.upper += lp.upper[n]!;
    same.effort = Math.min(same.effort, arrivals.effort[n]!);
  }

  const list = [...columns.values()];
  const start = new Int32Array(list.length + 1);
  const index: number[] = [];
  const value: number[] = [];
  list.forEach(({ entries }, n) => {
    for (const [sum, v] of [...entries].sort(([a], [b]) => a - b)) {
      index.push(sum);
      value.push(v);
    }
    start[n + 1] = index.length;
  });
  const sums: Lp = {
    rows: first.length,
    columns: list.length,
    start,
    index: Int32Array.from(index),
    value: Float64Array.from(value),
    objective: new Float64Array(list.length),
    upper: Float64Array.from(list, ({ upper }) => upper),
    rowUpper,
  };
  return {
    rows: Int32Array.from(first),
    effort: Float64Array.from(list, ({ effort }) => effort),
    lp: sums,
    point: () => new Float64Array(model.lp.columns),
    prices: (y) => arrivals.prices(Float64Array.from(sumOf, (sum) => (sum < 0 ? 0 : y[sum]!))),
  };
}

/** What a row is about, whatever its period in the block; null for rows that are left out. */
function placeOf({ T, K, arcs }: Network, name: string, row: number): string | null {
  const at = (node: number) => `${Math.floor(node / T)} ${block(node % T)}`;
  if (name === 'goods') return `goods ${at(Math.floor(row / K))} ${row % K}`;
  if (name === 'route') return `route ${arcs.route[row]} ${block(arcs.depart[row]!)}`;
  if (name === 'handling') return `handling ${at(row)}`;
  if (name === 'fleet') return `fleet ${at(row)}`;
  // rows of single periods would keep columns of the same way apart, and say little of a block
  return name === 'storage' || name === 'backlog' ? null : `${name} ${row}`;
}
