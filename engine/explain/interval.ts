/** Numbers that are known to lie between two others, and how to say them without a digit too many. */

export interface Interval {
  lo: number;
  hi: number;
}

/** What later − earlier can be. */
export const difference = (later: Interval, earlier: Interval): Interval => ({
  lo: later.lo - earlier.hi,
  hi: later.hi - earlier.lo,
});

/** Most digits that are said of any number. */
const DIGITS = 4;

/**
 * The interval in words: one number where both ends round to it at two to four significant digits, else both ends rounded outward.
 * Null where not even the sign is known.
 */
export function say({ lo, hi }: Interval): string | null {
  if (!(lo > 0 || hi < 0)) return null;
  if (hi < 0) {
    const positive = say({ lo: -hi, hi: -lo });
    return positive === null ? null : positive.replace(/\d[\d,.e+-]*/g, (n) => `−${n}`);
  }
  for (let digits = DIGITS; digits >= 2; digits--) {
    const [a, b] = [Number(lo.toPrecision(digits)), Number(hi.toPrecision(digits))];
    // a whole number that is closer than that is one
    if (a === b) return text(a, digits);
  }
  return `between ${text(outward(lo, -1), 2)} and ${text(outward(hi, 1), 2)}`;
}

function outward(x: number, way: 1 | -1): number {
  const step = 10 ** (Math.floor(Math.log10(x)) - 1);
  const near = Math.round(x / step);
  const whole = Math.abs(near * step - x) <= 1e-12 * x ? near : way > 0 ? Math.ceil(x / step) : Math.floor(x / step);
  return Number((whole * step).toPrecision(DIGITS));
}

function text(x: number, digits: number): string {
  return x >= 1e-6 && x < 1e15 ? x.toLocaleString('en-US', { maximumSignificantDigits: digits }) : String(x);
}
