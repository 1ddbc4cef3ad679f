/** Ed25519 keys and signatures: the vectors of RFC 8032, and keys that must be refused, found by arithmetic of the test's own. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, toHex, utf8 } from '../server/ledger/bytes.js';
import { ed25519Of, newEd25519, verifyEd25519 } from '../server/ledger/ed25519.js';
import { formatVerifierKey, parseVerifierKey } from '../server/ledger/note.js';
import { verifyPortable } from '../server/ledger/portable.js';
import { keyFault } from '../server/ledger/publickey.js';

// Edwards25519 in affine coordinates, straight from RFC 8032, section 5.1.
const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a: bigint) => ((a % p) + p) % p;
const power = (base: bigint, e: bigint): bigint =>
  e === 0n ? 1n : mod(power(mod(base * base), e >> 1n) * (e & 1n ? base : 1n));
const inverse = (a: bigint) => power(mod(a), p - 2n);
const d = mod(-121665n * inverse(121666n));
type Point = readonly [x: bigint, y: bigint];

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const t = mod(d * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * inverse(1n + t)), mod((y1 * y2 + x1 * x2) * inverse(1n - t))];
}

function times(k: bigint, point: Point): Point {
  let sum: Point = [0n, 1n];
  for (let i = BigInt(k.toString(2).length) - 1n; i >= 0n; i--) {
    sum = add(sum, sum);
    if ((k >> i) & 1n) sum = add(sum, point);
  }
  return sum;
}

/** A point with that y; undefined where there is none. */
function pointAt(y: bigint): Point | undefined {
  const xx = mod((y * y - 1n) * inverse(d * y * y + 1n));
  const x = power(xx, (p + 3n) / 8n);
  for (const root of [x, mod(x * power(2n, (p - 1n) / 4n))]) if (mod(root * root) === xx) return [root, y];
  return undefined;
}

/** 32 bytes of y and the sign of x, whatever they say. */
function encoded(y: bigint, sign: number): Uint8Array {
  const bytes = Uint8Array.from(fromHex(y.toString(16).padStart(64, '0'))!).reverse();
  bytes[31]! |= sign << 7;
  return bytes;
}

test('every point whose order divides 8 is refused as a key, in every spelling', () => {
  const found = new Map<string, Point>();
  for (let y = 2n; found.size < 8; y++) {
    const point = pointAt(y);
    if (!point) continue;
    const torsion = times(order, point);
    for (let k = 0n; k < 8n; k++) {
      const small = times(k, torsion);
      found.set(small.join(), small);
    }
  }
  assert.equal(found.size, 8);
  for (const [x, y] of found.values()) {
    assert.deepEqual(times(8n, [x, y]), [0n, 1n]);
    for (const sign of [0, 1]) assert.match(keyFault(encoded(y, sign)) ?? '', /small order/);
  }
});

test('a y that is not below the field is refused, whatever its sign', () => {
  for (let y = p; y < 2n ** 255n; y++)
    for (const sign of [0, 1]) assert.match(keyFault(encoded(y, sign)) ?? '', /not canonical/, `${y - p} ${sign}`);
  assert.doesNotMatch(keyFault(encoded(p - 2n, 0)) ?? '', /not canonical/);
});

test('a key is taken exactly where there is a point, and keys that are made are', () => {
  let none = 0;
  for (let y = 2n; y < 60n; y++) {
    const there = pointAt(y) !== undefined;
    if (!there) none++;
    assert.equal(keyFault(encoded(y, 0)) === null, there, `y = ${y}`);
  }
  assert(none > 10);
  for (let i = 0; i < 20; i++) {
    const { publicKey } = newEd25519();
    const before = toHex(publicKey);
    assert.equal(keyFault(publicKey), null);
    assert.equal(toHex(publicKey), before);
  }
  assert.match(keyFault(new Uint8Array(31)) ?? '', /32 bytes/);
});

test('a refused key is no verifier key, and its signatures do not hold', () => {
  const identity = encoded(1n, 0);
  // S = 0, R = identity: with the identity as the key this satisfies the equation for every message.
  const forged = new Uint8Array(64);
  forged[0] = 1;
  for (const key of [identity, encoded(p + 1n, 0), encoded(0n, 1)]) {
    assert.equal(parseVerifierKey(formatVerifierKey('somebody', key)), undefined);
    assert.equal(verifyEd25519(key, utf8('anything'), forged), false);
    assert.equal(verifyPortable(key, utf8('anything'), forged), false);
  }
});

test('RFC 8032, section 7.1: tests 3 and SHA(abc); S must be below the order', () => {
  const vectors = [
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
    [
      '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
      'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
    ],
  ] as const;
  for (const [seed, publicKey, message, signature] of vectors) {
    const key = ed25519Of(fromHex(seed)!);
    assert.equal(toHex(key.publicKey), publicKey);
    assert.equal(toHex(key.sign(fromHex(message)!)), signature);
    assert(verifyEd25519(key.publicKey, fromHex(message)!, fromHex(signature)!));
    assert(verifyPortable(key.publicKey, fromHex(message)!, fromHex(signature)!));
    // The same point with S + L: another signature of the same message, which RFC 8032 forbids.
    const bytes = fromHex(signature)!;
    const s = BigInt(`0x${toHex(bytes.slice(32).reverse())}`) + order;
    bytes.set(fromHex(s.toString(16).padStart(64, '0'))!.reverse(), 32);
    assert(!verifyEd25519(key.publicKey, fromHex(message)!, bytes));
    assert(!verifyPortable(key.publicKey, fromHex(message)!, bytes));
  }
});

/** What the page has in the place of node:crypto where a browser has no Ed25519. */
function bothSay(key: Uint8Array, message: Uint8Array, signature: Uint8Array, what: string): boolean {
  const answer = verifyEd25519(key, message, signature);
  assert.equal(verifyPortable(key, message, signature), answer, `${what}: ${toHex(key)} ${toHex(signature)}`);
  return answer;
}

test('the portable verifier says of every signature what node:crypto says, also of malformed ones', () => {
  for (let i = 0; i < 60; i++) {
    const key = newEd25519();
    const message = randomBytes(i * 3);
    const signature = key.sign(message);
    assert.equal(bothSay(key.publicKey, message, signature, 'as signed'), true);
    const bent = Uint8Array.from(signature);
    bent[randomInt(64)]! ^= 1 << randomInt(8);
    assert.equal(bothSay(key.publicKey, message, bent, 'one bit of the signature'), false);
    const other = Uint8Array.from(key.publicKey);
    other[randomInt(32)]! ^= 1 << randomInt(8);
    bothSay(other, message, signature, 'one bit of the key');
    assert.equal(bothSay(key.publicKey, Uint8Array.of(...message, 0), signature, 'a byte more'), false);
    // S + L: the same point, another signature
    const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + order;
    const second = Uint8Array.from(signature);
    second.set(fromHex(s.toString(16).padStart(64, '0'))!.reverse(), 32);
    assert.equal(bothSay(key.publicKey, message, second, 'S + L'), false);
    bothSay(randomBytes(32), message, randomBytes(64), 'noise');
    for (const [k, m] of [
      [key.publicKey.slice(1), signature],
      [key.publicKey, signature.slice(1)],
    ] as const)
      assert.equal(bothSay(k, message, m, 'a byte short'), false);
  }
});

test('where cofactors matter the portable verifier and node:crypto refuse and take the same', () => {
  const base = pointAt(mod(4n * inverse(5n)))!;
  const B: Point = [base[0] % 2n === 0n ? base[0] : mod(-base[0]), base[1]];
  assert.deepEqual(times(order, B), [0n, 1n]);
  let small: Point = [0n, 1n];
  for (let y = 2n; times(4n, small)[1] === 1n; y++) small = times(order, pointAt(y) ?? B);
  // short ones: they are multiplied by the test's own slow arithmetic
  const scalar = () => BigInt(randomInt(2 ** 32)) + 1n;
  const seen = { taken: 0, refused: 0 };
  for (let i = 0; i < 24; i++) {
    // keys and R with a part of small order: 8 times the equation holds always, the equation itself now and then
    const [a, r] = [scalar(), scalar()];
    const A = add(times(a, B), times(BigInt(i % 8), small));
    const R = add(times(r, B), times(BigInt(i >> 2), small));
    const key = encoded(A[1], Number(A[0] & 1n));
    const head = encoded(R[1], Number(R[0] & 1n));
    const message = utf8(`message ${i}`);
    const k = BigInt(
      `0x${createHash('sha512').update(head).update(key).update(message).digest().reverse().toString('hex')}`,
    );
    const signature = Uint8Array.of(...head, ...encoded((r + k * a) % order, 0));
    seen[bothSay(key, message, signature, `cofactors ${i}`) ? 'taken' : 'refused']++;
  }
  assert(seen.taken > 0 && seen.refused > 10, JSON.stringify(seen));
});
