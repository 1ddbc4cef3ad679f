/** Which consignments two plans send otherwise, by route, mode, period of departure and resource. */
import type { Scenario, Shipment } from '../types.js';
import { byText, differs } from './noise.js';
import type { FlowChange, Flows } from './types.js';

/** Listed where nobody says otherwise: a nation's plan has hundreds of thousands. */
const LISTED = 100;

type Flow = Pick<FlowChange, 'from' | 'to' | 'mode' | 'depart' | 'resource'>;
const flowKey = (s: Flow): string => JSON.stringify([s.from, s.to, s.mode, s.depart, s.resource]);

/** Quantities by flow; consignments that share one are summed. */
export function indexFlows(shipments: readonly Shipment[]): Map<string, number> {
  const flows = new Map<string, number>();
  for (const s of shipments) {
    const key = flowKey(s);
    flows.set(key, (flows.get(key) ?? 0) + s.quantity);
  }
  return flows;
}

/** Tonnes a unit by resource. */
export function unitWeights(scenario: Scenario | undefined): Map<string, number> | undefined {
  return scenario && new Map(scenario.resources.map((r) => [r.id, r.weightKg / 1000]));
}

export interface Side {
  flows: Map<string, number>;
  weights: Map<string, number> | undefined;
}

export function flowsBetween(
  before: Side,
  after: Side,
  { top = LISTED, tolerance }: { top: number | undefined; tolerance: number },
): Flows {
  const weighed = before.weights !== undefined && after.weights !== undefined;
  const tonnes = (side: Side, resource: string, quantity: number) =>
    quantity === 0 ? 0 : quantity * (side.weights?.get(resource) ?? 0);
  const list: FlowChange[] = [];
  const shipped = new Map<string, number>();
  for (const key of new Set([...before.flows.keys(), ...after.flows.keys()])) {
    // `flowKey` wrote it
    const [from, to, mode, depart, resource] = JSON.parse(key) as [string, string, string, number, string];
    const [b, a] = [before.flows.get(key) ?? 0, after.flows.get(key) ?? 0];
    shipped.set(resource, (shipped.get(resource) ?? 0) + a + b);
    if (!differs(b, a, tolerance)) continue;
    const change = weighed ? tonnes(after, resource, a) - tonnes(before, resource, b) : null;
    list.push({ from, to, mode, depart, resource, before: b, after: a, quantity: a - b, tonnesChange: change });
  }
  const size = (f: FlowChange) => Math.abs(f.tonnesChange ?? f.quantity / shipped.get(f.resource)!);
  const sized = list.map((flow) => ({ flow, size: size(flow) }));
  sized.sort((x, y) => y.size - x.size || inOrder(x.flow, y.flow));
  const sum = (sign: number) =>
    weighed ? list.reduce((total, f) => total + Math.max(0, sign * (f.tonnesChange ?? 0)), 0) : null;
  return {
    total: list.length,
    sortedBy: weighed ? 'tonnes' : 'share',
    tonnesMore: sum(1),
    tonnesLess: sum(-1),
    list: sized.slice(0, top).map(({ flow }) => flow),
  };
}

function inOrder(x: FlowChange, y: FlowChange): number {
  return (
    x.depart - y.depart ||
    byText(x.from, y.from) ||
    byText(x.to, y.to) ||
    byText(x.mode, y.mode) ||
    byText(x.resource, y.resource)
  );
}
