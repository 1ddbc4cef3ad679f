/** Response levels: the table figure by figure, whose depots give at which level, and what a table may not say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  checkScenario,
  complete,
  DEFAULT_RULES,
  type Figures,
  LEVELS,
  type Level,
  levelOf,
  type Rule,
  readCase,
  releaseGate,
  type Scenario,
  scenarioJsonSchema,
  suggestLevel,
} from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';

/** Section 5 of the national plan of 2016 once more, each level with the figures from which on it is due. */
const PLAN: [Level, Required<Figures>][] = [
  ['I', { dead: 200, displaced: 2_000_000, collapsedRooms: 300_000, affectedShare: 0.3 }],
  ['II', { dead: 100, displaced: 1_000_000, collapsedRooms: 200_000, affectedShare: 0.25 }],
  ['III', { dead: 50, displaced: 500_000, collapsedRooms: 100_000, affectedShare: 0.2 }],
  ['IV', { dead: 20, displaced: 100_000, collapsedRooms: 10_000, affectedShare: 0.15 }],
];

const below: Record<Level, Level | null> = { I: 'II', II: 'III', III: 'IV', IV: null };
const rank = (level: Level | null) => (level === null ? -1 : LEVELS.indexOf(level));

test('each figure of the default table calls for its level at its threshold and above, for the one below just under it', () => {
  let tried = 0;
  for (const [level, figures] of PLAN)
    for (const [figure, from] of Object.entries(figures)) {
      const step = figure === 'affectedShare' ? 1e-9 : 1;
      const at = (value: number) => suggestLevel({ [figure]: value });
      assert.equal(at(from).level, level, `${figure} ${from}`);
      assert.equal(at(from + step).level, level, `${figure} above ${from}`);
      assert.equal(at(from - step).level, below[level], `${figure} below ${from}`);
      assert.equal(at(from).because.length, 1);
      assert.match(at(from).because[0]!, new RegExp(`, level ${level} from `));
      assert.equal(at(from).unknown.length, 3);
      assert.ok(!at(from).unknown.includes(figure as keyof Figures));
      tried++;
    }
  assert.equal(tried, 16);
  assert.deepEqual(suggestLevel({}), { level: null, because: [], unknown: Object.keys(PLAN[0]![1]) });
  assert.equal(suggestLevel({ dead: 0, displaced: 0, collapsedRooms: 0, affectedShare: 0 }).level, null);
});

test('Enawo on 12 March 2017 was a level III by its dead, as far as the national bureau knew', () => {
  // BNGRC, situation report of 12 March 2017: 50 dead, 84,660 displaced
  const found = suggestLevel({ dead: 50, displaced: 84_660 });
  assert.equal(found.level, 'III');
  assert.deepEqual(found.because, ['dead: 50, level III from 50']);
  assert.deepEqual(found.unknown, ['collapsedRooms', 'affectedShare']);
});

const figures = fc.record(
  {
    dead: fc.integer({ min: 0, max: 300 }),
    displaced: fc.integer({ min: 0, max: 3_000_000 }),
    collapsedRooms: fc.integer({ min: 0, max: 400_000 }),
    affectedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Figures>;

test('the suggestion is the highest level that any one figure calls for, and more known never lowers it', () => {
  const seen = new Set<Level | null>();
  fc.assert(
    fc.property(figures, figures, (some, more) => {
      const alone = Object.entries(some).map(([figure, value]) => rank(suggestLevel({ [figure]: value }).level));
      const found = suggestLevel(some);
      assert.equal(rank(found.level), Math.max(-1, ...alone));
      const grown: Record<string, number> = { ...some };
      for (const [figure, value] of Object.entries(more)) grown[figure] = Math.max(grown[figure] ?? 0, value);
      assert.ok(rank(suggestLevel(grown).level) >= rank(found.level));
      seen.add(found.level);
    }),
    { numRuns: 2000 },
  );
  assert.equal(seen.size, 5, 'every level and none came up');
});

const TIERS = ['village', 'township', 'county', 'province', 'national'];

/** One depot a tier with ten tents, and one that has no tier; who lives where does not matter. */
function tiered(tiers: readonly string[], response: Scenario['response'], more: object = {}): Scenario {
  return {
    evenhand: 1,
    id: 'tiers',
    periods: { count: 2 },
    resources: [{ id: 'tents', unit: 'piece', weightKg: 40, kind: 'durable' }],
    depots: [
      // not in the order of the tiers
      ...tiers.map((tier) => ({ id: `d-${tier}`, tier, stock: { tents: 10 } })).reverse(),
      { id: 'd', stock: { tents: 1 } },
    ],
    regions: [{ id: 'here', demand: { tents: 100 } }],
    routes: [{ from: 'd', to: 'here', mode: 'truck' }],
    ...(response ? { response } : {}),
    ...more,
  };
}

const given = (scenario: Scenario): string[] => {
  const checked = checkScenario(scenario);
  assert.ok(checked.ok, JSON.stringify(checked));
  return complete(scenario)
    .depots.filter((d) => (d.stock.tents ?? 0) > 0)
    .map((d) => d.id.replace(/^d-?/, ''))
    .sort((a, b) => TIERS.indexOf(a) - TIERS.indexOf(b));
};

test('own stock first: without a level the lowest tier gives, each level adds the tier above, level I all', () => {
  const levels = [null, 'IV', 'III', 'II', 'I'] as const;
  levels.forEach((level, n) => {
    assert.deepEqual(given(tiered(TIERS, { level })), ['', ...TIERS.slice(0, n + 1)], `level ${level}`);
  });
  assert.deepEqual(given(tiered(TIERS, {})), ['', 'village']);
  assert.deepEqual(given(tiered(TIERS, undefined)), ['', ...TIERS], 'without a response all give');
  // tiers that have no depots are no step of their own
  levels.forEach((level, n) => {
    const two = ['county', 'national'];
    assert.deepEqual(given(tiered(two, { level })), ['', ...two.slice(0, n + 1)], `level ${level} of two`);
  });
  // more tiers than levels: the highest gives at level I only
  const seven = ['a', 'b', 'c', 'd1', 'e', 'f', 'g'];
  const tiers = seven.map((id) => ({ id }));
  const sevenAt = (level: Level | null) => given(tiered(seven, { level }, { tiers })).length - 1;
  assert.deepEqual(levels.map(sevenAt), [1, 2, 3, 4, 7]);
  assert.deepEqual(given(tiered([], { level: null })), [''], 'a depot without a tier always gives');
});

test('a table of a country says which tiers a level unlocks; no level takes away what a lower one gave', () => {
  const rules: Rule[] = [
    { level: 'IV', from: { dead: 5 }, unlocks: 'province' },
    { level: 'III', from: { dead: 10 } },
    { level: 'I', from: { dead: 20 }, unlocks: 'province' },
  ];
  const at = (level: Level | null) => given(tiered(TIERS, { level, rules })).at(-1);
  assert.deepEqual([at(null), at('IV'), at('III'), at('I')], ['village', 'province', 'province', 'province']);
  const gate = releaseGate(tiered(TIERS, { level: null, rules }))!;
  assert.deepEqual(
    gate.locked.map(({ tier, from }) => [tier, from]),
    [
      ['township', 'IV'],
      ['county', 'IV'],
      ['province', 'IV'],
      ['national', null],
    ],
  );
  assert.equal(suggestLevel({ dead: 10 }, rules).level, 'III');
  assert.deepEqual(suggestLevel({ displaced: 9e6 }, rules), { level: null, because: [], unknown: ['dead'] });
  // a level that unlocks a tier where nobody keeps a depot
  const empty = tiered(['village', 'national'], {
    level: 'IV',
    rules: [{ level: 'IV', from: { dead: 1 }, unlocks: 'county' }],
  });
  assert.deepEqual(given({ ...empty, regions: [{ ...empty.regions[0]!, tier: 'county' }] }), ['', 'village']);
});

test('the higher the level, the more give: for any table that is accepted', () => {
  const tier = fc.option(fc.constantFrom(...TIERS), { nil: undefined });
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.subarray([...LEVELS], { minLength: 1 }),
      fc.array(tier, { minLength: 4, maxLength: 4 }),
      (levels, up) => {
        const rules: Rule[] = levels.map((level, n) => ({
          level,
          from: { dead: n + 1 },
          ...(up[n] === undefined ? {} : { unlocks: up[n] }),
        }));
        const named = up.slice(0, levels.length).flatMap((t) => (t === undefined ? [] : [TIERS.indexOf(t)]));
        const rises = named.every((t, n) => n === 0 || t >= named[n - 1]!);
        assert.equal(checkScenario(tiered(TIERS, { rules })).ok, rises);
        if (!rises) return;
        accepted++;
        let before: string[] = [];
        for (const level of [null, ...levels]) {
          const now = given(tiered(TIERS, { level, rules }));
          assert.ok(before.every((depot) => now.includes(depot)));
          before = now;
        }
        // a tier is released at the first level at which it gives
        for (const { tier, from } of releaseGate(tiered(TIERS, { rules }))!.locked) {
          const first = levels.find((level) => given(tiered(TIERS, { level, rules })).includes(tier));
          assert.equal(from, first ?? null);
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(accepted > 50);
});

test('what a table may not say is refused, with its place and the mend', () => {
  const rule = (level: Level, dead: number, more: object = {}): Rule => ({ level, from: { dead }, ...more });
  for (const [response, pointer, message] of [
    [
      { rules: [rule('III', 5), rule('IV', 9)] },
      '/response/rules/1/level',
      /after "III": list each level once, from the lowest/,
    ],
    [{ rules: [rule('II', 5), rule('II', 9)] }, '/response/rules/1/level', /list each level once/],
    [
      { rules: [rule('IV', 5), rule('III', 4)] },
      '/response/rules/1/from/dead',
      /is 4, less than level IV asks for: write 5 or more/,
    ],
    [
      { rules: [rule('IV', 5), { level: 'III', from: { displaced: 1 } }, rule('II', 4)] },
      '/response/rules/2/from/dead',
      /less than level IV/,
    ],
    [{ rules: [{ level: 'IV', from: {} }] }, '/response/rules/0/from', /names no figure: write at least one of dead/],
    [{ rules: [rule('IV', 0)] }, '/response/rules/0/from/dead', /above 0/],
    [{ rules: [{ level: 'IV', from: { affectedShare: 1.5 } }] }, '/response/rules/0/from/affectedShare', /1/],
    [{ rules: [rule('IV', 5, { unlocks: 'contry' })] }, '/response/rules/0/unlocks', /did you mean "county"/],
    [
      { rules: [rule('IV', 5, { unlocks: 'county' }), rule('III', 6), rule('II', 7, { unlocks: 'village' })] },
      '/response/rules/2/unlocks',
      /is "village", below "county", which a lower level unlocks/,
    ],
    [{ level: 'III', rules: [rule('IV', 5)] }, '/response/level', /which the rules do not have: write one of "IV"/],
    [{ level: 'V' }, '/response/level', /IV/],
    [{ level: 'IV', figures: { dead: -1 } }, '/response/figures/dead', /0/],
    [{ level: 'IV', figures: { death: 1 } }, '/response/figures/death', /dead/],
    [{ rules: [] }, '/response/rules', /at least one/],
  ] as const) {
    const checked = checkScenario(tiered(TIERS, response as unknown as Scenario['response']));
    assert.ok(!checked.ok, pointer);
    assert.deepEqual(
      checked.faults.map((f) => f.pointer),
      [pointer],
      JSON.stringify(checked.faults),
    );
    assert.match(checked.faults[0]!.message, message);
    mustBeTold(checked.faults[0]!, response, TIERS);
  }
});

test('with a response the order of the tiers must be known, without one it need not', () => {
  const odd = ['village', 'zone'];
  const refused = checkScenario(tiered(odd, { level: 'IV' }));
  assert.ok(!refused.ok);
  assert.deepEqual(
    refused.faults.map((f) => [f.pointer, /whose level is not known: list them in tiers/.test(f.message)]),
    [['/depots/0/tier', true]],
  );
  assert.ok(checkScenario(tiered(odd, undefined)).ok);
  const listed = tiered(odd, { level: null }, { tiers: [{ id: 'zone' }, { id: 'village' }] });
  assert.deepEqual(
    given(listed),
    ['zone', ''].sort((a, b) => TIERS.indexOf(a) - TIERS.indexOf(b)),
  );
});

test('the JSON Schema takes what the schema takes of a response', () => {
  const accepts = new Ajv2020({ strict: true, validateFormats: false }).compile(scenarioJsonSchema());
  const full = { level: 'II' as const, figures: { dead: 3, affectedShare: 0.5 }, rules: [...DEFAULT_RULES] };
  for (const [response, ok] of [
    [full, true],
    [{ level: null }, true],
    [{}, true],
    [{ level: 'V' }, false],
    [{ figures: { affectedShare: 2 } }, false],
    [{ rules: [] }, false],
    [{ rules: [{ level: 'I', from: { dead: 0 } }] }, false],
    [{ rules: [...DEFAULT_RULES, ...DEFAULT_RULES] }, false],
  ] as [object, boolean][]) {
    const scenario = tiered(TIERS, response);
    assert.equal(accepts(scenario), ok, JSON.stringify(response));
    if (!ok) assert.ok(!checkScenario(scenario).ok);
  }
});

test('the level of a scenario in one view: suggested, declared, who gives, what is locked and when it is released', () => {
  const valleys = readCase('two-valleys');
  const gated: Scenario = { ...valleys, response: { figures: { dead: 50, displaced: 84_660 } } };
  const view = levelOf(gated);
  assert.deepEqual([view.level, view.suggested, view.gated, view.open], [null, 'III', true, ['regional']]);
  // capital: 48,000 + 36,000 L of water, 260 of rice, 900 + 450 tarpaulins
  assert.deepEqual(view.locked, [
    { tier: 'central', depots: ['capital'], from: 'IV', stock: { water: 84_000, rice: 260, tarpaulin: 1350 } },
  ]);
  assert.deepEqual(
    view.rules.map(({ level, unlocks }) => [level, unlocks]),
    LEVELS.map((level) => [level, 'central']),
  );
  const free = levelOf(valleys);
  assert.deepEqual([free.gated, free.open, free.locked], [false, ['regional', 'central'], []]);
  const lost: Scenario = {
    ...gated,
    depots: gated.depots.map((d) =>
      d.id === 'capital' ? { ...d, losses: [{ period: 1, resource: 'tarpaulin', quantity: 350 }] } : d,
    ),
  };
  assert.equal(levelOf(lost).locked[0]!.stock.tarpaulin, 1000);
});
