/** Levels of administration: listed or taken from usual names, and who comes after whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScenario, escalation, readCase, type Scenario, scenarioJsonSchema, tiersOf } from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';

const valleys = readCase('two-valleys');

/** The case with other tiers on its two depots and two regions; undefined for none. */
function withTiers(depots: (string | undefined)[], regions: (string | undefined)[], more: object = {}): Scenario {
  const on = <S extends { tier?: string }>(sites: S[], tiers: (string | undefined)[]): S[] =>
    sites.map((site, i) => {
      const { tier: _, ...rest } = site;
      return { ...rest, ...(tiers[i] === undefined ? {} : { tier: tiers[i] }) } as S;
    });
  return { ...valleys, depots: on(valleys.depots, depots), regions: on(valleys.regions, regions), ...more };
}

const ids = (scenario: Scenario): string[] => {
  const found = tiersOf(scenario);
  assert.ok(found.ok, JSON.stringify(found));
  return found.tiers.map((t) => t.id);
};

test('tiers that are listed are in their order, with defaults', () => {
  const tiers = [
    { id: 'zone', organisation: 'red-cross', dueHours: { verify: 6 } },
    { id: 'capital', name: 'The capital' },
  ];
  const scenario = withTiers(['capital', 'zone'], ['zone', undefined], { tiers });
  assert.ok(checkScenario(scenario).ok);
  const found = tiersOf(scenario);
  assert.ok(found.ok);
  assert.deepEqual(found.tiers, [
    { id: 'zone', name: 'zone', organisation: 'red-cross', dueHours: { verify: 6, amend: 24, resolve: 72 } },
    { id: 'capital', name: 'The capital', organisation: null, dueHours: { verify: 24, amend: 24, resolve: 72 } },
  ]);
  assert.equal(escalation(found.tiers, 'zone')?.id, 'capital');
  assert.equal(escalation(found.tiers, 'capital'), undefined);
  assert.throws(() => escalation(found.tiers, 'village'), /no tier "village"; there are zone, capital/);
  assert.ok(JSON.stringify(scenarioJsonSchema()).includes('dueHours'));
});

test('usual names are in their usual order, whatever the order in the file', () => {
  assert.deepEqual(ids(valleys), ['regional', 'central']);
  assert.deepEqual(ids(withTiers(['National', 'village'], ['county', 'township'])), [
    'village',
    'township',
    'county',
    'National',
  ]);
  assert.deepEqual(ids(withTiers(['village', 'National'], ['township', 'county'])), [
    'village',
    'township',
    'county',
    'National',
  ]);
  assert.deepEqual(ids(withTiers(['district', 'province'], ['district', 'province'])), ['district', 'province']);
  assert.deepEqual(ids(withTiers([], [])), []);
});

test('names whose order nobody can know are refused, with the mend', () => {
  const unknown = tiersOf(withTiers(['central', 'depot level'], ['x', 'regional']));
  assert.ok(!unknown.ok);
  assert.deepEqual(
    unknown.faults.map((f) => f.pointer),
    ['/depots/1/tier', '/regions/0/tier'],
  );
  assert.ok(unknown.faults.every((f) => /list them in tiers/.test(f.mend)));
  const same = tiersOf(withTiers(['regional', 'province'], []));
  assert.ok(!same.ok && /is "province", the level of "regional": list them in tiers/.test(same.faults[0]!.message));
  // without a list a name is information only, as it always was
  assert.ok(checkScenario(withTiers(['central', 'depot level'], ['x', 'regional'])).ok);
});

test('a list of tiers binds depots and regions', () => {
  for (const [scenario, pointer, message] of [
    [withTiers(['centrall'], [], { tiers: [{ id: 'central' }] }), '/depots/0/tier', /did you mean "central"/],
    [withTiers([], [undefined, 'vilage'], { tiers: [{ id: 'village' }] }), '/regions/1/tier', /did you mean "village"/],
    [withTiers([], [], { tiers: [{ id: 'a' }, { id: 'a' }] }), '/tiers/1/id', /which \/tiers\/0 has already/],
    [withTiers([], [], { tiers: [] }), '/tiers', /at least one/],
    [withTiers([], [], { tiers: [{ id: 'a', dueHours: { verify: 0 } }] }), '/tiers/0/dueHours/verify', /above 0/],
    [withTiers([], [], { tiers: [{ id: 'a', dueHour: {} }] }), '/tiers/0/dueHour', /write "dueHours"/],
  ] as const) {
    const checked = checkScenario(scenario);
    assert.ok(!checked.ok);
    assert.deepEqual(
      checked.faults.map((f) => f.pointer),
      [pointer],
      JSON.stringify(checked.faults),
    );
    assert.match(checked.faults[0]!.message, message);
    mustBeTold(checked.faults[0]!, scenario);
  }
});
