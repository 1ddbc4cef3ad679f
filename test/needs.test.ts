/**
 * Laws of needs from people: more people never need less, phases and planning figures, whole lots, groups by sex and age; each number
 * again by arithmetic that shares no line with scenarios/needs; and the demand of Enawo, which somebody else divided by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  builtInStandards,
  checkScenario,
  type Draft,
  type Fault,
  needsOf,
  type PlanningFigure,
  readCase,
  readDraft,
  readStandards,
  type Standards,
} from '../scenarios/index.js';
import { assertFaultsInParts } from './support/wordings.js';

const standards = builtInStandards();
const ITEMS = standards.items.map((i) => i.item);

function draftOf(over: Partial<Draft> = {}): Draft {
  return {
    evenhand: 1,
    id: 'test',
    periods: { count: 7 },
    needs: { items: ITEMS },
    depots: [{ id: 'depot', at: [85, 27] }],
    regions: [{ id: 'a', at: [84, 28], people: 1001 }],
    routes: [],
    ...over,
  };
}

function mustNeeds(draft: Draft, table: Standards = standards, figure?: PlanningFigure) {
  const read = needsOf(draft, table, figure);
  if (!read.ok) throw new Error(read.faults.map((f) => f.message).join('\n'));
  return read.value;
}

/** Demand of the first region in each period. */
function demandOf(draft: Draft, item: string, table = standards, figure?: PlanningFigure): number[] {
  const { draft: made } = mustNeeds(draft, table, figure);
  const due = made.regions[0]!.demand?.[item] ?? 0;
  const { count } = draft.periods;
  const kind = made.resources!.find((r) => r.id === item)!.kind;
  if (typeof due !== 'number') return due;
  return Array.from({ length: count }, (_, t) => (kind === 'consumable' || t === 0 ? due : 0));
}

/** Sums up to and including each period. */
const upTo = (list: number[]) => list.map((_, t) => list.slice(0, t + 1).reduce((a, b) => a + b, 0));

const people = fc.integer({ min: 0, max: 3_000_000 });

test('more people never need less, of any item, until any period', () => {
  fc.assert(
    fc.property(people, people, fc.constantFrom(...ITEMS), (p, q, item) => {
      const [few, many] = [Math.min(p, q), Math.max(p, q)];
      const of = (n: number) => upTo(demandOf(draftOf({ regions: [{ id: 'a', people: n }] }), item));
      const [less, more] = [of(few), of(many)];
      for (const [t, x] of less.entries())
        assert.ok(x <= more[t]!, `${item}: ${few} people need ${x}, ${many} need ${more[t]}`);
    }),
    { numRuns: 200 },
  );
});

test('low, likely and high are the demands of so many people, and rise', () => {
  fc.assert(
    fc.property(fc.tuple(people, people, people), fc.constantFrom(...ITEMS), (three, item) => {
      const [low = 0, likely = 0, high = 0] = [...three].sort((a, b) => a - b);
      const region = { id: 'a', people: { low, likely, high } };
      const by = (figure: PlanningFigure) => demandOf(draftOf({ regions: [region] }), item, standards, figure);
      for (const [figure, n] of Object.entries({ low, likely, high }))
        assert.deepEqual(by(figure as PlanningFigure), demandOf(draftOf({ regions: [{ id: 'a', people: n }] }), item));
      const ends = [by('low'), by('likely'), by('high')].map((d) => upTo(d).at(-1)!);
      assert.ok(ends[0]! <= ends[1]! && ends[1]! <= ends[2]!);
      const own = draftOf({ regions: [region], needs: { items: [item], figure: 'high' } });
      assert.deepEqual(demandOf(own, item), by('high'), 'the figure of the draft');
      assert.deepEqual(demandOf(own, item, standards, 'low'), by('low'), 'unless another is asked for');
    }),
    { numRuns: 60 },
  );
});

/** ⌈a ÷ b⌉ in integers. */
const up = (a: bigint, b: bigint) => Number((a + b - 1n) / b);

test('each number again: people × rate × days, rounded up once', () => {
  fc.assert(
    fc.property(people, fc.integer({ min: 1, max: 40 }), (n, count) => {
      const draft = draftOf({ periods: { count }, regions: [{ id: 'a', people: n }] });
      const P = BigInt(n);
      const all = (make: (t: number) => number) => Array.from({ length: count }, (_, t) => make(t));
      // 7.5 L and 15 L a day, the first three days being the first phase
      assert.deepEqual(
        demandOf(draft, 'water'),
        all((t) => up(P * (t < 3 ? 15n : 30n), 2n)),
      );
      assert.deepEqual(
        demandOf(draft, 'cereal'),
        all(() => up(P * 4n, 10n)),
      );
      assert.deepEqual(
        demandOf(draft, 'salt'),
        all(() => up(P * 5n, 1000n)),
      );
      // blankets for 0.6 people each, all due at once
      assert.deepEqual(
        demandOf(draft, 'blanket'),
        all((t) => (t === 0 ? up(P * 10n, 6n) : 0)),
      );
      assert.deepEqual(
        demandOf(draft, 'covered-space'),
        all((t) => (t === 0 ? up(P * 35n, 10n) : 0)),
      );
      // toilets for 50 at first, for 20 later: what is due in all is one rounding of the later figure
      assert.deepEqual(
        upTo(demandOf(draft, 'toilet')),
        all((t) => up(P, t < 3 ? 50n : 20n)),
      );
      // soap anew on days 0 and 30
      assert.deepEqual(
        upTo(demandOf(draft, 'soap')),
        all((t) => n * (t < 30 ? 1 : 2)),
      );
      // nobody is counted in part
      assert.deepEqual(
        upTo(demandOf(draft, 'menstrual-kit')),
        all(() => up(P, 4n)),
      );
    }),
    { numRuns: 60 },
  );
});

test('half as many for each item twice as large; a share of the people is so many people', () => {
  fc.assert(
    fc.property(people, fc.integer({ min: 1, max: 200 }), (n, tenths) => {
      const table: Standards = {
        ...standards,
        items: [1, 2].map((times) => ({
          ...{ item: `x${times}`, name: 'x', unit: 'piece', weightKg: 1, rule: 'once' as const, source: 'sphere' },
          personsPerUnit: (tenths * times) / 10,
        })),
      };
      const draft = draftOf({ needs: { items: ['x1', 'x2'] }, regions: [{ id: 'a', people: n }] });
      const [one, two] = ['x1', 'x2'].map((item) => demandOf(draft, item, table)[0]!);
      assert.equal(one, up(BigInt(n) * 10n, BigInt(tenths)));
      assert.equal(two, Math.ceil(one! / 2), '⌈⌈a⌉ ÷ 2⌉ = ⌈a ÷ 2⌉');
      const shared = draftOf({ needs: { items: [{ item: 'x1', share: 0.25 }] }, regions: [{ id: 'a', people: n }] });
      const quarter = draftOf({ needs: { items: ['x1'] }, regions: [{ id: 'a', people: Math.ceil(n / 4) }] });
      assert.deepEqual(demandOf(shared, 'x1', table), demandOf(quarter, 'x1', table));
    }),
    { numRuns: 100 },
  );
});

test('whole lots: the fewest that suffice, and demand that the format accepts', () => {
  fc.assert(
    fc.property(people, fc.constantFrom(0.5, 1, 20, 50, 0.3), fc.constantFrom(...ITEMS), (n, lot, item) => {
      const exact = demandOf(
        draftOf({ regions: [{ id: 'a', people: n }], needs: { items: [{ item, lot: 0.0001 }] } }),
        item,
      );
      const draft = draftOf({ regions: [{ id: 'a', people: n }], needs: { items: [{ item, lot }] } });
      const whole = demandOf(draft, item);
      const { draft: made } = mustNeeds(draft);
      const checked = checkScenario(made);
      assert.ok(checked.ok, JSON.stringify(checked));
      const consumable = made.resources![0]!.kind === 'consumable';
      const [need, have] = consumable ? [exact, whole] : [upTo(exact), upTo(whole)];
      need.forEach((x, t) => {
        assert.ok(have[t]! >= x - 1e-3 - 1e-9 * x, `${have[t]} of ${x}`);
        assert.ok(have[t]! < x + lot + 1e-3, `${have[t]} of ${x} in lots of ${lot}`);
      });
    }),
    { numRuns: 150 },
  );
});

test('a period is as long as it is: half days add up to days, a week is seven', () => {
  const half = demandOf(draftOf({ periods: { count: 14, length: 'PT12H' } }), 'food-ration');
  assert.deepEqual(half, Array(14).fill(501), '1001 people, half a ration each, rounded up');
  const week = demandOf(draftOf({ periods: { count: 2, length: 'P1W' } }), 'water');
  assert.deepEqual(week, [up(1001n * 75n * 7n, 10n), 1001 * 15 * 7], 'the phase in which a week begins');
  assert.deepEqual(demandOf(draftOf({ periods: { count: 6, length: 'PT12H' } }), 'water'), Array(6).fill(3754));
  const month = demandOf(draftOf({ periods: { count: 2, length: 'P1M' } }), 'food-ration');
  assert.deepEqual(month, [30 * 1001, 30 * 1001], 'a month is 30 days');
  const later = demandOf(draftOf({ periods: { count: 7, length: 'PT12H' } }), 'water');
  assert.equal(later[6], 7508, 'half of day 4 is in the later phase');
});

test('groups: an age cut in two counts the same, women and men are all, and what no group holds is not there', () => {
  const table = (sex?: 'female' | 'male', from?: number, to?: number): Standards => ({
    ...standards,
    items: [
      {
        ...{
          item: 'x',
          name: 'x',
          unit: 'kit',
          weightKg: 1,
          rule: 'once' as const,
          source: 'sphere',
          personsPerUnit: 1,
        },
        for: {
          share: 1,
          ...(sex ? { sex } : {}),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        },
      },
    ],
  });
  type Group = { sex?: 'female' | 'male'; from?: number; to?: number; people: number };
  const count = (groups: Group[], t: Standards) => {
    const all = groups.reduce((sum, g) => sum + g.people, 0);
    return demandOf(draftOf({ needs: { items: ['x'] }, regions: [{ id: 'a', people: all, groups }] }), 'x', t)[0]!;
  };
  const groups: Group[] = [
    { sex: 'female', from: 0, to: 17, people: 360 },
    { sex: 'female', from: 18, to: 49, people: 320 },
    { sex: 'male', people: 500 },
  ];
  assert.equal(count(groups, table('female')) + count(groups, table('male')), 1180);
  assert.equal(count(groups, table('female', 12, 49)), 120 + 320, 'a third of the years 0 to 17');
  const cut = [
    { sex: 'female' as const, from: 0, to: 11, people: 240 },
    { sex: 'female' as const, from: 12, to: 17, people: 120 },
    ...groups.slice(1),
  ];
  assert.equal(count(cut, table('female', 12, 49)), count(groups, table('female', 12, 49)));
  assert.equal(count(groups, table('female', 50)), 0);
  assert.equal(count([{ people: 1001 }], table('female')), 501, 'half of whom nobody says the sex');
  const grown = draftOf({
    needs: { items: ['x'] },
    regions: [{ id: 'a', people: { low: 590, likely: 1180, high: 2360 }, groups }],
  });
  for (const [figure, n] of [
    ['low', 220],
    ['likely', 440],
    ['high', 880],
  ] as const)
    assert.equal(demandOf(grown, 'x', table('female', 12, 49), figure)[0], n, 'groups grow with the figure');
});

test('Enawo: the same demand as in the case, whose items are the source of the standards', () => {
  const enawo = readCase('enawo');
  const same = {
    blanket: 'blankets',
    bucket: 'buckets',
    'kitchen-set': 'kitchen-sets',
    tarpaulin: 'tarpaulins',
    tent: 'tents',
  };
  const { draft } = mustNeeds({ ...enawo, needs: { items: Object.keys(same) } });
  for (const region of draft.regions)
    for (const [item, resource] of Object.entries(same))
      assert.equal(region.demand?.[item], region.demand?.[resource], `${region.id} ${item}`);
  for (const [item, resource] of Object.entries(same)) {
    const [made, own] = [item, resource].map((id) => draft.resources!.find((r) => r.id === id)!);
    assert.deepEqual([made!.weightKg, made!.peoplePerUnit], [own!.weightKg, own!.peoplePerUnit], item);
  }
});

test('the ration: six foods weigh and feed as much as the one', () => {
  const rate = (item: string) => {
    const found = standards.items.find((i) => i.item === item)!;
    assert.ok(found.rule === 'daily' && typeof found.perPersonDay === 'number');
    return {
      grams: Math.round(found.perPersonDay * found.weightKg * 1000),
      kcal: found.perPersonDay * (found.kcal ?? 0),
    };
  };
  const foods = ['cereal', 'pulses', 'oil', 'csb', 'sugar', 'salt'].map(rate);
  assert.deepEqual(
    foods.map((f) => f.grams),
    [400, 60, 25, 50, 15, 5],
  );
  assert.equal(rate('food-ration').grams, 555);
  assert.equal(rate('food-ration').kcal, 2100);
  const kcal = foods.reduce((sum, f) => sum + f.kcal, 0);
  assert.ok(Math.abs(kcal - 2100) < 21, `${kcal} kcal of 2,100`);
});

test('why so many: every unit of demand is in a row that has a source and its arithmetic', () => {
  const regions = [
    { id: 'a', people: 1001 },
    { id: 'b', people: 7 },
    { id: 'c', people: 0 },
  ];
  const { draft, why } = mustNeeds(draftOf({ periods: { count: 35 }, regions }));
  for (const region of draft.regions)
    for (const item of ITEMS) {
      const rows = why.filter((w) => w.region === region.id && w.item === item);
      const due = region.demand?.[item] ?? 0;
      const kind = draft.resources!.find((r) => r.id === item)!.kind;
      const sum = typeof due === 'number' ? due * (kind === 'consumable' ? 35 : 1) : due.reduce((a, b) => a + b, 0);
      const told = rows.reduce((s, w) => s + w.quantity, 0);
      assert.ok(Math.abs(told - sum) < 1e-6 * (1 + sum), `${region.id} ${item}: ${told} of ${sum}`);
      for (const w of rows) {
        assert.ok(w.source.length > 20, 'a publication, not its short name');
        const result = Number(w.formula.split('= ')[1]!.split(' ')[0]);
        const periods = w.periods[1] - w.periods[0] + 1;
        assert.ok(w.quantity >= result - 1.001 && w.quantity < result + periods, `${w.formula} gives ${w.quantity}`);
      }
    }
  const assumed = new Set(why.filter((w) => w.assumed).map((w) => w.item));
  assert.deepEqual([...assumed], ['menstrual-kit'], 'only a share stands in for numbers by sex and age');
});

test('the order of items and regions changes no number', () => {
  const regions = [
    { id: 'a', people: 1001 },
    { id: 'b', people: 77 },
  ];
  const one = mustNeeds(draftOf({ regions })).draft;
  const two = mustNeeds(draftOf({ regions: regions.toReversed(), needs: { items: ITEMS.toReversed() } })).draft;
  for (const region of one.regions) {
    const other = two.regions.find((r) => r.id === region.id)!;
    for (const item of ITEMS) assert.deepEqual(region.demand?.[item], other.demand?.[item]);
  }
});

test('what is wrong with a draft or a table is said with its place and the mend', () => {
  const theirs = [
    JSON.stringify(draftOf()),
    ...ITEMS,
    'watr',
    'hearsay',
    'piece',
    'last',
    'x',
    'response',
    'adoption',
    ...standards.phases.map((p) => p.id),
  ];
  const faultsOf = (read: { ok: true } | { ok: false; faults: Fault[] }) => {
    if (read.ok) return [];
    assertFaultsInParts(read.faults, theirs);
    return read.faults;
  };
  const pointers = (read: ReturnType<typeof needsOf>) => faultsOf(read).map((f) => f.pointer);
  const { needs: _, ...none } = draftOf();
  assert.deepEqual(pointers(needsOf(none, standards)), ['/needs']);
  const mistyped = needsOf(draftOf({ needs: { items: ['watr', 'tent', 'tent'] } }), standards);
  assert.deepEqual(pointers(mistyped), ['/needs/items/0', '/needs/items/2']);
  assert.match(mistyped.ok ? '' : mistyped.faults[0]!.message, /did you mean "water"/);
  assert.deepEqual(pointers(needsOf(draftOf({ regions: [{ id: 'a' }] }), standards)), ['/regions/0/people']);
  const rival = { id: 'tent', unit: 'tonne', weightKg: 1000, kind: 'durable' as const };
  assert.deepEqual(pointers(needsOf(draftOf({ resources: [rival] }), standards)), ['/resources/0']);

  const places = (read: ReturnType<typeof readDraft> | ReturnType<typeof readStandards>) =>
    faultsOf(read).map((f) => [f.pointer, f.line]);
  const text = (over: object) => `{\n"x": 0,\n${JSON.stringify({ ...draftOf(), ...over }).slice(1, -1)}}`;
  assert.deepEqual(places(readDraft(text({}))), [['/x', 2]]);
  const draft = (over: object) => JSON.stringify({ ...draftOf(), ...over });
  assert.deepEqual(places(readDraft(draft({ regions: [{ id: 'a', people: { low: 3, likely: 2, high: 4 } }] }))), [
    ['/regions/0/people', 1],
  ]);
  assert.deepEqual(places(readDraft(draft({ regions: [{ id: 'a', people: 3, groups: [{ people: 4 }] }] }))), [
    ['/regions/0/groups', 1],
  ]);
  assert.deepEqual(places(readDraft('{"evenhand": 1,')).length, 1);
  const broken: [change: (t: Standards) => void, pointer: string][] = [
    [(t) => Object.assign(t.items[1]!, { item: 'water' }), '/items/1/item'],
    [(t) => Object.assign(t.items[0]!, { source: 'hearsay' }), '/items/0/source'],
    [(t) => Object.assign(t.items[0]!, { perPersonDay: { first: 1 } }), '/items/0/perPersonDay'],
    [
      (t) => Object.assign(t.items[0]!, { perPersonDay: { first: 1, later: 2, last: 3 } }),
      '/items/0/perPersonDay/last',
    ],
    [
      (t) => Object.assign(t.items.find((i) => i.item === 'tent')!, { unitsPerPerson: 1 }),
      `/items/${ITEMS.indexOf('tent')}`,
    ],
    [(t) => Object.assign(t.phases[1]!, { days: 4 }), '/phases/1/days'],
    [(t) => Object.assign(t.items[0]!, { weightKg: -1 }), '/items/0/weightKg'],
  ];
  for (const [change, pointer] of broken) {
    const table = structuredClone(standards);
    change(table);
    assert.deepEqual(places(readStandards(JSON.stringify(table))), [[pointer, 1]]);
  }
});
