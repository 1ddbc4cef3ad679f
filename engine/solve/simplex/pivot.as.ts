/**
 * Primal network simplex in linear memory (AssemblyScript): the method is told in `pivot.ts`, its plain twin, which makes the
 * same pivots in the same order. A node is the address of 16 bytes that search and price changes read, the rest of it, 32 bytes, lies at
 * twice that address (so the first node is at 16 × nodes or beyond); an arc is the address of 16 bytes, its upper bound
 * lies apart, as the search does not read it:
 *
 *   node  price f64, thread u32, before u32          2 · node  up f64, down f64, parent, pred, size, last (u32 each)
 *   arc   cost f64, from u32, to u32                 parent of the root: 0
 */

const PRICE: usize = 0;
const THREAD: usize = 8;
const BEFORE: usize = 12;

const UP: usize = 0;
const DOWN: usize = 8;
const PARENT: usize = 16;
const PRED: usize = 20;
const SIZE: usize = 24;
const LAST: usize = 28;

const COST: usize = 0;
const FROM: usize = 8;
const TO: usize = 12;
const ARC: usize = 16;

/** Where the search goes on. */
let next: usize = 0;

/** Before the first `run` on a problem. */
export function begin(arcs: usize): void {
  next = arcs;
}

/**
 * Pivots until no arc may enter, `most` times at most; returns how many. Arcs from `arcs` to `end`, upper bounds from `uppers`
 * on in the same order, blocks of `block` arcs.
 */
export function run(arcs: usize, end: usize, uppers: usize, block: i32, most: i32): i32 {
  let pivots = 0;
  const count = <i32>((end - arcs) / ARC);
  let at = next;
  let entering: usize;
  do {
    entering = 0;
    let best: f64 = 0;
    let unseen = count;
    while (unseen > 0) {
      // a block, or what is left of the round; it may run over the end
      let left = min(block, unseen);
      unseen -= left;
      while (left > 0) {
        const stretch = min(left, <i32>((end - at) / ARC));
        const stop = at + <usize>stretch * ARC;
        for (; at < stop; at += ARC) {
          const reduced =
            load<f64>(at, COST) + load<f64>(load<u32>(at, FROM), PRICE) - load<f64>(load<u32>(at, TO), PRICE);
          if (reduced < best) {
            best = reduced;
            entering = at;
          }
        }
        left -= stretch;
        if (at == end) at = arcs;
      }
      if (entering) break;
    }
    if (entering) {
      pivot(entering, load<f64>(uppers + ((entering - arcs) >> 1)), best);
      pivots++;
    }
  } while (entering && pivots < most);
  next = at;
  return pivots;
}

function pivot(arc: usize, room: f64, reduced: f64): void {
  const first: usize = load<u32>(arc, FROM);
  const second: usize = load<u32>(arc, TO);

  let delta = room;
  let out: usize = 0;
  let onFirst = false;
  let u = first;
  let v = second;
  while (u != v) {
    if (load<u32>(u << 1, SIZE) < load<u32>(v << 1, SIZE)) {
      const down = load<f64>(u << 1, DOWN);
      if (down < delta) {
        delta = down;
        out = u;
        onFirst = true;
      }
      u = load<u32>(u << 1, PARENT);
    } else {
      const up = load<f64>(v << 1, UP);
      if (up <= delta) {
        delta = up;
        out = v;
        onFirst = false;
      }
      v = load<u32>(v << 1, PARENT);
    }
  }
  const join = u;

  if (delta > 0) {
    for (let w = first; w != join; w = load<u32>(w << 1, PARENT)) {
      store<f64>(w << 1, load<f64>(w << 1, DOWN) - delta, DOWN);
      store<f64>(w << 1, load<f64>(w << 1, UP) + delta, UP);
    }
    for (let w = second; w != join; w = load<u32>(w << 1, PARENT)) {
      store<f64>(w << 1, load<f64>(w << 1, UP) - delta, UP);
      store<f64>(w << 1, load<f64>(w << 1, DOWN) + delta, DOWN);
    }
  }
  if (!out) {
    turn(arc);
    return;
  }
  const leaving: usize = load<u32>(out << 1, PRED);
  if ((load<u32>(leaving, FROM) == <u32>out) != onFirst) turn(leaving);
  if (onFirst) rehang(join, out, first, second, arc, room - delta, delta, -reduced);
  else rehang(join, out, second, first, arc, delta, room - delta, reduced);
}

@inline
function turn(arc: usize): void {
  const tail = load<u32>(arc, FROM);
  store<u32>(arc, load<u32>(arc, TO), FROM);
  store<u32>(arc, tail, TO);
  store<f64>(arc, -load<f64>(arc, COST), COST);
}

@inline
function link(a: usize, b: usize): void {
  store<u32>(a, b, THREAD);
  store<u32>(b, a, BEFORE);
}

function rehang(
  join: usize,
  out: usize,
  inner: usize,
  outer: usize,
  arc: usize,
  roomUp: f64,
  roomDown: f64,
  shift: f64,
): void {
  const moved = load<u32>(out << 1, SIZE);
  const oldLast = load<u32>(out << 1, LAST);
  const previous = load<u32>(out, BEFORE);

  link(previous, load<u32>(oldLast, THREAD));
  let v: usize = load<u32>(out << 1, PARENT);
  for (; v && load<u32>(v << 1, LAST) == oldLast; v = load<u32>(v << 1, PARENT)) store<u32>(v << 1, previous, LAST);
  for (v = load<u32>(out << 1, PARENT); v != join; v = load<u32>(v << 1, PARENT))
    store<u32>(v << 1, load<u32>(v << 1, SIZE) - moved, SIZE);

  let node = inner;
  let above: usize = load<u32>(node << 1, PARENT);
  let tail: usize = load<u32>(node << 1, LAST);
  let rest: usize = load<u32>(tail, THREAD);
  let lastBelow = tail;
  let sizeBelow = load<u32>(node << 1, SIZE);
  let beforeNode: usize = load<u32>(node, BEFORE);
  let pred = load<u32>(node << 1, PRED);
  let rising = load<f64>(node << 1, UP);
  let sinking = load<f64>(node << 1, DOWN);
  store<u32>(node << 1, outer, PARENT);
  store<u32>(node << 1, arc, PRED);
  store<f64>(node << 1, roomUp, UP);
  store<f64>(node << 1, roomDown, DOWN);
  store<u32>(node << 1, moved, SIZE);
  while (node != out) {
    const below = node;
    node = above;
    above = load<u32>(node << 1, PARENT);
    const ownLast: usize = load<u32>(node << 1, LAST);
    const ownSize = load<u32>(node << 1, SIZE);
    const ownBefore: usize = load<u32>(node, BEFORE);
    const ownPred = load<u32>(node << 1, PRED);
    const ownUp = load<f64>(node << 1, UP);
    const ownDown = load<f64>(node << 1, DOWN);
    link(tail, node);
    tail = beforeNode;
    if (ownLast != lastBelow) {
      link(tail, rest);
      tail = ownLast;
      rest = load<u32>(tail, THREAD);
    }
    store<u32>(node << 1, below, PARENT);
    store<u32>(node << 1, pred, PRED);
    store<f64>(node << 1, sinking, UP);
    store<f64>(node << 1, rising, DOWN);
    store<u32>(node << 1, moved - sizeBelow, SIZE);
    lastBelow = ownLast;
    sizeBelow = ownSize;
    beforeNode = ownBefore;
    pred = ownPred;
    rising = ownUp;
    sinking = ownDown;
  }
  for (v = out; v != outer; v = load<u32>(v << 1, PARENT)) store<u32>(v << 1, tail, LAST);

  const follower: usize = load<u32>(outer, THREAD);
  link(outer, inner);
  link(tail, follower);
  for (v = outer; v && load<u32>(v << 1, LAST) == <u32>outer; v = load<u32>(v << 1, PARENT))
    store<u32>(v << 1, tail, LAST);
  for (v = outer; v != join; v = load<u32>(v << 1, PARENT))
    store<u32>(v << 1, load<u32>(v << 1, SIZE) + moved, SIZE);

  for (v = inner; ; v = load<u32>(v, THREAD)) {
    store<f64>(v, load<f64>(v, PRICE) + shift, PRICE);
    if (v == tail) break;
  }
}
