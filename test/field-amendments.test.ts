/** Laws of amendments: what verified reports make of a scenario, in whatever order they come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import {
  type Amendment,
  amendmentSchema,
  type Compiled,
  checkScenario,
  compileAmendment,
  complete,
  digestOf,
  isOver,
  PatchTestError,
  patched,
  readCase,
  rebase,
  type Scenario,
  sameJson,
  scenarioDigest,
  standing,
  type VerifiedReport,
} from '../scenarios/index.js';
import { english } from '../scenarios/wording.js';
import { mustBeTold, mustBeWordings } from './support/pseudo.js';
import { randomScenario } from './support/random.js';
import { ENAWO, randomReports, VALLEYS, verified } from './support/reports.js';

const valleys = readCase('two-valleys');
const enawo = readCase('enawo');

type Done = Extract<Compiled, { ok: true }>;
function done(compiled: Compiled): Done {
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled;
}
const compile = (scenario: Scenario, said: Parameters<typeof verified>[1][]) =>
  compileAmendment(
    scenario,
    said.map((s) => verified(scenario, s)),
  );

/** What a scenario says of each period, worked out without the code under test. */
function figuresOf(scenario: Scenario): Map<string, unknown[]> {
  const whole = complete(scenario);
  const T = whole.periods.count;
  const figures = new Map<string, unknown[]>();
  const at = (value: number | readonly number[] | null, t: number) => (Array.isArray(value) ? value[t] : value);
  const put = (key: string, say: (t: number) => unknown) =>
    figures.set(
      key,
      Array.from({ length: T }, (_, t) => say(t)),
    );
  for (const { from, to, mode } of whole.routes)
    put(`route ${from} ${to} ${mode}`, (t) => {
      const open = whole.routes.filter(
        (r) => r.from === from && r.to === to && r.mode === mode && !r.closed.includes(t),
      );
      assert.ok(open.length < 2, 'never two routes at once');
      return open.map((r) => [r.km, r.leadPeriods, r.capacityTonnes, r.costPerTonne]);
    });
  // a site without a limit has one in lists that nothing reaches
  const handling = (x: unknown) => (x === null ? 1e9 : x);
  for (const site of [...whole.depots, ...whole.hubs])
    put(`site ${site.id}`, (t) => handling(at(site.handlingTonnes, t)));
  for (const fleet of whole.fleets) put(`fleet ${fleet.mode}`, (t) => fleet.factors.map((f) => at(f, t)));
  for (const region of whole.regions)
    for (const [id, due] of Object.entries(region.demand)) put(`need ${region.id} ${id}`, (t) => due[t]);
  return figures;
}

const arbitrary = fc.record({
  seed: fc.nat({ max: 1e6 }),
  draws: fc.array(fc.nat({ max: 0x7fffffff }), { minLength: 60, maxLength: 60 }),
});
const drawn = ({ seed, draws }: { seed: number; draws: number[] }) => {
  const scenario = { ...randomScenario(seed), periods: randomScenario(seed).periods };
  return { scenario, reports: randomReports(scenario, draws) };
};
const runs = { numRuns: 400 };

test('the lists of reports compile, in words', () => {
  const done1 = done(compile(valleys, VALLEYS));
  assert.equal(VALLEYS.length + ENAWO.length >= 30, true);
  assert.ok(amendmentSchema.safeParse(done1.amendment).success);
  assert.deepEqual(done1.amendment.words, EXPECTED);
  const done2 = done(compile(enawo, ENAWO));
  assert.ok(
    done2.amendment.words.includes('Route antananarivo → sava by truck is closed in periods 1–3 (8–10 March).'),
  );
  assert.equal(done2.amendment.deliveries[0]!.allocated, 35);
  assert.ok(checkScenario(done2.scenario).ok);
});

test('an independent implementation of RFC 6902 makes the same scenario of the patch', () => {
  let applied = 0;
  fc.assert(
    fc.property(arbitrary, (draw) => {
      const { scenario, reports } = drawn(draw);
      const compiled = compileAmendment(scenario, reports);
      if (!compiled.ok) return;
      const other: unknown = structuredClone(scenario);
      const errors = applyPatch(other, structuredClone(compiled.amendment.patch) as Parameters<typeof applyPatch>[1]);
      assert.deepEqual(
        errors.filter((e) => e !== null),
        [],
      );
      assert.equal(digestOf(other), compiled.amendment.scenario);
      assert.equal(scenarioDigest(compiled.scenario), compiled.amendment.scenario);
      assert.ok(checkScenario(other).ok);
      applied += compiled.amendment.patch.length;
    }),
    runs,
  );
  assert.ok(applied > 1000, `${applied} operations`);
});

test('on another parent the patch fails at a test, there and here', () => {
  const { amendment } = done(compile(valleys, VALLEYS));
  const guarded = amendment.patch.flatMap((o) => (o.op === 'test' ? [o] : []));
  for (const { path } of guarded) {
    const other = structuredClone(valleys);
    const steps = path.split('/').slice(1);
    const last = steps.pop()!;
    const holder = steps.reduce((x: unknown, step) => Reflect.get(x as object, step), other) as object;
    const there: unknown = Reflect.get(holder, last);
    Reflect.set(holder, last, typeof there === 'string' ? `${there}x` : { ...(there as object), name: 'changed' });
    assert.throws(() => patched(other, amendment.patch), PatchTestError, path);
    const errors = applyPatch(
      structuredClone(other),
      structuredClone(amendment.patch) as Parameters<typeof applyPatch>[1],
    );
    assert.ok(
      errors.some((e) => e?.name === 'TestError'),
      path,
    );
  }
  // every place that is changed stands under a tested one
  for (const { op, path } of amendment.patch)
    if (op === 'replace' || op === 'remove')
      assert.ok(
        guarded.some((g) => path === g.path || path.startsWith(`${g.path}/`)),
        path,
      );
});

test('order makes no difference, nor does one amendment after the other', () => {
  let sequences = 0;
  fc.assert(
    fc.property(arbitrary, fc.nat({ max: 100 }), (draw, cut) => {
      const { scenario, reports } = drawn(draw);
      const all = compileAmendment(scenario, reports);
      const reversed = compileAmendment(scenario, [...reports].reverse());
      if (!all.ok) {
        assert.deepEqual(reversed, all, 'the same faults and conflicts');
        return;
      }
      assert.equal(digestOf(done(reversed).amendment), digestOf(all.amendment));
      const n = cut % (reports.length + 1);
      for (const [first, then] of [
        [reports.slice(0, n), reports.slice(n)],
        [reports.slice(n), reports.slice(0, n)],
      ] as const) {
        const one = compileAmendment(scenario, first);
        // a loss of what the others find cannot come first
        if (!one.ok) {
          assert.ok(
            one.conflicts.length === 0 && one.faults.every((f) => /\b(has|takes)\b/.test(f.message)),
            JSON.stringify(one),
          );
          continue;
        }
        const two = compileAmendment(one.scenario, then);
        assert.ok(two.ok, JSON.stringify(two));
        assert.equal(two.amendment.scenario, all.amendment.scenario);
        sequences++;
      }
    }),
    { numRuns: 200 },
  );
  assert.ok(sequences > 100, `${sequences} sequences`);
});

test('what the reports say holds in their periods, and nothing else changes', () => {
  let [said, untouched] = [0, 0];
  fc.assert(
    fc.property(arbitrary, (draw) => {
      const { scenario, reports } = drawn(draw);
      const compiled = compileAmendment(scenario, reports);
      if (!compiled.ok) return;
      const [before, after] = [figuresOf(scenario), figuresOf(compiled.scenario)];
      const T = scenario.periods.count;
      const spoken = new Set<string>();
      for (const { report } of reports) {
        if (report.kind === 'stock' || report.kind === 'delivery') continue;
        const [from, until] = [report.from as number, (report.until ?? T) as number];
        for (let t = from; t < until; t++) {
          if (report.kind === 'need') {
            for (const id of report.resource
              ? [report.resource]
              : Object.keys(scenario.regions.find((r) => r.id === report.region)!.demand))
              spoken.add(`need ${report.region} ${id} ${t}`);
            if (report.to !== undefined && durable(scenario, report.resource!) === false) {
              assert.equal(after.get(`need ${report.region} ${report.resource}`)![t], report.to);
              said++;
            }
            continue;
          }
          const { route, site, fleet } = report;
          const key: string = route
            ? `route ${route.from} ${route.to} ${route.mode}`
            : site
              ? `site ${site}`
              : `fleet ${fleet}`;
          spoken.add(`${key} ${t}`);
          const now: unknown = after.get(key)![t];
          said++;
          if (site) assert.equal(now, report.handlingTonnes);
          if (fleet) assert.equal((now as number[])[0], report.vehicles ?? report.tonneKm);
          if (!route) continue;
          const open = now as number[][];
          if (report.closed) assert.equal(open.length, 0);
          if (report.open) assert.equal(open.length, 1);
          if (report.leadPeriods !== undefined && open[0]) assert.equal(open[0][1], report.leadPeriods);
          if (report.capacityTonnes !== undefined && open[0]) assert.equal(open[0][2], report.capacityTonnes);
        }
      }
      for (const [key, list] of before)
        list.forEach((value, t) => {
          if (spoken.has(`${key} ${t}`)) return;
          assert.deepEqual(after.get(key)![t], value, `${key} in period ${t}`);
          untouched++;
        });
    }),
    runs,
  );
  assert.ok(said > 400 && untouched > 4000, `${said} said, ${untouched} untouched`);
});

const durable = (scenario: Scenario, id: string) => scenario.resources.find((r) => r.id === id)!.kind === 'durable';

test('a report that is over changes nothing from then on', () => {
  let over = 0;
  fc.assert(
    fc.property(arbitrary, fc.nat({ max: 4 }), (draw, period) => {
      const { scenario, reports } = drawn(draw);
      const ended = reports.filter((r) => isOver(r, scenario, period));
      const compiled = compileAmendment(scenario, ended);
      if (!compiled.ok) return;
      const [before, after] = [figuresOf(scenario), figuresOf(compiled.scenario)];
      for (const [key, list] of before) assert.deepEqual(after.get(key)!.slice(period), list.slice(period), key);
      over += ended.length;
    }),
    runs,
  );
  assert.ok(over > 80, `${over} reports`);
  const [closure] = [verified(valleys, VALLEYS[0]!)];
  assert.deepEqual(
    [2, 3].map((t) => isOver(closure, valleys, t)),
    [false, true],
  );
  // blankets that fell due stay due
  assert.equal(
    isOver(verified(valleys, { kind: 'need', region: 'south', people: 9, from: 0, until: 1 }), valleys, 3),
    false,
  );
});

test('reports are in conflict exactly where the one after the other gives what the other after the one does not', () => {
  let [conflicts, agreed] = [0, 0];
  fc.assert(
    fc.property(arbitrary, (draw) => {
      const { scenario, reports } = drawn(draw);
      for (let i = 0; i < reports.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [reports[i]!, reports[j]!];
          const both = compileAmendment(scenario, [a, b]);
          const sequence = (x: VerifiedReport, y: VerifiedReport) => {
            const one = compileAmendment(scenario, [x]);
            const two = one.ok ? compileAmendment(one.scenario, [y]) : one;
            return two.ok ? scenarioDigest(two.scenario) : undefined;
          };
          const [ab, ba] = [sequence(a, b), sequence(b, a)];
          if (both.ok) {
            if (ab !== undefined && ba !== undefined) assert.equal(ab, ba);
            agreed++;
          } else if (both.conflicts.length > 0) {
            const [conflict] = both.conflicts;
            assert.ok(conflict!.periods.every(Number.isInteger), conflict!.message);
            assert.equal(english(conflict!.said.message), conflict!.message);
            mustBeWordings(conflict!.said.message, scenario);
            assert.deepEqual([...conflict!.reports].sort(), [a, b].map((r) => digestOf(r.report)).sort());
            assert.ok(ab === undefined || ba === undefined || ab !== ba, conflict!.message);
            conflicts++;
          }
        }
    }),
    { numRuns: 80 },
  );
  assert.ok(conflicts > 2 && agreed > 100, `${conflicts} conflicts, ${agreed} pairs that agree`);
});

test('a conflict names both reports, the place, the periods, what each says, and the mend', () => {
  const route = { from: 'junction', to: 'south', mode: 'truck' };
  const slow = verified(valleys, { kind: 'obstacle', route, leadPeriods: 2, from: 2 });
  const slower = verified(valleys, { kind: 'obstacle', route, leadPeriods: 3, from: 3 });
  const compiled = compileAmendment(valleys, [slow, slower]);
  assert.ok(!compiled.ok);
  const [conflict, ...more] = compiled.conflicts;
  assert.equal(more.length, 0);
  assert.deepEqual(conflict!.periods, [3]);
  assert.equal(conflict!.place, 'Route junction → south by truck');
  mustBeWordings(conflict!.said.message, valleys);
  const said = new Map(conflict!.reports.map((digest, n) => [digest, conflict!.values[n]]));
  assert.equal(said.get(digestOf(slow.report)), 'leadPeriods 2');
  assert.equal(said.get(digestOf(slower.report)), 'leadPeriods 3');
  assert.match(conflict!.message, /period 3 \(25 November\).*reject one of them, or file one that supersedes both/);
  // one that supersedes the other settles it
  const settled = { ...slower, report: { ...slower.report, supersedes: digestOf(slow.report) } };
  const done1 = done(compileAmendment(valleys, [slow, settled]));
  assert.deepEqual(done1.amendment.reports, [digestOf(settled.report)]);
  assert.deepEqual(
    standing([settled, slow]).map((r) => r.digest),
    [digestOf(settled.report)],
  );
  assert.equal(done1.amendment.scenario, done(compileAmendment(valleys, [settled])).amendment.scenario);
});

test('a durable that is newly needed in the last period is in conflict in that period alone', () => {
  const [first, ...others] = valleys.regions;
  const { tarpaulin: _, ...demand } = first!.demand;
  const scenario = { ...valleys, regions: [{ ...first!, demand }, ...others] };
  const last = { kind: 'need', region: first!.id, from: scenario.periods.count - 1 } as const;
  const compiled = compileAmendment(scenario, [
    verified(scenario, { ...last, resource: 'tarpaulin', to: 100 }),
    verified(scenario, { ...last, people: 50 }),
  ]);
  assert.ok(!compiled.ok);
  assert.deepEqual(
    compiled.conflicts.map((conflict) => conflict.periods),
    [[last.from]],
  );
});

test('a closed period opens with the figures of the route as first written, so nothing else may be said of it', () => {
  const route = { from: 'junction', to: 'south', mode: 'truck' }; // closed in period 1, lead 0, 22 t
  const open = verified(valleys, { kind: 'obstacle', route, open: true, from: 1, until: 2 });
  const said = (more: object) => verified(valleys, { kind: 'obstacle', route, ...more } as never);
  for (const [other, conflicts] of [
    [said({ leadPeriods: 2, from: 1 }), 1],
    [said({ capacityTonnes: 9, from: 0, until: 2 }), 1],
    [said({ leadPeriods: 0, from: 1 }), 0],
    [said({ open: true, leadPeriods: 2, from: 1 }), 0],
    [said({ leadPeriods: 2, from: 2 }), 0],
    [said({ leadPeriods: 2, capacityTonnes: 9, from: 0 }), 0],
  ] as const) {
    const compiled = compileAmendment(valleys, [open, other]);
    const found = compiled.ok ? [] : compiled.conflicts;
    assert.equal(found.length, conflicts, JSON.stringify(other.report));
    for (const conflict of found) assert.deepEqual(conflict.periods, [1]);
  }
  // what is said of all periods is said of the route, and opens with it
  const all = done(compileAmendment(valleys, [open, said({ leadPeriods: 2, from: 0 })])).scenario;
  assert.deepEqual(figuresOf(all).get('route junction south truck')![1], [[95, 2, 22, 15]]);
  assert.equal(all.routes.length, valleys.routes.length, 'no route is split');
  const slow = done(compileAmendment(valleys, [said({ leadPeriods: 2, from: 2, until: 3 })])).scenario;
  assert.deepEqual(slow.routes.slice(4, 6), [
    { ...valleys.routes[4], closed: [1, 2] },
    { ...valleys.routes[4], leadPeriods: 2, closed: [0, 1, 3] },
  ]);
});

test('figures that are the same in all periods are written as one number', () => {
  const one = (said: Parameters<typeof verified>[1], scenario = valleys) => done(compile(scenario, [said])).scenario;
  const port = { kind: 'obstacle', site: 'port', handlingTonnes: 9 };
  assert.equal(one({ ...port, from: 0 }).depots[1]!.handlingTonnes, 9);
  assert.deepEqual(one({ ...port, from: 3 }).depots[1]!.handlingTonnes, [35, 35, 35, 9]);
  const { handlingTonnes: _, ...free } = valleys.depots[1]!;
  const unlimited = { ...valleys, depots: [valleys.depots[0]!, free] };
  const limited = one({ ...port, from: 2 }, unlimited);
  assert.deepEqual(limited.depots[1]!.handlingTonnes, [1e9, 1e9, 9, 9]);
  const lifted = one({ ...port, handlingTonnes: 1e9, from: 2 }, limited);
  assert.equal(lifted.depots[1]!.handlingTonnes, undefined);
  assert.equal(scenarioDigest(lifted), scenarioDigest(unlimited));
  const rice = { kind: 'need', region: 'south', resource: 'rice', more: 5 };
  assert.equal(one({ ...rice, from: 0 }).regions[1]!.demand.rice, 75);
  assert.deepEqual(one({ ...rice, from: 1, until: 2 }).regions[1]!.demand.rice, [70, 75, 70, 70]);
  const tarpaulin = { ...rice, region: 'north', resource: 'tarpaulin' };
  assert.equal(one({ ...tarpaulin, from: 0 }).regions[0]!.demand.tarpaulin, 1905);
});

test('people are as many lots as it takes, and their need goes only as whole lots go', () => {
  const rice = (people: number) => {
    const said = { kind: 'need', region: 'south', people, resources: ['rice'], from: 0 };
    return (done(compile(valleys, [said])).scenario.regions[1]!.demand.rice as number) - 70;
  };
  // 62.5 people a bag
  assert.deepEqual([1, 62, 63, 125, 126, -62, -63, -125, -124].map(rice), [1, 1, 2, 2, 3, 0, -1, -2, -1]);
});

test('two reports of one shipment: the same once, others in conflict', () => {
  const line = VALLEYS.find((r) => r.kind === 'delivery')!;
  const again = compile(valleys, [line, { ...line, by: 'driver' }]);
  assert.equal(done(again).amendment.deliveries.length, 1);
  assert.equal(done(again).amendment.reports.length, 2);
  const other = compile(valleys, [line, { ...line, by: 'driver', delivered: 8700 }]);
  assert.ok(!other.ok && other.conflicts.length === 1);
  mustBeWordings(other.conflicts[0]!.said.message, valleys);
  assert.match(other.conflicts[0]!.message, /delivered 8800 .*delivered 8700|delivered 8700 .*delivered 8800/);
});

test('a report without a place compiles with the place of its verification only', () => {
  const said = { kind: 'obstacle', at: [48.3, -18.4] as [number, number], closed: true, from: 1 };
  const place = { route: { from: 'junction', to: 'north', mode: 'truck' } };
  const without = compileAmendment(valleys, [verified(valleys, said)]);
  assert.ok(!without.ok);
  assert.match(without.faults[0]!.message, /^The report has no place: whoever verifies it names one/);
  const withPlace = done(compileAmendment(valleys, [verified(valleys, said, place)]));
  assert.deepEqual(withPlace.amendment.words, [
    'Route junction → north by truck is closed in periods 1–3 (23–25 November).',
  ]);
  for (const [wrong, message] of [
    [{ site: 'junction' }, /speaks of a route/],
    [{ route: { from: 'port', to: 'north', mode: 'truck' } }, /names no route of the scenario/],
    [{ site: 'junction', fleet: 'truck' }, /place|union|object/],
  ] as const) {
    const compiled = compileAmendment(valleys, [verified(valleys, said, wrong as never)]);
    assert.ok(!compiled.ok && message.test(compiled.faults[0]!.message), JSON.stringify(compiled));
    mustBeTold(compiled.faults[0]!, valleys, { place: wrong });
  }
  const named = { ...said, route: place.route };
  assert.ok(compileAmendment(valleys, [verified(valleys, named, place)]).ok);
  assert.ok(!compileAmendment(valleys, [verified(valleys, named, { site: 'port' })]).ok);
});

test('what cannot be taken away is a fault that names what is there', () => {
  for (const [said, message] of [
    [
      { kind: 'stock', depot: 'port', resource: 'rice', change: 'lost', quantity: 341, from: 1 },
      /340 bag in period 1: write at most 340/,
    ],
    [
      { kind: 'stock', depot: 'capital', resource: 'tarpaulin', change: 'lost', quantity: 901, from: 1 },
      /900 piece in period 1/,
    ],
    [
      { kind: 'need', region: 'south', resource: 'tarpaulin', more: -10, from: 1 },
      /where 0 falls due.*700 in period 0, 350 in period 2/,
    ],
    [{ kind: 'need', region: 'south', resource: 'rice', more: -71, from: 1 }, /where 70 is needed/],
    [{ kind: 'need', region: 'south', people: -4101, resources: ['rice'], from: 0 }, /has 4,100 people/],
  ] as const) {
    const compiled = compile(valleys, [said]);
    assert.ok(!compiled.ok && compiled.faults.some((f) => message.test(f.message)), JSON.stringify(compiled));
    for (const f of compiled.faults) mustBeTold(f, valleys);
  }
});

test('numbers of periods do not follow a scenario to other days', () => {
  const later = { ...valleys, periods: { ...valleys.periods, start: '2026-11-23' } };
  const [numbered, dated] = [verified(valleys, VALLEYS[0]!), verified(valleys, VALLEYS[3]!)];
  assert.ok(rebase([numbered, dated], valleys.periods, { ...valleys, title: 'as before' }).ok);
  const moved = rebase([numbered, dated], valleys.periods, later);
  assert.ok(!moved.ok);
  assert.deepEqual(moved.faults.map((f) => f.pointer).sort(), ['/from', '/until']);
  assert.ok(moved.faults.every((f) => f.report === digestOf(numbered.report)));
  for (const f of moved.faults) mustBeTold(f, valleys);
  const days = done(rebase([dated], valleys.periods, later));
  assert.deepEqual(days.amendment.words, [
    'Route capital → junction by truck takes 1 period in periods 0–1 (23–24 November), where it took 0 periods.',
  ]);
});

test('nothing reported changes nothing', () => {
  for (const scenario of [valleys, enawo]) {
    const { amendment, scenario: same } = done(compileAmendment(scenario, []));
    assert.deepEqual([amendment.patch, amendment.words, amendment.reports], [[], [], []] satisfies unknown[]);
    assert.ok(amendment.parent === amendment.scenario && sameJson(same, scenario));
  }
});

const EXPECTED: Amendment['words'] = [
  'At depot capital 4,000 L of water are lost from period 1 (23 November) on.',
  'At depot capital 25 bag of rice have expired from period 2 (24 November) on.',
  'Depot port can send 12.5 t a period in periods 2–3 (24–25 November), where it was 35 t a period.',
  'At depot port 40 piece of tarpaulin are found in period 0 (22 November).',
  'At depot port 120 bag of rice arrive in period 3 (25 November).',
  'Hub junction can send 30 t a period in period 1 (23 November), where it was 48 t a period.',
  'In region north 32,400 L of water are needed in period 2 (24 November), where it was 33,000.',
  'In region north 29,400 L of water are needed in period 3 (25 November), where it was 30,000.',
  'In region north 0 bag of rice are needed in period 3 (25 November), where it was 120.',
  'In region north 60 piece of tarpaulin fall due in period 2 (24 November), where it was 0.',
  'In region south 22,250 L of water are needed in each of periods 1–3 (23–25 November), where it was 20,500.',
  'In region south 76 bag of rice are needed in each of periods 1–3 (23–25 November), where it was 70.',
  'In region south 140 piece of tarpaulin fall due in period 1 (23 November), where it was 0.',
  'Region south has 4,450 people, where it was 4,100.',
  'Route capital → junction by truck takes 1 period in periods 1–2 (23–24 November), where it took 0 periods.',
  'Route port → junction by truck takes 2 periods in periods 0–3 (22–25 November), where it took 1 period.',
  'Route port → junction by truck carries at most 12 t a period in periods 0–3 (22–25 November), where it was at most 24 t a period.',
  'Route junction → north by truck is closed in periods 1–2 (23–24 November).',
  'Route junction → north by truck carries at most 18 t a period in period 3 (25 November), where it was at most 32 t a period.',
  'Route junction → south by truck is open again in period 1 (23 November): it takes 0 periods and carries at most 22 t a period.',
  'Fleet truck has 7 vehicles in periods 1–2 (23–24 November), where it was 9 vehicles.',
  'Fleet helicopter has 0 tonne-km a period in period 2 (24 November), where it was 700 tonne-km a period.',
  'Of 10,000 L of water junction → south by truck planned for period 0 (22 November), 9,000 left, 800 held, 200 given back to the stock; 8,800 got there in period 0 (22 November).',
];
