/** The compact form of plans: what is read back is what the JSON says, whatever the scenario; what was damaged is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { runAllocation } from '../engine/pipeline.js';
import type { Allocation, Scenario } from '../engine/types.js';
import { readCase, scenarioDigest } from '../scenarios/index.js';
import { PackedError, readContainer, writeContainer } from '../server/packed/container.js';
import { crc32 } from '../server/packed/crc32.js';
import { packPlan, withReceipt } from '../server/packed/pack.js';
import { type PackedPlan, readPlan } from '../server/packed/read.js';
import { delayed, followed, uneven } from './support/field.js';
import { randomScenario } from './support/random.js';

const SEEDS = 60;
const DIGEST = '0123456789abcdef'.repeat(4);
const RING: [number, number][] = [
  [47.1, -18.2],
  [47.3, -18.2],
  [47.2, -18.000001],
  [47.1, -18.2],
];

/** With names, places, people and borders, as the page shows them. */
function drawn(scenario: Scenario, seed: number): Scenario {
  return {
    ...scenario,
    title: `Île ${seed} 洪水`,
    depots: scenario.depots.map((one, i) => (i % 2 ? one : { ...one, name: `Dépôt ${i}`, at: [-0.1 - i, seed / 7] })),
    regions: scenario.regions.map((one, j) => ({
      ...one,
      ...(j % 2 ? { people: 12_345.5 + j } : { at: [179.99, -89.5] as [number, number] }),
      ...(j % 3 === 0 ? { polygon: { type: 'Polygon' as const, coordinates: [RING, RING] } } : {}),
      ...(j % 3 === 1 ? { polygon: { type: 'MultiPolygon' as const, coordinates: [[RING], [RING, RING]] } } : {}),
    })),
  };
}

/** Plans of random scenarios, and of the same when time has moved on and deliveries came late or in part. */
async function* plans(): AsyncGenerator<{ scenario: Scenario; plan: Allocation }> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = drawn(randomScenario(seed), seed);
    const scenario = seed % 2 ? random : uneven(random, seed);
    const plan = await runAllocation(scenario, { solver: 'highs' }, () => 0);
    yield { scenario, plan };
    if (scenario.periods.count < 2) continue;
    const today = followed(scenario, plan, 1 + (seed % (scenario.periods.count - 1)));
    const late = seed % 3 ? today : delayed(today, seed);
    yield { scenario: late, plan: await runAllocation(late, { solver: 'highs' }, () => 0) };
  }
}

/** All lines of a table. */
const lines = <T>({ length, at }: { length: number; at(line: number): T }): T[] =>
  Array.from({ length }, (_, i) => at(i));

function sameNumbers(packed: PackedPlan, plan: Allocation, scenario: Scenario): void {
  assert.deepEqual(lines(packed.shipments), plan.shipments);
  assert.deepEqual(lines(packed.coverage), plan.coverage);
  const { policy, stages, gap, solver, measures } = packed.head;
  assert.deepEqual(packed.byRegion, plan.measures.byRegion);
  assert.deepEqual({ ...measures, byRegion: packed.byRegion }, plan.measures);
  assert.deepEqual([policy, stages, gap, solver], [plan.policy, plan.stages, plan.gap, plan.solver]);
  const { id, title, periods, resources, depots, hubs = [], regions } = scenario;
  assert.deepEqual(packed.head.scenario, { id, title, periods, resources, digest: plan.scenario.digest });
  const places = [...depots, ...hubs, ...regions];
  const said = (x: number | undefined) => (x === undefined || Number.isNaN(x) ? undefined : x);
  assert.deepEqual(
    packed.sites.ids,
    places.map((one) => one.id),
  );
  assert.deepEqual(
    packed.sites.names,
    places.map(({ name = null }) => name),
  );
  assert.deepEqual(
    places.map((_, i) => [said(packed.sites.at[2 * i]), said(packed.sites.at[2 * i + 1])]),
    places.map(({ at }) => at ?? [undefined, undefined]),
  );
  assert.deepEqual(
    [...packed.regions.people].map(said),
    regions.map(({ people }) => people),
  );
  assert.deepEqual(
    [...packed.regions.floor].map(said),
    regions.map(({ floor }) => floor),
  );
  assert.deepEqual(
    packed.shapes,
    regions.map(({ polygon = null }) => polygon),
  );
}

const near = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)), `${what}: ${a} and ${b}`);
const sum = (column: Iterable<number>) => [...column].reduce((a, b) => a + b, 0);

test('what is read back is what the JSON says, number by number, for scenarios of every feature', async () => {
  let shipments = 0;
  for await (const { scenario, plan } of plans()) {
    const bytes = packPlan(plan, scenario, DIGEST);
    const packed = readPlan(bytes, DIGEST);
    assert.equal(packed.digest, DIGEST);
    // as lots, and without what follows from them
    const { columns } = readContainer(bytes);
    assert.ok(columns.has('ship.lots') && !columns.has('cover.ratio') && !columns.has('region.needed'), scenario.id);
    sameNumbers(packed, plan, scenario);
    shipments += plan.shipments.length;
    // sums that the JSON has not, against measures that the engine reached another way
    near(sum(packed.periods.unmet), plan.measures.peoplePeriodsUnmet, `${scenario.id}: unmet`);
    near(packed.periods.stock.at(-1)!, sum(packed.depots.left), `${scenario.id}: what is left`);
    const weight = new Map(scenario.resources.map(({ id, weightKg }) => [id, weightKg / 1000]));
    const depots = new Set(scenario.depots.map(({ id }) => id));
    const sent = [...plan.shipments, ...(scenario.after?.shipped ?? [])].filter(({ from }) => depots.has(from));
    near(
      sum(packed.periods.sent),
      sum(sent.map(({ resource, quantity }) => quantity * weight.get(resource)!)),
      `${scenario.id}: sent`,
    );
  }
  assert.ok(shipments > 300, `${shipments} shipments`);
});

const scenario = drawn(readCase('two-valleys'), 7);
const solved = runAllocation(scenario, { solver: 'highs' }, () => 0);

test('numbers that no lots explain are read back as well', async () => {
  const plan = structuredClone(await solved);
  const bytes = packPlan(plan, scenario, DIGEST);
  assert.ok(readContainer(bytes).columns.has('ship.lots') && !readContainer(bytes).columns.has('cover.ratio'));
  const [line, pair, region] = [plan.shipments[0]!, plan.coverage[0]!, plan.measures.byRegion[0]!];
  line.quantity = Math.PI * 1e-9;
  line.depart = 300;
  line.arrive = 70_000;
  [pair.met, pair.ratio] = [1 / 3, 0.1];
  [region.needed, region.ratio] = [2 ** 60, 0.30000000000000004];
  const packed = readPlan(packPlan(plan, scenario, DIGEST), DIGEST);
  assert.deepEqual(lines(packed.shipments), plan.shipments);
  assert.deepEqual(packed.byRegion, plan.measures.byRegion);
  const strip = (list: Allocation['coverage']) => list.map(({ peoplePeriodsMet: _, ...rest }) => rest);
  assert.deepEqual(strip(lines(packed.coverage)), strip(plan.coverage));
});

test('whatever the lot, a quantity is read back as the engine writes it', async () => {
  const [resource] = scenario.resources;
  const plan = await solved;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999 }),
      fc.integer({ min: -12, max: 3 }),
      fc.array(fc.integer({ min: 0, max: 2 ** 33 }), { minLength: 1, maxLength: 20 }),
      (digits, exponent, counts) => {
        const lot = Number(`${digits}e${exponent}`);
        const odd = { ...scenario, resources: scenario.resources.map((one) => ({ ...one, lot })) };
        // the decimal that the lots come to, as text, and the double nearest to it
        const shipments = counts.map((count) => ({
          ...{ ...plan.shipments[0]!, resource: resource!.id },
          quantity: Number(`${BigInt(count) * BigInt(digits)}e${exponent}`),
        }));
        const packed = readPlan(packPlan({ ...plan, shipments, coverage: [] }, odd, DIGEST));
        assert.deepEqual(lines(packed.shipments), shipments);
      },
    ),
    { numRuns: 300 },
  );
});

test('every byte that is damaged, missing or surplus is noticed, and the reason is given', async () => {
  const bytes = packPlan(await solved, scenario, DIGEST);
  const refused = (given: Uint8Array, why: RegExp, what: string) =>
    assert.throws(
      () => readPlan(given, DIGEST),
      (error) => error instanceof PackedError && why.test(error.message),
      what,
    );
  for (let at = 0; at < bytes.length; at++) {
    const bent = bytes.slice();
    bent[at]! ^= 1 << (at % 8);
    const why =
      at < 6 ? /no compact plan/ : at < 8 ? /version \d+, not 1/ : at < 12 ? /bytes of \d+ arrived/ : /damaged/;
    refused(bent, why, `bit of byte ${at}`);
  }
  for (let length = 0; length < bytes.length; length += 1 + (length >> 5))
    refused(bytes.slice(0, length), length < 56 ? /no compact plan/ : /\d+ bytes of \d+ arrived/, `${length} bytes`);
  refused(Uint8Array.of(...bytes, 0), /\d+ bytes of \d+ arrived/, 'a byte more');
  refused(new TextEncoder().encode(JSON.stringify(await solved)), /no compact plan/, 'JSON');
  assert.throws(() => readPlan(bytes, 'f'.repeat(64)), /This is the plan 0123456789abcdef\w+, not f+\./);
  // whole, but without a column, or with one that is too short
  const container = readContainer(bytes);
  const way = container.columns.get('ship.way')!;
  container.columns.set('ship.way', way.subarray(1));
  refused(writeContainer(container), /numbers of ship\.resource/, 'a short column');
  container.columns.delete('ship.way');
  refused(writeContainer(container), /no numbers of ship\.way/, 'a column less');
});

test('the header is as documented, columns lie on multiples of eight, and bytes at any place are read', async () => {
  const bytes = withReceipt(packPlan(await solved, scenario, DIGEST), { seq: 3 });
  const buffer = Buffer.from(bytes);
  assert.equal(buffer.toString('latin1', 0, 6), 'EHPLAN');
  assert.deepEqual([buffer.readUInt16LE(6), buffer.readUInt32LE(8)], [1, bytes.length]);
  assert.equal(buffer.readUInt32LE(12), zlibCrc32(buffer.subarray(16)));
  assert.equal(buffer.toString('hex', 16, 48), DIGEST);
  const found: Record<string, [kind: number, start: number, size: number]> = {};
  for (let i = 0; i < buffer.readUInt32LE(48); i++) {
    const at = 56 + 32 * i;
    const [kind, start, size] = [20, 24, 28].map((n) => buffer.readUInt32LE(at + n)) as [number, number, number];
    assert.ok(start % 8 === 0 && start + size <= bytes.length);
    found[buffer.toString('latin1', at, at + 20).replace(/\0+$/, '')] = [kind, start, size];
  }
  const [kind, start, size] = found['depot.had']!;
  assert.deepEqual([kind, size], [8, 8 * scenario.depots.length]);
  assert.equal(buffer.readDoubleLE(start), readPlan(bytes).depots.had[0]);
  assert.deepEqual(JSON.parse(buffer.toString('utf8', found.receipt![1], found.receipt![1] + found.receipt![2])), {
    seq: 3,
  });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const packed = readPlan(shifted.subarray(3), DIGEST);
  assert.deepEqual(packed.receipt, { seq: 3 });
  sameNumbers(packed, await solved, scenario);
});

test('a plan that names what its scenario has not cannot be made compact', async () => {
  const plan = structuredClone(await solved);
  plan.shipments[0]!.to = 'atlantis';
  assert.throws(() => packPlan(plan, scenario, DIGEST), /names the place atlantis/);
  assert.equal((await solved).scenario.digest, scenarioDigest(scenario));
});

test('the checksum is that of zip and PNG', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
});
