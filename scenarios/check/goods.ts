/** Stock, arrivals and demand: known resources, whole lots, periods within the horizon. */
import { type Path, show } from '../faults.js';
import { countLots } from '../lots.js';

import type { Context } from './context.js';
import { amountOf, entries, isFields, textOf } from './view.js';

export function checkGoods(context: Context): void {
  for (const site of [...entries(context.root, 'depots'), ...entries(context.root, 'hubs')])
    checkLength(context, site.fields.handlingTonnes, [...site.path, 'handlingTonnes']);
  for (const depot of entries(context.root, 'depots')) {
    checkBag(context, [...depot.path, 'stock'], depot.fields.stock);
    for (const arrival of entries(depot, 'arrivals')) {
      const resource = textOf(arrival, 'resource');
      if (resource !== undefined && knows(context, resource, arrival.path, 'resource'))
        checkLots(context, arrival.fields.quantity, resource, arrival.path, 'quantity');
      checkPeriod(context, arrival.fields.period, arrival.path, 'period');
    }
  }
  for (const region of entries(context.root, 'regions'))
    checkBag(context, [...region.path, 'demand'], region.fields.demand);
}

/** A period from 0 to count − 1. Paths of single values are put together only where there is something to report. */
export function checkPeriod({ count, report }: Context, value: unknown, within: Path, step: string | number): void {
  const period = amountOf(value);
  if (period === undefined || count === undefined || period < count) return;
  const mend = `periods are counted from 0 to ${count - 1}`;
  report([...within, step], show(period), `is ${period}, after the last period`, mend);
}

/** Quantities by resource, each a number or one number a period. */
function checkBag(context: Context, path: Path, bag: unknown): void {
  if (!isFields(bag)) return;
  for (const resource of Object.keys(bag)) {
    const value = bag[resource];
    if (!knows(context, resource, path, resource)) continue;
    if (!Array.isArray(value)) {
      checkLots(context, value, resource, path, resource);
      continue;
    }
    const at = [...path, resource];
    checkLength(context, value, at);
    for (let t = 0; t < value.length; t++) checkLots(context, value[t], resource, at, t);
  }
}

/** A list that stands for all periods has a number for each. */
export function checkLength({ count, report }: Context, value: unknown, path: Path): void {
  if (!Array.isArray(value) || count === undefined || value.length === count) return;
  report(path, show(value), `is ${show(value)}`, `write one number for each of the ${count} periods, or one for all`);
}

export function knows(context: Context, resource: string, within: Path, step: string | number): boolean {
  const { lots, root, report, suggest } = context;
  if (lots.has(resource)) return true;
  // Without a list of resources every name would be a fault, and none of them the cause.
  if (Array.isArray(root.fields.resources))
    report(
      [...within, step],
      show(resource),
      `names ${show(resource)}, which is not a resource`,
      suggest(resource, () => lots.keys(), 'a resource'),
    );
  return false;
}

export function checkLots(
  { lots, report }: Context,
  value: unknown,
  resource: string,
  within: Path,
  step: string | number,
): void {
  const quantity = amountOf(value);
  const lot = lots.get(resource);
  if (quantity === undefined || lot === undefined || !Number.isNaN(lot.count(quantity))) return;
  const path = [...within, step];
  const counted = countLots(quantity, lot.size);
  if (counted.kind === 'broken')
    report(
      path,
      show(quantity),
      `is ${quantity}, not a whole number of lots of ${lot.size}`,
      `write ${counted.below} or ${counted.above}, or give ${show(resource)} a smaller lot`,
    );
  else if (counted.kind === 'too many')
    report(
      path,
      show(quantity),
      `is ${quantity}, more than 2^53 - 1 lots of ${lot.size}`,
      `write at most ${counted.most}, or give ${show(resource)} a larger lot`,
    );
}
