/**
 * The re-solve: every stage of the policy on the continuous problem, each held while the next is solved, with what the prices prove in
 * exact arithmetic; then how much of somebody's need can be met at least and at most by plans as good as that. Continuous, as whole lots
 * would drown what one truck does.
 */
import type { Highs } from 'highs';
import { AllocateError } from '../errors.js';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { provenBound } from '../proof/bound.js';
import { readPrices, writePrices } from '../proof/certificate.js';
import { decimal, toNumber } from '../proof/exact.js';
import { priceOut, slacks } from '../solve/finish/price.js';
import { buildModel } from '../solve/model.js';
import type { PriceOf } from './changes.js';
import { boundOn, faceOf, wholeFace } from './face.js';
import type { Interval } from './interval.js';
import { type Columns, describeColumns, rowKeys } from './keys.js';
import { type Basis, type Face, openSession, type Session, type Solution } from './session.js';

/** The best of a stage, as its maximand (floor met, coverage, points, minus the cost). */
export interface StageRange extends Interval {
  /** What earlier stages were held at for it is their `lo` less this share of the scale. */
  scale: number;
}

/** Whose need: all where a field is null; regions and resources by number. */
export interface Whose {
  region: number | null;
  resource: number | null;
}

export interface Resolved {
  stages: StageRange[];
  /** People-periods met by any plan that does best on every stage: least and most. One for each `whose`. */
  people: Interval[];
  /** One for each stage: where the next solve of it may start. */
  bases: Basis[];
  iterations: number;
}

export interface Resolver {
  network: Network;
  policy: Policy;
  columns: Columns;
  /** Solves all stages, from the bases of a neighbour where they are given. Throws AllocateError. */
  solve(whose: readonly Whose[], start?: readonly Basis[]): Resolved;
  /**
   * After `solve`: most people-periods that can be met for somebody by plans that do best on the first `count` stages and leave the
   * others aside.
   */
  most(whose: Whose, count: number): Interval;
  /**
   * After `solve`: what one unit of a row is worth to somebody, in people-periods at the margin and in one of many plans. Says where to look.
   */
  worth(whose: Whose): PriceOf;
  /** After `solve`: the same in points of a stage. */
  prices(stage: number): PriceOf;
  /** After `solve`: best profit of a tonne (or a lot of what weighs nothing) on an arc, in points of a stage, of one resource or −1. */
  profit(stage: number, arc: number, resource: number): number;
  dispose(): void;
}

/** How much of its scale an earlier stage may give up: what rounding needs, tried in turn. */
const SLACKS = [1e-11, 1e-10, 1e-9, 1e-8];
/** Largest coefficient of an objective (`../solve/model.ts`). */
const LARGEST = 1e3;

/** Arcs with a number in `shut` carry nothing, though they are there. */
export function openResolver(network: Network, policy: Policy, highs: Highs, shut?: Uint8Array): Resolver {
  const model = buildModel(network, policy);
  const { lp } = model;
  const columns = describeColumns(network, model);
  if (shut)
    columns.arc.forEach((a, j) => {
      if (a >= 0 && shut[a]) lp.upper[j] = 0;
    });
  const session: Session = openSession(highs, lp, columns.key, rowKeys(network, model));
  /** By stage: the plans that do best on it and those before it, and the prices of its proof. */
  const done: { face: Face; y: Float64Array }[] = [];
  let iterations = 0;

  const hold = (held: readonly number[]) => {
    policy.stages.forEach((_, r) => {
      model.hold(r, held[r] ?? Number.NEGATIVE_INFINITY);
    });
  };

  /** Solves stage s behind what was reached on those before it, less what rounding needs. */
  function solveStage(s: number, reached: StageRange[]): { found: Solution; held: number[] } {
    model.aim(s);
    for (const slack of s === 0 ? [0] : SLACKS) {
      const held = reached.map(({ lo, scale }) => lo - slack * scale);
      hold(held);
      const found = session.solve();
      if (found) return { found, held };
    }
    throw new AllocateError('internal', `no plan keeps to the first ${s} stages`);
  }

  function solve(whose: readonly Whose[], start?: readonly Basis[]): Resolved {
    const stages: StageRange[] = [];
    const bases: Basis[] = [];
    done.length = 0;
    iterations = 0;
    policy.stages.forEach((stage, s) => {
      const from = start?.[s];
      if (from) session.start(from);
      const { found, held } = solveStage(s, stages);
      const { y } = found;
      iterations += found.iterations;
      bases.push(session.basis());
      // the row that holds a stage gives up what rounding needs, and where the last points are dear that is seen: the best plan proper
      // is on the face of the stages before
      const proper = s === 0 ? found : onFace(s);
      const reached = model.maximand(s, proper.x);
      const { prices } = readPrices(network, policy, s, writePrices(stage.stage, model.prices(s, y)));
      const bound = toNumber(provenBound(network, policy, s, prices, held.map(decimal)));
      const sure = reached - gained(proper.x, proper.y) * model.pointsPerUnit(s);
      stages.push({ lo: Math.min(sure, bound), hi: bound, scale: model.gapScale(s, reached) });
      done.push({ face: faceOf(lp, proper.y, before(s)), y });
    });
    const all = policy.stages.length;
    const people = whose.map((who): Interval => ({ lo: -extreme(who, all, -1).hi, hi: extreme(who, all, 1).hi }));
    return { stages, people, bases, iterations };
  }

  const before = (count: number): Face => done[count - 1]?.face ?? wholeFace(lp);

  /** The present objective where the first `count` stages are at their best. */
  function onFace(count: number): Solution {
    hold([]);
    const found = session.solve(before(count));
    if (!found) throw new AllocateError('internal', `no plan keeps to the first ${count} stages`);
    iterations += found.iterations;
    return found;
  }

  /** What rows that are exceeded within the solver's tolerance bring, at twice their price. */
  function gained(x: Float64Array, y: Float64Array): number {
    let sum = 0;
    slacks(lp, x).forEach((slack, i) => {
      if (slack < 0) sum -= 2 * Math.abs(y[i]!) * slack;
    });
    return sum;
  }

  /** Most (or least, as minus that) people-periods where the first `count` stages are at their best: reached, and no plan exceeds. */
  function extreme(who: Whose, count: number, way: 1 | -1): Interval & { y: Float64Array; unit: number } {
    const { objective, unit } = peopleObjective(who, way);
    if (unit === 0) return { lo: 0, hi: 0, y: new Float64Array(lp.rows), unit };
    lp.objective.set(objective);
    const face = before(count);
    const found = onFace(count);
    let reached = 0;
    for (let j = 0; j < lp.columns; j++) reached += objective[j]! * found.x[j]!;
    const bound = boundOn(lp, face, found.y);
    return { lo: Math.min(reached, bound) * unit, hi: bound * unit, y: found.y, unit };
  }

  function openProfits(): Resolver['profit'] {
    const { approx } = network;
    const known = new Map<string, number>();
    let solved = -1;
    return (s, arc, resource) => {
      if (solved !== s) {
        solved = s;
        known.clear();
        model.aim(s);
        const reduced = new Float64Array(lp.columns);
        priceOut(lp, done[s]!.y, reduced);
        columns.arc.forEach((a, j) => {
          if (a < 0) return;
          const k = columns.resource[j]!;
          const weight = approx.weight[k]! > 0 ? approx.weight[k]! : 1;
          const each = (reduced[j]! * model.pointsPerUnit(s)) / (columns.lots[j]! * weight);
          for (const key of [`${a} ${k}`, `${a} -1`]) if (each > (known.get(key) ?? 0)) known.set(key, each);
        });
      }
      return known.get(`${arc} ${resource}`) ?? 0;
    };
  }

  function worth(whose: Whose): PriceOf {
    const all = policy.stages.length;
    const { y, unit } = extreme(whose, all, 1);
    const last = all - 1;
    // `prices` brings each row to its own unit, times the points of a stage
    const rows = model.prices(last, y);
    const points = model.pointsPerUnit(last);
    return (block, row) => ((rows[block][row] ?? 0) / points) * unit;
  }

  /** People-periods by column, divided by `unit`. */
  function peopleObjective({ region, resource }: Whose, way: 1 | -1): { objective: Float64Array; unit: number } {
    const { T, K, scenario } = network;
    const objective = new Float64Array(lp.columns);
    let largest = 0;
    columns.need.forEach((i, j) => {
      if (i < 0) return;
      const k = i % K;
      if (region !== null && Math.floor(i / (K * T)) !== region) return;
      if (resource !== null && k !== resource) return;
      const { lot, peoplePerUnit } = scenario.resources[k]!;
      objective[j] = way * columns.lots[j]! * lot * peoplePerUnit;
      largest = Math.max(largest, Math.abs(objective[j]!));
    });
    const unit = largest / LARGEST;
    return { objective: unit > 0 ? objective.map((c) => c / unit) : objective, unit };
  }

  return {
    network,
    policy,
    columns,
    solve,
    most(who, count) {
      const { lo, hi } = extreme(who, count, 1);
      return { lo, hi };
    },
    worth,
    prices(s) {
      const rows = model.prices(s, done[s]!.y);
      return (block, row) => rows[block][row] ?? 0;
    },
    profit: openProfits(),
    dispose: () => session.dispose(),
  };
}
