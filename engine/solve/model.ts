/**
 * Network and policy → one LP for all stages. Columns are ship, store, band, floor and z as in `proof/bound.ts`; a
 * stage changes the objective, and puts the stages before it under a row "do at least as well".
 *
 * Solvers work with absolute tolerances near 1e-7, so what they see is scaled: columns in tonnes, rows by their usual
 * coefficient, objectives to a largest coefficient of `LARGEST`. Prices are scaled back before anybody believes them.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { blockSizes, type RoughPrices } from '../proof/certificate.js';
import { toNumber } from '../proof/exact.js';
import { floorTotal } from '../proof/values.js';
import { stays } from '../stay.js';
import type { PriceBlockName } from '../types.js';
import { ColumnBuilder, type Lp } from './lp.js';

/** Largest objective coefficient that a solver sees; dual tolerances of 1e-7 are then 1e-10 of the steepest gain. */
const LARGEST = 1e3;

const BLOCKS: PriceBlockName[] = [
  'goods',
  'route',
  'handling',
  'storage',
  'fleet',
  'budget',
  'backlog',
  'floor',
  'maxmin',
  'leximin',
  'stage',
];

export interface StageModel {
  lp: Lp;
  /** Puts the objective of stage s into the LP. */
  aim(s: number): void;
  /** Maximand of stage s per unit of the LP's objective. */
  pointsPerUnit(s: number): number;
  /** What the maximand of stage r is beside the sum over columns, in the same units: 0 but for `stay`. */
  constant(r: number): number;
  /** Maximand of stage r at a solution x, in the units of MODEL.md. */
  maximand(r: number, x: Float64Array): number;
  /** From now on stage r must reach `value` (of its maximand). Of `leximin` nothing is held here: see `holdPairs`. */
  hold(r: number, value: number): void;
  /** From now on each pair (region·K + resource) must be met with so many lots over the horizon; null ends that. Both need the stage `leximin`. */
  holdPairs(lots: Float64Array | null): void;
  /** Row of the LP for each pair with need under `maxmin` or `leximin`, −1 where nothing can come: z·N − Σ m ≤ 0. */
  pairRows: Int32Array;
  /** Column of z (the last), −1 where no stage has one; in units of the largest need. */
  z: number;
  largestNeed: number;
  /** What a unit of each column costs to move, or is moved in km where nothing costs: about 1 a tonne on the usual route. */
  effort: Float64Array;
  /** Scale of gaps on stage r at a value of its maximand (MODEL.md). */
  gapScale(r: number, maximand: number): number;
  /** Prices by block and row, in maximand points of stage s per unit of the row. */
  prices(s: number, y: Float64Array): RoughPrices;
  /** The other way: prices by row of the LP. */
  rows(s: number, prices: RoughPrices): Float64Array;
  /** Lots by flow, lots handed out by need (m, cumulated for durables as the model counts). */
  plan(x: Float64Array): { ship: Float64Array; met: Float64Array };
  /** Of `prices`, those of the stages before s alone: what a point of stage r is worth in points of stage s. */
  stagePrices(s: number, y: Float64Array): Float64Array;
  /** The solution x behind a plan (lots by flow, m by need, lots kept by good): bands filled in order, floors and z as far as they go. */
  point(plan: { ship: Float64Array; met: Float64Array; carry: Float64Array }): Float64Array;
  /** Flow of column j as arc·K + resource, −1 where it is none. */
  flowOf(j: number): number;
  /** Block of prices that row i belongs to, and its number there. */
  rowOf(i: number): [PriceBlockName, number];
  /** Names for files that people read. */
  columnName(j: number): string;
  rowName(i: number): string;
}

export function buildModel(network: Network, policy: Policy): StageModel {
  const { D, H, R, T, K, S, arcs, approx, exact, need, upper, scenario } = network;
  const sizes = blockSizes(network, policy);
  const offset = {} as Record<PriceBlockName, number>; // filled for every block in the next loop
  let rowCount = 0;
  for (const name of BLOCKS) {
    offset[name] = rowCount;
    rowCount += sizes[name];
  }
  const stages = policy.stages;
  const has = (name: string) => stages.some((s) => s.stage === name);
  const byPair = has('maxmin') || has('leximin');
  const ladder = stages.findIndex((s) => s.stage === 'leximin');
  const hub = D + H;
  const durable = scenario.resources.map((r) => r.kind === 'durable');
  // Lots a solver's unit: about a tonne, of light goods so much that some region needs ten (what weighs nothing counts as
  // a kilogram a unit). Else needs would be near the solver's tolerance and entries of stage rows below the 1e-9 that
  // HiGHS drops: with goods of 0.1 g to 600 kg it called 11 of 600 later stages infeasible.
  const largest = new Float64Array(K);
  for (let i = 0; i < R * K; i++)
    largest[i % K] = Math.max(largest[i % K]!, totalNeed(network, Math.floor(i / K), i % K));
  const unit = Float64Array.from(approx.weight, (w, k) => {
    const tonnes = w > 0 ? w : toNumber(exact.lot[k]!) / 1000;
    return 2 ** Math.round(Math.log2(Math.min(1 / tonnes, Math.max(1, largest[k]!) / 10)));
  });
  const mean = (values: Float64Array) => Math.max(1, values.reduce((a, b) => a + b, 0) / Math.max(1, values.length));
  const kmScale = 1 / mean(approx.km);
  const costScale = 1 / mean(approx.costPerTonne);

  const rowScale = new Float64Array(rowCount).fill(1);
  const rowUpper = new Float64Array(rowCount).fill(Infinity);
  const perGood = (name: PriceBlockName, limit: (i: number) => number) => {
    for (let i = 0; i < sizes[name]; i++) {
      rowScale[offset[name] + i] = 1 / unit[i % K]!;
      rowUpper[offset[name] + i] = limit(i) / unit[i % K]!;
    }
  };
  perGood('goods', (i) => network.supply[i]!);
  for (const name of ['backlog', 'floor', 'maxmin'] as const) perGood(name, () => 0);
  for (let a = 0; a < arcs.count; a++) rowUpper[offset.route + a] = approx.capacity[arcs.route[a]!]!;
  for (let node = 0; node < S * T; node++) {
    rowUpper[offset.handling + node] = approx.handling[node]!;
    rowUpper[offset.storage + node] = approx.storage[Math.floor(node / T)]!;
  }
  for (let row = 0; row < sizes.fleet; row++) {
    rowScale[offset.fleet + row] = kmScale;
    rowUpper[offset.fleet + row] = approx.fleet[row]! * kmScale;
  }
  rowScale[offset.budget] = costScale;
  rowUpper[offset.budget] = approx.budget * costScale;

  const { widths, slopes } = policy.bands.approx;
  const costWeight = policy.approxCostWeight;
  let largestNeed = 1;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) largestNeed = Math.max(largestNeed, totalNeed(network, j, k) / unit[k]!);
  // the largest |coefficient| of each stage sets its scale
  const steepest = stages.map((stage, r) => {
    if (stage.stage === 'maxmin') return 1 / largestNeed;
    if (stage.stage === 'leximin') return LARGEST;
    let most = 0;
    for (let j = 0; j < R; j++)
      for (let k = 0; k < K; k++)
        most = Math.max(
          most,
          approx.points[j * K + k]! * unit[k]! * (stage.stage === 'need' ? (slopes[r]![0] ?? 0) : 1),
        );
    if (stage.stage === 'cost') most = 1 / costScale;
    if (stage.stage === 'stay') most = approx.weight.reduce((largest, w, k) => Math.max(largest, w * unit[k]!), 0);
    return most > 0 ? most : 1;
  });
  for (let r = 0; r < stages.length; r++) rowScale[offset.stage + r] = 1 / steepest[r]!;

  const columns = new ColumnBuilder();
  const objectives: { column: number; value: number }[][] = stages.map(() => []);
  const worth = new Float64Array(stages.length);
  /** Adds the pending coefficients on stages (unscaled, per solver's unit) to the column and ends it. */
  const end = (limit: number): number => {
    for (let r = 0; r < stages.length; r++)
      if (worth[r] !== 0) columns.entry(offset.stage + r, -worth[r]! * rowScale[offset.stage + r]!);
    const column = columns.end(limit);
    for (let r = 0; r < stages.length; r++) {
      if (worth[r] !== 0) objectives[r]!.push({ column, value: worth[r]! });
      worth[r] = 0;
    }
    return column;
  };

  /** Of `stay`, whose value counts what was planned and is not sent as well. */
  const staying = stages.map((_, r) => stays(network, policy, r));
  const planned = staying.includes(true) ? network.planned : null;
  const constant = staying.map((is) => (is ? -toNumber(network.planned!.tonnes) : 0));
  const shipFlow: number[] = [];
  /** By column: whether it is the part of its flow beyond what was planned, where there is a part up to that. */
  const beyond: boolean[] = [];
  const effort: number[] = [];
  const anyCost = approx.costPerTonne.some((c) => c > 0);
  for (let a = 0; a < arcs.count; a++) {
    for (let k = 0; k < K; k++) {
      const limit = upper.ship[a * K + k]!;
      if (limit === 0) continue;
      const within = planned ? Math.min(limit, planned.ship[a * K + k]!) : 0;
      if (within > 0) ship(a, k, within, 1);
      if (limit > within) ship(a, k, limit - within, -1);
      if (limit > within) beyond[shipFlow.length - 1] = within > 0;
    }
  }
  /** A column of flow (a, k); each tonne on it is `kept` tonnes nearer to the plan before. */
  function ship(a: number, k: number, limit: number, kept: number): void {
    const r = arcs.route[a]!;
    const node = arcs.from[a]!;
    const tonnes = approx.weight[k]! * unit[k]!;
    columns.entry(offset.goods + node * K + k, 1);
    columns.entry(offset.goods + arcs.to[a]! * K + k, -1);
    if (exact.capacity[r]) columns.entry(offset.route + a, tonnes);
    if (exact.handling[node]) columns.entry(offset.handling + node, tonnes);
    if (arcs.fleet[a]! >= 0)
      columns.entry(offset.fleet + arcs.fleet[a]! * T + arcs.depart[a]!, tonnes * approx.km[r]! * kmScale);
    const cost = tonnes * approx.costPerTonne[r]!;
    if (exact.budget) columns.entry(offset.budget, cost * costScale);
    for (let s = 0; s < stages.length; s++) worth[s] = staying[s] ? kept * tonnes : -costWeight[s]! * cost;
    shipFlow.push(a * K + k);
    effort.push(anyCost ? cost * costScale : tonnes * approx.km[r]! * kmScale);
    end(limit / unit[k]!);
  }
  const firstStore = columns.upper.length;
  const storeGood: number[] = [];
  for (let i = 0; i < S * T * K; i++) {
    if (upper.store[i] === 0) continue;
    const k = i % K;
    const node = Math.floor(i / K);
    storeGood.push(i);
    columns.entry(offset.goods + i, 1);
    columns.entry(offset.goods + i + K, -1);
    if (node >= D * T) columns.entry(offset.storage + node, approx.weight[k]! * unit[k]!);
    end(upper.store[i]! / unit[k]!);
  }
  const firstBand = columns.upper.length;
  const bandNeed: number[] = [];
  for (let i = 0; i < R * T * K; i++) {
    if (upper.met[i] === 0) continue;
    const k = i % K;
    const t = Math.floor(i / K) % T;
    const j = Math.floor(i / (K * T));
    const good = offset.goods + hub * T * K + i;
    let rest = upper.met[i]!;
    for (let b = 0; b < widths.length && rest > 0; b++) {
      const limit = Math.min(rest, widths[b]! * need[i]!);
      rest -= limit;
      columns.entry(good, 1);
      if (durable[k] && t + 1 < T) columns.entry(good + K, -1);
      if (durable[k] && t > 0) columns.entry(offset.backlog + i, -1);
      if (durable[k] && t + 1 < T) columns.entry(offset.backlog + i + K, 1);
      if (has('floor') && approx.floor[j]! > 0) columns.entry(offset.floor + j * K + k, -1);
      if (byPair) columns.entry(offset.maxmin + j * K + k, -1);
      for (let s = 0; s < stages.length; s++) worth[s] = (slopes[s]![b] ?? 0) * approx.points[j * K + k]! * unit[k]!;
      bandNeed.push(i);
      end(limit / unit[k]!);
    }
  }
  const firstFloor = columns.upper.length;
  const floorPair: number[] = [];
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const total = totalNeed(network, j, k);
      if (!has('floor') || !(approx.floor[j]! * total > 0)) continue;
      columns.entry(offset.floor + j * K + k, 1);
      for (let s = 0; s < stages.length; s++)
        worth[s] = stages[s]!.stage === 'floor' ? approx.points[j * K + k]! * unit[k]! : 0;
      floorPair.push(j * K + k);
      end((approx.floor[j]! * total) / unit[k]!);
    }
  const z = byPair ? columns.upper.length : -1;
  if (z >= 0) {
    // z in units of the largest need: with the textbook column of coefficients up to 1e6, solvers disagree in the
    // fourth digit of z
    for (let j = 0; j < R; j++)
      for (let k = 0; k < K; k++)
        columns.entry(offset.maxmin + j * K + k, totalNeed(network, j, k) / unit[k]! / largestNeed);
    for (let s = 0; s < stages.length; s++) worth[s] = stages[s]!.stage === 'maxmin' ? 1 / largestNeed : 0;
    end(largestNeed);
  }

  const { lp, kept } = columns.build(rowUpper, (row) => row >= offset.stage);
  const stageRow = new Int32Array(stages.length).fill(-1);
  const pairRows = new Int32Array(R * K).fill(-1);
  kept.forEach((row, i) => {
    if (row >= offset.stage) stageRow[row - offset.stage] = i;
    else if (row >= offset.maxmin && row < offset.maxmin + sizes.maxmin) pairRows[row - offset.maxmin] = i;
  });
  const rowOf = (i: number, s = 0): [PriceBlockName, number] => {
    const row = kept[i]!;
    const name = BLOCKS.findLast((b) => row >= offset[b])!;
    // behind `leximin` the rows of pairs hold what each has
    return [name === 'maxmin' && ladder >= 0 && s > ladder ? 'leximin' : name, row - offset[name]];
  };

  return {
    lp,
    pairRows,
    z,
    largestNeed,
    effort: Float64Array.from({ length: lp.columns }, (_, j) => effort[j] ?? 0),
    aim(s) {
      lp.objective.fill(0);
      for (const { column, value } of objectives[s]!) lp.objective[column] = (value / steepest[s]!) * LARGEST;
    },
    pointsPerUnit: (s) => steepest[s]! / LARGEST,
    maximand(r, x) {
      let sum = 0;
      for (const { column, value } of objectives[r]!) sum += value * x[column]!;
      return sum + constant[r]!;
    },
    constant: (r) => constant[r]!,
    hold(r, value) {
      lp.rowUpper[stageRow[r]!] = r === ladder ? Infinity : -(value - constant[r]!) * rowScale[offset.stage + r]!;
    },
    holdPairs(lots) {
      lp.upper[z] = lots ? 0 : largestNeed;
      pairRows.forEach((row, pair) => {
        if (row >= 0) lp.rowUpper[row] = lots ? -lots[pair]! / unit[pair % K]! : 0;
      });
      // z is out of use, and what each pair has says more than the smallest of them
      if (lots)
        stages.forEach(({ stage }, r) => {
          if (stage === 'maxmin') lp.rowUpper[stageRow[r]!] = Infinity;
        });
    },
    gapScale(r, maximand) {
      const { stage } = stages[r]!;
      if (stage === 'floor') return toNumber(floorTotal(network)) || 1;
      if (stage === 'stay') return -constant[r]! || 1;
      return stage === 'maxmin' || stage === 'leximin' ? 1 : Math.abs(maximand);
    },
    prices(s, y) {
      const rough = Object.fromEntries(BLOCKS.map((b) => [b, new Float64Array(sizes[b])])) as RoughPrices; // every block
      const points = steepest[s]! / LARGEST; // pointsPerUnit
      for (let i = 0; i < lp.rows; i++) {
        if (!(y[i]! > 0)) continue;
        const [name, row] = rowOf(i, s);
        if (name === 'stage' && row >= s) continue;
        rough[name][row] = y[i]! * rowScale[kept[i]!]! * points;
      }
      return rough;
    },
    rows(s, rough) {
      const points = steepest[s]! / LARGEST; // pointsPerUnit
      return Float64Array.from({ length: lp.rows }, (_, i) => {
        const [name, row] = rowOf(i, s);
        return (rough[name][row] ?? 0) / (rowScale[kept[i]!]! * points);
      });
    },
    stagePrices(s, y) {
      const points = steepest[s]! / LARGEST;
      return Float64Array.from({ length: s }, (_, r) => y[stageRow[r]!]! * rowScale[offset.stage + r]! * points);
    },
    plan(x) {
      const ship = new Float64Array(arcs.count * K);
      shipFlow.forEach((i, column) => {
        ship[i]! += Math.max(0, x[column]! * unit[i % K]!);
      });
      const met = new Float64Array(R * T * K);
      bandNeed.forEach((i, n) => {
        met[i]! += Math.max(0, x[firstBand + n]! * unit[i % K]!);
      });
      return { ship, met };
    },
    point({ ship, met, carry }) {
      const x = new Float64Array(lp.columns);
      const put = (column: number, amount: number) => {
        x[column] = Math.max(0, Math.min(amount, lp.upper[column]!));
        return x[column]!;
      };
      shipFlow.forEach((i, column) => {
        const before = beyond[column] ? x[column - 1]! : 0;
        put(column, ship[i]! / unit[i % K]! - before);
      });
      storeGood.forEach((i, n) => {
        put(firstStore + n, carry[i]! / unit[i % K]!);
      });
      const total = new Float64Array(R * K);
      let rest = 0;
      bandNeed.forEach((i, n) => {
        const pair = Math.floor(i / (K * T)) * K + (i % K);
        if (n === 0 || bandNeed[n - 1] !== i) rest = met[i]! / unit[i % K]!;
        const taken = put(firstBand + n, rest);
        rest -= taken;
        total[pair]! += taken;
      });
      floorPair.forEach((pair, n) => {
        put(firstFloor + n, total[pair]!);
      });
      if (z >= 0) {
        let least = largestNeed;
        for (let pair = 0; pair < R * K; pair++) {
          const needed = totalNeed(network, Math.floor(pair / K), pair % K) / unit[pair % K]!;
          if (needed > 0) least = Math.min(least, (total[pair]! / needed) * largestNeed);
        }
        put(z, least);
      }
      return x;
    },
    flowOf: (j) => shipFlow[j] ?? -1,
    rowOf: (i) => rowOf(i),
    columnName(j) {
      if (j === z) return 'z';
      if (j >= firstFloor) return `floor_${floorPair[j - firstFloor]}`;
      if (j >= firstBand) return `band_${bandNeed[j - firstBand]}_${j - firstBand}`;
      return j >= firstStore ? `store_${storeGood[j - firstStore]}` : `${beyond[j] ? 'beyond' : 'ship'}_${shipFlow[j]}`;
    },
    rowName(i) {
      return rowOf(i).join('_');
    },
  };
}
