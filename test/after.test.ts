/** Time has moved on: what is left to plan, against the whole plan before, the LP written straight from the model, and forgers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listCoverage, measure } from '../engine/measures.js';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { sealCertificate } from '../engine/proof/certificate.js';
import { check } from '../engine/proof/check.js';
import { evaluate } from '../engine/proof/evaluate.js';
import { infeasibilities } from '../engine/proof/feasible.js';
import { readPlan } from '../engine/shipments.js';
import type { Allocation, PolicyName, Scenario } from '../engine/types.js';
import { checkScenario, complete, policyStages, readCase, scenarioDigest } from '../scenarios/index.js';
import { allocateByAll, betterThan, contradictions } from './support/agree.js';
import { delayed, followed, uneven } from './support/field.js';
import { bestValue, textbookLeximin } from './support/independent.js';
import { mustBeTold } from './support/pseudo.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

const now = () => 0;
const SEEDS = runs(45);

/** Scenarios of two periods and more with the plan for them, and a period to stand in. */
async function* cases(first: number, count: number, policy?: PolicyName) {
  for (let seed = first, found = 0; found < count; seed++) {
    const random = randomScenario(seed, policy ? { policy } : {});
    const T = random.periods.count;
    if (T < 2) continue;
    found++;
    const scenario = seed % 2 ? random : uneven(random, seed);
    assert.ok(checkScenario(scenario).ok, scenario.id);
    const plan = await runAllocation(scenario, { solver: 'highs' }, now);
    yield { seed, scenario, plan, period: 1 + (seed % (T - 1 || 1)) };
  }
}

/** value ≤ optimum ≤ bound on every stage, by the second formulation. */
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
    assert.ok(Math.abs(Number(bound) - optimum) <= 10 * noise, `${what}: loose`);
  }
}

test(`${SEEDS} plans followed for a while: what is left of them is a plan, covers the same, and none of it is beaten by the bound`, async () => {
  let left = 0;
  for await (const { scenario, plan, period } of cases(1, SEEDS)) {
    const today = followed(scenario, plan, period);
    const checked = checkScenario(today);
    assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.message), [], today.id);
    const network = compileNetwork(complete(today));
    const policy = compilePolicy(today.policy);
    const rest = readPlan(
      network,
      plan.shipments.filter((s) => s.depart >= period),
      plan.use.filter((u) => u.period >= period),
    );
    assert.deepEqual([...rest.faults, ...infeasibilities(network, rest.plan)], [], today.id);
    assert.deepEqual(listCoverage(network, rest.plan), plan.coverage, today.id);
    const { spent, cost, budget } = measure(network, rest.plan);
    assert.ok(Math.abs(spent!.cost + cost - plan.measures.cost) <= 1e-9 * Math.max(1, cost), `${today.id}: money`);
    if (budget) assert.ok(Math.abs(budget.used - plan.measures.cost) <= 1e-9 * Math.max(1, budget.used));

    const again = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(again, today).faults, [], today.id);
    await againstIndependent(today, again);
    // nothing changed: the plan before is still possible, and no bound says otherwise
    const before = evaluate(network, policy, rest.plan, again.certificate.stages);
    assert.deepEqual(before.faults, []);
    before.stages.forEach(({ value, bound }, s) => {
      assert.ok(!betterThan(policy.stages[s]!.stage, value, bound), `${today.id}, stage ${s}: ${value} beats ${bound}`);
    });
    const [old, renewed] = [before.stages[0]!, again.stages[0]!];
    const worse = betterThan(renewed.stage, old.value, renewed.value) && renewed.gap === 0;
    assert.ok(!worse, `${today.id}: ${renewed.value} after ${old.value}`);
    if (rest.plan.ship.some((x) => x > 0)) left++;
  }
  assert.ok(left > SEEDS / 3, 'most plans have something left to send');
});

test('deliveries late, in part and lost: the second formulation of what is left agrees', async () => {
  let changed = 0;
  for await (const { seed, scenario, plan, period } of cases(300, SEEDS)) {
    const today = delayed(followed(scenario, plan, period), seed);
    const checked = checkScenario(today);
    assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.message), [], today.id);
    const again = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(again, today).faults, [], today.id);
    await againstIndependent(today, again);
    if (today.after!.shipped!.some((s) => s.delivered !== undefined)) changed++;
  }
  assert.ok(changed > runs(10));
});

test('every solver on what is left: no plan beats the prices of another', async () => {
  for await (const { seed, scenario, plan, period } of cases(600, 15)) {
    const today = delayed(followed(scenario, plan, period), seed);
    assert.deepEqual(contradictions(today, await allocateByAll(today)), []);
  }
});

test('the levels of what is left are those of the textbook', async () => {
  for await (const { seed, scenario, plan, period } of cases(900, 12, 'equal')) {
    const today = delayed(followed(scenario, plan, period), seed);
    const bare: Scenario = { ...today, policy: [{ stage: 'leximin' }] };
    const again = await runAllocation(bare, { solver: 'highs' }, now);
    assert.deepEqual(check(again, bare).faults, []);
    const levels = await textbookLeximin(bare);
    const least = Math.min(...levels.map((l) => l.ratio), 1);
    assert.ok(
      Math.abs(Number(again.stages[0]!.bound) - least) <= 1e-6,
      `${today.id}: ${again.stages[0]!.bound}, ${least}`,
    );
    assert.ok(again.stages[0]!.gap <= 1 && Number(again.stages[0]!.value) <= least + 1e-9, today.id);
  }
});

/** All that an allocation states said again as if its shipments were meant for this scenario. */
function restated(allocation: Allocation, scenario: Scenario): Allocation {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(allocation.policy.stages);
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const { stages } = evaluate(network, policy, plan, allocation.certificate.stages);
  return {
    ...allocation,
    policy: { name: 'custom', stages: allocation.policy.stages },
    scenario: { id: scenario.id, digest: scenarioDigest(scenario) },
    coverage: listCoverage(network, plan),
    measures: measure(network, plan),
    stages: stages.map((s, i) => ({ ...allocation.stages[i]!, ...s })),
    gap: { ...allocation.gap, proven: Math.max(0, ...stages.map((s) => s.gap)) },
    certificate: sealCertificate(scenario, policy, allocation.shipments, allocation.use, allocation.certificate.stages),
  };
}

test('a forged past is refused: goods sent again, sent in the past, used in the past', async () => {
  let [twice, early, used] = [0, 0, 0];
  for await (const { scenario, plan, period } of cases(1200, 20)) {
    const today = followed(scenario, plan, period);
    // the plan as it was, as if nothing had left yet
    if (plan.shipments.some((s) => s.depart < period)) {
      const faults = check(restated({ ...plan, use: plan.use.filter((u) => u.period >= period) }, today), today).faults;
      assert.ok(
        faults.some((f) => f.includes('no open route')),
        `${today.id}: ${faults}`,
      );
      early++;
    }
    if (plan.use.some((u) => u.period < period)) {
      const late = plan.shipments.filter((s) => s.depart >= period);
      const { faults } = check(restated({ ...plan, shipments: late }, today), today);
      assert.ok(
        faults.some((f) => f.includes('is past')),
        `${today.id}: ${faults}`,
      );
      used++;
    }
    // goods that have left leave again in an open period
    const again = await runAllocation(today, { solver: 'highs' }, now);
    const gone = today.after!.shipped!.find((s) =>
      again.shipments.some((a) => a.from === s.from && a.resource === s.resource),
    );
    if (!gone) continue;
    const depot = today.depots.findIndex((d) => d.id === gone.from);
    if (depot < 0) continue;
    const { from, resource } = gone;
    const sum = (list: readonly { quantity: number }[] = []) => list.reduce((total, x) => total + x.quantity, 0);
    const of = <X extends { resource: string }>(list: readonly X[] = []) => list.filter((x) => x.resource === resource);
    const site = today.depots[depot]!;
    const past = of(today.after!.shipped);
    const there =
      (site.stock?.[resource] ?? 0) +
      sum(of(site.arrivals)) +
      sum(past.filter((s) => s.to === from)) -
      sum(past.filter((s) => s.from === from));
    // as if they had not left: ten times what there was, so that more is sent
    const richer = structuredClone(today);
    richer.depots[depot]!.stock = { ...site.stock, [resource]: 10 * (site.stock?.[resource] ?? 0) + sum(past) };
    const more = await runAllocation(richer, { solver: 'highs' }, now);
    const forged = check(restated(more, today), today).faults;
    assert.ok(check(restated(again, today), today).ok, 'restating alone is no fault');
    const sent = of(more.shipments);
    if (!(sum(sent.filter((s) => s.from === from)) > there + sum(sent.filter((s) => s.to === from)) + 1e-9)) continue;
    twice++;
    assert.ok(
      forged.some((f) => /more than it ever has/.test(f)),
      `${today.id}: ${forged}`,
    );
  }
  assert.ok(twice > 2 && early > 10 && used > 1, `${twice} ${early} ${used}`);
});

test('what cannot have been has a fault at its place, with the mend', () => {
  const base = readCase('two-valleys');
  const after: NonNullable<Scenario['after']> = {
    period: 2,
    shipped: [
      { resource: 'water', from: 'port', to: 'junction', mode: 'truck', depart: 0, arrive: 0, quantity: 20000 },
    ],
  };
  const route = base.routes.find((r) => r.from === 'port' && r.to === 'junction');
  assert.ok(route, 'two-valleys has the route');
  const faultsOf = (change: (a: typeof after, s: Scenario) => void) => {
    const scenario = structuredClone({ ...base, after });
    change(scenario.after, scenario);
    const checked = checkScenario(scenario);
    if (checked.ok) return [];
    for (const f of checked.faults) mustBeTold(f, scenario);
    return checked.faults.map((f) => `${f.pointer}: ${f.message}`);
  };
  assert.deepEqual(
    faultsOf(() => {}),
    [],
  );
  const line = after.shipped![0]!;
  const cases: [RegExp, (a: typeof after, s: Scenario) => void][] = [
    [/^\/after\/period: .*0 to 3/, (a) => Object.assign(a, { period: 4 })],
    [/^\/after\/shipped\/0\/depart: .*planned/, (a) => Object.assign(a.shipped![0]!, { depart: 2 })],
    [/^\/after\/shipped\/0\/arrive: .*before it departs/, (a) => Object.assign(a.shipped![0]!, { depart: 1 })],
    [/^\/after\/shipped\/0\/delivered: .*at most 20000/, (a) => Object.assign(a.shipped![0]!, { delivered: 20100 })],
    [
      /^\/after\/shipped\/0\/quantity: .*not a whole number of lots/,
      (a) => Object.assign(a.shipped![0]!, { quantity: 20050.5 }),
    ],
    [/^\/after\/shipped\/0: .*does not have/, (a) => Object.assign(a.shipped![0]!, { mode: 'mule' })],
    [
      /^\/after\/shipped\/0\/resource: .*did you mean "water"/,
      (a) => Object.assign(a.shipped![0]!, { resource: 'watre' }),
    ],
    [
      /^\/after\/shipped\/1\/quantity: .*than there was until period 2: take \d+ off/,
      (a) => void a.shipped!.push({ ...line, quantity: 900000 }),
    ],
    [
      /^\/after\/used\/0\/region: .*storage/,
      (a) => Object.assign(a, { used: [{ region: 'upper-valley', resource: 'water', period: 0, quantity: 100 }] }),
    ],
    [
      /^\/after\/planned\/0\/depart: .*past/,
      (a) =>
        Object.assign(a, {
          planned: [{ resource: 'water', from: 'port', to: 'junction', mode: 'truck', depart: 1, quantity: 100 }],
        }),
    ],
    [
      /^\/budget\/amount: .*spent already/,
      (_, s) => {
        s.budget = { amount: 1 };
        for (const r of s.routes) r.costPerTonne = 5;
      },
    ],
  ];
  for (const [expected, change] of cases) {
    const faults = faultsOf(change);
    assert.ok(
      faults.some((f) => expected.test(f)),
      `${expected} among ${faults}`,
    );
  }
});

test('what a region used beyond its need before is gone: it cannot be handed out a second time', () => {
  const scenario: Scenario = {
    evenhand: 1,
    id: 'used-up',
    periods: { count: 2 },
    resources: [{ id: 'kit', unit: 'kit', weightKg: 10, kind: 'consumable' }],
    depots: [{ id: 'depot', stock: { kit: 10 } }],
    regions: [{ id: 'region', demand: { kit: [2, 5] }, storageTonnes: 1 }],
    routes: [{ from: 'depot', to: 'region', mode: 'truck' }],
    after: {
      period: 1,
      shipped: [{ resource: 'kit', from: 'depot', to: 'region', mode: 'truck', depart: 0, arrive: 0, quantity: 9 }],
      used: [{ region: 'region', resource: 'kit', period: 0, quantity: 7 }],
    },
  };
  assert.ok(checkScenario(scenario).ok);
  const network = compileNetwork(complete(scenario));
  const handOut = (quantity: number) => {
    const use = [{ region: 'region', resource: 'kit', period: 1, quantity }];
    const { plan, faults } = readPlan(network, [], use);
    return [...faults, ...infeasibilities(network, plan)];
  };
  assert.deepEqual(handOut(2), []);
  assert.match(handOut(3).join(), /1 lots of 'kit' more than it ever has/);
});
