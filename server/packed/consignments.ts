/** Consignments by numbers: of the way they take, of what they are; in the order of the plan, as reports name them by it. */
import type { Allocation, Shipment } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { addQuantities, wholeColumn } from './columns.js';
import type { Column } from './container.js';
import type { Head } from './read.js';
import type { Sections } from './sections.js';

/** The routes in use: numbers of places and modes; tonnes a period, Infinity without a limit. */
export interface Ways {
  readonly length: number;
  from: Column;
  to: Column;
  mode: Column;
  capacity: Float64Array;
}

export interface Consignments {
  readonly length: number;
  /** Number of its way, of its resource, of its period. */
  way: Column;
  resource: Column;
  depart: Column;
  /** In the resource's unit. */
  quantity(line: number): number;
  at(line: number): Shipment;
}

interface Way {
  from: string;
  to: string;
  mode: string;
}

/** Returns the modes, which the columns number. */
export function writeConsignments(
  columns: Map<string, Column>,
  { shipments }: Allocation,
  { routes, resources }: Scenario,
  site: (id: string) => number,
  resource: (id: string) => number,
): string[] {
  const key = ({ from, to, mode }: Way) => `${from}\n${to}\n${mode}`;
  const limits = new Map<string, number>();
  // of a route in parts the narrowest
  for (const { capacityTonnes = Infinity, ...route } of routes)
    limits.set(key(route), Math.min(capacityTonnes, limits.get(key(route)) ?? Infinity));
  const [ways, numbers]: [Way[], Map<string, number>] = [[], new Map()];
  let now = 0;
  const way = shipments.map(({ from, to, mode }) => {
    const last = ways[now];
    // what goes one way mostly stands together
    if (last && last.from === from && last.to === to && last.mode === mode) return now;
    const name = key({ from, to, mode });
    now = numbers.get(name) ?? numbers.size;
    if (now === ways.length) ways.push({ from, to, mode });
    numbers.set(name, now);
    return now;
  });
  const modes = [...new Set(ways.map(({ mode }) => mode))];
  const carried = wholeColumn(shipments.map((one) => resource(one.resource)));
  columns
    .set('way.from', wholeColumn(ways.map(({ from }) => site(from))))
    .set('way.to', wholeColumn(ways.map(({ to }) => site(to))))
    .set('way.mode', wholeColumn(ways.map(({ mode }) => modes.indexOf(mode))))
    .set(
      'way.capacity',
      Float64Array.from(ways, (one) => limits.get(key(one)) ?? Infinity),
    )
    .set('ship.way', wholeColumn(way))
    .set('ship.resource', carried)
    .set('ship.depart', wholeColumn(shipments.map(({ depart }) => depart)))
    .set('ship.travel', wholeColumn(shipments.map(({ depart, arrive }) => arrive - depart)));
  const quantities = shipments.map(({ quantity }) => quantity);
  addQuantities(columns, 'ship', quantities, carried, resources);
  return modes;
}

/** `ids` of the places. */
export function readConsignments(
  { column, doubles, quantities }: Sections,
  ids: readonly string[],
  { modes, lots, scenario: { resources } }: Head,
): { ways: Ways; shipments: Consignments } {
  const from = column('way.from');
  const { length } = from;
  const ways = {
    ...{ length, from, to: column('way.to', length), mode: column('way.mode', length) },
    capacity: doubles('way.capacity', length),
  };
  const way = column('ship.way');
  const resource = column('ship.resource', way.length);
  const [depart, travel] = [column('ship.depart', way.length), column('ship.travel', way.length)];
  const quantity = quantities('ship', resource, lots);
  return {
    ways,
    shipments: {
      ...{ length: way.length, way, resource, depart, quantity },
      at(line) {
        const w = way[line]!;
        const leaves = depart[line]!;
        return {
          ...{ resource: resources[resource[line]!]!.id, from: ids[ways.from[w]!]!, to: ids[ways.to[w]!]! },
          ...{ mode: modes[ways.mode[w]!]!, depart: leaves, arrive: leaves + travel[line]!, quantity: quantity(line) },
        };
      },
    },
  };
}
