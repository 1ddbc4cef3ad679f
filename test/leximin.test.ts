/** The stage `leximin`: against its definition, against the textbook loop, and its certificate against forgers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { naiveLoop } from '../bench/loop.js';
import { closePool, explain } from '../engine/index.js';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { certificateDigest } from '../engine/proof/certificate.js';
import { check } from '../engine/proof/check.js';
import { solveStages } from '../engine/solve/solver.js';
import { openStructured } from '../engine/solve/structured.js';
import { loadBackend, openTableau } from '../engine/solve/tableau.js';
import type { Allocation, PolicyName, Stage } from '../engine/types.js';
import { complete, generate, readCase, type Scenario } from '../scenarios/index.js';
import { patched } from '../scenarios/patch.js';
import { bent, fewerGoods, oneDay, withoutBudget, withoutFleets, withoutHandling } from './support/direct.js';
import { bestValue, bruteLeximin, type Coverages, leastCost, mostFor, textbookLeximin } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

const LEXIMIN: Stage[] = [{ stage: 'leximin' }];

/** Coverage by pair of the continuous plan, and levels. */
async function ladderOf(scenario: Scenario, solver: 'highs' | 'structured' = 'highs') {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(LEXIMIN);
  const stages =
    solver === 'highs' ? openTableau(network, policy, await loadBackend('highs')) : openStructured(network, policy);
  const { ladder } = await solveStages(policy, stages, 1e-6);
  stages.dispose();
  const coverages: Coverages = [];
  const { R, K, T, need } = network;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      let total = 0;
      for (let t = 0; t < T; t++) total += need[(j * T + t) * K + k]!;
      if (total > 0)
        coverages.push({
          region: scenario.regions[j]!.id,
          resource: scenario.resources[k]!.id,
          ratio: ladder!.lots[j * K + k]! / total,
        });
    }
  return { coverages, levels: ladder!.levels };
}

const sorted = (coverages: Coverages) => coverages.map((c) => c.ratio).sort((a, b) => a - b);
const near = (a: number[], b: number[], tolerance: number) =>
  a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= tolerance);

test('random scenarios of every feature: the ladder is that of the textbook loop', async () => {
  for (let seed = 7000; seed < 7000 + runs(40); seed++) {
    const scenario = randomScenario(seed);
    const { coverages } = await ladderOf(scenario);
    const expected = await textbookLeximin(scenario);
    coverages.forEach((c, n) => {
      const e = expected[n]!;
      assert.deepEqual([c.region, c.resource], [e.region, e.resource], `seed ${seed}`);
      // HiGHS keeps rows to 1e-9, which small pairs feel
      assert.ok(Math.abs(c.ratio - e.ratio) < 2e-5, `seed ${seed}, ${c.region} ${c.resource}: ${c.ratio}, ${e.ratio}`);
    });
  }
});

test('the best of every order in which pairs can be fixed: small scenarios against the definition', async () => {
  let seen = 0;
  for (let seed = 7100; seen < runs(25); seed++) {
    const scenario = randomScenario(seed);
    const pairs = (await ladderOf(scenario)).coverages;
    if (pairs.length < 2 || pairs.length > 4) continue;
    seen++;
    const [ours, brute] = [sorted(pairs), await bruteLeximin(scenario)];
    assert.ok(near(ours, brute, 2e-5), `seed ${seed}: ${ours} is not ${brute}`);
  }
});

test('a district: the same levels as solving, fixing what has a price, and solving again', async () => {
  for (const seed of [102]) {
    const scenario = fewerGoods(generate('district', seed), 3);
    const { coverages } = await ladderOf(scenario);
    assert.ok(
      near(sorted(coverages), (await naiveLoop(compileNetwork(complete(scenario)))).coverages, 1e-6),
      `seed ${seed}`,
    );
  }
});

test('one resource without shared limits: flows alone give what linear programs give', async () => {
  for (const seed of [1, 2, 3]) {
    const alone = withoutHandling(withoutBudget(withoutFleets(oneDay(fewerGoods(generate('district', seed), 1)))));
    // a budget that never binds sends the same case the other way
    const watched = bent(alone, 'watched', (s) => Object.assign(s, { budget: { amount: 1e12 } }));
    const [flows, programs] = [await ladderOf(alone), await ladderOf(watched)];
    assert.ok(near(sorted(flows.coverages), sorted(programs.coverages), 1e-9), `seed ${seed}`);
    assert.ok(
      near(sorted(flows.coverages), (await naiveLoop(compileNetwork(complete(alone)))).coverages, 1e-7),
      `seed ${seed}`,
    );
  }
});

test('order and names of regions change nothing', async () => {
  const scenario = generate('tiny', 3);
  const turned = bent(scenario, 'turned', (s) => {
    s.regions.reverse();
    s.routes.reverse();
    s.depots.reverse();
  });
  const [a, b] = [await ladderOf(scenario), await ladderOf(turned, 'structured')];
  const by = (c: Coverages) => new Map(c.map((x) => [`${x.region} ${x.resource}`, x.ratio]));
  const other = by(b.coverages);
  for (const [pair, ratio] of by(a.coverages)) assert.ok(Math.abs(other.get(pair)! - ratio) < 1e-8, pair);
});

const allocate = (scenario: Scenario, policy: PolicyName | Stage[], gap = 1e-4) =>
  runAllocation(scenario, { policy, gap }, () => 0);

test('nobody can have more than the proof says without somebody on the level or below having less', async () => {
  let seen = 0;
  for (let seed = 7200; seed < 7230; seed++) {
    const scenario = randomScenario(seed);
    const allocation = await allocate(scenario, seed % 2 ? LEXIMIN : [{ stage: 'leximin' }, { stage: 'cost' }]);
    assert.deepEqual(check(allocation, scenario).faults, [], `seed ${seed}`);
    const { R, K } = compileNetwork(complete(scenario));
    const place = new Map<number, number>();
    const has: Coverages = [];
    for (let pair = 0; pair < R * K; pair++) {
      const region = scenario.regions[Math.floor(pair / K)]!.id;
      const resource = scenario.resources[pair % K]!.id;
      const c = allocation.coverage.find((x) => x.region === region && x.resource === resource);
      if (!c) continue;
      place.set(pair, has.length);
      has.push({ region, resource, ratio: c.ratio });
    }
    const below: number[] = [];
    const certified = allocation.certificate.stages[0]!.levels!;
    for (const [l, { slack, bound }] of allocation.stages[0]!.levels!.entries()) {
      const level = certified[l]!.pairs.map((p) => place.get(p)!);
      for (const p of level) {
        const keep = [...below, ...level.filter((q) => q !== p)];
        const most = await mostFor(scenario, p, keep, has);
        if (slack !== null) {
          assert.ok(
            most <= has[p]!.ratio + slack + 1e-7,
            `seed ${seed}, level ${l}: ${most} beats ${has[p]!.ratio} + ${slack}`,
          );
          seen++;
        }
      }
      assert.ok(Number(bound) <= 1);
      below.push(...level);
    }
    const cost = allocation.stages[1];
    if (!cost) continue;
    const least = await leastCost(scenario, has);
    const noise = 1e-6 * Math.max(1, least);
    assert.ok(Number(cost.bound) <= least + noise, `seed ${seed}: bound ${cost.bound} cuts ${least} off`);
    assert.ok(Number(cost.value) >= least - noise, `seed ${seed}: ${cost.value} beats ${least}`);
  }
  assert.ok(seen > 60, `${seen}`);
});

test('the shipped plan is proven: tiny and district under `equal`', async () => {
  for (const [scenario, gap] of [
    [generate('tiny', 4), 1e-4],
    [generate('district', 2), 1e-4],
  ] as const) {
    const allocation = await allocate(scenario, 'equal', gap);
    assert.ok(allocation.gap.proven <= gap, `${scenario.id}: ${allocation.gap.proven}`);
    assert.deepEqual(
      allocation.stages.map((s) => s.stage),
      ['floor', 'leximin', 'cost'],
    );
    assert.deepEqual(check(allocation, scenario).faults, []);
    // cost comes last: without it the same shares are dearer
    if (scenario.id.startsWith('tiny')) continue;
    const dear = await allocate(scenario, LEXIMIN, gap);
    assert.ok(dear.measures.cost > allocation.measures.cost);
    assert.ok(Math.abs(dear.measures.smallestCoverage - allocation.measures.smallestCoverage) < 1e-4);
  }
});

test('javascript-lp-solver is not asked, and two stages `leximin` are one too many', async () => {
  const tiny = generate('tiny', 1);
  await assert.rejects(
    runAllocation(tiny, { policy: LEXIMIN, solver: 'jslp' }, () => 0),
    /leximin.*--solver highs/,
  );
  await assert.rejects(allocate(tiny, [...LEXIMIN, { stage: 'cost' }, ...LEXIMIN]), /more than once/);
});

test('stopped early: who has no level yet is left on one that proves nothing, and the check says so', async () => {
  const scenario = generate('district', 3);
  let reports = 0;
  const allocation = await runAllocation(
    scenario,
    { policy: LEXIMIN, gap: 1e-4 },
    { now: () => 0, report: (p) => p.phase === 'solve' && reports++, stop: () => reports > 3 },
  );
  assert.ok(allocation.gap.proven > 1e-4);
  assert.equal(allocation.stages[0]!.levels!.at(-1)!.bound, '1');
  assert.deepEqual(check(allocation, scenario).faults, []);
});

test('stopped before any level is sure: nobody goes without, as they would where most is met in all', async () => {
  const scenario = generate('district', 102);
  let reports = 0;
  const allocation = await runAllocation(
    scenario,
    { policy: LEXIMIN, gap: 1e-4 },
    { now: () => 0, report: (p) => p.phase === 'solve' && reports++, stop: () => reports > 860 },
  );
  assert.ok(allocation.gap.proven > 1e-4, 'it was not stopped');
  assert.ok(allocation.measures.smallestCoverage > 0.4, `${allocation.measures.smallestCoverage}`);
});

test('every forged ladder is found', async () => {
  const scenario = generate('tiny', 6);
  const scarce = bent(scenario, 'uneven', (s) => {
    const last = s.regions.at(-1)!.id;
    for (const route of s.routes) if (route.to === last) route.capacityTonnes = 1;
  });
  const honest = await allocate(scarce, [{ stage: 'leximin' }, { stage: 'cost' }], 1e-2);
  assert.deepEqual(check(honest, scarce).faults, []);
  const levels = honest.certificate.stages[0]!.levels!;
  assert.ok(levels.length > 1);
  const forge = (name: string, says: RegExp, edit: (a: Allocation) => void) => {
    const forged = structuredClone(honest);
    edit(forged);
    forged.certificate.digest = certificateDigest(forged.certificate);
    const { ok, faults } = check(forged, scarce);
    assert.ok(!ok && faults.some((f) => says.test(f)), `${name}: ${faults.join('; ')}`);
  };
  const ladder = (a: Allocation) => a.certificate.stages[0]!.levels!;
  forge('a level left out', /is on no level/, (a) => {
    ladder(a).pop();
    a.stages[0]!.levels!.pop();
  });
  forge('no levels', /levels is missing/, (a) => delete a.certificate.stages[0]!.levels);
  forge('a pair that is nowhere', /is not on the level/, (a) => ladder(a)[0]!.pairs.shift());
  forge('a pair twice', /has no need, or a level already/, (a) => ladder(a)[1]!.pairs.unshift(ladder(a)[0]!.pairs[0]!));
  forge('a better bound', /stages\/0\/bound/, (a) => {
    a.stages[0]!.bound = a.stages[0]!.value;
  });
  forge('a better level', /stages\/0\/levels/, (a) => {
    a.stages[0]!.levels![0]!.slack = 0;
    a.stages[0]!.levels![0]!.gap = 0;
  });
  forge('prices of another level', /is not on the level|is not below/, (a) => {
    [ladder(a)[0]!.prices, ladder(a)[1]!.prices] = [ladder(a)[1]!.prices, ladder(a)[0]!.prices];
  });
  forge('a promise among equals', /is not below the level/, (a) => {
    const own = ladder(a)[0]!;
    own.prices.leximin = { grid: 0, rows: [own.pairs[0]!], prices: [1] };
  });
  forge('a value in place of what each pair has', /promises what each pair has/, (a) => {
    a.certificate.stages[1]!.prices.stage = { grid: 0, rows: [0], prices: [1] };
  });
  forge('a level without prices', /nothing says that pair|levels\/0\/(value|bound)|stages\/0/, (a) => {
    ladder(a)[0]!.prices = {};
  });
  const plain = await allocate(scarce, [{ stage: 'cost' }]);
  plain.certificate.stages[0]!.prices.leximin = { grid: 0, rows: [0], prices: [1] };
  plain.certificate.digest = certificateDigest(plain.certificate);
  assert.ok(check(plain, scarce).faults.some((f) => /no stage 'leximin' came before/.test(f)));
});

test('explanations under leximin: what changes bring is what the textbook loop says of the changed scenario', async () => {
  let seen = 0;
  for (let seed = 7300; seen < runs(25); seed++) {
    const scenario = randomScenario(seed, { policy: LEXIMIN });
    const allocation = await allocate(scenario, LEXIMIN, 1);
    const region = allocation.coverage.find((c) => c.ratio < 0.9)?.region;
    if (region === undefined) continue;
    const { resolves, fine } = await explain(allocation, scenario, { region });
    assert.equal(fine, false);
    const before = await peopleMet(scenario, region);
    for (const { patch, region: found, kind } of resolves) {
      if (kind === 'demand') continue;
      const change = (await peopleMet(patched(scenario, patch), region)) - before;
      const { lo, hi } = found!.change;
      const noise = 1e-4 * Math.max(1, before);
      assert.ok(lo - noise <= change && change <= hi + noise, `seed ${seed}: ${change} is not in ${lo} … ${hi}`);
      seen++;
    }
  }
  await closePool();
});

/** People-periods met of a region by the textbook loop. */
async function peopleMet(scenario: Scenario, region: string): Promise<number> {
  const coverages = await textbookLeximin(scenario);
  const complement = complete(scenario);
  const { K, T, need } = compileNetwork(complement);
  const j = scenario.regions.findIndex((r) => r.id === region);
  return coverages.reduce((sum, c) => {
    if (c.region !== region) return sum;
    const k = scenario.resources.findIndex((r) => r.id === c.resource);
    const { lot, peoplePerUnit } = complement.resources[k]!;
    let total = 0;
    for (let t = 0; t < T; t++) total += need[(j * T + t) * K + k]!;
    return sum + c.ratio * total * lot * peoplePerUnit;
  }, 0);
}

test('ways that are dear, and settled pairs with little coverage: real cases end, and nobody is left behind for the way', async () => {
  for (const name of ['idai', 'turkiye']) {
    const scenario: Scenario = { ...readCase(name), policy: [{ stage: 'leximin' }] };
    const allocation = await runAllocation(scenario, { gap: 1e-3 }, () => 0);
    const [ladder] = allocation.stages;
    assert.ok(ladder!.gap <= 1e-3, `${name}: ${ladder!.gap}`);
    assert.ok(ladder!.levels!.length >= 2, `${name}: ${ladder!.levels!.length} levels`);
    const best = await bestValue(scenario, [{ stage: 'maxmin' }], 0, []);
    assert.ok(Math.abs(Number(ladder!.value) - best) <= 1e-3, `${name}: ${ladder!.value}, the smallest can be ${best}`);
  }
});
