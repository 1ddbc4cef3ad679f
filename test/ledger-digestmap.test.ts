/** The verifier's map of digests against the language's own. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { newDigestMap } from '../server/ledger/digestmap.js';

test('holds what a Map of hexadecimal digests holds, by text and by bytes, through every growth', () => {
  const map = newDigestMap();
  const other = new Map<string, number>();
  const places = new Map<string, number>();
  const seed = randomBytes(8).toString('hex');
  const digestOf = (n: number) => createHash('sha256').update(`${seed} ${n}`).digest('hex');
  for (let n = 0; n < 5000; n++) {
    // every third comes again with another number, up to the largest that is exact
    const digest = digestOf(n % 3 === 2 ? Math.floor(n / 2) : n);
    const value = n % 7 === 0 ? Number.MAX_SAFE_INTEGER - n : n;
    const place = map.set(n % 2 ? digest : Buffer.from(digest, 'hex'), value);
    assert.equal(places.get(digest) ?? place, place, `seed ${seed}, ${n}`);
    places.set(digest, place);
    other.set(digest, value);
  }
  assert.equal(map.size(), other.size);
  for (const [digest, value] of other) {
    assert.equal(map.get(digest), value, `seed ${seed}`);
    assert.equal(map.get(Buffer.from(digest, 'hex')), value);
    assert.equal(map.digestAt(map.placeOf(digest)), digest);
  }
  for (let n = 5000; n < 6000; n++) assert.equal(map.get(digestOf(n)), undefined);
});

test('tells digests apart that differ in one bit, wherever it is', () => {
  const map = newDigestMap();
  const first = randomBytes(32);
  map.set(first, 1);
  for (let bit = 0; bit < 256; bit++) {
    const near = Buffer.from(first);
    near[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(map.get(near), undefined, `bit ${bit} of ${first.toString('hex')}`);
  }
});

test('what is no digest is not in it, and cannot be put in', () => {
  const map = newDigestMap();
  map.set('0'.repeat(64), 1);
  for (const none of [
    '',
    'ab',
    'G'.repeat(64),
    'A'.repeat(64),
    '0'.repeat(63),
    '0'.repeat(65),
    'é'.repeat(64),
    new Uint8Array(31),
  ]) {
    assert.equal(map.get(none), undefined);
    assert.equal(map.placeOf(none), -1);
    assert.throws(() => map.set(none, 1), RangeError);
  }
  assert.equal(map.size(), 1);
});
