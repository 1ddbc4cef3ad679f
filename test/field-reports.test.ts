/** A report beside its scenario: every fault at its place with a mend, periods by date, places by distance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  allocationFaults,
  arcKm,
  checkReport,
  digestOf,
  type FieldReport,
  greatCircleKm,
  nearestPlaces,
  periodOf,
  periodsInWords,
  placeFaults,
  proposePlaces,
  readCase,
  reportJsonSchema,
  reportSchema,
  type Scenario,
} from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';
import { ENAWO, VALLEYS, verified } from './support/reports.js';

const valleys = readCase('two-valleys');
const enawo = readCase('enawo');
const undated: Scenario = { ...valleys, periods: { count: 4 } };

const route = { from: 'junction', to: 'north', mode: 'truck' };
const closure = { kind: 'obstacle', route, closed: true, from: 1, until: 3 };
const handling = { kind: 'obstacle', site: 'port', handlingTonnes: 12, from: 0 };
const fleet = { kind: 'obstacle', fleet: 'truck', vehicles: 3, from: 0 };
const people = { kind: 'need', region: 'south', people: 20, from: 0 };
const tarpaulins = { kind: 'need', region: 'south', resource: 'tarpaulin', more: 20, from: 0 };
const found = { kind: 'stock', depot: 'port', resource: 'rice', change: 'found', quantity: 4, from: 0 };
const line = { resource: 'rice', from: 'junction', to: 'north', mode: 'truck', depart: 1 };
const delivery = {
  ...{ kind: 'delivery', allocation: 'a'.repeat(64), ...line },
  ...{ shipped: 10, held: 2, returned: 0, delivered: 9, arrived: 2 },
};

type Said = Record<string, unknown>;
const without = (said: Said, ...keys: string[]): Said =>
  Object.fromEntries(Object.entries(said).filter(([key]) => !keys.includes(key)));

/** What is said, where the fault must be, what its sentence must say, and the scenario where it is another. */
const faulty: [said: Said, pointer: string, message: RegExp, scenario?: Scenario][] = [
  [{ ...closure, kind: 'obstcle' }, '/kind', /one of "obstacle", "need", "stock", "delivery"/],
  [{ ...closure, report: 2 }, '/report', /write 1/],
  [{ ...closure, scenario: 'abc' }, '/scenario', /64 hexadecimal digits/],
  [{ ...closure, observed: '2026-11-22' }, '/observed', /a time such as/],
  [{ ...closure, by: '' }, '/by', /1 to 200/],
  [{ ...closure, text: 'x'.repeat(4001) }, '/text', /at most 4000/],
  [{ ...closure, photo: 'x' }, '/photo', /64 hexadecimal/],
  [{ ...closure, at: [200, 0] }, '/at/0', /up to 180/],
  [{ ...closure, supersedes: 'A'.repeat(64) }, '/supersedes', /64 hexadecimal/],
  [{ ...closure, clsed: true }, '/clsed', /write "closed"/],
  [{ ...closure, closed: false }, '/closed', /write true/],
  [without(closure, 'from'), '/from', /is missing/],
  [{ ...closure, from: 4 }, '/from', /after the last period: periods are counted from 0 to 3/],
  [{ ...closure, until: 5 }, '/until', /leave out until/],
  [{ ...closure, until: 1 }, '/until', /not after from \(period 1\)/],
  [{ ...closure, from: '2026-11-25', until: '2026-11-24' }, '/until', /not after from \(period 3\)/],
  [{ ...closure, from: '2026-11-21' }, '/from', /outside the horizon.*starts on 2026-11-22/],
  [{ ...closure, until: '2026-11-27' }, '/until', /outside the horizon/],
  [{ ...closure, from: '2026-11-23' }, '/from', /no start date/, undated],
  [{ ...closure, from: '2026-02-30' }, '/from', /a date such as/],
  [without(closure, 'route'), '', /The report names no place: state route, or site, or fleet, or "at"/],
  [{ ...closure, site: 'port' }, '/site', /stands beside route/],
  [without(closure, 'closed'), '', /does not say what changed: add closed or open or/],
  [{ ...closure, route: { ...route, from: 'juntcion' } }, '/route/from', /did you mean "junction"/],
  [{ ...closure, route: { ...route, to: 'nroth' } }, '/route/to', /did you mean "north"/],
  [{ ...closure, route: { ...route, mode: 'trucks' } }, '/route/mode', /did you mean "truck"/],
  [{ ...closure, vehicles: 3 }, '/vehicles', /is said of a fleet/],
  [{ ...closure, open: true }, '/open', /closed route/],
  [{ ...closure, leadPeriods: 1 }, '/leadPeriods', /closed route/],
  [{ ...closure, leadPeriods: 0.5 }, '/leadPeriods', /whole number/],
  [{ ...handling, site: 'prot' }, '/site', /did you mean "port"/],
  [{ ...handling, site: 'south' }, '/site', /not a depot or hub/],
  [{ ...handling, handlingTonnes: -1 }, '/handlingTonnes', /from 0/],
  [{ ...fleet, fleet: 'tuck' }, '/fleet', /did you mean "truck"/],
  [{ ...fleet, tonneKm: 4 }, '/tonneKm', /twice/],
  [{ ...fleet, fleet: 'helicopter' }, '/vehicles', /states by tonneKm: state tonneKm/],
  [{ ...people, region: 'suoth' }, '/region', /did you mean "south"/],
  [{ ...people, people: 0 }, '/people', /changes nothing/],
  [{ ...people, people: 2.5 }, '/people', /whole number/],
  [{ ...people, resource: 'rice' }, '/resource', /beside people/],
  [{ ...people, resources: ['rise'] }, '/resources/0', /did you mean "rice"/],
  [{ ...people, resources: ['rice', 'rice'] }, '/resources/1', /a second time/],
  [without(people, 'people'), '', /does not say what is needed/],
  [without(tarpaulins, 'more'), '', /does not say how much/],
  [{ ...tarpaulins, to: 3 }, '/to', /beside more/],
  [{ ...tarpaulins, more: 0 }, '/more', /changes nothing/],
  [{ ...tarpaulins, more: -0.5 }, '/more', /whole number of lots of 1: write 0 or -1/],
  [{ ...tarpaulins, resources: ['rice'] }, '/resources', /stands without people/],
  [{ ...tarpaulins, until: 2 }, '/until', /durable/],
  [{ ...tarpaulins, resource: 'tarpualin' }, '/resource', /did you mean "tarpaulin"/],
  [{ ...people, from: 0 }, '', /no demand so far: name the resources/, withoutDemand()],
  [without(found, 'depot'), '', /names no place: state depot/],
  [{ ...found, depot: 'junction' }, '/depot', /not a depot/],
  [{ ...found, quantity: 0 }, '/quantity', /above 0/],
  [{ ...found, quantity: 1.5 }, '/quantity', /write 1 or 2/],
  [{ ...found, change: 'stolen' }, '/change', /"found", "lost"/],
  [{ ...found, from: 9 }, '/from', /after the last period/],
  [{ ...delivery, allocation: 'x' }, '/allocation', /64 hexadecimal/],
  [{ ...delivery, from: 'north' }, '/from', /not a depot or hub/],
  [{ ...delivery, to: 'capital' }, '/to', /no route from "junction" leads/],
  [{ ...delivery, mode: 'truk' }, '/mode', /did you mean "truck"/],
  [{ ...delivery, delivered: 11 }, '/delivered', /more than the 10 that were shipped/],
  [{ ...delivery, arrived: 0 }, '/arrived', /before the departure in period 1/],
  [{ ...delivery, depart: 4 }, '/depart', /after the last period/],
  [{ ...delivery, held: 0.5 }, '/held', /whole number of lots/],
];

function withoutDemand(): Scenario {
  return { ...valleys, regions: valleys.regions.map((r) => ({ ...r, demand: {} })) };
}

const whole = (said: Said, scenario = valleys): unknown => verified(scenario, said as never).report;

test('every fault stands at its place with a mend, alone', () => {
  for (const said of [closure, handling, fleet, people, tarpaulins, found, delivery])
    assert.ok(checkReport(whole(said), valleys).ok, JSON.stringify(checkReport(whole(said), valleys)));
  for (const [said, pointer, message, scenario = valleys] of faulty) {
    const checked = checkReport(whole(said, scenario), scenario);
    assert.ok(!checked.ok, `${pointer} ${message}`);
    assert.deepEqual(
      checked.faults.map((f) => f.pointer),
      [pointer],
      JSON.stringify(checked.faults),
    );
    assert.match(checked.faults[0]!.message, message);
    assert.ok(checked.faults[0]!.mend.length > 3);
    mustBeTold(checked.faults[0]!, scenario, said);
  }
});

test('all faults of a report come at once', () => {
  const said = {
    ...closure,
    by: '',
    route: { ...route, to: 'nroth' },
    from: 8,
    until: '2026-11-30',
    vehicles: 2,
    x: 1,
  };
  const checked = checkReport(whole(said), valleys);
  assert.ok(!checked.ok);
  const pointers = checked.faults.map((f) => f.pointer).sort();
  assert.deepEqual(pointers, ['/by', '/from', '/route/to', '/until', '/vehicles', '/x']);
  for (const nonsense of [null, 3, 'x', [], {}, { kind: 'need', region: {}, from: [], people: 'x' }])
    assert.ok(!checkReport(nonsense, valleys).ok);
});

test('the JSON Schema and the schema accept the same reports', () => {
  const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(reportJsonSchema());
  for (const said of [...VALLEYS, ...ENAWO]) {
    assert.ok(accepts(whole(said)), JSON.stringify(accepts.errors));
    assert.ok(reportSchema.safeParse(whole(said)).success);
    assert.ok(!accepts({ ...(whole(said) as object), more_: 1 }));
  }
  for (const [scenario, list] of [
    [valleys, VALLEYS],
    [enawo, ENAWO],
  ] as const)
    for (const said of list) {
      const report = whole(said, scenario);
      const checked = checkReport(report, scenario);
      assert.ok(checked.ok, JSON.stringify(checked));
      assert.equal(checked.report, report, 'the very value, so that its digest stays');
      assert.match(digestOf(checked.report), /^[0-9a-f]{64}$/);
    }
});

test('a delivery accounts for what the plan allocated, exactly', () => {
  const report = whole({ ...delivery, shipped: 0.1, held: 0.2, returned: 0, delivered: 0.1 }) as Extract<
    FieldReport,
    { kind: 'delivery' }
  >;
  assert.deepEqual(allocationFaults(report, 0.3), []);
  assert.match(allocationFaults(report, 0.4)[0]!.message, /part of 0\.3, and the plan allocated 0\.4: let shipped/);
  for (const units of [0.4, undefined]) mustBeTold(allocationFaults(report, units)[0]!, valleys);
  assert.match(allocationFaults(report, undefined)[0]!.message, /no shipment of the plan.*copy the line/);
});

test('periods by date, for days, weeks, months and hours', () => {
  const days = { count: 7, start: '2017-03-07' };
  assert.deepEqual(
    ['2017-03-07', '2017-03-13', '2017-03-14', '2017-03-06'].map((d) => periodOf(days, d, false)),
    [0, 6, undefined, undefined],
  );
  assert.deepEqual(
    ['2017-03-08', '2017-03-14', '2017-03-15'].map((d) => periodOf(days, d, true)),
    [1, 7, undefined],
  );
  const weeks = { count: 3, length: 'P1W', start: '2017-03-07' };
  // begins within a week: it holds from that week on, or to the end of it
  assert.deepEqual([periodOf(weeks, '2017-03-16', false), periodOf(weeks, '2017-03-16', true)], [1, 2]);
  const months = { count: 4, length: 'P1M', start: '2016-12-31' };
  assert.deepEqual(
    ['2017-01-30', '2017-01-31', '2017-02-28', '2017-03-30', '2017-03-31'].map((d) => periodOf(months, d, false)),
    [0, 1, 2, 2, 3],
  );
  const halves = { count: 5, length: 'PT12H', start: '2017-03-07' };
  assert.deepEqual(
    ['2017-03-07', '2017-03-08', '2017-03-09'].map((d) => periodOf(halves, d, false)),
    [0, 2, 4],
  );
  assert.equal(periodOf({ count: 4 }, '2017-03-07', false), undefined);
  // every day of a random calendar lies in the period that a walk along it finds
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat({ max: 400 }),
      (count, length, day) => {
        const periods = { count, length: `P${length}D`, start: '2024-02-27' };
        const date = new Date(Date.UTC(2024, 1, 27 + day)).toISOString().slice(0, 10);
        const inside = Math.floor(day / length);
        assert.equal(periodOf(periods, date, false), inside < count ? inside : undefined);
        const end = Math.ceil(day / length);
        assert.equal(periodOf(periods, date, true), day <= count * length ? end : undefined);
      },
    ),
  );
});

test('periods in words', () => {
  const days = { count: 40, start: '2017-02-25' };
  assert.equal(periodsInWords(days, [2]), 'period 2 (27 February)');
  assert.equal(periodsInWords(days, [2, 3, 4, 6]), 'periods 2–4 and 6 (27 February–1 March and 3 March)');
  assert.equal(periodsInWords(days, [5, 6, 9]), 'periods 5–6 and 9 (2–3 and 6 March)');
  assert.equal(periodsInWords({ count: 9, length: 'P1W', start: '2017-03-06' }, [1, 2]), 'periods 1–2 (13–26 March)');
  assert.equal(periodsInWords({ count: 9, length: 'PT6H', start: '2017-03-06' }, [1, 2]), 'periods 1–2');
  assert.equal(periodsInWords({ count: 9 }, [0]), 'period 0');
});

test('the distance to a route is the least over all its points', () => {
  const degrees = fc.tuple(
    fc.double({ min: -179, max: 179, noNaN: true }),
    fc.double({ min: -85, max: 85, noNaN: true }),
  );
  fc.assert(
    fc.property(degrees, degrees, degrees, (p, a, b) => {
      if (greatCircleKm(a, b) > 15_000) return; // opposite points leave the arc open
      let least = Number.POSITIVE_INFINITY;
      // halves of the arc again and again: the middle of two points of the sphere is on it
      const steps = 512;
      for (let i = 0; i <= steps; i++) least = Math.min(least, greatCircleKm(p, between(a, b, i / steps)));
      const apart = greatCircleKm(a, b) / steps;
      const km = arcKm(p, a, b);
      assert.ok(km <= least + 1e-6, `${km} above ${least}`);
      assert.ok(km >= least - apart - 1e-6, `${km} far below ${least}`);
    }),
  );
  assert.equal(arcKm([3, 4], [3, 4], [3, 4]), 0);
});

/** The point at a share of the arc, by spherical interpolation (Shoemake 1985). */
function between(a: [number, number], b: [number, number], share: number): [number, number] {
  const rad = Math.PI / 180;
  const vector = ([lon, lat]: [number, number]) => [
    Math.cos(lat * rad) * Math.cos(lon * rad),
    Math.cos(lat * rad) * Math.sin(lon * rad),
    Math.sin(lat * rad),
  ];
  const [u, v] = [vector(a), vector(b)];
  const angle = greatCircleKm(a, b) / 6371.0088;
  const [s, t] = angle < 1e-9 ? [1 - share, share] : [Math.sin((1 - share) * angle), Math.sin(share * angle)];
  const [x, y, z] = u.map((c, i) => s * c + t * v[i]!) as [number, number, number];
  return [Math.atan2(y, x) / rad, Math.atan2(z, Math.hypot(x, y)) / rad];
}

test('places near a point are proposed, at most five, and only what the report can speak of', () => {
  const at: [number, number] = [48.3, -18.4]; // between junction and north
  const near = nearestPlaces(valleys, at, 'obstacle');
  assert.equal(near.length, 5);
  assert.deepEqual(near[0]!.place, { route });
  assert.ok(near.every((n, i) => i === 0 || n.km >= near[i - 1]!.km));
  assert.deepEqual(
    nearestPlaces(valleys, [48.9, -19.6], 'need').map((n) => n.place),
    [{ region: 'south' }, { region: 'north' }],
  );
  assert.deepEqual(nearestPlaces(valleys, [49.4, -18.2], 'stock')[0]!.place, { depot: 'port' });
  const unplaced = { kind: 'obstacle', at, from: 1 };
  const proposed = (said: Said) =>
    proposePlaces(valleys, whole(said) as FieldReport).map((n) => Object.keys(n.place)[0]);
  assert.deepEqual(new Set(proposed({ ...unplaced, closed: true })), new Set(['route']));
  assert.deepEqual(proposed({ ...unplaced, handlingTonnes: 3 }), ['site', 'site', 'site']);
  assert.deepEqual(proposed({ ...unplaced, vehicles: 3 }), []);
  assert.deepEqual(proposed({ ...closure, at }), [], 'it names its place');
  assert.equal(nearestPlaces(enawo, [48, -18], 'obstacle').length, 5);
  assert.ok(checkReport(whole({ ...unplaced, closed: true }), valleys).ok);
  assert.match(placeFaults({ site: 'port', fleet: 'truck' })[0]!.message, /exactly one of route/);
  mustBeTold(placeFaults({ site: 'port', fleet: 'truck' })[0]!, { place: 'of a verification' });
  assert.deepEqual(placeFaults({ site: 'port' }), []);
});
