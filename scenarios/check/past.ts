/** What was done before (`after`): known routes and goods, nothing sent that was not there, nothing spent that nobody has. */
import { show } from '../faults.js';
import { type Decimal, decimalOf, decimalText } from '../lots.js';
import { routeFinder } from '../past.js';
import { wording } from '../wording.js';
import type { Context } from './context.js';
import { checkLots, checkPeriod, knows } from './goods.js';
import { amountOf, type Entry, entries, isFields, textOf } from './view.js';

/** Lots by site and resource, and the line that took the last of them away. */
type Balance = Map<string, { lots: number; line?: Entry }>;

export function checkPast(context: Context): void {
  const { after } = context.root.fields;
  if (!isFields(after)) return;
  const past: Entry = { path: ['after'], fields: after };
  checkPeriod(context, after.period, past.path, 'period');
  const period = amountOf(after.period);
  if (period === undefined) return;
  const routes = entries(context.root, 'routes');
  const find = routeFinder(routes.map((r) => r.fields));
  for (const line of entries(past, 'shipped')) checkShipped(context, line, period, find);
  for (const line of entries(past, 'planned')) checkPlanned(context, line, period);
  checkBalance(context, past, period);
  checkUsed(context, past, period);
  checkSpent(context, past, routes, find);
}

function checkGoodsOf(context: Context, line: Entry, ...fields: string[]): void {
  const resource = textOf(line, 'resource');
  if (resource === undefined || !knows(context, resource, line.path, 'resource')) return;
  for (const field of fields) checkLots(context, line.fields[field], resource, line.path, field);
}

function checkShipped(context: Context, line: Entry, period: number, find: ReturnType<typeof routeFinder>): void {
  const { report } = context;
  const { from, to, mode } = line.fields;
  checkGoodsOf(context, line, 'quantity', 'delivered');
  const depart = amountOf(line.fields.depart);
  if (depart !== undefined && depart >= period)
    report(
      [...line.path, 'depart'],
      show(depart),
      wording`is ${depart}, which is not before period ${period}`,
      wording`list what is still to depart under planned, or let a later period be the first that is open`,
    );
  for (const field of ['arrive', 'arrived']) {
    const arrives = amountOf(line.fields[field]);
    if (depart !== undefined && arrives !== undefined && arrives < depart)
      report(
        [...line.path, field],
        show(arrives),
        wording`is ${arrives}, before it departs`,
        wording`write ${depart} or later`,
      );
  }
  const [sent, came] = [amountOf(line.fields.quantity), amountOf(line.fields.delivered)];
  if (sent !== undefined && came !== undefined && came > sent)
    report(
      [...line.path, 'delivered'],
      show(came),
      wording`is ${came}, more than the ${sent} that left`,
      wording`write at most ${sent}`,
    );
  if (find(line.fields, depart) < 0 && [from, to, mode].every((x) => typeof x === 'string'))
    report(
      line.path,
      wording`${show(from)} to ${show(to)} by ${show(mode)}`,
      wording`is on a route from ${show(from)} to ${show(to)} by ${show(mode)}, which the file does not have`,
      wording`name a route of the file; one that is gone for good stays in it, closed in every period to come`,
    );
}

function checkPlanned(context: Context, line: Entry, period: number): void {
  checkGoodsOf(context, line, 'quantity');
  checkPeriod(context, line.fields.depart, line.path, 'depart');
  const depart = amountOf(line.fields.depart);
  if (depart !== undefined && depart < period)
    context.report(
      [...line.path, 'depart'],
      show(depart),
      wording`is ${depart}, and departures before period ${period} are past`,
      wording`list what has left under shipped, and leave out what has not`,
    );
}

/** What depots and hubs have at the start of the first open period is what they had, less what left, and what came. */
function checkBalance(context: Context, past: Entry, period: number): void {
  const balance: Balance = new Map();
  const balanceOf = (site: unknown, resource: unknown) => {
    const key = `${site}\0${resource}`;
    const entry: { lots: number; line?: Entry } = balance.get(key) ?? { lots: 0 };
    balance.set(key, entry);
    return entry;
  };
  const put = (site: unknown, resource: unknown, quantity: unknown, sign: 1 | -1, line?: Entry) => {
    const entry = balanceOf(site, resource);
    entry.lots += sign * lotsIn(context, resource, quantity);
    if (line) entry.line = line;
  };
  for (const depot of entries(context.root, 'depots')) {
    const id = textOf(depot, 'id');
    const { stock } = depot.fields;
    if (isFields(stock)) for (const resource of Object.keys(stock)) put(id, resource, stock[resource], 1);
    for (const { fields } of entries(depot, 'arrivals'))
      if ((amountOf(fields.period) ?? 0) <= period) put(id, fields.resource, fields.quantity, 1);
    for (const [resource, lots] of lost(context, depot, period)) balanceOf(id, resource).lots -= lots;
  }
  for (const line of entries(past, 'shipped')) {
    const { resource, from, to, quantity, delivered = quantity, arrive, arrived = arrive } = line.fields;
    put(from, resource, quantity, -1, line);
    if ((amountOf(arrived) ?? 0) <= period) put(to, resource, delivered, 1);
  }
  for (const { lots, line } of balance.values()) {
    if (!(lots < 0) || !line) continue;
    const { resource, from } = line.fields;
    const missing = unitsOf(context, resource, -lots);
    context.report(
      [...line.path, 'quantity'],
      show(line.fields.quantity),
      wording`makes ${missing} more of ${show(resource)} leave ${show(from)} than there was until period ${period}`,
      wording`take ${missing} off what left, or add what was found there to its stock, its arrivals or what was delivered to it`,
    );
  }
}

/**
 * Lots that a depot has no more in `period`, by resource: lost until then, or later and more than arrives from then on (MODEL.md:
 * the latest arrivals are missing first).
 */
function lost(context: Context, depot: Entry, period: number): Map<unknown, number> {
  const losses = entries(depot, 'losses');
  const found = new Map<unknown, number>();
  for (const resource of new Set(losses.map(({ fields }) => fields.resource))) {
    let [until, later, most] = [0, 0, 0];
    const moves = [
      ...losses.map(({ fields }) => ({ fields, sign: 1 })),
      ...entries(depot, 'arrivals').map(({ fields }) => ({ fields, sign: -1 })),
    ].filter(({ fields }) => fields.resource === resource);
    // of one period arrivals come first
    moves.sort((a, b) => Number(a.fields.period) - Number(b.fields.period) || a.sign - b.sign);
    for (const { fields, sign } of moves) {
      const lots = sign * lotsIn(context, resource, fields.quantity);
      const past = (amountOf(fields.period) ?? 0) <= period;
      if (past && sign > 0) until += lots;
      if (!past) later += lots;
      most = Math.max(most, later);
    }
    found.set(resource, until + most);
  }
  return found;
}

/** Regions with storage hand out what was delivered to them; the others use goods as they come. */
function checkUsed(context: Context, past: Entry, period: number): void {
  const stores = new Set<unknown>();
  for (const { fields } of entries(context.root, 'regions'))
    if ((amountOf(fields.storageTonnes) ?? 0) > 0) stores.add(fields.id);
  const balance: Balance = new Map();
  for (const { fields } of entries(past, 'shipped')) {
    const { resource, to, quantity, delivered = quantity, arrive, arrived = arrive } = fields;
    if (!stores.has(to) || (amountOf(arrived) ?? 0) > period) continue;
    const entry = balance.get(`${to}\0${resource}`) ?? { lots: 0 };
    entry.lots += lotsIn(context, resource, delivered);
    balance.set(`${to}\0${resource}`, entry);
  }
  for (const line of entries(past, 'used')) {
    const { region, resource, quantity } = line.fields;
    checkGoodsOf(context, line, 'quantity');
    const t = amountOf(line.fields.period);
    if (t !== undefined && t >= period)
      context.report(
        [...line.path, 'period'],
        show(t),
        wording`is ${t}, which is not before period ${period}`,
        wording`leave it out: what is handed out from then on is for the plan to say`,
      );
    const id = textOf(line, 'region');
    if (id === undefined) continue;
    if (!stores.has(id)) {
      const known = context.sites.get(id)?.kind === 'region';
      const mend = known
        ? wording`leave it out: without storageTonnes a region uses goods as they come`
        : context.suggest(id, () => stores as Set<string>, wording`a region with storageTonnes`);
      context.report(
        [...line.path, 'region'],
        show(id),
        wording`names ${show(id)}, which is no region with storage`,
        mend,
      );
      continue;
    }
    const entry = balance.get(`${region}\0${resource}`) ?? { lots: 0 };
    entry.lots -= lotsIn(context, resource, quantity);
    balance.set(`${region}\0${resource}`, entry);
    if (!(entry.lots < 0)) continue;
    const missing = unitsOf(context, resource, -entry.lots);
    context.report(
      [...line.path, 'quantity'],
      show(quantity),
      wording`makes ${missing} more of ${show(resource)} used in ${show(id)} than was delivered there until period ${period}`,
      wording`take ${missing} off, or list the delivery under shipped`,
    );
    entry.lots = 0;
  }
}

/** The budget has to hold what has been spent. */
function checkSpent(context: Context, past: Entry, routes: Entry[], find: ReturnType<typeof routeFinder>): void {
  const { budget } = context.root.fields;
  if (!isFields(budget)) return;
  const amount = amountOf(budget.amount);
  if (amount === undefined) return;
  const weights = new Map<unknown, number>();
  for (const { fields } of entries(context.root, 'resources')) weights.set(fields.id, amountOf(fields.weightKg) ?? 0);
  const costs = routes.map(({ fields }) => decimalOf(amountOf(fields.costPerTonne) ?? 0));
  let spent = decimalOf(0);
  for (const { fields } of entries(past, 'shipped')) {
    const cost = costs[find(fields, fields.depart)];
    const [quantity, weight] = [amountOf(fields.quantity), weights.get(fields.resource)];
    if (!cost?.digits || !quantity || !weight) continue;
    const kilograms = times(decimalOf(quantity), decimalOf(weight));
    spent = plus(spent, times({ ...kilograms, exponent: kilograms.exponent - 3 }, cost));
  }
  const left = plus(decimalOf(amount), { ...spent, digits: -spent.digits });
  if (left.digits < 0n)
    context.report(
      ['budget', 'amount'],
      show(amount),
      wording`is ${amount}, and ${decimalText(spent)} has been spent already`,
      wording`write ${decimalText(spent)} or more`,
    );
}

const times = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent });

function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const at = ({ digits, exponent: e }: Decimal) => digits * 10n ** BigInt(e - exponent);
  return { digits: at(a) + at(b), exponent };
}

/** Whole lots; none where that cannot be said, which has been reported. */
function lotsIn({ lots }: Context, resource: unknown, quantity: unknown): number {
  const units = amountOf(quantity);
  const lot = typeof resource === 'string' ? lots.get(resource) : undefined;
  if (units === undefined || lot === undefined) return 0;
  const counted = lot.count(units);
  return Number.isNaN(counted) ? 0 : counted;
}

function unitsOf({ lots }: Context, resource: unknown, count: number): string {
  const lot = decimalOf(lots.get(String(resource))?.size ?? 1);
  return decimalText({ digits: BigInt(count) * lot.digits, exponent: lot.exponent });
}
