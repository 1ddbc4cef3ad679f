/**
 * Σ over (region, period, resource) of the most that met need can be worth beyond its price, band by band, exactly. As
 * in `ships.ts`, doubles and residues find the bands that pay, and what is summed are products of whole numbers.
 */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import type { Prices } from './bound.js';
import { addProduct, dot, dots, safeNumber, safeUnits, total } from './dot.js';
import { type Decimal, fixed, plus, pow10, times } from './exact.js';
import { residue, residueOf, SMALL, small, timesResidue } from './residue.js';

/** No term of the seven suffers more than eight roundings of half an epsilon: four epsilons of the sum of their sizes. */
const MARGIN = 8 * Number.EPSILON;

const zero: Decimal = { units: 0n, scale: 0 };

/** `weights`: points that each stage of the policy counts for. A quotient, as bands may be thirds. */
export function bandTerm(
  network: Network,
  policy: Policy,
  prices: Prices,
  weights: Decimal[],
): Decimal & { divisor: bigint } {
  const { D, H, R, T, K, exact, need, upper, scenario } = network;
  const { denominator, widths, slopes } = policy.bands;
  const B = widths.length;
  // σ_b = Σ_r multiplier_r · φ_rb
  const sigma = fixed(
    widths.map((_, b) =>
      slopes.reduce<Decimal>((sum, slope, r) => {
        const units = slope.units[b];
        return units ? plus(sum, times(weights[r]!, { units, scale: slope.scale })) : sum;
      }, zero),
    ),
  );
  const { goods, backlog, floor, maxmin, leximin } = prices;
  const worthScale = exact.points.scale + sigma.scale;
  const scale = Math.max(worthScale, goods.scale, backlog.scale, floor.scale, maxmin.scale, leximin.scale);
  const lift = (from: number) => pow10(scale - from);
  const [onGoods, onBacklog, onFloor, onMaxmin, onKept] = [
    lift(goods.scale),
    lift(backlog.scale),
    lift(floor.scale),
    lift(maxmin.scale),
    lift(leximin.scale),
  ] as const;
  const slope = sigma.units.map((units) => units * lift(worthScale));
  const points = safeUnits(exact.points.units);
  const dSlope = slope.map(Number);
  const [dGoods, dBacklog, dFloor, dMaxmin, dKept] = [onGoods, onBacklog, onFloor, onMaxmin, onKept].map(
    Number,
  ) as Five;
  const rSlope = slope.map(residueOf);
  const [rGoods, rBacklog, rFloor, rMaxmin, rKept] = [onGoods, onBacklog, onFloor, onMaxmin, onKept].map(
    residueOf,
  ) as Five;
  const wholes = safeNumber(denominator);
  const width = safeUnits(widths);

  let rest = 0n; // needs that were summed one by one
  const worth = dots(B);
  const paid = { goods: dot(), later: dot(), backlog: dot(), behind: dot(), floor: dot(), maxmin: dot(), kept: dot() };
  const amounts = new Float64Array(B);
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const jk = j * K + k;
      const durable = scenario.resources[k]!.kind === 'durable';
      const [yFloor, yMaxmin, yKept] = [floor.units[jk]!, maxmin.units[jk]!, leximin.units[jk]!];
      for (let t = 0; t < T; t++) {
        const i = (j * T + t) * K + k;
        const most = upper.met[i]!;
        if (most === 0) continue;
        const good = ((D + H + j) * T + t) * K + k;
        const follows = durable && t + 1 < T;
        const y = goods.units[good]!;
        const yLater = follows ? goods.units[good + K]! : 0;
        const yBehind = durable ? backlog.units[i]! : 0;
        const yBacklog = follows ? backlog.units[i + K]! : 0;
        const price = y * dGoods + yBacklog * dBacklog;
        const credit = yLater * dGoods + yBehind * dBacklog + yFloor * dFloor + yMaxmin * dMaxmin + yKept * dKept;
        let rPrice = -1;

        // lots in parts of 1 ÷ denominator
        const n = need[i]! * wholes;
        let left = most * wholes;
        let sure = n <= Number.MAX_SAFE_INTEGER && left <= Number.MAX_SAFE_INTEGER;
        let amount = 0;
        let paying = 0;
        for (let b = 0; b < B && left > 0 && sure; b++) {
          const value = points[jk]! * dSlope[b]!;
          const profit = value + credit - price;
          const margin = MARGIN * (value + credit + price);
          if (profit < -margin) break; // slopes never rise, so later bands are no better
          if (!(profit > margin)) {
            sure = 2 * margin <= SMALL;
            if (!sure) break;
            if (rPrice < 0)
              rPrice = residue(
                timesResidue(residue(y - yLater), rGoods) +
                  timesResidue(residue(yBacklog - yBehind), rBacklog) -
                  timesResidue(residue(yFloor), rFloor) -
                  timesResidue(residue(yMaxmin), rMaxmin) -
                  timesResidue(residue(yKept), rKept),
              );
            if (small(timesResidue(residue(points[jk]!), rSlope[b]!) - rPrice) <= 0) break;
          }
          amounts[b] = Math.min(left, width[b]! * need[i]!);
          left -= amounts[b]!;
          amount += amounts[b]!;
          paying = b + 1;
        }
        if (!sure) {
          const each =
            BigInt(y - yLater) * onGoods +
            BigInt(yBacklog - yBehind) * onBacklog -
            BigInt(yFloor) * onFloor -
            BigInt(yMaxmin) * onMaxmin -
            BigInt(yKept) * onKept;
          rest += needTerm(exact.points.units[jk]!, slope, each, BigInt(need[i]!), BigInt(most), policy);
          continue;
        }
        for (let b = 0; b < paying; b++) addProduct(worth[b]!, points[jk]!, amounts[b]!);
        if (amount === 0) continue;
        addProduct(paid.goods, y, amount);
        if (yLater) addProduct(paid.later, yLater, amount);
        if (yBacklog) addProduct(paid.backlog, yBacklog, amount);
        if (yBehind) addProduct(paid.behind, yBehind, amount);
        if (yFloor) addProduct(paid.floor, yFloor, amount);
        if (yMaxmin) addProduct(paid.maxmin, yMaxmin, amount);
        if (yKept) addProduct(paid.kept, yKept, amount);
      }
    }
  let units = rest;
  worth.forEach((d, b) => {
    units += slope[b]! * total(d);
  });
  units -= onGoods * (total(paid.goods) - total(paid.later)) + onBacklog * (total(paid.backlog) - total(paid.behind));
  units += onFloor * total(paid.floor) + onMaxmin * total(paid.maxmin) + onKept * total(paid.kept);
  return { units, scale, divisor: denominator };
}

type Five = [number, number, number, number, number];

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** One need, in parts of 1 ÷ denominator. */
function needTerm(points: bigint, slope: bigint[], price: bigint, need: bigint, most: bigint, policy: Policy): bigint {
  const { denominator, widths } = policy.bands;
  let units = 0n;
  let left = most * denominator;
  for (let b = 0; b < widths.length && left > 0n; b++) {
    const profit = points * slope[b]! - price;
    if (profit <= 0n) break;
    const width = widths[b]! * need;
    const amount = smaller(left, width);
    units += profit * amount;
    left -= amount;
  }
  return units;
}
