/** The built-in cases say what their sources say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  builtInStandards,
  builtInTransport,
  caseNames,
  complete,
  draftText,
  needsOf,
  readCase,
  readDraft,
  routesOf,
  scenarioDigest,
} from '../scenarios/index.js';

test('every built-in case can be read, and no other', () => {
  assert.deepEqual(caseNames(), ['enawo', 'two-valleys', 'gorkha', 'idai', 'turkiye', 'wenchuan']);
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

const DRAFTED = {
  gorkha: '6f40c29b868152a154281620c581e5dcac547495f3f20e9d4c1fcaca97329669',
  idai: '20ed58fca174773937a94c17d607e6139fdc69d5d2d2832ea05391bd88a5f0ae',
  turkiye: 'f666c360a5ff923c6287fd9c57e89810ae29ac4b77fcf2b895fae304def41c26',
  wenchuan: '488421cd766bd275076dbbe3a0187a05af34dfc9f82250625a0ee337cb268dea',
};

const fileOf = (name: string) => readFileSync(new URL(`../../scenarios/library/${name}.json`, import.meta.url), 'utf8');

function must<T>(read: { ok: true; value: T } | { ok: false; faults: { message: string }[] }): T {
  if (!read.ok) throw new Error(read.faults.map((f) => f.message).join('\n'));
  return read.value;
}

test('the other real cases are their drafts through needs and routes, to the byte, and have the digests of the record', () => {
  for (const [name, digest] of Object.entries(DRAFTED)) {
    const draft = must(readDraft(fileOf(`drafts/${name}`)));
    const withNeeds = must(needsOf(draft, builtInStandards())).draft;
    const { draft: made, stranded } = must(routesOf(withNeeds, builtInTransport()));
    assert.equal(draftText(made), fileOf(name), `${name}: evenhand needs, then evenhand routes`);
    assert.deepEqual(stranded, [], `${name}: every depot has a way out`);
    assert.equal(scenarioDigest(readCase(name)), digest, name);
    for (const word of ['Published:', 'Derived:', 'Assumed by us:', 'Assumed: '])
      assert.ok(readCase(name).source?.includes(word), `${name} says what is ${word}`);
  }
});

const peopleOf = (name: string) => Object.fromEntries(readCase(name).regions.map((r) => [r.name ?? r.id, r.people]));
const stockOf = (name: string, resource: string) =>
  readCase(name).depots.reduce(
    (sum, d) =>
      sum +
      (d.stock?.[resource] ?? 0) +
      (d.arrivals ?? []).reduce((s, a) => s + (a.resource === resource ? a.quantity : 0), 0),
    0,
  );

// UN OCHA 2015: damaged and destroyed houses; census 2011: people.
const HOUSES = {
  Gorkha: [47401, 271061],
  Dhading: [67455, 336067],
  Rasuwa: [20470, 43300],
  Nuwakot: [67971, 277471],
  Sindhupalchok: [66992, 287798],
  Dolakha: [52000, 186557],
  Ramechhap: [35833, 202646],
  Kathmandu: [42824, 1744240],
  Bhaktapur: [69653, 304651],
  Lalitpur: [18936, 468132],
  Kavrepalanchok: [63106, 381937],
  Okhaldhunga: [27073, 147984],
  Sindhuli: [22397, 296192],
  Makwanpur: [33732, 420477],
} as const;

test('Gorkha: people are houses × 4.88, no more than live there; goods for 20,000 and 15,000 families', () => {
  const people = Object.entries(HOUSES).map(([name, [houses, population]]) => [
    name,
    Math.min(population, Math.floor((houses * 488 + 99) / 100)),
  ]);
  assert.deepEqual(peopleOf('gorkha'), Object.fromEntries(people));
  assert.deepEqual([stockOf('gorkha', 'tarpaulin'), stockOf('gorkha', 'blanket')], [35_000, 70_000]);
});

test('Idai: people affected are those that were published, and Nhamatanda by assumption', () => {
  const people = Object.values(peopleOf('idai'));
  assert.deepEqual(people, [500_000, 70_000, 130_000, Math.ceil(0.38 * 254_683), 14_047, 5235, 2655]);
  const { regions, routes } = readCase('idai');
  const buzi = regions.find((r) => r.name === 'Búzi')!.id;
  assert.deepEqual(new Set(routes.filter((r) => r.to === buzi).map((r) => r.mode)), new Set(['helicopter', 'boat']));
});

// population, dead, missing
const COUNTIES = {
  Wenchuan: [111_800, 15_941, 7595],
  Beichuan: [161_000, 15_646, 4392],
  Mianzhu: [520_000, 11_117, 251],
  Shifang: [430_000, 5924, 198],
  Qingchuan: [250_000, 4697, 124],
  Mao: [104_790, 4016, 0],
  An: [447_500, 21_964 - 15_646 - 3104 - 394, 0],
  Dujiangyan: [621_980, 3091, 192],
  Pingwu: [186_073, 3104, 3551],
  Pengzhou: [770_749, 952, 147],
} as const;

test('Wenchuan: who survived in the ten counties; the tents of two batches and the quilts of the first', () => {
  const left = Object.entries(COUNTIES).map(([name, [population, dead, missing]]) => [
    name,
    population - dead - missing,
  ]);
  assert.deepEqual(peopleOf('wenchuan'), Object.fromEntries(left));
  const second = 3000 + 100 + 10_520 + 6270 + 2500 + 6040 + 7200;
  assert.equal(stockOf('wenchuan', 'tent'), 5000 + 45_650 + 10_600 + second);
  assert.equal(5000 + 45_650 + 10_600, 61_250, 'the total that was published');
  assert.equal(stockOf('wenchuan', 'blanket'), 50_000);
});

test('Türkiye: five people a tent that was set up, 329,382 in all; what was sent in the first days', () => {
  const { regions } = readCase('turkiye');
  assert.equal(
    regions.reduce((sum, r) => sum + (r.people ?? 0), 0),
    5 * 329_382,
  );
  for (const r of regions) assert.equal(r.demand.tent, (r.people ?? 0) / 5);
  assert.deepEqual([stockOf('turkiye', 'tent'), stockOf('turkiye', 'blanket')], [92_738, 300_000]);
});
