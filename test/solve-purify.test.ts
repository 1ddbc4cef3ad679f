/**
 * Laws of purifying: every node sends and gets what it did, no limit of the file is broken (further), the plan is worth no less, and what
 * is left is a forest but for the flows that are held. Counted by name from the scenario, without the engine's network.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestPlan } from '../engine/solve/direct/plan.js';
import { solveDirect } from '../engine/solve/direct/solve.js';
import { type Purified, purify } from '../engine/solve/purify/purify.js';
import { generate, type Scenario } from '../scenarios/index.js';
import {
  bent,
  layDirect,
  oneDay,
  randomDirect,
  rounded,
  scarcer,
  withClosures,
  withoutBudget,
  withoutFleets,
  worstExcess,
  worthOf,
} from './support/direct.js';

type Network = ReturnType<typeof layDirect>['network'];
type Flows = ReturnType<typeof flowsOf>;

/** What rounding may cost. */
const SLACK = 1e-9;

/** A plan as consignments with names, in tonnes. */
function flowsOf({ arcs, K }: Network, scenario: Scenario, ship: Float64Array) {
  const flows = [];
  for (let f = 0; f < ship.length; f++) {
    if (ship[f] === 0) continue;
    const a = Math.floor(f / K);
    const { id, weightKg, lot } = scenario.resources[f % K]!;
    const tonnes = (ship[f]! * (lot ?? 1) * weightKg) / 1000;
    flows.push({ route: scenario.routes[arcs.route[a]!]!, resource: id, depart: arcs.depart[a]!, tonnes });
  }
  return flows;
}

const sender = ({ route, resource, depart }: Flows[number]) => `from ${route.from} in ${depart}: ${resource}`;
const receiver = ({ route, resource, depart }: Flows[number]) =>
  `to ${route.to} in ${depart + (route.leadPeriods ?? 0)}: ${resource}`;

function totals(flows: Flows): Map<string, number> {
  const sums = new Map<string, number>();
  for (const flow of flows)
    for (const key of [sender(flow), receiver(flow)]) sums.set(key, (sums.get(key) ?? 0) + flow.tonnes);
  return sums;
}

/** Tonnes needed, by receiver. */
function needsOf(scenario: Scenario): Map<string, number> {
  const due = new Map<string, number>();
  for (const region of scenario.regions)
    for (const { id, weightKg } of scenario.resources)
      for (let t = 0; t < scenario.periods.count; t++) {
        const need = region.demand[id] ?? 0;
        due.set(`to ${region.id} in ${t}: ${id}`, ((typeof need === 'number' ? need : need[t]!) * weightKg) / 1000);
      }
  return due;
}

/** Flows beyond a spanning forest. */
function cyclesOf(flows: Flows): number {
  const boss = new Map<string, string>();
  const find = (n: string): string => {
    let at = n;
    for (let up = boss.get(at); up !== undefined; up = boss.get(at)) at = up;
    return at;
  };
  let cycles = 0;
  for (const flow of flows) {
    const a = find(sender(flow));
    const b = find(receiver(flow));
    if (a === b) cycles++;
    else boss.set(a, b);
  }
  return cycles;
}

/** Purifies and checks all laws. */
function lawful(
  scenario: Scenario,
  network: Network,
  costWeight: number,
  ship: Float64Array,
): Purified & { flows: Flows } {
  const before = flowsOf(network, scenario, ship);
  const result = purify(network, costWeight, ship);
  const flows = flowsOf(network, scenario, ship);
  const what = `${scenario.id}: ${JSON.stringify(result)}`;
  assert.equal(result.before, before.length, what);
  assert.equal(result.after, flows.length, what);
  assert.ok(result.after <= result.before, what);
  assert.ok(
    flows.every((f) => f.tonnes > 0 && f.tonnes < Infinity),
    what,
  );

  // what arrives is what did, or the need where that was more; what leaves is less by what was too much, no more
  const sums = totals(flows);
  const due = needsOf(scenario);
  const given = new Map<string, number>();
  const was = totals(before);
  for (const [key, total] of was) {
    if (!key.startsWith('to ')) continue;
    const arrives = Math.min(total, due.get(key) ?? 0);
    const resource = key.slice(key.indexOf(':'));
    given.set(resource, (given.get(resource) ?? 0) + total - arrives);
    const now = sums.get(key) ?? 0;
    assert.ok(Math.abs(now - arrives) <= SLACK * total, `${what} ${key}: ${now}, not ${arrives}`);
  }
  for (const [key, total] of was) {
    if (key.startsWith('to ')) continue;
    const now = sums.get(key) ?? 0;
    assert.ok(now <= total * (1 + SLACK), `${what} ${key}: ${now}, not ${total}`);
    const least = total * (1 - SLACK) - given.get(key.slice(key.indexOf(':')))!;
    assert.ok(now >= least, `${what} ${key}: ${now}, not ${total}`);
  }
  assert.ok(
    [...sums.keys()].every((key) => was.has(key)),
    what,
  );

  const allowed = Math.max(0, worstExcess(scenario, before).excess) + SLACK;
  const { excess, limit } = worstExcess(scenario, flows);
  assert.ok(excess <= allowed, `${what} ${limit}, was ${allowed}`);
  const worth = worthOf(scenario, before);
  assert.ok(
    worthOf(scenario, flows) >= worth - SLACK * Math.abs(worth),
    `${what} worth ${worthOf(scenario, flows)} of ${worth}`,
  );
  assert.ok(cyclesOf(flows) <= result.held, `${what} ${cyclesOf(flows)} cycles are left`);
  return { ...result, flows };
}

/** The plan of the first-order solver. */
function solved(scenario: Scenario) {
  const direct = layDirect(scenario);
  solveDirect(direct, { gap: 1e-3, mostIterations: 3000 });
  const { network, policy } = direct;
  return { network, costWeight: policy.approxCostWeight[0]!, ship: bestPlan(direct).ship };
}

/** As much as fits of a plan that uses every arc alike: some limit binds, and there are as many cycles as there can be. */
function smeared(scenario: Scenario) {
  const { network, policy } = layDirect(scenario);
  const { K, D, H, T, arcs, need, upper } = network;
  const ship = new Float64Array(arcs.count * K);
  for (let f = 0; f < ship.length; f++) {
    const to = arcs.to[Math.floor(f / K)]!;
    const degree = arcs.inStart[to + 1]! - arcs.inStart[to]!;
    ship[f] = Math.min(upper.ship[f]!, (need[(to - (D + H) * T) * K + (f % K)]! * (1 + (f % 7))) / (7 * degree));
  }
  const { excess } = worstExcess(scenario, flowsOf(network, scenario, ship));
  if (excess > 0) for (let f = 0; f < ship.length; f++) ship[f]! *= excess < Infinity ? 1 / (1 + excess) : 0;
  return { network, costWeight: policy.approxCostWeight[0]!, ship };
}

const law = (scenario: Scenario, { network, costWeight, ship } = solved(scenario)) =>
  lawful(scenario, network, costWeight, ship);

const withoutCapacity = (s: Scenario) =>
  bent(s, 'no-capacity', (c) => {
    for (const route of c.routes) delete route.capacityTonnes;
  });
const unlimited = (s: Scenario) => withoutCapacity(withoutFleets(withoutBudget(s)));

const district = generate('district', 5);

for (const scenario of [
  district,
  scarcer(district, 0.3),
  withClosures(district),
  oneDay(district),
  withoutBudget(district),
  withoutFleets(district),
  generate('province', 2),
])
  test(`${scenario.id}: less than three fifths of the consignments are left of a solver's plan, and all laws hold`, () => {
    const { before, after } = law(scenario);
    // the scarcest plan has the fewest cycles: 0.54 are left of it, 0.2 of a nation's
    assert.ok(after < 0.6 * before, `${after} of ${before}`);
    law(scenario, smeared(scenario));
  });

test('where no route, fleet or budget limits, a forest is left', () => {
  for (const base of [district, withClosures(district), oneDay(district)])
    for (const plan of [solved, smeared]) {
      const scenario = unlimited(base);
      const { flows, held } = law(scenario, plan(scenario));
      assert.equal(held, 0, scenario.id);
      assert.equal(cyclesOf(flows), 0, scenario.id);
    }
});

test('where only routes limit, every cycle left passes through a full one', () => {
  const scenario = withoutFleets(withoutBudget(oneDay(district)));
  const { flows, held } = law(scenario);
  assert.ok(held > 0);
  const load = new Map<unknown, number>();
  for (const { route, tonnes } of flows) load.set(route, (load.get(route) ?? 0) + tonnes);
  const roomy = flows.filter(({ route }) => load.get(route)! < (route.capacityTonnes ?? Infinity) * (1 - SLACK));
  // a route may become free again after the last time that a resource was tried on it
  assert.ok(cyclesOf(roomy) <= 0.01 * held, `${cyclesOf(roomy)} of ${held}`);
});

test('random scenarios, solved and smeared', () => {
  let broken = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const scenario = randomDirect(seed);
    for (const plan of [solved, smeared]) {
      const { before, after } = law(scenario, plan(scenario));
      broken += before - after;
    }
  }
  assert.ok(broken > 50, `${broken} flows ended`);
});

/** Squares of two depots and two regions, one good and period; as many tonnes on each of the four routes of a square. */
function square(edit: (s: Scenario) => void, { squares = 1, each = 5 } = {}) {
  const scenario = bent(oneDay(district), 'square', (s) => {
    s.resources = s.resources.slice(0, 1);
    s.depots = s.depots.slice(0, 2 * squares);
    s.regions = s.regions.slice(0, 2 * squares);
    const { id } = s.resources[0]!;
    const { mode } = s.routes[0]!;
    delete s.budget;
    delete s.fleets;
    for (const depot of s.depots) {
      depot.stock = { [id]: 10 };
      delete depot.handlingTonnes;
    }
    for (const region of s.regions) region.demand = { [id]: 10 };
    s.routes = s.regions.flatMap(({ id: to }, j) => {
      const pair = s.depots.slice(j - (j % 2), j - (j % 2) + 2);
      return pair.map(({ id: from }, i) => ({ from, to, mode, km: 1, costPerTonne: i === j % 2 ? 1 : 2 }));
    });
    edit(s);
  });
  const { network, policy } = layDirect(scenario);
  const weight = network.approx.weight[0]!;
  const ship = new Float64Array(4 * squares).fill(each / weight);
  const { held } = lawful(scenario, network, policy.approxCostWeight[0]!, ship);
  return { tonnes: [...ship].map((x) => rounded(x * weight)), held };
}

/** Cost a tonne of each route in turn. */
function costs(s: Scenario, each: number[]): void {
  each.forEach((costPerTonne, n) => {
    s.routes[n]!.costPerTonne = costPerTonne;
  });
}

test('a square by hand: the cheaper way, as far as routes, fleets and money have room', () => {
  assert.deepEqual(
    square(() => {}),
    { tonnes: [10, 0, 0, 10], held: 0 },
  );
  // dearer the other way round
  const turned = (s: Scenario) => costs(s, [2, 1, 1, 2]);
  assert.deepEqual(square(turned), { tonnes: [0, 10, 10, 0], held: 0 });
  // 1 t more fits; the other way would cost
  const narrow = (s: Scenario) => Object.assign(s.routes[0]!, { capacityTonnes: 6 });
  assert.deepEqual(square(narrow), { tonnes: [6, 4, 4, 6], held: 1 });
  // where cost counts nothing, the way that ends flows is taken, as long as there is money for it
  const free = (s: Scenario) => {
    narrow(s);
    Object.assign((s.policy as object[])[0]!, { costWeight: 0 });
  };
  assert.deepEqual(square(free), { tonnes: [0, 10, 10, 0], held: 0 });
  const poor = (s: Scenario) => {
    free(s);
    s.budget = { currency: 'USD', amount: 30 };
  };
  assert.deepEqual(square(poor), { tonnes: [6, 4, 4, 6], held: 1 });
  // the cheaper way is longer, and the fleet has no km for it
  const tired = (s: Scenario) => {
    s.routes.forEach((r, n) => {
      r.km = n % 3 === 0 ? 3 : 1;
    });
    s.fleets = [{ mode: s.routes[0]!.mode, tonneKm: 40 }];
  };
  assert.deepEqual(square(tired), { tonnes: [5, 5, 5, 5], held: 1 });
  const fresh = (s: Scenario) => {
    tired(s);
    s.fleets![0]!.tonneKm = 60;
  };
  assert.deepEqual(square(fresh), { tonnes: [10, 0, 0, 10], held: 0 });
});

test('two squares by hand: what the first uses of money and fleets the second has not, what it saves the second may spend', () => {
  const unpriced = (s: Scenario) => Object.assign((s.policy as object[])[0]!, { costWeight: 0 });
  const both = { squares: 2 };
  // either way ends flows and there is money for it: the cheaper
  assert.deepEqual(square(unpriced), { tonnes: [10, 0, 0, 10], held: 0 });
  // the cheaper way fills a route; there is money for one dearer way
  const once = (s: Scenario) => {
    unpriced(s);
    for (const n of [0, 4]) Object.assign(s.routes[n]!, { capacityTonnes: 6 });
    s.budget = { currency: 'USD', amount: 70 };
  };
  assert.deepEqual(square(once, both), { tonnes: [0, 10, 10, 0, 6, 4, 4, 6], held: 1 });
  // the fleet can go the cheaper, longer way once; the 10 it saves pay for the dearer way of the other square
  const longer = (s: Scenario) => {
    for (const n of [0, 3, 4, 7]) Object.assign(s.routes[n]!, { km: 3 });
    s.fleets = [{ mode: s.routes[0]!.mode, tonneKm: 100 }];
  };
  assert.deepEqual(square(longer, both), { tonnes: [10, 0, 0, 10, 0, 10, 10, 0], held: 0 });
});

test('what arrives beyond a need is given up, the smallest consignments first', () => {
  const less = (s: Scenario) => {
    const { id } = s.resources[0]!;
    s.regions[0]!.demand = { [id]: 3 };
    s.regions[1]!.demand = { [id]: 0.5 };
  };
  const { tonnes } = square(less, { each: 2 });
  assert.equal(rounded(tonnes[0]! + tonnes[1]!), 3);
  assert.equal(rounded(tonnes[2]! + tonnes[3]!), 0.5);
  assert.equal(tonnes.filter((x) => x > 0).length, 3);
});

test('hostile: nothing shipped, one depot, equal costs, no costs', () => {
  const { network } = layDirect(district);
  const nothing = new Float64Array(network.arcs.count * network.K);
  assert.deepEqual(lawful(district, network, 0.001, nothing), { before: 0, after: 0, held: 0, flows: [] });

  const alone = bent(district, 'one-depot', (s) => {
    s.depots = s.depots.slice(0, 1);
    s.routes = s.routes.filter((r) => r.from === s.depots[0]!.id);
    s.fleets = (s.fleets ?? []).filter((f) => s.routes.some((r) => r.mode === f.mode));
  });
  // two modes to one region are a cycle of two
  const plan = smeared(alone);
  const apart = new Set(alone.routes.map((r) => r.to)).size === alone.routes.length;
  const kept = plan.ship.slice();
  law(alone, plan);
  if (apart) assert.deepEqual(plan.ship, kept);

  for (const cost of [0, 7]) {
    const scenario = bent(unlimited(district), `cost-${cost}`, (s) => {
      for (const route of s.routes) route.costPerTonne = cost;
    });
    assert.equal(law(scenario, smeared(scenario)).held, 0);
  }
});
