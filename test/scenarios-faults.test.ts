/** Every kind of fault is found at its place, alone and together with all others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoken } from '../scenarios/faults.js';
import { checkScenario, readCase, ScenarioError } from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';

// A case to break: plain data of unknown shape, so that every break can be written down.
type Loose = { [key: string]: Loose } & { [index: number]: Loose };
/** The teaching case with what the breaks below need, so that the case itself may change. */
const fresh = (): Loose => {
  const { resources, ...scenario } = readCase('two-valleys');
  const [water, ...others] = resources;
  const policy = [{ stage: 'floor' }, { stage: 'need', alpha: 2, bands: 10 }, { stage: 'cost', tolerance: 1e-6 }];
  return JSON.parse(JSON.stringify({ ...scenario, resources: [{ ...water, lot: 100 }, ...others], policy }));
};
/** Puts a value where the type of the case would not allow it. */
const put = (target: Loose | undefined, key: string | number, value: unknown): void => {
  assert.ok(target !== undefined);
  Reflect.set(target, key, value);
};
const drop = (target: Loose | undefined, key: string | number): void => {
  assert.ok(target !== undefined && Reflect.has(target, key), `${key} is there to be dropped`);
  Reflect.deleteProperty(target, key);
};

const need = (more: object) => [{ stage: 'need', ...more }];

/** What is broken, where the fault must be, what its mend must say. */
const breaks: [what: string, pointer: string, mend: RegExp, harm: (s: Loose) => void][] = [
  ['another format', '/evenhand', /write 1/, (s) => put(s, 'evenhand', 2)],
  ['no id', '/id', /state a text/, (s) => drop(s, 'id')],
  ['empty id', '/id', /1 to 200/, (s) => put(s, 'id', '')],
  ['id of control characters', '/id', /control/, (s) => put(s, 'id', 'a\u0000')],
  ['id that cannot be encoded', '/id', /text/, (s) => put(s, 'id', 'a\ud800')],
  ['title that cannot be encoded', '/title', /text/, (s) => put(s, 'title', '\udc00')],
  ['unknown field', '/tilte', /write "title"/, (s) => put(s, 'tilte', 'x')],
  ['unknown field inside', '/resources/0/wieghtKg', /"weightKg"/, (s) => put(s.resources?.[0], 'wieghtKg', 1)],
  ['unknown field, none near', '/budget/zzzzzz', /known are amount/, (s) => put(s.budget, 'zzzzzz', 1)],
  [
    '__proto__',
    '/__proto__',
    /leave it out/,
    (s) => Object.defineProperty(s, '__proto__', { value: 1, enumerable: true }),
  ],
  ['no periods', '/periods/count', /whole number/, (s) => put(s.periods, 'count', 0)],
  ['too many periods', '/periods/count', /3660/, (s) => put(s.periods, 'count', 3661)],
  ['half a period', '/periods/count', /whole/, (s) => put(s.periods, 'count', 4.5)],
  ['length', '/periods/length', /P1D/, (s) => put(s.periods, 'length', '1 day')],
  ['start', '/periods/start', /2026-11-22/, (s) => put(s.periods, 'start', '2026-02-30')],
  ['no resources', '/resources', /at least one/, (s) => put(s, 'resources', [])],
  ['no regions', '/regions', /at least one/, (s) => put(s, 'regions', [])],
  ['no weight', '/resources/1/weightKg', /number/, (s) => drop(s.resources?.[1], 'weightKg')],
  ['weight below 0', '/resources/1/weightKg', /from 0/, (s) => put(s.resources?.[1], 'weightKg', -1)],
  [
    'endless weight',
    '/resources/1/weightKg',
    /number/,
    (s) => put(s.resources?.[1], 'weightKg', Number.POSITIVE_INFINITY),
  ],
  ['weight as text', '/resources/1/weightKg', /number/, (s) => put(s.resources?.[1], 'weightKg', '25')],
  ['lot 0', '/resources/0/lot', /above 0/, (s) => put(s.resources?.[0], 'lot', 0)],
  ['nobody served', '/resources/0/peoplePerUnit', /above 0/, (s) => put(s.resources?.[0], 'peoplePerUnit', 0)],
  ['kind', '/resources/0/kind', /"consumable", "durable"/, (s) => put(s.resources?.[0], 'kind', 'food')],
  [
    'resource twice',
    '/resources/1/id',
    /own/,
    (s) => {
      put(s.resources?.[1], 'id', 'water');
      for (const d of [0, 1]) {
        drop(s.depots?.[d]?.stock, 'rice');
        drop(s.regions?.[d]?.demand, 'rice');
      }
    },
  ],
  [
    'depot and region of one name',
    '/regions/0/id',
    /own/,
    (s) => {
      put(s.regions?.[0], 'id', 'port');
      put(s.routes?.[3], 'to', 'port');
      put(s.routes?.[5], 'to', 'port');
    },
  ],
  ['place off the map', '/depots/0/at/1', /90/, (s) => put(s.depots?.[0]?.at, 1, 91)],
  ['place of three', '/depots/0/at', /pair/, (s) => put(s.depots?.[0], 'at', [1, 2, 3])],
  [
    'stock of nothing known',
    '/depots/0/stock/watre',
    /did you mean "water"\?/,
    (s) => put(s.depots?.[0]?.stock, 'watre', 100),
  ],
  ['stock below 0', '/depots/0/stock/water', /from 0/, (s) => put(s.depots?.[0]?.stock, 'water', -100)],
  [
    'stock in part of a lot',
    '/depots/0/stock/water',
    /48000 or 48100/,
    (s) => put(s.depots?.[0]?.stock, 'water', 48050),
  ],
  [
    'stock beyond counting',
    '/depots/0/stock/water',
    /at most 900719925474099100/,
    (s) => put(s.depots?.[0]?.stock, 'water', 1e18),
  ],
  ['pointer with ~ and /', '/depots/0/stock/a~1~0b', /use a resource/, (s) => put(s.depots?.[0]?.stock, 'a/~b', 1)],
  [
    'stock under a name no id has',
    '/depots/0/stock/a\u0007',
    /id of a resource/,
    (s) => put(s.depots?.[0]?.stock, 'a\u0007', 1),
  ],
  [
    'arrival of nothing known',
    '/depots/0/arrivals/0/resource',
    /tarpaulin/,
    (s) => put(s.depots?.[0]?.arrivals?.[1] && s.depots[0].arrivals[0], 'resource', 'beans'),
  ],
  ['arrival too late', '/depots/0/arrivals/0/period', /0 to 3/, (s) => put(s.depots?.[0]?.arrivals?.[0], 'period', 4)],
  ['arrival before', '/depots/0/arrivals/0/period', /from 0/, (s) => put(s.depots?.[0]?.arrivals?.[0], 'period', -1)],
  [
    'arrival in part of a lot',
    '/depots/0/arrivals/0/quantity',
    /36000 or 36100/,
    (s) => put(s.depots?.[0]?.arrivals?.[0], 'quantity', 36001),
  ],
  ['demand of nothing known', '/regions/1/demand/ric', /"rice"/, (s) => put(s.regions?.[1]?.demand, 'ric', 10)],
  ['demand too short', '/regions/0/demand/water', /4 periods/, (s) => put(s.regions?.[0]?.demand, 'water', [100, 100])],
  [
    'demand in part of a lot',
    '/regions/0/demand/water/2',
    /33000 or 33100/,
    (s) => put(s.regions?.[0]?.demand?.water, 2, 33001),
  ],
  [
    'demand as text',
    '/regions/0/demand/rice',
    /number from 0, or a list/,
    (s) => put(s.regions?.[0]?.demand, 'rice', '120'),
  ],
  ['one demand as text', '/regions/0/demand/water/1', /number/, (s) => put(s.regions?.[0]?.demand?.water, 1, null)],
  ['floor above 1', '/regions/0/floor', /up to 1/, (s) => put(s.regions?.[0], 'floor', 1.1)],
  ['priority below 0', '/regions/0/priority', /from 0/, (s) => put(s.regions?.[0], 'priority', -1)],
  ['route from nowhere', '/routes/3/from', /"junction"/, (s) => put(s.routes?.[3], 'from', 'juncton')],
  ['route from a region', '/routes/3/from', /depot or hub/, (s) => put(s.routes?.[3], 'from', 'south')],
  ['route to nowhere', '/routes/3/to', /"north"/, (s) => put(s.routes?.[3], 'to', 'nort')],
  ['route to its start', '/routes/1/to', /another site/, (s) => put(s.routes?.[1], 'to', 'capital')],
  ['route twice', '/routes/2', /join/, (s) => put(s.routes?.[2], 'from', 'capital')],
  ['lead in parts', '/routes/0/leadPeriods', /whole/, (s) => put(s.routes?.[0], 'leadPeriods', 0.5)],
  ['cost below 0', '/routes/0/costPerTonne', /from 0/, (s) => put(s.routes?.[0], 'costPerTonne', -5)],
  ['closed too late', '/routes/3/closed/0', /0 to 3/, (s) => put(s.routes?.[3], 'closed', [4])],
  ['closed twice', '/routes/3/closed/1', /leave it out/, (s) => put(s.routes?.[3], 'closed', [0, 0])],
  ['length nobody knows', '/routes/5/km', /"at" of "north"/, (s) => drop(s.regions?.[0], 'at')],
  ['fleet of no route', '/fleets/1/mode', /"helicopter"/, (s) => put(s.fleets?.[1], 'mode', 'helicoptre')],
  [
    'route twice, both open once',
    '/routes/6',
    /close each in the periods/,
    (s) => {
      put(s.routes?.[0], 'closed', [0, 1]);
      put(s.routes, 6, { ...s.routes?.[0], closed: [3] });
    },
  ],
  [
    'handling in three of four periods',
    '/depots/1/handlingTonnes',
    /4 periods/,
    (s) => put(s.depots?.[1], 'handlingTonnes', [1, 2, 3]),
  ],
  [
    'handling below 0 once',
    '/hubs/0/handlingTonnes/2',
    /from 0/,
    (s) => put(s.hubs?.[0], 'handlingTonnes', [1, 2, -3, 4]),
  ],
  [
    'vehicles in five periods',
    '/fleets/0/vehicles',
    /4 periods/,
    (s) => put(s.fleets?.[0], 'vehicles', [1, 2, 3, 4, 5]),
  ],
  ['tonne-km in one', '/fleets/1/tonneKm', /4 periods/, (s) => put(s.fleets?.[1], 'tonneKm', [700])],
  ['fleet twice', '/fleets/1/mode', /join/, (s) => put(s.fleets?.[1], 'mode', 'truck')],
  ['fleet of no size', '/fleets/1', /tonneKm, or vehicles/, (s) => drop(s.fleets?.[1], 'tonneKm')],
  ['fleet of half a size', '/fleets/0', /payloadTonnes/, (s) => drop(s.fleets?.[0], 'payloadTonnes')],
  ['fleet of two sizes', '/fleets/0', /leave out tonneKm/, (s) => put(s.fleets?.[0], 'tonneKm', 5)],
  ['budget of nothing', '/budget/amount', /number/, (s) => drop(s.budget, 'amount')],
  ['policy of no name', '/policy', /"balanced"/, (s) => put(s, 'policy', 'fair')],
  ['policy of no stages', '/policy', /at least one/, (s) => put(s, 'policy', [])],
  ['stage of no name', '/policy/1/stage', /"leximin"/, (s) => put(s.policy?.[1], 'stage', 'nede')],
  ['field of another stage', '/policy/0/alpha', /tolerance/, (s) => put(s.policy?.[0], 'alpha', 1)],
  ['tolerance above 1', '/policy/2/tolerance', /up to 1/, (s) => put(s.policy?.[2], 'tolerance', 2)],
  ['alpha below 0', '/policy/0/alpha', /from 0/, (s) => put(s, 'policy', need({ alpha: -1 }))],
  [
    'leximin twice',
    '/policy/1/stage',
    /first leaves nothing/,
    (s) => put(s, 'policy', [{ stage: 'leximin' }, { stage: 'leximin' }]),
  ],
  ['alpha beyond counting', '/policy/0/alpha', /leximin/, (s) => put(s, 'policy', need({ alpha: 40 }))],
  ['too many bands', '/policy/0/bands', /up to 1000/, (s) => put(s, 'policy', need({ alpha: 0, bands: 1001 }))],
  ['no bands', '/policy/0/bands', /from 1/, (s) => put(s, 'policy', need({ bands: 0 }))],
  [
    'alpha beside its bands',
    '/policy/0/alpha',
    /leave out alpha/,
    (s) => put(s, 'policy', need({ alpha: 2, bands: [{ upTo: 1, value: 1 }] })),
  ],
  [
    'bands that fall back',
    '/policy/0/bands/1/upTo',
    /more than 0.5/,
    (s) =>
      put(
        s,
        'policy',
        need({
          bands: [
            { upTo: 0.5, value: 2 },
            { upTo: 0.5, value: 1 },
          ],
        }),
      ),
  ],
  [
    'band beyond everyone',
    '/policy/0/bands/0/upTo',
    /up to 1/,
    (s) => put(s, 'policy', need({ bands: [{ upTo: 1.5, value: 2 }] })),
  ],
  [
    'bands that are not concave',
    '/policy/0/bands/1/value',
    /at most 2/,
    (s) =>
      put(
        s,
        'policy',
        need({
          bands: [
            { upTo: 0.5, value: 2 },
            { upTo: 1, value: 3 },
          ],
        }),
      ),
  ],
];

test('the case is good before anything is broken', () => {
  assert.deepEqual(checkScenario(fresh()), { ok: true, scenario: fresh() });
});

for (const [what, pointer, mend, harm] of breaks) {
  test(`one fault and its place: ${what}`, () => {
    const scenario = fresh();
    harm(scenario);
    const checked = checkScenario(scenario);
    assert.ok(!checked.ok, 'the fault is seen');
    const faults = checked.faults.filter((f) => f.pointer === pointer);
    assert.equal(faults.length, 1, `${pointer} among ${checked.faults.map((f) => f.message).join('\n')}`);
    const [fault] = faults;
    assert.match(fault!.mend, mend);
    assert.ok(fault!.message.includes(fault!.mend), 'the sentence tells the mend');
    assert.ok(fault!.found.length > 0);
    for (const f of checked.faults) mustBeTold(f, scenario);
  });
}

test('a single break makes a single fault', () => {
  // These take other places with them, rightly: a site or resource that is gone is missing elsewhere.
  const wide = new Set([
    'no resources',
    'no regions',
    'no periods',
    'too many periods',
    'half a period',
    'stage of no name',
  ]);
  for (const [what, pointer, , harm] of breaks) {
    if (wide.has(what)) continue;
    const scenario = fresh();
    harm(scenario);
    const checked = checkScenario(scenario);
    assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.pointer), [pointer], what);
  }
});

test('faults of the schema and of references are all reported at once', () => {
  const scenario = fresh();
  const together = [
    'no weight',
    'kind',
    'stock of nothing known',
    'arrival too late',
    'demand too short',
    'route from nowhere',
    'closed twice',
    'fleet of half a size',
    'floor above 1',
    'unknown field',
    'bands that fall back',
  ];
  const wanted = breaks.filter(([what]) => together.includes(what));
  assert.equal(wanted.length, together.length);
  for (const [, , , harm] of wanted) harm(scenario);
  const checked = checkScenario(scenario);
  assert.ok(!checked.ok);
  assert.deepEqual(checked.faults.map((f) => f.pointer).sort(), wanted.map(([, pointer]) => pointer).sort());
});

test('a list that cannot be read does not make every name in it a fault', () => {
  const scenario = fresh();
  put(scenario, 'hubs', {});
  put(scenario, 'resources', 'water');
  const checked = checkScenario(scenario);
  assert.deepEqual(checked.ok ? [] : checked.faults.map((f) => f.pointer), ['/resources', '/hubs']);
});

test('anything at all is refused without a crash', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  for (const value of [
    undefined,
    null,
    1,
    'x',
    [],
    {},
    cyclic,
    { policy: [null] },
    { depots: [[]], routes: [7], fleets: [{}] },
  ])
    assert.equal(checkScenario(value).ok, false);
});

test('ten thousand unknown names are all reported, and only the first hundred searched for near ones', () => {
  const scenario = fresh();
  const route = (_: unknown, i: number) => ({ from: 'capitol', to: 'nroth', mode: `m${i}` });
  put(scenario, 'routes', Array.from({ length: 10_000 }, route));
  const checked = checkScenario(scenario);
  assert.ok(!checked.ok);
  const names = checked.faults.filter((f) => f.pointer.startsWith('/routes/'));
  assert.equal(names.length, 20_000);
  assert.equal(names.filter((f) => f.mend.startsWith('did you mean')).length, 100);
});

test('an error lists twenty faults and counts the rest', () => {
  const faults = Array.from({ length: 23 }, (_, i) => ({
    pointer: `/${i}`,
    ...spoken({ found: '', what: `is ${i}`, mend: '', message: `fault ${i}.` }),
  }));
  const error = new ScenarioError(faults);
  assert.match(error.message, /23 faults\n {2}fault 0\.\n/);
  assert.match(error.message, /fault 19\.\n {2}… and 3 more$/);
  assert.equal(error.faults.length, 23);
});

test('an error says what is wrong in many places once, so that it hides nothing else', () => {
  const scenario = readCase('two-valleys');
  scenario.routes = Array.from({ length: 40 }, (_, i) => ({ ...scenario.routes[0]!, to: 'nroth', mode: `m${i}` }));
  const fleets = scenario.fleets!.length;
  const checked = checkScenario(scenario);
  assert.ok(!checked.ok);
  const { message } = new ScenarioError(checked.faults);
  assert.equal(message.match(/nroth/g)?.length, 1);
  assert.match(message, /The same at \/routes\/1\/to, .*\/routes\/5\/to and 34 more places\./);
  // those of the fleets come after the forty
  assert.equal(message.match(/^ {2}\/fleets\//gm)?.length, fleets);
});
