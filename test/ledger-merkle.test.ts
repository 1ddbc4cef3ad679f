/** The tree against RFC 6962's known values, and as laws over all small sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../server/ledger/bytes.js';
import { leafHash } from '../server/ledger/digest.js';
import { addLeaf, emptyFrontier, frontierRoot } from '../server/ledger/frontier.js';
import {
  consistencyRanges,
  emptyRoot,
  inclusionRanges,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../server/ledger/merkle.js';
import { tileBytes } from '../server/ledger/tile.js';
import { emptyTree, grow, loadTree, rangeHashes, rootAt, type Tree } from '../server/ledger/tree.js';

// The eight inputs of the test suite of certificate-transparency, their roots and some proofs.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const inclusions: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
];
const consistencies: [from: number, size: number, path: string[]][] = [
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const hex = (text: string): Uint8Array => fromHex(text) ?? assert.fail(text);
const leaf = (n: number): Uint8Array => leafHash(Uint8Array.of(n >> 8, n));

/** A tree whose tiles are kept in a map, as in the store. */
function stored(): { tree: Tree; tiles: Map<string, Uint8Array>; add(leaves: Uint8Array[]): void } {
  const tiles = new Map<string, Uint8Array>();
  const tree = emptyTree(async (level, index) => tiles.get(`${level}/${index}`));
  const add = (leaves: Uint8Array[]): void => {
    for (const { level, index, tile } of grow(tree, leaves)) tiles.set(`${level}/${index}`, tileBytes(tile));
  };
  return { tree, tiles, add };
}

test('roots and proofs of RFC 6962 have their known values', async () => {
  const { tree, add } = stored();
  const leaves = inputs.map((input) => leafHash(hex(input)));
  add(leaves);
  assert.equal(toHex(await rootAt(tree, 0)), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const [i, root] of roots.entries()) assert.equal(toHex(await rootAt(tree, i + 1)), root);
  for (const [index, size, path] of inclusions) {
    assert.deepEqual((await rangeHashes(tree, inclusionRanges(index, size))).map(toHex), path);
    assert(verifyInclusion(leaves[index]!, index, size, path.map(hex), hex(roots[size - 1]!)));
  }
  for (const [from, size, path] of consistencies) {
    assert.deepEqual((await rangeHashes(tree, consistencyRanges(from, size))).map(toHex), path);
    assert(verifyConsistency(from, hex(roots[from - 1]!), size, hex(roots[size - 1]!), path.map(hex)));
  }
});

/** The path with one bit changed, a hash dropped, and a hash added. */
function* spoilt(path: Uint8Array[]): Generator<Uint8Array[]> {
  for (const [i, hash] of path.entries()) {
    const changed = hash.slice();
    changed[(i * 7) % 32]! ^= 1 << (i % 8);
    yield path.with(i, changed);
    yield path.toSpliced(i, 1);
  }
  yield [...path, leaf(9)];
}

test('every inclusion and consistency proof up to 70 leaves holds, and no spoilt one does', async () => {
  const { tree, add } = stored();
  const leaves = Array.from({ length: 70 }, (_, i) => leaf(i));
  add(leaves);
  const root = await Promise.all(Array.from({ length: 71 }, (_, n) => rootAt(tree, n)));
  for (let size = 1; size <= 70; size++) {
    for (let m = 0; m < size; m++) {
      const path = await rangeHashes(tree, inclusionRanges(m, size));
      assert(verifyInclusion(leaves[m]!, m, size, path, root[size]!), `inclusion ${m} of ${size}`);
      for (const bad of spoilt(path)) assert(!verifyInclusion(leaves[m]!, m, size, bad, root[size]!));
      // A node of the tree is no leaf, though its hash leads to the root.
      if (size === 64)
        assert(
          !verifyInclusion(
            m % 2 === 0 ? nodeHash(leaves[m]!, path[0]!) : nodeHash(path[0]!, leaves[m]!),
            Math.floor(m / 2),
            size,
            path.slice(1),
            root[size]!,
          ),
        );
      if (size > 1) assert(!verifyInclusion(leaves[(m + 1) % size]!, m, size, path, root[size]!));
      assert(!verifyInclusion(leaves[m]!, m, size, path, root[size - 1]!));
    }
    for (let m = 0; m <= size; m++) {
      const path = await rangeHashes(tree, consistencyRanges(m, size));
      assert(verifyConsistency(m, root[m]!, size, root[size]!, path), `consistency ${m} to ${size}`);
      for (const bad of spoilt(path)) assert(!verifyConsistency(m, root[m]!, size, root[size]!, bad));
      if (m > 0) assert(!verifyConsistency(m, root[m - 1]!, size, root[size]!, path));
      if (m > 0) assert(!verifyConsistency(m, root[m]!, size, leaf(m), path));
    }
  }
});

test('a tree of three levels of tiles gives the roots and proofs of one that is hashed leaf by leaf', async () => {
  const { tree, tiles, add } = stored();
  const frontier = emptyFrontier();
  const size = 70_000;
  const leaves = Array.from({ length: size }, (_, i) => leaf(i));
  for (let at = 0; at < size; at += 1000) add(leaves.slice(at, at + 1000));
  for (const hash of leaves) addLeaf(frontier, hash);
  const root = await rootAt(tree, size);
  assert.equal(toHex(root), toHex(frontierRoot(frontier)));
  // C2SP tlog-tiles' own example: 273 full tiles and one of 112, a full one and one of 17, one of 1.
  assert.deepEqual(
    ['0/273', '1/0', '1/1', '2/0'].map((name) => tiles.get(name)?.length),
    [112 * 32, 256 * 32, 17 * 32, 32],
  );
  assert.equal(tiles.size, 273 + 1 + 2 + 1);

  // Loaded anew, as at start-up: nothing is in memory but the right edge.
  const loaded = await loadTree(size, async (level, index) => tiles.get(`${level}/${index}`));
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    const path = await rangeHashes(loaded, inclusionRanges(index, size));
    assert(verifyInclusion(leaves[index]!, index, size, path, root));
  }
  for (const from of [1, 255, 256, 65_536, 69_999]) {
    const path = await rangeHashes(loaded, consistencyRanges(from, size));
    assert(verifyConsistency(from, await rootAt(loaded, from), size, root, path));
  }
  tiles.set('0/3', tiles.get('0/3')!.subarray(32));
  const cut = await loadTree(size, async (level, index) => tiles.get(`${level}/${index}`));
  await assert.rejects(rangeHashes(cut, inclusionRanges(800, size)), /tile 0\/3 is missing or damaged/);
});

test('the empty tree is a prefix of every tree and of itself', () => {
  assert(verifyConsistency(0, emptyRoot, 5, leaf(1), []));
  assert(!verifyConsistency(0, leaf(1), 5, leaf(1), []));
  assert(!verifyConsistency(6, leaf(1), 5, leaf(1), []));
});
