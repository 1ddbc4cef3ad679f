/**
 * The general structured solver: restarted reflected Halpern PDHG between certificates. `openGeneral` takes any LP of `solve/model.ts` and a
 * `repair`; `network.ts` beside it puts the two together for a network. How it works and what was measured: README.md.
 */
import type { Lp, LpSession, LpSolution } from '../lp.js';
import { type Candidate, measureCandidate, type Proof, widthOf } from './best.js';
import { boundOf, lagrangianOf } from './bound.js';
import { advance, type Iterate, openIterate, restart } from './iterate.js';
import { indexRows, polish, type RowIndex } from './polish.js';
import { compileProblem, type Problem, pieceColumns, rowPrices } from './problem.js';
import { adaptSizes, setSteps, startSizes } from './steps.js';
import { type Last, type Past, rowOfObjective, startAt, startPrices } from './warm.js';

export interface GeneralOptions {
  /** Gap asked for, relative to `scale`. */
  gap: number;
  /** Scale of gaps in units of the LP's objective, given the bound in the same units. */
  scale(bound: number): number;
  /** Iterations of a solve after which it ends with what it has. */
  maxIterations: number;
  /** Solution near x that breaks no row but those of earlier stages; y are the present prices by row. */
  repair(x: Float64Array, y: Float64Array): Float64Array;
  /** How far, relative to the row, a plan may fall short on an earlier stage. */
  shortfall: number;
  onGap?(gap: number, iterations: number): void;
  /** Asked at certificates; true ends the solve with the best plan and proof so far. */
  stop?(): boolean;
}

/** x is the best plan, y the best prices, both made possible; `gap` is what they prove together, `reached` whether that is enough. */
export interface GeneralSolution extends LpSolution {
  outcome: 'optimal';
  bound: number;
  gap: number;
  reached: boolean;
  /** By row: how much x breaks it (rows of earlier stages only). */
  short: Float64Array;
}

export interface GeneralSession extends LpSession {
  solve(onIterations?: (iterations: number) => void): GeneralSolution;
}

/**
 * Share of the asked gap that base prices on earlier stages may cost. They pull iterates to the face that the earlier stages leave (floors
 * that cost need next to nothing were 5e-4 short after 640 iterations without).
 */
const PULL = 0.1;

/** Iterations between looks at the fixed-point error. */
const LOOK = 4;

/** Restart criteria of cuPDLPx (2025, section 3.2): sufficient and necessary decay, and the longest run. */
const [SUFFICIENT, NECESSARY, LONGEST] = [0.2, 0.8, 0.36];

/** Sizes follow the iterate from this iteration on. */
const SETTLED = 25;

/** The primal weight stays below: above, prices hardly improve (cost after need: a bound that stood still for 400 iterations). */
const MOST_WEIGHT = 10;

/** Opens a session; each solve goes on from the one before. Never throws, never answers NaN, always ends. */
export function openGeneral(lp: Lp, options: GeneralOptions): GeneralSession {
  let last: Last | null = null;
  const past: Past[] = [];
  const rows = indexRows(lp);
  return {
    solve(onIterations) {
      let problem = compileProblem(lp);
      const start = last ? startPrices(problem, last, past) : null;
      if (start) problem = compileProblem(lp, basePrices(lp, past, PULL * options.gap * options.scale(start.bound)));
      const it = openIterate(problem);
      startSizes(problem, it);
      const x0 = Float64Array.from(it.sizeX);
      if (last && start) startAt(problem, it, last, start);
      setSteps(problem, it);
      const solution = run({ lp, rows, problem, it, x0, options }, last?.plan ?? new Float64Array(lp.columns), (n) =>
        onIterations?.(n),
      );
      last = { x: pieceColumns(problem, it.nextX), plan: solution.x, y: solution.y, sizeX: it.sizeX };
      remember(past, lp, solution.bound);
      return solution;
    },
    dispose() {},
  };
}

/** Prices on rows of earlier stages that loosen the bound by `cost` at most, as what was proven there leaves so little room. */
function basePrices(lp: Lp, past: Past[], cost: number): Float64Array {
  const base = new Float64Array(lp.rows);
  if (!Number.isFinite(cost)) return base;
  for (const { row, ratio, bound } of past) {
    const room = bound / ratio + lp.rowUpper[row]!;
    if (lp.rowUpper[row] !== Infinity && room > 1e-9 * Math.abs(lp.rowUpper[row]!))
      base[row] = cost / past.length / room;
  }
  return base;
}

function remember(past: Past[], lp: Lp, bound: number): void {
  const same = rowOfObjective(lp);
  if (!same) return;
  const at = past.findIndex((p) => p.row === same.row);
  if (at >= 0) past.splice(at, 1);
  past.push({ ...same, bound });
}

interface Course {
  lp: Lp;
  rows: RowIndex;
  problem: Problem;
  it: Iterate;
  /** Sizes of the start. */
  x0: Float64Array;
  options: GeneralOptions;
}

function run(course: Course, anchor: Float64Array, onIterations: (n: number) => void): GeneralSolution {
  const { lp, problem, it, x0, options } = course;
  const nothing = rowPrices(problem, new Float64Array(problem.m), new Float64Array(problem.concave.length));
  let proof: Proof = {
    y: nothing,
    bound: boundOf(problem, new Float64Array(problem.m), new Float64Array(problem.concave.length)),
  };
  let plan = measureCandidate(lp, options.repair(anchor, nothing));
  const width = (a: Proof, b: Candidate) => (b.most > options.shortfall ? Infinity : widthOf(a, b));
  let best = width(proof, plan);
  const gapOf = () => {
    const scale = options.scale(proof.bound);
    return best <= 0 ? 0 : best < Infinity && scale > 0 ? best / scale : Infinity;
  };
  let gap = gapOf();
  const y0 = Float64Array.from(it.sizeY);
  let [first, before, total, next] = [0, 0, 0, 8];
  // distance of value and bound from the Lagrangian at the last certificate
  let [below, above] = [0, 0];
  while (total < options.maxIterations && gap > options.gap) {
    const certify = total + 1 >= next;
    const look = it.k === 0 || certify || (total + 1) % LOOK === 0;
    const error = Math.sqrt(advance(problem, it, 1, look));
    total++;
    if (!look) continue;
    if (!Number.isFinite(error)) break;
    if (certify) {
      next = Math.ceil(total * 1.1 + 4);
      const proven = polish(lp, course.rows, rowPrices(problem, it.nextY, it.nextW));
      const made = measureCandidate(lp, options.repair(pieceColumns(problem, it.nextX), proven.y));
      const [proof0, plans] = [proof, [made, plan, ...nearer(course, plan, made, proven)]];
      for (const a of [proven, proof0])
        for (const b of plans) if (width(a, b) < best) [best, proof, plan] = [width(a, b), a, b];
      gap = gapOf();
      options.onGap?.(gap, total);
      onIterations(total);
      if (options.stop?.()) break;
      const middle = lagrangianOf(problem, it.nextX, it.nextY, it.nextW);
      above = proven.bound - middle;
      below = widthOf(proven, made) - above;
    }
    if (it.k === 1) {
      first = before = error;
      continue;
    }
    const decayed = error <= SUFFICIENT * first || (error <= NECESSARY * first && error > before);
    before = error;
    if (!decayed && it.k < LONGEST * total) continue;
    // more weight on feasibility where the plan lags behind, on prices where they do
    if (below > 0 && above > 0) it.weight *= Math.exp(Math.max(-1, Math.min(1, 0.7 * Math.log(below / above))));
    it.weight = Math.max(1e-9, Math.min(MOST_WEIGHT, it.weight));
    restart(it);
    if (total >= SETTLED) adaptSizes(problem, it, x0, y0);
  }
  const short = new Float64Array(lp.rows);
  plan.rows.forEach((row, i) => {
    short[row] = plan.short[i]!;
  });
  const reached = gap <= options.gap;
  return {
    outcome: 'optimal',
    x: plan.x,
    y: proof.y,
    objective: plan.value,
    iterations: total,
    bound: proof.bound,
    gap,
    reached,
    short,
  };
}

/** Where the new plan falls too short on earlier stages, mixtures with the best one, which does not. */
function nearer({ lp, options }: Course, plan: Candidate, made: Candidate, { y }: Proof): Candidate[] {
  if (made.most <= options.shortfall || plan.most >= options.shortfall) return [];
  const share = Math.min(0.9, (0.9 * (options.shortfall - plan.most)) / (made.most - plan.most));
  return [share, Math.sqrt(share)].map((t) =>
    measureCandidate(
      lp,
      options.repair(
        plan.x.map((v, j) => v + t * (made.x[j]! - v)),
        y,
      ),
    ),
  );
}
