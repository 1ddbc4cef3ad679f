/** One resource: its flows one by one into a forest, and once round every cycle that a flow would close. */
import { COST, FLOW, type Forest, KM, POSITION, ROOM, ROW } from './forest.js';

/** The flows of one resource: sink by sink, `start[n] … start[n + 1])` those that arrive at node n. */
export interface Flows {
  /** Nodes; sinks are `firstSink` … nodes − 1. */
  nodes: number;
  firstSink: number;
  start: Int32Array;
  source: Int32Array;
  /** By position: money and tonne-km a tonne, row of the fleet, tonnes that still fit onto the route. */
  cost: Float64Array;
  km: Float64Array;
  row: Int32Array;
  room: Float64Array;
  /** By position: lots, and most of them. */
  lots: Float64Array;
  most: Float64Array;
  /** Tonnes a lot. */
  weight: number;
}

/** What pushes may still use: tonne-km by row of the fleets and period, and money. */
export interface Slack {
  rows: Float64Array;
  money: Float64Array;
}

/** What is left of a flow that is taken away up to rounding. */
const ROUNDING = 1e-12;

/**
 * Pushes `flows.lots` in place until, but for the flows it holds, no cycle is left. Returns how many it holds: their route is full
 * (or their own bound), or fleets and money allow neither direction. A cycle takes the direction that ends a flow rather than
 * one that only fills a route, and of two such the one that costs less.
 */
export function breakCycles(flows: Flows, forest: Forest, slack: Slack): number {
  const { nodes, firstSink, start, source, cost, km, row, room, lots, most, weight } = flows;
  const { edge, ints, above, edgeOf } = forest;
  const { rows, money } = slack;
  const use = new Float64Array(rows.length);
  const order = new Int32Array(largest(start));
  let held = 0;

  forest.clear();
  for (let sink = firstSink; sink < nodes; sink++) {
    // large flows first, so that the small ones find a way round and end
    let count = 0;
    for (let i = start[sink]!; i < start[sink + 1]!; i++) {
      const x = lots[i]!;
      if (!(x > 0)) continue;
      let at = count++;
      for (; at > 0 && lots[order[at - 1]!]! < x; at--) order[at] = order[at - 1]!;
      order[at] = i;
    }
    for (let i = 0; i < count; i++) {
      const entering = load(order[i]!);
      const from = source[order[i]!]!;
      if (i === 0) forest.hang(sink, from, entering);
      else if (!forest.join(sink, from, entering)) goRound(sink, from, entering);
    }
  }
  for (let n = 0; n < nodes; n++) if (above(n) >= 0) save(edgeOf(n));
  return held;

  function load(position: number): number {
    const e = forest.take();
    const x = lots[position]!;
    const own = most[position]! - x;
    const left = weight > 0 ? Math.min(own, room[position]! / weight) : own;
    edge[e + FLOW] = x;
    edge[e + ROOM] = Math.max(left, 0);
    edge[e + COST] = cost[position]! * weight;
    edge[e + KM] = km[position]! * weight;
    ints[2 * e + ROW] = row[position]!;
    ints[2 * e + POSITION] = position;
    return e;
  }

  function save(e: number): void {
    const position = ints[2 * e + POSITION]!;
    const x = edge[e + FLOW]!;
    room[position]! -= (x - lots[position]!) * weight;
    lots[position] = x;
    forest.give(e);
  }

  /** The cycle is the entering edge and the ways up from both its ends to where they meet; from each end, edges go against it and along by turns. */
  function goRound(sink: number, from: number, entering: number): void {
    const top = forest.meet(sink, from);
    // least flow and room of the edges that go along with the entering one and of those against it, and the nodes below them
    let alongFlow = edge[entering + FLOW]!;
    let alongFlowAt = -1;
    let alongRoom = edge[entering + ROOM]!;
    let alongRoomAt = -1;
    let againstFlow = Infinity;
    let againstFlowAt = -1;
    let againstRoom = Infinity;
    let againstRoomAt = -1;
    let price = edge[entering + COST]!;
    use.fill(0);
    use[ints[2 * entering + ROW]!] = edge[entering + KM]!;
    for (let end = 0; end < 2; end++) {
      let along = false;
      for (let n = end === 0 ? sink : from; n !== top; n = above(n)) {
        const e = edgeOf(n);
        const flow = edge[e + FLOW]!;
        const left = edge[e + ROOM]!;
        if (along) {
          if (flow < alongFlow) {
            alongFlow = flow;
            alongFlowAt = n;
          }
          if (left < alongRoom) {
            alongRoom = left;
            alongRoomAt = n;
          }
          price += edge[e + COST]!;
          use[ints[2 * e + ROW]!]! += edge[e + KM]!;
        } else {
          if (flow < againstFlow) {
            againstFlow = flow;
            againstFlowAt = n;
          }
          if (left < againstRoom) {
            againstRoom = left;
            againstRoomAt = n;
          }
          price -= edge[e + COST]!;
          use[ints[2 * e + ROW]!]! -= edge[e + KM]!;
        }
        along = !along;
      }
    }

    const up = Math.min(againstFlow, alongRoom);
    const down = Math.min(alongFlow, againstRoom);
    const upFits = fits(up, price);
    const downFits = fits(-down, price);
    if (!upFits && !downFits) {
      held++;
      save(entering);
      return;
    }
    const upEnds = againstFlow <= alongRoom;
    const downEnds = alongFlow <= againstRoom;
    const rises = upFits && downFits ? (upEnds === downEnds ? price < 0 : upEnds) : upFits;
    const by = rises ? up : -down;
    money[0]! -= price * by;
    for (let i = 0; i < use.length; i++) rows[i]! -= use[i]! * by;
    push(entering, by);
    for (let end = 0; end < 2; end++) {
      let signed = -by;
      for (let n = end === 0 ? sink : from; n !== top; n = above(n)) {
        push(edgeOf(n), signed);
        signed = -signed;
      }
    }

    if (rises ? !upEnds : !downEnds) held++;
    const cut = rises ? (upEnds ? againstFlowAt : alongRoomAt) : downEnds ? alongFlowAt : againstRoomAt;
    if (cut < 0) {
      save(entering);
      return;
    }
    save(edgeOf(cut));
    let n = sink;
    while (n !== top && n !== cut) n = above(n);
    if (n === top) forest.exchange(from, cut, sink, entering);
    else forest.exchange(sink, cut, from, entering);
  }

  function fits(by: number, price: number): boolean {
    if (price * by > 0 && price * by > money[0]!) return false;
    for (let i = 0; i < use.length; i++) {
      const more = use[i]! * by;
      if (more > 0 && more > rows[i]!) return false;
    }
    return true;
  }

  function push(e: number, by: number): void {
    const before = edge[e + FLOW]!;
    const after = before + by;
    edge[e + FLOW] = after > ROUNDING * before ? after : 0;
    const left = edge[e + ROOM]! - by;
    edge[e + ROOM] = Math.max(left, 0);
  }
}

function largest(start: Int32Array): number {
  let most = 0;
  for (let n = 0; n + 1 < start.length; n++) most = Math.max(most, start[n + 1]! - start[n]!);
  return most;
}
