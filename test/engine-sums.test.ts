/**
 * The whole doubles under the proof against plain BigInt: sums of products, signs by residue, and both large families of
 * the bound on prices made so that profits are one unit of the last place above, at and below zero.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileNetwork, type Network } from '../engine/network.js';
import { compilePolicy, type Policy } from '../engine/policy.js';
import type { Grid, Prices } from '../engine/proof/bound.js';
import { blockSizes } from '../engine/proof/certificate.js';
import { addProduct, dot, safeNumber, total } from '../engine/proof/dot.js';
import { type Decimal, decimal, floorDiv, format, plus, times, toNumber } from '../engine/proof/exact.js';
import { lotsOf, quantityOf } from '../engine/proof/feasible.js';
import { bandTerm } from '../engine/proof/needs.js';
import { residue, residueOf, SMALL, small, timesResidue } from '../engine/proof/residue.js';
import { shipTerm } from '../engine/proof/ships.js';
import { stayTerm } from '../engine/proof/stays.js';
import { planCost, stageMaximands } from '../engine/proof/values.js';
import type { PriceBlockName } from '../engine/types.js';
import { complete, countLots, type Scenario } from '../scenarios/index.js';
import { plainBands, plainShips, slopeOf, wayPrice } from './support/plain.js';
import { randomScenario } from './support/random.js';

const safe = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 1000 }),
  fc.constantFrom(0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 27, 2 ** 48 - 1, 2 ** 48, Number.MAX_SAFE_INTEGER),
);

test('sums of products of safe integers have every digit', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(safe, safe), { maxLength: 40 }), fc.integer({ min: 1, max: 60 }), (pairs, times) => {
      const d = dot();
      for (let n = 0; n < times; n++) for (const [x, y] of pairs) assert.ok(addProduct(d, x, y));
      const once = pairs.reduce((sum, [x, y]) => sum + BigInt(x) * BigInt(y), 0n);
      assert.equal(total(d), BigInt(times) * once);
    }),
    { numRuns: 500 },
  );
  const d = dot();
  for (const bad of [-1, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
    assert.ok(!addProduct(d, bad, 1) && !addProduct(d, 1, bad));
  assert.equal(total(d), 0n);
  assert.deepEqual([2n ** 53n - 1n, 2n ** 53n, -1n].map(safeNumber), [2 ** 53 - 1, Number.NaN, Number.NaN]);
});

test('a difference of two products is what its residue says, when it is small', () => {
  const large = fc.bigInt({ min: 0n, max: 10n ** 60n });
  const difference = fc.bigInt({ min: -BigInt(SMALL), max: BigInt(SMALL) });
  fc.assert(
    fc.property(large, large, difference, fc.maxSafeInteger(), (a, b, e, x) => {
      const product = timesResidue(residueOf(a), residueOf(b));
      assert.equal(product, residueOf(a * b));
      assert.equal(small(product - residueOf(a * b - e)), Number(e));
      assert.equal(residue(x), residueOf(BigInt(x)));
    }),
    { numRuns: 2000 },
  );
});

/** xorshift32, as everywhere in the tests. */
function drawer(seed: number) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 4294967296;
  };
  for (let i = 0; i < 4; i++) next();
  return next;
}

/** Coefficients with so many digits, or needs so large, that no double holds them together. */
function withManyDigits(scenario: Scenario, next: () => number): Scenario {
  const digits = (x: number) => Number((x * (1 + next())).toPrecision(15));
  const some = (edit: () => void) => {
    if (next() < 0.3) edit();
  };
  const s = structuredClone(scenario);
  some(() => {
    for (const r of s.resources) r.weightKg = next() < 0.5 ? digits(1e-6) : digits(500);
  });
  some(() => {
    for (const r of s.routes) r.km = digits(100);
  });
  some(() => {
    for (const r of s.routes) r.costPerTonne = next() < 0.5 ? digits(1e-9) : digits(3e7);
  });
  some(() => {
    for (const r of s.regions) r.priority = next() < 0.5 ? digits(1e-8) : digits(20);
    for (const r of s.resources) r.importance = digits(3);
  });
  const large = (quantity: number) => Math.round(quantity * 1e8);
  some(() => {
    for (const { stock } of s.depots) for (const id in stock) stock[id] = large(stock[id]!);
    for (const { demand } of s.regions)
      for (const [id, due] of Object.entries(demand))
        demand[id] = typeof due === 'number' ? large(due) : due.map(large);
  });
  return s;
}

interface Case {
  network: Network;
  policy: Policy;
  prices: Prices;
  money: Decimal;
  weights: Decimal[];
  /** Points that a tonne is worth which departs as planned. */
  stay: Decimal;
}

/** A plan before, more than the flow can carry now and then, with a tonne that can no longer depart. */
function drawPlan({ upper, exact, K }: Network, int: (below: number) => number): NonNullable<Network['planned']> {
  const ship = upper.ship.map((u) => (int(2) ? 0 : int(2) ? Math.floor((u * int(1000)) / 700) : int(5)));
  let tonnes = decimal(1);
  ship.forEach((lots, i) => {
    tonnes = plus(tonnes, times({ units: exact.weight.units[i % K]!, scale: exact.weight.scale }, decimal(lots)));
  });
  return { ship, tonnes };
}

/** Random prices, half of those of goods moved to within two units of where a shipment or a band starts to pay. */
function drawCase(seed: number): Case {
  const next = drawer(seed);
  const int = (below: number) => Math.floor(next() * below);
  const scenario = seed % 3 === 0 ? withManyDigits(randomScenario(seed), next) : randomScenario(seed);
  const network = compileNetwork(complete(scenario));
  const stay = seed % 4 < 2 ? decimal(0) : decimal((1 + int(1000)) / 1000);
  if (seed % 4 > 0) network.planned = drawPlan(network, int);
  const policy = compilePolicy(scenario.policy);
  const prices = {} as Prices; // filled for every block in the next loop
  for (const [name, size] of Object.entries(blockSizes(network, policy)) as [PriceBlockName, number][]) {
    const most = 10 ** (1 + int(14));
    const units = Float64Array.from({ length: size }, () => (next() < 0.3 ? 0 : int(most)));
    prices[name] = { units, scale: int(name === 'goods' ? 16 : 21) };
  }
  const money = plus({ units: BigInt(prices.budget.units[0]!), scale: prices.budget.scale }, decimal('0.001'));
  const weights = policy.stages.map(() => decimal(1 + int(1000) / 1000));
  const { arcs, K, D, H, R, T, exact } = network;
  const { goods } = prices;
  // a grid as fine as `writePrices` would take, on which doubles do not see the last unit of a worth
  const steepest = Math.max(...network.approx.points) * toNumber(slopeOf(policy, weights, 0));
  if (seed % 2 && steepest > 0) goods.scale = Math.max(0, 15 - Math.ceil(Math.log10(steepest)));
  const near = (row: number, value: Decimal) => {
    const units = Number(floorDiv(value, 1n, goods.scale).units) + int(5) - 2;
    if (next() < 0.5 && units >= 0 && units < 2 ** 53) goods.units[row] = units;
  };
  const point = ({ units, scale }: Grid, row: number): Decimal => ({ units: BigInt(units[row]!), scale });
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      // what is planned saves so much a lot, what is more costs it
      const kept = times({ units: exact.weight.units[k]!, scale: exact.weight.scale }, stay);
      const way = plus(wayPrice(network, prices, money, a, k), int(2) ? kept : { ...kept, units: -kept.units });
      near(arcs.to[a]! * K + k, plus(point(goods, arcs.from[a]! * K + k), way));
    }
  for (let i = R * T * K - 1; i >= 0; i--) {
    const [j, t, k] = [Math.floor(i / (T * K)), Math.floor(i / K) % T, i % K];
    const durable = network.scenario.resources[k]!.kind === 'durable';
    if (next() < 0.5 || (durable && t + 1 < T)) continue;
    const points = { units: exact.points.units[j * K + k]!, scale: exact.points.scale };
    let worth = times(points, slopeOf(policy, weights, int(policy.bands.widths.length)));
    for (const block of [prices.floor, prices.maxmin, prices.leximin]) worth = plus(worth, point(block, j * K + k));
    if (durable) worth = plus(worth, point(prices.backlog, i));
    near((D + H) * T * K + i, worth);
  }
  return { network, policy, prices, money, weights, stay };
}

test('shipments and bands add up to the last digit, also where profits are a unit above or below zero', () => {
  let paid = 0;
  for (let seed = 0; seed < 400; seed++) {
    const { network, policy, prices, money, weights, stay } = drawCase(seed);
    const ships = plainShips(network, prices, money, stay);
    const found = plus(shipTerm(network, prices, money, stay), stayTerm(network, prices, money, stay));
    assert.equal(format(found), format(ships), `seed ${seed}: shipments`);
    const bands = plainBands(network, policy, prices, weights);
    assert.equal(format(bandTerm(network, policy, prices, weights)), format(bands), `seed ${seed}: bands`);
    if (ships.units > 0n) paid++;
    if (bands.units > 0n) paid++;
  }
  assert.ok(paid > 400, `${paid} sums above zero`);
});

test('need and cost of a plan add up to the last digit, however many digits they have', () => {
  for (let seed = 0; seed < 300; seed++) {
    const { network, policy } = drawCase(seed);
    const next = drawer(seed);
    const { arcs, K, R, T, exact, need } = network;
    const plan = {
      ship: network.upper.ship.map((u) => Math.floor(u * next())),
      met: need.map((n) => Math.floor(n * next())),
    };
    let cost = 0n;
    for (let a = 0; a < arcs.count; a++)
      for (let k = 0; k < K; k++)
        cost += exact.costPerTonne.units[arcs.route[a]!]! * exact.weight.units[k]! * BigInt(plan.ship[a * K + k]!);
    const scale = exact.costPerTonne.scale + exact.weight.scale;
    assert.equal(format(planCost(network, plan)), format({ units: cost, scale }), `seed ${seed}`);
    const { denominator, widths, slopes } = policy.bands;
    const values = stageMaximands(network, policy, plan);
    policy.stages.forEach((stage, s) => {
      if (stage.stage !== 'need') return;
      let points = 0n;
      for (let i = 0; i < R * T * K; i++) {
        let left = BigInt(plan.met[i]!) * denominator;
        widths.forEach((width, b) => {
          const most = width * BigInt(need[i]!);
          const amount = left < most ? left : most;
          points += exact.points.units[Math.floor(i / (T * K)) * K + (i % K)]! * slopes[s]!.units[b]! * amount;
          left -= amount;
        });
      }
      const spent = times({ units: cost * denominator, scale }, policy.costWeight[s]!);
      const value = plus(
        { units: points, scale: exact.points.scale + slopes[s]!.scale },
        { ...spent, units: -spent.units },
      );
      // the stated value is rounded down at twelve decimals where it does not end
      const short = plus(value, { units: -values[s]!.units * denominator, scale: values[s]!.scale });
      assert.ok(
        short.units >= 0n && short.units < denominator * 10n ** BigInt(Math.max(0, short.scale - 12)),
        `seed ${seed}`,
      );
    });
  }
});

test('quantities of lots and lots of quantities are those of exact decimals', () => {
  const lots = fc.oneof(fc.nat(), fc.maxSafeNat());
  const lot = fc.oneof(
    fc.constantFrom(1, 0.0001, 0.03, 100, 1e-7, 1.5e300, 5e-324, 0.1, 123456789.125),
    fc.double({ min: 1e-12, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(lots, lot, fc.integer({ min: -2, max: 2 }), (count, size, off) => {
      const network = {
        exact: { lot: [decimal(size)] },
        scenario: { resources: [{ lot: size }] },
      } as unknown as Network; // all that the two read
      const nearest = Number(format(times(decimal(size), { units: BigInt(count), scale: 0 })));
      const quantity = quantityOf(network, count, 0);
      assert.equal(quantity, nearest);
      // also one double further, which is no whole number of lots
      for (const q of [quantity, quantity * (1 + off * Number.EPSILON)].filter(Number.isFinite)) {
        const counted = countLots(q, size);
        assert.equal(lotsOf(network, q, 0), counted.kind === 'whole' ? counted.lots : null);
      }
    }),
    { numRuns: 3000 },
  );
});
