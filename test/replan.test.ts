/** Time moves on: the past of a scenario is what has left, arrived and been reported; laws of `engine/replan/`. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  type Allocation,
  allocate,
  allocationDigest,
  CourseError,
  carryOut,
  check,
  closePool,
  type Delivery,
  effectBetween,
  moveOn,
  varianceOf,
} from '../engine/index.js';
import { checkScenario, readCase, type Scenario } from '../scenarios/index.js';
import { mustBeWordings } from './support/pseudo.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

after(closePool);

const plan = (scenario: Scenario) => allocate(scenario, { gap: 1e-3, solver: 'highs' });

/** A line of the plan as it would be reported if all went well. */
const asPlanned = (line: Allocation['shipments'][number]): Delivery => {
  const { resource, from, to, mode, depart, quantity } = line;
  const each = { allocated: quantity, shipped: quantity, held: 0, returned: 0, delivered: quantity };
  return { resource, from, to, mode, depart, ...each };
};

describe('time moves on', () => {
  it('keeps what was reached where nothing has changed: the old rest is a plan of the new scenario', async () => {
    let compared = 0;
    for (let seed = 100; seed < 100 + runs(30); seed++) {
      const scenario = randomScenario(seed, { policy: [{ stage: 'floor' }, { stage: 'need', alpha: 1, bands: 3 }] });
      if (scenario.periods.count < 2) continue;
      const before = { scenario, allocation: await plan(scenario) };
      const period = 1 + (seed % (scenario.periods.count - 1));
      const { scenario: moved, assumed } = moveOn({ scenario, before, period });
      assert.deepEqual(assumed, [], `seed ${seed}`);
      const checked = checkScenario(moved);
      assert.ok(checked.ok, `seed ${seed}: ${checked.ok || JSON.stringify(checked.faults)}`);
      const kept = carryOut(moved, before.allocation);
      assert.deepEqual(kept.held, [], `seed ${seed}`);
      assert.deepEqual(kept.coverage, before.allocation.coverage, `seed ${seed}`);
      const again = await plan(moved);
      assert.deepEqual(check(again, moved).faults, []);
      // the old plan is possible, so no stage can be proven to have less room than it took
      const [old] = before.allocation.stages;
      assert.ok(Number(again.stages[0]!.bound) <= Number(old!.value) * (1 + 1e-9) + 1e-9, `seed ${seed}`);
      assert.ok(again.shipments.every((s) => s.depart >= period));
      compared++;
    }
    assert.ok(compared >= runs(15), `${compared} scenarios had more than one period`);
  });

  it('takes a second step from the first: the history grows, and nothing of it is forgotten', async () => {
    const scenario = fewTrucks();
    const first = { scenario, allocation: await plan(scenario) };
    const one = moveOn({ scenario, before: first, period: 1 }).scenario;
    const second = { scenario: one, allocation: await plan(one) };
    const two = moveOn({ scenario, before: second, period: 3 }).scenario;
    const left = (a: Allocation, from: number, to: number) =>
      a.shipments.filter((s) => s.depart >= from && s.depart < to);
    const expected = [...left(first.allocation, 0, 1), ...left(second.allocation, 1, 3)];
    assert.deepEqual(two.after?.shipped, expected);
    assert.equal(two.after?.allocation, allocationDigest(second.allocation));
    assert.ok(
      expected.some((s) => s.depart === 2),
      'the trucks are few enough for departures on later days',
    );
  });

  it('follows deliveries: what was held is in stock, what was lost is not', async () => {
    const scenario = fewTrucks();
    const before = { scenario, allocation: await plan(scenario) };
    const line = before.allocation.shipments.find((s) => s.depart === 0 && s.quantity >= 10)!;
    const stock = (s: Scenario) => goodsAt(s, line.from, line.resource);
    const planned = moveOn({ scenario, before, period: 1 }).scenario;
    const report = {
      ...asPlanned(line),
      shipped: line.quantity - 4,
      held: 3,
      returned: 1,
      delivered: line.quantity - 6,
    };
    const real = moveOn({ scenario, before, period: 1, deliveries: [report] }).scenario;
    assert.equal(stock(real) - stock(planned), 4);
    const shipped = real.after?.shipped?.find(
      (s) => s.from === line.from && s.to === line.to && s.resource === line.resource,
    );
    assert.equal(shipped?.quantity, line.quantity - 4);
    assert.equal(shipped?.delivered, line.quantity - 6);
    // reported a step later, it corrects the history that was taken as planned
    const second = { scenario: planned, allocation: await plan(planned) };
    const late = moveOn({ scenario, before: second, period: 2, deliveries: [report] }).scenario;
    const corrected = late.after?.shipped?.find(
      (s) => s.depart === 0 && s.from === line.from && s.to === line.to && s.resource === line.resource,
    );
    assert.equal(corrected?.delivered, line.quantity - 6);
  });

  it('cuts back what cannot have left, the latest first, and says so', async () => {
    const scenario = fewTrucks();
    const before = { scenario, allocation: await plan(scenario) };
    const lines = before.allocation.shipments.filter((s) => s.depart < 2);
    const { from, resource } = lines[0]!;
    const left = lines.filter((s) => s.from === from && s.resource === resource);
    const total = left.reduce((sum, s) => sum + s.quantity, 0);
    const poorer = structuredClone(scenario);
    poorer.depots.find((d) => d.id === from)!.stock![resource] = total - 3;
    const { scenario: moved, assumed } = moveOn({ scenario: poorer, before, period: 2 });
    assert.equal(
      assumed.reduce((sum, a) => sum + a.planned - a.left, 0),
      3,
    );
    assert.ok(assumed.every((a) => a.from === from && a.resource === resource));
    assert.ok(assumed.every((a) => a.depart === Math.max(...left.map((s) => s.depart))));
    assert.ok(checkScenario(moved).ok);
    // where every line is reported, nothing may be assumed: somebody has to say where the goods came from
    assert.throws(
      () => moveOn({ scenario: poorer, before, period: 2, deliveries: left.map(asPlanned) }),
      (error: unknown) => {
        assert.ok(error instanceof CourseError && /report the stock that was found/.test(error.message));
        for (const said of error.said) mustBeWordings(said, scenario);
        return true;
      },
    );
  });

  it('refuses what cannot be, all at once', async () => {
    const scenario = fewTrucks();
    const before = { scenario, allocation: await plan(scenario) };
    const [line] = before.allocation.shipments;
    const ok = asPlanned(line!);
    const wrong: [Partial<Delivery>, RegExp][] = [
      [{ held: 1 }, /is not the allocated/],
      [{ delivered: ok.shipped + 1 }, /were delivered of/],
      [{ arrived: -1 }, /before it left/],
      [{ depart: 2 }, /has not left yet/],
    ];
    for (const [part, message] of wrong)
      assert.throws(
        () => moveOn({ scenario, before, period: 1, deliveries: [{ ...ok, ...part }] }),
        (error: unknown) => {
          assert.ok(error instanceof CourseError && message.test(error.message));
          for (const said of error.said) mustBeWordings(said, scenario);
          return true;
        },
      );
    assert.throws(() => moveOn({ scenario, before, period: 1, deliveries: [ok, ok] }), /reported twice/);
    for (const period of [-1, 7, 1.5]) assert.throws(() => moveOn({ scenario, before, period }), /expected one from 0/);
  });
});

describe('a plan that nobody changes', () => {
  it('is carried out whole where nothing has changed', async () => {
    const scenario = readCase('two-valleys');
    const allocation = await plan(scenario);
    const { held, shipments, coverage } = carryOut(scenario, allocation);
    assert.deepEqual(held, []);
    assert.deepEqual(shipments, allocation.shipments);
    assert.deepEqual(coverage, allocation.coverage);
  });

  it('loses what a closed road would have carried, and no more', async () => {
    const scenario = fewTrucks();
    const allocation = await plan(scenario);
    const busiest = allocation.shipments.filter((s) => s.depart === 1)[0]!;
    const closed = structuredClone(scenario);
    for (const route of closed.routes) if (route.from === busiest.from && route.to === busiest.to) route.closed = [1];
    const { held } = carryOut(closed, allocation);
    const expected = allocation.shipments
      .filter((s) => s.from === busiest.from && s.to === busiest.to && s.depart === 1)
      .map(({ arrive: _, ...line }) => line);
    assert.deepEqual(held, expected);
  });
});

describe('variance', () => {
  it('adds up in lots for any deliveries: allocated = shipped + held + returned, shipped = delivered + on the road + lost', async () => {
    const scenario = fewTrucks();
    const before = { scenario, allocation: await plan(scenario) };
    const deliveries = before.allocation.shipments.slice(0, 60).map((line, n): Delivery => {
      const held = n % 4 === 0 ? Math.floor(line.quantity / 3) : 0;
      const returned = n % 5 === 0 ? Math.floor((line.quantity - held) / 2) : 0;
      const shipped = line.quantity - held - returned;
      const delivered = n % 3 === 0 ? Math.floor(shipped * 0.9) : shipped;
      return { ...asPlanned(line), shipped, held, returned, delivered };
    });
    const { rows, totals } = varianceOf([before], deliveries, 3);
    for (const r of [...rows, ...totals]) {
      assert.equal(r.shipped + r.held + r.returned, r.allocated);
      assert.equal(r.delivered + r.onTheRoad + r.lost, r.shipped);
    }
    const due = before.allocation.shipments.filter((s) => s.depart < 3);
    const sum = (list: { allocated: number }[]) => list.reduce((a, r) => a + r.allocated, 0);
    assert.equal(
      sum(rows),
      due.reduce((a, s) => a + s.quantity, 0),
    );
    assert.equal(sum(totals), sum(rows));
    assert.equal(
      rows.reduce((n, r) => n + r.lines, 0),
      due.length,
    );
    const [first] = deliveries;
    assert.throws(() => varianceOf([before], [{ ...first!, held: first!.held + 1 }], 3), /is not the allocated/);
  });
});

describe('effect', () => {
  it('is what the winners win less what the losers lose', () => {
    const c = (region: string, peoplePeriodsMet: number) => ({
      ...{ region, resource: 'water', needed: 9, met: 0, ratio: 0, due: 9, delivered: 0, peoplePeriodsNeeded: 9 },
      peoplePeriodsMet,
    });
    const effect = effectBetween([c('a', 5), c('a', 2), c('b', 1)], [c('a', 3), c('b', 2), c('c', 4)]);
    assert.equal(effect.peoplePeriods, 8 - 9);
    assert.equal(effect.moved, 4);
    assert.deepEqual(
      effect.regions.map((r) => [r.region, r.peoplePeriods]),
      [
        ['a', 4],
        ['c', -4],
        ['b', -1],
      ],
    );
  });
});

/** Enawo with so few trucks that departures spread over the week. */
function fewTrucks(): Scenario {
  const scenario = readCase('enawo');
  return { ...scenario, fleets: [{ ...scenario.fleets![0]!, vehicles: 25 }] };
}

/** Stock less what the past has taken, by the words of MODEL.md. */
function goodsAt(scenario: Scenario, depot: string, resource: string): number {
  const own = scenario.depots.find((d) => d.id === depot)?.stock?.[resource] ?? 0;
  const shipped = scenario.after?.shipped?.filter((s) => s.from === depot && s.resource === resource) ?? [];
  return own - shipped.reduce((sum, s) => sum + s.quantity, 0);
}
