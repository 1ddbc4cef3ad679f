// The hot loops of the direct solver in WebAssembly SIMD (AssemblyScript). `twin.ts` does the same in TypeScript, operation
// by operation; the frame of addresses and the record of an arc are laid out by `layout.ts`. README.md has the mathematics.

// words of the frame
const X: usize = 0, X0: usize = 4, PI: usize = 8, PI0: usize = 12, NEED: usize = 16, WORTH: usize = 20, NEEDSTEP: usize = 24;
const ARC: usize = 28, GROUP: usize = 32, GOODS: usize = 36, GOODS0: usize = 40, GOODSTEP: usize = 44, SUPPLY: usize = 48;
const HANDLING: usize = 52, HANDLING0: usize = 56, HANDLINGSTEP: usize = 60, HANDLINGLIMIT: usize = 64;
const FLEET: usize = 68, FLEET0: usize = 72, FLEETSTEP: usize = 76, FLEETLIMIT: usize = 80, BUDGET: usize = 84;
const SUMS: usize = 88, STRIDE: usize = 92, BANDS: usize = 96, SCRATCH: usize = 100;
const LANES: usize = 104, BANDCOUNT: usize = 108, PERIODS: usize = 112, NODES: usize = 116, FLEETROWS: usize = 120;
const JOINT: usize = 124, SHIPPED: usize = 128, CLEANGOODS: usize = 132, CLEANHANDLING: usize = 136;
const GOODSFACTOR: usize = 140, ARCFACTOR: usize = 144, SPARE: usize = 148, ROOM: usize = 152, FLEETS: usize = 156;
const SUMSHANDLING: usize = 160, SUMSFLEET: usize = 164, SUMSTOTAL: usize = 168, SUMSLANES: usize = 172, SUMSBYFLEET: usize = 176;
const CLEANFLEET: usize = 180, COST: usize = 184, MET: usize = 192, OPEN: usize = 196, GIVEN: usize = 200;

// an arc's record: 10 words
const RECORD: usize = 40;
const NODE: usize = 0, ROW: usize = 4, PERTONNE: usize = 8, KM: usize = 12, CAPACITY: usize = 16, PRICE: usize = 20, PRICE0: usize = 24;
const STEP: usize = 28, COLUMN: usize = 32, MODE: usize = 36;

/** Less than this share of a need or worth is less than single precision tells apart beside it. */
const NOTHING: f32 = 1e-8;
/** Beside it steps of rows and columns are not nothing. */
const TINY: f64 = <f64><f32>1e-30;

@inline function at(frame: usize, word: usize): usize { return <usize>load<u32>(frame + word); }

@inline function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}

/** One primal step of all flows into groups [g0, g1) and the dual step of their needs and routes. */
@inline function sweep(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32, residual: bool): void {
  const x = at(frame, X), x0 = at(frame, X0), pi = at(frame, PI), pi0 = at(frame, PI0), need = at(frame, NEED), worth = at(frame, WORTH);
  const needStep = at(frame, NEEDSTEP), group = at(frame, GROUP), goods = at(frame, GOODS), given = at(frame, GIVEN);
  const handling = at(frame, HANDLING), fleet = at(frame, FLEET), bands = at(frame, BANDS);
  const sums = at(frame, SUMS) + <usize>thread * at(frame, STRIDE);
  const sumH = sums + at(frame, SUMSHANDLING), sumF = sums + at(frame, SUMSFLEET), total = sums + at(frame, SUMSTOTAL), z = sums + at(frame, SUMSLANES);
  const KB = at(frame, LANES) << 2, bandEnd = bands + (at(frame, BANDCOUNT) << 3);
  const money = load<f64>(at(frame, COST)) + load<f64>(at(frame, BUDGET));
  const zero = f32x4.splat(0), va1 = f32x4.splat(<f32>a1), va0 = f32x4.splat(<f32>a0), vsw = f32x4.splat(<f32>sw), tiny = f32x4.splat(1e-30);
  const vleast = f32x4.splat(least), four = f32x4.splat(4);
  let spent: f64 = 0, rx = zero, ry = zero, rc: f64 = 0;
  let a = load<i32>(group + (<usize>g0 << 2));
  let rec = at(frame, ARC) + <usize>a * RECORD;
  let xo = x + <usize>a * KB, x0o = x0 + <usize>a * KB;
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB;
    for (let q: usize = 0; q < KB; q += 16) v128.store(z + q, v128.load(given + gk + q));
    const end = load<i32>(group + (<usize>(g + 1) << 2));
    for (; a < end; a++) {
      const node = <usize>load<u32>(rec, NODE), row = <usize>load<u32>(rec, ROW) << 3;
      const cost = <f64>load<f32>(rec, PERTONNE), km = <f64>load<f32>(rec, KM), capacity = load<f32>(rec, CAPACITY), price = load<f32>(rec, PRICE);
      const column = load<f32>(rec, COLUMN);
      const c = f32x4.splat(<f32>(money * cost + load<f64>(handling + (node << 3)) + load<f64>(fleet + row) * km + <f64>price));
      const limit = f32x4.splat(capacity), t = f32x4.splat(<f32>(tw * <f64>column)), vcol = f32x4.splat(column);
      const lo = goods + node * KB, oo = sums + node * KB;
      let load4 = zero;
      for (let q: usize = 0; q < KB; q += 16) {
        const xv = v128.load(xo + q), anchor = v128.load(x0o + q);
        const s0 = f32x4.pmin(v128.load(need + gk + q), limit);
        const s = f32x4.pmin(s0, f32x4.pmax(f32x4.mul(s0, vleast), f32x4.mul(anchor, four)));
        const reduced = f32x4.sub(f32x4.add(c, v128.load(lo + q)), v128.load(pi + gk + q));
        const v = f32x4.pmax(zero, f32x4.sub(xv, f32x4.mul(f32x4.mul(t, s), reduced)));
        const dx = f32x4.sub(v, xv), bar = f32x4.add(v, dx);
        v128.store(z + q, f32x4.add(v128.load(z + q), bar));
        v128.store(oo + q, f32x4.add(v128.load(oo + q), bar));
        load4 = f32x4.add(load4, bar);
        v128.store(xo + q, f32x4.add(f32x4.mul(va1, bar), f32x4.mul(va0, anchor)));
        if (residual) rx = f32x4.add(rx, f32x4.div(f32x4.mul(dx, dx), f32x4.add(f32x4.mul(s, vcol), tiny)));
      }
      const tonnes = <f64>lanes(load4);
      const h = sumH + (node << 3), f = sumF + row;
      store<f64>(h, load<f64>(h) + tonnes);
      store<f64>(f, load<f64>(f) + tonnes * km);
      spent += tonnes * cost;
      const step = load<f32>(rec, STEP);
      if (step > 0) {
        let v = <f64>price + sw * <f64>step * (tonnes - <f64>capacity);
        if (v < 0) v = 0;
        const dv = v - <f64>price;
        if (residual) rc += dv * dv / <f64>step;
        store<f32>(rec, <f32>(a1 * (v + dv) + a0 * <f64>load<f32>(rec, PRICE0)), PRICE);
      }
      rec += RECORD; xo += KB; x0o += KB;
    }
    for (let q: usize = 0; q < KB; q += 16) {
      const e = gk + q;
      const old = v128.load(pi + e), sigma = f32x4.mul(vsw, v128.load(needStep + e)), w = v128.load(worth + e);
      const sn = f32x4.mul(sigma, v128.load(need + e));
      const v = f32x4.sub(old, f32x4.mul(sigma, v128.load(z + q)));
      let r = f32x4.pmax(v, zero);
      for (let b = bands; b < bandEnd; b += 8)
        r = f32x4.pmax(r, f32x4.pmin(f32x4.mul(f32x4.splat(load<f32>(b)), w), f32x4.add(v, f32x4.mul(sn, f32x4.splat(load<f32>(b, 4))))));
      const dp = f32x4.sub(r, old);
      if (residual) ry = f32x4.add(ry, f32x4.div(f32x4.mul(dp, dp), f32x4.add(v128.load(needStep + e), tiny)));
      v128.store(pi + e, f32x4.add(f32x4.mul(va1, f32x4.add(r, dp)), f32x4.mul(va0, v128.load(pi0 + e))));
    }
  }
  store<f64>(total, spent);
  if (residual) { store<f64>(total, <f64>lanes(rx), 8); store<f64>(total, <f64>lanes(ry) + rc, 16); }
}

/** One flow quadruple: steps, stores the iterate, adds to the node's sum and, where asked, to the residual; returns the extrapolated flows. */
@inline function quad(xo: usize, x0o: usize, oo: usize, lo: usize, q: usize, c: v128, pi: v128, need: v128, limit: v128, t: v128, least: v128, a1: v128, a0: v128, residual: bool, error: usize, column: v128): v128 {
  const xv = v128.load(xo + q), anchor = v128.load(x0o + q), s0 = f32x4.pmin(need, limit);
  const s = f32x4.pmin(s0, f32x4.pmax(f32x4.mul(s0, least), f32x4.mul(anchor, f32x4.splat(4))));
  const reduced = f32x4.sub(f32x4.add(c, v128.load(lo + q)), pi);
  const v = f32x4.pmax(f32x4.splat(0), f32x4.sub(xv, f32x4.mul(f32x4.mul(t, s), reduced)));
  const dx = f32x4.sub(v, xv), bar = f32x4.add(v, dx);
  v128.store(oo + q, f32x4.add(v128.load(oo + q), bar));
  v128.store(xo + q, f32x4.add(f32x4.mul(a1, bar), f32x4.mul(a0, anchor)));
  if (residual) v128.store(error, f32x4.add(v128.load(error), f32x4.div(f32x4.mul(dx, dx), f32x4.add(f32x4.mul(s, column), f32x4.splat(1e-30)))));
  return bar;
}

/** Proximal step of four needs' prices and Halpern's mean with the anchor. Returns their part of the residual. */
@inline function settle(e: usize, pi: usize, pi0: usize, old: v128, need: v128, z: v128, worth: usize, needStep: usize, sw: v128, a1: v128, a0: v128, bands: usize, bandEnd: usize, residual: bool): v128 {
  const step = v128.load(needStep + e), sigma = f32x4.mul(sw, step), w = v128.load(worth + e), sn = f32x4.mul(sigma, need);
  const v = f32x4.sub(old, f32x4.mul(sigma, z));
  let r = f32x4.pmax(v, f32x4.splat(0));
  for (let b = bands; b < bandEnd; b += 8)
    r = f32x4.pmax(r, f32x4.pmin(f32x4.mul(v128.load32_splat(b), w), f32x4.add(v, f32x4.mul(sn, v128.load32_splat(b, 4)))));
  const dp = f32x4.sub(r, old);
  v128.store(pi + e, f32x4.add(f32x4.mul(a1, f32x4.add(r, dp)), f32x4.mul(a0, v128.load(pi0 + e))));
  return residual ? f32x4.div(f32x4.mul(dp, dp), f32x4.add(step, f32x4.splat(1e-30))) : dp;
}

/** Adds an arc's load to the sums of its node and fleet. Returns its tonnes. */
@inline function book(rec: usize, load4: v128, sumH: usize, sumF: usize): f64 {
  const tonnes = <f64>lanes(load4), h = sumH + (<usize>load<u32>(rec, NODE) << 3), f = sumF + (<usize>load<u32>(rec, ROW) << 3);
  store<f64>(h, load<f64>(h) + tonnes);
  store<f64>(f, load<f64>(f) + tonnes * <f64>load<f32>(rec, KM));
  return tonnes;
}

/**
 * Proximal step of a route's price. Without a step it stays at zero; no branch, as it would be guessed wrong for every third route
 * (f64.max has some). Returns its part of the residual.
 */
@inline function toll(rec: usize, tonnes: f64, sw: f64, a1: f64, a0: f64, residual: bool): f64 {
  const old = <f64>load<f32>(rec, PRICE), step = <f64>load<f32>(rec, STEP), raw = old + sw * step * (tonnes - <f64>load<f32>(rec, CAPACITY));
  const v = f64x2.extract_lane(f64x2.pmax(f64x2.splat(0), f64x2.splat(raw)), 0), dv = v - old;
  store<f32>(rec, <f32>(a1 * (v + dv) + a0 * <f64>load<f32>(rec, PRICE0)), PRICE);
  return residual ? dv * dv / f64x2.extract_lane(f64x2.pmax(f64x2.splat(TINY), f64x2.splat(step)), 0) : 0;
}

/** The same sweep for up to five quadruples of resources, whose prices, needs and sums then stay in registers. */
@inline function fast(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32, quads: i32, residual: bool): void {
  const pi = at(frame, PI), pi0 = at(frame, PI0), need = at(frame, NEED), worth = at(frame, WORTH);
  const needStep = at(frame, NEEDSTEP), group = at(frame, GROUP), goods = at(frame, GOODS), given = at(frame, GIVEN);
  const handling = at(frame, HANDLING), fleet = at(frame, FLEET), bands = at(frame, BANDS);
  const sums = at(frame, SUMS) + <usize>thread * at(frame, STRIDE);
  const sumH = sums + at(frame, SUMSHANDLING), sumF = sums + at(frame, SUMSFLEET), total = sums + at(frame, SUMSTOTAL);
  const KB = <usize>quads << 4, bandEnd = bands + (at(frame, BANDCOUNT) << 3);
  const money = load<f64>(at(frame, COST)) + load<f64>(at(frame, BUDGET));
  const zero = f32x4.splat(0), va1 = f32x4.splat(<f32>a1), va0 = f32x4.splat(<f32>a0), vsw = f32x4.splat(<f32>sw), vleast = f32x4.splat(least);
  const error = sums + at(frame, SUMSLANES);
  if (residual) v128.store(error, zero);
  let spent: f64 = 0, rc: f64 = 0, ry = zero;
  // an arc's tonnes are booked when the flows of the next are on their way: one after the other, a core would wait for the sums
  let behind: usize = 0, loadBehind = zero;
  let a = load<i32>(group + (<usize>g0 << 2));
  let rec = at(frame, ARC) + <usize>a * RECORD, xo = at(frame, X) + <usize>a * KB, x0o = at(frame, X0) + <usize>a * KB;
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB, np = need + gk, pp = pi + gk;
    const gp = given + gk;
    let z0 = v128.load(gp), z1 = quads > 1 ? v128.load(gp, 16) : zero, z2 = quads > 2 ? v128.load(gp, 32) : zero;
    let z3 = quads > 3 ? v128.load(gp, 48) : zero, z4 = quads > 4 ? v128.load(gp, 64) : zero;
    const p0 = v128.load(pp), n0 = v128.load(np);
    const p1 = quads > 1 ? v128.load(pp, 16) : zero, n1 = quads > 1 ? v128.load(np, 16) : zero;
    const p2 = quads > 2 ? v128.load(pp, 32) : zero, n2 = quads > 2 ? v128.load(np, 32) : zero;
    const p3 = quads > 3 ? v128.load(pp, 48) : zero, n3 = quads > 3 ? v128.load(np, 48) : zero;
    const p4 = quads > 4 ? v128.load(pp, 64) : zero, n4 = quads > 4 ? v128.load(np, 64) : zero;
    const end = load<i32>(group + (<usize>(g + 1) << 2));
    for (; a < end; a++) {
      const node = <usize>load<u32>(rec, NODE), row = <usize>load<u32>(rec, ROW) << 3;
      const cost = <f64>load<f32>(rec, PERTONNE), km = <f64>load<f32>(rec, KM), price = load<f32>(rec, PRICE);
      const c = f32x4.splat(<f32>(money * cost + load<f64>(handling + (node << 3)) + load<f64>(fleet + row) * km + <f64>price));
      const limit = v128.load32_splat(rec, CAPACITY), column = v128.load32_splat(rec, COLUMN), t = f32x4.splat(<f32>(tw * <f64>load<f32>(rec, COLUMN)));
      const lo = goods + node * KB, oo = sums + node * KB;
      let bar = quad(xo, x0o, oo, lo, 0, c, p0, n0, limit, t, vleast, va1, va0, residual, error, column);
      z0 = f32x4.add(z0, bar);
      let load4 = f32x4.add(zero, bar);
      if (quads > 1) { bar = quad(xo, x0o, oo, lo, 16, c, p1, n1, limit, t, vleast, va1, va0, residual, error, column); z1 = f32x4.add(z1, bar); load4 = f32x4.add(load4, bar); }
      if (quads > 2) { bar = quad(xo, x0o, oo, lo, 32, c, p2, n2, limit, t, vleast, va1, va0, residual, error, column); z2 = f32x4.add(z2, bar); load4 = f32x4.add(load4, bar); }
      if (quads > 3) { bar = quad(xo, x0o, oo, lo, 48, c, p3, n3, limit, t, vleast, va1, va0, residual, error, column); z3 = f32x4.add(z3, bar); load4 = f32x4.add(load4, bar); }
      if (quads > 4) { bar = quad(xo, x0o, oo, lo, 64, c, p4, n4, limit, t, vleast, va1, va0, residual, error, column); z4 = f32x4.add(z4, bar); load4 = f32x4.add(load4, bar); }
      if (behind) {
        const tonnes = book(behind, loadBehind, sumH, sumF);
        spent += tonnes * <f64>load<f32>(behind, PERTONNE);
        const e = toll(behind, tonnes, sw, a1, a0, residual);
        if (residual) rc += e;
      }
      behind = rec;
      loadBehind = load4;
      rec += RECORD; xo += KB; x0o += KB;
    }
    { const e = settle(gk, pi, pi0, p0, n0, z0, worth, needStep, vsw, va1, va0, bands, bandEnd, residual); if (residual) ry = f32x4.add(ry, e); }
    if (quads > 1) { const e = settle(gk + 16, pi, pi0, p1, n1, z1, worth, needStep, vsw, va1, va0, bands, bandEnd, residual); if (residual) ry = f32x4.add(ry, e); }
    if (quads > 2) { const e = settle(gk + 32, pi, pi0, p2, n2, z2, worth, needStep, vsw, va1, va0, bands, bandEnd, residual); if (residual) ry = f32x4.add(ry, e); }
    if (quads > 3) { const e = settle(gk + 48, pi, pi0, p3, n3, z3, worth, needStep, vsw, va1, va0, bands, bandEnd, residual); if (residual) ry = f32x4.add(ry, e); }
    if (quads > 4) { const e = settle(gk + 64, pi, pi0, p4, n4, z4, worth, needStep, vsw, va1, va0, bands, bandEnd, residual); if (residual) ry = f32x4.add(ry, e); }
  }
  if (behind) {
    const tonnes = book(behind, loadBehind, sumH, sumF);
    spent += tonnes * <f64>load<f32>(behind, PERTONNE);
    const e = toll(behind, tonnes, sw, a1, a0, residual);
    if (residual) rc += e;
  }
  store<f64>(total, spent);
  if (residual) { store<f64>(total, <f64>lanes(v128.load(error)), 8); store<f64>(total, <f64>lanes(ry) + rc, 16); }
}

function pass1(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 1, false); }
function pass2(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 2, false); }
function pass3(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 3, false); }
function pass4(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 4, false); }
function pass5(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 5, false); }
function look1(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 1, true); }
function look2(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 2, true); }
function look3(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 3, true); }
function look4(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 4, true); }
function look5(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void { fast(frame, thread, g0, g1, tw, sw, a1, a0, least, 5, true); }

export function pass(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void {
  switch (<i32>at(frame, LANES) >> 2) {
    case 1: return pass1(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 2: return pass2(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 3: return pass3(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 4: return pass4(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 5: return pass5(frame, thread, g0, g1, tw, sw, a1, a0, least);
    default: sweep(frame, thread, g0, g1, tw, sw, a1, a0, least, false);
  }
}
export function passWithResidual(frame: usize, thread: i32, g0: i32, g1: i32, tw: f64, sw: f64, a1: f64, a0: f64, least: f32): void {
  switch (<i32>at(frame, LANES) >> 2) {
    case 1: return look1(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 2: return look2(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 3: return look3(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 4: return look4(frame, thread, g0, g1, tw, sw, a1, a0, least);
    case 5: return look5(frame, thread, g0, g1, tw, sw, a1, a0, least);
    default: sweep(frame, thread, g0, g1, tw, sw, a1, a0, least, true);
  }
}

/** Clears one thread's sums over nodes, fleets and the budget. */
export function clear(frame: usize, thread: i32): void {
  memory.fill(at(frame, SUMS) + <usize>thread * at(frame, STRIDE), 0, at(frame, SUMSBYFLEET));
}

/** Adds the sums of threads 1 … threads − 1 to those of thread 0. */
export function gather(frame: usize, threads: i32): void {
  const sums = at(frame, SUMS), stride = at(frame, STRIDE), h = at(frame, SUMSHANDLING), end = at(frame, SUMSLANES);
  for (let w = 1; w < threads; w++) {
    const other = sums + <usize>w * stride;
    for (let q: usize = 0; q < h; q += 16) v128.store(sums + q, f32x4.add(v128.load(sums + q), v128.load(other + q)));
    for (let q = h; q < end; q += 8) store<f64>(sums + q, load<f64>(sums + q) + load<f64>(other + q));
  }
}

@inline function row(price: usize, anchor: usize, step: f64, excess: f64, sw: f64, a1: f64, a0: f64): f64 {
  if (!(step > 0)) return 0;
  const old = load<f64>(price);
  let v = old + sw * step * excess;
  if (v < 0) v = 0;
  const dv = v - old;
  store<f64>(price, a1 * (v + dv) + a0 * load<f64>(anchor));
  return dv * dv / step;
}

/** Dual step of depots (goods over time, handling), fleets and the budget. Returns its part of the squared residual. */
export function tail(frame: usize, sw: f64, a1: f64, a0: f64): f64 {
  const goods = at(frame, GOODS), goods0 = at(frame, GOODS0), goodStep = at(frame, GOODSTEP), supply = at(frame, SUPPLY);
  const sums = at(frame, SUMS), sumH = sums + at(frame, SUMSHANDLING), sumF = sums + at(frame, SUMSFLEET), total = sums + at(frame, SUMSTOTAL);
  const KB = at(frame, LANES) << 2, T = at(frame, PERIODS), nodes = at(frame, NODES), joint = load<u32>(frame + JOINT) != 0;
  const handling = at(frame, HANDLING), handling0 = at(frame, HANDLING0), handlingStep = at(frame, HANDLINGSTEP), handlingLimit = at(frame, HANDLINGLIMIT);
  let r: f64 = 0;
  if (T == 1) {
    for (let n: usize = 0; n < nodes; n++) {
      const base = n * KB;
      let least: f64 = 0;
      if (joint && load<f64>(handlingStep + (n << 3)) > 0) least = jointPrice(frame, n, sw);
      for (let q: usize = 0; q < KB; q += 4) {
        const e = base + q, step = <f64>load<f32>(goodStep + e);
        if (!(step > 0)) continue;
        const old = <f64>load<f32>(goods + e);
        let v = old + sw * step * (<f64>load<f32>(sums + e) - <f64>load<f32>(supply + e));
        if (v < least) v = least;
        const dv = v - old;
        r += dv * dv / step;
        store<f32>(goods + e, <f32>(a1 * (v + dv) + a0 * <f64>load<f32>(goods0 + e)));
      }
    }
  } else {
    const value = at(frame, SCRATCH), count = value + (T << 3);
    for (let depot: usize = 0; depot < nodes; depot += T)
      for (let q: usize = 0; q < KB; q += 4) {
        // isotonic regression by pooling adjacent violators: prices never rise in time, as goods can wait
        let blocks: usize = 0, e = depot * KB + q;
        const step = <f64>load<f32>(goodStep + e);
        if (!(step > 0)) continue;
        for (let t: usize = 0; t < T; t++, e += KB) {
          let v = <f64>load<f32>(goods + e) + sw * step * (<f64>load<f32>(sums + e) - <f64>load<f32>(supply + e)), c: i32 = 1;
          while (blocks > 0) {
            const before = load<f64>(value + ((blocks - 1) << 3));
            if (!(before < v)) break;
            const cb = load<i32>(count + ((blocks - 1) << 2));
            v = (before * <f64>cb + v * <f64>c) / <f64>(cb + c);
            c += cb;
            blocks--;
          }
          store<f64>(value + (blocks << 3), v);
          store<i32>(count + (blocks << 2), c);
          blocks++;
        }
        e = depot * KB + q;
        for (let b: usize = 0; b < blocks; b++) {
          let v = load<f64>(value + (b << 3));
          if (v < 0) v = 0;
          for (let c = load<i32>(count + (b << 2)); c > 0; c--, e += KB) {
            const dv = v - <f64>load<f32>(goods + e);
            r += dv * dv / step;
            store<f32>(goods + e, <f32>(a1 * (v + dv) + a0 * <f64>load<f32>(goods0 + e)));
          }
        }
      }
  }
  if (!joint) for (let n: usize = 0; n < nodes << 3; n += 8)
    r += row(handling + n, handling0 + n, load<f64>(handlingStep + n), load<f64>(sumH + n) - load<f64>(handlingLimit + n), sw, a1, a0);
  const fleet = at(frame, FLEET), fleet0 = at(frame, FLEET0), fleetStep = at(frame, FLEETSTEP), fleetLimit = at(frame, FLEETLIMIT);
  const rows = at(frame, FLEETROWS) << 3;
  for (let n: usize = 0; n < rows; n += 8)
    r += row(fleet + n, fleet0 + n, load<f64>(fleetStep + n), load<f64>(sumF + n) - load<f64>(fleetLimit + n), sw, a1, a0);
  const budget = at(frame, BUDGET);
  r += row(budget, budget + 8, load<f64>(budget, 16), load<f64>(total) - load<f64>(budget, 24), sw, a1, a0);
  return r;
}

/**
 * Supply and handling of a depot in one proximal step (T = 1): the goods' prices carry the handling price too, and none may lie
 * below θ ≥ 0, where Σ_k min(supply, (v_k − θ) ÷ σ_k) = handling. Newton on a concave, falling function: after one step it comes from the right.
 */
function jointPrice(frame: usize, n: usize, sw: f64): f64 {
  const KB = at(frame, LANES) << 2, base = n * KB;
  const goods = at(frame, GOODS) + base, goodStep = at(frame, GOODSTEP) + base, supply = at(frame, SUPPLY) + base, sums = at(frame, SUMS) + base;
  const limit = load<f64>(at(frame, HANDLINGLIMIT) + (n << 3));
  let theta: f64 = 0;
  for (let round = 0; round < 60; round++) {
    let excess = -limit, slope: f64 = 0, next: f64 = Infinity;
    for (let q: usize = 0; q < KB; q += 4) {
      const sigma = sw * <f64>load<f32>(goodStep + q), have = <f64>load<f32>(supply + q);
      if (!(sigma > 0)) continue;
      const v = <f64>load<f32>(goods + q) + sigma * <f64>load<f32>(sums + q);
      const out = (v - theta) / sigma;
      if (out < have) { excess += out; slope += 1 / sigma; }
      else { excess += have; const kink = v - sigma * have; if (kink < next) next = kink; }
    }
    if (abs(excess) <= 1e-9 * limit || (theta == 0 && excess < 0)) break;
    if (slope > 0) theta = max<f64>(0, theta + excess / slope);
    else if (next < Infinity) theta = (next > theta ? next : theta) * (1 + 1e-12) + 1e-12;
    else break;
  }
  return theta > 0 ? theta : 0;
}

/**
 * Makes the point of groups [g0, g1) their anchor. A flow below `NOTHING` of what its scale starts from becomes zero, and so does a route's price below
 * that share of the dearest worth: neither changes any sum, but a flow that is held at zero leaves the rounding of x − x₀ ÷ (n + 1) at every
 * restart, and after five of them single precision has no full digits left for it, which costs Intel's cores 140 cycles a flow.
 */
export function anchor(frame: usize, g0: i32, g1: i32): void {
  const x = at(frame, X), x0 = at(frame, X0), pi = at(frame, PI), pi0 = at(frame, PI0), need = at(frame, NEED), worth = at(frame, WORTH), group = at(frame, GROUP);
  const KB = at(frame, LANES) << 2, nothing = f32x4.splat(NOTHING);
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB, end = load<i32>(group + (<usize>(g + 1) << 2));
    let dear = f32x4.splat(0);
    for (let q: usize = 0; q < KB; q += 16) {
      v128.store(pi0 + gk + q, v128.load(pi + gk + q));
      dear = f32x4.pmax(dear, v128.load(worth + gk + q));
    }
    const least = max<f32>(max<f32>(f32x4.extract_lane(dear, 0), f32x4.extract_lane(dear, 1)), max<f32>(f32x4.extract_lane(dear, 2), f32x4.extract_lane(dear, 3))) * NOTHING;
    for (let a = load<i32>(group + (<usize>g << 2)); a < end; a++) {
      const rec = at(frame, ARC) + <usize>a * RECORD, xo = x + <usize>a * KB, x0o = x0 + <usize>a * KB;
      const limit = v128.load32_splat(rec, CAPACITY);
      for (let q: usize = 0; q < KB; q += 16) {
        const xv = v128.load(xo + q), s0 = f32x4.pmin(v128.load(need + gk + q), limit);
        const v = v128.and(xv, f32x4.gt(f32x4.abs(xv), f32x4.mul(s0, nothing)));
        v128.store(xo + q, v);
        v128.store(x0o + q, v);
      }
      const old = load<f32>(rec, PRICE), price: f32 = abs<f32>(old) > least ? old : 0;
      store<f32>(rec, price, PRICE);
      store<f32>(rec, price, PRICE0);
    }
  }
}

/**
 * Row sums of the column scales s in force, for the steps of Pock and Chambolle (2011): needs and routes get theirs at once; those
 * of goods, handling, fleets and budget are summed up for `steps` in steps.ts.
 */
export function scale(frame: usize, thread: i32, g0: i32, g1: i32, least: f32): void {
  const x0 = at(frame, X0), need = at(frame, NEED), needStep = at(frame, NEEDSTEP), group = at(frame, GROUP);
  const sums = at(frame, SUMS) + <usize>thread * at(frame, STRIDE);
  const sumH = sums + at(frame, SUMSHANDLING), sumF = sums + at(frame, SUMSFLEET), total = sums + at(frame, SUMSTOTAL), z = sums + at(frame, SUMSLANES);
  const KB = at(frame, LANES) << 2;
  const zero = f32x4.splat(0), one = f32x4.splat(1), vleast = f32x4.splat(least), four = f32x4.splat(4);
  let spent: f64 = 0;
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB;
    for (let q: usize = 0; q < KB; q += 16) v128.store(z + q, zero);
    const end = load<i32>(group + (<usize>(g + 1) << 2));
    for (let a = load<i32>(group + (<usize>g << 2)); a < end; a++) {
      const rec = at(frame, ARC) + <usize>a * RECORD, node = <usize>load<u32>(rec, NODE), x0o = x0 + <usize>a * KB, oo = sums + node * KB;
      const limit = f32x4.splat(load<f32>(rec, CAPACITY));
      let load4 = zero;
      for (let q: usize = 0; q < KB; q += 16) {
        const s0 = f32x4.pmin(v128.load(need + gk + q), limit);
        const s = f32x4.pmin(s0, f32x4.pmax(f32x4.mul(s0, vleast), f32x4.mul(v128.load(x0o + q), four)));
        v128.store(z + q, f32x4.add(v128.load(z + q), s));
        v128.store(oo + q, f32x4.add(v128.load(oo + q), s));
        load4 = f32x4.add(load4, s);
      }
      const tonnes = <f64>lanes(load4), h = sumH + (node << 3), f = sumF + (<usize>load<u32>(rec, ROW) << 3);
      store<f64>(h, load<f64>(h) + tonnes);
      store<f64>(f, load<f64>(f) + tonnes * <f64>load<f32>(rec, KM));
      spent += tonnes * <f64>load<f32>(rec, PERTONNE);
      if (load<f32>(rec, STEP) > 0) store<f32>(rec, tonnes > 0 ? <f32>(1 / tonnes) : <f32>1e-30, STEP);
    }
    for (let q: usize = 0; q < KB; q += 16) {
      const s = v128.load(z + q);
      v128.store(needStep + gk + q, v128.bitselect(f32x4.div(one, s), zero, f32x4.gt(s, zero)));
    }
  }
  store<f64>(total, spent);
}

/**
 * First pass of a certificate over groups [g0, g1). Flows are scaled down to needs and routes (`SHIPPED`) and summed by good; the bound
 * and the Lagrangian of these groups go to total[3] and total[4]. Prices are the clean ones (`clean.ts`); a need's own price is
 * the cheapest way in, or what the next tonne beside the goods that are there already is worth, which is the best there is.
 */
export function price(frame: usize, thread: i32, g0: i32, g1: i32): void {
  const x = at(frame, X), pi = at(frame, PI), need = at(frame, NEED), worth = at(frame, WORTH), group = at(frame, GROUP), shipped = at(frame, SHIPPED), given = at(frame, GIVEN);
  const goods = at(frame, CLEANGOODS), handling = at(frame, CLEANHANDLING), fleet = at(frame, CLEANFLEET);
  const bands = at(frame, BANDS), bandEnd = bands + (at(frame, BANDCOUNT) << 3);
  const sums = at(frame, SUMS) + <usize>thread * at(frame, STRIDE), total = sums + at(frame, SUMSTOTAL), z = sums + at(frame, SUMSLANES);
  const KB = at(frame, LANES) << 2, way = z + KB;
  const money = load<f64>(at(frame, COST)) + max<f64>(0, load<f64>(at(frame, BUDGET)));
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  let bound: f64 = 0, lagrangian: f64 = 0;
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB, first = load<i32>(group + (<usize>g << 2)), end = load<i32>(group + (<usize>(g + 1) << 2));
    for (let q: usize = 0; q < KB; q += 16) {
      v128.store(z + q, zero);
      // more than the next of it is worth nobody pays
      const h = v128.load(given + gk + q), d = v128.load(need + gk + q);
      let next = zero;
      for (let b = bandEnd; b > bands; b -= 8)
        next = v128.bitselect(f32x4.splat(load<f32>(b - 8)), next, f32x4.gt(f32x4.mul(f32x4.splat(load<f32>(b - 4)), d), h));
      v128.store(way + q, f32x4.mul(next, v128.load(worth + gk + q)));
    }
    let lx = zero;
    for (let a = first; a < end; a++) {
      const rec = at(frame, ARC) + <usize>a * RECORD, node = <usize>load<u32>(rec, NODE), xo = x + <usize>a * KB, lo = goods + node * KB;
      const limited = load<f32>(rec, STEP) > 0, own = limited ? max<f64>(0, <f64>load<f32>(rec, PRICE)) : 0;
      if (own > 0) { const v = own * <f64>load<f32>(rec, CAPACITY); bound += v; lagrangian += v; }
      const c = f32x4.splat(<f32>(money * <f64>load<f32>(rec, PERTONNE) + load<f64>(handling + (node << 3)) + load<f64>(fleet + (<usize>load<u32>(rec, ROW) << 3)) * <f64>load<f32>(rec, KM) + own));
      for (let q: usize = 0; q < KB; q += 16) {
        const in4 = f32x4.add(c, v128.load(lo + q)), xv = f32x4.pmax(zero, v128.load(xo + q));
        v128.store(way + q, f32x4.pmin(v128.load(way + q), in4));
        v128.store(z + q, f32x4.add(v128.load(z + q), xv));
        lx = f32x4.add(lx, f32x4.mul(xv, f32x4.sub(f32x4.pmax(zero, v128.load(pi + gk + q)), in4)));
      }
    }
    lagrangian += <f64>lanes(lx);
    let v = zero, l = zero;
    for (let q: usize = 0; q < KB; q += 16) {
      const d = v128.load(need + gk + q), w = v128.load(worth + gk + q), cheap = v128.load(way + q), raw = f32x4.pmax(zero, v128.load(pi + gk + q));
      let from = zero;
      for (let b = bands; b < bandEnd; b += 8) {
        const to = f32x4.splat(load<f32>(b, 4)), width = f32x4.mul(d, f32x4.sub(to, from)), m = f32x4.mul(f32x4.splat(load<f32>(b)), w);
        v = f32x4.add(v, f32x4.mul(width, f32x4.pmax(zero, f32x4.sub(m, cheap))));
        l = f32x4.add(l, f32x4.mul(width, f32x4.pmax(zero, f32x4.sub(m, raw))));
        from = to;
      }
      const h = v128.load(given + gk + q), s = v128.load(z + q), room = f32x4.pmax(zero, f32x4.sub(d, h));
      v = f32x4.add(v, f32x4.mul(cheap, h));
      l = f32x4.add(l, f32x4.mul(raw, h));
      v128.store(z + q, v128.bitselect(f32x4.div(room, s), one, f32x4.gt(s, room)));
    }
    bound += <f64>lanes(v);
    lagrangian += <f64>lanes(l);
    for (let a = first; a < end; a++) {
      const rec = at(frame, ARC) + <usize>a * RECORD, xo = x + <usize>a * KB, so = shipped + <usize>a * KB;
      const oo = sums + <usize>load<u32>(rec, NODE) * KB;
      let load4 = zero;
      for (let q: usize = 0; q < KB; q += 16) {
        const v4 = f32x4.mul(f32x4.pmax(zero, v128.load(xo + q)), v128.load(z + q));
        load4 = f32x4.add(load4, v4);
        v128.store(so + q, v4);
      }
      const tonnes = lanes(load4), capacity = load<f32>(rec, CAPACITY);
      const cut = f32x4.splat(tonnes > capacity ? capacity / tonnes : 1);
      for (let q: usize = 0; q < KB; q += 16) {
        const v4 = f32x4.mul(v128.load(so + q), cut);
        v128.store(so + q, v4);
        v128.store(oo + q, f32x4.add(v128.load(oo + q), v4));
      }
    }
  }
  store<f64>(total, bound, 24);
  store<f64>(total, lagrangian, 32);
}

/**
 * Second pass: flows times the goods' factor are summed by (fleet, node): goods into the table behind `SUMSBYFLEET`, tonne-km and
 * cost behind that. Handling, fleets and budget then need no pass of their own.
 */
export function load_(frame: usize, thread: i32, g0: i32, g1: i32): void {
  const group = at(frame, GROUP), shipped = at(frame, SHIPPED), factor = at(frame, GOODSFACTOR);
  const KB = at(frame, LANES) << 2, nodes = at(frame, NODES), cells = nodes * (at(frame, FLEETS) + 1);
  const table = at(frame, SUMS) + <usize>thread * at(frame, STRIDE) + at(frame, SUMSBYFLEET), kms = table + cells * KB, costs = kms + (cells << 3);
  memory.fill(table, 0, cells * KB + (cells << 4));
  const zero = f32x4.splat(0), first = load<i32>(group + (<usize>g0 << 2)), end = load<i32>(group + (<usize>g1 << 2));
  for (let a = first; a < end; a++) {
    const rec = at(frame, ARC) + <usize>a * RECORD, node = <usize>load<u32>(rec, NODE), cell = <usize>load<u32>(rec, MODE) * nodes + node;
    const so = shipped + <usize>a * KB, fo = factor + node * KB, to = table + cell * KB;
    let load4 = zero;
    for (let q: usize = 0; q < KB; q += 16) {
      const v = f32x4.mul(v128.load(so + q), v128.load(fo + q));
      v128.store(so + q, v);
      v128.store(to + q, f32x4.add(v128.load(to + q), v));
      load4 = f32x4.add(load4, v);
    }
    const tonnes = <f64>lanes(load4), k = kms + (cell << 3), c = costs + (cell << 3);
    store<f64>(k, load<f64>(k) + tonnes * <f64>load<f32>(rec, KM));
    store<f64>(c, load<f64>(c) + tonnes * <f64>load<f32>(rec, PERTONNE));
  }
}

/**
 * Last pass, by one thread as it spends what is left over: flows times the arc's factor, then needs are served from their arcs while
 * goods, routes, handling, fleets and budget last. In round 0 only where the next band is worth the price of the way in, so
 * that cheap wants do not take what dear ones are about to ask for; in round 1 wherever it is worth the cost. Returns the worth.
 */
export function spend(frame: usize, g0: i32, g1: i32, round: i32): f64 {
  const need = at(frame, NEED), worth = at(frame, WORTH), group = at(frame, GROUP), shipped = at(frame, SHIPPED), factor = at(frame, ARCFACTOR);
  const goods = at(frame, CLEANGOODS), handling = at(frame, CLEANHANDLING), fleet = at(frame, CLEANFLEET);
  const bands = at(frame, BANDS), bandEnd = bands + (at(frame, BANDCOUNT) << 3);
  const KB = at(frame, LANES) << 2, nodes = at(frame, NODES), T = at(frame, PERIODS), met = at(frame, MET);
  const spare = at(frame, SPARE), room = at(frame, ROOM), fleetRoom = room + (nodes << 3), purse = fleetRoom + (at(frame, FLEETROWS) << 3);
  const price = load<f64>(at(frame, COST)), money = price + max<f64>(0, load<f64>(at(frame, BUDGET)));
  const zero = f32x4.splat(0), given = at(frame, GIVEN), left = at(frame, OPEN), open = left + (nodes << 2);
  // a bit for each good (modulo 32) of which a node has something left; what is used up on the way keeps its bit
  for (let n: usize = 0; n < nodes; n++) {
    let bits: u32 = 0;
    for (let k: usize = 0; k < KB >> 2; k++) if (load<f64>(spare + ((n * (KB >> 2) + k) << 3)) > 0) bits |= 1 << <u32>k;
    store<u32>(left + (n << 2), bits);
  }
  let value: f64 = 0;
  for (let g = g0; g < g1; g++) {
    const gk = <usize>g * KB, first = load<i32>(group + (<usize>g << 2)), end = load<i32>(group + (<usize>(g + 1) << 2)), z = met + gk;
    if (round == 0) {
      for (let q: usize = 0; q < KB; q += 16) v128.store(z + q, v128.load(given + gk + q));
      for (let a = first; a < end; a++) {
        const rec = at(frame, ARC) + <usize>a * RECORD, so = shipped + <usize>a * KB;
        const f = f32x4.splat(load<f32>(factor + ((<usize>load<u32>(rec, MODE) * nodes + <usize>load<u32>(rec, NODE)) << 2)));
        let load4 = zero;
        for (let q: usize = 0; q < KB; q += 16) {
          const v = f32x4.mul(v128.load(so + q), f);
          v128.store(so + q, v);
          v128.store(z + q, f32x4.add(v128.load(z + q), v));
          load4 = f32x4.add(load4, v);
        }
        value -= price * <f64>lanes(load4) * <f64>load<f32>(rec, PERTONNE);
      }
    }
    // most arcs have no handling, fleet or money left, whatever the good
    let last = open, reach: u32 = 0;
    for (let a = first; a < end; a++) {
      const rec = at(frame, ARC) + <usize>a * RECORD;
      const node = <usize>load<u32>(rec, NODE), bits = load<u32>(left + (node << 2));
      if (!bits || !(load<f64>(room + (node << 3)) > 0)) continue;
      if (load<f32>(rec, KM) > 0 && !(load<f64>(fleetRoom + (<usize>load<u32>(rec, ROW) << 3)) > 0)) continue;
      if (load<f32>(rec, PERTONNE) > 0 && !(load<f64>(purse) > 0)) continue;
      store<u32>(last, <u32>a);
      last += 4;
      reach |= bits;
    }
    for (let q: usize = 0; q < KB; q += 4) {
      const d = <f64>load<f32>(need + gk + q), w = <f64>load<f32>(worth + gk + q);
      let m = <f64>load<f32>(z + q), upTo: f64 = 0;
      if (((reach >> <u32>(q >> 2)) & 1) && d - m > 1e-7 * d) for (let b = bands; b < bandEnd; b += 8) {
        upTo = <f64>load<f32>(b, 4) * d;
        if (upTo - m <= 1e-7 * d) continue;
        const gain = w * <f64>load<f32>(b);
        for (let o = open; o < last; o += 4) {
          const a = <usize>load<u32>(o), rec = at(frame, ARC) + a * RECORD, node = <usize>load<u32>(rec, NODE), s = spare + ((node * (KB >> 2)) << 3) + (q << 1);
          let v = load<f64>(s);
          if (!(v > 0)) continue;
          const f = fleetRoom + (<usize>load<u32>(rec, ROW) << 3), h = room + (node << 3);
          const km = <f64>load<f32>(rec, KM), cost = <f64>load<f32>(rec, PERTONNE);
          if (!(gain > price * cost)) continue;
          if (round == 0) {
            const way = money * cost + load<f64>(handling + (node << 3)) + load<f64>(fleet + (<usize>load<u32>(rec, ROW) << 3)) * km
              + (load<f32>(rec, STEP) > 0 ? max<f64>(0, <f64>load<f32>(rec, PRICE)) : 0) + <f64>load<f32>(goods + node * KB + q);
            if (gain < way * 0.999) continue;
          }
          v = min(v, min(upTo - m, load<f64>(h)));
          if (km > 0) v = min(v, load<f64>(f) / km);
          if (cost > 0) v = min(v, load<f64>(purse) / cost);
          if (!(v > 0)) continue;
          const so = shipped + a * KB;
          if (load<f32>(rec, STEP) > 0) {
            let tonnes: f64 = 0;
            for (let p: usize = 0; p < KB; p += 4) tonnes += <f64>load<f32>(so + p);
            v = min(v, <f64>load<f32>(rec, CAPACITY) * (1 - 1e-7) - tonnes);
            if (!(v > 0)) continue;
          }
          const old = load<f32>(so + q), now = <f32>(<f64>old + v);
          v = <f64>now - <f64>old;
          store<f32>(so + q, now);
          m += v;
          store<f64>(h, load<f64>(h) - v);
          store<f64>(f, load<f64>(f) - v * km);
          store<f64>(purse, load<f64>(purse) - v * cost);
          value -= price * v * cost;
          // what leaves in t is gone in every later period; earlier ones may not take what is promised
          const depot = node / T * T, left = load<f64>(s) - v;
          let p = spare + ((depot * (KB >> 2)) << 3) + (q << 1);
          for (let t = depot; t < depot + T; t++, p += KB << 1)
            store<f64>(p, t < node ? min(load<f64>(p), left) : load<f64>(p) - v);
          if (upTo - m <= 1e-7 * d) break;
        }
        // the next band is worth less
        if (upTo - m > 1e-7 * d) break;
      }
      store<f32>(z + q, <f32>m);
      if (round == 1) {
        if (m > d) m = d;
        let from: f64 = 0;
        for (let b = bands; b < bandEnd; b += 8) {
          const to = <f64>load<f32>(b, 4) * d;
          if (m > from) value += w * <f64>load<f32>(b) * (min(m, to) - from);
          from = to;
        }
      }
    }
  }
  return value;
}
