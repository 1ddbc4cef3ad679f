/** Numbers as they are written, and whether they are still the same once they were read. */

/** As many digits give every double a text of its own (IEEE 754, section 5.12.2): printf's %.17g writes so many. */
const ENOUGH_DIGITS = 17;

/** No double needs more; without a bound a million zeros would keep the expressions below busy for minutes. */
const LONGEST = 64;

/**
 * False where the double that a JSON number is read as stands for another number: beyond the range (1e400), nothing
 * left of it (1e-400), a whole number that is not a double (2^53 + 1), or more than 17 digits not all of which count.
 */
export function survives(written: string, value: number): boolean {
  if (!Number.isFinite(value) || written.length > LONGEST) return false;
  // Up to fifteen digits come back as they were (DBL_DIG), and nearly all numbers are that short.
  if (written.length <= 15 && value !== 0) return true;
  const { digits, whole, exponent } = parts(written);
  if (value === 0) return digits === '';
  const read = parts(String(value));
  if (digits === read.digits && exponent === read.exponent) return true;
  return !whole && digits.length <= ENOUGH_DIGITS;
}

/** Significant digits, the power of ten of the last of them, and whether it was written as a plain whole number. */
function parts(written: string): { digits: string; exponent: number; whole: boolean } {
  const [, before = '', after = '', power = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const all = before + after;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const trailing = all.length - all.replace(/0+$/, '').length;
  return {
    digits,
    exponent: Number(power) - after.length + trailing,
    whole: before.length === written.replace('-', '').length,
  };
}
