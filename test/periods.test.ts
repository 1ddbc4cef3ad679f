/** Figures by the period: a list that says the same as a number, a route in two parts that say the same as one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeScenario, scenarioDifferences } from '../engine/index.js';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { check } from '../engine/proof/check.js';
import { checkScenario, complete, readCase, type Scenario } from '../scenarios/index.js';
import { draws, uneven } from './support/field.js';
import { randomScenario } from './support/random.js';

const now = () => 0;

/** Every number that may be a list as one. */
function listed(scenario: Scenario): Scenario {
  const T = scenario.periods.count;
  const list = (x: number | number[]) => (typeof x === 'number' ? new Array<number>(T).fill(x) : x);
  const copy = structuredClone(scenario);
  for (const site of [...copy.depots, ...(copy.hubs ?? [])])
    if (site.handlingTonnes !== undefined) site.handlingTonnes = list(site.handlingTonnes);
  for (const fleet of copy.fleets ?? []) {
    if (fleet.tonneKm !== undefined) fleet.tonneKm = list(fleet.tonneKm);
    if (fleet.vehicles !== undefined) fleet.vehicles = list(fleet.vehicles);
  }
  return copy;
}

/** Every route in two parts of complementary periods. */
function halved(scenario: Scenario, seed: number): Scenario {
  const draw = draws(seed);
  const periods = Array.from({ length: scenario.periods.count }, (_, t) => t);
  const routes = scenario.routes.flatMap((route) => {
    const part = new Set(periods.filter(() => draw(2) === 0));
    const shut = (own: (t: number) => boolean) => periods.filter((t) => route.closed?.includes(t) || own(t));
    return [
      { ...route, closed: shut((t) => part.has(t)) },
      { ...route, closed: shut((t) => !part.has(t)) },
    ];
  });
  return { ...scenario, routes };
}

test('a list of one number is that number: network, plan and words are the same', async () => {
  for (let seed = 3000; seed < 3040; seed++) {
    const scenario = randomScenario(seed);
    const copy = listed(scenario);
    assert.ok(checkScenario(copy).ok);
    const [a, b] = [scenario, copy].map((s) => {
      const { scenario: _, ...network } = compileNetwork(complete(s));
      return network;
    });
    assert.deepEqual(b, a, scenario.id);
    assert.deepEqual(scenarioDifferences(scenario, copy), []);
    const future = { id: 'f', handling: 0.5, fleets: 0.7 };
    assert.deepEqual(
      compileNetwork(complete(changeScenario(copy, future))).approx,
      compileNetwork(complete(changeScenario(scenario, future))).approx,
    );
  }
});

test('a route in two parts is the route: plans are worth the same, and words see no difference', async () => {
  for (let seed = 3100; seed < 3130; seed++) {
    const scenario = randomScenario(seed);
    const parts = halved(scenario, seed);
    const checked = checkScenario(parts);
    assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.message), []);
    const [a, b] = [
      await runAllocation(scenario, { solver: 'highs' }, now),
      await runAllocation(parts, { solver: 'highs' }, now),
    ];
    assert.deepEqual(check(b, parts).faults, []);
    // bounds beyond the first are for plans that do as well as this one in whole lots
    const [x, y] = [Number(a.stages[0]!.bound), Number(b.stages[0]!.bound)];
    assert.ok(Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x)), `${scenario.id}: ${x} and ${y}`);
    assert.deepEqual(scenarioDifferences(scenario, parts), []);
  }
});

test('limits by the period are kept by the period', async () => {
  let tight = 0;
  for (let seed = 3200; seed < 3240; seed++) {
    const scenario = uneven(randomScenario(seed), seed);
    const { shipments } = await runAllocation(scenario, { solver: 'highs' }, now);
    const weight = new Map(scenario.resources.map((r) => [r.id, r.weightKg / 1000]));
    const sum = (of: (s: (typeof shipments)[number]) => number) => shipments.reduce((total, s) => total + of(s), 0);
    const within = (used: number, limit: number, what: string) => {
      assert.ok(used <= limit * (1 + 1e-9) + 1e-12, `${scenario.id}, ${what}: ${used} of ${limit}`);
      if (used > 0.9 * limit && limit > 0) tight++;
    };
    for (let t = 0; t < scenario.periods.count; t++) {
      for (const { id, handlingTonnes } of [...scenario.depots, ...(scenario.hubs ?? [])])
        if (typeof handlingTonnes === 'object')
          within(
            sum((s) => (s.from === id && s.depart === t ? s.quantity * weight.get(s.resource)! : 0)),
            handlingTonnes[t]!,
            `handling at ${id} in ${t}`,
          );
      for (const { mode, tonneKm, vehicles, payloadTonnes = 0, kmPerPeriod = 0 } of scenario.fleets ?? []) {
        const limit =
          typeof tonneKm === 'object' ? tonneKm[t]! : (vehicles as number[])[t]! * payloadTonnes * kmPerPeriod;
        const km = (s: (typeof shipments)[number]) =>
          scenario.routes.find(
            (r) => r.from === s.from && r.to === s.to && r.mode === s.mode && !r.closed?.includes(s.depart),
          )!.km!;
        within(
          sum((s) => (s.mode === mode && s.depart === t ? s.quantity * weight.get(s.resource)! * km(s) : 0)),
          limit,
          `fleet ${mode} in ${t}`,
        );
      }
    }
  }
  assert.ok(tight > 10, `${tight} limits are nearly used up`);
});

test('what differs by the period is said by the period', () => {
  const before = readCase('two-valleys');
  const after = structuredClone(before);
  after.hubs![0]!.handlingTonnes = [48, 48, 20, 48];
  after.fleets![0]!.vehicles = [9, 5, 5, 5];
  const port = after.routes.findIndex((r) => r.from === 'port' && r.to === 'junction');
  const slow = { ...after.routes[port]!, leadPeriods: 2, capacityTonnes: 12, closed: [0, 3] };
  after.routes[port]!.closed = [1, 2];
  after.routes.push(slow);
  assert.ok(checkScenario(after).ok);
  assert.deepEqual(scenarioDifferences(before, after), [
    'handling limit in t of 1 hub: junction 48 → 48 in 0–1, 20 in 2, 48 in 3',
    'periods on the way of 1 route: port → junction by truck 1 → 1 in 0, 2 in 1–2, 1 in 3',
    'capacity in t of 1 route: port → junction by truck 24 → 24 in 0, 12 in 1–2, 24 in 3',
    'tonne-km a period of 1 fleet: truck 11,520 → 11,520 in 0, 6,400 in 1–3',
  ]);
});
