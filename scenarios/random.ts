/**
 * Random numbers that are the same on every machine. ECMA-262 leaves the last bits of exp, log, sin and pow to the
 * implementation; here are only operations that IEEE 754 fixes (+ − × ÷ and the square root) and 32-bit integers.
 */

/** Uniform in [0, 1) with 32 bits, from a 32-bit seed: mulberry32 (Ettinger 2017, public domain). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normal variate, near enough: the sum of 12 uniforms less 6 has mean 0 and variance 1, and ends at ±6. */
export function normal(next: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += next();
  return sum;
}

const TERMS = 18;

/** e^x for |x| below 700, to about 15 digits: x = n ln 2 + r, Taylor's series for e^r, then n doublings. */
export function exp(x: number): number {
  const n = Math.round(x / Math.LN2);
  const r = x - n * Math.LN2;
  // Horner's scheme: 1 + r (1 + r/2 (1 + r/3 (…))); |r| is at most 0.35, so 18 terms reach 1e-24.
  let sum = 1;
  for (let i = TERMS; i >= 1; i--) sum = 1 + (r * sum) / i;
  for (let i = 0; i < n; i++) sum *= 2;
  for (let i = 0; i > n; i--) sum /= 2;
  return sum;
}

/** x rounded to some decimals; the result is the double nearest to that decimal, so it prints with no more of them. */
export function decimals(x: number, places: 0 | 2 | 3 | 4): number {
  const scale = places === 0 ? 1 : places === 2 ? 100 : places === 3 ? 1000 : 10000;
  return Math.round(x * scale) / scale;
}
