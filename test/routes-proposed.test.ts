/**
 * Laws of proposed routes: the k nearest by a search and a sphere that share no line with scenarios/routing; what is known stays; ranges,
 * closures and the horizon are kept; and what comes out is a scenario.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  builtInTransport,
  checkScenario,
  type Draft,
  detourFactor,
  readCase,
  readTransport,
  routesOf,
} from '../scenarios/index.js';
import { assertFaultsInParts } from './support/wordings.js';

const transport = builtInTransport();
const modeOf = (name: string) => transport.modes.find((m) => m.mode === name)!;

type Place = [number, number];
type Route = NonNullable<Draft['routes']>[number];

function mustRoutes(draft: Draft, options = {}, table = transport) {
  const read = routesOf(draft, table, options);
  if (!read.ok) throw new Error(read.faults.map((f) => f.message).join('\n'));
  return read.value;
}

/** Kilometres on the sphere by the angle between two vectors (atan2 of cross and dot product): no haversine. */
function sphereKm(a: Place, b: Place): number {
  const vector = ([lon, lat]: Place) => {
    const [l, p] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)] as const;
  };
  const [[ax, ay, az], [bx, by, bz]] = [vector(a), vector(b)];
  const cross = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return 6371.0088 * Math.atan2(cross, ax * bx + ay * by + az * bz);
}

const place = fc.tuple(
  fc.integer({ min: -1800, max: 1800 }).map((x) => x / 10),
  fc.integer({ min: -850, max: 850 }).map((x) => x / 10),
) satisfies fc.Arbitrary<Place>;

const draftOf = (depots: Place[], hubs: Place[], regions: Place[], over: Partial<Draft> = {}): Draft => ({
  evenhand: 1,
  id: 'test',
  periods: { count: 400 },
  resources: [{ id: 'x', unit: 'piece', weightKg: 1, kind: 'durable' }],
  depots: depots.map((at, i) => ({ id: `d${i}`, at })),
  hubs: hubs.map((at, i) => ({ id: `h${i}`, at })),
  regions: regions.map((at, i) => ({ id: `r${i}`, at, people: 1, demand: { x: 1 } })),
  ...over,
});

const world = fc.record({
  depots: fc.array(place, { minLength: 1, maxLength: 12 }),
  hubs: fc.array(place, { maxLength: 3 }),
  regions: fc.array(place, { minLength: 1, maxLength: 6 }),
  k: fc.integer({ min: 1, max: 6 }),
});

test('every region has the k nearest depots and hubs, every hub the k nearest depots, and nobody else', () => {
  fc.assert(
    fc.property(world, ({ depots, hubs, regions, k }) => {
      const draft = draftOf(depots, hubs, regions);
      const { draft: made } = mustRoutes(draft, { k, modes: ['truck'] });
      const check = (to: string, at: Place, sources: [string, Place][]) => {
        const got = made.routes!.filter((r) => r.to === to);
        const all = sources.map(([id, from]) => ({ id, km: sphereKm(from, at) * 1.4 }));
        assert.equal(got.length, Math.min(k, all.length));
        for (const { from, km } of got) {
          const own = all.find((s) => s.id === from)!;
          assert.ok(Math.abs(own.km - km!) <= 0.0501, `${own.km} is ${km}`);
          // no more than k − 1 others are nearer by more than the tenth of a km that is rounded away
          assert.ok(all.filter((s) => s.km < own.km - 0.11).length < k, `${from} is among the ${k} nearest of ${to}`);
        }
      };
      const first = depots.map((at, i): [string, Place] => [`d${i}`, at]);
      const second = hubs.map((at, i): [string, Place] => [`h${i}`, at]);
      hubs.forEach((at, i) => {
        check(`h${i}`, at, first);
      });
      regions.forEach((at, i) => {
        check(`r${i}`, at, [...first, ...second]);
      });
      const ends = new Set(made.routes!.map((r) => `${r.from} ${r.to}`));
      assert.equal(ends.size, made.routes!.length, 'none twice');
      assert.ok(checkScenario(made).ok);
    }),
    { numRuns: 150 },
  );
});

test('more neighbours: the routes of k are among those of k + 1', () => {
  fc.assert(
    fc.property(world, ({ depots, hubs, regions, k }) => {
      const routes = (n: number) =>
        new Set(mustRoutes(draftOf(depots, hubs, regions), { k: n }).draft.routes!.map((r) => JSON.stringify(r)));
      const more = routes(k + 1);
      for (const route of routes(k)) assert.ok(more.has(route));
    }),
    { numRuns: 50 },
  );
});

test('merging keeps what is known, first and field by field, and adds no second way beside it', () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.integer({ min: 0, max: 99 })), ({ depots, hubs, regions, k }, numbers) => {
      const next = () => numbers.next().value as number;
      const ends = depots.flatMap((_, d) => regions.map((__, r) => [`d${d}`, `r${r}`] as const));
      const known: Route[] = ends
        .filter(() => next() < 30)
        .map(([from, to]) => ({ from, to, mode: 'truck', km: next(), costPerTonne: next(), capacityTonnes: next() }));
      const draft = draftOf(depots, hubs, regions, { routes: known });
      const { draft: made, assumed } = mustRoutes(draft, { k, modes: ['truck', 'plane'] });
      assert.deepEqual(made.routes!.slice(0, known.length), known);
      assert.deepEqual(new Set(made.routes!.slice(known.length)), new Set(assumed), 'all others are marked as assumed');
      const pairs = made.routes!.map((r) => `${r.from} ${r.to} ${r.mode}`);
      assert.equal(new Set(pairs).size, pairs.length);
      assert.equal(
        made.source?.includes(`proposed ${assumed.size} routes from coordinates`) ?? false,
        assumed.size > 0,
      );
      // once more: now all of them are known, and nothing is added
      const again = mustRoutes({ ...made }, { k, modes: ['truck', 'plane'] });
      assert.equal(again.assumed.size, 0);
      assert.deepEqual(again.draft, made);
      assert.ok(checkScenario(made).ok);
    }),
    { numRuns: 80 },
  );
});

test('lead, cost and range are those of the table', () => {
  fc.assert(
    fc.property(place, place, fc.constantFrom(...transport.modes), (a, b, mode) => {
      const { draft: made } = mustRoutes(draftOf([a], [], [b]), { k: 1, modes: [mode.mode] });
      const km = sphereKm(a, b) * (mode.detour ?? detourFactor(mode.mode));
      const route = made.routes![0];
      if (route === undefined) {
        const days = (mode.handlingHours + km / mode.speedKmh) / mode.hoursADay;
        assert.ok((mode.maxKm !== undefined && km > mode.maxKm - 0.06) || days > 399, `${km} km by ${mode.mode}`);
        return;
      }
      assert.ok(mode.maxKm === undefined || route.km! <= mode.maxKm);
      // hours under way, day by day: on the last day the vehicle arrives
      let [hours, nights] = [mode.handlingHours + route.km! / mode.speedKmh, 0];
      while (hours > mode.hoursADay + 1e-9) {
        hours -= mode.hoursADay;
        nights++;
      }
      assert.equal(route.leadPeriods ?? 0, nights, `${route.km} km by ${mode.mode}`);
      const cost = (mode.costPerTonne ?? 0) + mode.costPerTonneKm * route.km!;
      assert.ok(route.costPerTonne! >= cost - 1e-9 * cost && route.costPerTonne! < cost + 0.01 + 1e-9 * cost);
    }),
    { numRuns: 300 },
  );
  const far = mustRoutes(
    draftOf(
      [[0, 0]],
      [],
      [
        [0.5, 0],
        [60, 0],
        [4, 0], // 623 km, two nights: the first period after the horizon
        [2.5, 0], // 389 km, one night
      ],
      { periods: { count: 2 } },
    ),
    { modes: ['truck'] },
  );
  assert.deepEqual(
    far.draft.routes!.map((r) => r.to),
    ['r0', 'r3'],
    'what comes after the horizon is not proposed',
  );
  const late = { mode: 'truck', why: 'what is near comes too late' };
  assert.deepEqual(far.without, [
    { ...late, to: 'r1' },
    { ...late, to: 'r2' },
  ]);
  const out = mustRoutes(draftOf([[0, 0]], [], [[60, 0]]), { modes: ['helicopter'] });
  assert.deepEqual([out.without[0]!.why, out.stranded], ['nothing within 225 km', ['d0']]);
});

test('the block of the draft: modes by site, closures, fleets filled from the table, and gone afterwards', () => {
  const draft = draftOf(
    [
      [0, 0],
      [1, 0],
    ],
    [[0, 1]],
    [
      [1, 1],
      [2, 1],
    ],
    {
      periods: { count: 4 },
      fleets: [
        { mode: 'truck', vehicles: 5 },
        { mode: 'helicopter', tonneKm: 10 },
        { mode: 'boat', vehicles: 1, payloadTonnes: 1, kmPerPeriod: 9 },
      ],
      transport: {
        k: 2,
        modes: ['truck', { mode: 'helicopter', k: 1, from: ['d1'], to: ['r1'] }, 'boat'],
        closures: [
          { mode: 'truck', sites: ['r1', 'h0'], closed: [1, 0] },
          { mode: 'truck', sites: ['r1'], closed: [1, 3] },
        ],
      },
    },
  );
  const { draft: made } = mustRoutes(draft);
  const of = (mode: string) => made.routes!.filter((r) => r.mode === mode);
  assert.deepEqual(
    of('helicopter').map((r) => `${r.from} ${r.to}`),
    ['d1 r1'],
  );
  for (const r of of('truck')) {
    const closed = r.to === 'r1' ? [0, 1, 3] : r.to === 'h0' || r.from === 'h0' ? [0, 1] : undefined;
    assert.deepEqual(r.closed, closed, `${r.from} ${r.to}`);
  }
  const truck = modeOf('truck');
  assert.deepEqual(made.fleets, [
    {
      mode: 'truck',
      vehicles: 5,
      payloadTonnes: truck.payloadTonnes.likely,
      kmPerPeriod: (truck.speedKmh * truck.hoursADay) / 2,
    },
    { mode: 'helicopter', tonneKm: 10 },
    { mode: 'boat', vehicles: 1, payloadTonnes: 1, kmPerPeriod: 9 },
  ]);
  assert.equal(made.transport, undefined);
  const checked = checkScenario(made);
  assert.ok(checked.ok, JSON.stringify(checked));
});

test('without a wish, by the modes of the fleets; not by those that need an airfield, nor by an unknown one', () => {
  const fleet = (mode: string) => ({ mode, tonneKm: 1 });
  const draft = draftOf([[0, 0]], [], [[1, 0]], { fleets: ['boat', 'plane', 'helicopter', 'sledge'].map(fleet) });
  const { assumed, leftOut } = mustRoutes(draft);
  assert.deepEqual([...assumed].map((r) => r.mode).sort(), ['boat', 'helicopter']);
  assert.deepEqual(leftOut.map((l) => l.mode).sort(), ['plane', 'sledge', 'truck']);
  const trucks = mustRoutes({ ...draft, fleets: [fleet('plane')] });
  assert.deepEqual(
    [...trucks.assumed].map((r) => r.mode),
    ['truck'],
  );
});

test('a scenario keeps its routes: two valleys', () => {
  const valleys = readCase('two-valleys');
  const { draft, assumed } = mustRoutes(valleys, { k: 1, modes: ['truck'] });
  assert.deepEqual(draft.routes!.slice(0, valleys.routes.length), valleys.routes);
  assert.deepEqual(
    [...assumed].map((r) => `${r.from} ${r.to}`),
    ['port north'],
    'nearer than the junction, from which a road is known',
  );
  const three = mustRoutes(valleys, { k: 3, modes: ['truck'] });
  assert.deepEqual([...three.assumed].map((r) => `${r.from} ${r.to}`).sort(), [
    'capital north',
    'capital south',
    'port north',
    'port south',
  ]);
});

test('what is wrong is said with its place', () => {
  const pointers = (draft: Draft, options = {}) => {
    const read = routesOf(draft, transport, options);
    if (!read.ok)
      assertFaultsInParts(read.faults, [JSON.stringify([draft, options]), ...transport.modes.map((m) => m.mode)]);
    return read.ok ? [] : read.faults.map((f) => f.pointer);
  };
  const draft = draftOf([[0, 0]], [], [[1, 1]]);
  assert.deepEqual(pointers({ ...draft, transport: { modes: ['truk'] } }), ['/transport/modes/0']);
  assert.deepEqual(pointers(draft, { modes: ['truk'] }), ['']);
  assert.deepEqual(pointers({ ...draft, regions: [{ id: 'r', people: 1, demand: {} }] }), ['/regions/0/at']);
  assert.deepEqual(pointers({ ...draft, fleets: [{ mode: 'sledge', vehicles: 2 }] }), ['/fleets/0/mode']);
  const table = structuredClone(transport);
  Object.assign(table.modes[1]!, {
    mode: 'truck',
    sources: ['hearsay'],
    payloadTonnes: { low: 3, likely: 2, high: 4 },
  });
  const read = readTransport(JSON.stringify(table));
  if (!read.ok) assertFaultsInParts(read.faults, ['truck', 'hearsay']);
  assert.deepEqual(read.ok ? [] : read.faults.map((f) => f.pointer), [
    '/modes/1/mode',
    '/modes/1/payloadTonnes',
    '/modes/1/sources/0',
  ]);
});
