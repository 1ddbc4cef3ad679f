/** Defaults, policies and the digest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  complete,
  completeStage,
  policyStages,
  readCase,
  readScenario,
  type Scenario,
  scenarioDigest,
} from '../scenarios/index.js';

const minimal: Scenario = {
  evenhand: 1,
  id: 'least',
  periods: { count: 3 },
  resources: [
    { id: 'food', unit: 'kg', weightKg: 1, kind: 'consumable' },
    { id: 'tent', unit: 'piece', weightKg: 50, kind: 'durable' },
  ],
  depots: [{ id: 'd' }],
  regions: [{ id: 'r', demand: { food: 5, tent: 2 } }],
  routes: [{ from: 'd', to: 'r', mode: 'truck' }],
};

test('the least that a scenario must say is enough, and every default is that of the model', () => {
  assert.ok(readScenario(JSON.stringify(minimal)).ok);
  assert.deepEqual(complete(minimal), {
    id: 'least',
    periods: { count: 3, length: 'P1D', start: null },
    resources: [
      {
        id: 'food',
        name: 'food',
        unit: 'kg',
        weightKg: 1,
        volumeM3: null,
        lot: 1,
        kind: 'consumable',
        peoplePerUnit: 1,
        importance: 1,
      },
      {
        id: 'tent',
        name: 'tent',
        unit: 'piece',
        weightKg: 50,
        volumeM3: null,
        lot: 1,
        kind: 'durable',
        peoplePerUnit: 1,
        importance: 1,
      },
    ],
    depots: [{ id: 'd', name: 'd', at: null, stock: {}, arrivals: [], handlingTonnes: null }],
    hubs: [],
    regions: [
      {
        id: 'r',
        name: 'r',
        at: null,
        people: null,
        priority: 1,
        demand: { food: [5, 5, 5], tent: [2, 0, 0] },
        floor: 0,
        storageTonnes: 0,
      },
    ],
    routes: [
      { from: 'd', to: 'r', mode: 'truck', km: 0, leadPeriods: 0, capacityTonnes: null, costPerTonne: 0, closed: [] },
    ],
    fleets: [],
    budget: null,
    policy: {
      name: 'balanced',
      stages: [
        { stage: 'floor', tolerance: 1e-6 },
        { stage: 'need', alpha: 2, bands: 10, costWeight: 0, tolerance: 1e-6 },
        { stage: 'cost', tolerance: 1e-6 },
      ],
    },
    after: null,
    response: null,
  });
});

test('what the file states is kept, and completing does not touch it', () => {
  const scenario = readCase('two-valleys');
  const before = JSON.stringify(scenario);
  const whole = complete(scenario);
  assert.equal(JSON.stringify(scenario), before);
  assert.deepEqual(
    whole.regions.map((r) => r.demand.tarpaulin),
    [
      [1900, 0, 0, 0],
      [700, 0, 350, 0],
    ],
  );
  assert.deepEqual(
    whole.regions.map((r) => r.demand.rice),
    [
      [120, 120, 120, 120],
      [70, 70, 70, 70],
    ],
  );
  assert.deepEqual(whole.fleets, [
    { mode: 'truck', factors: [9, 8, 160] },
    { mode: 'helicopter', factors: [700] },
  ]);
  assert.deepEqual(whole.hubs[0], {
    id: 'junction',
    name: 'Junction',
    at: [48.23, -18.92],
    handlingTonnes: 48,
    storageTonnes: 20,
  });
  // The one route without km: great circle between the places times 1.05 for a helicopter.
  assert.equal(whole.routes[5]!.km, 158.036);
  whole.routes[3]!.closed.push(9);
  whole.depots[0]!.stock.water = -1;
  assert.equal(JSON.stringify(scenario), before);
});

test('the named policies differ in one thing', () => {
  const needOf = (name: 'efficient' | 'proportional' | 'balanced') =>
    policyStages(name).stages.map((s) => (s.stage === 'need' ? s.alpha : s.stage));
  assert.deepEqual(needOf('efficient'), ['floor', 0, 'cost']);
  assert.deepEqual(needOf('proportional'), ['floor', 1, 'cost']);
  assert.deepEqual(needOf('balanced'), ['floor', 2, 'cost']);
  assert.deepEqual(
    policyStages('equal').stages.map((s) => s.stage),
    ['floor', 'leximin', 'cost'],
  );
  assert.deepEqual(policyStages(undefined), { ...policyStages('balanced') });
  assert.deepEqual(policyStages([{ stage: 'maxmin' }]), { name: 'custom', stages: [{ stage: 'maxmin' }] });
  const bands = [{ upTo: 1, value: 1 }];
  assert.deepEqual(completeStage({ stage: 'need', bands }), {
    stage: 'need',
    alpha: null,
    bands,
    costWeight: 0,
    tolerance: 1e-6,
  });
});

test('the digest follows the content, not the order of fields', () => {
  const { id, ...rest } = minimal;
  assert.equal(scenarioDigest({ ...rest, id }), scenarioDigest(minimal));
  assert.notEqual(scenarioDigest({ ...minimal, id: 'other' }), scenarioDigest(minimal));
  assert.equal(scenarioDigest(JSON.parse(JSON.stringify(minimal))), scenarioDigest(minimal));
  assert.match(scenarioDigest(minimal), /^[0-9a-f]{64}$/);
});
