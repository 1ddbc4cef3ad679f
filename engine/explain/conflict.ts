/**
 * Floors that cannot all be met: an irreducible set of floors and limits that exclude each other (deletion filter: Chinneck and Dravnieks
 * 1991; Chinneck 2008), begun from the rows with a price in the proof that they do.
 */
import type { Highs } from 'highs';
import type { Network } from '../network.js';
import { compilePolicy } from '../policy.js';
import { buildModel, type StageModel } from '../solve/model.js';
import { six } from './gains.js';
import type { Interval } from './interval.js';
import { loosened } from './loose.js';
import type { ExplanationSaid } from './said.js';
import { openSession, type Session } from './session.js';

/** A limit over all its periods; goods by resource, as any depot may have more. */
export interface Limit {
  kind: 'stock' | 'route' | 'handling' | 'storage' | 'fleet' | 'budget';
  /** Number of the resource, route, site, fleet. */
  n: number;
}

export interface Conflict {
  /** Pairs, region·K + resource. */
  floors: number[];
  limits: Limit[];
}

/** The floors and limits of a network as one linear program in which each limit can be taken away. */
export interface FloorProgram {
  network: Network;
  model: StageModel;
  session: Session;
  /** Pairs with a floor, and the column of each: what is met of it. */
  floors: Map<number, number>;
  limits: Limit[];
  /** Rows of each limit. */
  rows: number[][];
}

export function openFloors(network: Network, highs: Highs): FloorProgram {
  const { D, T, K, arcs } = network;
  const policy = compilePolicy([{ stage: 'floor' }]);
  const loose = loosened(network);
  const model = buildModel(loose, policy);
  const { lp } = model;
  const keys = (count: number) => Float64Array.from({ length: count }, (_, n) => n);
  const session = openSession(highs, lp, keys(lp.columns), keys(lp.rows));

  const floors = new Map<number, number>();
  for (let j = 0; j < lp.columns; j++) {
    const [kind, pair] = model.columnName(j).split('_');
    // a floor without weight is no shortfall
    if (kind === 'floor' && network.approx.points[Number(pair)]! > 0) floors.set(Number(pair), j);
  }
  const found = new Map<string, { limit: Limit; rows: number[] }>();
  for (let i = 0; i < lp.rows; i++) {
    const [block = '', number = '0'] = model.rowName(i).split('_');
    const row = Number(number);
    const node = Math.floor(row / K);
    const limit: Limit | null =
      block === 'goods'
        ? node < D * T
          ? { kind: 'stock', n: row % K }
          : null
        : block === 'route'
          ? { kind: block, n: arcs.route[row]! }
          : block === 'handling' || block === 'storage' || block === 'fleet'
            ? { kind: block, n: Math.floor(row / T) }
            : block === 'budget'
              ? { kind: block, n: 0 }
              : null;
    if (limit === null || lp.rowUpper[i] === Infinity) continue;
    const key = `${limit.kind} ${limit.n}`;
    const group = found.get(key) ?? { limit, rows: [] };
    group.rows.push(i);
    found.set(key, group);
  }
  const groups = [...found.values()];
  return { network, model, session, floors, limits: groups.map((g) => g.limit), rows: groups.map((g) => g.rows) };
}

/** Shortfall, in floors, that is more than rounding. */
const SHORT = 1e-7;

interface Asked {
  floors: ReadonlySet<number>;
  /** Numbers of limits that hold. */
  limits: ReadonlySet<number>;
}

/** The most of these floors that can be met under these limits, and what has a price there. */
function test(
  program: FloorProgram,
  { floors, limits }: Asked,
): { possible: boolean; met: Map<number, number>; priced: Asked } {
  const { model, session, rows } = program;
  const { lp } = model;
  const kept = lp.rowUpper.slice();
  lp.objective.fill(0);
  for (const pair of floors) lp.objective[program.floors.get(pair)!] = 1 / lp.upper[program.floors.get(pair)!]!;
  rows.forEach((list, g) => {
    if (!limits.has(g)) for (const i of list) lp.rowUpper[i] = Infinity;
  });
  const solution = session.solve();
  lp.rowUpper.set(kept);
  if (!solution) throw new Error('the floors cannot be looked at'); // giving up all goods is always possible
  const met = new Map<number, number>();
  let short = 0;
  for (const pair of floors) {
    const column = program.floors.get(pair)!;
    met.set(pair, solution.x[column]! / lp.upper[column]!);
    short += 1 - met.get(pair)!;
  }
  const priced = {
    limits: new Set([...limits].filter((g) => rows[g]!.some((i) => solution.y[i]! > 0))),
    floors: new Set([...floors].filter((pair) => usesPrice(program, pair, solution.y))),
  };
  return { possible: short <= SHORT, met, priced };
}

/** Whether the row of a floor has a price: what is met of it comes at the expense of others. */
function usesPrice({ model, floors }: FloorProgram, pair: number, y: Float64Array): boolean {
  const { lp } = model;
  const column = floors.get(pair)!;
  for (let p = lp.start[column]!; p < lp.start[column + 1]!; p++)
    if (lp.value[p]! > 0 && y[lp.index[p]!]! > 0) return true;
  return false;
}

const everything = (count: number): Set<number> => new Set(Array.from({ length: count }, (_, n) => n));

/** Floors that no way leads to in time, whatever the limits, and the share of each that can be met all the same. */
export function unreachable(program: FloorProgram): Map<number, number> {
  const { met } = test(program, { floors: new Set(program.floors.keys()), limits: new Set() });
  return new Map([...met].filter(([, part]) => part < 1 - SHORT));
}

/** An irreducible conflict among these floors and all limits, or null where they are possible together. */
export function findConflict(program: FloorProgram, floors: ReadonlySet<number>): Conflict | null {
  let now: Asked = { floors, limits: everything(program.limits.length) };
  const first = test(program, now);
  if (first.possible) return null;
  // rows with a price prove it, so the rest may go at once
  if (!test(program, first.priced).possible) now = first.priced;
  for (const what of ['limits', 'floors'] as const)
    for (const member of [...now[what]].sort((a, b) => a - b)) {
      const fewer: Asked = { ...now, [what]: new Set([...now[what]].filter((m) => m !== member)) };
      const tried = test(program, fewer);
      if (!tried.possible) now = fewer;
    }
  return {
    floors: [...now.floors].sort((a, b) => a - b),
    limits: [...now.limits].sort((a, b) => a - b).map((g) => program.limits[g]!),
  };
}

/** Conflicts with no floor in common, at most so many. */
export function findConflicts(program: FloorProgram, floors: Iterable<number>, most: number): Conflict[] {
  const left = new Set(floors);
  const list: Conflict[] = [];
  while (list.length < most && left.size > 0) {
    const conflict = findConflict(program, left);
    if (!conflict) break;
    list.push(conflict);
    for (const pair of conflict.floors) left.delete(pair);
  }
  return list;
}

export function floorSaid({ K, scenario, approx }: Network, pair: number): ExplanationSaid {
  const j = Math.floor(pair / K);
  const [region, resource] = [scenario.regions[j]!.id, scenario.resources[pair % K]!.id];
  return { say: 'floor', region, resource, share: approx.floor[j]! };
}

/** A limit that may differ from period to period. */
const rangeOf = (limits: Float64Array): Interval => ({ lo: six(Math.min(...limits)), hi: six(Math.max(...limits)) });

export function limitSaid(network: Network, { kind, n }: Limit): ExplanationSaid {
  const { D, T, K, scenario, sites, approx, supply } = network;
  const site = sites[n]!;
  if (kind === 'stock') {
    const { id: resource, unit, lot } = scenario.resources[n]!;
    let lots = 0;
    for (let i = n; i < D * T * K; i += K) lots += supply[i]!;
    const say = scenario.response?.locked.length ? 'held.given' : 'held.stock';
    return { say, resource, amount: six(lots * lot), unit };
  }
  if (kind === 'route') {
    const { from, to, mode } = scenario.routes[n]!;
    return { say: 'held.route', from, to, mode, amount: six(approx.capacity[n]!) };
  }
  if (kind === 'handling')
    return { say: 'held.handling', site, range: rangeOf(approx.handling.subarray(n * T, (n + 1) * T)) };
  if (kind === 'storage') return { say: 'held.storage', site, amount: six(approx.storage[n]!) };
  if (kind === 'fleet') {
    const range = rangeOf(approx.fleet.subarray(n * T, (n + 1) * T));
    return { say: 'held.fleet', mode: scenario.fleets[n]!.mode, range };
  }
  return { say: 'held.budget', amount: six(approx.budget), unit: scenario.budget?.currency ?? 'money' };
}
