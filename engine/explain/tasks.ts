/** What a worker does for an explanation: the beginning, with all that is read off plan and proof, and one change after the other. */
import { complete, patched, type Scenario } from '../../scenarios/index.js';
import { compileNetwork, type Network, totalNeed } from '../network.js';
import { compilePolicy, type Policy } from '../policy.js';
import { toNumber } from '../proof/exact.js';
import { floorTotal } from '../proof/values.js';
import { readPlan } from '../shipments.js';
import { highsRuntime } from '../solve/highs.js';
import type { Allocation, PolicyName, Stage } from '../types.js';
import { type Binding, upstream } from './bindings.js';
import { type Change, listChanges, type PriceOf, type ProfitOf, withoutNeeds } from './changes.js';
import { solveCoarsely, wayOf } from './coarse.js';
import { type Competitor, differences, listCompetitors } from './competitors.js';
import { findConflicts, floorSaid, limitSaid, openFloors, unreachable } from './conflict.js';
import { english } from './english.js';
import { holdsLocked } from './locked.js';
import { opened } from './loose.js';
import type { Solved } from './outcome.js';
import { closedProfit, decide, policyOf, proofPrices } from './read.js';
import { leastRelaxation, type Relaxation } from './relax.js';
import { openResolver, type StageRange, type Whose } from './resolve.js';
import type { ExplanationSaid, FloorsSaid } from './said.js';
import type { Basis } from './session.js';
import type { Room } from './types.js';

export interface BeginTask {
  kind: 'begin';
  scenario: Scenario;
  allocation: Allocation;
  region?: string;
  resource?: string;
}

export interface ChangeTask {
  kind: 'change';
  scenario: Scenario;
  policy: PolicyName | Stage[];
  patch: Change['patch'];
  whose: Whose[];
  start: Basis[];
}

export interface Beginning {
  kind: 'begin';
  stage: Stage['stage'];
  bindings: Binding[];
  /** All with a promise at that stage, the largest first. */
  changes: Change[];
  /** The same by what they may bring the region itself. */
  ownChanges: Change[];
  competitors: { found: Competitor; said: ExplanationSaid[]; change: Change }[];
  /** Resources of which no stock can come to the region. */
  withoutStock: string[];
  whose: Whose[];
  base: Solved;
  bases: Basis[];
  room: Room[];
  floors: FloorsBegun | null;
  fine: boolean;
}

export interface FloorsBegun {
  missed: string[];
  unreachable: string[];
  conflicts: { floors: string[]; limits: string[] }[];
  said: Omit<FloorsSaid, 'raises'>;
  /** Shortfall that no limit is to blame for. */
  least: number;
  relaxation: Relaxation | null;
}

export interface Changed {
  kind: 'change';
  solved: Solved;
  iterations: number;
}

/** Throws a RangeError that names what the scenario does not have, AllocateError where a solver fails. */
export async function begin({ scenario, allocation, region, resource }: BeginTask): Promise<Beginning> {
  const network = compileNetwork(complete(scenario));
  const policy = policyOf(allocation);
  const j = find(network.scenario.regions, region, 'region');
  const k = find(network.scenario.resources, resource, 'resource');
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const reach = j < 0 ? null : upstream(network, j);
  const whose: Whose[] = [
    ...(j < 0 ? [] : [{ region: j, resource: k < 0 ? null : k }]),
    { region: null, resource: null },
  ];
  const solved = await solveBase(network, policy, whose, j >= 0);
  const way = wayOf(network, policy);
  const marginal = way === 'fine' ? await openMarginal(network, policy, scenario, solved.bases) : null;
  const { s, price, bindings } = decide(network, policy, plan, allocation, j, k, reach, (s) =>
    marginal ? marginal.prices(s) : proofPrices(network, policy, allocation, s, { j, k }),
  );
  const rivals = j < 0 ? [] : listCompetitors(network, plan, j, bindings.slice(0, SHARED));
  const aim = { reach, resource: k };
  const profit = marginal ? marginal.profit(s, k) : closedProfit(network, price, k);
  const changes = listChanges(network, scenario, price, profit, aim);
  const own = marginal && j >= 0 ? marginal.worth(whose[0]!) : null;
  marginal?.dispose();
  const promises = new Map(changes.map(({ what, promised }) => [what, promised]));
  return {
    kind: 'begin',
    stage: policy.stages[s]!.stage,
    bindings: bindings.map(({ row: _row, each: _each, ...binding }) => binding),
    changes,
    ownChanges: own
      ? listChanges(network, scenario, own, () => 0, aim).map((c) => ({ ...c, promised: promises.get(c.what) ?? 0 }))
      : [],
    competitors: rivals.map((found) => {
      const other = network.scenario.regions.findIndex((r) => r.id === found.region);
      return {
        found,
        said: differences(network, plan, j, other, k),
        change: withoutNeeds(scenario, other, k, found.region),
      };
    }),
    withoutStock: withoutStock(network, j, k, reach),
    whose,
    ...solved,
    floors: j < 0 ? await floorsOf(network, policy, scenario, solved.base) : null,
  };
}

/** Limits whose users are looked at, the dearest. */
const SHARED = 12;

function find(list: { id: string }[], id: string | undefined, what: string): number {
  const n = list.findIndex((x) => x.id === id);
  if (id !== undefined && n < 0) {
    const names = list.map((x) => x.id).slice(0, 40);
    throw new RangeError(`the scenario has no ${what} '${id}'; it has ${names.join(', ')}`);
  }
  return n;
}

function withoutStock(network: Network, j: number, only: number, reach: Set<number> | null): string[] {
  const { K, supply, scenario } = network;
  if (!reach) return [];
  return scenario.resources.flatMap(({ id }, k) => {
    if ((only >= 0 && only !== k) || totalNeed(network, j, k) === 0) return [];
    // what is locked could reach it
    if (holdsLocked(network, reach, id)) return [];
    return [...reach].some((node) => supply[node * K + k]! > 0) ? [] : [id];
  });
}

async function solveBase(network: Network, policy: Policy, whose: Whose[], regional: boolean) {
  const way = wayOf(network, policy);
  if (way !== 'fine') {
    const { stages, people } = await solveCoarsely(network, policy, way, whose);
    return { base: described(network, policy, stages, people), bases: [], room: [], fine: false };
  }
  const resolver = openResolver(network, policy, await highsRuntime());
  try {
    const { stages, people, bases } = resolver.solve(whose);
    const room: Room[] = [];
    if (regional)
      for (let kept = policy.stages.length; kept >= 0; kept--)
        room.push({ kept, aside: policy.stages[kept]?.stage ?? null, most: resolver.most(whose[0]!, kept) });
    return { base: described(network, policy, stages, people), bases, room, fine: true };
  } finally {
    resolver.dispose();
  }
}

interface Marginal {
  prices(s: number): PriceOf;
  profit(s: number, resource: number): ProfitOf;
  worth(whose: Whose): PriceOf;
  dispose(): void;
}

/** What one more of anything may be worth, where no bound of a flow hides it. */
async function openMarginal(
  network: Network,
  policy: Policy,
  scenario: Scenario,
  start: readonly Basis[],
): Promise<Marginal> {
  const open = opened(scenario, network);
  const resolver = openResolver(open.network, policy, await highsRuntime(), open.shut);
  resolver.solve([], start);
  // routes' rows are numbered by what is open
  const here =
    (price: PriceOf): PriceOf =>
    (block, row) =>
      price(block, block === 'route' ? open.arcOf[row]! : row);
  return {
    prices: (s) => here(resolver.prices(s)),
    profit: (s, resource) => (r, t) => resolver.profit(s, open.place.get(r * network.T + t)!, resource),
    worth: (whose) => here(resolver.worth(whose)),
    dispose: () => resolver.dispose(),
  };
}

export async function change({ scenario, policy: written, patch, whose, start }: ChangeTask): Promise<Changed> {
  const network = compileNetwork(complete(patched(scenario, patch)));
  const policy = compilePolicy(written);
  const way = wayOf(network, policy);
  if (way !== 'fine') {
    const { stages, people } = await solveCoarsely(network, policy, way, whose);
    return { kind: 'change', solved: described(network, policy, stages, people), iterations: 0 };
  }
  const resolver = openResolver(network, policy, await highsRuntime());
  try {
    const { stages, people, iterations } = resolver.solve(whose, start);
    return { kind: 'change', solved: described(network, policy, stages, people), iterations };
  } finally {
    resolver.dispose();
  }
}

function described(network: Network, policy: Policy, stages: StageRange[], people: Solved['people']): Solved {
  const total = toNumber(floorTotal(network));
  return {
    stages: stages.map((range, s) => ({ ...range, stage: policy.stages[s]!.stage, floorTotal: total })),
    people,
  };
}

/** Points of a floor: weight × share × need. */
function pointsOf(network: Network, pair: number): number {
  const j = Math.floor(pair / network.K);
  return network.approx.points[pair]! * network.approx.floor[j]! * totalNeed(network, j, pair % network.K);
}

/** Conflicts shown. */
const MOST_CONFLICTS = 5;
/** Shortfall, relative to all floors, that is rounding. */
const SHORT = 1e-9;

async function floorsOf(
  network: Network,
  policy: Policy,
  scenario: Scenario,
  base: Solved,
): Promise<FloorsBegun | null> {
  const s = policy.stages.findIndex(({ stage }) => stage === 'floor');
  const solved = base.stages[s];
  if (!solved || wayOf(network, policy) === 'structured') return null;
  if (solved.floorTotal - solved.hi <= SHORT * solved.scale) return null;
  const highs = await highsRuntime();
  const program = openFloors(network, highs);
  try {
    const without = unreachable(program);
    const possible = new Set([...program.floors.keys()].filter((pair) => !without.has(pair)));
    const conflicts = findConflicts(program, possible, MOST_CONFLICTS);
    const floor = (pair: number) => floorSaid(network, pair);
    const said = {
      unreachable: [...without.keys()].map(floor),
      conflicts: conflicts.map(({ floors, limits }) => ({
        floors: floors.map(floor),
        limits: limits.map((limit) => limitSaid(network, limit)),
      })),
    };
    return {
      missed: [...new Set([...without.keys(), ...conflicts.flatMap((c) => c.floors)])].map(floor).map(english),
      unreachable: said.unreachable.map(english),
      least: [...without].reduce((sum, [pair, part]) => sum + (1 - part) * pointsOf(network, pair), 0),
      conflicts: said.conflicts.map(({ floors, limits }) => ({
        floors: floors.map(english),
        limits: limits.map(english),
      })),
      said,
      relaxation: possible.size > 0 ? leastRelaxation(program, scenario, possible, highs) : null,
    };
  } finally {
    program.session.dispose();
  }
}
