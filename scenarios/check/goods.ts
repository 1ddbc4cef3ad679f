/** Stock, arrivals and demand: known resources, whole lots, periods within the horizon. */
import { type Path, show } from '../faults.js';
import { countLots } from '../lots.js';

import type { Context } from './context.js';
import { amountOf, entries, isFields, textOf } from './view.js';

export function checkGoods(context: Context): void {
  for (const depot of entries(context.root, 'depots')) {
    checkBag(context, [...depot.path, 'stock'], depot.fields.stock);
    for (const arrival of entries(depot, 'arrivals')) {
      const resource = textOf(arrival, 'resource');
      const known = resource !== undefined && knows(context, [...arrival.path, 'resource'], resource);
      if (known) checkLots(context, [...arrival.path, 'quantity'], arrival.fields.quantity, resource);
      checkPeriod(context, [...arrival.path, 'period'], arrival.fields.period);
    }
  }
  for (const region of entries(context.root, 'regions'))
    checkBag(context, [...region.path, 'demand'], region.fields.demand);
}

/** A period from 0 to count − 1. */
export function checkPeriod({ count, report }: Context, path: Path, value: unknown): void {
  const period = amountOf(value);
  if (period === undefined || count === undefined || period < count) return;
  report(path, show(period), `is ${period}, after the last period`, `periods are counted from 0 to ${count - 1}`);
}

/** Quantities by resource, each a number or one number a period. */
function checkBag(context: Context, path: Path, bag: unknown): void {
  if (!isFields(bag)) return;
  for (const [resource, value] of Object.entries(bag)) {
    const at = [...path, resource];
    if (!knows(context, at, resource)) continue;
    if (!Array.isArray(value)) {
      checkLots(context, at, value, resource);
      continue;
    }
    const { count } = context;
    if (count !== undefined && value.length !== count)
      context.report(
        at,
        show(value),
        `is ${show(value)}`,
        `write one number for each of the ${count} periods, or one for all`,
      );
    value.forEach((quantity, t) => {
      checkLots(context, [...at, t], quantity, resource);
    });
  }
}

function knows({ lots, root, report, suggest }: Context, path: Path, resource: string): boolean {
  if (lots.has(resource)) return true;
  // Without a list of resources every name would be a fault, and none of them the cause.
  if (Array.isArray(root.fields.resources))
    report(
      path,
      show(resource),
      `names ${show(resource)}, which is not a resource`,
      suggest(resource, () => lots.keys(), 'a resource'),
    );
  return false;
}

function checkLots({ lots, report }: Context, path: Path, value: unknown, resource: string): void {
  const quantity = amountOf(value);
  const lot = lots.get(resource);
  if (quantity === undefined || lot === undefined) return;
  const counted = countLots(quantity, lot);
  if (counted.kind === 'broken')
    report(
      path,
      show(quantity),
      `is ${quantity}, not a whole number of lots of ${lot}`,
      `write ${counted.below} or ${counted.above}, or give ${show(resource)} a smaller lot`,
    );
  else if (counted.kind === 'too many')
    report(
      path,
      show(quantity),
      `is ${quantity}, more than 2^53 - 1 lots of ${lot}`,
      `write at most ${counted.most}, or give ${show(resource)} a larger lot`,
    );
}
