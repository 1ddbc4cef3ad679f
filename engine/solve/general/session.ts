import type { Lp, LpSession, LpSolution } from '../lp.js';
import { boundOf } from './bound.js';
import { advance, type Iterate, openIterate, restart } from './iterate.js';
import { indexRows, polish } from './polish.js';
import { compileProblem, type Problem } from './problem.js';
import { setSteps, startSizes } from './steps.js';

export interface Knobs {
  reflection: number;
  look: number;
  weight: 'pid' | 'balance' | 'fixed' | 'both';
  kp: number;
  ki: number;
  sufficient: number;
  necessary: number;
  artificial: number;
  adaptX: boolean;
  adaptY: boolean;
  floorX: number;
  weight0: number;
  over: number;
  split: boolean;
  warm: boolean;
  polish: boolean;
  blend: boolean;
  most: number;
  least: number;
  rawBalance: boolean;
  penalty: number;
  rw: number;
  fresh: boolean;
  baseLambda: number;
  trace?: (row: number[]) => void;
  [k: string]: unknown;
}

export const KNOBS: Knobs = {
  reflection: 1,
  look: 4,
  weight: 'balance',
  kp: 0.99,
  ki: 0.01,
  sufficient: 0.2,
  necessary: 0.8,
  artificial: 0.36,
  adaptX: true,
  adaptY: false,
  floorX: 0.01,
  weight0: 1,
  over: 1,
  split: false,
  warm: true,
  polish: true,
  blend: true,
  most: 1e9,
  least: 1e-9,
  rawBalance: false,
  penalty: 0.1,
  rw: 1,
  fresh: true,
  baseLambda: 0,
};

export interface GeneralOptions {
  /** Relative gap asked for. */
  gap: number;
  /** Scale of gaps in units of the LP's objective, given bound and value. */
  scale(bound: number): number;
  maxIterations: number;
  /** x → a possible plan near it; only rows of earlier stages may be broken. */
  repair(x: Float64Array, y: Float64Array): Float64Array;
  shortfall: number;
  onGap?(gap: number, iterations: number): void;
  stop?(): boolean;
  knobs?: Partial<Knobs>;
}

export interface GeneralSolution extends LpSolution {
  outcome: 'optimal';
  bound: number;
  gap: number;
  /** By row: how far x falls short on it, in the row's units. */
  short: Float64Array;
}

export interface GeneralSession extends LpSession {
  solve(onIterations?: (iterations: number) => void): GeneralSolution;
}

interface Plan {
  x: Float64Array;
  value: number;
  rows: number[];
  short: number[];
  /** Largest relative shortfall. */
  most: number;
}
interface Proof {
  /** By row of the LP. */
  y: Float64Array;
  bound: number;
}

export function openGeneral(lp: Lp, options: GeneralOptions): GeneralSession {
  const knobs = { ...KNOBS, ...options.knobs };
  let last: Warm | null = null;
  const past: Past[] = [];
  return {
    solve(onIterations) {
      let problem = compileProblem(lp, knobs.split);
      const start = last && knobs.warm ? continueFrom(problem, last, past) : null;
      const base = new Float64Array(lp.rows);
      if (start) {
        const scale = options.scale(start.bound);
        for (const p of past) {
          if (lp.rowUpper[p.row] === Infinity) continue;
          const slack = p.bound / p.ratio + lp.rowUpper[p.row]!;
          if (slack > 0 && knobs.penalty > 0) base[p.row] = (knobs.penalty * options.gap * scale) / slack;
        }
        if (start.row && knobs.baseLambda > 0) base[start.row] = Math.max(base[start.row]!, knobs.baseLambda * start.y[start.row]!);
        problem = compileProblem(lp, knobs.split, base);
      }
      const it = openIterate(problem);
      startSizes(problem, it);
      it.weight = knobs.weight0;
      const size0 = it.sizeX.slice();
      if (last && start) take(problem, it, last, start, knobs);
      setSteps(problem, it);
      const solution = run(problem, it, size0, knobs, options, last?.plan ?? null, onIterations);
      const sizeY = new Float64Array(lp.rows);
      problem.row.forEach((row, i) => {
        sizeY[row] = it.sizeY[i]!;
      });
      problem.concave.forEach((c, q) => {
        sizeY[c.row] = it.sizeW[q]!;
      });
      last = {
        x: columnsOf(problem, it.nextX),
        plan: solution.x,
        y: solution.y,
        objective: lp.objective.slice(),
        sizeX: Float64Array.from(it.sizeX),
        sizeY,
        weight: it.weight,
      };
      const same = rowOfObjective(lp);
      if (same) {
        const at = past.findIndex((p) => p.row === same.row);
        if (at >= 0) past.splice(at, 1);
        past.push({ ...same, bound: solution.bound });
      }
      return solution;
    },
    dispose() {},
  };
}

interface Warm {
  x: Float64Array;
  plan: Float64Array;
  y: Float64Array;
  objective: Float64Array;
  sizeX: Float64Array;
  sizeY: Float64Array;
  weight: number;
}

/** A stage solved before: the row that holds it, objective = −ratio × row, and the bound that was proven. */
interface Past {
  row: number;
  ratio: number;
  bound: number;
}

/**
 * Relative change of cost with the relative slack of what is held: near the top, need gets dearer about as slack^−½ (district with policy
 * `balanced`: 300, 1,300, 4,200 at 1e-4, 1e-5, 1e-6; with hubs 110, 410, 1,350).
 */
const ELASTICITY = 2;

interface Start {
  y: Float64Array;
  lambda: number;
  bound: number;
  row: number;
}

/**
 * Prices to start from: those of the solve before; where its objective has become a row, λ times them and λ on that row, with the λ that
 * proves most.
 */
function continueFrom(problem: Problem, last: Warm, past: Past[]): Start {
  const { lp } = problem;
  const held = past.at(-1);
  const trial = (l: number) => {
    const y = last.y.map((v) => v * l);
    if (held) y[held.row]! = held.ratio * l;
    return { y, lambda: l, bound: boundOf(problem, ...splitRows(problem, y)), row: held?.row ?? 0 };
  };
  if (!held || lp.rowUpper[held.row] === Infinity) return { ...trial(1), row: 0 };
  if (lp.objective.every((c) => c <= 0)) {
    // nothing is gained but by what is held (cost): λ cannot be seen in the bound
    const limit = lp.rowUpper[held.row]!;
    const slack = Math.max(1e-8, (held.bound / held.ratio + limit) / Math.abs(limit || 1));
    let spent = 0;
    for (let j = 0; j < lp.columns; j++) spent -= lp.objective[j]! * last.plan[j]!;
    return trial(((ELASTICITY / Math.sqrt(slack)) * spent) / Math.abs(limit || 1) / held.ratio);
  }
  let best = trial(0);
  const probe = (l: number) => {
    const t = trial(l);
    if (t.bound < best.bound) best = t;
  };
  for (let e = -8; e <= 8; e += 0.5) probe(10 ** e);
  for (let step = 10 ** 0.25; step > 1.02; step = Math.sqrt(step))
    for (const l of [best.lambda * step, best.lambda / step]) probe(l);
  return best;
}

function take(problem: Problem, it: Iterate, last: Warm, start: Start, knobs: Knobs): void {
  for (let j = 0; j < problem.n; j++)
    for (let s = problem.first[j]!; s < problem.first[j + 1]!; s++) it.x[j]! += last.x[s]!;
  it.anchorX.set(it.x);
  const { lambda } = start;
  if (!(lambda > 0)) return;
  const [y, w] = splitRows(problem, start.y);
  it.y.set(y);
  it.w.set(w);
  it.anchorY.set(y);
  it.anchorW.set(w);
  const size = (row: number, old: number) => {
    if (row === start.row && row > 0) return start.y[row]! * knobs.rw;
    if (knobs.fresh) return old;
    const r = last.sizeY[row]!;
    return r > 0 ? r * lambda : old;
  };
  for (let i = 0; i < problem.m; i++) it.sizeY[i] = size(problem.row[i]!, it.sizeY[i]!);
  problem.concave.forEach((c, q) => {
    it.sizeW[q] = size(c.row, it.sizeW[q]!);
  });
  it.weight = knobs.fresh ? knobs.weight0 : last.weight;
  if (last.sizeX.length === problem.n) it.sizeX.set(last.sizeX);
}

/** The row that is −1/ratio times the objective. */
function rowOfObjective(lp: Lp): { row: number; ratio: number } | null {
  const { start, index, value, objective } = lp;
  for (let j = 0; j < lp.columns; j++) {
    if (objective[j] === 0) continue;
    for (let p = start[j]!; p < start[j + 1]!; p++) {
      const ratio = -objective[j]! / value[p]!;
      if (ratio > 0 && isRow(lp, index[p]!, ratio)) return { row: index[p]!, ratio };
    }
    return null;
  }
  return null;
}

function isRow(lp: Lp, row: number, ratio: number): boolean {
  for (let j = 0; j < lp.columns; j++) {
    let a = 0;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) if (lp.index[p] === row) a = lp.value[p]!;
    if (Math.abs(lp.objective[j]! + ratio * a) > 1e-9 * Math.abs(lp.objective[j]!)) return false;
  }
  return true;
}

function splitRows(problem: Problem, y: Float64Array): [Float64Array, Float64Array] {
  const left = (i: number) => Math.max(0, y[i]! - problem.base[i]!);
  return [Float64Array.from(problem.row, left), Float64Array.from(problem.concave, (c) => left(c.row))];
}

function columnsOf(problem: Problem, x: Float64Array): Float64Array {
  const { n, first, lp } = problem;
  const all = new Float64Array(lp.columns);
  for (let j = 0; j < n; j++) {
    let rest = x[j]!;
    for (let s = first[j]!; s < first[j + 1]! && rest > 0; s++) {
      const take = Math.min(rest, lp.upper[s]!);
      all[s] = take;
      rest -= take;
    }
  }
  return all;
}

function rowsOf(problem: Problem, y: Float64Array, w: Float64Array): Float64Array {
  const all = problem.base.slice();
  problem.row.forEach((row, i) => {
    all[row]! += y[i]!;
  });
  problem.concave.forEach((c, q) => {
    all[c.row]! += w[q]!;
  });
  return all;
}

function measurePlan(lp: Lp, x: Float64Array): Plan {
  const activity = new Float64Array(lp.rows);
  const size = new Float64Array(lp.rows);
  let value = 0;
  for (let j = 0; j < lp.columns; j++) {
    const v = x[j]!;
    if (v === 0) continue;
    value += lp.objective[j]! * v;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      activity[lp.index[p]!]! += lp.value[p]! * v;
      size[lp.index[p]!]! += Math.abs(lp.value[p]! * v);
    }
  }
  const rows: number[] = [];
  const short: number[] = [];
  let most = 0;
  for (let i = 0; i < lp.rows; i++) {
    const d = activity[i]! - lp.rowUpper[i]!;
    if (d > 1e-12 * (size[i]! + Math.abs(lp.rowUpper[i]!))) {
      rows.push(i);
      short.push(d);
      most = Math.max(most, d / Math.max(size[i]!, Math.abs(lp.rowUpper[i]!)));
    }
  }
  return { x, value, rows, short, most };
}

function run(
  problem: Problem,
  it: Iterate,
  size0: Float64Array,
  knobs: Knobs,
  options: GeneralOptions,
  anchorPlan: Float64Array | null,
  onIterations?: (n: number) => void,
): GeneralSolution {
  const { lp, n, m } = problem;
  const q = problem.concave.length;
  const sizeY0 = it.sizeY.slice();
  let proof: Proof = { y: new Float64Array(lp.rows), bound: boundOf(problem, new Float64Array(m), new Float64Array(q)) };
  let plan: Plan = measurePlan(lp, options.repair(anchorPlan ?? new Float64Array(lp.columns), problem.base));
  const width = (a: Proof, b: Plan) => {
    if (b.most > options.shortfall) return Infinity;
    let sum = a.bound - b.value;
    b.rows.forEach((row, i) => {
      sum += a.y[row]! * b.short[i]!;
    });
    return sum;
  };
  let best = width(proof, plan);
  const rowIndex = knobs.polish ? indexRows(lp) : null!;
  let first = 0;
  let before = Infinity;
  let total = 0;
  let nextCertificate = 8;
  let sumE = 0;
  let restarts = 0;
  let gap = Infinity;
  let seen = { primal: 0, dual: 0 };
  const measureGap = () => {
    const scale = options.scale(proof.bound);
    gap = best <= 0 ? 0 : best / scale;
  };
  measureGap();
  while (total < options.maxIterations && gap > options.gap) {
    const look = it.k === 0 || (total + 1) % knobs.look === 0 || total + 1 >= nextCertificate;
    const error = advance(problem, it, knobs.reflection, look);
    total++;
    if (!look) continue;
    if (total >= nextCertificate) {
      nextCertificate = Math.ceil(total * 1.1 + 4);
      let newProof = { y: rowsOf(problem, it.nextY, it.nextW), bound: boundOf(problem, it.nextY, it.nextW) };
      const rawBound = newProof.bound;
      if (knobs.polish) newProof = polish(lp, rowIndex, newProof.y);
      const newPlan = measurePlan(lp, options.repair(columnsOf(problem, it.nextX), newProof.y));
      const [proof0, plan0] = [proof, plan];
      const plans = [newPlan, plan0];
      // nearer to the best plan so far, which keeps to the earlier stages
      if (knobs.blend && newPlan.most > options.shortfall && plan0.most < options.shortfall) {
        const f = Math.min(0.9, (0.9 * (options.shortfall - plan0.most)) / (newPlan.most - plan0.most));
        for (const t of [f, Math.sqrt(f)]) {
          const mixed = plan0.x.map((v, j) => v + t * (newPlan.x[j]! - v));
          plans.push(measurePlan(lp, options.repair(mixed, newProof.y)));
        }
      }
      for (const [a, b] of [...plans.map((v) => [newProof, v] as const), ...plans.map((v) => [proof0, v] as const)]) {
        const w = width(a, b);
        if (w < best) [best, proof, plan] = [w, a, b];
      }
      measureGap();
      knobs.trace?.([total, proof.bound, plan.value, plan.most, it.weight, newProof.bound, newPlan.value, newPlan.most, gap, ...it.nextW]);
      options.onGap?.(gap, total);
      onIterations?.(total);
      if (options.stop?.()) break;
      const l = lagrangian(problem, it);
      let priced = newPlan.value;
      newPlan.rows.forEach((row, i) => {
        priced -= newProof.y[row]! * newPlan.short[i]!;
      });
      seen = { primal: l - priced, dual: (knobs.rawBalance ? rawBound : newProof.bound) - l };
    }
    const r = Math.sqrt(error);
    if (it.k === 1) {
      first = r;
      before = r;
      continue;
    }
    const go =
      r <= knobs.sufficient * first ||
      (r <= knobs.necessary * first && r > before) ||
      it.k >= knobs.artificial * total;
    before = r;
    if (!go) continue;
    let dx = 0;
    let dy = 0;
    for (let j = 0; j < n; j++) {
      const d = it.nextX[j]! - it.anchorX[j]!;
      if (d !== 0) dx += (d * d) / it.tau[j]!;
    }
    for (let i = 0; i < m; i++) {
      const d = it.nextY[i]! - it.anchorY[i]!;
      if (d !== 0) dy += (d * d) / it.sigma[i]!;
    }
    for (let k = 0; k < q; k++) {
      const d = it.nextW[k]! - it.anchorW[k]!;
      if (d !== 0) dy += (d * d) / it.sigmaW[k]!;
    }
    if (knobs.weight === 'pid' || (knobs.weight === 'both' && restarts < 3)) {
      if (dx > 0 && dy > 0) {
        const e = Math.log(it.weight * Math.sqrt(dx / dy));
        sumE += e;
        it.weight *= Math.exp(-(knobs.kp * e + knobs.ki * sumE));
      }
    } else if (knobs.weight === 'balance' || knobs.weight === 'both') {
      const { primal: p, dual: d } = seen;
      if (p > 0 && d > 0) it.weight *= Math.exp(Math.max(-1, Math.min(1, 0.7 * Math.log(p / d))));
    }
    it.weight = Math.max(knobs.least, Math.min(knobs.most, it.weight));
    restarts++;
    restart(it);
    if (knobs.adaptX && total >= 25) {
      for (let j = 0; j < n; j++)
        it.sizeX[j] = Math.min(size0[j]!, Math.max(knobs.floorX * size0[j]!, 4 * it.x[j]!, 0.3 * it.sizeX[j]!));
    }
    if (knobs.adaptY && total >= 25) {
      for (let i = 0; i < m; i++)
        it.sizeY[i] = Math.min(4 * sizeY0[i]!, Math.max(0.02 * sizeY0[i]!, 4 * it.y[i]!, 0.3 * it.sizeY[i]!));
    }
    if (knobs.adaptX || knobs.adaptY) setSteps(problem, it);
  }
  const short = new Float64Array(lp.rows);
  plan.rows.forEach((row, i) => {
    short[row] = plan.short[i]!;
  });
  return { outcome: 'optimal', x: plan.x, y: proof.y, objective: plan.value, iterations: total, bound: proof.bound, gap, short };
}

function lagrangian(problem: Problem, it: Iterate): number {
  const { n, m, first, start, index, value, rowUpper, concave, lp, gain, base } = problem;
  let sum = 0;
  for (let i = 0; i < lp.rows; i++) if (base[i]! > 0) sum += base[i]! * lp.rowUpper[i]!;
  for (let i = 0; i < m; i++) sum += it.nextY[i]! * rowUpper[i]!;
  concave.forEach((c, q) => {
    sum -= it.nextW[q]! * c.atLeast;
  });
  for (let j = 0; j < n; j++) {
    let rest = it.nextX[j]!;
    if (rest === 0) continue;
    let price = 0;
    for (let p = start[j]!; p < start[j + 1]!; p++) price += value[p]! * it.nextY[index[p]!]!;
    for (let s = first[j]!; s < first[j + 1]! && rest > 0; s++) {
      let slope = gain[s]! - price;
      for (let q = 0; q < concave.length; q++) slope += it.nextW[q]! * concave[q]!.worth[s]!;
      const take = Math.min(rest, lp.upper[s]!);
      sum += slope * take;
      rest -= take;
    }
  }
  return sum;
}
