/** The arithmetic under every proof, against rationals in plain BigInt, and the slopes against sixty-digit decimals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utilityBands } from '../engine/bands.js';
import {
  atScale,
  ceilDiv,
  type Decimal,
  decimal,
  fixed,
  floorDiv,
  format,
  plus,
  times,
  toNumber,
} from '../engine/proof/exact.js';
import { relativeGap } from '../engine/proof/gap.js';
import { roundDown } from '../engine/proof/values.js';

/** A rational number; compared crosswise, so that it shares nothing with scales. */
type Ratio = [numerator: bigint, denominator: bigint];
const ratio = (d: Decimal): Ratio => [d.units, 10n ** BigInt(d.scale)];
const compare = ([a, b]: Ratio, [c, d]: Ratio): number => (a * d < c * b ? -1 : a * d > c * b ? 1 : 0);
const same = (a: Ratio, b: Ratio, what = '') => assert.equal(compare(a, b), 0, `${what} ${a} ≠ ${b}`);

const decimals = fc
  .record({ units: fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), scale: fc.nat({ max: 30 }) })
  .map((d): Decimal => d);
const divisors = fc.bigInt({ min: 1n, max: 10n ** 12n });
const places = fc.nat({ max: 20 });

/** The rational behind a double's shortest digits, read in another way than `decimal` reads them. */
function written(text: string): Ratio {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const point = mantissa.indexOf('.');
  const digits = BigInt(mantissa.replace('.', ''));
  const power = Number(exponent) - (point < 0 ? 0 : mantissa.length - point - 1);
  return power >= 0 ? [digits * 10n ** BigInt(power), 1n] : [digits, 10n ** BigInt(-power)];
}

test('a number means the shortest decimal that reads back as the same double', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const d = decimal(x);
      same(ratio(d), written(String(x)));
      assert.ok(d.scale === 0 || d.units % 10n !== 0n, 'no trailing zeros are kept');
      assert.equal(toNumber(d), x === 0 ? 0 : x); // −0 is 0
      assert.equal(Number(format(d)), x === 0 ? 0 : x);
    }),
    { numRuns: 2000 },
  );
  same(ratio(decimal(0.1)), [1n, 10n]);
  same(ratio(decimal(1e21)), [10n ** 21n, 1n]);
  same(ratio(decimal(5e-324)), [5n, 10n ** 324n]);
});

test('what is formatted reads back as the same rational, and nothing else is read', () => {
  fc.assert(
    fc.property(decimals, (d) => {
      const text = format(d);
      assert.match(text, /^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
      same(ratio(decimal(text)), ratio(d));
    }),
    { numRuns: 2000 },
  );
  assert.equal(format({ units: -0n, scale: 5 }), '0');
  assert.equal(format({ units: -1250n, scale: 2 }), '-12.5');
  for (const bad of ['', ' ', '1,5', '.5', '5.', '+1', '0x10', '1e', 'Infinity', 'NaN', '١', '1 ', '--1', '1\n2'])
    assert.throws(() => decimal(bad), RangeError, JSON.stringify(bad));
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => decimal(bad), RangeError);
});

test('sum, product and common scale are those of rationals', () => {
  fc.assert(
    fc.property(decimals, decimals, decimals, (a, b, c) => {
      const [[p, q], [r, s]] = [ratio(a), ratio(b)];
      same(ratio(plus(a, b)), [p * s + r * q, q * s]);
      same(ratio(times(a, b)), [p * r, q * s]);
      same(ratio(times(a, plus(b, c))), ratio(plus(times(a, b), times(a, c))), 'distributive');
      const list = [a, b, c];
      const together = fixed(list);
      assert.equal(together.scale, Math.max(...list.map((d) => d.scale)));
      together.units.forEach((units, i) => {
        same(ratio({ units, scale: together.scale }), ratio(list[i]!));
        assert.equal(units, atScale(list[i]!, together.scale));
      });
    }),
    { numRuns: 1000 },
  );
});

test('quotients are rounded outward: down and up by less than one unit of the last place, exact where they end', () => {
  fc.assert(
    fc.property(decimals, divisors, places, (a, divisor, scale) => {
      const [p, q] = ratio(a);
      const exact: Ratio = [p, q * divisor];
      const [down, up] = [floorDiv(a, divisor, scale), ceilDiv(a, divisor, scale)];
      assert.ok(compare(ratio(down), exact) <= 0 && compare(ratio(up), exact) >= 0);
      const apart = up.units - down.units;
      assert.equal(apart, compare(ratio(down), exact) === 0 ? 0n : 1n);
      assert.equal(down.scale, scale);
    }),
    { numRuns: 2000 },
  );
  assert.equal(format(floorDiv(decimal(-1), 3n, 4)), '-0.3334');
  assert.equal(format(ceilDiv(decimal(-1), 3n, 4)), '-0.3333');
  assert.equal(format(ceilDiv(decimal(1), 3n, 4)), '0.3334');
});

test('a stage value is never rounded up: thirds are cut at twelve decimals, what ends is kept whole', () => {
  fc.assert(
    fc.property(decimals, divisors, (a, divisor) => {
      const [p, q] = ratio(a);
      const found = ratio(roundDown({ ...a, divisor }));
      const exact: Ratio = [p, q * divisor];
      assert.ok(compare(found, exact) <= 0);
      const short: Ratio = [exact[0] * found[1] - found[0] * exact[1], exact[1] * found[1]];
      assert.ok(compare(short, [1n, 10n ** 12n]) < 0);
      let rest = divisor;
      for (const prime of [2n, 5n]) while (rest % prime === 0n) rest /= prime;
      if (a.units % rest === 0n) same(found, exact, 'a quotient that ends');
    }),
    { numRuns: 1000 },
  );
  assert.equal(format(roundDown({ ...decimal(2), divisor: 3n })), '0.666666666666');
  assert.equal(format(roundDown({ ...decimal(-2), divisor: 3n })), '-0.666666666667');
  assert.equal(format(roundDown({ ...decimal(1), divisor: 2n ** 20n })), '0.00000095367431640625');
});

test('a gap is never rounded down, and has six digits', () => {
  fc.assert(
    fc.property(decimals, decimals, decimals, (value, bound, scale) => {
      const gap = relativeGap(value, bound, scale);
      const [p, q] = ratio(plus(value, { units: -bound.units, scale: bound.scale }));
      const [r, s] = ratio(scale);
      const magnitude = (x: bigint) => (x < 0n ? -x : x);
      if (p === 0n) return assert.equal(gap, 0);
      if (r === 0n) return assert.equal(gap, 1);
      const exact: Ratio = [magnitude(p) * s, q * magnitude(r)];
      const stated = written(String(gap));
      assert.ok(compare(stated, exact) >= 0, `${gap} is less than ${exact}`);
      assert.ok(compare(stated, [exact[0] * 100_001n, exact[1] * 100_000n]) <= 0, `${gap} is far above ${exact}`);
    }),
    { numRuns: 2000 },
  );
});

const slopes = (alpha: number, bands: number) =>
  utilityBands({ stage: 'need', alpha, bands, costWeight: 0, tolerance: 0 }).map((b) => format(b.slope));

test('slopes of α-fair bands have the digits of ((b − ½) ÷ B)^−α', () => {
  // Python's decimal module with 60 digits, ROUND_HALF_UP at 9 places
  const known: [number, number, string][] = [
    [0, 4, '1 1 1 1'],
    [0.1, 2, '1.148698355 1.029186009'],
    [0.5, 4, '2.828427125 1.632993162 1.264911064 1.069044968'],
    [1, 3, '6 2 1.2'],
    [1.3, 7, '30.900566853 7.408133759 3.813339225 2.462288827 1.776033626 1.368220067 1.101133786'],
    [2, 10, '400 44.444444444 16 8.163265306 4.938271605 3.305785124 2.366863905 1.777777778 1.384083045 1.108033241'],
    [2.75, 6, '928.428421096 45.254833996 11.106594463 4.402798568 2.205878185 1.270335815'],
    [3, 5, '1000 37.037037037 8 2.915451895 1.371742112'],
    [12.5, 3, '5332006004.303605562 5792.61875148 9.767098681'],
  ];
  for (const [alpha, bands, expected] of known)
    assert.deepEqual(slopes(alpha, bands), expected.split(' '), `α ${alpha}`);
});

test('slopes fall from band to band, rise with α, and limits are equal parts of coverage', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), (hundredths, count) => {
      const alpha = hundredths / 100;
      const bands = utilityBands({ stage: 'need', alpha, bands: count, costWeight: 0, tolerance: 0 });
      const steeper = utilityBands({ stage: 'need', alpha: alpha + 0.01, bands: count, costWeight: 0, tolerance: 0 });
      bands.forEach(({ slope, upTo }, b) => {
        same([upTo.numerator, upTo.denominator], [BigInt(b + 1), BigInt(count)]);
        if (b > 0) assert.ok(compare(ratio(slope), ratio(bands[b - 1]!.slope)) <= 0);
        assert.ok(compare(ratio(slope), ratio(steeper[b]!.slope)) <= 0);
        // Math.pow is good to about 15 digits
        const about = ((b + 0.5) / count) ** -alpha;
        assert.ok(Math.abs(toNumber(slope) - about) <= 1e-9 + 1e-12 * about);
      });
    }),
    { numRuns: 150 },
  );
});
