/**
 * A part of a direct problem with the rest held where it is: some groups, the arcs into them and the depots that those start from, with what
 * the flows of all other groups leave of goods, handling, fleets and money.
 */
import { type Direct, sides } from './form.js';
import { layOut, RECORD, record, setWord } from './layout.js';

export interface Part {
  direct: Direct;
  /** The part's best plan and its prices of groups, depots and routes into the whole; those of fleets and money speak for all and stay. */
  putBack(): void;
}

/** `groups`: ascending. Flows and prices of the whole are the part's start. O(flows), once. */
export function carve(whole: Direct, groups: Int32Array): Part {
  const from = whole.layout;
  const { lanes, periods: T, nodes, resources, fleets, fleetRows, bands } = from;
  const group = from.ints('group', from.groups + 1);
  const arc = from.start('arc');
  const inside = new Uint8Array(from.groups);
  for (const g of groups) inside[g] = 1;

  /** Place of each depot in the part, −1 for those that do not serve it. */
  const place = new Int32Array(nodes / T).fill(-1);
  const depots: number[] = [];
  let arcs = 0;
  for (const g of groups)
    for (let a = group[g]!; a < group[g + 1]!; a++, arcs++) {
      const depot = Math.floor(from.i32[arc + a * RECORD + record.node]! / T);
      if (place[depot]! < 0) place[depot] = depots.push(depot) - 1;
    }

  const into = layOut({
    arcs,
    groups: groups.length,
    depots: depots.length,
    periods: T,
    resources,
    fleets,
    bands,
    threads: 1,
  });
  const left = limitsLeft(whole, inside);
  into.doubles('fleet', fleetRows).set(from.doubles('fleet', fleetRows));
  into.doubles('fleetLimit', fleetRows).set(left.fleet);
  into.doubles('budget', 3).set(from.doubles('budget', 3));
  into.doubles('budget', 4)[3] = left.budget;
  into.doubles('cost', 1).set(from.doubles('cost', 1));
  into.floats('bands', bands * 2).set(from.floats('bands', bands * 2));
  setWord(into, 'joint', T === 1 ? 1 : 0);
  sides.set(into, sides.get(from)!);

  // depots lie by period, then lane; groups by lane
  const depotRows = (all: Float32Array, part: Float32Array) => rows(all, part, depots, T * lanes);
  const depotWords = (all: Float64Array, part: Float64Array) => rows(all, part, depots, T);
  const here = depots.length * T;
  depotRows(left.goods, into.floats('supply', here * lanes));
  depotRows(from.floats('goods', nodes * lanes), into.floats('goods', here * lanes));
  depotWords(left.handling, into.doubles('handlingLimit', here));
  for (const name of ['handling', 'handlingStep'] as const)
    depotWords(from.doubles(name, nodes), into.doubles(name, here));
  for (const name of ['need', 'worth', 'given', 'pi'] as const)
    rows(from.floats(name, from.groups * lanes), into.floats(name, groups.length * lanes), groups, lanes);

  const start = into.ints('group', groups.length + 1);
  const base = into.start('arc');
  const flows = from.floats('x', from.arcs * lanes);
  groups.forEach((g, i) => {
    const [a, end] = [group[g]!, group[g + 1]!];
    start[i + 1] = start[i]! + end - a;
    into.floats('x', arcs * lanes).set(flows.subarray(a * lanes, end * lanes), start[i]! * lanes);
    into.i32.set(from.i32.subarray(arc + a * RECORD, arc + end * RECORD), base + start[i]! * RECORD);
    for (let b = start[i]!; b < start[i + 1]!; b++) {
      const at = base + b * RECORD + record.node;
      const node = into.i32[at]!;
      into.i32[at] = place[Math.floor(node / T)]! * T + (node % T);
    }
  });

  return {
    direct: { ...whole, layout: into },
    putBack() {
      const back = <A extends Float32Array | Float64Array>(part: A, all: A, list: ArrayLike<number>, width: number) => {
        for (let i = 0; i < list.length; i++) all.set(part.subarray(i * width, (i + 1) * width), list[i]! * width);
      };
      back(into.floats('goods', here * lanes), from.floats('goods', nodes * lanes), depots, T * lanes);
      back(into.doubles('handling', here), from.doubles('handling', nodes), depots, T);
      back(into.floats('pi', groups.length * lanes), from.floats('pi', from.groups * lanes), groups, lanes);
      const best = into.floats('best', arcs * lanes);
      groups.forEach((g, i) => {
        flows.set(best.subarray(start[i]! * lanes, start[i + 1]! * lanes), group[g]! * lanes);
        for (let b = start[i]!, a = group[g]!; b < start[i + 1]!; b++, a++)
          from.f32[arc + a * RECORD + record.price] = into.f32[base + b * RECORD + record.price]!;
      });
    },
  };
}

/** Copies the rows of a list, each `width` long, one after the other. */
function rows<A extends Float32Array | Float64Array>(all: A, part: A, list: ArrayLike<number>, width: number): void {
  for (let i = 0; i < list.length; i++) part.set(all.subarray(list[i]! * width, (list[i]! + 1) * width), i * width);
}

/** What the flows into groups outside leave; of goods so that no later promise is broken. */
function limitsLeft({ layout }: Direct, inside: Uint8Array) {
  const { lanes, nodes, periods: T, fleetRows, f32, i32 } = layout;
  const group = layout.ints('group', layout.groups + 1);
  const arc = layout.start('arc');
  const x = layout.floats('x', layout.arcs * lanes);
  const goods = Float64Array.from(layout.floats('supply', nodes * lanes));
  const handling = layout.doubles('handlingLimit', nodes).slice();
  const fleet = layout.doubles('fleetLimit', fleetRows).slice();
  let budget = layout.doubles('budget', 4)[3]!;
  for (let g = 0; g < layout.groups; g++) {
    if (inside[g]) continue;
    for (let a = group[g]!; a < group[g + 1]!; a++) {
      const at = arc + a * RECORD;
      const node = i32[at + record.node]!;
      let tonnes = 0;
      for (let k = 0; k < lanes; k++) {
        const flow = x[a * lanes + k]!;
        goods[node * lanes + k]! -= flow;
        tonnes += flow;
      }
      handling[node]! -= tonnes;
      fleet[i32[at + record.row]!]! -= tonnes * f32[at + record.km]!;
      budget -= tonnes * f32[at + record.perTonne]!;
    }
  }
  // what may have left by t: the least of what is there at the end of t and of every later period
  const left = new Float32Array(nodes * lanes);
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      const at = (t: number) => (depot + t) * lanes + k;
      for (let t = 1; t < T; t++) goods[at(t)]! += goods[at(t - 1)]!;
      for (let t = T - 2; t >= 0; t--) goods[at(t)] = Math.min(goods[at(t)]!, goods[at(t + 1)]!);
      for (let t = 0, before = 0; t < T; t++) {
        const now = Math.max(before, goods[at(t)]!);
        left[at(t)] = now - before;
        before = now;
      }
    }
  const none = (limit: number) => Math.max(0, limit);
  return { goods: left, handling: handling.map(none), fleet: fleet.map(none), budget: none(budget) };
}
