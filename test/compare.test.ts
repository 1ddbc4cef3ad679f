/** Comparison: laws on random scenarios, and brute force beside it. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { lorenz } from '../engine/compare/lorenz.js';
import {
  type Allocation,
  closePool,
  compare,
  dominance,
  lorenzAt,
  type Scenario,
  scenarioDifferences,
} from '../engine/index.js';
import { gini } from '../engine/measures.js';
import { readCase, scenarioDigest } from '../scenarios/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { close, pairs, reversed, run } from './support/comparisons.js';
import { runs } from './support/runs.js';

after(closePool);

describe('gains and losses', () => {
  it('change sides when the allocations do', async () => {
    let seen = 0;
    for (const { a, b } of await pairs()) {
      const [there] = compare([a, b], { top: 1e6 }).differences;
      const [back] = compare([b, a], { top: 1e6 }).differences;
      const [same] = compare([b, a], { against: 1, top: 1e6 }).differences;
      assert.ok(there && back && same);
      close(there.gained, back.lost, 'gained');
      close(there.lost, back.gained, 'lost');
      const turn = (x: { region: string; resource?: string; peoplePeriods: number }) =>
        [x.region, x.resource ?? '', x.peoplePeriods] as const;
      for (const list of ['changes', 'regions'] as const) {
        const other: Map<string, number> = new Map(
          back[list].map((x) => [JSON.stringify(turn(x).slice(0, 2)), x.peoplePeriods]),
        );
        assert.equal(other.size, there[list].length);
        for (const x of there[list])
          assert.equal(other.get(JSON.stringify(turn(x).slice(0, 2))), -x.peoplePeriods || 0);
        seen += there[list].length;
      }
      assert.deepEqual({ ...same, from: 0, to: 1 }, there, 'against the second is the same as in the other order');
      assert.deepEqual([same.from, same.to], [1, 0]);
    }
    assert.ok(seen > runs(200), `${seen} changes`);
  });

  it('add up to the measures, by pair and by region, the largest loss first', async () => {
    for (const { scenario, a, b } of await pairs()) {
      const [d] = compare([a, b]).differences;
      assert.ok(d);
      const total = b.measures.peoplePeriodsMet - a.measures.peoplePeriodsMet;
      close(d.gained - d.lost, total, `${scenario.id}: gained less lost`);
      const by = new Map<string, number>();
      for (const c of d.changes) by.set(c.region, (by.get(c.region) ?? 0) + c.peoplePeriods);
      for (const r of d.regions) {
        close(r.peoplePeriods, by.get(r.region)!, `${scenario.id}: ${r.region}`);
        const measured = [a, b].map(({ measures }) => measures.byRegion.find((m) => m.region === r.region)!);
        close(r.before, measured[0]!.met, 'met before');
        close(r.after, measured[1]!.met, 'met after');
        close(r.neededAfter, measured[1]!.needed, 'needed');
        close(r.ratioAfter, measured[1]!.ratio, 'ratio');
      }
      for (const list of [d.changes, d.regions])
        assert.ok(list.every((c, i) => i === 0 || list[i - 1]!.peoplePeriods <= c.peoplePeriods));
      assert.deepEqual(d.total, { regions: d.regions.length, changes: d.changes.length });
    }
  });

  it('do not depend on the order in which regions and shipments are listed', async () => {
    for (const { scenario, a, b } of await pairs()) {
      const scenarios = () => scenario;
      const one = compare([a, b], { scenarios });
      const other = compare([reversed(a), reversed(b)], { scenarios });
      const [d, e] = [one.differences[0]!, other.differences[0]!];
      const names = (x: { region: string; resource?: string }) => [x.region, x.resource];
      assert.deepEqual(e.changes, d.changes);
      assert.deepEqual(e.flows.list, d.flows.list);
      assert.deepEqual(e.regions.map(names), d.regions.map(names));
      for (const [i, r] of d.regions.entries()) close(r.peoplePeriods, e.regions[i]!.peoplePeriods, r.region);
      for (const [i, { lorenz: curve }] of one.allocations.entries())
        for (const [n, p] of curve.entries()) close(p.met, other.allocations[i]!.lorenz[n]!.met, 'Lorenz');
      assert.deepEqual(other.pareto, one.pareto);
    }
  });

  it('are cut to the largest on request, with the totals of all', async () => {
    const { scenario, a, b } = (await pairs()).toSorted((x, y) => y.a.coverage.length - x.a.coverage.length)[0]!;
    const [whole] = compare([a, b], { scenarios: () => scenario, top: 1e6 }).differences;
    const [cut] = compare([a, b], { scenarios: () => scenario, top: 1 }).differences;
    assert.ok(whole && cut && whole.changes.length > 2 && whole.flows.list.length > 1);
    assert.deepEqual(cut.changes, [whole.changes[0], whole.changes.at(-1)]);
    for (const top of [1, 2, 3, 5])
      assert.deepEqual(
        compare([a, b], { scenarios: () => scenario, top }).differences[0]!.flows.list,
        whole.flows.list.slice(0, top),
      );
    assert.deepEqual([cut.total, cut.gained, cut.lost], [whole.total, whole.gained, whole.lost]);
    assert.deepEqual({ ...cut.flows, list: [] }, { ...whole.flows, list: [] });
    assert.equal(whole.flows.total, whole.flows.list.length);
  });

  it('an allocation beside itself differs in nothing, nor does one that differs in the last digit', async () => {
    for (const { a } of (await pairs()).slice(0, 5)) {
      const noisy = structuredClone(a);
      for (const c of noisy.coverage) c.peoplePeriodsMet *= 1 + 2e-16;
      for (const other of [a, noisy]) {
        const { differences, pareto } = compare([a, other]);
        const { gained, lost, changes, regions, flows } = differences[0]!;
        assert.deepEqual([gained, lost, changes, regions, flows.total], [0, 0, [], [], 0]);
        assert.ok(pareto.allocations.every((s) => !s.dominated));
      }
    }
  });
});

describe('what is close to nothing', () => {
  /** A plan with these people-periods needed and met, by region. */
  const withCoverage = async (list: [region: string, needed: number, met: number][]): Promise<Allocation> => {
    const plan = await run(SCENARIO, 'balanced');
    const coverage = list.map(([region, needed, met]) => ({
      ...plan.coverage[0]!,
      region,
      peoplePeriodsNeeded: needed,
      peoplePeriodsMet: met,
    }));
    return { ...plan, coverage };
  };

  it('equal losses stand in the order of their names, whatever the order of the plan', async () => {
    const list: [string, number, number][] = ['b', 'c', 'a'].map((region) => [region, 9, 5]);
    const after: typeof list = list.map(([region, needed]) => [region, needed, 4]);
    const { regions, changes } = compare([await withCoverage(list), await withCoverage(after)]).differences[0]!;
    for (const found of [regions, changes])
      assert.deepEqual(
        found.map((c) => c.region),
        ['a', 'b', 'c'],
      );
  });

  it('a need that changes while what is met stays is listed without gain or loss', async () => {
    const [a, b] = [await withCoverage([['r', 9, 0.1 + 0.2]]), await withCoverage([['r', 10, 0.3]])];
    const { gained, lost, changes, regions } = compare([a, b]).differences[0]!;
    assert.deepEqual([gained, lost, changes.length, regions.length], [0, 0, 1, 1]);
    for (const c of [changes[0]!, regions[0]!])
      assert.deepEqual([c.peoplePeriods, c.neededBefore, c.neededAfter], [0, 9, 10]);
  });

  it('a Gini of nothing but noise is no worse than one of 0', async () => {
    const plan = await run(SCENARIO, 'balanced');
    const noisy = { ...plan, measures: { ...plan.measures, gini: 3e-16 } };
    const even = { ...plan, measures: { ...plan.measures, gini: 0 } };
    assert.ok(compare([even, noisy]).pareto.allocations.every((s) => !s.dominated));
  });
});

describe('flows that differ', () => {
  it('are those that a plain count finds, and their tonnes are what the measures differ by', async () => {
    let seen = 0;
    for (const { scenario, a, b } of await pairs()) {
      const { flows } = compare([a, b], { scenarios: () => scenario, top: 1e6 }).differences[0]!;
      const count = new Map<string, [number, number]>();
      [a, b].forEach(({ shipments }, side) => {
        for (const s of shipments) {
          const key = [s.from, s.to, s.mode, s.depart, s.resource].join('|');
          const entry = count.get(key) ?? [0, 0];
          entry[side]! += s.quantity;
          count.set(key, entry);
        }
      });
      const differing = [...count].filter(([, [x, y]]) => Math.abs(x - y) > 1e-9 * Math.max(x, y));
      const found = flows.list.map((f): [string, [number, number]] => [
        [f.from, f.to, f.mode, f.depart, f.resource].join('|'),
        [f.before, f.after],
      ]);
      assert.deepEqual(new Map(found), new Map(differing));
      assert.deepEqual([flows.total, flows.sortedBy], [differing.length, 'tonnes']);
      close(flows.tonnesMore! - flows.tonnesLess!, b.measures.tonnes - a.measures.tonnes, scenario.id);
      const weight = new Map(scenario.resources.map((r) => [r.id, r.weightKg]));
      flows.list.forEach((f, i) => {
        close(f.tonnesChange!, ((f.after - f.before) * weight.get(f.resource)!) / 1000, 'tonnes');
        assert.ok(i === 0 || Math.abs(flows.list[i - 1]!.tonnesChange!) >= Math.abs(f.tonnesChange!));
      });
      seen += flows.total;
    }
    assert.ok(seen > runs(200), `${seen} flows`);
  });

  it('without weights are sorted by share of the resource, and say so', async () => {
    const a = await run(SCENARIO, 'balanced');
    const sent = (quantity: number, resource: string) => ({ ...a.shipments[0]!, quantity, resource });
    const [x, y] = [
      { ...a, shipments: [sent(10, 'sand'), sent(4, 'gold')] },
      { ...a, shipments: [sent(12, 'sand'), sent(3, 'gold')] },
    ];
    const { flows } = compare([x, y]).differences[0]!;
    assert.deepEqual([flows.sortedBy, flows.tonnesMore, flows.tonnesLess], ['share', null, null]);
    assert.deepEqual(
      flows.list.map((f) => [f.resource, f.quantity, f.tonnesChange]),
      [
        ['gold', -1, null],
        ['sand', 2, null],
      ],
    );
  });
});

describe('Lorenz curve', () => {
  const area = (points: { needed: number; met: number }[]) =>
    points.reduce(
      (sum, p, i) => (i === 0 ? 0 : sum + (p.needed - points[i - 1]!.needed) * (p.met + points[i - 1]!.met)) / 1,
      0,
    ) / 2;

  it('encloses the Gini coefficient, never falls and bends upwards', async () => {
    for (const { scenario, a, b } of await pairs())
      compare([a, b]).allocations.forEach(({ lorenz: curve, gini: stated }) => {
        close(1 - 2 * area(curve), stated, scenario.id);
        assert.deepEqual(
          [curve[0], curve.at(-1)],
          [
            { needed: 0, met: 0 },
            { needed: 1, met: 1 },
          ],
        );
        for (let i = 1; i < curve.length; i++) {
          const [p, q] = [curve[i - 1]!, curve[i]!];
          assert.ok(q.needed > p.needed && q.met >= p.met);
          if (i > 1) {
            const o = curve[i - 2]!;
            const slope = (q.met - p.met) / (q.needed - p.needed);
            assert.ok(slope >= (p.met - o.met) / (p.needed - o.needed) - 1e-9);
          }
        }
      });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            needed: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
            // nothing, or a share that still has its 53 bits: below 1e-308 a product loses them
            ratio: fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1, noNaN: true })),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        (list) => {
          const regions = list.map((r, i) => ({ region: `r${i}`, ...r, met: r.needed * r.ratio }));
          close(1 - 2 * area(lorenz(regions)), gini(regions), 'random');
        },
      ),
    );
  });

  it('is read between its points, and is the diagonal where nobody gets anything', () => {
    const curve = lorenz([
      { region: 'rich', needed: 10, met: 8 },
      { region: 'poor', needed: 30, met: 2 },
      { region: 'empty', needed: 0, met: 0 },
    ]);
    assert.deepEqual(curve, [
      { needed: 0, met: 0 },
      { needed: 0.75, met: 0.2 },
      { needed: 1, met: 1 },
    ]);
    for (const [share, met] of [
      [0, 0],
      [0.375, 0.1],
      [0.75, 0.2],
      [0.875, 0.6],
      [1, 1],
    ] as const)
      close(lorenzAt(curve, share), met, `${share}`);
    assert.equal(lorenzAt(lorenz([{ region: 'r', needed: 5, met: 0 }]), 0.3), 0.3);
  });
});

describe('Pareto status', () => {
  const triple = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));

  it('is what brute force finds on random triples, with and without noise', () => {
    fc.assert(
      fc.property(
        fc.array(triple, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
        (points, noise) => {
          const brute = points.map((p) =>
            points.flatMap((q, i) => (q.every((x, c) => x <= p[c]!) && !q.every((x, c) => x === p[c]) ? [i] : [])),
          );
          const noisy = points.map((p) => p.map((x) => x * (1 + 1e-12 * noise.next().value!)));
          assert.deepEqual(dominance(points, 1e-9), brute);
          assert.deepEqual(dominance(noisy, 1e-9), brute);
        },
      ),
    );
  });

  it('never leaves everybody dominated, as a tolerance from pair to pair would', () => {
    // each is better than the next in one criterion by more than the tolerance, and worse in another by less
    const circle = [
      [1, 1 + 1.5e-9, 1 + 0.75e-9],
      [1 + 0.75e-9, 1, 1 + 1.5e-9],
      [1 + 1.5e-9, 1 + 0.75e-9, 1],
    ];
    assert.ok(dominance(circle, 1e-9).some((by) => by.length === 0));
  });

  it('judges people-periods met, cost and Gini; tonne-km where nobody has a cost or currencies differ', async () => {
    const plain = await run(SCENARIO, 'balanced');
    const reached = (met: number, cost: number, unequal: number, more: Partial<Allocation['measures']> = {}) => ({
      ...plain,
      measures: { ...plain.measures, peoplePeriodsMet: met, cost, gini: unequal, tonneKm: 7, ...more },
    });
    const { pareto } = compare([
      reached(9, 5, 0.2),
      reached(9, 6, 0.2),
      reached(8, 5, 0.1),
      reached(9, 5, 0.2 + 1e-13),
    ]);
    assert.deepEqual(
      pareto.allocations.map((s) => s.dominatedBy),
      [[], [0, 3], [], []],
    );
    assert.equal(pareto.efficiency, 'cost');
    assert.deepEqual(pareto.allocations[1], {
      efficacy: 9,
      efficiency: 6,
      equity: 0.2,
      smallestCoverage: plain.measures.smallestCoverage,
      dominated: true,
      dominatedBy: [0, 3],
    });
    const free = compare([reached(9, 0, 0.2), reached(9, 0, 0.2, { tonneKm: 6 })]);
    assert.deepEqual([free.pareto.efficiency, free.pareto.allocations[0]!.dominatedBy], ['tonneKm', [1]]);
    const currencies = compare([reached(9, 1, 0.2, { currency: 'USD' }), reached(9, 2, 0.2, { currency: 'EUR' })]);
    assert.deepEqual([currencies.pareto.efficiency, currencies.pareto.allocations[1]!.dominated], ['tonneKm', false]);
    assert.ok(currencies.notes.some((n) => n.includes('EUR') && n.includes('USD')));
    assert.ok(currencies.notes.some((n) => n.includes('tonne-km')));
  });
});

describe('amended scenarios', () => {
  const two = readCase('two-valleys');
  type Mend = [phrase: RegExp, change: (s: Scenario) => void];
  const mends: Mend[] = [
    [
      /^periods: 4 of P1D from 2026-11-22 → 5 of P1D/,
      (s) => {
        s.periods.count = 5;
      },
    ],
    [
      /^weight in kg of 1 resource: rice 25 → 50$/,
      (s) => {
        s.resources[1]!.weightKg = 50;
      },
    ],
    [
      /^people per unit of 1 resource: water 0.2 → 0.1$/,
      (s) => {
        s.resources[0]!.peoplePerUnit = 0.1;
      },
    ],
    [/^gone: 1 depot: port/, (s) => void s.depots.splice(1)],
    [
      /^handling limit in t of 1 depot: port 35 → unlimited$/,
      (s) => void Reflect.deleteProperty(s.depots[1]!, 'handlingTonnes'),
    ],
    [
      /^stock of rice: 600 → 700 bag in all, differs in 1 depot: capital 260 → 360$/,
      (s) => {
        s.depots[0]!.stock!.rice = 360;
      },
    ],
    [
      /^stock of water: 70,000 as before L in all, differs in 2 depots/,
      (s) => {
        s.depots[0]!.stock!.water! -= 1000;
        s.depots[1]!.stock!.water! += 1000;
      },
    ],
    [
      /^arrivals of water: 36,000 as before L in all, differs in 1 depot: capital in other periods$/,
      (s) => {
        s.depots[0]!.arrivals![0]!.period = 2;
      },
    ],
    [
      /^storage in t of 1 hub: junction 20 → 30$/,
      (s) => {
        s.hubs![0]!.storageTonnes = 30;
      },
    ],
    [/^new: 1 region: east$/, (s) => void s.regions.push({ id: 'east', demand: {} })],
    [
      /^priority of 1 region: north 1.4 → 2$/,
      (s) => {
        s.regions[0]!.priority = 2;
      },
    ],
    [
      /^floor of 1 region: south 0.3 → 0.4$/,
      (s) => {
        s.regions[1]!.floor = 0.4;
      },
    ],
    [
      /^need of rice: 760 → 720 bag in all, differs in 1 region: north 480 → 440$/,
      (s) => {
        s.regions[0]!.demand.rice = 110;
      },
    ],
    [
      /^need of water: .* as before L in all, differs in 1 region: north in other periods$/,
      (s) => {
        s.regions[0]!.demand.water = [36000, 33000, 36000, 30000];
      },
    ],
    [
      /^capacity in t of 1 route: port → junction by truck 24 → unlimited$/,
      (s) => void Reflect.deleteProperty(s.routes[2]!, 'capacityTonnes'),
    ],
    [
      /^closed periods of 1 route: junction → north by truck 0 → none$/,
      (s) => {
        s.routes[3]!.closed = [];
      },
    ],
    [
      /^cost per t of 1 route: capital → junction by truck 14 → 15$/,
      (s) => {
        s.routes[1]!.costPerTonne = 15;
      },
    ],
    [
      /^tonne-km a period of 1 fleet: truck 11,520 → 10,240$/,
      (s) => {
        s.fleets![0]!.vehicles = 8;
      },
    ],
    [/^budget: 18,000 USD → none$/, (s) => void Reflect.deleteProperty(s, 'budget')],
    [
      /^policy of the scenario: floor, then need → efficient$/,
      (s) => {
        s.policy = 'efficient';
      },
    ],
  ];

  it('are told part by part, and only what was amended', () => {
    for (const [phrase, change] of mends) {
      const amended = structuredClone(two);
      change(amended);
      const found = scenarioDifferences(two, amended);
      assert.ok(
        found.some((f) => phrase.test(f)),
        `${phrase}: ${found.join(' | ')}`,
      );
      // a depot takes its stock and its routes with it; a fifth period needs something
      if (!/periods|depot: port \/|gone/.test(phrase.source)) assert.equal(found.length, 1, found.join(' | '));
    }
    assert.deepEqual(scenarioDifferences(two, structuredClone(two)), []);
  });

  it('which differ in names or written defaults alone ask for the same', () => {
    const renamed = structuredClone(two);
    renamed.title = 'Other';
    renamed.depots[0]!.owner = 'army';
    renamed.depots[0]!.arrivals![0]!.donor = 'somebody';
    renamed.routes[0]!.closed = [];
    renamed.regions.reverse();
    assert.notEqual(scenarioDigest(renamed), scenarioDigest(two));
    assert.deepEqual(scenarioDifferences(two, renamed), []);
  });

  it('are noted with what differs: in full with the scenarios, from the allocations without', async () => {
    const amended = structuredClone(two);
    amended.regions[0]!.demand.rice = 110;
    amended.depots[0]!.stock!.rice = 360;
    amended.regions.push({ id: 'east', demand: { rice: 5 } });
    amended.routes[1]!.costPerTonne = 15;
    const [a, b] = [await run(two), await run(amended)];
    const known = new Map([two, amended].map((s) => [scenarioDigest(s), s]));
    const full = compare([a, b], { scenarios: (digest) => known.get(digest) });
    assert.deepEqual(full.differences[0]!.amendments, scenarioDifferences(two, amended));
    const note = full.notes.find((n) => n.includes("amended scenario 'two-valleys'"));
    for (const part of ['need of rice: 760 → 740', 'stock of rice: 600 → 700', 'new: 1 region: east', 'cost per t'])
      assert.ok(note?.includes(part), `${part}: ${note}`);
    assert.ok(
      full.notes.some((n) => /needs 1[\d,.]+ people-periods/.test(n)),
      full.notes.join('\n'),
    );

    const less = compare([a, b]).notes.find((n) => n.includes('amended scenario'));
    for (const part of [
      'new: 1 region: east',
      'rice in north 480 → 440',
      'stock of 1 resource: rice 600 → 700',
      'not at hand',
    ])
      assert.ok(less?.includes(part), `${part}: ${less}`);
    const east = full.differences[0]!.regions.find((r) => r.region === 'east');
    assert.deepEqual([east?.neededBefore, east?.neededAfter], [0, 5 * 4 * 62.5]);

    const other = await run({ ...two, id: 'elsewhere' });
    assert.match(compare([a, other]).notes[0]!, /allocation 2 is of another scenario \('elsewhere'\)/);
    assert.deepEqual(compare([a, a]).notes, ['allocation 2 is the same as allocation 1']);
  });

  it('what cannot be compared is refused with its place', async () => {
    const a = await run(SCENARIO, 'balanced');
    const broken = (change: (a: Allocation) => void) => {
      const copy = structuredClone(a);
      change(copy);
      return copy;
    };
    const cases: [Allocation, RegExp][] = [
      [broken((x) => void Reflect.deleteProperty(x, 'coverage')), /allocation 2 .*\/coverage should be a list/],
      [broken((x) => void Reflect.set(x.coverage[1]!, 'ratio', 'much')), /\/coverage\/1\/ratio should be a number/],
      [broken((x) => void Reflect.deleteProperty(x.measures, 'gini')), /\/measures\/gini should be a number/],
      [broken((x) => void Reflect.set(x, 'scenario', null)), /\/scenario\/id should be a text/],
      [broken((x) => void Reflect.set(x.shipments[0]!, 'to', 3)), /\/shipments\/0\/to should be a text/],
    ];
    for (const [other, message] of cases) assert.throws(() => compare([a, other]), { name: 'RangeError', message });
    assert.throws(() => compare([]), RangeError);
    assert.throws(() => compare([a, a], { against: 2 }), /from 0 to 1/);
  });
});
