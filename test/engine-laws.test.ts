/**
 * Laws that hold between allocations, on random scenarios of every feature: what has more does no worse, and what is the
 * same under another name, order or unit has the same worth. (Cancelling and crashes: `allocation-verb.test.ts`.)
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AllocateError, allocate, closePool, type Progress } from '../engine/index.js';
import { runAllocation } from '../engine/pipeline.js';
import type { Allocation, PolicyName, Stage, StageResult } from '../engine/types.js';
import { checkScenario, generate, mapPeriods, policyStages, readCase, type Scenario } from '../scenarios/index.js';
import { fewerGoods } from './support/direct.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

after(closePool);

const run = (scenario: Scenario, policy?: PolicyName | Stage[]): Promise<Allocation> =>
  runAllocation(scenario, { solver: 'highs', ...(policy ? { policy } : {}) }, () => 0);

function changed(scenario: Scenario, edit: (copy: Scenario) => void): Scenario {
  const copy = structuredClone(scenario);
  edit(copy);
  const checked = checkScenario(copy);
  assert.ok(checked.ok, checked.ok ? '' : checked.faults.map((f) => f.message).join('; '));
  return copy;
}

/** The interval that the proof leaves for the optimum, larger meaning better. */
function interval({ stage, value, bound }: StageResult, times = 1): [reached: number, possible: number] {
  const better = stage === 'floor' || stage === 'cost' ? -times : times;
  return [better * Number(value), better * Number(bound)];
}

/** A stage's optimum is the same in both: the intervals meet. */
function meet(a: StageResult, b: StageResult, what: string, times = 1): void {
  const [low, high] = interval(a, times);
  const [from, to] = interval(b);
  const noise = 1e-9 * Math.max(1, Math.abs(high), Math.abs(to));
  assert.ok(low <= to + noise && from <= high + noise, `${what}, ${a.stage}: [${low}, ${high}] and [${from}, ${to}]`);
  // first stages are solved without anything held, so their bounds are the optimum itself
  assert.ok(Math.abs(high - to) <= 1e-6 * Math.max(1, Math.abs(high)), `${what}, ${a.stage}: ${high} and ${to}`);
}

/** Stages that can come first and that more goods or roads can help; all else stays. */
const firsts: Stage[][] = [
  [{ stage: 'floor' }],
  [{ stage: 'maxmin' }],
  [{ stage: 'need', alpha: 1, bands: 3, costWeight: 0.01 }],
];

/** Allocations of random scenarios as they come, made once for all changes of them. */
const unchanged = new Map<string, Promise<Allocation>>();
function original(seed: number, policy: Stage[]): Promise<Allocation> {
  const key = `${seed} ${policy[0]!.stage}`;
  const made = unchanged.get(key) ?? run(randomScenario(seed), policy);
  unchanged.set(key, made);
  return made;
}

const helps: Record<string, (s: Scenario, seed: number) => void> = {
  'more stock': (s, seed) => {
    const depot = s.depots[seed % s.depots.length]!;
    const r = s.resources[seed % s.resources.length]!;
    const lot = r.lot ?? 1;
    const lots = Math.round((depot.stock?.[r.id] ?? 0) / lot) + Math.ceil(40 / lot);
    depot.stock = { ...depot.stock, [r.id]: Number((lots * lot).toFixed(4)) };
  },
  'another arrival': (s, seed) => {
    const r = s.resources[seed % s.resources.length]!;
    const quantity = Number((Math.ceil(25 / (r.lot ?? 1)) * (r.lot ?? 1)).toFixed(4));
    const depot = s.depots[0]!;
    depot.arrivals = [...(depot.arrivals ?? []), { period: seed % s.periods.count, resource: r.id, quantity }];
  },
  'roads opened again': (s) => {
    for (const r of s.routes) delete r.closed;
  },
  'wider roads': (s) => {
    for (const r of s.routes) if (r.capacityTonnes !== undefined) r.capacityTonnes += 1.5;
  },
  'a road that is as fast as a phone call': (s) => {
    for (const r of s.routes) delete r.leadPeriods;
  },
  'no budget to keep to': (s) => {
    delete s.budget;
  },
  'no fleets to wait for': (s) => {
    delete s.fleets;
  },
  'more room to store': (s) => {
    for (const site of [...(s.hubs ?? []), ...s.regions]) site.storageTonnes = (site.storageTonnes ?? 0) + 2.5;
  },
};

for (const [what, edit] of Object.entries(helps))
  test(`${what}: no first stage is worse for it`, async () => {
    let better = 0;
    for (let seed = 4000; seed < 4000 + runs(40); seed++) {
      const more = changed(randomScenario(seed), (s) => edit(s, seed));
      for (const policy of firsts) {
        const [a, b] = [(await original(seed, policy)).stages[0]!, (await run(more, policy)).stages[0]!];
        const [[reached, before], [, possible]] = [interval(a), interval(b)];
        const noise = 1e-8 * Math.max(1, Math.abs(before));
        assert.ok(possible >= reached, `seed ${seed}, ${a.stage}: ${possible} is all there can be of ${reached}`);
        assert.ok(possible >= before - noise, `seed ${seed}, ${a.stage}: bound ${before} fell to ${possible}`);
        if (possible > before + noise) better++;
      }
    }
    assert.ok(better > 0, 'and sometimes it helps');
  });

/** Pairs of scenarios that say the same; `times` is what one unit of value of the first is in the second. */
const same: Record<string, (s: Scenario) => Scenario> = {
  'names of regions, depots and resources': (s) => {
    const name = (id: string) => `Ünïque ${[...id].reverse().join('')}`;
    const bag = <V>(b: Record<string, V>) => Object.fromEntries(Object.entries(b).map(([k, v]) => [name(k), v]));
    const renamed = <X extends { id: string }>(list: X[]) => list.map((x) => ({ ...x, id: name(x.id) }));
    return changed(s, (c) => {
      c.resources = renamed(c.resources);
      c.regions = renamed(c.regions).map((r) => ({ ...r, demand: bag(r.demand) }));
      c.depots = renamed(c.depots).map((d) => ({
        ...d,
        ...(d.stock ? { stock: bag(d.stock) } : {}),
        ...(d.arrivals ? { arrivals: d.arrivals.map((a) => ({ ...a, resource: name(a.resource) })) } : {}),
      }));
      if (c.hubs) c.hubs = renamed(c.hubs);
      c.routes = c.routes.map((r) => ({ ...r, from: name(r.from), to: name(r.to) }));
    });
  },
  'order of every list': (s) =>
    changed(s, (c) => {
      for (const list of [c.resources, c.regions, c.depots, c.hubs ?? [], c.routes, c.fleets ?? []]) list.reverse();
    }),
  'defaults written out': (s) =>
    changed(s, (c) => {
      for (const r of c.resources) Object.assign(r, { lot: 1, peoplePerUnit: 1, importance: 1, ...r });
      for (const r of c.regions) Object.assign(r, { priority: 1, floor: 0, storageTonnes: 0, ...r });
      for (const r of c.routes) Object.assign(r, { leadPeriods: 0, costPerTonne: 0, closed: [], ...r });
      c.hubs ??= [];
      c.fleets ??= [];
      for (const d of c.depots) d.stock ??= {};
    }),
  'arrivals of period 0 as stock': (s) =>
    changed(s, (c) => {
      for (const d of c.depots) {
        for (const a of d.arrivals ?? []) {
          if (a.period > 0) continue;
          d.stock = { ...d.stock, [a.resource]: Number(((d.stock?.[a.resource] ?? 0) + a.quantity).toFixed(4)) };
          a.quantity = 0;
        }
      }
    }),
  'a region and a road that nobody needs': (s) =>
    changed(s, (c) => {
      c.regions.unshift({ id: 'nobody', demand: {}, floor: 0.5 });
      c.routes.unshift({ from: c.depots[0]!.id, to: 'nobody', mode: 'mule', km: 1 });
    }),
};

for (const [what, edit] of Object.entries(same))
  test(`${what}: the same optimum on every stage`, async () => {
    for (let seed = 4100; seed < 4100 + runs(40); seed++) {
      const other = edit(randomScenario(seed));
      for (const policy of firsts) {
        const [a, b] = [await original(seed, policy), await run(other, policy)];
        meet(a.stages[0]!, b.stages[0]!, `seed ${seed}`);
      }
    }
  });

test('ten times as many of everything, in lots ten times as large, is worth ten times as much', async () => {
  for (let seed = 4200; seed < 4200 + runs(40); seed++) {
    const scenario = randomScenario(seed);
    const ten = (x: number) => Number((10 * x).toFixed(6));
    const larger = changed(scenario, (s) => {
      for (const r of s.resources) r.lot = ten(r.lot ?? 1);
      for (const d of s.depots) {
        if (d.stock) for (const k of Object.keys(d.stock)) d.stock[k] = ten(d.stock[k]!);
        for (const a of d.arrivals ?? []) a.quantity = ten(a.quantity);
        if (d.handlingTonnes !== undefined) d.handlingTonnes = mapPeriods(d.handlingTonnes, ten);
      }
      for (const h of s.hubs ?? []) {
        if (h.handlingTonnes !== undefined) h.handlingTonnes = mapPeriods(h.handlingTonnes, ten);
        if (h.storageTonnes !== undefined) h.storageTonnes = ten(h.storageTonnes);
      }
      for (const r of s.regions) {
        for (const [k, due] of Object.entries(r.demand))
          r.demand[k] = typeof due === 'object' ? due.map(ten) : ten(due);
        if (r.storageTonnes !== undefined) r.storageTonnes = ten(r.storageTonnes);
      }
      for (const r of s.routes) if (r.capacityTonnes !== undefined) r.capacityTonnes = ten(r.capacityTonnes);
      for (const f of s.fleets ?? [])
        if (f.tonneKm !== undefined) f.tonneKm = mapPeriods(f.tonneKm, ten);
        else f.vehicles = mapPeriods(f.vehicles!, ten);
      if (s.budget) s.budget.amount = ten(s.budget.amount);
    });
    for (const policy of firsts) {
      const [a, b] = [(await run(scenario, policy)).stages[0]!, (await run(larger, policy)).stages[0]!];
      meet(a, b, `seed ${seed}`, a.stage === 'maxmin' ? 1 : 10);
    }
  }
});

test('the names of policies stand for the stages that MODEL.md lists', () => {
  const listed = (alpha: number) => [{ stage: 'floor' }, { stage: 'need', alpha }, { stage: 'cost' }];
  assert.deepEqual(policyStages('efficient').stages, listed(0));
  assert.deepEqual(policyStages('proportional').stages, listed(1));
  assert.deepEqual(policyStages('balanced').stages, listed(2));
  assert.deepEqual(policyStages(undefined), policyStages('balanced'));
});

test('a policy by name is its stages, and the scenario’s own policy is what is taken without one', async () => {
  for (const name of ['efficient', 'balanced', 'proportional'] as const)
    for (let seed = 4300; seed < 4300 + runs(6); seed++) {
      const scenario = randomScenario(seed, { policy: name });
      const [byName, byStages, own] = [
        await run(scenario, name),
        await run(scenario, policyStages(name).stages),
        await run(scenario),
      ];
      assert.deepEqual(byStages.stages, byName.stages);
      assert.deepEqual(byStages.shipments, byName.shipments);
      assert.deepEqual(own, byName);
    }
});

test('an ever larger α approaches max-min: with equal weights no band is left behind', async () => {
  for (let seed = 0; seed < runs(25); seed++) {
    const draw = (n: number, from: number, to: number) => from + ((seed * 7919 + n * 104729) % (to - from + 1));
    const regions = Array.from({ length: 5 }, (_, j) => ({ id: `r${j}`, demand: { kit: draw(j, 200, 900) } }));
    const scenario: Scenario = {
      evenhand: 1,
      id: `equal-${seed}`,
      periods: { count: 1 },
      resources: [{ id: 'kit', unit: 'kit', weightKg: 10, kind: 'consumable' }],
      depots: [{ id: 'd', stock: { kit: draw(11, 500, 2200) } }],
      regions,
      routes: regions.map(({ id }, j) => ({
        from: 'd',
        to: id,
        mode: 'truck',
        capacityTonnes: draw(20 + j, 10, 60) / 10,
      })),
    };
    const most = Number((await run(scenario, [{ stage: 'maxmin' }])).stages[0]!.bound);
    const steep = await run(scenario, [{ stage: 'need', alpha: 9, bands: 10 }]);
    const efficient = await run(scenario, [{ stage: 'need', alpha: 0 }]);
    const { smallestCoverage } = steep.measures;
    // within its band: what is over may go to any region that is in the same band; one lot for rounding
    const band = Math.floor(10 * most) / 10 - 1 / 200;
    assert.ok(smallestCoverage >= band && smallestCoverage <= most, `seed ${seed}: ${smallestCoverage} of ${most}`);
    assert.ok(efficient.measures.peoplePeriodsMet >= steep.measures.peoplePeriodsMet, 'α = 0 serves the most');
  }
});

test('a stage that is held stays held: later stages cost it no more than its tolerance and whole lots', async () => {
  for (let seed = 4400; seed < 4400 + runs(40); seed++) {
    const scenario = randomScenario(seed);
    for (const r of scenario.resources) r.lot = 0.0001; // so that lots hardly matter
    for (const d of scenario.depots) for (const a of d.arrivals ?? []) a.quantity = Math.round(a.quantity);
    if (!checkScenario(scenario).ok) continue;
    const { stages } = await run(scenario, [
      { stage: 'floor' },
      { stage: 'need', alpha: 1, bands: 4 },
      { stage: 'cost' },
    ]);
    const floors = (await run({ ...scenario, routes: [] }, [{ stage: 'floor' }])).stages[0]!;
    for (const { stage, value, bound } of stages.slice(0, 2)) {
      const scale = stage === 'floor' ? Number(floors.value) : Math.abs(Number(bound));
      const short = Math.abs(Number(value) - Number(bound));
      assert.ok(short <= 1e-4 * scale + 0.01, `seed ${seed}, ${stage}: ${value} of ${bound}`);
    }
  }
});

test('progress tells phase, stage, solver and rising seconds', async () => {
  const seen: Progress[] = [];
  await allocate(readCase('two-valleys'), { solver: 'highs', onProgress: (p) => seen.push(p) });
  const phases = [...new Set(seen.map((p) => p.phase))];
  assert.deepEqual(phases, ['compile', 'solve', 'lots', 'check']);
  seen.forEach((p, i) => {
    assert.ok(p.seconds >= (seen[i - 1]?.seconds ?? 0));
  });
  const solving = seen.filter((p) => p.phase === 'solve');
  assert.ok(solving.every((p) => p.solver === 'highs' && p.stage!.of === 2));
  assert.deepEqual([...new Set(solving.map((p) => p.stage!.name))], ['floor', 'need']);
});

test('a refusal says what to do instead', async () => {
  const scenario = generate('tiny', 5);
  const refused = (options: Parameters<typeof allocate>[1], says: RegExp) =>
    assert.rejects(allocate(scenario, options), (error) => {
      assert.ok(error instanceof AllocateError && error.kind === 'unsupported');
      assert.match(error.message, says);
      return true;
    });
  await refused({ policy: 'equal', solver: 'jslp' }, /'leximin'.*highs/);
  await refused({ policy: [{ stage: 'maxmin' }], solver: 'jslp' }, /highs/);
  for (const gap of [-1e-9, 1.001, Number.NaN]) await refused({ gap }, /from 0 to 1/);
  await assert.rejects(allocate(scenario, { signal: AbortSignal.abort() }), { kind: 'cancelled' });
});

test('measures are sums over the coverage that is listed, in every random scenario', async () => {
  for (let seed = 4500; seed < 4500 + runs(40); seed++) {
    const scenario = randomScenario(seed);
    const { measures: m, coverage, shipments, gap } = await run(scenario);
    const close = (a: number, b: number, what: string) =>
      assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)), `seed ${seed}, ${what}: ${a} ≠ ${b}`);
    const total = (list: number[]) => list.reduce((a, b) => a + b, 0);
    close(m.peoplePeriodsMet, total(coverage.map((c) => c.peoplePeriodsMet)), 'met');
    close(m.peoplePeriodsNeeded, total(m.byRegion.map((r) => r.needed)), 'needed');
    close(m.peoplePeriodsMet + m.peoplePeriodsUnmet, m.peoplePeriodsNeeded, 'unmet');
    close(m.smallestCoverage, Math.min(1, ...coverage.map((c) => c.ratio)), 'smallest');
    for (const c of coverage) {
      close(c.ratio, c.met / c.needed, `${c.region} ${c.resource}`);
      assert.ok(c.ratio >= 0 && c.ratio <= 1 && c.delivered <= c.due + 1e-9);
    }
    const weight = new Map(scenario.resources.map((r) => [r.id, r.weightKg / 1000]));
    close(m.tonnes, total(shipments.map((s) => s.quantity * weight.get(s.resource)!)), 'tonnes');
    const route = (s: (typeof shipments)[number]) =>
      scenario.routes.find((r) => r.from === s.from && r.to === s.to && r.mode === s.mode)!;
    const tonnes = (s: (typeof shipments)[number]) => s.quantity * weight.get(s.resource)!;
    close(m.tonneKm, total(shipments.map((s) => tonnes(s) * route(s).km!)), 'tonne-km');
    close(m.cost, total(shipments.map((s) => tonnes(s) * (route(s).costPerTonne ?? 0))), 'cost');
    for (const f of m.fleets) assert.ok(f.used <= f.limit * (1 + 1e-12) && f.peak <= 1 + 1e-12);
    for (const r of m.byResource) {
      const of = coverage.filter((c) => c.resource === r.resource);
      close(r.delivered, total(of.map((c) => c.delivered)), r.resource);
      assert.ok(r.delivered <= r.shipped + 1e-9 && r.delivered <= Math.min(r.stock, r.due) + 1e-9);
    }
    assert.ok(m.gini >= 0 && m.gini < 1 && gap.proven >= 0);
    if (m.byRegion.every((r) => r.needed === 0 || r.ratio === m.meanCoverage)) close(m.gini, 0, 'gini');
  }
});

test('Enawo: each item reaches people up to its stock or need, by either solver, with gaps that overlap', async () => {
  const scenario = fewerGoods(readCase('enawo'), 6);
  const [a, b] = [await run(scenario), await runAllocation(scenario, { solver: 'jslp' }, () => 0)];
  for (const { coverage } of [a, b])
    for (const r of scenario.resources) {
      const stock = scenario.depots.reduce((sum, d) => sum + (d.stock?.[r.id] ?? 0), 0);
      const need = scenario.regions.reduce((sum, j) => {
        const due = j.demand[r.id] ?? 0;
        return sum + (typeof due === 'object' ? due.reduce((x, y) => x + y, 0) : due);
      }, 0);
      const delivered = coverage.filter((c) => c.resource === r.id).reduce((sum, c) => sum + c.delivered, 0);
      assert.equal(delivered, Math.min(stock, need), r.id);
    }
  a.stages.forEach((s, i) => {
    const [[low, high], [from, to]] = [interval(s), interval(b.stages[i]!)];
    // of later stages each proof is about plans as good as its own on the stages before
    if (i === 0) assert.ok(low <= to && from <= high);
  });
});
