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
 * Both ends as they are said: one number where both round to it at two to four significant digits, else rounded outward.
 * Null where not even the sign is known.
 */
export function rounded({ lo, hi }: Interval): Interval | null {
  if (!(lo > 0 || hi < 0)) return null;
  if (hi < 0) {
    const positive = rounded(opposite({ lo, hi }));
    return positive && opposite(positive);
  }
  for (let digits = DIGITS; digits >= 2; digits--) {
    const [a, b] = [Number(lo.toPrecision(digits)), Number(hi.toPrecision(digits))];
    // a whole number that is closer than that is one
    if (a === b) return { lo: a, hi: a };
  }
  return { lo: outward(lo, -1), hi: outward(hi, 1) };
}

export const opposite = ({ lo, hi }: Interval): Interval => ({ lo: -hi, hi: -lo });

/** What `rounded` gives, in words. */
export function betweenInWords({ lo, hi }: Interval): string {
  if (lo === hi) return text(lo);
  return hi < 0 ? `between ${text(hi)} and ${text(lo)}` : `between ${text(lo)} and ${text(hi)}`;
}

/** The interval in words, with no digit too many; null where not even the sign is known. */
export function say(interval: Interval): string | null {
  const ends = rounded(interval);
  return ends && betweenInWords(ends);
}

function outward(x: number, way: 1 | -1): number {
  const step = 10 ** (Math.floor(Math.log10(x)) - 1);
  const near = Math.round(x / step);
  const whole = Math.abs(near * step - x) <= 1e-12 * x ? near : way > 0 ? Math.ceil(x / step) : Math.floor(x / step);
  return Number((whole * step).toPrecision(DIGITS));
}

function text(x: number): string {
  if (x < 0) return `−${text(-x)}`;
  return x >= 1e-6 && x < 1e15 ? x.toLocaleString('en-US', { maximumSignificantDigits: DIGITS }) : String(x);
}
