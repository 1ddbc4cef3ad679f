/** The growing tree: right-edge tiles in memory, full tiles in the store with a cache of the last used. */
import { fold, type Node, type Range, subtrees } from './merkle.js';
import { addHash, emptyTile, hashAt, isComplete, type Tile, tileOf, tileWidth } from './tile.js';

/** Stored bytes of a tile; undefined where there is none. */
export type LoadTile = (level: number, index: number) => Promise<Uint8Array | undefined>;

export interface Tree {
  size: number;
  /** Rightmost tile of each level, possibly empty. */
  edge: Tile[];
  /** Full tiles by `level/index`, the longest unused first. */
  cache: Map<string, Tile>;
  load: LoadTile;
}

/** 16 KB each. */
const cachedTiles = 256;

export function emptyTree(load: LoadTile): Tree {
  return { size: 0, edge: [emptyTile()], cache: new Map(), load };
}

/** The stored tree of `size` leaves; throws RangeError where a tile of its right edge is missing or cut. */
export async function loadTree(size: number, load: LoadTile): Promise<Tree> {
  const tree = emptyTree(load);
  tree.size = size;
  for (let level = 0; tileWidth ** level <= Math.max(size, 1); level++) {
    const width = Math.floor(size / tileWidth ** level) % tileWidth;
    const index = Math.floor(size / tileWidth ** (level + 1));
    const bytes = width === 0 ? new Uint8Array(0) : await load(level, index);
    if (bytes?.length !== width * 32) throw new RangeError(`tile ${level}/${index} is missing or damaged`);
    tree.edge[level] = tileOf(bytes);
  }
  return tree;
}

/** A tile that an append has changed. */
export interface Touched {
  level: number;
  index: number;
  tile: Tile;
}

/** Adds leaf hashes; returns the changed tiles, each once, full ones included. */
export function grow(tree: Tree, leaves: readonly Uint8Array[]): Touched[] {
  const touched = new Map<string, Touched>();
  const add = (level: number, position: number, hash: Uint8Array): void => {
    const tile = tree.edge[level] ?? emptyTile();
    tree.edge[level] = tile;
    addHash(tile, hash);
    const index = Math.floor(position / tileWidth);
    touched.set(`${level}/${index}`, { level, index, tile });
    if (tile.width < tileWidth) return;
    keep(tree, `${level}/${index}`, tile);
    tree.edge[level] = emptyTile();
    add(level + 1, index, hashAt(tile, 8, 0));
  };
  for (const leaf of leaves) add(0, tree.size++, leaf);
  return [...touched.values()];
}

/** Hashes of ranges of a tree that is no larger than this one; throws RangeError where a stored tile is missing. */
export async function rangeHashes(tree: Tree, ranges: readonly Range[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const range of ranges) {
    const parts: Uint8Array[] = [];
    // Only a tile that is not in memory is waited for: a receipt of a fresh entry costs no turn of the event loop.
    for (const node of subtrees(range)) parts.push(heldHash(tree, node) ?? (await storedHash(tree, node)));
    hashes.push(fold(parts));
  }
  return hashes;
}

/** Root of the first `size` leaves. */
export async function rootAt(tree: Tree, size: number): Promise<Uint8Array> {
  const [root] = await rangeHashes(tree, [[0, size]]);
  return root!;
}

/** Where a node is kept: layer 0 to 7 of a tile of level ⌊height ÷ 8⌋. */
function placeOf({ height, index }: Node): { level: number; tile: number; layer: number; at: number } {
  const layer = height % 8;
  const across = tileWidth >> layer;
  const tile = Math.floor(index / across);
  return { level: Math.floor(height / 8), tile, layer, at: index - tile * across };
}

function held(tree: Tree, level: number, index: number): Tile | undefined {
  const onEdge = Math.floor(tree.size / tileWidth ** (level + 1)) === index;
  return onEdge ? tree.edge[level] : tree.cache.get(`${level}/${index}`);
}

function heldHash(tree: Tree, node: Node): Uint8Array | undefined {
  const { level, tile, layer, at } = placeOf(node);
  const found = held(tree, level, tile);
  // A copy: the right edge goes on growing under a proof that somebody still holds.
  return found && isComplete(found, layer, at) ? hashAt(found, layer, at).slice() : undefined;
}

async function storedHash(tree: Tree, node: Node): Promise<Uint8Array> {
  const { level, tile, layer, at } = placeOf(node);
  const bytes = await tree.load(level, tile);
  if (bytes?.length !== tileWidth * 32) throw new RangeError(`tile ${level}/${tile} is missing or damaged`);
  const loaded = tileOf(bytes);
  keep(tree, `${level}/${tile}`, loaded);
  return hashAt(loaded, layer, at);
}

function keep(tree: Tree, name: string, tile: Tile): void {
  tree.cache.delete(name);
  tree.cache.set(name, tile);
  if (tree.cache.size <= cachedTiles) return;
  const [oldest] = tree.cache.keys();
  if (oldest !== undefined) tree.cache.delete(oldest);
}
