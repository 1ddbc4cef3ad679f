/** Which consignments two plans send otherwise, by route, mode, period of departure and resource. */
import type { Scenario, Shipment } from '../types.js';
import { byText, differs } from './noise.js';
import type { FlowChange, Flows } from './types.js';

/** Listed where nobody says otherwise: a nation's plan has hundreds of thousands. */
const LISTED = 100;

/** Tonnes a unit by resource. */
export function unitWeights(scenario: Scenario | undefined): Map<string, number> | undefined {
  return scenario && new Map(scenario.resources.map((r) => [r.id, r.weightKg / 1000]));
}

export interface Side {
  shipments: readonly Shipment[];
  weights: Map<string, number> | undefined;
}

export function flowsBetween(
  before: Side,
  after: Side,
  { top = LISTED, tolerance }: { top: number | undefined; tolerance: number },
): Flows {
  const number = flowNumbers();
  const flows: Shipment[] = [];
  const quantities = [before, after].map(({ shipments }) => {
    const sums: number[] = [];
    for (const shipment of shipments) {
      const n = number(shipment);
      flows[n] ??= shipment;
      sums[n] = (sums[n] ?? 0) + shipment.quantity;
    }
    return sums;
  });
  const [b, a] = [quantities[0]!, quantities[1]!];
  const shipped = new Map<string, number>();
  flows.forEach(({ resource }, n) => {
    shipped.set(resource, (shipped.get(resource) ?? 0) + (b[n] ?? 0) + (a[n] ?? 0));
  });

  const weighed = before.weights !== undefined && after.weights !== undefined;
  const tonnes = (side: Side, n: number, quantity: number) =>
    quantity === 0 ? 0 : quantity * (side.weights?.get(flows[n]!.resource) ?? 0);
  const changed = flows.map((_, n) => n).filter((n) => differs(b[n] ?? 0, a[n] ?? 0, tolerance));
  const sizes = new Float64Array(changed.length);
  let [tonnesMore, tonnesLess] = [0, 0];
  changed.forEach((n, i) => {
    const [was, is] = [b[n] ?? 0, a[n] ?? 0];
    const change = weighed ? tonnes(after, n, is) - tonnes(before, n, was) : 0;
    tonnesMore += Math.max(0, change);
    tonnesLess += Math.max(0, -change);
    sizes[i] = Math.abs(weighed ? change : (is - was) / shipped.get(flows[n]!.resource)!);
  });
  return {
    total: changed.length,
    sortedBy: weighed ? 'tonnes' : 'share',
    tonnesMore: weighed ? tonnesMore : null,
    tonnesLess: weighed ? tonnesLess : null,
    list: largest(sizes, top, (i, j) => inOrder(flows[changed[i]!]!, flows[changed[j]!]!)).map((i): FlowChange => {
      const n = changed[i]!;
      const { from, to, mode, depart, resource } = flows[n]!;
      const [was, is] = [b[n] ?? 0, a[n] ?? 0];
      const tonnesChange = weighed ? tonnes(after, n, is) - tonnes(before, n, was) : null;
      return { from, to, mode, depart, resource, before: was, after: is, quantity: is - was, tonnesChange };
    }),
  };
}

/**
 * A number for each flow, from 0 on. Pairs of numbers are numbered in turn: one text as key for each of 250,000 consignments
 * takes five times as long.
 */
function flowNumbers(): (s: Shipment) => number {
  const numbered = <X>() => {
    const numbers = new Map<X, number>();
    return (x: X): number => {
      const known = numbers.get(x);
      if (known !== undefined) return known;
      numbers.set(x, numbers.size);
      return numbers.size - 1;
    };
  };
  const [id, period] = [numbered<string>(), numbered<number>()];
  const [way, route, slot, flow] = [numbered<number>(), numbered<number>(), numbered<number>(), numbered<number>()];
  // a Map has at most 2^24 entries, so that a pair of such numbers is exact in a double
  const pair = (x: number, y: number) => x * 2 ** 25 + y;
  return (s) =>
    flow(pair(route(pair(way(pair(id(s.from), id(s.to))), id(s.mode))), slot(pair(period(s.depart), id(s.resource)))));
}

/** Positions of the largest `count` sizes, the largest first and equal ones as `order` says. */
function largest(sizes: Float64Array, count: number, order: (i: number, j: number) => number): number[] {
  // only those that can be among them are sorted by name
  const least = count < sizes.length ? sizes.toSorted()[sizes.length - count]! : 0;
  const able = [...sizes.keys()].filter((i) => sizes[i]! >= least);
  return able.sort((i, j) => sizes[j]! - sizes[i]! || order(i, j)).slice(0, count);
}

function inOrder(x: Shipment, y: Shipment): number {
  return (
    x.depart - y.depart ||
    byText(x.from, y.from) ||
    byText(x.to, y.to) ||
    byText(x.mode, y.mode) ||
    byText(x.resource, y.resource)
  );
}
