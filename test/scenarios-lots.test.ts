/** Decimals are exact; the numerics of the generator are right as well as the same everywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countLots, decimalOf, decimalText, greatCircleKm, routeKm } from '../scenarios/index.js';
import { lotCounter } from '../scenarios/lots.js';
import { exp, normal, uniform } from '../scenarios/random.js';

test('three lots of 0.1 are 0.3, though in binary they are not', () => {
  assert.deepEqual(countLots(0.3, 0.1), { kind: 'whole', lots: 3 });
  assert.deepEqual(countLots(0.1 + 0.2, 0.1), { kind: 'broken', below: '0.3', above: '0.4' });
  assert.deepEqual(countLots(1e-7, 1e-7), { kind: 'whole', lots: 1 });
  assert.deepEqual(countLots(0, 0.25), { kind: 'whole', lots: 0 });
  assert.deepEqual(countLots(1e21, 1e21), { kind: 'whole', lots: 1 });
  assert.deepEqual(countLots(9007199254740991, 1), { kind: 'whole', lots: 9007199254740991 });
  assert.deepEqual(countLots(9007199254740992, 1), { kind: 'too many', most: '9007199254740991' });
  // The most lots and a part of one: the multiple above could not be counted.
  assert.deepEqual(countLots(6305039478318694, 0.7), { kind: 'too many', most: '6305039478318693.7' });
});

test('n lots written as a decimal are n lots again, and one unit of the last place more is not', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.integer({ min: 2, max: 999 }),
      fc.integer({ min: 0, max: 6 }),
      (n, digits, places) => {
        const lot = Number(`${digits}e-${places}`);
        const quantity = Number(`${n * digits}e-${places}`);
        assert.deepEqual(countLots(quantity, lot), { kind: 'whole', lots: n });
        assert.equal(countLots(Number(`${n * digits + 1}e-${places}`), lot).kind, 'broken');
      },
    ),
  );
});

test('a counter of lots says what countLots says', () => {
  const number = fc.oneof(
    fc.constantFrom(0, -0, 0.3, 0.1 + 0.2, 1e-7, 1e21, 1e15, 1e15 - 1, 2 ** 53 - 1, 2 ** 53, 5e-324, 1e-25, 0.7),
    fc.double({ min: 0, max: 1e20, noNaN: true }),
    fc.tuple(fc.nat(99_999_999), fc.nat(12)).map(([n, places]) => Number(`${n}e-${places}`)),
    fc.tuple(fc.nat(9999), fc.nat(14)).map(([n, zeros]) => Number(`${n}e${zeros}`)),
  );
  fc.assert(
    fc.property(number, number, fc.nat(1e9), (quantity, lot, n) => {
      if (lot === 0) return;
      for (const q of [quantity, n * lot, Number(String(n * lot).slice(0, 14))]) {
        if (!(Number.isFinite(q) && q >= 0)) continue;
        const counted = countLots(q, lot);
        assert.equal(lotCounter(lot)(q) + 0, counted.kind === 'whole' ? counted.lots : Number.NaN, `${q} in ${lot}`);
      }
    }),
    { numRuns: 2000 },
  );
});

test('the decimal behind a double reads back as the same double', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e25, max: 1e25 }), (x) => {
      assert.equal(Number(decimalText(decimalOf(x))), x === 0 ? 0 : x);
    }),
  );
});

test('exp agrees with the platform to 14 digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -30, max: 30 }), (x) => {
      assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-14);
    }),
  );
});

test('normal variates have mean 0 and variance 1', () => {
  const next = uniform(7);
  const n = 20_000;
  const xs = Array.from({ length: n }, () => normal(next));
  const mean = xs.reduce((a, b) => a + b, 0) / n;
  const variance = xs.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
  // Five standard errors.
  assert.ok(Math.abs(mean) < 5 / Math.sqrt(n) && Math.abs(variance - 1) < 5 * Math.sqrt(2 / n));
});

test('great circles: a degree of the equator, half way round, and Antananarivo to Toamasina', () => {
  assert.ok(Math.abs(greatCircleKm([0, 0], [1, 0]) - 111.195) < 0.001);
  assert.ok(Math.abs(greatCircleKm([0, 0], [180, 0]) - Math.PI * 6371.0088) < 1e-6);
  assert.ok(Math.abs(greatCircleKm([47.5475, -18.9185], [49.4023, -18.1492]) - 213.6) < 1);
  assert.equal(routeKm([0, 0], [1, 0], 'truck'), 155.673);
  assert.equal(routeKm([0, 0], [1, 0], 'constructor'), routeKm([0, 0], [1, 0], 'truck'));
});
