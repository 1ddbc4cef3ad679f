/**
 * Plans behind the release gate: a locked depot gives nothing of its own, to no solver, in no proof and no check; what the levels keep
 * back is said, and what a higher one would bring is solved.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  allocate,
  bottlenecks,
  check,
  checkExplanation,
  closePool,
  explain,
  scenarioDifferences,
  solveFutures,
} from '../engine/index.js';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { sealCertificate } from '../engine/proof/certificate.js';
import type { Allocation, Scenario, Stage } from '../engine/types.js';
import {
  checkScenario,
  compileAmendment,
  complete,
  generate,
  LEVELS,
  type Level,
  policyStages,
  readCase,
  scenarioDigest,
} from '../scenarios/index.js';
import { allocateByAll, contradictions } from './support/agree.js';
import { delayed, draws, followed } from './support/field.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { verified } from './support/reports.js';

after(closePool);

const now = () => 0;
const valleys = readCase('two-valleys');
/** The port is regional and gives; the capital is central and does not. */
const GATED: Scenario = { ...valleys, response: { level: null } };
const TIERS = ['village', 'township', 'county', 'province', 'national'];

/** Random tiers and a random level on random depots; which are locked is worked out here once more, from the words of MODEL.md. */
function gatedAtRandom(seed: number): { gated: Scenario; open: Scenario; locked: Set<string> } {
  const draw = draws(seed);
  const base = randomScenario(seed);
  const depots = base.depots.map((d) => {
    const tier = TIERS[draw(6)];
    return tier === undefined ? d : { ...d, tier };
  });
  const level = ([null, ...LEVELS] as (Level | null)[])[draw(3)]!;
  const gated = { ...base, id: `${base.id} gated`, depots, response: { level } };
  const having = TIERS.filter((tier) => depots.some((d) => 'tier' in d && d.tier === tier));
  const giving = new Set(having.slice(0, { none: 1, IV: 2, III: 3, II: 4, I: 9 }[level ?? 'none']));
  const locked = depots.filter((d) => 'tier' in d && !giving.has(d.tier!)).map((d) => d.id);
  return { gated, open: { ...base, depots }, locked: new Set(locked) };
}

/** A locked depot is a hub with room for everything: it has nothing of its own, and passes on what comes to it. */
function asHubs(scenario: Scenario, locked: ReadonlySet<string>): Scenario {
  const { response: _, ...rest } = scenario;
  const hubs = scenario.depots
    .filter((d) => locked.has(d.id))
    .map(({ id, handlingTonnes }) => ({
      id,
      storageTonnes: 1e9,
      ...(handlingTonnes === undefined ? {} : { handlingTonnes }),
    }));
  return {
    ...rest,
    depots: scenario.depots.filter((d) => !locked.has(d.id)),
    hubs: [...(scenario.hubs ?? []), ...hubs],
  };
}

/** value ≤ optimum ≤ bound on every stage, by a formulation that knows neither levels nor locks. */
async function againstIndependent(scenario: Scenario, { stages }: Allocation): Promise<void> {
  const written = policyStages(scenario.policy).stages;
  const values = stages.map((s) => Number(s.value));
  for (const [s, { stage, value, bound }] of stages.entries()) {
    const optimum = await bestValue(scenario, written as Stage[], s, values.slice(0, s));
    const noise = 1e-6 * Math.max(1, Math.abs(optimum));
    const sign = stage === 'floor' || stage === 'cost' || stage === 'stay' ? -1 : 1;
    const what = `${scenario.id}, stage ${s} (${stage}): ${value} … ${bound}, the optimum is ${optimum}`;
    assert.ok(sign * (optimum - Number(value)) >= -noise, what);
    assert.ok(sign * (Number(bound) - optimum) >= -noise, what);
    assert.ok(Math.abs(Number(bound) - optimum) <= 10 * noise, `${what}: loose`);
  }
}

/** Lots that a depot can give by good, straight from the file: nothing where it is locked, but what came to it before and has not gone on. */
function suppliesOf(scenario: Scenario, locked: ReadonlySet<string>): Map<string, number[]> {
  const { periods, after: past } = scenario;
  const first = past?.period ?? 0;
  const found = new Map<string, number[]>();
  for (const { id, stock = {}, arrivals = [] } of scenario.depots)
    for (const { id: resource, lot = 1 } of scenario.resources) {
      const list = new Array<number>(periods.count).fill(0);
      const came = (t: number, quantity: number) => {
        if (t < periods.count) list[Math.max(t, first)]! += quantity / lot;
      };
      let own = 0;
      if (!locked.has(id)) {
        own = (stock[resource] ?? 0) / lot;
        for (const a of arrivals) if (a.resource === resource) came(a.period, a.quantity);
      }
      list[first]! += own;
      for (const line of past?.shipped ?? []) {
        if (line.resource !== resource) continue;
        if (line.to === id) came(line.arrived ?? line.arrive, line.delivered ?? line.quantity);
        if (line.from === id) list[first]! -= line.quantity / lot;
      }
      // goods of its own that left under another level are not owed by what passes through
      if (locked.has(id)) list[first] = Math.max(0, list[first]!);
      found.set(
        `${id} ${resource}`,
        list.map((lots) => Math.round(lots) + 0),
      );
    }
  return found;
}

function compiledSupplies(scenario: Scenario): Map<string, number[]> {
  const { D, T, K, supply } = compileNetwork(complete(scenario));
  const found = new Map<string, number[]>();
  for (let s = 0; s < D; s++)
    for (let k = 0; k < K; k++)
      found.set(
        `${scenario.depots[s]!.id} ${scenario.resources[k]!.id}`,
        Array.from({ length: T }, (_, t) => supply[(s * T + t) * K + k]!),
      );
  return found;
}

test('random levels: locked supplies as worked out by hand, and no plan beats what hubs in their place could do', async () => {
  let [locks, solved, through] = [0, 0, 0];
  for (let seed = 1; seed <= 400; seed++) {
    const { gated, locked } = gatedAtRandom(seed);
    assert.ok(checkScenario(gated).ok, gated.id);
    assert.deepEqual(compiledSupplies(gated), suppliesOf(gated, locked), gated.id);
    if (locked.size === 0 || locked.size === gated.depots.length) continue;
    locks++;
    if (solved >= 25) continue;
    solved++;
    const plan = await runAllocation(gated, { solver: 'highs' }, now);
    assert.deepEqual(check(plan, gated).faults, [], gated.id);
    through += onlyPassesOn(plan, gated, locked);
    await againstIndependent(asHubs(gated, locked), plan);
  }
  assert.ok(locks > 35 && solved === 25, `${locks} ${solved}`);
  assert.ok(through > 0, 'some locked depot passed goods on');
});

/** What leaves a locked depot has come to it first; counts what did. */
function onlyPassesOn({ shipments }: Allocation, { id, resources }: Scenario, locked: ReadonlySet<string>): number {
  let count = 0;
  for (const { id: resource } of resources)
    for (const depot of locked) {
      const own = shipments.filter((s) => s.resource === resource);
      for (const { depart } of own.filter((s) => s.from === depot)) {
        const sum = (list: typeof own) => list.reduce((all, s) => all + s.quantity, 0);
        const left = sum(own.filter((s) => s.from === depot && s.depart <= depart));
        const came = sum(own.filter((s) => s.to === depot && s.arrive <= depart));
        assert.ok(left <= came + 1e-9, `${id}: ${left} left ${depot}, ${came} had come`);
        count++;
      }
    }
  return count;
}

test('time moves on behind the gate: supplies by hand, the optimum with hubs, whatever was late or lost', async () => {
  let tried = 0;
  for (let seed = 1; tried < 12; seed++) {
    const { gated, locked } = gatedAtRandom(seed);
    const T = gated.periods.count;
    if (T < 2 || locked.size === 0 || locked.size === gated.depots.length) continue;
    const plan = await runAllocation(gated, { solver: 'highs' }, now);
    if (plan.shipments.length === 0) continue;
    tried++;
    const today = delayed(followed(gated, plan, 1 + (seed % (T - 1))), seed);
    assert.ok(checkScenario(today).ok, today.id);
    assert.deepEqual(compiledSupplies(today), suppliesOf(today, locked), today.id);
    const rest = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(rest, today).faults, [], today.id);
    await againstIndependent(asHubs(today, locked), rest);
  }
});

test('a level that is withdrawn stops what is still to leave, and takes back nothing that left', async () => {
  let [tried, left] = [0, 0];
  for (let seed = 1; tried < 40; seed++) {
    const { gated, open, locked } = gatedAtRandom(seed);
    const T = gated.periods.count;
    if (T < 2 || locked.size === 0) continue;
    tried++;
    const plan = await runAllocation(open, { solver: 'highs' }, now);
    const past = followed(open, plan, 1 + (seed % (T - 1)));
    const today: Scenario = { ...past, response: gated.response! };
    assert.ok(checkScenario(today).ok, today.id);
    assert.deepEqual(compiledSupplies(today), suppliesOf(today, locked), today.id);
    left += past.after!.shipped!.filter((s) => locked.has(s.from)).length;
    if (tried > 15) continue;
    const rest = await runAllocation(today, { solver: 'highs' }, now);
    assert.deepEqual(check(rest, today).faults, [], today.id);
    for (const s of rest.shipments)
      if (locked.has(s.from)) {
        const came = [...rest.shipments, ...past.after!.shipped!].some(
          (o) => o.to === s.from && o.resource === s.resource,
        );
        assert.ok(came, `${today.id}: ${s.from} gives what never came to it`);
      }
  }
  assert.ok(left > 20, `${left} consignments had left depots that are locked now`);
});

test('every solver sees the gate, and none has a plan that another’s prices say is impossible', async () => {
  let tried = 0;
  for (let seed = 300; tried < 10; seed++) {
    const { gated, locked } = gatedAtRandom(seed);
    if (locked.size === 0 || locked.size === gated.depots.length) continue;
    tried++;
    const all = await allocateByAll(gated);
    assert.deepEqual(contradictions(gated, all), []);
    for (const plan of all) onlyPassesOn(plan, gated, locked);
  }
});

test('a plan that ships from a locked depot is refused, however well it is sealed; proofs of one level prove nothing at another', async () => {
  const open = await runAllocation(valleys, { solver: 'highs' }, now);
  const shut = await runAllocation(GATED, { solver: 'highs' }, now);
  const sent = ({ shipments }: Allocation) =>
    shipments.filter((s) => s.from === 'capital').reduce((sum, s) => sum + s.quantity, 0);
  assert.ok(sent(open) > sent(shut));
  onlyPassesOn(shut, GATED, new Set(['capital']));
  assert.deepEqual([check(open, valleys).faults, check(shut, GATED).faults], [[], []]);
  for (const [plan, scenario] of [
    [open, GATED],
    [shut, valleys],
    [shut, { ...GATED, response: { level: 'I' as const } }],
    [shut, { ...GATED, response: { level: null, figures: { dead: 1 } } }],
  ] as const) {
    const { ok, faults } = check(plan, scenario);
    assert.ok(!ok && faults.some((f) => /the allocation is of scenario/.test(f)), faults.join());
    assert.ok(faults.some((f) => /certificate is of another scenario/.test(f)));
  }
  const moved = (plan: Allocation, scenario: Scenario): Allocation => {
    const digest = scenarioDigest(scenario);
    const { shipments, use, certificate } = plan;
    const sealed = sealCertificate(scenario, compilePolicy(scenario.policy), shipments, use, certificate.stages);
    return { ...plan, scenario: { ...plan.scenario, digest }, certificate: sealed };
  };
  const forged = check(moved(open, GATED), GATED);
  assert.ok(!forged.ok);
  assert.ok(
    forged.faults.some((f) => /'capital' sends or uses .* more than it ever has/.test(f)),
    forged.faults.join('; '),
  );
  // the other way round the plan is possible, and no longer the best: its prices do not prove what it states
  const weaker = check(moved(shut, valleys), valleys);
  assert.ok(!weaker.ok && weaker.faults.some((f) => /bound/.test(f)), weaker.faults.join('; '));
});

test('a plan says what is locked and from which level on it is not; where nothing is locked it says nothing', async () => {
  const { measures } = await runAllocation(GATED, { solver: 'highs' }, now);
  assert.deepEqual(measures.locked, {
    level: null,
    stock: [
      { tier: 'central', resource: 'water', unit: 'L', quantity: 84_000, from: 'IV' },
      { tier: 'central', resource: 'rice', unit: valleys.resources[1]!.unit, quantity: 260, from: 'IV' },
      { tier: 'central', resource: 'tarpaulin', unit: valleys.resources[2]!.unit, quantity: 1350, from: 'IV' },
    ],
  });
  const told = await runAllocation(GATED, { solver: 'highs' }, now);
  const hidden = { ...told, measures: { ...told.measures, locked: { level: null, stock: [] } } };
  assert.ok(!check(hidden, GATED).ok, 'what is locked is checked');
  const free = { ...valleys, response: { level: 'IV' as const } };
  assert.equal((await runAllocation(free, { solver: 'highs' }, now)).measures.locked, undefined);
  // stock that may not be given is not counted as there
  const stock = (a: Allocation, id: string) => a.measures.byResource.find((r) => r.resource === id)!.stock;
  assert.equal(stock(told, 'tarpaulin'), 150);
});

test('differences of two scenarios name the level and who gives by it', () => {
  const at = (level: Level | null): Scenario => ({ ...valleys, response: { level } });
  assert.deepEqual(scenarioDifferences(at('IV'), at('IV')), []);
  assert.deepEqual(
    scenarioDifferences(at('IV'), { ...at('IV'), response: { level: 'IV', figures: { dead: 30 } } }),
    [],
  );
  const [level] = scenarioDifferences(at(null), at('II')).filter((d) => d.startsWith('response'));
  assert.equal(level, 'response level: none declared (depots of central give nothing) → II (all depots give)');
  assert.ok(scenarioDifferences(at(null), at('II')).some((d) => /^stock of rice: 340 → 600 .*capital 0 → 260/.test(d)));
  assert.deepEqual(scenarioDifferences(valleys, at('I')), [
    'response level: none needed (all depots give) → I (all depots give)',
  ]);
});

test('an amendment that finds goods in a locked depot says that no plan gives them yet', () => {
  const found = (depot: string, scenario: Scenario) => {
    const report = verified(scenario, {
      kind: 'stock',
      depot,
      resource: 'rice',
      change: 'found',
      quantity: 40,
      from: 0,
    });
    const made = compileAmendment(scenario, [report]);
    assert.ok(made.ok, JSON.stringify(made));
    return made.amendment.words;
  };
  assert.deepEqual(found('capital', GATED).slice(1), [
    'Depot capital gives nothing of its own while no response level is declared; level IV releases it.',
  ]);
  assert.equal(found('port', GATED).length, 1);
  assert.equal(found('capital', valleys).length, 1);
});

test('explanations raise no locked stock; what a higher level brings is solved and said', async () => {
  const plan = await allocate(GATED, { solver: 'highs' });
  const found = await bottlenecks(plan, GATED, { top: 30 });
  assert.ok(found.bottlenecks.length > 0);
  assert.ok(!found.bottlenecks.some((b) => b.kind === 'stock' && /capital/.test(b.what)));
  assert.deepEqual(checkExplanation(found, plan, GATED).faults, []);
  const release = found.bottlenecks.find((b) => b.kind === 'release')!;
  assert.match(release.what, /declaring response level IV, so that depots of central give/);
  assert.deepEqual(release.patch, [{ op: 'add', path: '/response/level', value: 'IV' }]);
  // by another formulation: the best of the deciding stage with the capital's stock, and without it
  const stages = policyStages(valleys.policy).stages as Stage[];
  const best = async (scenario: Scenario, s: number): Promise<number> => {
    const reached: number[] = [];
    for (let r = 0; r <= s; r++) reached.push(await bestValue(scenario, stages, r, reached));
    return reached[s]!;
  };
  const s = release.decides!;
  const [without, withIt] = [await best(asHubs(GATED, new Set(['capital'])), s), await best(valleys, s)];
  const gain = Math.abs(withIt - without);
  const { lo, hi } = release.stages[s]!.gain;
  assert.ok(
    lo <= gain * (1 + 1e-6) && hi >= gain * (1 - 1e-6) && hi - lo < 1e-4 * gain,
    `${lo} … ${hi}, by hand ${gain}`,
  );

  const told = await explain(plan, GATED, { region: 'south' });
  assert.deepEqual(checkExplanation(told, plan, GATED).faults, []);
  assert.ok(!told.sentences.some((x) => /more .* at capital/i.test(x)), told.sentences.join('\n'));
  assert.ok(
    told.sentences.some((x) => /^Declaring response level IV/.test(x)),
    told.sentences.join('\n'),
  );
  assert.ok(!told.sentences.some((x) => /^No stock of/.test(x)), 'locked stock could reach it');
});

test('stock that is locked is not called unreachable, and no floor is made possible by more of it', async () => {
  const only: Scenario = {
    ...GATED,
    depots: GATED.depots.map((d) => {
      const { rice: _, ...stock } = d.stock!;
      return d.id === 'port' ? { ...d, stock } : d;
    }),
    regions: GATED.regions.map((r) => ({ ...r, floor: 0.3 })),
  };
  const plan = await allocate(only, { solver: 'highs' });
  const told = await explain(plan, only, { region: 'south', resource: 'rice' });
  assert.deepEqual(checkExplanation(told, plan, only).faults, []);
  assert.deepEqual(told.withoutStock, []);
  const whole = await explain(plan, only);
  assert.deepEqual(checkExplanation(whole, plan, only).faults, []);
  assert.ok(whole.sentences.some((x) => /the stock of rice that may be given \(0 bag in all\)/.test(x)));
  const raises = whole.floors?.relaxation?.raises ?? [];
  assert.ok(raises.some((r) => /at port/.test(r)) && !raises.some((r) => /at capital/.test(r)), raises.join('; '));
  // without any depot that holds it, it is
  const none = {
    ...only,
    depots: only.depots.map((d) => (d.id === 'capital' ? { ...d, stock: {}, arrivals: [] } : d)),
  };
  const other = await explain(await allocate(none, { solver: 'highs' }), none, { region: 'south', resource: 'rice' });
  assert.deepEqual(other.withoutStock, ['rice']);
});

test('futures of a gated scenario are those of the one in which locked depots have nothing', async () => {
  const country = generate('district', 3);
  const depots = country.depots.map((d, n) => ({ ...d, tier: n % 3 === 0 ? 'national' : 'county' }));
  const gated: Scenario = { ...country, depots, response: { level: null } };
  const bare = { ...country, depots: depots.map((d) => (d.tier === 'county' ? d : { ...d, stock: {}, arrivals: [] })) };
  for (const [one, other] of [
    [gated, bare],
    [
      GATED,
      { ...valleys, depots: valleys.depots.map((d) => (d.id === 'port' ? d : { ...d, stock: {}, arrivals: [] })) },
    ],
  ] as const) {
    const futures = [
      { id: 'half', stock: { all: 0.5 } },
      { id: 'more', stock: { all: 2 } },
    ];
    const told = async (scenario: Scenario) => {
      const { base, futures: list } = await solveFutures(scenario, futures, { gap: 1e-2 });
      return [base, ...list].map(({ stages }) => stages);
    };
    assert.deepEqual(await told(one), await told(other));
  }
});
