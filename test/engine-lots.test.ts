/**
 * Whole lots: what the rounding believes about a lot is what exact arithmetic says about it, limits are cut to the last
 * decimal and no further, and a plan is possible and has nothing left to give, however many fractions it came from.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { improve } from '../engine/lots/improve.js';
import { cutToLimits } from '../engine/lots/limits.js';
import { falling } from '../engine/lots/order.js';
import { sweepGoods } from '../engine/lots/sweep.js';
import { changeByLot, startCourse, worthOfLot } from '../engine/lots/worth.js';
import { compileNetwork, type Network } from '../engine/network.js';
import { planLots } from '../engine/plan.js';
import { compilePolicy, type Policy } from '../engine/policy.js';
import { toNumber } from '../engine/proof/exact.js';
import { infeasibilities } from '../engine/proof/feasible.js';
import { type Plan, planCost, stageMaximands } from '../engine/proof/values.js';
import { solveStages } from '../engine/solve/solver.js';
import { loadBackend, openTableau } from '../engine/solve/tableau.js';
import { complete, generate, type Scenario, type Stage } from '../scenarios/index.js';
import { randomScenario } from './support/random.js';

/** Draws in [0, 1) by Lehmer's generator. */
function draws(seed: number): () => number {
  let state = seed + 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  // small seeds begin with small draws
  for (let i = 0; i < 4; i++) next();
  return next;
}

function compiled(scenario: Scenario, stages = scenario.policy): { network: Network; policy: Policy } {
  return { network: compileNetwork(complete(scenario)), policy: compilePolicy(stages) };
}

const values = (network: Network, policy: Policy, plan: Plan) => stageMaximands(network, policy, plan).map(toNumber);

const highs = await loadBackend('highs');

function solved(network: Network, policy: Policy, gap: number) {
  const solver = openTableau(network, policy, highs);
  return solveStages(policy, solver, gap).finally(solver.dispose);
}

test('many keys are sorted as a comparison would, equal ones in their order', () => {
  const draw = draws(1);
  for (const count of [0, 1, 2, 1000, 10_000]) {
    const keys = [3, 1e9, 1e-30].map((most) =>
      Float32Array.from({ length: count }, () => Math.floor(draw() * 4) * most),
    );
    const expected = Array.from({ length: count }, (_, p) => p).sort((p, q) => {
      for (const key of keys) if (key[p] !== key[q]) return key[q]! - key[p]!;
      return p - q;
    });
    assert.deepEqual([...falling(keys, count)], expected);
  }
});

/** Tonnes, tonne-km and cost of every limit in integers, and the limits, as [used, limit] at one scale. */
function limitsOf({ network, ship }: { network: Network; ship: Float64Array }): [bigint, bigint][] {
  const { arcs, K, T, exact } = network;
  const rows = new Map<string, { used: bigint; scale: number; limit: { units: bigint; scale: number } }>();
  const add = (
    row: string,
    limit: { units: bigint; scale: number } | null | undefined,
    units: bigint,
    scale: number,
  ) => {
    if (!limit) return;
    const entry = rows.get(row) ?? { used: 0n, scale, limit };
    entry.used += units;
    rows.set(row, entry);
  };
  for (let a = 0; a < arcs.count; a++) {
    const r = arcs.route[a]!;
    let tonnes = 0n;
    for (let k = 0; k < K; k++) tonnes += exact.weight.units[k]! * BigInt(ship[a * K + k]!);
    add(`route ${a}`, exact.capacity[r], tonnes, exact.weight.scale);
    add(`handling ${arcs.from[a]}`, exact.handling[arcs.from[a]!], tonnes, exact.weight.scale);
    const f = arcs.fleet[a]!;
    if (f >= 0)
      add(
        `fleet ${f} ${arcs.depart[a]}`,
        exact.fleet[f * T + arcs.depart[a]!],
        tonnes * exact.km.units[r]!,
        exact.weight.scale + exact.km.scale,
      );
    add('budget', exact.budget, tonnes * exact.costPerTonne.units[r]!, exact.weight.scale + exact.costPerTonne.scale);
  }
  return [...rows.values()].map(({ used, scale, limit }) => [
    used * 10n ** BigInt(Math.max(0, limit.scale - scale)),
    limit.units * 10n ** BigInt(Math.max(0, scale - limit.scale)),
  ]);
}

test('limits hold exactly after cutting, and what keeps to them is left alone', () => {
  let cut = 0;
  for (let seed = 0; seed < 300; seed++) {
    const { network } = compiled(randomScenario(seed), [{ stage: 'cost' }]);
    const draw = draws(seed);
    const most = 10 ** Math.floor(draw() * 6);
    const ship = Float64Array.from({ length: network.arcs.count * network.K }, () =>
      Math.floor(draw() * draw() * most),
    );
    const before = ship.slice();
    const kept = limitsOf({ network, ship }).every(([used, limit]) => used <= limit);
    const lots = cutToLimits(network, ship);
    assert.equal(lots === 0, kept, `seed ${seed}`);
    assert.equal(
      before.reduce((sum, x, i) => sum + x - ship[i]!, 0),
      lots,
    );
    for (const [used, limit] of limitsOf({ network, ship })) assert.ok(used <= limit, `seed ${seed}`);
    assert.equal(cutToLimits(network, ship), 0);
    if (!kept) cut++;
  }
  assert.ok(cut > 30 && cut < 300, `${cut} of 300 had something to cut`);
});

test('a limit is met to the last decimal: at its exact use nothing is cut, a unit below it one lot is', () => {
  // with the second weight the sums are beyond 2^53
  for (const weightKg of [1000, 1000.000000001]) {
    const scenario = generate('district', 5);
    for (const r of scenario.resources) r.weightKg = weightKg;
    const network = compileNetwork(complete(scenario));
    const draw = draws(3);
    const ship = network.upper.ship.map((most) => Math.floor(draw() * 0.05 * most));
    cutToLimits(network, ship);
    const used = planCost(network, { ship, met: network.need });
    const withBudget = (less: bigint) => {
      const budget = { units: used.units - less, scale: used.scale };
      const approx = { ...network.approx, budget: toNumber(budget) };
      return { ...network, exact: { ...network.exact, budget }, approx };
    };
    assert.equal(cutToLimits(withBudget(0n), ship.slice()), 0);
    assert.equal(cutToLimits(withBudget(1n), ship.slice()), 1);
  }
});

const STAGES: Stage[] = [
  { stage: 'floor' },
  { stage: 'need', alpha: 2, bands: 7, costWeight: 0.01 },
  {
    stage: 'need',
    bands: [
      { upTo: 0.35, value: 4.5 },
      { upTo: 0.8, value: 1.25 },
      { upTo: 1, value: 0.1 },
    ],
  },
];

test('what a lot is believed to be worth, and for how many lots, is what exact arithmetic says', () => {
  let several = 0;
  for (let seed = 500; seed < 620; seed++) {
    const { network, policy } = compiled(randomScenario(seed), STAGES);
    const { R, T, K, need, arcs, scenario } = network;
    const draw = draws(seed);
    const state = sweepGoods(network, new Float64Array(arcs.count * K), new Float64Array(need.length));
    // met need that never falls for durables
    for (let n = 0; n < need.length; n++) {
      const least = scenario.resources[n % K]!.kind === 'durable' && Math.floor(n / K) % T > 0 ? state.met[n - K]! : 0;
      state.met[n] = least + Math.floor(draw() * (need[n]! - least + 1) * 0.999);
    }
    const course = startCourse(network, policy, state, { held: policy.stages.map(() => Number.POSITIVE_INFINITY) });
    const before = values(network, policy, state);
    const change = new Float64Array(policy.stages.length);
    for (let j = 0; j < R; j++)
      for (let t = 0; t < T; t++)
        for (let k = 0; k < K; k++)
          for (const sign of [1, -1, 0] as const) {
            // 0: as the top-up asks
            const lots = sign
              ? changeByLot(course, state.met, { j, t, k, sign }, change, 0, 1)
              : worthOfLot(course, state.met, j, t, k);
            if (lots < 1) continue;
            if (lots > 1) several++;
            const each = sign ? change : course.gains;
            const tried = lots > 1 && draw() < 0.5 ? 1 : sign ? Math.floor(lots) : lots;
            const met = state.met.slice();
            const last = scenario.resources[k]!.kind === 'durable' ? T - 1 : t;
            for (let u = t; u <= last; u++) met[(j * T + u) * K + k]! += (sign || 1) * tried;
            values(network, policy, { ship: state.ship, met }).forEach((after, s) => {
              const [gain, expected] = [after - before[s]!, tried * each[s]!];
              const noise = 1e-9 * Math.max(1, Math.abs(before[s]!));
              const where = `seed ${seed}, stage ${s}, region ${j}, period ${t}, good ${k}, ${sign} × ${tried}`;
              // the last lot of the top-up may count in part
              if (sign === 0 && tried === lots && policy.stages[s]!.stage === 'floor')
                assert.ok(gain <= expected + noise, `${where}: ${gain} of ${expected}`);
              else assert.ok(Math.abs(gain - expected) <= noise, `${where}: ${gain}, not ${expected}`);
            });
          }
  }
  assert.ok(several > 500);
});

test('from a plan with fractions everywhere: possible, no worse, and no lot is left that would help', async () => {
  const policyOf: Stage[] = [{ stage: 'need', alpha: 1, bands: 5, costWeight: 0.001 }];
  for (let seed = 700; seed < 790; seed++) {
    const { network, policy } = compiled(randomScenario(seed), policyOf);
    const { arcs, T, K, D, H, need, approx, scenario } = network;
    const draw = draws(seed);
    const best = await solved(network, policy, 1e-4);
    const ship = best.ship.map((x) => x * (1 - 1e-2 * draw()));
    const met = best.met.map((m, n) => Math.min(m, m * (1 - 1e-2) + draw() * 1e-9 * need[n]!));
    const down = sweepGoods(network, ship.map(Math.floor), met.map(Math.floor));
    const [least] = values(network, policy, down);
    const plan = planLots(network, policy, { ship, met, held: best.held }, 1e-4);
    assert.deepEqual(infeasibilities(network, plan), [], `seed ${seed}`);
    const [value] = values(network, policy, plan);
    improve(network, policy, down, { ship, met, held: best.held }, () => true);
    assert.ok(cutToLimits(network, down.ship.slice()) <= 1, `seed ${seed}: improving keeps to the limits`);
    assert.ok(value! >= least!, `seed ${seed}`);
    for (let a = 0; a < arcs.count; a++)
      for (let k = 0; k < K; k++) {
        const site = Math.floor(arcs.to[a]! / T);
        if (arcs.from[a]! >= D * T || site < D + H || approx.storage[site]! > 0) continue;
        const more = { ship: plan.ship.slice(), met: plan.met.slice() };
        more.ship[a * K + k]!++;
        const last = scenario.resources[k]!.kind === 'durable' ? T - 1 : arcs.to[a]! % T;
        for (let u = arcs.to[a]! % T; u <= last; u++) more.met[((site - D - H) * T + u) * K + k]!++;
        if (infeasibilities(network, more, 1).length) continue;
        assert.ok(values(network, policy, more)[0]! <= value! + 1e-9 * Math.abs(value!), `seed ${seed}, arc ${a}`);
      }
  }
});

test('rounding costs the reference family next to nothing, with a cost stage of its own too', async () => {
  for (const [seed, stages, most] of [
    [1, undefined, 3e-7],
    [2, undefined, 1.5e-7],
    [2, 'balanced', 2e-6],
  ] as const) {
    const scenario = generate('district', seed);
    const { network, policy } = compiled(scenario, stages ?? scenario.policy);
    const best = await solved(network, policy, 1e-4);
    const plan = planLots(network, policy, best, 1e-4);
    assert.deepEqual(infeasibilities(network, plan), []);
    const state = sweepGoods(network, best.ship.map(Math.floor), best.met.map(Math.floor));
    improve(network, policy, state, best, () => true);
    assert.ok(cutToLimits(network, state.ship) <= 1, `seed ${seed}: improving keeps to the limits`);
    values(network, policy, plan).forEach((v, s) => {
      assert.ok(
        best.held[s]! - v <= most * Math.abs(best.held[s]!),
        `seed ${seed}, stage ${s}: ${v} of ${best.held[s]}`,
      );
    });
  }
});
