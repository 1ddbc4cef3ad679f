/** Sorting many things by a few gains each without an object a thing: radix sort (Knuth, TAOCP 3, §5.2.5). */

/**
 * Bits of a digit: two passes over a single-precision number, and one histogram fits a first-level cache. Few things take
 * four passes, as counting through 65,536 digits would cost more than all else.
 */
const BITS = { many: 16, few: 8 };
const FEW = 8192;

/**
 * Positions 0 … count − 1 in falling order of `keys`, the first array before the second and so on; equal ones keep their
 * order. Keys are nonnegative: the bits of such numbers sort as integers do.
 */
export function falling(keys: readonly Float32Array[], count: number): Uint32Array {
  let order = new Uint32Array(count);
  let other = new Uint32Array(count);
  for (let p = 0; p < count; p++) order[p] = p;
  const width = count < FEW ? BITS.few : BITS.many;
  const digits = 1 << width;
  const start = new Uint32Array(digits + 1);
  for (let s = keys.length - 1; s >= 0; s--) {
    const bits = new Uint32Array(keys[s]!.buffer, keys[s]!.byteOffset, count);
    for (let shift = 0; shift < 32; shift += width) {
      start.fill(0);
      // the largest digit first
      for (let p = 0; p < count; p++) start[digits - ((bits[p]! >>> shift) & (digits - 1))]!++;
      if (start.includes(count)) continue;
      for (let d = 0; d < digits; d++) start[d + 1]! += start[d]!;
      for (let i = 0; i < count; i++) {
        const p = order[i]!;
        other[start[digits - 1 - ((bits[p]! >>> shift) & (digits - 1))]!++] = p;
      }
      [order, other] = [other, order];
    }
  }
  return order;
}
