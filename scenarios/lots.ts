/**
 * Whole lots in exact decimal arithmetic. A number stands for the decimal that was written, that is the shortest
 * one that reads back as the same double (MODEL.md: decimals are exact), so 0.3 is three lots of 0.1.
 */

/** value = digits × 10^exponent. */
export interface Decimal {
  digits: bigint;
  exponent: number;
}

/**
 * The exact decimal behind a finite number (ECMA-262, Number::toString gives the shortest digits) or a decimal string.
 * Throws a SyntaxError for anything else.
 */
export function decimalOf(value: number | string): Decimal {
  const [mantissa = '', power = '0'] = String(value).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** A decimal as it would be written, without an exponent. */
export function decimalText({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return (digits * 10n ** BigInt(exponent)).toString();
  const sign = digits < 0n ? '-' : '';
  const padded = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, '0');
  const fraction = padded.slice(exponent).replace(/0+$/, '');
  return sign + padded.slice(0, exponent) + (fraction === '' ? '' : `.${fraction}`);
}

/** Decimals of at most 15 digits are told apart by the doubles nearest to them (IEEE 754; DBL_DIG in C). */
const APART = 1e15;
/** Powers of ten that are doubles, and so close to 1 that a quotient by them is rounded once. */
const EXACT_POWERS = 22;

/**
 * Counts quantities (0 or more) in a lot: how many lots, or NaN where they are not whole or too many (`countLots` says
 * which). As `countLots`, without text and BigInt: with n the nearest whole number of lots and n·lot = N ÷ 10^s, N below
 * 10^15, the quantity is that decimal where it is the double nearest to it, which the one rounding of N ÷ 10^s gives.
 */
export function lotCounter(lot: number): (quantity: number) => number {
  const { digits, exponent } = decimalOf(lot);
  const units = Number(exponent > 0 ? digits * 10n ** BigInt(exponent) : digits);
  const scale = exponent < 0 && exponent >= -EXACT_POWERS ? Number(`1e${-exponent}`) : 1;
  const plain = exponent >= -EXACT_POWERS && units < APART;
  return (quantity) => {
    const nearest = Math.round(quantity / lot);
    const product = nearest * units;
    if (plain && product < APART && product / scale === quantity) return nearest;
    const counted = countLots(quantity, lot);
    return counted.kind === 'whole' ? counted.lots : Number.NaN;
  };
}

const MOST_LOTS = BigInt(Number.MAX_SAFE_INTEGER);

/** Why a quantity is no number of lots, and the multiples of the lot below and above it as decimals. */
export type Lots =
  | { kind: 'whole'; lots: number }
  | { kind: 'broken'; below: string; above: string }
  | { kind: 'too many'; most: string };

/** A quantity (0 or more) counted in lots (more than 0): at most 2^53 − 1 of them, so that they stay exact. */
export function countLots(quantity: number, lot: number): Lots {
  if (lot === 1 && Number.isSafeInteger(quantity)) return { kind: 'whole', lots: quantity };
  const q = decimalOf(quantity);
  const l = decimalOf(lot);
  const exponent = Math.min(q.exponent, l.exponent);
  const a = q.digits * 10n ** BigInt(q.exponent - exponent);
  const b = l.digits * 10n ** BigInt(l.exponent - exponent);
  const lots = a / b;
  const multiple = (n: bigint) => decimalText({ digits: n * b, exponent });
  if (lots > MOST_LOTS || (lots === MOST_LOTS && a % b !== 0n)) return { kind: 'too many', most: multiple(MOST_LOTS) };
  if (a % b !== 0n) return { kind: 'broken', below: multiple(lots), above: multiple(lots + 1n) };
  return { kind: 'whole', lots: Number(lots) };
}
