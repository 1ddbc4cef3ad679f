/**
 * Laws of the dial and its price. α = 0 has the most weighted people-periods, net of what its costWeight saves; ever larger α approaches
 * the max-min coverage of a linear program that shares no line with engine/; prices are the differences they are said to be; what is
 * stopped or fails takes nothing else with it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  type Allocation,
  allocate,
  allocateTwins,
  allocationDigest,
  check,
  checkTwin,
  closePool,
  type DialPlan,
  type Frontier,
  type FrontierDocument,
  type FrontierProgress,
  solveFrontier,
} from '../engine/index.js';
import { compilePolicy } from '../engine/policy.js';
import {
  type Dial,
  generate,
  type PolicyName,
  readCase,
  type Scenario,
  type Stage,
  turnDial,
} from '../scenarios/index.js';
import { openLedger, verifyPath } from '../server/ledger/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import type { JobView } from '../server/schemas/job.js';
import { fewerGoods, oneDay } from './support/direct.js';
import { eventsOf, isProblem, makeDir, startServer, until, withServer } from './support/http.js';
import { bestValue } from './support/independent.js';
import { PROGRAM, readyIn } from './support/program.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-frontier-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
  return closePool();
});

/** Σ priority × importance × people-periods met, from the coverage. */
function weighted({ coverage }: Allocation, scenario: Scenario): number {
  return coverage.reduce((sum, c) => {
    const region = scenario.regions.find((r) => r.id === c.region)!;
    const resource = scenario.resources.find((r) => r.id === c.resource)!;
    return sum + c.peoplePeriodsMet * (region.priority ?? 1) * (resource.importance ?? 1);
  }, 0);
}

const near = (a: number, b: number, what: string, by = 1e-9) =>
  assert.ok(Math.abs(a - b) <= by * Math.max(1, Math.abs(a), Math.abs(b)), `${what}: ${a}, ${b}`);

const planAt = ({ dials }: FrontierDocument, dial: Dial): DialPlan => {
  const found = dials.find((d) => d.dial === dial);
  assert.ok(found?.plan, `${dial}: ${found?.error?.message}`);
  return found.plan;
};

test('a dial changes who comes first and nothing else, and turned to where it stands leaves a policy as it is', () => {
  const names: [Dial, PolicyName][] = [
    [0, 'efficient'],
    [1, 'proportional'],
    [2, 'balanced'],
    ['leximin', 'equal'],
  ];
  for (const [dial, name] of names) for (const [, from] of names) assert.equal(turnDial(from, dial), name);
  assert.deepEqual(
    turnDial(readCase('enawo').policy, 1),
    readCase('enawo').policy,
    'its slopes are 1 ÷ the middle of each band',
  );
  const need: Stage = { stage: 'need', alpha: 3, bands: 7, costWeight: 0.5, tolerance: 1e-5 };
  const floor: Stage = { stage: 'floor', tolerance: 0.001 };
  const cases: [Stage[], Dial, Stage[]][] = [
    [[floor, need], 0.5, [floor, { ...need, alpha: 0.5 }]],
    [[floor, need], 'leximin', [floor, { stage: 'leximin' }, { stage: 'cost' }]],
    [[{ stage: 'cost' }, need], 'leximin', [{ stage: 'cost' }, { stage: 'leximin' }]],
    [[{ stage: 'maxmin' }, floor, need], 0, [{ ...need, alpha: 0 }, floor]],
    [[floor, { stage: 'leximin' }, { stage: 'cost' }], 4, [floor, { stage: 'need', alpha: 4 }, { stage: 'cost' }]],
    [[{ stage: 'cost' }], 1, [{ stage: 'need', alpha: 1 }, { stage: 'cost' }]],
    [[floor], 'leximin', [floor, { stage: 'leximin' }]],
    [[need, { stage: 'need', bands: 3 }], 2, [{ ...need, alpha: 2 }]],
    [[{ stage: 'need', bands: [{ upTo: 0.5, value: 9 }] }], 0, [{ stage: 'need', alpha: 0 }]],
  ];
  for (const [before, dial, turned] of cases) assert.deepEqual(turnDial(before, dial), turned);
});

test('bands that are written out get the slopes of α, to four digits, and are continued to full coverage', () => {
  const slopes = (stages: PolicyName | Stage[]) => compilePolicy(stages).bands.approx.slopes[0]!;
  for (const alpha of [0.5, 1, 2.7, 4]) {
    const limits = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const written = turnDial([{ stage: 'need', bands: limits.map((upTo) => ({ upTo, value: 1 })) }], alpha);
    const exact = slopes([{ stage: 'need', alpha, bands: 10 }]);
    slopes(written).forEach((slope, b) => {
      near(slope / exact[b]!, 1, `α ${alpha}, band ${b}`, 5e-4);
    });
    assert.equal(slopes(written).length, 10);
  }
});

test('α = 0 has the most weighted people-periods of all dials, net of what its costWeight saves, on random scenarios', async () => {
  const policies: Stage[][] = [
    [{ stage: 'need', alpha: 1 }],
    [
      {
        stage: 'need',
        bands: [
          { upTo: 0.35, value: 4.5 },
          { upTo: 0.8, value: 1 },
        ],
        costWeight: 0.02,
      },
    ],
    [{ stage: 'need', alpha: 0.5, bands: 4, costWeight: 0.5 }, { stage: 'cost' }],
  ];
  let dearer = 0;
  for (let seed = 700; seed < 700 + runs(24); seed++) {
    const policy = policies[seed % policies.length]!;
    const scenario = randomScenario(seed, { policy });
    const frontier = await solveFrontier(scenario, { dials: [0, 1, 4] });
    const costWeight = policy[0]!.stage === 'need' ? (policy[0]!.costWeight ?? 0) : 0;
    const net = (dial: Dial) => {
      const plan = frontier.allocations[String(dial)]!;
      assert.deepEqual(check(plan, scenario).faults, []);
      return weighted(plan, scenario) - costWeight * plan.measures.cost;
    };
    const best = await bestValue(scenario, turnDial(policy, 0) as Stage[], 0, []);
    const zero = planAt(frontier, 0);
    near(net(0), Number(zero.stages[0]!.value), 'the value of α = 0 is its weighted people-periods less its cost');
    assert.ok(Number(zero.stages[0]!.bound) >= best * (1 - 1e-6) - 1e-6, `seed ${seed}: below the optimum`);
    for (const dial of [1, 4]) {
      const what = `seed ${seed}, α ${dial}`;
      assert.ok(net(dial) <= best + 1e-6 * Math.max(1, Math.abs(best)), `${what}: ${net(dial)} of ${best}`);
      const price = planAt(frontier, dial).priceOfFairness!;
      near(
        price.weightedPeoplePeriods,
        weighted(frontier.allocations['0']!, scenario) - weighted(frontier.allocations[String(dial)]!, scenario),
        what,
      );
      // whatever is as cheap as the dearer of the two meets at most so much more: the optimum does, if it is as cheap
      assert.ok(price.atMost.weightedPeoplePeriods >= price.weightedPeoplePeriods - 1e-9 * Math.abs(best), what);
      if (costWeight === 0)
        assert.ok(
          weighted(frontier.allocations[String(dial)]!, scenario) + price.atMost.weightedPeoplePeriods >=
            best * (1 - 1e-9),
          what,
        );
      if (price.weightedPeoplePeriods > 0) dearer++;
    }
  }
  assert.ok(dearer > runs(5), `fairness cost something ${dearer} times`);
});

test('Enawo: α = 0 meets the most, prices of its dials are what its plans differ by', async () => {
  const scenario = readCase('enawo');
  const frontier = await solveFrontier(scenario, { dials: [0, 1, 4], gap: 1e-3 });
  const zero = frontier.allocations['0']!;
  for (const dial of [1, 4]) {
    const plan = frontier.allocations[String(dial)]!;
    const price = planAt(frontier, dial).priceOfFairness!;
    const lost = zero.measures.peoplePeriodsMet - plan.measures.peoplePeriodsMet;
    assert.ok(lost > 1e5, `${lost}`);
    near(price.peoplePeriods, lost, 'people');
    near(price.money, plan.measures.cost - zero.measures.cost, 'money');
    near(price.share, lost / zero.measures.peoplePeriodsMet, 'share: all weights are 1');
    near(price.peoplePeriodsPerMoney!, plan.measures.peoplePeriodsMet / plan.measures.cost, 'for a unit of money');
    assert.ok(price.share <= price.atMost.share && price.atMost.share < price.share + 1e-3);
    assert.ok(planAt(frontier, dial).gini < planAt(frontier, 0).gini / 4);
  }
});

/**
 * With one period, α-fairness over B equal bands: be z the max-min coverage and L the bands below it. A plan that is best at α gives up
 * at most what all bands above L are worth, so no pair lies further below L ÷ B than Σ w·n·φ_b ÷ B over b > L, and its gap, ÷ (w·n·φ_L)
 * of that pair. That goes to 0 as α grows; with lots, to one lot. (With more periods bands are of each period's coverage, and leximin's
 * of the whole horizon's, so the two ends differ.)
 */
test('one day, ever larger α: the smallest coverage comes within the law of the max-min PROGRAM, and at the end to it', async () => {
  let [tight, better] = [0, 0];
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const scenario = oneDay(generate('tiny', seed));
    const B = 8;
    const z = await bestValue(scenario, [{ stage: 'maxmin' }], 0, []);
    const L = Math.floor(z * B + 1e-9);
    const policy: Stage[] = [{ stage: 'need', bands: B }];
    const { allocations } = await solveFrontier(scenario, { policy, dials: [0, 2, 9.9], gap: 1e-6 });
    const slope = (b: number, alpha: number) => ((b - 0.5) / B) ** -alpha;
    const smallest = (a: Allocation) => a.measures.smallestCoverage;
    for (const alpha of [2, 9.9]) {
      const plan = allocations[String(alpha)]!;
      assert.ok(smallest(plan) <= z + 1e-6, `seed ${seed}: nothing lies above the max-min coverage ${z}`);
      if (L === 0) continue;
      const worths = plan.coverage.map((c) => {
        const region = scenario.regions.find((r) => r.id === c.region)!;
        const resource = scenario.resources.find((r) => r.id === c.resource)!;
        return {
          ...c,
          worth: (region.priority ?? 1) * (resource.importance ?? 1) * (resource.peoplePerUnit ?? 1) * c.needed,
        };
      });
      const all = worths.reduce((sum, c) => sum + c.worth, 0);
      let above = 0;
      for (let b = L + 1; b <= B; b++) above += slope(b, alpha) / B;
      const gap = Number(plan.stages[0]!.bound) - Number(plan.stages[0]!.value);
      for (const c of worths) {
        const allowed = (all * above + gap) / (c.worth * slope(L, alpha));
        assert.ok(c.ratio >= L / B - allowed - 1e-9, `seed ${seed}, α ${alpha}: ${c.region} ${c.resource} ${c.ratio}`);
        if (alpha > 9 && allowed < 0.5 * (L / B)) tight++;
      }
    }
    if (L > 0 && smallest(allocations['9.9']!) > smallest(allocations['0']!) + 0.05) better++;
  }
  assert.ok(tight > 0 && better > 1, `the law bound ${tight} times; ${better} scenarios were evened out`);
});

test('where one way serves two places: α = 0 leaves the far one with nothing, a large α comes to max-min by a lot', async () => {
  const scenario: Scenario = {
    ...structuredClone(SCENARIO),
    resources: [{ id: 'water', unit: 'L', weightKg: 1, lot: 10, kind: 'consumable' }],
    regions: [
      { id: 'upper', demand: { water: 5000 } },
      { id: 'lower', demand: { water: 5000 }, priority: 1.5 },
    ],
  };
  const z = await bestValue(scenario, [{ stage: 'maxmin' }], 0, []);
  near(z, 0.6, 'half of 6,000 for 5,000 each');
  const frontier = await solveFrontier(scenario, { policy: [{ stage: 'need', bands: 10 }], dials: [0, 8, 'leximin'] });
  near(planAt(frontier, 0).smallestCoverage, 0.2, 'the lower village first, as it counts more');
  near(planAt(frontier, 8).smallestCoverage, 0.6, 'both the same', 0.002);
  const end = frontier.dials.find((d) => d.dial === 'leximin')!;
  if (end.plan) near(end.plan.smallestCoverage, 0.6, 'leximin', 0.002);
  else assert.equal(end.error?.kind, 'unsupported');
});

/** Without what a clock says, and digests over it. */
function timeless(frontier: Frontier) {
  const plans = Object.entries(frontier.allocations).map(([dial, a]) => [
    dial,
    { ...a, solver: { ...a.solver, seconds: 0 } },
  ]);
  const dials = frontier.dials.map(({ plan, ...d }) => ({
    ...d,
    plan: plan && { ...plan, allocation: '', priceOfFairness: { ...plan.priceOfFairness, twin: '' } },
  }));
  return { dials, plans: Object.fromEntries(plans) as Record<string, Allocation> };
}

test('a frontier is the same on any number of threads, and each plan the one that allocate gives', async () => {
  for (const scenario of [generate('tiny', 41), fewerGoods(generate('district', 3), 4), readCase('two-valleys')]) {
    const dials: Dial[] = [2, 0, 0.5];
    const seen: FrontierProgress[] = [];
    const one = timeless(await solveFrontier(scenario, { dials, gap: 1e-3, threads: 1 }));
    const three = await solveFrontier(scenario, { dials, gap: 1e-3, threads: 3, onProgress: (p) => seen.push(p) });
    assert.deepEqual(timeless(three), one);
    assert.deepEqual(
      one.dials.map((d) => d.dial),
      dials,
      'in the order asked for',
    );
    const alone = await allocate(scenario, { policy: turnDial(scenario.policy, 0.5), gap: 1e-3, threads: 1 });
    assert.deepEqual({ ...alone, solver: { ...alone.solver, seconds: 0 } }, one.plans['0.5']);
    const last = seen.at(-1)!;
    assert.deepEqual([last.done, last.of, last.dials.map((d) => d.state)], [3, 3, ['done', 'done', 'done']]);
    assert.ok(seen.some((p) => p.dials.some((d) => d.state === 'running' && d.phase === 'solve')));
  }
});

test('a dial that fails is its own error; the others are there', async () => {
  const scenario = readCase('two-valleys');
  const frontier = await solveFrontier(scenario, { dials: [1, 30], gap: 1e-3 });
  assert.deepEqual(
    frontier.dials.map((d) => [d.dial, d.plan === undefined]),
    [
      [0, false],
      [1, false],
      [30, true],
    ],
  );
  assert.match(frontier.dials[2]!.error!.message, /too steep/);
  assert.equal(frontier.dials[2]!.error!.kind, 'unsupported');
  assert.deepEqual(Object.keys(frontier.allocations).sort(), ['0', '1']);
  for (const dials of [[1, 1], [-1], [Number.NaN], ['maxmin']] as Dial[][])
    await assert.rejects(solveFrontier(scenario, { dials }), { kind: 'unsupported' });
  await assert.rejects(
    solveFrontier({ ...scenario, routes: [{ ...scenario.routes[0]!, from: 'nowhere' }] }),
    /nowhere/,
  );
});

test('stopped, it keeps the dials that are done; what was solved before is not solved again', async () => {
  const scenario = readCase('two-valleys');
  const control = new AbortController();
  const options = { dials: [0, 1, 2, 4], gap: 1e-3, threads: 1 };
  const frontier = await solveFrontier(scenario, {
    ...options,
    signal: control.signal,
    onSolved: (dial) => {
      if (dial === 1) control.abort();
    },
  });
  assert.deepEqual(
    frontier.dials.map((d) => d.error?.kind ?? 'done'),
    ['done', 'done', 'cancelled', 'cancelled'],
  );
  assert.deepEqual(check(frontier.allocations['1']!, scenario).faults, []);
  await assert.rejects(solveFrontier(scenario, { ...options, signal: control.signal }), { kind: 'cancelled' });

  const anew: Dial[] = [];
  const whole = await solveFrontier(scenario, {
    ...options,
    solved: frontier.allocations,
    onSolved: (d) => void anew.push(d),
  });
  assert.deepEqual(anew, [2, 4]);
  assert.equal(planAt(whole, 1).allocation, planAt(frontier, 1).allocation);

  const refused = solveFrontier(scenario, { ...options, onSolved: () => Promise.reject(new Error('disk full')) });
  await assert.rejects(refused, /disk full/);
});

test('twins: the price is what a separate solve gives, checked by arithmetic and on the ledger against the twin', async () => {
  const scenario = readCase('two-valleys');
  const { allocation, twin } = await allocateTwins(scenario, { gap: 1e-3 });
  const price = allocation.priceOfFairness!;
  const apart = await allocate(scenario, { gap: 1e-3, policy: turnDial(scenario.policy, 0) });
  assert.equal(price.twin, allocationDigest(twin!));
  near(price.weightedPeoplePeriods, weighted(apart, scenario) - weighted(allocation, scenario), 'weighted');
  near(price.peoplePeriods, apart.measures.peoplePeriodsMet - allocation.measures.peoplePeriodsMet, 'people');
  near(price.money, allocation.measures.cost - apart.measures.cost, 'money');
  assert.ok(price.weightedPeoplePeriods > 0 && price.money > 0);
  assert.deepEqual(check(allocation, scenario).faults, []);
  const itself = await allocateTwins(scenario, { gap: 1e-3, policy: 'efficient' });
  assert.deepEqual(
    [itself.twin, itself.allocation.priceOfFairness!.twin, itself.allocation.priceOfFairness!.share],
    [null, null, 0],
  );
  assert.deepEqual(check(itself.allocation, scenario).faults, []);

  const forged = (change: (p: NonNullable<Allocation['priceOfFairness']>) => void): Allocation => {
    const copy = structuredClone(allocation);
    change(copy.priceOfFairness!);
    return copy;
  };
  for (const wrong of [
    forged((p) => (p.share /= 2)),
    forged((p) => (p.money = 0)),
    forged((p) => (p.twin = null)),
    forged((p) => (p.efficient.cost += 1)),
    forged((p) => (p.atMost.share = 0)),
    forged((p) => (p.efficient.bound = '1e9')),
    { ...allocation, priceOfFairness: null as never },
  ])
    assert.match(check(wrong, scenario).faults.join(), /priceOfFairness/);

  // consistent in itself, but not with the twin: a smaller price against a made-up one
  const made = structuredClone(allocation);
  const { cost } = allocation.measures;
  const { peoplePeriodsMet } = price.efficient;
  Object.assign(made.priceOfFairness!, { money: 0, peoplePeriodsPerMoneyEfficient: peoplePeriodsMet / cost });
  made.priceOfFairness!.efficient.cost = cost;
  assert.deepEqual(check(made, scenario).faults, [], 'alone it cannot be told');
  const other = await allocate(scenario, { gap: 1e-3, policy: 'proportional' });
  const stranger = structuredClone(allocation);
  stranger.priceOfFairness!.twin = allocationDigest(other);
  const nobody = structuredClone(allocation);
  nobody.priceOfFairness!.twin = '0'.repeat(64);
  const cases: [string, Allocation[], RegExp | null][] = [
    ['honest', [twin!, allocation], null],
    ['made-up', [twin!, made], /not what the twin on the record reaches/],
    ['stranger', [other, stranger], /not the plan's at alpha 0/],
    ['nobody', [twin!, nobody], /not on the record before it/],
    ['late', [allocation, twin!], /not on the record before it/],
  ];
  for (const [name, plans, fault] of cases) {
    const dir = join(folder, name);
    const ledger = await openLedger(dir);
    for (const plan of plans) await ledger.recordAllocation(plan, scenario);
    await ledger.close();
    const report = await verifyPath(dir, { checkAllocation: check, checkTwin });
    assert.equal(report.ok, fault === null, `${name}: ${JSON.stringify(report.faults)}`);
    if (fault) assert.match(report.faults[0]!.what, fault);
  }
});

const evenhand = readyIn(folder);

test('evenhand frontier: a table, CSV, JSON and files; every plan committed', async () => {
  const told = await evenhand(
    'frontier',
    'two-valleys',
    '--dials',
    '0.5,2',
    '--gap',
    '1e-3',
    '--data',
    'log',
    '--out',
    'plans',
  );
  assert.equal(told.status, 0, told.err);
  for (const part of ['dial', 'smallest coverage', 'price: money', 'proven gap', '3 plans are on the record'])
    assert.ok(told.out.includes(part), part);
  assert.deepEqual(readdirSync(join(folder, 'plans')).sort(), [
    'alpha-0.5.json',
    'alpha-0.json',
    'alpha-2.json',
    'frontier.json',
  ]);
  const frontier = JSON.parse(readFileSync(join(folder, 'plans', 'frontier.json'), 'utf8')) as FrontierDocument;
  const kept = JSON.parse(readFileSync(join(folder, 'plans', 'alpha-2.json'), 'utf8')) as Allocation;
  assert.equal(planAt(frontier, 2).allocation, allocationDigest(kept));
  assert.equal((await evenhand('check', 'plans/alpha-2.json')).status, 0);

  const csv = await evenhand('frontier', 'two-valleys', '--dials', '0,30', '--gap', '1e-3', '--csv', '--data', 'log');
  assert.equal(csv.status, 3, 'a dial has no plan');
  assert.match(csv.err, /Dial 30 has no plan: .*too steep/);
  const lines = csv.out
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  assert.deepEqual(
    lines.map((l) => l[0]),
    ['dial', '0', '30'],
  );
  assert.equal(Number(lines[1]![lines[0]!.indexOf('cost')]), planAt(frontier, 0).cost);

  const twins = await evenhand(
    'allocate',
    'two-valleys',
    '--twins',
    '--gap',
    '1e-3',
    '--data',
    'log',
    '--out',
    't.json',
  );
  assert.equal(twins.status, 0, twins.err);
  assert.match(twins.out, /What fairness costs beside the efficient plan/);
  const json = await evenhand(
    'frontier',
    'two-valleys',
    '--policy',
    'equal',
    '--dials',
    '1',
    '--json',
    '--data',
    'log',
    '--gap',
    '0.5',
  );
  assert.equal(json.status, 0, json.err);
  const parsed = JSON.parse(json.out) as FrontierDocument & { receipts: Record<string, { seq: number }> };
  assert.deepEqual(
    parsed.dials.map((d) => d.policy.name),
    ['efficient', 'proportional'],
  );
  // scenario; three, one more under other seconds, two of a pair, two
  assert.deepEqual([parsed.receipts['0']!.seq, parsed.receipts['1']!.seq].sort(), [7, 8]);
  const verified = await evenhand('verify', 'log', '--json');
  assert.deepEqual(JSON.parse(verified.out).faults, []);

  for (const [dials, message] of [
    ['0,much', /'much' is no dial/],
    ['1,1', /twice/],
    ['', /no dial/],
    ['-1', /--dials/],
  ] as const) {
    const { status, err } = await evenhand('frontier', 'two-valleys', `--dials=${dials}`);
    assert.equal(status, 2, err);
    assert.match(err, message);
  }
});

test('Ctrl-C keeps the plans that are done', async () => {
  writeFileSync(join(folder, 'district.json'), JSON.stringify(fewerGoods(generate('district', 1), 4)));
  const args = [
    'frontier',
    'district.json',
    '--solver',
    'highs',
    '--dials',
    '0,1,2,3,4,5,6',
    '--threads',
    '1',
    '--data',
    'half',
    '--out',
    'half-plans',
  ];
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const status = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const deadline = Date.now() + 60_000;
  while (!existsSync(join(folder, 'half-plans', 'alpha-0.json')) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  assert.equal(await status, 3, err);
  assert.match(err, /plans that are done are committed/);
  assert.match(err, /Dial 6 has no plan/);
  const frontier = JSON.parse(readFileSync(join(folder, 'half-plans', 'frontier.json'), 'utf8')) as FrontierDocument;
  const done = frontier.dials.filter((d) => d.plan).length;
  assert.ok(done >= 1 && done < 7, `${done}`);
  const report = JSON.parse((await evenhand('verify', 'half', '--json')).out);
  assert.deepEqual([report.ok, report.size], [true, 1 + done]);
});

test('POST /frontiers: one job for all dials, each plan on the record, one frontier for one key', async () => {
  await withServer(async (server) => {
    const body = { scenario: SCENARIO, policy: 'balanced', dials: [0.5, 4] };
    const key = { 'idempotency-key': 'f-1' };
    const asked = (await server.post('/frontiers', body, key)).json<JobView>();
    const again = (await server.post('/frontiers', body, key)).json<JobView>();
    assert.equal(again.job, asked.job);
    isProblem(await server.post('/frontiers', { ...body, dials: [1] }, key), 409, 'idempotency-conflict');
    isProblem(await server.post('/allocations', { scenario: SCENARIO }, key), 409, 'idempotency-conflict');
    isProblem(await server.post('/frontiers', { ...body, dials: ['most'] }), 400, 'invalid-request');
    isProblem(await server.post('/frontiers', { ...body, dials: [1, 1] }), 422, 'cannot-allocate');
    isProblem(await server.get(`/frontiers/${crypto.randomUUID()}`), 404, 'unknown-job');

    const events = eventsOf((await server.get(`/jobs/${asked.job}/events`)).text);
    assert.deepEqual(events.at(-1), {
      ...events.at(-1),
      event: 'done',
      data: { frontier: asked.job, location: `/frontiers/${asked.job}` },
    });
    assert.ok(events.some((e) => e.event === 'progress' && e.data.of === 3 && Array.isArray(e.data.dials)));
    const view = (await server.get(`/jobs/${asked.job}`)).json<JobView>();
    const frontier = (await server.get(view.frontier!.location)).json<FrontierDocument>();
    assert.deepEqual(
      frontier.dials.map((d) => d.dial),
      [0, 0.5, 4],
    );
    for (const { dial, allocation } of view.frontier!.allocations) {
      const plan = (await server.ledger.allocation(allocation))!;
      assert.equal(planAt(frontier, dial).allocation, allocation);
      assert.deepEqual(check(plan, SCENARIO).faults, []);
    }
    assert.equal(server.ledger.size(), 4);
    assert.equal(readdirSync(join(server.dir, 'jobs')).length, 1, 'nothing lies about but the note');

    const twins = await server.allocate({ scenario: SCENARIO, twins: true });
    const plan = (await server.get(`/allocations/${twins.result!.allocation}`)).json<Allocation>();
    assert.equal((await server.get(`/allocations/${plan.priceOfFairness!.twin}`)).status, 200);
    const failed = await server.trace({ scenario: SCENARIO, policy: [{ stage: 'need', bands: 1000 }], dials: [5] });
    assert.match(
      (await server.get(failed.frontier!.location)).json<FrontierDocument>().dials[1]!.error!.message,
      /too steep/,
    );
  });
});

test('a frontier goes on after a restart with what it has, and one that is stopped keeps what is done', async () => {
  const dir = await makeDir();
  const first = await startServer(dir, { concurrency: 1 });
  // large enough to be under way when it is stopped, and no larger
  const body = { scenario: fewerGoods(generate('district', 1), 4), solver: 'highs', dials: [0, 1, 2, 3] };
  const { job } = (await first.post('/frontiers', body)).json<JobView>();
  await until('a plan is recorded', () => first.ledger.size() > 1);
  await first.close();
  const before = (await first.ledger.size()) - 1;
  assert.ok(before < 4, 'it was under way');
  const files = readdirSync(join(dir, 'jobs')).filter((name) => name.endsWith('.plan'));
  assert.equal(files.length, before);

  const second = await startServer(dir, { concurrency: 1 });
  const done = await second.finished(job);
  assert.equal(done.state, 'done', JSON.stringify(done.error));
  assert.deepEqual(
    done.frontier!.allocations.map((a) => a.dial),
    [0, 1, 2, 3],
  );
  assert.equal(second.ledger.size(), 5, 'each plan once');

  const size = second.ledger.size();
  const stopped = (await second.post('/frontiers', { ...body, dials: [0, 5, 6, 7, 8] })).json<JobView>();
  await until('a plan is recorded', () => second.ledger.size() > size);
  await second.ask({ method: 'DELETE', url: `/jobs/${stopped.job}` });
  const end = await second.finished(stopped.job);
  assert.equal(end.state, 'cancelled');
  const kept = end.frontier!.allocations.length;
  assert.ok(kept >= 1 && kept < 5, `${kept}`);
  assert.equal(second.ledger.size(), size + kept);
  const frontier = (await second.get(end.frontier!.location)).json<FrontierDocument>();
  assert.equal(frontier.dials.filter((d) => d.error?.kind === 'cancelled').length, 5 - kept);
  await second.close();
  rmSync(dir, { recursive: true });
});
