/**
 * Laws of mending a warm start where it is wrong: a part solved by itself, with the rest held, leaves a plan that breaks no limit of the file,
 * is worth no less and is the same everywhere else; and a closed road is planned around in its own neighbourhood, with the same proof.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { openAscent } from '../engine/solve/direct/ascent.js';
import { carve } from '../engine/solve/direct/carve.js';
import { buildDirect, type Direct } from '../engine/solve/direct/form.js';
import { openKernel } from '../engine/solve/direct/kernel.js';
import { bestPlan, putStart } from '../engine/solve/direct/plan.js';
import { roughPrices } from '../engine/solve/direct/prices.js';
import { oneThread, openDirect, solveDirect } from '../engine/solve/direct/solve.js';
import { complete, generate, type Scenario } from '../scenarios/index.js';
import { layDirect, planOf, randomDirect, scarcer, worstExcess, worthOf } from './support/direct.js';
import { lawful, SLACK } from './support/direct-laws.js';

/** The flows of the iterate in the place of the best plan, so that `planOf` reads them. */
const showFlows = ({ layout }: Direct) =>
  layout.floats('best', layout.arcs * layout.lanes).set(layout.floats('x', layout.arcs * layout.lanes));

const scenarios: Scenario[] = [
  ...Array.from({ length: 40 }, (_, seed) => randomDirect(seed + 900)),
  scarcer(generate('tiny', 21), 0.4),
  generate('tiny', 22),
  scarcer(generate('district', 23), 0.4),
  generate('district', 24),
];

/** Without reading it as a file, which takes longer than the solve. */
const lay = (scenario: Scenario) =>
  buildDirect(compileNetwork(complete(scenario)), compilePolicy(scenario.policy), 0, 1);

test('a part solved by itself: no limit broken, nothing lost, everything else as it was', () => {
  let bettered = 0;
  for (const [n, scenario] of scenarios.entries()) {
    // a rough plan, so that there is something to gain
    const direct = layDirect(scenario);
    const { layout } = direct;
    solveDirect(direct, { gap: 1e-1, mostIterations: 60 });
    layout.floats('x', layout.arcs * layout.lanes).set(layout.floats('best', layout.arcs * layout.lanes));
    const before = planOf(direct, scenario);
    const worth = worthOf(scenario, before);
    const [at, every] = [n % 2, 2 + (n % 3)];
    const groups = Int32Array.from({ length: layout.groups }, (_, g) => g).filter((g) => g % every === at);
    const part = carve(direct, groups);
    const kernel = openKernel(part.direct.layout);
    const inner = openAscent(part.direct, oneThread(part.direct, kernel), true);
    inner.run({ gap: 1e-5, mostIterations: 400 });
    part.putBack();
    showFlows(direct);
    const after = planOf(direct, scenario);
    const { excess, limit } = worstExcess(scenario, after);
    assert.ok(excess <= 2 * SLACK, `${scenario.id}: ${limit}`);
    const now = worthOf(scenario, after);
    // a first certificate is of the start, so the best plan of the part is worth no less
    assert.ok(now >= worth - 2 * SLACK * Math.max(1e-9, Math.abs(worth)), `${scenario.id}: ${worth} became ${now}`);
    if (now > worth * (1 + 1e-4)) bettered++;
    const inside = new Set(groups);
    const index = (scenario: Scenario) => new Map(scenario.regions.map((r, j) => [r.id, j]));
    const regions = index(scenario);
    const T = scenario.periods.count;
    const held = (flows: typeof before) =>
      flows.filter((f) => !inside.has(regions.get(f.route.to)! * T + f.depart + (f.route.leadPeriods ?? 0)));
    assert.deepEqual(held(after), held(before), scenario.id);
  }
  assert.ok(bettered >= 10, `only ${bettered} of ${scenarios.length} plans got better`);
});

test('a closed road is planned around nearby: the proof of a cold ascent without an iteration over the whole', () => {
  const open = generate('nation-day', 104);
  const first = lay(open);
  const found = solveDirect(first, { gap: 1e-4, mostIterations: 5000 });
  const plan = bestPlan(first);
  const busiest = planOf(first, open).reduce((sum, { route, tonnes }) => {
    const n = open.routes.indexOf(route);
    return sum.set(n, (sum.get(n) ?? 0) + tonnes);
  }, new Map<number, number>());
  const [road] = [...busiest].sort((a, b) => b[1] - a[1])[0]!;
  const closed = {
    ...open,
    routes: open.routes.map((route, n) => (n === road ? { ...route, closed: [0] } : route)),
  };
  const cold = lay(closed);
  const again = solveDirect(cold, { gap: 1e-3, mostIterations: 5000 });
  lawful(closed, cold, again);

  const warm = lay(closed);
  const { network } = warm;
  // arcs of the open network by route: none has more than one period
  const arcOf = new Map(Array.from({ length: first.network.arcs.count }, (_, a) => [first.network.arcs.route[a]!, a]));
  const K = network.K;
  const ship = new Float64Array(network.arcs.count * K);
  const prices = roughPrices(first, found.prices);
  const route = new Float64Array(network.arcs.count);
  for (let a = 0; a < network.arcs.count; a++) {
    const was = arcOf.get(network.arcs.route[a]!)!;
    for (let k = 0; k < K; k++) ship[a * K + k] = plan.ship[was * K + k]!;
    route[a] = prices.route[was]!;
  }
  const session = openDirect(warm, {}, (direct) => putStart(direct, ship, { ...prices, route }));
  const mended = session.run({ gap: 1e-3, mostIterations: 5000 });
  lawful(closed, warm, mended);
  assert.ok(mended.gap <= 1e-3);
  assert.ok(mended.value <= again.bound && again.value <= mended.bound, 'the two proofs do not overlap');
  assert.equal(mended.iterations, 0, `${again.iterations} cold`);
  // and it goes on from there
  const finer = session.run({ gap: 2e-4, mostIterations: 5000 });
  lawful(closed, warm, finer);
  assert.ok(finer.gap <= 2e-4 && finer.value >= mended.value && finer.bound <= mended.bound);
});
