/**
 * One C2SP tile: up to 256 hashes of one level, with the seven layers of nodes above them kept at hand, so that a
 * proof looks nodes up instead of hashing 255 of them again (without it 64 receipts cost 25 ms).
 */
import { nodeHash } from './merkle.js';

export const tileWidth = 256;
const hashBytes = 32;

export interface Tile {
  /** How many hashes are in the bottom layer, 0 to 256. */
  width: number;
  /** layers[j] holds the hashes of the nodes 2^j wide, 32 bytes each. */
  layers: Uint8Array[];
}

export function emptyTile(): Tile {
  return { width: 0, layers: Array.from({ length: 9 }, (_, j) => new Uint8Array((tileWidth >> j) * hashBytes)) };
}

/** Adds one hash, and each node that it completes. */
export function addHash(tile: Tile, hash: Uint8Array): void {
  let at = tile.width++;
  let node = hash;
  for (let layer = 0; ; layer++) {
    tile.layers[layer]!.set(node, at * hashBytes);
    if (at % 2 === 0) return;
    node = nodeHash(hashAt(tile, layer, at - 1), node);
    at >>= 1;
    // Layer 8 is the tile's own root, complete with hash 255.
    if (layer === 7) {
      tile.layers[8]!.set(node);
      return;
    }
  }
}

/** Hash of node `index` of a layer, without looking whether it is complete. */
export function hashAt(tile: Tile, layer: number, index: number): Uint8Array {
  return tile.layers[layer]!.subarray(index * hashBytes, (index + 1) * hashBytes);
}

export function isComplete(tile: Tile, layer: number, index: number): boolean {
  return (index + 1) << layer <= tile.width;
}

/** The bytes that are stored and served: the bottom layer, width × 32 (a copy, as the tile goes on growing). */
export function tileBytes(tile: Tile, width = tile.width): Uint8Array {
  return tile.layers[0]!.slice(0, width * hashBytes);
}

/** The tile of stored bytes; throws RangeError where they are not 0 to 256 whole hashes. */
export function tileOf(bytes: Uint8Array): Tile {
  if (bytes.length % hashBytes !== 0 || bytes.length > tileWidth * hashBytes)
    throw new RangeError(`a tile of ${bytes.length} bytes`);
  const tile = emptyTile();
  for (let at = 0; at < bytes.length; at += hashBytes) addHash(tile, bytes.subarray(at, at + hashBytes));
  return tile;
}
