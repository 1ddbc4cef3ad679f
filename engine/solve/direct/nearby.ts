/**
 * A warm start is wrong in places: where a road closed, goods wait at one end and are missed at the other, and everywhere else it is as good as
 * before. So the places that cost most, and all that share a depot with them, are solved by themselves with the rest held (`carve.ts`): an
 * iteration over them takes a tenth of one over the whole. The start stays where that does not help, as fleets or money tie them to the rest.
 */
import { type Ascent, type AscentOptions, type AscentSession, openAscent, type Runner } from './ascent.js';
import { carve } from './carve.js';
import type { Direct } from './form.js';
import { RECORD, record } from './layout.js';

/** Share of the gap that may lie in places that are not chosen. */
const ELSEWHERE = 0.1;
/** Share of all arcs beyond which nothing is nearby. */
const WIDEST = 0.3;
/** Of the asked gap, what places and rest may come to, and what the places may keep whatever the rest has. */
const [AIM, LEAST] = [0.9, 0.4];
const MOST_ITERATIONS = 120;
/** Share of the gap that must be gone, or the start is taken back. */
const WORTHWHILE = 0.5;

/**
 * Betters the start of `session` in the layout, whose first certificate was `start`, by one thread. Returns what it came to where that is
 * enough; where it is no better, flows and prices are put back.
 */
export function mendNearby(
  direct: Direct,
  runner: (part: Direct) => Runner,
  { gap, stop }: AscentOptions,
  start: Ascent,
  session: AscentSession,
): Ascent | null {
  const groups = nearbyGroups(direct, start);
  if (!groups) return null;
  const before = keepStart(direct);
  const part = carve(direct, groups);
  const inner = openAscent(part.direct, runner(part.direct), true);
  const first = inner.run({ gap: 0, mostIterations: 0 });
  const all = gap * Math.abs(start.bound);
  const outside = Math.max(0, start.bound - start.value - (first.bound - first.value));
  const asked = Math.max(LEAST * all, AIM * all - outside) / Math.max(Math.abs(first.bound), Number.MIN_VALUE);
  inner.run({ gap: asked, mostIterations: MOST_ITERATIONS, ...(stop ? { stop } : {}) });
  part.putBack();
  session.moved(true);
  const mended = session.run({ gap, mostIterations: 0 });
  if (mended.gap <= gap) return mended;
  if (mended.gap > WORTHWHILE * start.gap) {
    before.putBack();
    session.moved(false);
  }
  return null;
}

/** The groups to solve anew, ascending; null where what is missing is spread over too many. Reads what the last certificate left. O(flows). */
function nearbyGroups(direct: Direct, start: Ascent): Int32Array | null {
  const { layout } = direct;
  const { nodes, periods: T, groups, i32 } = layout;
  const group = layout.ints('group', groups + 1);
  const arc = layout.start('arc');
  // groups first, then depots
  const lost = [...lostByGroup(direct), ...lostByDepot(direct)];
  const order = Int32Array.from(lost.keys()).filter((i) => lost[i]! > 0);
  order.sort((a, b) => lost[b]! - lost[a]!);
  let open = order.reduce((sum, i) => sum + lost[i]!, 0) - ELSEWHERE * (start.bound - start.value);
  const chosen = new Uint8Array(groups);
  const sends = new Uint8Array(nodes / T);
  for (const i of order) {
    if (!(open > 0)) break;
    open -= lost[i]!;
    if (i < groups) chosen[i] = 1;
    else sends[i - groups] = 1;
  }
  const depotOf = (a: number) => Math.floor(i32[arc + a * RECORD + record.node]! / T);
  for (let g = 0; g < groups; g++) if (chosen[g]) for (let a = group[g]!; a < group[g + 1]!; a++) sends[depotOf(a)] = 1;
  let arcs = 0;
  for (let g = 0; g < groups; g++) {
    for (let a = group[g]!; a < group[g + 1]! && !chosen[g]; a++) chosen[g] = sends[depotOf(a)]!;
    if (chosen[g]) arcs += group[g + 1]! - group[g]!;
  }
  return arcs === 0 || arcs > WIDEST * layout.arcs ? null : Int32Array.from(chosen.keys()).filter((g) => chosen[g]);
}

/** Worth of what a group's needs lack of what they would take at their prices. */
function lostByGroup({ layout }: Direct): Float64Array {
  const { groups, lanes } = layout;
  const [need, worth, met, pi] = (['need', 'worth', 'met', 'pi'] as const).map((name) =>
    layout.floats(name, groups * lanes),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const bands = layout.floats('bands', layout.bands * 2);
  const lost = new Float64Array(groups);
  for (let e = 0; e < need.length; e++) {
    if (!(need[e]! > met[e]!)) continue;
    let from = met[e]!;
    for (let b = 0; b < layout.bands; b++) {
      const more = bands[2 * b]! * worth[e]! - Math.max(0, pi[e]!);
      if (!(more > 0)) break;
      const upTo = bands[2 * b + 1]! * need[e]!;
      if (upTo <= from) continue;
      lost[Math.floor(e / lanes)]! += more * (upTo - from);
      from = upTo;
    }
  }
  return lost;
}

/** Worth, at its prices, of what stays at a depot to the end. */
function lostByDepot({ layout }: Direct): Float64Array {
  const { nodes, lanes, periods: T } = layout;
  const spare = layout.doubles('spare', nodes * lanes);
  const goods = layout.floats('cleanGoods', nodes * lanes);
  const lost = new Float64Array(nodes / T);
  for (let depot = 0; depot < lost.length; depot++)
    for (let e = ((depot + 1) * T - 1) * lanes; e < (depot + 1) * T * lanes; e++)
      lost[depot]! += Math.max(0, spare[e]!) * goods[e]!;
  return lost;
}

/** Flows and prices that mending changes, to be put back. */
function keepStart({ layout }: Direct): { putBack(): void } {
  const { arcs, groups, nodes, lanes } = layout;
  const arrays = [
    layout.floats('x', arcs * lanes),
    layout.floats('pi', groups * lanes),
    layout.floats('goods', nodes * lanes),
    layout.f32.subarray(layout.start('arc'), layout.start('arc') + arcs * RECORD),
  ] as const;
  const kept = arrays.map((array) => array.slice());
  const handling = layout.doubles('handling', nodes);
  const keptHandling = handling.slice();
  return {
    putBack() {
      arrays.forEach((array, i) => {
        array.set(kept[i]!);
      });
      handling.set(keptHandling);
    },
  };
}
