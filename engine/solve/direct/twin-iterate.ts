/**
 * The twin of the iteration in `kernel.as.ts`: the same functions with the same names, lane after lane. A double that holds the
 * sum, difference, product or quotient of two singles rounds to the single that one operation gives (2 · 24 + 2 ≤ 53), so `fround`
 * around each, or a store into a Float32Array, makes the same iterates bit for bit.
 */
import type { Step } from './kernel.js';
import { RECORD, record } from './layout.js';
import { doubles, floats, lanes, type Memory, pmax, pmin, size, sumsOf } from './twin-memory.js';

const { fround } = Math;
const { node: NODE, row: ROW, perTonne: PERTONNE, km: KM, capacity: CAPACITY } = record;
const { price: PRICE, price0: PRICE0, step: STEP, column: COLUMN } = record;
/** As single precision holds it. */
const TINY = fround(1e-30);
const NOTHING = fround(1e-8);

/**
 * One primal step of all flows into groups [g0, g1) and the dual step of their needs and routes: `sweep` of the kernel, and `fast`,
 * which keeps more in registers and does the same arithmetic wherever a route without a step has the price zero.
 */
export function pass(memory: Memory, thread: number, g0: number, g1: number, step: Step, residual: boolean): void {
  const { f32, f64, i32 } = memory;
  const { primal: tw, dual: sw, ahead: a1, anchor: a0 } = step;
  const x = floats(memory, 'x');
  const x0 = floats(memory, 'x0');
  const pi = floats(memory, 'pi');
  const pi0 = floats(memory, 'pi0');
  const need = floats(memory, 'need');
  const worth = floats(memory, 'worth');
  const needStep = floats(memory, 'needStep');
  const group = floats(memory, 'group');
  const goods = floats(memory, 'goods');
  const given = floats(memory, 'given');
  const handling = doubles(memory, 'handling');
  const fleet = doubles(memory, 'fleet');
  const bands = floats(memory, 'bands');
  const bandEnd = bands + 2 * size(memory, 'bandCount');
  const { goods: out, handling: sumH, fleet: sumF, total, lanes: z } = sumsOf(memory, thread);
  const K = size(memory, 'lanes');
  const money = f64[doubles(memory, 'cost')]! + f64[doubles(memory, 'budget')]!;
  const va1 = fround(a1);
  const va0 = fround(a0);
  const vsw = fround(sw);
  const least = fround(step.least);
  let spent = 0;
  // partial sums of the residuals of flows and needs
  let x_0 = 0;
  let x_1 = 0;
  let x_2 = 0;
  let x_3 = 0;
  let y_0 = 0;
  let y_1 = 0;
  let y_2 = 0;
  let y_3 = 0;
  let ofRoutes = 0;
  let a = i32[group + g0]!;
  let rec = floats(memory, 'arc') + a * RECORD;
  let xo = x + a * K;
  let x0o = x0 + a * K;
  for (let g = g0; g < g1; g++) {
    const gk = g * K;
    for (let q = 0; q < K; q++) f32[z + q] = f32[given + gk + q]!;
    const end = i32[group + g + 1]!;
    for (; a < end; a++) {
      const node = i32[rec + NODE]!;
      const row = i32[rec + ROW]!;
      const cost = f32[rec + PERTONNE]!;
      const km = f32[rec + KM]!;
      const capacity = f32[rec + CAPACITY]!;
      const price = f32[rec + PRICE]!;
      const column = f32[rec + COLUMN]!;
      const c = fround(money * cost + f64[handling + node]! + f64[fleet + row]! * km + price);
      const t = fround(tw * column);
      const lo = goods + node * K;
      const oo = out + node * K;
      let l0 = 0;
      let l1 = 0;
      let l2 = 0;
      let l3 = 0;
      for (let q = 0; q < K; q++) {
        const xv = f32[xo + q]!;
        const anchor = f32[x0o + q]!;
        const s0 = pmin(f32[need + gk + q]!, capacity);
        const s = pmin(s0, pmax(fround(s0 * least), fround(anchor * 4)));
        const reduced = fround(fround(c + f32[lo + q]!) - f32[pi + gk + q]!);
        const v = pmax(0, fround(xv - fround(fround(t * s) * reduced)));
        const dx = fround(v - xv);
        const bar = fround(v + dx);
        f32[z + q] = f32[z + q]! + bar;
        f32[oo + q] = f32[oo + q]! + bar;
        const l = fround(l0 + bar);
        l0 = l1;
        l1 = l2;
        l2 = l3;
        l3 = l;
        f32[xo + q] = fround(va1 * bar) + fround(va0 * anchor);
        if (residual) {
          const r = fround(x_0 + fround(fround(dx * dx) / fround(fround(s * column) + TINY)));
          x_0 = x_1;
          x_1 = x_2;
          x_2 = x_3;
          x_3 = r;
        }
      }
      const tonnes = lanes(l0, l1, l2, l3);
      f64[sumH + node] = f64[sumH + node]! + tonnes;
      f64[sumF + row] = f64[sumF + row]! + tonnes * km;
      spent += tonnes * cost;
      const routeStep = f32[rec + STEP]!;
      if (routeStep > 0) {
        let v = price + sw * routeStep * (tonnes - capacity);
        if (v < 0) v = 0;
        const dv = v - price;
        if (residual) ofRoutes += (dv * dv) / routeStep;
        f32[rec + PRICE] = a1 * (v + dv) + a0 * f32[rec + PRICE0]!;
      }
      rec += RECORD;
      xo += K;
      x0o += K;
    }
    for (let q = 0; q < K; q++) {
      const e = gk + q;
      const old = f32[pi + e]!;
      const sigma = fround(vsw * f32[needStep + e]!);
      const w = f32[worth + e]!;
      const sn = fround(sigma * f32[need + e]!);
      const v = fround(old - fround(sigma * f32[z + q]!));
      let r = pmax(v, 0);
      for (let b = bands; b < bandEnd; b += 2)
        r = pmax(r, pmin(fround(f32[b]! * w), fround(v + fround(sn * f32[b + 1]!))));
      const dp = fround(r - old);
      if (residual) {
        const y = fround(y_0 + fround(fround(dp * dp) / fround(f32[needStep + e]! + TINY)));
        y_0 = y_1;
        y_1 = y_2;
        y_2 = y_3;
        y_3 = y;
      }
      f32[pi + e] = fround(va1 * fround(r + dp)) + fround(va0 * f32[pi0 + e]!);
    }
  }
  f64[total] = spent;
  if (residual) {
    f64[total + 1] = lanes(x_0, x_1, x_2, x_3);
    f64[total + 2] = lanes(y_0, y_1, y_2, y_3) + ofRoutes;
  }
}

/** Clears one thread's sums over nodes, fleets and the budget. */
export function clear(memory: Memory, thread: number): void {
  const { goods, byFleet } = sumsOf(memory, thread);
  memory.f32.fill(0, goods, byFleet);
}

/** Adds the sums of threads 1 … threads − 1 to those of thread 0. */
export function gather(memory: Memory, threads: number): void {
  const { f32, f64 } = memory;
  const sums = sumsOf(memory, 0);
  const singles = size(memory, 'sumsHandling') / 4;
  const many = (size(memory, 'sumsLanes') - size(memory, 'sumsHandling')) / 8;
  for (let w = 1; w < threads; w++) {
    const other = sumsOf(memory, w);
    for (let i = 0; i < singles; i++) f32[sums.goods + i] = f32[sums.goods + i]! + f32[other.goods + i]!;
    for (let i = 0; i < many; i++) f64[sums.handling + i] = f64[sums.handling + i]! + f64[other.handling + i]!;
  }
}

/** Dual step of the row at index `price` of `f64`. Returns its part of the squared residual. */
function row(f64: Float64Array, price: number, anchor: number, step: number, excess: number, by: Step): number {
  if (!(step > 0)) return 0;
  const old = f64[price]!;
  let v = old + by.dual * step * excess;
  if (v < 0) v = 0;
  const dv = v - old;
  f64[price] = by.ahead * (v + dv) + by.anchor * f64[anchor]!;
  return (dv * dv) / step;
}

/** Dual step of depots (goods over time, handling), fleets and the budget. Returns its part of the squared residual. */
export function tail(memory: Memory, step: Step): number {
  const { f64 } = memory;
  const { handling: sumH, fleet: sumF, total } = sumsOf(memory, 0);
  const nodes = size(memory, 'nodes');
  const joint = size(memory, 'joint') !== 0;
  let r = size(memory, 'periods') === 1 ? goodsOfOnePeriod(memory, step, joint) : goodsOverTime(memory, step);
  const handling = doubles(memory, 'handling');
  const handling0 = doubles(memory, 'handling0');
  const handlingStep = doubles(memory, 'handlingStep');
  const handlingLimit = doubles(memory, 'handlingLimit');
  for (let n = 0; n < nodes && !joint; n++)
    r += row(f64, handling + n, handling0 + n, f64[handlingStep + n]!, f64[sumH + n]! - f64[handlingLimit + n]!, step);
  const fleet = doubles(memory, 'fleet');
  const fleet0 = doubles(memory, 'fleet0');
  const fleetStep = doubles(memory, 'fleetStep');
  const fleetLimit = doubles(memory, 'fleetLimit');
  const rows = size(memory, 'fleetRows');
  for (let n = 0; n < rows; n++)
    r += row(f64, fleet + n, fleet0 + n, f64[fleetStep + n]!, f64[sumF + n]! - f64[fleetLimit + n]!, step);
  const budget = doubles(memory, 'budget');
  r += row(f64, budget, budget + 1, f64[budget + 2]!, f64[total]! - f64[budget + 3]!, step);
  return r;
}

function goodsOfOnePeriod(memory: Memory, { dual: sw, ahead: a1, anchor: a0 }: Step, joint: boolean): number {
  const { f32, f64 } = memory;
  const goods = floats(memory, 'goods');
  const goods0 = floats(memory, 'goods0');
  const goodStep = floats(memory, 'goodStep');
  const supply = floats(memory, 'supply');
  const handlingStep = doubles(memory, 'handlingStep');
  const { goods: out } = sumsOf(memory, 0);
  const K = size(memory, 'lanes');
  const nodes = size(memory, 'nodes');
  let r = 0;
  for (let n = 0; n < nodes; n++) {
    const least = joint && f64[handlingStep + n]! > 0 ? jointPrice(memory, n, sw) : 0;
    for (let e = n * K; e < (n + 1) * K; e++) {
      const step = f32[goodStep + e]!;
      if (!(step > 0)) continue;
      const old = f32[goods + e]!;
      let v = old + sw * step * (f32[out + e]! - f32[supply + e]!);
      if (v < least) v = least;
      const dv = v - old;
      r += (dv * dv) / step;
      f32[goods + e] = a1 * (v + dv) + a0 * f32[goods0 + e]!;
    }
  }
  return r;
}

/** Isotonic regression by pooling adjacent violators: prices never rise in time, as goods can wait. */
function goodsOverTime(memory: Memory, { dual: sw, ahead: a1, anchor: a0 }: Step): number {
  const { f32, f64, i32 } = memory;
  const goods = floats(memory, 'goods');
  const goods0 = floats(memory, 'goods0');
  const goodStep = floats(memory, 'goodStep');
  const supply = floats(memory, 'supply');
  const { goods: out } = sumsOf(memory, 0);
  const K = size(memory, 'lanes');
  const T = size(memory, 'periods');
  const nodes = size(memory, 'nodes');
  const value = doubles(memory, 'scratch');
  const count = (value + T) * 2;
  let r = 0;
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < K; k++) {
      let blocks = 0;
      let e = depot * K + k;
      const step = f32[goodStep + e]!;
      if (!(step > 0)) continue;
      for (let t = 0; t < T; t++, e += K) {
        let v = f32[goods + e]! + sw * step * (f32[out + e]! - f32[supply + e]!);
        let c = 1;
        while (blocks > 0) {
          const before = f64[value + blocks - 1]!;
          if (!(before < v)) break;
          const cb = i32[count + blocks - 1]!;
          v = (before * cb + v * c) / (cb + c);
          c += cb;
          blocks--;
        }
        f64[value + blocks] = v;
        i32[count + blocks] = c;
        blocks++;
      }
      e = depot * K + k;
      for (let b = 0; b < blocks; b++) {
        let v = f64[value + b]!;
        if (v < 0) v = 0;
        for (let c = i32[count + b]!; c > 0; c--, e += K) {
          const dv = v - f32[goods + e]!;
          r += (dv * dv) / step;
          f32[goods + e] = a1 * (v + dv) + a0 * f32[goods0 + e]!;
        }
      }
    }
  return r;
}

/** Supply and handling of a depot in one proximal step (T = 1), by Newton; the kernel says why. */
function jointPrice(memory: Memory, n: number, sw: number): number {
  const { f32, f64 } = memory;
  const K = size(memory, 'lanes');
  const goods = floats(memory, 'goods') + n * K;
  const goodStep = floats(memory, 'goodStep') + n * K;
  const supply = floats(memory, 'supply') + n * K;
  const out = sumsOf(memory, 0).goods + n * K;
  const limit = f64[doubles(memory, 'handlingLimit') + n]!;
  let theta = 0;
  for (let round = 0; round < 60; round++) {
    let excess = -limit;
    let slope = 0;
    let next = Infinity;
    for (let q = 0; q < K; q++) {
      const sigma = sw * f32[goodStep + q]!;
      const have = f32[supply + q]!;
      if (!(sigma > 0)) continue;
      const v = f32[goods + q]! + sigma * f32[out + q]!;
      const share = (v - theta) / sigma;
      if (share < have) {
        excess += share;
        slope += 1 / sigma;
      } else {
        excess += have;
        const kink = v - sigma * have;
        if (kink < next) next = kink;
      }
    }
    if (Math.abs(excess) <= 1e-9 * limit || (theta === 0 && excess < 0)) break;
    if (slope > 0) theta = Math.max(0, theta + excess / slope);
    else if (next < Infinity) theta = Math.max(next, theta) * (1 + 1e-12) + 1e-12;
    else break;
  }
  // biome-ignore lint/complexity/useMathMinMax: nothing for NaN, as the kernel does
  return theta > 0 ? theta : 0;
}

/** Makes the point of groups [g0, g1) their anchor; flows and route prices below `NOTHING` become zero. */
export function anchor(memory: Memory, g0: number, g1: number): void {
  const { f32, i32 } = memory;
  const x = floats(memory, 'x');
  const x0 = floats(memory, 'x0');
  const pi = floats(memory, 'pi');
  const pi0 = floats(memory, 'pi0');
  const need = floats(memory, 'need');
  const worth = floats(memory, 'worth');
  const group = floats(memory, 'group');
  const arc = floats(memory, 'arc');
  const K = size(memory, 'lanes');
  for (let g = g0; g < g1; g++) {
    const gk = g * K;
    let dear = 0;
    for (let q = 0; q < K; q++) {
      f32[pi0 + gk + q] = f32[pi + gk + q]!;
      dear = pmax(dear, f32[worth + gk + q]!);
    }
    const least = fround(dear * NOTHING);
    const end = i32[group + g + 1]!;
    for (let a = i32[group + g]!; a < end; a++) {
      const rec = arc + a * RECORD;
      const capacity = f32[rec + CAPACITY]!;
      for (let q = 0, e = a * K; q < K; q++, e++) {
        const s0 = pmin(f32[need + gk + q]!, capacity);
        const v = f32[x + e]!;
        f32[x0 + e] = f32[x + e] = Math.abs(v) > fround(s0 * NOTHING) ? v : 0;
      }
      const price = f32[rec + PRICE]!;
      f32[rec + PRICE0] = f32[rec + PRICE] = Math.abs(price) > least ? price : 0;
    }
  }
}

/**
 * Row sums of the column scales s in force, for the steps of Pock and Chambolle (2011): needs and routes get theirs at once; those
 * of goods, handling, fleets and budget are summed up for `setSteps`.
 */
export function scale(memory: Memory, thread: number, g0: number, g1: number, leastScale: number): void {
  const { f32, f64, i32 } = memory;
  const x0 = floats(memory, 'x0');
  const need = floats(memory, 'need');
  const needStep = floats(memory, 'needStep');
  const group = floats(memory, 'group');
  const arc = floats(memory, 'arc');
  const { goods: out, handling: sumH, fleet: sumF, total, lanes: z } = sumsOf(memory, thread);
  const K = size(memory, 'lanes');
  const least = fround(leastScale);
  let spent = 0;
  for (let g = g0; g < g1; g++) {
    const gk = g * K;
    for (let q = 0; q < K; q++) f32[z + q] = 0;
    const end = i32[group + g + 1]!;
    for (let a = i32[group + g]!; a < end; a++) {
      const rec = arc + a * RECORD;
      const node = i32[rec + NODE]!;
      const row = i32[rec + ROW]!;
      const x0o = x0 + a * K;
      const oo = out + node * K;
      const capacity = f32[rec + CAPACITY]!;
      let l0 = 0;
      let l1 = 0;
      let l2 = 0;
      let l3 = 0;
      for (let q = 0; q < K; q++) {
        const s0 = pmin(f32[need + gk + q]!, capacity);
        const s = pmin(s0, pmax(fround(s0 * least), fround(f32[x0o + q]! * 4)));
        f32[z + q] = f32[z + q]! + s;
        f32[oo + q] = f32[oo + q]! + s;
        const l = fround(l0 + s);
        l0 = l1;
        l1 = l2;
        l2 = l3;
        l3 = l;
      }
      const tonnes = lanes(l0, l1, l2, l3);
      f64[sumH + node] = f64[sumH + node]! + tonnes;
      f64[sumF + row] = f64[sumF + row]! + tonnes * f32[rec + KM]!;
      spent += tonnes * f32[rec + PERTONNE]!;
      if (f32[rec + STEP]! > 0) f32[rec + STEP] = tonnes > 0 ? 1 / tonnes : TINY;
    }
    for (let q = 0; q < K; q++) {
      const s = f32[z + q]!;
      f32[needStep + gk + q] = s > 0 ? 1 / s : 0;
    }
  }
  f64[total] = spent;
}
