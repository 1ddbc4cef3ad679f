/**
 * Primal network simplex in linear memory (AssemblyScript): the method is told in `pivot.ts`, its plain twin, which makes the
 * same pivots in the same order. Nodes and arcs are addresses of records:
 *
 *   node, 48 bytes: price f64, up f64, down f64, parent, pred, thread, before, size, last (u32 each); parent of the root: 0
 *   arc, 16 bytes: cost f64, from u32, to u32; its upper bound apart, as the search does not read it
 */

const PRICE: usize = 0;
const UP: usize = 8;
const DOWN: usize = 16;
const PARENT: usize = 24;
const PRED: usize = 28;
const THREAD: usize = 32;
const BEFORE: usize = 36;
const SIZE: usize = 40;
const LAST: usize = 44;

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

  let u = first;
  let v = second;
  while (u != v) {
    if (load<u32>(u, SIZE) < load<u32>(v, SIZE)) u = load<u32>(u, PARENT);
    else v = load<u32>(v, PARENT);
  }
  const join = u;

  let delta = room;
  let out: usize = 0;
  let onFirst = false;
  for (let w = first; w != join; w = load<u32>(w, PARENT)) {
    const down = load<f64>(w, DOWN);
    if (down < delta) {
      delta = down;
      out = w;
      onFirst = true;
    }
  }
  for (let w = second; w != join; w = load<u32>(w, PARENT)) {
    const up = load<f64>(w, UP);
    if (up <= delta) {
      delta = up;
      out = w;
      onFirst = false;
    }
  }

  if (delta > 0) {
    for (let w = first; w != join; w = load<u32>(w, PARENT)) {
      store<f64>(w, load<f64>(w, DOWN) - delta, DOWN);
      store<f64>(w, load<f64>(w, UP) + delta, UP);
    }
    for (let w = second; w != join; w = load<u32>(w, PARENT)) {
      store<f64>(w, load<f64>(w, UP) - delta, UP);
      store<f64>(w, load<f64>(w, DOWN) + delta, DOWN);
    }
  }
  if (!out) {
    turn(arc);
    return;
  }
  const leaving: usize = load<u32>(out, PRED);
  if ((load<u32>(leaving, FROM) == <u32>out) != onFirst) turn(leaving);
  if (onFirst) rehang(out, first, second, arc, room - delta, delta, -reduced);
  else rehang(out, second, first, arc, delta, room - delta, reduced);
}

// @ts-ignore: decorator
@inline
function turn(arc: usize): void {
  const tail = load<u32>(arc, FROM);
  store<u32>(arc, load<u32>(arc, TO), FROM);
  store<u32>(arc, tail, TO);
  store<f64>(arc, -load<f64>(arc, COST), COST);
}

// @ts-ignore: decorator
@inline
function link(a: usize, b: usize): void {
  store<u32>(a, b, THREAD);
  store<u32>(b, a, BEFORE);
}

function rehang(
  out: usize,
  inner: usize,
  outer: usize,
  arc: usize,
  roomUp: f64,
  roomDown: f64,
  shift: f64,
): void {
  const moved = load<u32>(out, SIZE);
  const oldLast = load<u32>(out, LAST);
  const previous = load<u32>(out, BEFORE);

  link(previous, load<u32>(oldLast, THREAD));
  let v: usize = load<u32>(out, PARENT);
  for (; v && load<u32>(v, LAST) == oldLast; v = load<u32>(v, PARENT)) {
    store<u32>(v, previous, LAST);
    store<u32>(v, load<u32>(v, SIZE) - moved, SIZE);
  }
  for (; v; v = load<u32>(v, PARENT)) store<u32>(v, load<u32>(v, SIZE) - moved, SIZE);

  let node = inner;
  let above: usize = load<u32>(node, PARENT);
  let tail: usize = load<u32>(node, LAST);
  let rest: usize = load<u32>(tail, THREAD);
  let lastBelow = tail;
  let sizeBelow = load<u32>(node, SIZE);
  let beforeNode: usize = load<u32>(node, BEFORE);
  let pred = load<u32>(node, PRED);
  let rising = load<f64>(node, UP);
  let sinking = load<f64>(node, DOWN);
  store<u32>(node, outer, PARENT);
  store<u32>(node, arc, PRED);
  store<f64>(node, roomUp, UP);
  store<f64>(node, roomDown, DOWN);
  store<u32>(node, moved, SIZE);
  while (node != out) {
    const below = node;
    node = above;
    above = load<u32>(node, PARENT);
    const ownLast: usize = load<u32>(node, LAST);
    const ownSize = load<u32>(node, SIZE);
    const ownBefore: usize = load<u32>(node, BEFORE);
    const ownPred = load<u32>(node, PRED);
    const ownUp = load<f64>(node, UP);
    const ownDown = load<f64>(node, DOWN);
    link(tail, node);
    tail = beforeNode;
    if (ownLast != lastBelow) {
      link(tail, rest);
      tail = ownLast;
      rest = load<u32>(tail, THREAD);
    }
    store<u32>(node, below, PARENT);
    store<u32>(node, pred, PRED);
    store<f64>(node, sinking, UP);
    store<f64>(node, rising, DOWN);
    store<u32>(node, moved - sizeBelow, SIZE);
    lastBelow = ownLast;
    sizeBelow = ownSize;
    beforeNode = ownBefore;
    pred = ownPred;
    rising = ownUp;
    sinking = ownDown;
  }
  for (v = out; v != outer; v = load<u32>(v, PARENT)) store<u32>(v, tail, LAST);

  const follower: usize = load<u32>(outer, THREAD);
  link(outer, inner);
  link(tail, follower);
  v = outer;
  for (; v && load<u32>(v, LAST) == <u32>outer; v = load<u32>(v, PARENT)) {
    store<u32>(v, tail, LAST);
    store<u32>(v, load<u32>(v, SIZE) + moved, SIZE);
  }
  for (; v; v = load<u32>(v, PARENT)) store<u32>(v, load<u32>(v, SIZE) + moved, SIZE);

  for (v = inner; ; v = load<u32>(v, THREAD)) {
    store<f64>(v, load<f64>(v, PRICE) + shift, PRICE);
    if (v == tail) break;
  }
}
