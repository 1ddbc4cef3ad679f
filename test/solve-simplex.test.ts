/**
 * Network simplex: the certificate proves it optimal, an independent model solved by HiGHS agrees, the WebAssembly kernel makes the
 * same pivots as its plain twin, and what it cannot take it declines for a reason that holds.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork, type Network } from '../engine/network.js';
import { compilePolicy, type Policy } from '../engine/policy.js';
import { provenBound } from '../engine/proof/bound.js';
import { readPrices, writePrices } from '../engine/proof/certificate.js';
import { evaluate } from '../engine/proof/evaluate.js';
import { toNumber } from '../engine/proof/exact.js';
import type { FlowProblem } from '../engine/solve/simplex/flow.js';
import { onGrids } from '../engine/solve/simplex/flow.js';
import { buildGraph } from '../engine/solve/simplex/graph.js';
import { loadPivot } from '../engine/solve/simplex/kernel.js';
import { pivotPlain } from '../engine/solve/simplex/pivot.js';
import { solveByNetworkSimplex } from '../engine/solve/simplex/solve.js';
import type { Scenario, Stage } from '../engine/types.js';
import { complete, generate } from '../scenarios/index.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';

const pivot = loadPivot();

function compiled(scenario: Scenario): { network: Network; policy: Policy } {
  return { network: compileNetwork(complete(scenario)), policy: compilePolicy(scenario.policy) };
}

/** What the plan is worth on a `need` or `cost` stage, in doubles: fractions of lots are allowed here. */
function worth({ network, policy }: ReturnType<typeof compiled>, ship: Float64Array, met: Float64Array): number {
  const { arcs, K, T, approx, need } = network;
  const { widths, slopes } = policy.bands.approx;
  let sum = 0;
  ship.forEach((x, i) => {
    sum -=
      policy.approxCostWeight[0]! * x * approx.weight[i % K]! * approx.costPerTonne[arcs.route[Math.floor(i / K)]!]!;
  });
  met.forEach((m, i) => {
    let rest = m;
    widths.forEach((width, b) => {
      const part = Math.min(rest, width * need[i]!);
      rest -= part;
      sum += (slopes[0]![b] ?? 0) * approx.points[Math.floor(i / (K * T)) * K + (i % K)]! * part;
    });
  });
  return sum;
}

function bound({ network, policy }: ReturnType<typeof compiled>, rough: Parameters<typeof writePrices>[1]): number {
  const { prices, faults } = readPrices(network, policy, 0, writePrices(policy.stages[0]!.stage, rough));
  assert.deepEqual(faults, []);
  return toNumber(provenBound(network, policy, 0, prices, []));
}

const POLICIES: Stage[][] = [
  [{ stage: 'need', alpha: 1, bands: 3 }],
  [{ stage: 'need', alpha: 2 }],
  [{ stage: 'need', alpha: 0, costWeight: 0.5 }],
  [{ stage: 'need', bands: [{ upTo: 0.66, value: 2 }], costWeight: 0.02 }],
  [{ stage: 'cost' }],
];

/** Random scenarios of every feature, with shared limits taken off so that many of them can be answered. */
function scenarioOf(seed: number): Scenario {
  const scenario = randomScenario(seed, { policy: POLICIES[seed % POLICIES.length]! });
  if (seed % 3 === 0) return scenario;
  const { fleets: _, budget: __, ...rest } = scenario;
  if (seed % 3 === 1) return rest;
  const { id } = rest.resources[0]!;
  const only = (record: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(record).filter(([resource]) => resource === id));
  return {
    ...rest,
    resources: rest.resources.slice(0, 1),
    depots: rest.depots.map((depot) => ({
      ...depot,
      stock: only(depot.stock ?? {}) as Record<string, number>,
      arrivals: (depot.arrivals ?? []).filter((a) => a.resource === id),
    })),
    regions: rest.regions.map((region) => ({ ...region, demand: only(region.demand) as Record<string, number> })),
  };
}

test('on random scenarios of every feature: proven optimal, and HiGHS on an independent model agrees', async () => {
  let answered = 0;
  let declined = 0;
  for (let seed = 0; seed < 400; seed++) {
    const scenario = scenarioOf(seed);
    const c = compiled(scenario);
    const outcome = solveByNetworkSimplex(c.network, c.policy, 0, pivot);
    if (!outcome.ok) {
      assert.match(outcome.why, /binds$/);
      declined++;
      continue;
    }
    answered++;
    const value = worth(c, outcome.ship, outcome.met);
    const most = bound(c, outcome.prices);
    // bounds are rounded up at twelve decimals
    assert.ok(Math.abs(most - value) <= 1e-11 + 1e-9 * Math.abs(most), `seed ${seed}: ${value} proven to ${most}`);
    if (seed % 4) continue;
    const best = await bestValue(scenario, scenario.policy as Stage[], 0, []);
    const stated = c.policy.stages[0]!.stage === 'cost' ? -value : value;
    assert.ok(Math.abs(stated - best) <= 1e-6 * Math.max(1, Math.abs(best)), `seed ${seed}: ${stated} against ${best}`);
  }
  assert.ok(answered > 150 && declined > 20, `${answered} answered, ${declined} declined`);
});

/** The same digits from both machines, on a problem as the network gives it. */
function sameByTwin(problem: FlowProblem, name: string): void {
  const exact = onGrids(problem);
  const [fast, plain] = [pivot(exact), pivotPlain(exact)];
  assert.equal(fast.pivots, plain.pivots, name);
  assert.deepEqual(fast.flow, plain.flow, name);
  assert.deepEqual(fast.price, plain.price, name);
  isOptimal(exact, fast.flow, fast.price, name);
}

/** Feasible and complementary, in exact terms: no tolerance is needed on the grids. */
function isOptimal(problem: FlowProblem, flow: Float64Array, price: Float64Array, name: string): void {
  const { nodes, supply, from, to, cost, upper } = problem;
  const left = supply.slice();
  const y = (v: number) => (v === nodes ? 0 : price[v]!);
  flow.forEach((x, a) => {
    assert.ok(x >= 0 && x <= upper[a]!, `${name}: flow ${x} on arc ${a}`);
    left[from[a]!]! -= x;
    if (to[a] !== nodes) left[to[a]!]! += x;
    const reduced = cost[a]! + y(from[a]!) - y(to[a]!);
    assert.ok(reduced >= 0 || x === upper[a], `${name}: arc ${a} gains and is not full`);
    assert.ok(reduced <= 0 || x === 0, `${name}: arc ${a} loses and is used`);
  });
  left.forEach((rest, v) => {
    assert.ok(rest >= 0, `${name}: node ${v} sends what it has not`);
    assert.ok(price[v]! >= 0, `${name}: a price below zero`);
    if (rest > 0) assert.equal(price[v], 0, `${name}: node ${v} gives up what is worth something`);
  });
}

test('the WebAssembly kernel is in use and makes the pivots of its plain twin', () => {
  assert.notEqual(pivot, pivotPlain);
  for (let seed = 0; seed < 150; seed++) {
    const { network, policy } = compiled(scenarioOf(seed));
    for (let k = 0; k < network.K; k++) sameByTwin(buildGraph(network, policy, 0, k).problem, `seed ${seed}, ${k}`);
  }
  const { network, policy } = compiled(generate('province', 3));
  for (let k = 0; k < 3; k++) sameByTwin(buildGraph(network, policy, 0, k).problem, `province, ${k}`);
});

/** Depots × regions, all routes, by a rule for each number. */
function grid(
  depots: number,
  regions: number,
  supply: number,
  cost: (a: number) => number,
  upper: number,
): FlowProblem {
  const arcs = Array.from({ length: depots * regions }, (_, a) => a);
  const needs = Array.from({ length: regions }, (_, j) => j);
  const root = depots + regions;
  return {
    nodes: root,
    supply: Float64Array.from({ length: root }, (_, v) => (v < depots ? supply : 0)),
    from: Int32Array.from([...arcs.map((a) => a % depots), ...needs.map((j) => depots + j)]),
    to: Int32Array.from([...arcs.map((a) => depots + Math.floor(a / depots)), ...needs.map(() => root)]),
    cost: Float64Array.from([...arcs.map(cost), ...needs.map(() => -100)]),
    upper: Float64Array.from([...arcs.map(() => upper), ...needs.map((j) => 10 ** (j % 9))]),
  };
}

test('degenerate problems end, optimal: ties everywhere, nothing to send, nowhere to send it, nine orders of magnitude', () => {
  sameByTwin(
    grid(30, 40, 10, () => 7, 10),
    'equal costs, supplies and bounds',
  );
  sameByTwin(
    grid(30, 40, 10, () => 0, 1),
    'no costs, every bound one',
  );
  sameByTwin(
    grid(20, 20, 0, (a) => a % 5, 10),
    'no supply',
  );
  sameByTwin(
    grid(1, 50, 123456789, (a) => a % 3, 1e9),
    'one depot for all',
  );
  sameByTwin(
    grid(5, 30, 1e9, (a) => (a * 7919) % 101, 1e9),
    'needs of nine orders of magnitude',
  );
  sameByTwin(
    grid(5, 5, 10, () => 200, 10),
    'nothing worth its way',
  );
  sameByTwin(
    grid(0, 5, 0, () => 1, 1),
    'no depots',
  );
  sameByTwin(
    grid(5, 0, 9, () => 1, 1),
    'no regions',
  );
  sameByTwin(
    grid(0, 0, 0, () => 1, 1),
    'nothing at all',
  );
  // thirds of lots, costs that are no binary fractions
  const odd = grid(7, 11, 100, (a) => 0.1 * a, 100 / 3);
  sameByTwin(odd, 'thirds');
});

test('goods go round and round at no cost: cycles of free routes end too', () => {
  const n = 12;
  const ring = Array.from({ length: n }, (_, v) => v);
  sameByTwin(
    {
      nodes: n,
      supply: Float64Array.from(ring, (v) => (v === 0 ? 50 : 0)),
      from: Int32Array.from([...ring, ...ring, ...ring]),
      to: Int32Array.from([...ring.map((v) => (v + 1) % n), ...ring.map((v) => (v + n - 1) % n), ...ring.map(() => n)]),
      cost: Float64Array.from([...ring.map(() => 0), ...ring.map(() => 0), ...ring.map((v) => -(v % 3))]),
      upper: new Float64Array(3 * n).fill(7),
    },
    'ring',
  );
});

/** A country of one resource, without what others share. */
function single(seed: number, stock = 1): Scenario {
  const { fleets: _, budget: __, ...rest } = generate('district', seed);
  const resources = rest.resources.slice(0, 1);
  const { id } = resources[0]!;
  return {
    ...rest,
    resources,
    depots: rest.depots.map(({ handlingTonnes: ___, ...depot }) => ({
      ...depot,
      stock: { [id]: Number(((depot.stock![id] ?? 0) * stock).toFixed(4)) },
      arrivals: (depot.arrivals ?? []).filter((a) => a.resource === id),
    })),
    regions: rest.regions.map((region) => ({ ...region, demand: { [id]: region.demand[id]! } })),
    policy: [{ stage: 'need', bands: [{ upTo: 1, value: 1 }], costWeight: 0.001 }],
  };
}

test('whole bands give whole lots, and the exact evaluation proves them to 1e-9; more stock is never worth less', () => {
  for (let seed = 1; seed <= 4; seed++) {
    let before = 0;
    for (const stock of [0.5, 1, 1.5]) {
      const c = compiled(single(seed, stock));
      const outcome = solveByNetworkSimplex(c.network, c.policy, 0, pivot);
      assert.ok(outcome.ok);
      const plan = { ship: outcome.ship.map(Math.floor), met: outcome.met.map(Math.floor) };
      const { stages, faults } = evaluate(c.network, c.policy, plan, [writePrices('need', outcome.prices)]);
      assert.deepEqual(faults, []);
      assert.ok(stages[0]!.gap <= 1e-9, `seed ${seed}: gap ${stages[0]!.gap}`);
      const value = worth(c, outcome.ship, outcome.met);
      assert.ok(value >= before);
      before = value;
    }
  }
});

test('the order of regions and routes in the file changes nothing', () => {
  const scenario = single(5);
  const value = (s: Scenario) => {
    const c = compiled(s);
    const outcome = solveByNetworkSimplex(c.network, c.policy, 0, pivot);
    assert.ok(outcome.ok);
    return worth(c, outcome.ship, outcome.met);
  };
  const turned = { ...scenario, regions: scenario.regions.toReversed(), routes: scenario.routes.toReversed() };
  const [a, b] = [value(scenario), value(turned)];
  assert.ok(Math.abs(a - b) <= 1e-10 * a, `${a} and ${b}`);
});

test('what it cannot take it declines with a reason', () => {
  const scenario = generate('tiny', 1);
  const why = (policy: Stage[], s = 0, change: Partial<Scenario> = {}) => {
    const c = compiled({ ...scenario, ...change, policy });
    const outcome = solveByNetworkSimplex(c.network, c.policy, s, pivot);
    return outcome.ok ? 'answered' : outcome.why;
  };
  assert.match(why([{ stage: 'floor' }]), /'floor'/);
  assert.match(why([{ stage: 'maxmin' }]), /'maxmin'/);
  assert.match(why([{ stage: 'need' }, { stage: 'cost' }], 1), /holds/);
  assert.match(why([{ stage: 'need' }], 0, { budget: { amount: 1, currency: 'USD' } }), /budget|fleet|route|handling/);
});

test('storage that two resources share is seen: half of it is too little, all of it answers', () => {
  const scenario = (storageTonnes: number): Scenario => ({
    evenhand: 1,
    id: 'store',
    periods: { count: 2 },
    resources: ['rice', 'oil'].map((id) => ({ id, unit: 'tonne', weightKg: 1000, kind: 'consumable' as const })),
    depots: [{ id: 'depot', stock: { rice: 10, oil: 10 } }],
    regions: [{ id: 'region', demand: { rice: [0, 10], oil: [0, 10] }, storageTonnes }],
    routes: [{ from: 'depot', to: 'region', mode: 'truck', km: 1, closed: [1] }],
    policy: [{ stage: 'need' }],
  });
  const solved = (storageTonnes: number) => {
    const { network, policy } = compiled(scenario(storageTonnes));
    return solveByNetworkSimplex(network, policy, 0, pivot);
  };
  const half = solved(10);
  assert.match(half.ok ? 'answered' : half.why, /^storage at 'region' in period 0 binds$/);
  const all = solved(20);
  assert.ok(all.ok);
  assert.deepEqual([...all.met], [0, 0, 10, 10]);
});
