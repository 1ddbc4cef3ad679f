/**
 * Utility of coverage as bands: slope φ_b on the b-th of B equal bands is ((b − ½) ÷ B)^−α, rounded half up to
 * nine decimals (MODEL.md, after Mo and Walrand 2000). Computed in integers, so that every machine gets the same
 * digits for every α: Math.pow is exact on none.
 */
import type { CompleteStage } from '../scenarios/index.js';
import { type Decimal, decimal, pow10 } from './proof/exact.js';

type NeedStage = Extract<CompleteStage, { stage: 'need' }>;

/** One band: ends at coverage `upTo` = numerator ÷ denominator, worth `slope` a unit. */
export interface UtilityBand {
  upTo: { numerator: bigint; denominator: bigint };
  slope: Decimal;
}

const PLACES = 9;
/** Digits carried beyond those that are kept. */
const GUARD = 25;

/** Bands of a `need` stage in rising order of coverage, slopes never rising. */
export function utilityBands(stage: NeedStage): UtilityBand[] {
  if (stage.alpha === null)
    return stage.bands.map((band) => {
      const upTo = decimal(band.upTo);
      return { upTo: { numerator: upTo.units, denominator: pow10(upTo.scale) }, slope: decimal(band.value) };
    });
  const count = stage.bands;
  const alpha = decimal(stage.alpha);
  return Array.from({ length: count }, (_, b) => ({
    upTo: { numerator: BigInt(b + 1), denominator: BigInt(count) },
    slope: { units: powerRounded(BigInt(2 * count), BigInt(2 * b + 1), alpha), scale: PLACES },
  }));
}

/** (p ÷ q)^α × 10^9 rounded half up, for p ≥ q ≥ 1 or q = p·2 at most (the last band is above ½), α ≥ 0. */
function powerRounded(p: bigint, q: bigint, alpha: Decimal): bigint {
  if (alpha.scale === 0) {
    const numerator = 2n * p ** alpha.units * pow10(PLACES) + q ** alpha.units;
    return numerator / (2n * q ** alpha.units);
  }
  // digits before the point: α·log10(p/q), from doubles, is only used to choose the working precision
  const whole = Math.ceil((Number(alpha.units) / 10 ** alpha.scale) * Math.log10(Number(p) / Number(q))) + 1;
  const digits = PLACES + GUARD + Math.max(0, whole);
  const one = pow10(digits);
  const exponent = ((ln(p, one) - ln(q, one)) * alpha.units) / pow10(alpha.scale);
  const value = exp(exponent, one);
  const unit = pow10(digits - PLACES);
  return (2n * value + unit) / (2n * unit);
}

/** Natural logarithm of an integer ≥ 1 at fixed point `one`: n = 2^e·m, ln m = 2·artanh((m − 1) ÷ (m + 1)). */
function ln(n: bigint, one: bigint): bigint {
  const e = n.toString(2).length - 1;
  const power = 1n << BigInt(e);
  return 2n * artanh(((n - power) * one) / (n + power), one) + BigInt(e) * 2n * artanh(one / 3n, one);
}

function artanh(z: bigint, one: bigint): bigint {
  const square = (z * z) / one;
  let sum = 0n;
  for (let term = z, k = 1n; term !== 0n; term = (term * square) / one, k += 2n) sum += term / k;
  return sum;
}

/** e^x at fixed point: x = k·ln 2 + r, Taylor series in r. */
function exp(x: bigint, one: bigint): bigint {
  const ln2 = 2n * artanh(one / 3n, one);
  const k = x / ln2;
  const r = x - k * ln2;
  let sum = 0n;
  for (let term = one, n = 1n; term !== 0n; term = (term * r) / (one * n), n += 1n) sum += term;
  return k >= 0n ? sum << k : sum >> -k;
}
