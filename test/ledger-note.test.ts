/** Canonical JSON, signatures, notes, checkpoints, proofs and tile names against the values of their specifications. */
import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { fromBase64, fromHex, toBase64, toHex, utf8 } from '../server/ledger/bytes.js';
import { canonicalBytes, canonicalText, entryBytes } from '../server/ledger/canonical.js';
import { peekCheckpoint } from '../server/ledger/checkpoint.js';
import { ed25519Of, verifyEd25519 } from '../server/ledger/ed25519.js';
import { decimal } from '../server/ledger/facts.js';
import { parseLogKey, readLogKey } from '../server/ledger/keys.js';
import { openNote, parseVerifierKey } from '../server/ledger/note.js';
import { formatProof, parseProof } from '../server/ledger/proof.js';
import { formatTilePath, parseTilePath } from '../server/ledger/tilename.js';
import { inTemporary } from './support/ledger-data.js';

const hex = (text: string): Uint8Array => fromHex(text) ?? assert.fail(text);

test('canonical JSON is that of the package canonicalize, whatever is in it', () => {
  const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 5, stringUnit: 'grapheme' });
  fc.assert(
    fc.property(json, (value) => assert.equal(canonicalText(value), canonicalize(value))),
    { numRuns: 3000 },
  );
  const mixed = {
    b: [undefined, 1e21, -0, 5e-324, 1e-7, Symbol('absent')],
    a: undefined,
    '10': 1,
    '9': 2,
    '\u{10000}': 'after \uffff by characters, before it by UTF-16 units',
    '\uffff': '',
    '': 'ä"\\\u0001\u007f😀',
    B: new Date(0),
  };
  assert.equal(canonicalText(mixed), canonicalize(mixed));
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  const same = { x: 1 };
  assert.equal(canonicalText([same, same]), '[{"x":1},{"x":1}]');
  for (const bad of [undefined, () => 1, [Number.NaN], { a: -Infinity }, 1n, '\ud800', { '\udc00': 1 }, cycle])
    assert.throws(() => canonicalText(bad), TypeError);
});

test('RFC 8785, section 3.2.3: the example comes out as printed there', () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  );
  const expected =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(Buffer.from(canonicalBytes(value)).toString(), expected);
});

test('an entry takes no undefined, no fraction and no integer that others would round', () => {
  for (const value of [undefined, 0.5, 2 ** 53, Number.NaN, -0])
    assert.throws(() => entryBytes({ a: [1, { b: value }] }), { name: 'TypeError', message: /\/a\/1\/b/ });
  assert.throws(() => canonicalBytes({ a: '\ud800' }), TypeError);
});

test('a gap is written as a plain decimal of the same value', () => {
  assert.deepEqual([1.5e-7, 0, 1e-4, 2.5e21, 12.25].map(decimal), [
    '0.00000015',
    '0',
    '0.0001',
    '2500000000000000000000',
    '12.25',
  ]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      assert.match(decimal(x), /^-?\d+(\.\d+)?$/);
      assert.equal(Number(decimal(x)), x === 0 ? 0 : x);
    }),
  );
});

test('RFC 8032, section 7.1, tests 1 and 2', () => {
  const vectors = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
  ];
  for (const { seed, publicKey, message, signature } of vectors) {
    const key = ed25519Of(hex(seed));
    assert.equal(toHex(key.publicKey), publicKey);
    assert.equal(toHex(key.sign(hex(message))), signature);
    assert(verifyEd25519(hex(publicKey), hex(message), hex(signature)));
    assert(!verifyEd25519(hex(publicKey), hex(`${message}00`), hex(signature)));
  }
});

// The note of golang.org/x/mod/sumdb/note, which the signed-note specification describes.
const goNote = {
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  signer: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

test('a note of the reference implementation is signed and verified alike', async () => {
  const note = `${goNote.text}\n${goNote.signature}`;
  assert.equal(parseLogKey(goNote.signer)?.signNote(goNote.text), note);
  assert.equal(parseLogKey(goNote.signer)?.verifierKey, goNote.verifier);
  const key = parseVerifierKey(goNote.verifier);
  assert(key);
  assert.equal(await openNote(note, key, verifyEd25519), goNote.text);
  const unknown = '— witness.example 4dbaPQMaIJB0FcQdMBqmbRdOGzXv\n';
  assert.equal(await openNote(note + unknown, key, verifyEd25519), goNote.text);
  assert.equal(await openNote(`${goNote.text}\n${unknown}`, key, verifyEd25519), undefined);
  assert.equal(await openNote(`x${note}`, key, verifyEd25519), undefined);
});

test('no bit of a signed note or of a verifier key can be flipped', async () => {
  const note = utf8(`${goNote.text}\n${goNote.signature}`);
  const key = parseVerifierKey(goNote.verifier)!;
  for (let bit = 0; bit < note.length * 8; bit++) {
    const flipped = note.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(await openNote(Buffer.from(flipped).toString(), key, verifyEd25519), undefined, `bit ${bit}`);
  }
  const encoded = utf8(goNote.verifier);
  for (let bit = 0; bit < encoded.length * 8; bit++) {
    const flipped = encoded.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(parseVerifierKey(Buffer.from(flipped).toString()), undefined, `bit ${bit}`);
  }
});

test('the example checkpoint of tlog-checkpoint is read; what differs from its format is not', () => {
  const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
  const signature =
    '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
  const checkpoint = peekCheckpoint(`example.com/behind-the-sofa\n20852163\n${root}\n\n${signature}`);
  assert.equal(checkpoint?.origin, 'example.com/behind-the-sofa');
  assert.equal(checkpoint.size, 20852163);
  assert.equal(toBase64(checkpoint.root), root);
  for (const text of [`a\n007\n${root}\n`, `a\n-1\n${root}\n`, `a\n7\n${root.slice(4)}\n`, `\n7\n${root}\n`, `a\n7\n`])
    assert.equal(peekCheckpoint(`${text}\n${signature}`), undefined);
});

test('a proof is read back as written, an extra line is passed over, anything else is refused', () => {
  const proof = {
    index: 73894,
    path: [new Uint8Array(32), new Uint8Array(32).fill(7)],
    checkpoint: 'a\n1\nb\n\n— c d\n',
  };
  const text = formatProof(proof);
  assert.deepEqual(parseProof(text), proof);
  assert.deepEqual(parseProof(text.replace('\nindex', '\nextra AAAA\nindex')), proof);
  for (const bad of [
    text.replace('@v1', '@v2'),
    text.replace('73894', '073894'),
    text.replace('index', 'extra'),
    text.replace('AAAA', 'AAA'),
  ])
    assert.equal(parseProof(bad), undefined);
});

test('tile names follow tlog-tiles, and only they are names', () => {
  assert.equal(formatTilePath({ level: 0, index: 1234067, width: 256 }), '0/x001/x234/067');
  assert.deepEqual(parseTilePath('entries/x001/234.p/5'), { level: 'entries', index: 1234, width: 5 });
  for (const bad of [
    '0/0',
    '00/000',
    '0/x000/001',
    '0/000.p/0',
    '0/000.p/256',
    '64/000',
    '0/000.p/01',
    '0/x001/x234/x067',
    'entries/000/',
  ])
    assert.equal(parseTilePath(bad), undefined, bad);
});

test('base64 has one spelling for each value', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(fromBase64(toBase64(bytes)), bytes)));
  for (const text of ['AAB=', 'AA', 'AA= =', 'AA==\n']) assert.equal(fromBase64(text), undefined, text);
});

test('a key file that others can read is refused', { skip: process.platform === 'win32' }, () =>
  inTemporary(async (dir) => {
    const path = join(dir, 'log.key');
    await writeFile(path, goNote.signer, { mode: 0o600 });
    assert.equal((await readLogKey(path))?.name, 'PeterNeumann');
    await chmod(path, 0o640);
    await assert.rejects(readLogKey(path), /can be read by others \(mode 640\)/);
  }),
);
