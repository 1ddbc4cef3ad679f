/** What was done before a plan begins (MODEL.md: when time has moved on), with nothing left out. */
import type { Scenario } from './schema.js';

type After = NonNullable<Scenario['after']>;
type Line = { resource: string; from: string; to: string; mode: string; depart: number; quantity: number };

/** What left and did not come back: `quantity` units of it in `depart`, of which `delivered` came in period `arrived`. */
export interface Shipped extends Line {
  delivered: number;
  /** Beyond the horizon where it comes too late. */
  arrived: number;
}

/** Goods by route, period and resource in units; lists may be long and are shared with the scenario where they can be. */
export interface CompletePast {
  /** First period in which anything can still depart. */
  period: number;
  shipped: readonly Shipped[];
  used: readonly { region: string; resource: string; period: number; quantity: number }[];
  planned: readonly Line[];
}

export function completePast({ period, shipped = [], used = [], planned = [] }: After): CompletePast {
  return {
    period,
    shipped: shipped.map(({ resource, from, to, mode, depart, arrive, quantity, delivered, arrived }) => ({
      ...{ resource, from, to, mode, depart, quantity },
      delivered: delivered ?? quantity,
      arrived: arrived ?? arrive,
    })),
    used,
    planned,
  };
}

type Way = { from?: unknown; to?: unknown; mode?: unknown; closed?: unknown };

/**
 * Finds the route (by its number) that a consignment departs on: of those with its ends and mode the one that is open in the
 * period, else the first, else −1.
 */
export function routeFinder(routes: readonly Way[]): (way: Way, depart: unknown) => number {
  // ids may hold any sign but control characters
  const key = ({ from, to, mode }: Way) => `${from}\0${to}\0${mode}`;
  const found = new Map<string, number[]>();
  routes.forEach((route, r) => {
    const list = found.get(key(route));
    if (list) list.push(r);
    else found.set(key(route), [r]);
  });
  const open = (r: number, t: unknown) => {
    const { closed } = routes[r]!;
    return !(Array.isArray(closed) && closed.includes(t));
  };
  return (way, depart) => {
    const list = found.get(key(way));
    if (!list) return -1;
    return list.length === 1 ? list[0]! : (list.find((r) => open(r, depart)) ?? list[0]!);
  };
}
