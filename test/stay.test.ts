/** The stage `stay`: how little of the plan before has to change, against the LP with absolute values, all plans of a tiny case, and forgers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { noPrices, writePrices } from '../engine/proof/certificate.js';
import { check } from '../engine/proof/check.js';
import { evaluate } from '../engine/proof/evaluate.js';
import { readPlan } from '../engine/shipments.js';
import type { Allocation, PriceBlockName, Scenario, Stage } from '../engine/types.js';
import { checkScenario, complete, policyStages, turnDial } from '../scenarios/index.js';
import { allocateByAll, betterThan, contradictions } from './support/agree.js';
import { delayed, draws, followed, staying, uneven } from './support/field.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

const now = () => 0;

/** Plans half carried out, with deliveries that went wrong, and the stage somewhere in their policy. */
async function* cases(first: number, count: number, tolerance?: (seed: number) => number | undefined) {
  for (let seed = first, found = 0; found < count; seed++) {
    const random = randomScenario(seed);
    const T = random.periods.count;
    const scenario = seed % 2 ? random : uneven(random, seed);
    const plan = await runAllocation(scenario, { solver: 'highs' }, now);
    const today = delayed(followed(scenario, plan, seed % T), seed);
    if (today.after!.planned!.length === 0) continue;
    found++;
    const { stages } = policyStages(scenario.policy);
    const at = 1 + (seed % stages.length);
    yield { seed, plan, today: staying(seed % 7 ? today : shaken(today, seed), at, tolerance?.(seed)), at };
  }
}

/** Needs that ended, and routes that closed, so that some of the plan is of no use and some can no longer be. */
function shaken(scenario: Scenario, seed: number): Scenario {
  const draw = draws(seed);
  return {
    ...scenario,
    regions: scenario.regions.map((r) => (draw(3) ? r : { ...r, demand: {} })),
    routes: scenario.routes.map((r) =>
      draw(4) ? r : { ...r, closed: Array.from({ length: scenario.periods.count }, (_, t) => t) },
    ),
  };
}

async function againstIndependent(scenario: Scenario, { stages }: Allocation): Promise<void> {
  const written = policyStages(scenario.policy).stages;
  const values = stages.map((s) => Number(s.value));
  for (const [s, { stage, value, bound }] of stages.entries()) {
    const optimum = await bestValue(scenario, written, s, values.slice(0, s));
    const noise = 1e-6 * Math.max(1, Math.abs(optimum));
    const sign = stage === 'floor' || stage === 'cost' || stage === 'stay' ? -1 : 1;
    const what = `${scenario.id}, stage ${s} (${stage}): ${value} … ${bound}, the optimum is ${optimum}`;
    assert.ok(sign * (optimum - Number(value)) >= -noise, what);
    assert.ok(sign * (Number(bound) - optimum) >= -noise, what);
    if (stage === 'stay') assert.ok(Math.abs(Number(bound) - optimum) <= 10 * noise, `${what}: loose`);
  }
}

test('random plans to hold on to: value ≤ optimum ≤ bound on every stage, by the LP with absolute values', async () => {
  let [changed, whole] = [0, 0];
  for await (const { today } of cases(1, runs(60))) {
    const checked = checkScenario(today);
    assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.message), [], today.id);
    const again = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(again, today).faults, [], today.id);
    await againstIndependent(today, again);
    const stay = again.stages.find((s) => s.stage === 'stay')!;
    if (Number(stay.bound) > 1e-6) changed++;
    if (stay.value === stay.bound) whole++;
  }
  assert.ok(changed >= runs(10) && whole > runs(10), `${changed} have to change, ${whole} are proven to the digit`);
});

test('with tolerance given before it, the stage has it in full, and gap.proven leaves aside what was given', async () => {
  let [given, exact] = [0, 0];
  for await (const { today, at } of cases(400, runs(40), (seed) => [0.02, 0.2, 0.5][seed % 3])) {
    const again = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(again, today).faults, [], today.id);
    await againstIndependent(today, again);
    const tight = await runAllocation(
      { ...today, policy: (today.policy as Stage[]).map((s, i) => (i === at - 1 ? { ...s, tolerance: 0 } : s)) },
      { solver: 'highs' },
      now,
    );
    const [loose, strict] = [again.stages[at]!, tight.stages[at]!];
    // bounds are for plans that do as well as the one in whole lots, so only where that one is no worse
    if (again.stages.slice(0, at).every((e, r) => !betterThan(e.stage, e.value, tight.stages[r]!.value)))
      assert.ok(
        Number(loose.bound) <= Number(strict.bound) + 1e-5 * Math.max(1, Number(strict.bound)),
        `${today.id}: ${loose.bound}, ${strict.bound}`,
      );
    if (again.stages[at - 1]!.gap > 1e-3) {
      given++;
      if (again.gap.proven < again.stages[at - 1]!.gap) exact++;
    }
    const stated = structuredClone(again);
    stated.gap.proven = Math.max(...again.stages.map((s) => s.gap));
    if (stated.gap.proven !== again.gap.proven) assert.equal(check(stated, today).ok, false);
  }
  assert.ok(given > 4 && exact > 4, `${given} fell short on purpose, ${exact} say so`);
});

test('nothing went wrong: with something to give before it, nothing changes, to the last lot', async () => {
  let seen = 0;
  for (let seed = 800; seed < 830; seed++) {
    const scenario = randomScenario(seed, { policy: 'balanced' });
    const plan = await runAllocation(scenario, { solver: 'highs' }, now);
    const today = staying(followed(scenario, plan, seed % scenario.periods.count), 2, 0.01);
    const again = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(again, today).faults, []);
    const stay = again.stages[2]!;
    assert.equal(stay.bound, '0', today.id);
    // what is not kept to the lot is a lot that rounding moved
    if (today.after!.planned!.length && stay.value === '0') seen++;
    const planned = today.after!.planned!.length;
    if (planned === 0) assert.equal(stay.value, '0');
    else assert.ok(stay.gap <= 0.02, `${today.id}: ${stay.value}, gap ${stay.gap}`);
  }
  assert.ok(seen > 15, `${seen} of 30`);
});

test('every solver on the stage: no plan beats the prices of another', async () => {
  for await (const { today } of cases(1200, 15, (seed) => (seed % 2 ? 0.1 : undefined)))
    assert.deepEqual(contradictions(today, await allocateByAll(today)), []);
});

test('whatever the prices, no plan is better than what they prove', async () => {
  let bounds = 0;
  for await (const { seed, plan, today } of cases(1600, 25)) {
    const network = compileNetwork(complete(today));
    const policy = compilePolicy(today.policy);
    const again = await runAllocation(today, { solver: 'highs' }, now);
    const period = today.after!.period;
    const kept = readPlan(
      network,
      plan.shipments.filter((s) => s.depart >= period),
      plan.use.filter((u) => u.period >= period),
    );
    const shipped = readPlan(network, again.shipments, again.use).plan;
    const draw = draws(seed + 1);
    for (let n = 0; n < 12; n++) {
      const certificates = policy.stages.map(({ stage }, s) => {
        const rough = noPrices(network, policy);
        for (const name of Object.keys(rough) as PriceBlockName[]) {
          if (name === 'leximin' || draw(3) === 0) continue;
          const most = 10 ** (draw(5) - 2);
          rough[name] = rough[name].map((_, row) => {
            const { T, K, exact, arcs, scenario } = network;
            const limited =
              name === 'route'
                ? exact.capacity[arcs.route[row]!] !== null
                : name === 'handling'
                  ? exact.handling[row] !== null
                  : name === 'storage'
                    ? exact.storage[Math.floor(row / T)] !== null
                    : name === 'budget'
                      ? exact.budget !== null
                      : name === 'backlog'
                        ? scenario.resources[row % K]!.kind === 'durable' && Math.floor(row / K) % T > 0
                        : name !== 'stage' || row < s;
            return limited && draw(3) ? (most * draw(1000)) / 1000 : 0;
          });
        }
        return writePrices(stage, rough);
      });
      for (const candidate of [shipped, ...(kept.faults.length ? [] : [kept.plan])]) {
        const { stages, faults } = evaluate(network, policy, candidate, certificates);
        assert.deepEqual(faults, []);
        stages.forEach(({ value, bound }, s) => {
          const { stage } = policy.stages[s]!;
          assert.ok(!betterThan(stage, value, bound), `${today.id}, stage ${s} (${stage}): ${value} beats ${bound}`);
          bounds++;
        });
      }
    }
  }
  assert.ok(bounds > 500);
});

test('a certificate that claims less change than there has to be is refused', async () => {
  let forged = 0;
  for await (const { today, at } of cases(2000, 12)) {
    const again = await runAllocation(today, { solver: 'highs' }, now);
    const stay = again.stages[at]!;
    for (const [what, value] of [
      ['value', '0'],
      ['bound', stay.value],
      ['gap', 0],
    ] as const) {
      if (stay[what] === value) continue;
      const copy = structuredClone(again);
      Object.assign(copy.stages[at]!, { [what]: value });
      assert.equal(check(copy, today).ok, false, `${today.id}: ${what}`);
      forged++;
    }
    // as if nothing had been planned, or something else
    const other = structuredClone(today);
    other.after!.planned!.pop();
    assert.equal(check(again, other).ok, false);
  }
  assert.ok(forged > 5);
});

test('all plans of a tiny case: the stage changes as little as any of them that does as well before', async () => {
  for (let seed = 0; seed < 40; seed++) {
    const draw = draws(seed);
    const scenario: Scenario = {
      evenhand: 1,
      id: `tiny-${seed}`,
      periods: { count: 1 },
      resources: [{ id: 'kit', unit: 'kit', weightKg: 100 * (1 + draw(3)), kind: 'consumable' }],
      depots: ['a', 'b'].map((id) => ({ id, stock: { kit: draw(6) } })),
      regions: ['x', 'y'].map((id) => ({ id, demand: { kit: draw(6) } })),
      routes: ['a', 'b'].flatMap((from) =>
        ['x', 'y'].map((to) => ({ from, to, mode: 'truck', ...(draw(3) ? {} : { capacityTonnes: draw(8) / 10 }) })),
      ),
      policy: [{ stage: 'need', alpha: 0 }, { stage: 'stay' }],
    };
    const lines = scenario.routes.map(({ from, to }) => ({ from, to, mode: 'truck', resource: 'kit', depart: 0 }));
    scenario.after = { period: 0, planned: lines.map((l) => ({ ...l, quantity: draw(5) })).filter((l) => l.quantity) };
    const allocation = await runAllocation(scenario, { solver: 'highs' }, now);
    assert.deepEqual(check(allocation, scenario).faults, []);
    const { weightKg } = scenario.resources[0]!;
    const wanted = lines.map((l) =>
      (scenario.after!.planned ?? []).reduce((n, p) => (p.from === l.from && p.to === l.to ? n + p.quantity : n), 0),
    );
    let best = [-1, Number.POSITIVE_INFINITY];
    const stock = scenario.depots.map((d) => d.stock!.kit!);
    const needed = scenario.regions.map((r) => r.demand.kit as number);
    for (let n = 0; n < 6 ** 4; n++) {
      const x = [0, 1, 2, 3].map((i) => Math.floor(n / 6 ** i) % 6);
      if (x[0]! + x[1]! > stock[0]! || x[2]! + x[3]! > stock[1]!) continue;
      if (x.some((lots, i) => (lots * weightKg) / 1000 > (scenario.routes[i]!.capacityTonnes ?? 9) + 1e-12)) continue;
      const met = Math.min(needed[0]!, x[0]! + x[2]!) + Math.min(needed[1]!, x[1]! + x[3]!);
      const moved = x.reduce((sum, lots, i) => sum + Math.abs(lots - wanted[i]!), 0) * (weightKg / 1000);
      if (met > best[0]! || (met === best[0] && moved < best[1]!)) best = [met, moved];
    }
    const [need, stay] = allocation.stages;
    assert.equal(Number(need!.value), best[0], scenario.id);
    assert.ok(Number(stay!.bound) <= best[1]! + 1e-9, `${scenario.id}: ${stay!.bound} of ${best[1]}`);
    assert.ok(Number(stay!.value) <= best[1]! + 1e-9, `${scenario.id}: ${stay!.value} changed, ${best[1]} is possible`);
  }
});

test('without a plan before the stage is 0, and the plan is the one without it', async () => {
  for (let seed = 2400; seed < 2412; seed++) {
    const scenario = randomScenario(seed);
    const { stages } = policyStages(scenario.policy);
    const at = 1 + (seed % stages.length);
    for (const solver of ['highs', 'structured'] as const) {
      const without = await runAllocation({ ...scenario, policy: stages }, { solver }, now);
      const held = staying(scenario, at);
      const allocation = await runAllocation(held, { solver }, now);
      assert.deepEqual(check(allocation, held).faults, []);
      const { stage, value, bound, gap } = allocation.stages[at]!;
      assert.deepEqual({ stage, value, bound, gap }, { stage: 'stay', value: '0', bound: '0', gap: 0 });
      for (const [s, rest] of allocation.stages.toSpliced(at, 1).entries())
        for (const what of ['value', 'bound'] as const) {
          const [a, b] = [Number(rest[what]), Number(without.stages[s]![what])];
          assert.ok(Math.abs(a - b) <= 1e-7 * Math.max(1, Math.abs(b)), `${held.id}, ${rest.stage}: ${a}, ${b}`);
        }
    }
  }
});

test('the dial turns past it', () => {
  const policy: Stage[] = [
    { stage: 'floor' },
    { stage: 'need', tolerance: 0.05 },
    { stage: 'stay' },
    { stage: 'cost' },
  ];
  const at = (dial: number | 'leximin') => (turnDial(policy, dial) as Stage[]).map((s) => s.stage).join(' ');
  assert.equal(at(1), 'floor need stay cost');
  assert.equal(at('leximin'), 'floor leximin stay cost');
  assert.deepEqual(turnDial([{ stage: 'stay' }], 1), [{ stage: 'need', alpha: 1 }, { stage: 'stay' }]);
});
