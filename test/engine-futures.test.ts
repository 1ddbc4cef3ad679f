/**
 * Laws of futures: each is the scenario with other numbers and nothing else, so a layout changed in place is the one built from the
 * changed file, and the optimum that a formulation sharing no line with engine/ finds for that file lies within what was
 * proven. Who solved what, and after what, changes nothing.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openCourse, prepareBase } from '../engine/futures/course.js';
import { arcwise, figuresOf, listStocked, namesIn, withFigures } from '../engine/futures/figures.js';
import { changeScenario, closePool, type Future, solveFutures } from '../engine/index.js';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { refillDirect } from '../engine/solve/direct/form.js';
import type { Layout, Word } from '../engine/solve/direct/layout.js';
import { loadHighs } from '../engine/solve/highs.js';
import { buildModel } from '../engine/solve/model.js';
import { complete, generate, mustReadScenario, type Scenario, type Stage } from '../scenarios/index.js';
import { bent, layDirect, oneDay, randomDirect } from './support/direct.js';
import { bestValue } from './support/independent.js';
import { runs } from './support/runs.js';

/** What single precision may cost. */
const SLACK = 1e-6;

after(closePool);

/** A Weyl sequence: the same draws everywhere. */
function draws(seed: number) {
  let n = seed * 1009;
  const share = () => (++n * Math.SQRT2) % 1;
  return { share, pick: <X>(list: X[]): X => list[Math.floor(share() * list.length)]! };
}

/** Everything a future can change; without closures its network has the same arcs as the changed file's. */
function randomFuture(scenario: Scenario, seed: number, closures: boolean): Future {
  const { share, pick } = draws(seed);
  const about = () => (share() < 0.1 ? 0 : 0.3 + 1.4 * share());
  const some = (ids: string[]) => Object.fromEntries(ids.filter(() => share() < 0.6).map((id) => [id, about()]));
  const regions = scenario.regions.map((r) => r.id);
  const depots = scenario.depots.map((d) => d.id);
  const resources = scenario.resources.map((r) => r.id);
  const periods = Array.from({ length: scenario.periods.count }, (_, t) => t);
  const future: Future = {
    id: `future-${seed}`,
    demand: { all: about(), sites: some(regions), pairs: { [pick(regions)]: some(resources) } },
  };
  if (share() < 0.5) future.stock = { sites: some(depots), resources: some(resources) };
  if (share() < 0.5) future.handling = share() < 0.5 ? about() : some(depots);
  if (share() < 0.5) future.capacity = about();
  if (share() < 0.5) future.fleets = share() < 0.5 ? about() : some((scenario.fleets ?? []).map((f) => f.mode));
  if (share() < 0.5) future.budget = about();
  const { routes } = scenario;
  if (routes.length > 0) {
    const { from, to } = pick(routes);
    future.routes = [{ from, to, capacity: about() }];
    if (closures) future.routes.push({ to: pick(routes).to, closed: share() < 0.5 ? 'always' : [pick(periods)] });
  }
  return future;
}

function opened(scenario: Scenario, gap: number) {
  const network = compileNetwork(complete(scenario));
  const base = prepareBase(network, compilePolicy(scenario.policy), 0, gap);
  const names = namesIn(scenario);
  const course = openCourse(base);
  return (future: Future) => course.solve(figuresOf(names, base.network.arcs, future), gap);
}

function between(what: string, { value, bound }: { value: number; bound: number }, best: number): void {
  const slack = SLACK * Math.max(1e-9, Math.abs(best));
  assert.ok(value <= best + slack && bound >= best - slack, `${what}: ${value} … ${bound}, the best is ${best}`);
}

const numbers = (layout: Layout): Record<string, unknown> => {
  const { groups, lanes, nodes, fleetRows, arcs, f32, i32 } = layout;
  const floats = (name: Word, length: number) => [...layout.floats(name, length)];
  const at = layout.start('arc');
  return {
    need: floats('need', groups * lanes),
    worth: floats('worth', groups * lanes),
    bands: floats('bands', layout.bands * 2),
    supply: floats('supply', nodes * lanes),
    arcs: [...f32.subarray(at, at + arcs * 10)],
    rows: [...i32.subarray(at, at + arcs * 10)],
    handlingLimit: [...layout.doubles('handlingLimit', nodes)],
    handlingStep: [...layout.doubles('handlingStep', nodes)],
    fleetLimit: [...layout.doubles('fleetLimit', fleetRows)],
    budget: [...layout.doubles('budget', 4)],
  };
};

test('a layout changed in place is, number by number, the one built from the changed file', () => {
  for (let seed = 8000; seed < 8000 + runs(40); seed++) {
    const scenario = seed % 10 === 0 ? generate('tiny', seed) : randomDirect(seed);
    const base = layDirect(scenario);
    let direct = base;
    for (const n of [1, 2, 3]) {
      const future = randomFuture(scenario, 3 * seed + n, false);
      const figures = figuresOf(namesIn(scenario), base.network.arcs, future);
      direct = refillDirect(direct, withFigures(arcwise(base.network), listStocked(base.network.scenario), figures));
      const anew = layDirect(changeScenario(scenario, future));
      assert.deepEqual(numbers(direct.layout), numbers(anew.layout), `${scenario.id}, ${future.id}`);
      assert.equal(direct.usualWorth, anew.usualWorth);
      assert.deepEqual(direct.limits, anew.limits);
    }
  }
});

test('random futures of small scenarios, routes closed too: value ≤ optimum of the changed file ≤ bound', async () => {
  let [served, poorer] = [0, 0];
  for (let seed = 8100; seed < 8100 + runs(20); seed++) {
    const scenario =
      seed % 5 === 0 ? generate('tiny', seed) : seed % 5 === 1 ? oneDay(generate('tiny', seed)) : randomDirect(seed);
    const solve = opened(scenario, 1e-3);
    const base = solve({ id: '' });
    for (const n of [1, 2, 3]) {
      const future = randomFuture(scenario, 5 * seed + n, true);
      const changed = changeScenario(scenario, future);
      mustReadScenario(JSON.stringify(changed));
      const found = solve(future);
      const what = `${scenario.id}, ${future.id}`;
      between(what, found, await bestValue(changed, scenario.policy as Stage[], 0, []));
      assert.ok(found.gap <= 1e-3, `${what}: ${found.gap}`);
      if (found.value > 0) served++;
      if (found.bound < base.value) poorer++;
    }
  }
  assert.ok(
    served > runs(30) && poorer > runs(5),
    `${served} serve anybody, ${poorer} are certainly poorer than their base`,
  );
});

test('district, needs × log-normal by region: value ≤ optimum of the changed file ≤ bound', async () => {
  for (const seed of [21, 22]) {
    const scenario = oneDay(generate('district', seed));
    const solve = opened(scenario, 1e-3);
    const { share } = draws(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share());
    const sites = Object.fromEntries(scenario.regions.map((r) => [r.id, Math.exp(0.25 * normal())]));
    const future: Future = { id: 'drawn', demand: { sites } };
    const { network, policy } = layDirect(changeScenario(scenario, future));
    between(scenario.id, solve(future), await optimum(network, policy));
  }
});

async function optimum(...[network, policy]: Parameters<typeof buildModel>): Promise<number> {
  const model = buildModel(network, policy);
  const session = (await loadHighs()).open(model.lp);
  model.aim(0);
  const found = session.solve();
  session.dispose();
  assert.equal(found.outcome, 'optimal');
  return model.maximand(0, (found as { x: Float64Array }).x);
}

test('the same futures in any order and on any number of threads give the same results, and one like the base gives the base', async () => {
  const scenario = generate('district', 23);
  const futures = Array.from({ length: 11 }, (_, n) => randomFuture(scenario, 900 + n, n % 2 === 0));
  futures.push({ id: 'as-planned' }, { id: 'times-one', demand: { all: 1 }, budget: 1, capacity: 1, handling: 1 });
  const one = await solveFutures(scenario, futures, { threads: 1 });
  assert.equal(one.way, 'direct');
  assert.equal(new Set(one.futures.map((f) => f.stages[0]!.value)).size, 12, 'futures differ');
  for (const id of ['as-planned', 'times-one'])
    assert.deepEqual(
      one.futures.find((f) => f.id === id),
      { id, ...one.base },
    );
  const more = await solveFutures(scenario, futures.toReversed(), { threads: 3 });
  assert.deepEqual(more.futures.toReversed(), one.futures);
  assert.deepEqual(more.base, one.base);
  const twin = opened(scenario, 1e-3)(futures[4]!);
  assert.equal(twin.value, one.futures[4]!.stages[0]!.value, 'alone, in this thread');
});

test('people, money and value agree: where each person counts once, value = people-periods − cost × its weight', () => {
  for (const seed of [31, 32]) {
    const plain = bent(generate('tiny', seed), 'plain', (s) => {
      for (const resource of s.resources) resource.importance = 1;
      for (const region of s.regions) region.priority = 1;
      s.policy = [{ stage: 'need', bands: [{ upTo: 1, value: 1 }], costWeight: 0.001 }];
    });
    const future = randomFuture(plain, seed, true);
    const found = opened(plain, 1e-4)(future);
    const worth = found.peoplePeriodsMet - 0.001 * found.cost;
    assert.ok(Math.abs(worth - found.value) <= SLACK * found.peoplePeriodsNeeded, `${worth}, not ${found.value}`);
    assert.ok(found.peoplePeriodsMet > 0 && found.cost > 0);
  }
});

test('a chosen future is allocated in whole lots within what was proven for it', async () => {
  const scenario = generate('tiny', 33);
  const future: Future = { id: 'worse', demand: { all: 1.2 }, fleets: 0.7, routes: [{ mode: 'truck', closed: [1] }] };
  const seen: string[] = [];
  const found = await solveFutures(scenario, [future, { id: 'same' }], {
    allocate: ['worse'],
    gap: 1e-3,
    onProgress: ({ done, of }) => seen.push(`${done}/${of}`),
  });
  assert.deepEqual(seen, ['1/4', '2/4', '3/4', '4/4']);
  const [worse] = found.futures;
  const allocation = found.allocations.worse!;
  assert.ok(Number(allocation.stages[0]!.value) <= worse!.stages[0]!.bound * (1 + SLACK));
  assert.ok(Number(allocation.stages[0]!.bound) >= worse!.stages[0]!.value * (1 - SLACK));
  assert.ok(
    Math.abs(allocation.measures.peoplePeriodsNeeded - worse!.peoplePeriodsNeeded) <=
      SLACK * worse!.peoplePeriodsNeeded,
  );
  assert.ok(allocation.gap.proven <= 1e-3);
  assert.ok(found.base.stages[0]!.value > worse!.stages[0]!.bound, 'worse it is');
});

test('what the ascent declines goes to allocate, with the reason', async () => {
  const scenario = generate('tiny', 34);
  const need = scenario.policy as Stage[];
  scenario.policy = [...need, { stage: 'cost' }];
  const future: Future = { id: 'poor', budget: 0.5 };
  const found = await solveFutures(scenario, [future], { gap: 1e-3 });
  assert.equal(found.way, 'allocate');
  assert.match(found.reason ?? '', /2 stages/);
  const [poor] = found.futures;
  assert.deepEqual(
    poor!.stages.map((s) => s.stage),
    ['need', 'cost'],
  );
  between('poor', poor!.stages[0]!, await bestValue(changeScenario(scenario, future), need, 0, []));
});

test('futures that do not fit are refused with every place, and cancelling ends it', async () => {
  const scenario = generate('tiny', 35);
  const wrong: Future[] = [
    { id: 'a', demand: { sites: { nowhere: 1 } }, budget: -1 },
    { id: 'a', routes: [{ to: 'nowhere' }, { mode: 'truck', closed: [99] }] },
  ];
  await assert.rejects(solveFutures(scenario, wrong), ({ message }: Error) => {
    for (const place of ['/0/demand/sites/nowhere', '/0/budget', '/1/id', '/1/routes/0', '/1/routes/1/closed'])
      assert.ok(message.includes(place), `${place} in ${message}`);
    return true;
  });
  await assert.rejects(solveFutures(scenario, [], { allocate: ['b'] }), /no future is called 'b'/);
  const control = new AbortController();
  const many = Array.from({ length: 200 }, (_, n) => randomFuture(scenario, n, true));
  const run = solveFutures(scenario, many, { signal: control.signal, threads: 1, onProgress: () => control.abort() });
  await assert.rejects(run, { kind: 'cancelled' });
  await assert.rejects(solveFutures(scenario, [], { signal: control.signal }), { kind: 'cancelled' });
});
