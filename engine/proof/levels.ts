/**
 * The ladder of `leximin`, level by level (MODEL.md): that nobody who is on a level can have more without somebody on it or below having less
 * than in the plan.
 *
 * Prices π > 0 on the level's pairs, and any on those below, prove Σ π·M ≤ B for every plan that leaves the pairs below what they have.
 * With Σ π·N = 1, B bounds the smallest coverage from here up; and pair p can rise by (B − Σ π·M(plan)) ÷ (π_p·N_p) at most.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import type { LevelResult, StageCertificate } from '../types.js';
import { type Prices, provenBound } from './bound.js';
import { readPrices } from './certificate.js';
import { ceilDiv, type Decimal, decimal, format, plus, pow10, toNumber } from './exact.js';
import { relativeGap } from './gap.js';
import { PLACES, type Plan, smallestCoverage } from './values.js';

/** `reached`: maximands by stage; `has`: lots over the horizon by pair. Faults where it is no ladder over all pairs with need. */
export function evaluateLevels(
  network: Network,
  policy: Policy,
  s: number,
  plan: Plan,
  certificate: StageCertificate,
  reached: Decimal[],
  has: Float64Array,
): { levels: LevelResult[]; faults: string[] } {
  const at = `/certificate/stages/${s}`;
  const faults: string[] = [];
  if (!Array.isArray(certificate.levels)) return { levels: [], faults: [`${at}/levels is missing`] };
  if (Object.keys(certificate.prices).length)
    faults.push(`${at}/prices: the levels of 'leximin' have prices of their own`);
  const { R, K } = network;
  const needed = Float64Array.from({ length: R * K }, (_, i) => totalNeed(network, Math.floor(i / K), i % K));
  /** 1 for pairs with need that are on no level so far. */
  const open = Uint8Array.from(needed, (n) => (n > 0 ? 1 : 0));
  const levels: LevelResult[] = [];
  for (const [l, level] of certificate.levels.entries()) {
    const place = `${at}/levels/${l}`;
    if (!Array.isArray(level?.pairs) || typeof level.prices !== 'object' || level.prices === null) {
      faults.push(`${place}: not a level`);
      break;
    }
    const misplaced = level.pairs.findIndex((p, i) => !(open[p] === 1 && (i === 0 || p > level.pairs[i - 1]!)));
    if (misplaced >= 0 || level.pairs.length === 0) {
      const why = level.pairs.length
        ? `pair ${level.pairs[misplaced]} has no need, or a level already`
        : 'nobody is on it';
      faults.push(`${place}/pairs${misplaced >= 0 ? `/${misplaced}` : ''}: ${why}`);
      break;
    }
    const { prices, faults: misread } = readPrices(network, policy, s, level, place);
    faults.push(...misread);
    const own = new Set(level.pairs);
    for (let p = 0; p < needed.length; p++) {
      if (prices.maxmin.units[p]! > 0 && !own.has(p))
        faults.push(`${place}/prices/maxmin: pair ${p} is not on the level`);
      if (prices.leximin.units[p]! > 0 && (open[p] === 1 || needed[p] === 0))
        faults.push(`${place}/prices/leximin: pair ${p} is not below the level`);
    }
    if (faults.length) break;
    const value = smallestCoverage(network, plan, open);
    const proven = provenBound(network, policy, s, prices, reached, has);
    const bound = atMostOne(proven);
    const unproven = level.pairs.find((p) => !(prices.maxmin.units[p]! > 0));
    if (unproven !== undefined && bound.units !== pow10(bound.scale))
      faults.push(`${place}: nothing says that pair ${unproven} stays on it`);
    levels.push({
      pairs: level.pairs.length,
      value: format(value),
      bound: format(bound),
      gap: relativeGap(value, bound, decimal(1)),
      slack: unproven === undefined ? slackOf(prices, proven, level.pairs, needed, has) : null,
    });
    for (const p of level.pairs) open[p] = 0;
  }
  const missing = open.indexOf(1);
  if (missing >= 0 && faults.length === 0) faults.push(`${at}/levels: pair ${missing} is on no level`);
  return { levels, faults };
}

const atMostOne = (bound: Decimal): Decimal => (bound.units > pow10(bound.scale) ? decimal(1) : bound);

/** The most by which one of the pairs can rise. The bound has a term for z ≤ 1 that is not below zero; without it, it bounds Σ π·M. */
function slackOf(prices: Prices, bound: Decimal, pairs: number[], needed: Float64Array, has: Float64Array): number {
  const { units, scale } = prices.maxmin;
  let used = 0n;
  let least = 0n;
  for (const p of pairs) {
    used += BigInt(units[p]!) * BigInt(has[p]!);
    const own = BigInt(units[p]!) * BigInt(needed[p]!);
    if (least === 0n || own < least) least = own;
  }
  const room = plus(bound, { units: -used, scale });
  if (room.units <= 0n || least === 0n) return 0;
  // room ÷ (least · 10^-scale)
  const widest = ceilDiv({ units: room.units * pow10(scale), scale: room.scale }, least, PLACES);
  return Math.min(1, toNumber(widest));
}
