/** The twin of the certificate's three passes in `kernel.as.ts`, lane after lane and with the same roundings. */
import { RECORD, record } from './layout.js';
import { doubles, floats, lanes, type Memory, pmax, pmin, size, sumsOf } from './twin-memory.js';

const { fround } = Math;
const { node: NODE, row: ROW, perTonne: PERTONNE, km: KM, capacity: CAPACITY } = record;
const { price: PRICE, step: STEP, mode: MODE } = record;

/**
 * First pass of a certificate over groups [g0, g1). Flows are scaled down to needs and routes (`shipped`) and summed by good; the
 * bound and the Lagrangian of these groups go to total[3] and total[4].
 */
export function price(memory: Memory, thread: number, g0: number, g1: number): void {
  const { f32, f64, i32 } = memory;
  const x = floats(memory, 'x');
  const pi = floats(memory, 'pi');
  const need = floats(memory, 'need');
  const worth = floats(memory, 'worth');
  const group = floats(memory, 'group');
  const given = floats(memory, 'given');
  const arc = floats(memory, 'arc');
  const shipped = floats(memory, 'shipped');
  const goods = floats(memory, 'cleanGoods');
  const handling = doubles(memory, 'cleanHandling');
  const fleet = doubles(memory, 'cleanFleet');
  const bands = floats(memory, 'bands');
  const bandEnd = bands + 2 * size(memory, 'bandCount');
  const { goods: out, total, lanes: z } = sumsOf(memory, thread);
  const K = size(memory, 'lanes');
  const way = z + K;
  const money = f64[doubles(memory, 'cost')]! + Math.max(0, f64[doubles(memory, 'budget')]!);
  let bound = 0;
  let lagrangian = 0;
  for (let g = g0; g < g1; g++) {
    const gk = g * K;
    const first = i32[group + g]!;
    const end = i32[group + g + 1]!;
    for (let q = 0; q < K; q++) {
      f32[z + q] = 0;
      // more than the next of it is worth nobody pays
      const h = f32[given + gk + q]!;
      const d = f32[need + gk + q]!;
      let next = 0;
      for (let b = bandEnd - 2; b >= bands; b -= 2) if (fround(f32[b + 1]! * d) > h) next = f32[b]!;
      f32[way + q] = next * f32[worth + gk + q]!;
    }
    let l0 = 0;
    let l1 = 0;
    let l2 = 0;
    let l3 = 0;
    for (let a = first; a < end; a++) {
      const rec = arc + a * RECORD;
      const node = i32[rec + NODE]!;
      const xo = x + a * K;
      const lo = goods + node * K;
      const own = f32[rec + STEP]! > 0 ? Math.max(0, f32[rec + PRICE]!) : 0;
      if (own > 0) {
        const v = own * f32[rec + CAPACITY]!;
        bound += v;
        lagrangian += v;
      }
      const onFleet = f64[fleet + i32[rec + ROW]!]! * f32[rec + KM]!;
      const c = fround(money * f32[rec + PERTONNE]! + f64[handling + node]! + onFleet + own);
      for (let q = 0; q < K; q++) {
        const into = fround(c + f32[lo + q]!);
        const xv = pmax(0, f32[xo + q]!);
        f32[way + q] = pmin(f32[way + q]!, into);
        f32[z + q] = f32[z + q]! + xv;
        const l = fround(l0 + fround(xv * fround(pmax(0, f32[pi + gk + q]!) - into)));
        l0 = l1;
        l1 = l2;
        l2 = l3;
        l3 = l;
      }
    }
    lagrangian += lanes(l0, l1, l2, l3);
    // worth of the needs above the cheapest way in (v), and above their own prices (l)
    let v0 = 0;
    let v1 = 0;
    let v2 = 0;
    let v3 = 0;
    l0 = l1 = l2 = l3 = 0;
    for (let q = 0; q < K; q++) {
      const d = f32[need + gk + q]!;
      const w = f32[worth + gk + q]!;
      const cheap = f32[way + q]!;
      const raw = pmax(0, f32[pi + gk + q]!);
      let from = 0;
      let v = v0;
      let l = l0;
      for (let b = bands; b < bandEnd; b += 2) {
        const to = f32[b + 1]!;
        const width = fround(d * fround(to - from));
        const m = fround(f32[b]! * w);
        v = fround(v + fround(width * pmax(0, fround(m - cheap))));
        l = fround(l + fround(width * pmax(0, fround(m - raw))));
        from = to;
      }
      const h = f32[given + gk + q]!;
      v = fround(v + fround(cheap * h));
      l = fround(l + fround(raw * h));
      v0 = v1;
      v1 = v2;
      v2 = v3;
      v3 = v;
      l0 = l1;
      l1 = l2;
      l2 = l3;
      l3 = l;
      const s = f32[z + q]!;
      const room = pmax(0, fround(d - h));
      f32[z + q] = s > room ? room / s : 1;
    }
    bound += lanes(v0, v1, v2, v3);
    lagrangian += lanes(l0, l1, l2, l3);
    for (let a = first; a < end; a++) {
      const rec = arc + a * RECORD;
      const xo = x + a * K;
      const so = shipped + a * K;
      const oo = out + i32[rec + NODE]! * K;
      l0 = l1 = l2 = l3 = 0;
      for (let q = 0; q < K; q++) {
        const v = fround(pmax(0, f32[xo + q]!) * f32[z + q]!);
        const l = fround(l0 + v);
        l0 = l1;
        l1 = l2;
        l2 = l3;
        l3 = l;
        f32[so + q] = v;
      }
      const tonnes = lanes(l0, l1, l2, l3);
      const capacity = f32[rec + CAPACITY]!;
      const cut = tonnes > capacity ? fround(capacity / tonnes) : 1;
      for (let q = 0; q < K; q++) {
        const v = fround(f32[so + q]! * cut);
        f32[so + q] = v;
        f32[oo + q] = f32[oo + q]! + v;
      }
    }
  }
  f64[total + 3] = bound;
  f64[total + 4] = lagrangian;
}

/** Second pass: flows times the goods' factor, summed by (fleet, node): goods, then tonne-km, then cost. */
export function load(memory: Memory, thread: number, g0: number, g1: number): void {
  const { f32, f64, i32 } = memory;
  const group = floats(memory, 'group');
  const arc = floats(memory, 'arc');
  const shipped = floats(memory, 'shipped');
  const factor = floats(memory, 'goodsFactor');
  const K = size(memory, 'lanes');
  const nodes = size(memory, 'nodes');
  const cells = nodes * (size(memory, 'fleets') + 1);
  const table = sumsOf(memory, thread).byFleet;
  const kms = (table + cells * K) / 2;
  const costs = kms + cells;
  f32.fill(0, table, table + cells * (K + 4));
  const end = i32[group + g1]!;
  for (let a = i32[group + g0]!; a < end; a++) {
    const rec = arc + a * RECORD;
    const node = i32[rec + NODE]!;
    const cell = i32[rec + MODE]! * nodes + node;
    const so = shipped + a * K;
    const fo = factor + node * K;
    const to = table + cell * K;
    let l0 = 0;
    let l1 = 0;
    let l2 = 0;
    let l3 = 0;
    for (let q = 0; q < K; q++) {
      const v = fround(f32[so + q]! * f32[fo + q]!);
      f32[so + q] = v;
      f32[to + q] = f32[to + q]! + v;
      const l = fround(l0 + v);
      l0 = l1;
      l1 = l2;
      l2 = l3;
      l3 = l;
    }
    const tonnes = lanes(l0, l1, l2, l3);
    f64[kms + cell] = f64[kms + cell]! + tonnes * f32[rec + KM]!;
    f64[costs + cell] = f64[costs + cell]! + tonnes * f32[rec + PERTONNE]!;
  }
}

/**
 * Last pass: flows times the arc's factor, then needs are served from their arcs while goods, routes, handling, fleets and budget
 * last; in round 0 only where the next band is worth the price of the way in. Returns the worth.
 */
export function spend(memory: Memory, g0: number, g1: number, round: 0 | 1): number {
  const { f32, f64, i32 } = memory;
  const need = floats(memory, 'need');
  const worth = floats(memory, 'worth');
  const group = floats(memory, 'group');
  const given = floats(memory, 'given');
  const arc = floats(memory, 'arc');
  const shipped = floats(memory, 'shipped');
  const factor = floats(memory, 'arcFactor');
  const goods = floats(memory, 'cleanGoods');
  const handling = doubles(memory, 'cleanHandling');
  const fleet = doubles(memory, 'cleanFleet');
  const bands = floats(memory, 'bands');
  const bandEnd = bands + 2 * size(memory, 'bandCount');
  const met = floats(memory, 'met');
  const K = size(memory, 'lanes');
  const nodes = size(memory, 'nodes');
  const T = size(memory, 'periods');
  const spare = doubles(memory, 'spare');
  const room = doubles(memory, 'room');
  const fleetRoom = room + nodes;
  const purse = fleetRoom + size(memory, 'fleetRows');
  const price = f64[doubles(memory, 'cost')]!;
  const money = price + Math.max(0, f64[doubles(memory, 'budget')]!);
  const left = floats(memory, 'open');
  const open = left + nodes;
  for (let n = 0; n < nodes; n++) {
    let bits = 0;
    for (let k = 0; k < K; k++) if (f64[spare + n * K + k]! > 0) bits |= 1 << k;
    i32[left + n] = bits;
  }
  let value = 0;
  for (let g = g0; g < g1; g++) {
    const gk = g * K;
    const first = i32[group + g]!;
    const end = i32[group + g + 1]!;
    const z = met + gk;
    if (round === 0) {
      for (let q = 0; q < K; q++) f32[z + q] = f32[given + gk + q]!;
      for (let a = first; a < end; a++) {
        const rec = arc + a * RECORD;
        const so = shipped + a * K;
        const f = f32[factor + i32[rec + MODE]! * nodes + i32[rec + NODE]!]!;
        let l0 = 0;
        let l1 = 0;
        let l2 = 0;
        let l3 = 0;
        for (let q = 0; q < K; q++) {
          const v = fround(f32[so + q]! * f);
          f32[so + q] = v;
          f32[z + q] = f32[z + q]! + v;
          const l = fround(l0 + v);
          l0 = l1;
          l1 = l2;
          l2 = l3;
          l3 = l;
        }
        value -= price * lanes(l0, l1, l2, l3) * f32[rec + PERTONNE]!;
      }
    }
    let last = open;
    let reach = 0;
    for (let a = first; a < end; a++) {
      const rec = arc + a * RECORD;
      const node = i32[rec + NODE]!;
      const bits = i32[left + node]!;
      if (bits === 0 || !(f64[room + node]! > 0)) continue;
      if (f32[rec + KM]! > 0 && !(f64[fleetRoom + i32[rec + ROW]!]! > 0)) continue;
      if (f32[rec + PERTONNE]! > 0 && !(f64[purse]! > 0)) continue;
      i32[last++] = a;
      reach |= bits;
    }
    for (let q = 0; q < K; q++) {
      const d = f32[need + gk + q]!;
      const w = f32[worth + gk + q]!;
      const enough = 1e-7 * d;
      let m = f32[z + q]!;
      for (let b = bands; b < bandEnd && (reach >> q) & 1 && d - m > enough; b += 2) {
        const upTo = f32[b + 1]! * d;
        if (upTo - m <= enough) continue;
        const gain = w * f32[b]!;
        for (let o = open; o < last && upTo - m > enough; o++) {
          const a = i32[o]!;
          const rec = arc + a * RECORD;
          const node = i32[rec + NODE]!;
          const s = spare + node * K + q;
          let v = f64[s]!;
          if (!(v > 0)) continue;
          const row = i32[rec + ROW]!;
          const f = fleetRoom + row;
          const h = room + node;
          const km = f32[rec + KM]!;
          const cost = f32[rec + PERTONNE]!;
          if (!(gain > price * cost)) continue;
          if (round === 0) {
            const own = f32[rec + STEP]! > 0 ? Math.max(0, f32[rec + PRICE]!) : 0;
            const way =
              money * cost + f64[handling + node]! + f64[fleet + row]! * km + own + f32[goods + node * K + q]!;
            if (gain < way * 0.999) continue;
          }
          v = Math.min(v, Math.min(upTo - m, f64[h]!));
          if (km > 0) v = Math.min(v, f64[f]! / km);
          if (cost > 0) v = Math.min(v, f64[purse]! / cost);
          if (!(v > 0)) continue;
          const so = shipped + a * K;
          if (f32[rec + STEP]! > 0) {
            let tonnes = 0;
            for (let p = 0; p < K; p++) tonnes += f32[so + p]!;
            v = Math.min(v, f32[rec + CAPACITY]! * (1 - 1e-7) - tonnes);
            if (!(v > 0)) continue;
          }
          const old = f32[so + q]!;
          const now = fround(old + v);
          v = now - old;
          f32[so + q] = now;
          m += v;
          f64[h] = f64[h]! - v;
          f64[f] = f64[f]! - v * km;
          f64[purse] = f64[purse]! - v * cost;
          value -= price * v * cost;
          // what leaves in t is gone in every later period; earlier ones may not take what is promised
          const depot = node - (node % T);
          const left = f64[s]! - v;
          for (let t = depot, p = spare + depot * K + q; t < depot + T; t++, p += K)
            f64[p] = t < node ? Math.min(f64[p]!, left) : f64[p]! - v;
        }
        // the next band is worth less
        if (upTo - m > enough) break;
      }
      f32[z + q] = m;
      if (round === 0) continue;
      if (m > d) m = d;
      let from = 0;
      for (let b = bands; b < bandEnd; b += 2) {
        const to = f32[b + 1]! * d;
        if (m > from) value += w * f32[b]! * (Math.min(m, to) - from);
        from = to;
      }
    }
  }
  return value;
}
