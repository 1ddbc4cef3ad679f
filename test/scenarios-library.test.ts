/** The built-in cases say what their sources say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseNames, complete, readCase } from '../scenarios/index.js';

test('every built-in case can be read, and no other', () => {
  assert.deepEqual(caseNames(), ['enawo', 'two-valleys']);
  for (const name of caseNames()) assert.equal(readCase(name).id, name);
  assert.throws(() => readCase('../package'), /there are enawo, two-valleys/);
});

// ESUPS case study, inventory/actual.csv, summed by item over the 27 depots.
const STOCK = {
  blankets: 8400,
  buckets: 40811,
  clothes: 3360,
  'hygiene-kits': 3076,
  'kitchen-sets': 5761,
  'mosquito-nets': 29352,
  lamps: 7,
  'protective-kits': 6763,
  'delivery-kits': 40,
  'school-kits': 4416,
  'shelter-tool-kits': 1050,
  'sleeping-mats': 4,
  tarpaulins: 17030,
  tents: 285,
  'water-containers': 31326,
};

test('Enawo: people, depots, items and stock are those of the source', () => {
  const { regions, depots, resources, routes, periods } = readCase('enawo');
  assert.deepEqual(
    [regions.length, depots.length, resources.length, routes.length, periods.count],
    [13, 27, 15, 351, 7],
  );
  assert.equal(
    regions.reduce((sum, r) => sum + (r.people ?? 0), 0),
    434254,
  );
  const stock = resources.map((r) => [r.id, depots.reduce((sum, d) => sum + (d.stock?.[r.id] ?? 0), 0)]);
  assert.deepEqual(Object.fromEntries(stock), STOCK);
  assert.ok(resources.every((r) => r.kind === 'durable'));
});

test('Enawo: demand is people over persons per item, rounded up, exactly', () => {
  const { regions, resources } = readCase('enawo');
  for (const region of regions)
    for (const { id, peoplePerUnit = 1 } of resources) {
      // Persons per item have one decimal at most, so ten times the division is one of integers.
      const tenths = Math.round(peoplePerUnit * 10);
      assert.equal(
        region.demand[id],
        Math.floor(((region.people ?? 0) * 10 + tenths - 1) / tenths),
        `${region.id} ${id}`,
      );
    }
});

test('Enawo: each depot reaches each region within the week, at 0.15 USD a tonne-km', () => {
  const { regions, depots, routes, periods } = readCase('enawo');
  const pairs = new Set(routes.map((r) => `${r.from} ${r.to}`));
  for (const d of depots) for (const r of regions) assert.ok(pairs.has(`${d.id} ${r.id}`));
  for (const r of routes) {
    assert.ok((r.leadPeriods ?? 0) >= 1 && (r.leadPeriods ?? 0) < periods.count);
    assert.ok(Math.abs((r.costPerTonne ?? 0) - 0.15 * (r.km ?? 0)) < 0.005 + 1e-9);
  }
  const toSava = routes.find((r) => r.from === 'midongy' && r.to === 'sava');
  // 24 + 1.1 × 51 = 80.1 hours.
  assert.deepEqual([toSava?.km, toSava?.leadPeriods], [2088, 4]);
});

test('two valleys: every field of the format is there but $schema', () => {
  const fields = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (!Array.isArray(value)) fields.add(key);
      collect(child);
    }
  };
  const scenario = readCase('two-valleys');
  collect(scenario);
  const used =
    'title source length start name volumeM3 lot peoplePerUnit importance at owner tier stock arrivals donor handlingTonnes hubs storageTonnes people priority floor km leadPeriods capacityTonnes costPerTonne closed fleets tonneKm vehicles payloadTonnes kmPerPeriod budget currency policy alpha bands tolerance';
  for (const field of used.split(' ')) assert.ok(fields.has(field), field);
  assert.deepEqual(new Set(scenario.resources.map((r) => r.kind)), new Set(['consumable', 'durable']));
  assert.ok(complete(scenario).policy.stages.length > 1, 'a policy by stages');
});
