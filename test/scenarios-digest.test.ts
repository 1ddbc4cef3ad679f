/** Canonical JSON written in pieces against the reference implementation of RFC 8785's author. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, digestOf, sameJson, writeCanonical } from '../scenarios/index.js';

const text = (value: unknown) => new TextDecoder().decode(canonicalBytes(value));
const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 5, stringUnit: 'grapheme' });

test('canonical JSON is that of the reference, whatever is in it', () => {
  fc.assert(
    fc.property(json, (value) => assert.equal(text(value), canonicalize(value))),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), fc.nat()), (x) =>
      assert.equal(text([x, -x, x / 7]), JSON.stringify([x, -x, x / 7])),
    ),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat({ max: 18 }), (units, places) => {
      const list = [units, units % 1e9, units % 1e5].map((n) => n / 10 ** places);
      assert.equal(text(list), JSON.stringify(list));
    }),
    { numRuns: 5000 },
  );
  const mixed = {
    b: [undefined, 1e21, -0, 1e9, 999_999_999, 1e-7],
    a: undefined,
    '': 'ä"\\\u0001\u007f😀',
    B: new Date(0),
  };
  assert.equal(text(mixed), canonicalize(mixed));
});

test('pieces together are the whole, at every length around the end of a piece', () => {
  for (let length = 65_500; length < 65_560; length++) {
    const value = { filler: 'x'.repeat(length), n: 123_456_789, s: 'ü"', t: 'plain', list: [1, 22, 333] };
    assert.equal(text(value), canonicalize(value), `${length}`);
  }
  const long = {
    long: 'é'.repeat(300_000),
    rows: Array.from({ length: 30_000 }, (_, i) => ({ i, id: `R${i}`, x: i / 7 })),
  };
  let pieces = 0;
  writeCanonical(long, () => pieces++);
  assert.ok(pieces > 5);
  assert.equal(text(long), canonicalize(long));
  assert.equal(digestOf(long), bytesToHex(sha256(new TextEncoder().encode(canonicalize(long)!))));
});

test('what JSON cannot hold is refused, wherever it stands', () => {
  const circle: { self?: unknown } = {};
  circle.self = [circle];
  for (const bad of [Number.NaN, Infinity, 1n, () => 1, '\ud800', 'a\udc00b', circle])
    for (const value of [bad, [bad], { a: { b: bad } }])
      assert.throws(() => canonicalBytes(value), TypeError, String(value));
  for (const value of [undefined, Symbol('s'), { '\ud800': 1 }]) assert.throws(() => digestOf(value), TypeError);
  const twice = { x: 1 };
  assert.equal(text([twice, twice]), '[{"x":1},{"x":1}]');
});

test('two values are the same JSON exactly when their canonical texts are', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, v]) => [key, shuffled(v)]),
    );
  };
  fc.assert(
    fc.property(json, json, (a, b) => {
      assert.ok(sameJson(a, shuffled(a)));
      assert.equal(sameJson(a, b), text(a) === text(b));
      // one place changed
      assert.ok(
        !sameJson({ a, b: [b, 1] }, { a, b: [b, 2] }) && !sameJson({ a, b }, { a }) && !sameJson({ a }, { a, b }),
      );
    }),
    { numRuns: 1000 },
  );
  assert.ok(
    sameJson({ a: 1, b: undefined }, { a: 1 }) && sameJson({ a: 1 }, { b: undefined, a: 1 }) && sameJson(0, -0),
  );
  for (const [a, b] of [
    [Number.NaN, Number.NaN],
    [[], {}],
    [{}, []],
    [null, {}],
    [{}, null],
    [[1], [1, 2]],
    ['1', 1],
    [{ a: 1 }, { b: 1 }],
  ])
    assert.ok(!sameJson(a, b));
});
