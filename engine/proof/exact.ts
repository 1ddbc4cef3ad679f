/**
 * Exact arithmetic on decimals: `units` × 10^-`scale`. A JSON number means the shortest decimal that reads back as the
 * same double (MODEL.md; `decimalOf` reads it).
 */
import { decimalOf, decimalText } from '../../scenarios/index.js';

export interface Decimal {
  units: bigint;
  scale: number;
}

/** A vector of decimals with one common scale. */
export interface Fixed {
  units: bigint[];
  scale: number;
}

const FORM = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The exact value of a finite number or a decimal string; throws a RangeError for anything else. */
export function decimal(value: number | string): Decimal {
  if (!FORM.test(String(value))) throw new RangeError(`not a decimal number: ${value}`);
  const { digits, exponent } = decimalOf(value);
  return trim(exponent > 0 ? { units: digits * pow10(exponent), scale: 0 } : { units: digits, scale: -exponent });
}

/** The same value at its least scale. */
export function trim({ units, scale }: Decimal): Decimal {
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  return { units, scale };
}

const powers: bigint[] = [1n];
export function pow10(n: number): bigint {
  for (let i = powers.length; i <= n; i++) powers.push(powers[i - 1]! * 10n);
  return powers[n]!;
}

export const times = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale });

export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: atScale(a, scale) + atScale(b, scale), scale };
}

/** Units of `a` at a scale that is at least its own. */
export function atScale(a: Decimal, scale: number): bigint {
  return a.units * pow10(scale - a.scale);
}

/** All values at the least common scale (or a larger one that is asked for). */
export function fixed(values: readonly Decimal[], least = 0): Fixed {
  let scale = least;
  for (const v of values) if (v.scale > scale) scale = v.scale;
  return { scale, units: values.map((v) => atScale(v, scale)) };
}

/** Nearest double. */
export function toNumber(a: Decimal): number {
  return Number(format(a));
}

/** `a` ÷ `divisor` rounded towards −∞ to `scale` decimals. */
export function floorDiv(a: Decimal, divisor: bigint, scale: number): Decimal {
  let numerator = a.units;
  let denominator = divisor;
  if (scale >= a.scale) numerator *= pow10(scale - a.scale);
  else denominator *= pow10(a.scale - scale);
  let units = numerator / denominator;
  if (units * denominator > numerator) units -= 1n;
  return { units, scale };
}

/** `a` ÷ `divisor` rounded towards +∞ to `scale` decimals. */
export function ceilDiv(a: Decimal, divisor: bigint, scale: number): Decimal {
  const down = floorDiv({ units: -a.units, scale: a.scale }, divisor, scale);
  return { units: -down.units, scale };
}

/** Plain decimal notation without trailing zeros: "-12.5", "0". */
export const format = ({ units, scale }: Decimal): string => decimalText({ digits: units, exponent: -scale });
