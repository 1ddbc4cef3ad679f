/** The memory of a layout as the twin in TypeScript sees it, and what it borrows from WebAssembly's SIMD. */
import { type Layout, type Word, word } from './layout.js';

/** All of memory as numbers of each kind; indices count elements, not bytes. */
export interface Memory {
  f32: Float32Array;
  f64: Float64Array;
  i32: Int32Array;
  /** The frame: addresses in bytes, and sizes. Arrays are swapped in it between calls, so every call reads it anew. */
  frame: Uint32Array;
}

export function viewMemory({ f32, f64, i32, buffer }: Layout): Memory {
  return { f32, f64, i32, frame: new Uint32Array(buffer) };
}

/** A number in the frame. */
export const size = (memory: Memory, name: Word): number => memory.frame[word[name]]!;
/** Index into `f32` and `i32` at which an array starts. */
export const floats = (memory: Memory, name: Word): number => memory.frame[word[name]]! >>> 2;
/** Index into `f64` at which an array starts. */
export const doubles = (memory: Memory, name: Word): number => memory.frame[word[name]]! >>> 3;

/** Where a thread's sums start: goods and lanes as indices into `f32`, the others into `f64`. */
export function sumsOf(memory: Memory, thread: number) {
  const base = size(memory, 'sums') + thread * size(memory, 'stride');
  return {
    goods: base / 4,
    handling: (base + size(memory, 'sumsHandling')) / 8,
    fleet: (base + size(memory, 'sumsFleet')) / 8,
    total: (base + size(memory, 'sumsTotal')) / 8,
    lanes: (base + size(memory, 'sumsLanes')) / 4,
    byFleet: (base + size(memory, 'sumsByFleet')) / 4,
  };
}

const { fround } = Math;

/**
 * The sum of four lanes in single precision. The twin takes lane after lane, so four partial sums go round: each addend is
 * added to the first, which becomes the last. As `lanes` is a multiple of four they end in the order in which they began.
 */
export function lanes(l0: number, l1: number, l2: number, l3: number): number {
  return fround(fround(fround(l0 + l1) + l2) + l3);
}

/** `f32x4.pmin` and `f32x4.pmax` in one lane: the first of equals, and the first beside what is not a number. */
export function pmin(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes −0 before 0 and NaN before all, pmin does not
  return b < a ? b : a;
}

export function pmax(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: as above
  return a < b ? b : a;
}
