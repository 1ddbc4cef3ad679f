/** The compiled network: one case by hand, the same rows for everybody, bounds that cut nothing off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork, type Network } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { toNumber } from '../engine/proof/exact.js';
import { buildModel } from '../engine/solve/model.js';
import { loadBackend } from '../engine/solve/tableau.js';
import type { Stage } from '../engine/types.js';
import { checkScenario, complete, generate, type PresetName, readCase, type Scenario } from '../scenarios/index.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

/** Two valleys small enough for pencil and paper: sites A0 B1 H2 N3 S4, three periods, two goods. */
const byHand: Scenario = {
  evenhand: 1,
  id: 'by-hand',
  periods: { count: 3 },
  resources: [
    { id: 'water', unit: 'L', weightKg: 1, lot: 5, kind: 'consumable', peoplePerUnit: 0.2, importance: 10 },
    { id: 'tarp', unit: 'piece', weightKg: 4, kind: 'durable', peoplePerUnit: 2.5 },
  ],
  depots: [
    {
      id: 'A',
      stock: { tarp: 7, water: 100 },
      arrivals: [{ period: 1, resource: 'water', quantity: 50 }],
      handlingTonnes: 0.5,
    },
    { id: 'B' },
  ],
  hubs: [{ id: 'H' }],
  regions: [
    { id: 'N', demand: { water: 15, tarp: [2, 0, 3] }, priority: 1.5, floor: 0.3, storageTonnes: 0.02 },
    { id: 'S', demand: { water: [10, 0, 5], tarp: 4 } },
  ],
  routes: [
    { from: 'A', to: 'B', mode: 'truck', km: 10, leadPeriods: 1 },
    { from: 'A', to: 'H', mode: 'truck', km: 20.5, costPerTonne: 14 },
    { from: 'H', to: 'N', mode: 'truck', km: 30, leadPeriods: 1, closed: [0], capacityTonnes: 0.013 },
    { from: 'H', to: 'S', mode: 'truck', km: 40, closed: [1] },
    { from: 'B', to: 'N', mode: 'boat', km: 50, leadPeriods: 2 },
    { from: 'B', to: 'S', mode: 'air', km: 60, leadPeriods: 3 },
  ],
  fleets: [
    { mode: 'boat', tonneKm: 7 },
    { mode: 'truck', vehicles: 2, payloadTonnes: 1.5, kmPerPeriod: 100.1 },
  ],
  budget: { amount: 12.5 },
};

test('a network by hand: closures, lead times, arrivals, backlog, order of rows', () => {
  assert.ok(checkScenario(byHand).ok);
  const n = compileNetwork(complete(byHand));
  assert.deepEqual([n.T, n.K, n.D, n.H, n.R, n.S], [3, 2, 2, 1, 2, 5]);
  assert.deepEqual(n.sites, ['A', 'B', 'H', 'N', 'S']);
  // A→B in 0, 1 · A→H in 0, 1, 2 · H→N in 1 (0 is closed, 2 comes too late) · H→S in 0, 2 · B→N in 0 · B→S never
  const { arcs } = n;
  assert.equal(arcs.count, 9);
  assert.deepEqual([...arcs.route], [0, 0, 1, 1, 1, 2, 3, 3, 4]);
  assert.deepEqual([...arcs.depart], [0, 1, 0, 1, 2, 1, 0, 2, 0]);
  assert.deepEqual([...arcs.from], [0, 1, 0, 1, 2, 7, 6, 8, 3]);
  assert.deepEqual([...arcs.to], [4, 5, 6, 7, 8, 11, 12, 14, 11]);
  assert.deepEqual([...arcs.fleet], [1, 1, 1, 1, 1, 1, 1, 1, 0]);
  const at = (start: Int32Array, list: Int32Array, node: number) => [...list.slice(start[node], start[node + 1])];
  assert.deepEqual(at(arcs.outStart, arcs.out, 0), [0, 2]);
  assert.deepEqual(at(arcs.inStart, arcs.in, 11), [5, 8]);
  // lots by depot, period, (water, tarp); a durable's need stands until it is met
  // nothing at hub and regions
  assert.deepEqual([...n.supply], [20, 7, 10, ...new Array(27).fill(0)]);
  assert.deepEqual([...n.need], [3, 2, 3, 2, 3, 5, 2, 4, 0, 4, 1, 4]);
});

test('the same network: coefficients are the decimals that were written', () => {
  const { exact, approx } = compileNetwork(complete(byHand));
  const all = (f: { units: bigint[]; scale: number }) => f.units.map((units) => toNumber({ units, scale: f.scale }));
  assert.deepEqual(all(exact.weight), [0.005, 0.004]); // tonnes a lot
  assert.deepEqual(all(exact.people), [1, 2.5]); // people-periods a lot
  assert.deepEqual(all(exact.points), [15, 3.75, 10, 2.5]); // priority × importance × people
  assert.deepEqual(all(exact.km), [10, 20.5, 30, 40, 50, 60]);
  assert.deepEqual(exact.fleet.map(toNumber), [7, 7, 7, 300.3, 300.3, 300.3]); // 2 × 1.5 × 100.1 is 300.29999… in doubles
  assert.notEqual(2 * 1.5 * 100.1, 300.3);
  assert.deepEqual([...approx.handling], [0.5, 0.5, 0.5, ...new Array(12).fill(Infinity)]);
  assert.deepEqual([...approx.storage], [Infinity, Infinity, 0, 0.02, 0]);
  assert.deepEqual(
    exact.capacity.map((c) => c && toNumber(c)),
    [null, null, 0.013, null, null, null],
  );
  assert.equal(toNumber(exact.budget!), 12.5);
});

test('the same network: bounds are the least of what can come, what is wanted behind and what fits', () => {
  const { upper } = compileNetwork(complete(byHand));
  // flows (arc, good): what goes to B can go no further in time; H→N takes 13 kg: 2.6 lots of water, 3.25 of tarp
  const pairs = Array.from({ length: upper.ship.length / 2 }, (_, a) => [...upper.ship.slice(2 * a, 2 * a + 2)]);
  assert.deepEqual(pairs, [
    [0, 0],
    [0, 0],
    [2, 4], // A→H in 0: only S in period 0 is reached from there
    [3, 5],
    [1, 4],
    [3, 4],
    [2, 4],
    [1, 4],
    [0, 0], // B has nothing in period 0
  ]);
  // N is reached in period 2 only; the 7 tarps reach S at once
  assert.deepEqual([...upper.met], [0, 0, 0, 0, 3, 4, 2, 4, 0, 4, 1, 4]);
  const stores = (site: number) => [...upper.store.slice(site * 6, site * 6 + 6)];
  assert.deepEqual(stores(0).slice(4), [0, 0], 'nothing is kept beyond the horizon');
  assert.equal(stores(0)[0], 4, 'of 20 lots of water 4 are still wanted after period 0: N in 2 and S in 2');
  assert.deepEqual(stores(2), [0, 0, 0, 0, 0, 0], 'a hub without storage keeps nothing');
});

/** The same JSON with all keys in the opposite order; lists stay as they are. */
function turned<V>(value: V): V {
  if (Array.isArray(value)) return value.map(turned) as V; // a list of the same things
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, turned(v)]),
  ) as V; // the same keys and values
}

test('the same scenario gives the same network, whatever the order of its keys', () => {
  const scenarios = [readCase('two-valleys'), readCase('enawo'), generate('district', 3)];
  for (let seed = 0; seed < runs(60); seed++) scenarios.push(randomScenario(seed));
  for (const scenario of scenarios) {
    const { scenario: _, ...one } = compileNetwork(complete(scenario));
    const { scenario: __, ...two } = compileNetwork(complete(turned(structuredClone(scenario))));
    assert.deepEqual(two, one, scenario.id);
  }
});

/** The network with no bounds but the goods there are: what a modeller without those bounds would write. */
function unbounded(network: Network): Network {
  const { S, D, T, K, arcs, approx, need, supply } = network;
  const total = new Float64Array(K);
  supply.forEach((lots, i) => {
    total[i % K]! += lots;
  });
  const store = Float64Array.from({ length: S * T * K }, (_, i) => {
    const site = Math.floor(i / (T * K));
    const last = Math.floor(i / K) % T === T - 1;
    return last || (site >= D && !(approx.storage[site]! > 0)) ? 0 : total[i % K]!;
  });
  const ship = Float64Array.from({ length: arcs.count * K }, (_, i) => total[i % K]!);
  return { ...network, upper: { ship, store, met: need } };
}

test('bounds cut nothing off: the optimum of every stage is the same without them, and in another formulation', async () => {
  const backend = await loadBackend('highs');
  const optimum = (network: Network, stages: Stage[]) => {
    const model = buildModel(network, compilePolicy(stages));
    const session = backend.open(model.lp);
    model.aim(0);
    const solved = session.solve();
    session.dispose();
    assert.ok(solved.outcome === 'optimal', solved.outcome === 'failed' ? solved.why : '');
    return model.maximand(0, solved.x);
  };
  const stages: Stage[] = [{ stage: 'maxmin' }, { stage: 'need', alpha: 1, bands: 3, costWeight: 0.01 }];
  let tightened = 0;
  for (let seed = 0; seed < runs(150); seed++) {
    const scenario = randomScenario(seed);
    const bounded = compileNetwork(complete(scenario));
    const free = unbounded(bounded);
    tightened += bounded.upper.ship.filter((u, i) => u < free.upper.ship[i]!).length;
    for (const stage of stages) {
      const [a, b] = [optimum(bounded, [stage]), optimum(free, [stage])];
      const noise = 1e-7 * Math.max(1, Math.abs(b));
      assert.ok(Math.abs(a - b) <= noise, `seed ${seed}, ${stage.stage}: ${a} with bounds, ${b} without`);
      const c = await bestValue(scenario, [stage], 0, []);
      assert.ok(Math.abs(a - c) <= noise, `seed ${seed}, ${stage.stage}: ${a} with bounds, ${c} from MODEL.md`);
    }
  }
  assert.ok(tightened > 1000, 'and there are bounds');
});

for (const preset of ['province', 'nation-day', 'nation-week'] satisfies PresetName[])
  test(`${preset}: a flow for each route, period in which it arrives in time, and resource; every bound finite`, () => {
    const scenario = generate(preset, 1);
    const { arcs, K, T, R, upper, need } = compileNetwork(complete(scenario));
    const departures = scenario.routes.map((r) => T - (r.leadPeriods ?? 0)).reduce((a, b) => a + b, 0);
    assert.equal(arcs.count, departures);
    assert.equal(upper.ship.length, departures * scenario.resources.length);
    if (preset === 'nation-week') assert.ok(Math.abs(upper.ship.length - 1.9e6) < 0.05e6, `${upper.ship.length}`);
    assert.equal(upper.met.length, R * T * K);
    let outside = 0;
    for (const list of [upper.ship, upper.store, upper.met])
      for (const u of list) if (!(Number.isFinite(u) && u >= 0)) outside++;
    upper.met.forEach((m, i) => {
      if (m > need[i]!) outside++;
    });
    assert.equal(outside, 0);
  });
