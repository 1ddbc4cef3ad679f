/** Sizes, needs and stocks by period, and how each is written so that the same figures are always the same text. */
import { lotsOf, netSupply, unitsOf } from '../losses.js';
import type { Scenario } from '../schema.js';
import type { NeedEffect, SizeEffect, StockEffect } from './effects.js';

type Resource = Scenario['resources'][number];
type Depot = Scenario['depots'][number];

/**
 * A list has a number for every period, so a site that is limited in some only has this in the others: tonnes a period that
 * nothing reaches.
 */
export const NO_LIMIT = 1e9;

/** The size in each period; `NO_LIMIT` where none is stated. */
export function sizes(stated: number | readonly number[] | undefined, count: number): number[] {
  if (typeof stated === 'object') return [...stated];
  return new Array<number>(count).fill(stated ?? NO_LIMIT);
}

/** As a list, one number where all are the same, undefined where there is no limit at all. */
export function sizeWritten(list: readonly number[]): number | number[] | undefined {
  const [first = NO_LIMIT] = list;
  if (list.some((x) => x !== first)) return [...list];
  return first >= NO_LIMIT ? undefined : first;
}

export function amendedSizes(before: readonly number[], effects: readonly SizeEffect[]): number[] {
  const after = [...before];
  for (const { periods, value } of effects) for (const t of periods) after[t] = value;
  return after;
}

/** Lots due in each period. */
export function lotsDue(
  demand: number | readonly number[] | undefined,
  { kind, lot }: Resource,
  count: number,
): number[] {
  if (typeof demand === 'object') return demand.map((units) => lotsOf(units, lot));
  const lots = lotsOf(demand ?? 0, lot);
  return Array.from({ length: count }, (_, t) => (kind === 'durable' && t > 0 ? 0 : lots));
}

/** As one number where that says the same (MODEL.md: a number as demand), else as a list. */
export function demandWritten(lots: readonly number[], { kind, lot }: Resource): number | number[] {
  const [first = 0, ...rest] = lots;
  const plain = rest.every((n) => n === (kind === 'durable' ? 0 : first));
  return plain ? unitsOf(first, lot) : lots.map((n) => unitsOf(n, lot));
}

/** Lots due once the effects hold; below zero where more goes than there was. */
export function amendedNeed(before: readonly number[], effects: readonly NeedEffect[]): number[] {
  const after = [...before];
  for (const { periods, set } of effects) if (set !== undefined) for (const t of periods) after[t] = set;
  for (const { periods, add } of effects) if (add !== undefined) for (const t of periods) after[t]! += add;
  return after;
}

export const isLoss = ({ change }: StockEffect): boolean => change === 'lost' || change === 'expired';

type Line = { period: number; resource: string; quantity: number; donor?: string };

const byLine = (a: Line, b: Line): number =>
  a.period - b.period ||
  (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0) ||
  a.quantity - b.quantity ||
  ((a.donor ?? '') < (b.donor ?? '') ? -1 : (a.donor ?? '') > (b.donor ?? '') ? 1 : 0);

/** The depot with the lines of the effects put in; a list that gets one is sorted, so that no order of amendments shows. */
export function amendedDepot(depot: Depot, effects: readonly StockEffect[]): Depot {
  const lines = (losses: boolean): Line[] =>
    effects
      .filter((e) => isLoss(e) === losses)
      .map((e) => ({ period: e.periods[0]!, resource: e.resource, quantity: e.quantity }));
  const [arrivals, losses] = [lines(false), lines(true)];
  return {
    ...depot,
    ...(arrivals.length > 0 ? { arrivals: [...(depot.arrivals ?? []), ...arrivals].sort(byLine) } : {}),
    ...(losses.length > 0 ? { losses: [...(depot.losses ?? []), ...losses].sort(byLine) } : {}),
  };
}

/** The least that is there in any period from `from` on, in lots; below zero where more was lost than came. */
export function leastThere(
  depot: Depot,
  resource: Resource,
  count: number,
  from: number,
): { lots: number; period: number } {
  const supply = netSupply(depot, resource, count);
  let period = from;
  for (let t = from; t < count; t++) if (supply[t]! < supply[period]!) period = t;
  return { lots: supply[period]!, period };
}
