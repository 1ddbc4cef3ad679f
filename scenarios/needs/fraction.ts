/** Exact fractions, so that 271,061 people × 15 L is neither a litre more nor less, and rounding happens once, where it is stated. */
import { type Decimal, decimalOf, decimalText } from '../lots.js';

/** n ÷ d with d > 0. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const power = (exponent: number): bigint => 10n ** BigInt(exponent);

/** The decimal that was written: 7.5 is 75 ÷ 10. */
export function fraction(value: number | bigint): Fraction {
  if (typeof value === 'bigint') return { n: value, d: 1n };
  const { digits, exponent } = decimalOf(value);
  return exponent >= 0 ? { n: digits * power(exponent), d: 1n } : { n: digits, d: power(-exponent) };
}

export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
export const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });

/** a ÷ b for b > 0. */
export const over = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d, d: a.d * b.n });

/** Below 0, 0 or above 0 as a is less than, equal to or more than b. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The largest whole number that is not above a fraction of 0 or more. */
export const floor = ({ n, d }: Fraction): bigint => n / d;

/** The smallest whole number that is not below a fraction of 0 or more. */
export const ceil = ({ n, d }: Fraction): bigint => (n + d - 1n) / d;

/** The fraction as a decimal of at most so many decimals, rounded to the nearest: for people to read. */
export function decimals(value: Fraction, most: number): string {
  const scaled = floor(plus(times(value, fraction(power(most))), { n: 1n, d: 2n }));
  const decimal: Decimal = { digits: scaled, exponent: -most };
  return decimalText(decimal);
}

/** A double near the fraction with so many significant digits; never 0 where the fraction is more. */
export const rounded = ({ n, d }: Fraction, digits: number): number =>
  Number((Number(n) / Number(d)).toPrecision(digits));
