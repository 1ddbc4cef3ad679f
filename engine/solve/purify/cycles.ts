/** One resource: its flows one by one into a forest, and once round every cycle that a flow would close. */
import {
  COST,
  clear,
  EDGE,
  exchange,
  FLOW,
  type Forest,
  give,
  hang,
  join,
  KM,
  meet,
  NODE,
  POSITION,
  ROOM,
  ROW,
  take,
  UP,
} from './forest.js';

/** The flows of one resource: node by node, `start[n] … start[n + 1]` those that arrive at it. */
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
  /** What pushes may still use: tonne-km by row, money; and what a lot round a cycle would use of each row. */
  rows: Float64Array;
  money: Float64Array;
  use: Float64Array;
}

/** What is left of a flow that is taken away up to rounding. */
const ROUNDING = 1e-12;

/**
 * Pushes `flows.lots` in place until, but for the flows it holds, no cycle is left. Returns how many it holds: their route is full
 * (or their own bound), or fleets and money allow neither direction. A cycle takes the direction that ends a flow rather than
 * one that only fills a route, and of two such the one that costs less.
 */
export function breakCycles(flows: Flows, forest: Forest, order: Int32Array): number {
  const { nodes, firstSink, start, source, lots } = flows;
  let held = 0;
  clear(forest);
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
      const entering = load(flows, forest, order[i]!);
      const from = source[order[i]!]!;
      if (i === 0) hang(forest, sink, from, entering);
      else if (!join(forest, sink, from, entering)) held += goRound(flows, forest, sink, from, entering);
    }
  }
  for (let n = 0; n < nodes; n++)
    if (forest.nodes[n * NODE + UP]! >= 0) save(flows, forest, forest.nodes[n * NODE + EDGE]!);
  return held;
}

function load({ cost, km, row, room, lots, most, weight }: Flows, forest: Forest, position: number): number {
  const { edge, words } = forest;
  const e = take(forest);
  const x = lots[position]!;
  const own = most[position]! * (1 + ROUNDING) - x;
  const left = weight > 0 ? Math.min(own, room[position]! / weight) : own;
  edge[e + FLOW] = x;
  edge[e + ROOM] = Math.max(0, left);
  edge[e + COST] = cost[position]! * weight;
  edge[e + KM] = km[position]! * weight;
  words[2 * e + ROW] = row[position]!;
  words[2 * e + POSITION] = position;
  return e;
}

function save({ room, lots, weight }: Flows, forest: Forest, e: number): void {
  const position = forest.words[2 * e + POSITION]!;
  const x = forest.edge[e + FLOW]!;
  room[position]! -= (x - lots[position]!) * weight;
  lots[position] = x;
  give(forest, e);
}

/**
 * The cycle is the entering edge and the ways up from both its ends to where they meet; from each end, edges go against it and along
 * with it by turns. Returns 1 where a flow is held, 0 where one has ended.
 */
function goRound(flows: Flows, forest: Forest, sink: number, from: number, entering: number): 0 | 1 {
  const { rows, money, use } = flows;
  const { nodes, edge, words } = forest;
  const top = meet(forest, sink, from);
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
  for (let i = 0; i < use.length; i++) use[i] = 0;
  use[words[2 * entering + ROW]!] = edge[entering + KM]!;
  for (let end = 0; end < 2; end++) {
    let along = false;
    for (let n = end === 0 ? sink : from; n !== top; n = nodes[n * NODE + UP]!) {
      const e = nodes[n * NODE + EDGE]!;
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
        use[words[2 * e + ROW]!]! += edge[e + KM]!;
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
        use[words[2 * e + ROW]!]! -= edge[e + KM]!;
      }
      along = !along;
    }
  }

  const up = Math.min(againstFlow, alongRoom);
  const down = Math.min(alongFlow, againstRoom);
  const upFits = fits(flows, price, up);
  const downFits = fits(flows, price, -down);
  if (!upFits && !downFits) {
    save(flows, forest, entering);
    return 1;
  }
  const upEnds = againstFlow <= alongRoom;
  const downEnds = alongFlow <= againstRoom;
  const rises = upFits && downFits ? (upEnds === downEnds ? price < 0 : upEnds) : upFits;
  const by = rises ? up : -down;
  money[0]! -= price * by;
  for (let i = 0; i < use.length; i++) rows[i]! -= use[i]! * by;
  push(edge, entering, by);
  for (let end = 0; end < 2; end++) {
    let signed = -by;
    for (let n = end === 0 ? sink : from; n !== top; n = nodes[n * NODE + UP]!) {
      push(edge, nodes[n * NODE + EDGE]!, signed);
      signed = -signed;
    }
  }

  const ends = rises ? upEnds : downEnds;
  const cut = rises ? (ends ? againstFlowAt : alongRoomAt) : ends ? alongFlowAt : againstRoomAt;
  if (cut < 0) save(flows, forest, entering);
  else {
    save(flows, forest, nodes[cut * NODE + EDGE]!);
    let n = sink;
    while (n !== top && n !== cut) n = nodes[n * NODE + UP]!;
    if (n === top) exchange(forest, from, cut, sink, entering);
    else exchange(forest, sink, cut, from, entering);
  }
  return ends ? 0 : 1;
}

function fits({ rows, money, use }: Flows, price: number, by: number): boolean {
  const spent = price * by;
  if (spent > 0 && spent > money[0]!) return false;
  for (let i = 0; i < use.length; i++) {
    const more = use[i]! * by;
    if (more > 0 && more > rows[i]!) return false;
  }
  return true;
}

function push(edge: Float64Array, e: number, by: number): void {
  const before = edge[e + FLOW]!;
  const after = before + by;
  edge[e + FLOW] = after > ROUNDING * before ? after : 0;
  edge[e + ROOM] = Math.max(0, edge[e + ROOM]! - by);
}
