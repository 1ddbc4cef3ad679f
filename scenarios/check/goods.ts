/** Stock, arrivals, losses and demand: known resources, whole lots, periods within the horizon. */
import { type Path, show } from '../faults.js';
import { unitsOf } from '../losses.js';
import { countLots } from '../lots.js';
import { wording } from '../wording.js';
import type { Context } from './context.js';
import { amountOf, type Entry, entries, isFields, textOf } from './view.js';

export function checkGoods(context: Context): void {
  for (const site of [...entries(context.root, 'depots'), ...entries(context.root, 'hubs')])
    checkLength(context, site.fields.handlingTonnes, [...site.path, 'handlingTonnes']);
  for (const depot of entries(context.root, 'depots')) {
    checkBag(context, [...depot.path, 'stock'], depot.fields.stock);
    for (const line of [...entries(depot, 'arrivals'), ...entries(depot, 'losses')]) {
      const resource = textOf(line, 'resource');
      if (resource !== undefined && knows(context, resource, line.path, 'resource'))
        checkLots(context, line.fields.quantity, resource, line.path, 'quantity');
      checkPeriod(context, line.fields.period, line.path, 'period');
    }
    checkLosses(context, depot);
  }
  for (const region of entries(context.root, 'regions'))
    checkBag(context, [...region.path, 'demand'], region.fields.demand);
}

/** A period from 0 to count − 1. Paths of single values are put together only where there is something to report. */
export function checkPeriod({ count, report }: Context, value: unknown, within: Path, step: string | number): void {
  const period = amountOf(value);
  if (period === undefined || count === undefined || period < count) return;
  const mend = wording`periods are counted from 0 to ${count - 1}`;
  report([...within, step], show(period), wording`is ${period}, after the last period`, mend);
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

/** Nothing is lost that is not there. */
function checkLosses({ lots, report }: Context, depot: Entry): void {
  const losses = entries(depot, 'losses');
  if (losses.length === 0) return;
  const { stock } = depot.fields;
  const moves = [
    ...Object.entries(isFields(stock) ? stock : {}).map(([resource, quantity]) => ({ resource, quantity, sign: 1 })),
    ...entries(depot, 'arrivals').map(({ fields }) => ({ ...fields, sign: 1 })),
    ...losses.map(({ fields }) => ({ ...fields, sign: -1 })),
  ] as { resource: unknown; quantity: unknown; period?: unknown; sign: number }[];
  const short = new Set<unknown>();
  for (const { fields, path } of losses.toSorted((a, b) => Number(a.fields.period) - Number(b.fields.period))) {
    const { resource, period } = fields;
    const lot = lots.get(String(resource));
    if (!lot || short.has(resource)) continue;
    let there = 0;
    for (const move of moves)
      if (move.resource === resource && (amountOf(move.period) ?? 0) <= Number(period))
        there += move.sign * lot.count(amountOf(move.quantity) ?? 0);
    if (!(there < 0)) continue;
    short.add(resource);
    const missing = unitsOf(-there, lot.size);
    report(
      [...path, 'quantity'],
      show(fields.quantity),
      wording`is ${missing} more of ${show(resource)} than are there in period ${show(period)}`,
      wording`take ${missing} off, or add what was found to the arrivals`,
    );
  }
}

/** A list that stands for all periods has a number for each. */
export function checkLength({ count, report }: Context, value: unknown, path: Path): void {
  if (!Array.isArray(value) || count === undefined || value.length === count) return;
  report(
    path,
    show(value),
    wording`is ${show(value)}`,
    wording`write one number for each of the ${count} periods, or one for all`,
  );
}

export function knows(context: Context, resource: string, within: Path, step: string | number): boolean {
  const { lots, root, report, suggest } = context;
  if (lots.has(resource)) return true;
  // Without a list of resources every name would be a fault, and none of them the cause.
  if (Array.isArray(root.fields.resources))
    report(
      [...within, step],
      show(resource),
      wording`names ${show(resource)}, which is not a resource`,
      suggest(resource, () => lots.keys(), wording`a resource`),
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
      wording`is ${quantity}, not a whole number of lots of ${lot.size}`,
      wording`write ${counted.below} or ${counted.above}, or give ${show(resource)} a smaller lot`,
    );
  else if (counted.kind === 'too many')
    report(
      path,
      show(quantity),
      wording`is ${quantity}, more than 2^53 - 1 lots of ${lot.size}`,
      wording`write at most ${counted.most}, or give ${show(resource)} a larger lot`,
    );
}
