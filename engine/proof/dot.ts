/**
 * Exact sums of products of whole numbers, with a BigInt only where one of the limbs is full: an object for each of
 * millions of products would cost more than the products themselves.
 *
 * x < 2^53 is cut at 2^27 and y at 2^24, so that each of the four products is below 2^51 and a limb below 2^52 can
 * take one more without rounding.
 */

/** Largest whole number a double holds exactly together with its neighbours. */
const SAFE = Number.MAX_SAFE_INTEGER;
const X = 2 ** 27;
const Y = 2 ** 24;
const FULL = 2 ** 52;

export interface Dot {
  /** Weights 1, 2^27, 2^24 and 2^51. */
  limbs: Float64Array;
  spilled: bigint;
}

export const dot = (): Dot => ({ limbs: new Float64Array(4), spilled: 0n });
export const dots = (count: number): Dot[] => Array.from({ length: count }, dot);

/**
 * Adds x·y where both are whole numbers from 0 to 2^53 − 1. False, with nothing added, where one of them is not (NaN
 * stands for what is no safe integer): the caller then adds its own BigInt to `spilled`.
 */
export function addProduct(d: Dot, x: number, y: number): boolean {
  if (!(x >= 0 && x <= SAFE && y >= 0 && y <= SAFE)) return false;
  const x1 = Math.floor(x / X);
  const x0 = x - x1 * X;
  const { limbs } = d;
  if (y < Y) {
    limbs[0]! += x0 * y;
    limbs[1]! += x1 * y;
  } else if (y < Y * Y) {
    const y1 = Math.floor(y / Y);
    const y0 = y - y1 * Y;
    limbs[0]! += x0 * y0;
    limbs[1]! += x1 * y0;
    limbs[2]! += x0 * y1;
    limbs[3]! += x1 * y1;
  } else d.spilled += BigInt(x) * BigInt(y);
  if (limbs[0]! >= FULL || limbs[1]! >= FULL || limbs[2]! >= FULL || limbs[3]! >= FULL) spill(d);
  return true;
}

function spill(d: Dot): void {
  d.spilled = total(d);
  d.limbs.fill(0);
}

/** The sum so far. */
export function total({ limbs, spilled }: Dot): bigint {
  const [a, b, c, e] = limbs;
  return spilled + BigInt(a!) + (BigInt(b!) << 27n) + (BigInt(c!) << 24n) + (BigInt(e!) << 51n);
}

/** The same numbers as doubles; NaN for what is not a whole number from 0 to 2^53 − 1. */
export function safeUnits(units: readonly bigint[]): Float64Array {
  const safe = new Float64Array(units.length);
  for (let i = 0; i < units.length; i++) safe[i] = safeNumber(units[i]!);
  return safe;
}

export function safeNumber(units: bigint): number {
  const x = Number(units);
  return x >= 0 && x <= SAFE ? x : Number.NaN;
}
