/** Goods lost at a depot: what can still leave it, and faults where more is lost than there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changeScenario } from '../engine/index.js';
import { checkScenario, complete, readCase, type Scenario } from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';

const valleys = readCase('two-valleys');
type Depot = Scenario['depots'][number];
const LOT = 0.1;
const units = (lots: number) => Number((lots * LOT).toFixed(1));

/** The teaching case with one depot that has tarpaulins in lots of 0.1, and `more`. */
function scenarioOf(stock: number, arrivals: number[], losses: number[], more: object = {}): Scenario {
  const lines = (lots: number[]) =>
    lots.flatMap((n, period) => (n > 0 ? [{ period, resource: 'tarpaulin', quantity: units(n) }] : []));
  const port = {
    ...valleys.depots[1]!,
    stock: { tarpaulin: units(stock) },
    arrivals: lines(arrivals),
    losses: lines(losses),
  };
  const resources = valleys.resources.map((r) => (r.id === 'tarpaulin' ? { ...r, lot: LOT } : r));
  return { ...valleys, resources, depots: [valleys.depots[0]!, port], ...more };
}

const small = fc.record({
  stock: fc.nat({ max: 3 }),
  arrivals: fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 }),
  losses: fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 }),
});

test('what can leave with losses is what can leave without the goods that are missing', () => {
  let [accepted, plans] = [0, 0];
  fc.assert(
    fc.property(small, ({ stock, arrivals, losses }) => {
      const scenario = scenarioOf(stock, arrivals, losses);
      const there = arrivals.map((_, t) => arrivals.slice(0, t + 1).reduce((sum, n, s) => sum + n - losses[s]!, stock));
      const checked = checkScenario(scenario);
      assert.equal(
        checked.ok,
        there.every((n) => n >= 0),
        JSON.stringify(checked),
      );
      if (!checked.ok) return;
      accepted++;
      const depot = complete(scenario).depots[1]!;
      const lots = (quantity: number) => Math.round(quantity / LOT);
      const supply = there.map(
        (_, t) =>
          lots(depot.stock.tarpaulin!) +
          depot.arrivals.reduce(
            (sum, a) => sum + (a.resource === 'tarpaulin' && a.period <= t ? lots(a.quantity) : 0),
            0,
          ),
      );
      // every plan of departures, by what has left until each period
      const most = Math.max(...there, 0) + 1;
      for (let code = 0; code < (most + 1) ** 4; code++) {
        const left = [0, 1, 2, 3].map((t) => Math.floor(code / (most + 1) ** t) % (most + 1));
        if (left.some((n, t) => t > 0 && n < left[t - 1]!)) continue;
        const possible = left.every((n, t) => n <= there[t]!);
        assert.equal(
          left.every((n, t) => n <= supply[t]!),
          possible,
          `${left} of ${there} is ${possible}`,
        );
        plans++;
      }
    }),
  );
  assert.ok(accepted > 20 && plans > 2000, `${accepted} scenarios, ${plans} plans`);
});

test('losses that cannot be are faults at their place', () => {
  const depot = (losses: unknown): unknown => ({
    ...valleys,
    depots: [{ ...valleys.depots[0]!, losses } as Depot, valleys.depots[1]!],
  });
  for (const [losses, pointer, message] of [
    [
      [{ period: 1, resource: 'rice', quantity: 261 }],
      '/depots/0/losses/0/quantity',
      /is 1 more of "rice" than are there in period 1/,
    ],
    [[{ period: 0, resource: 'water', quantity: 48001 }], '/depots/0/losses/0/quantity', /is 1 more of "water"/],
    [[{ period: 1, resource: 'rise', quantity: 1 }], '/depots/0/losses/0/resource', /did you mean "rice"/],
    [[{ period: 4, resource: 'rice', quantity: 1 }], '/depots/0/losses/0/period', /after the last period/],
    [[{ period: 1, resource: 'rice', quantity: 1.5 }], '/depots/0/losses/0/quantity', /whole number of lots/],
    [[{ period: 1, resource: 'rice' }], '/depots/0/losses/0/quantity', /is missing/],
    [{}, '/depots/0/losses', /a list/],
  ] as const) {
    const checked = checkScenario(depot(losses));
    assert.ok(!checked.ok);
    assert.deepEqual(
      checked.faults.map((f) => f.pointer),
      [pointer],
      JSON.stringify(checked.faults),
    );
    assert.match(checked.faults[0]!.message, message);
    mustBeTold(checked.faults[0]!, depot(losses));
  }
  assert.ok(checkScenario(depot([{ period: 1, resource: 'water', quantity: 84000 }])).ok);
});

test('what has left cannot be lost, now or later', () => {
  const shipped = (quantity: number) => [
    { resource: 'tarpaulin', from: 'port', to: 'junction', mode: 'truck', depart: 0, arrive: 1, quantity },
  ];
  const with_ = (lots: number, loss: number[], arrivals = [0, 0, 0, 0]) =>
    checkScenario(scenarioOf(10, arrivals, loss, { after: { period: 1, shipped: shipped(units(lots)) } }));
  assert.ok(with_(7, [0, 3, 0, 0]).ok);
  assert.ok(with_(7, [0, 0, 0, 3]).ok);
  assert.ok(with_(7, [0, 0, 0, 5], [0, 0, 2, 0]).ok);
  for (const faulty of [with_(7, [0, 4, 0, 0]), with_(7, [0, 0, 0, 4]), with_(7, [0, 0, 0, 6], [0, 0, 2, 0])]) {
    assert.ok(!faulty.ok);
    assert.deepEqual(
      faulty.faults.map((f) => f.pointer),
      ['/after/shipped/0/quantity'],
    );
    assert.match(faulty.faults[0]!.message, /makes 0\.1 more of "tarpaulin" leave "port"/);
  }
});

test('a future scales what is left', () => {
  const scenario = scenarioOf(8, [0, 4, 0, 0], [0, 6, 0, 0]);
  const future = changeScenario(scenario, { id: 'half', stock: { all: 0.5 } });
  assert.ok(checkScenario(future).ok);
  const { stock, arrivals } = complete(future).depots[1]!;
  assert.deepEqual([stock.tarpaulin, arrivals.length], [0.3, 0]);
});
