/**
 * Goods that were not there cannot have left: where stock was lost, or less came than was planned, lines that nobody has reported on
 * are cut back, the latest departure first. Where reports alone say that more left than there was, somebody has to say more.
 */
import { lotsOf, type Scenario, unitsOf } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import type { History } from './history.js';
import { type Assumed, keyOf, type ShippedLine } from './types.js';

/** Lots that came to a site, less those that were lost there, and lots that left it, by period. */
interface Account {
  came: Float64Array;
  left: Float64Array;
}

/** Cuts `history.lines` in place; what was cut is returned, what cannot be is among `history.faults`. */
export function balanceGoods(scenario: Scenario, period: number, history: History): Assumed[] {
  const lot = new Map(scenario.resources.map((r) => [r.id, r.lot ?? 1]));
  const lots = (quantity: number, resource: string): number => {
    const count = lotsOf(quantity, lot.get(resource));
    if (Number.isNaN(count)) throw new RangeError(`${quantity} of ${resource} is not a whole number of lots`);
    return count;
  };
  const senders = new Set([...scenario.depots, ...(scenario.hubs ?? [])].map((s) => s.id));
  const assumed = new Map<string, Assumed>();
  const stuck = new Set<string>();
  // every pass either cuts a line or ends: what is cut at one place may be missing at the next
  for (;;) {
    const accounts = openAccounts(scenario, period, history, senders, lots);
    const short = [...accounts].flatMap(([key, account]) => {
      const t = firstShort(account);
      return t < 0 || stuck.has(key) ? [] : [{ key, t, by: total(account.left, t) - total(account.came, t) }];
    });
    // the earliest first, as later ones may follow from it
    const first = short.sort((a, b) => a.t - b.t)[0];
    if (!first) return [...assumed.values()];
    const rest = cut(first, history, assumed, lots, (n, resource) => unitsOf(n, lot.get(resource)));
    if (rest > 0) {
      stuck.add(first.key);
      const [site, resource] = JSON.parse(first.key) as [string, string]; // as `openAccounts` wrote it
      history.faults.push(
        wording`${unitsOf(rest, lot.get(resource))} of ${resource} more are reported to have left ${site} up to period ${first.t} than had come there: report the stock that was found, or correct a delivery`,
      );
    }
  }
}

function openAccounts(
  { depots }: Scenario,
  period: number,
  { lines }: History,
  senders: ReadonlySet<string>,
  lots: (quantity: number, resource: string) => number,
): Map<string, Account> {
  const accounts = new Map<string, Account>();
  const at = (site: string, resource: string): Account => {
    const key = JSON.stringify([site, resource]);
    const account = accounts.get(key) ?? { came: new Float64Array(period + 1), left: new Float64Array(period + 1) };
    accounts.set(key, account);
    return account;
  };
  for (const line of lines.values()) {
    at(line.from, line.resource).left[line.depart]! += lots(line.quantity, line.resource);
    const arrived = line.arrived ?? line.arrive;
    if (arrived <= period && senders.has(line.to))
      at(line.to, line.resource).came[arrived]! += lots(line.delivered ?? line.quantity, line.resource);
  }
  // what is lost in the first period to be decided was still there when the last consignments left
  for (const depot of depots) {
    for (const [resource, quantity] of Object.entries(depot.stock ?? {}))
      at(depot.id, resource).came[0]! += lots(quantity, resource);
    for (const { period: t, resource, quantity } of depot.arrivals ?? [])
      if (t <= period) at(depot.id, resource).came[t]! += lots(quantity, resource);
    for (const { period: t, resource, quantity } of depot.losses ?? [])
      if (t <= period) at(depot.id, resource).came[t]! -= lots(quantity, resource);
  }
  return accounts;
}

/** First period at whose end more has left than had come, or −1. */
function firstShort({ came, left }: Account): number {
  let kept = 0;
  for (let t = 0; t < came.length; t++) {
    kept += came[t]! - left[t]!;
    if (kept < 0) return t;
  }
  return -1;
}

function total(list: Float64Array, last: number): number {
  let sum = 0;
  for (let t = 0; t <= last; t++) sum += list[t]!;
  return sum;
}

/** Takes lots from unreported lines that left the place up to the period; returns those for which there was none. */
function cut(
  { key, t, by }: { key: string; t: number; by: number },
  history: History,
  assumed: Map<string, Assumed>,
  lots: (quantity: number, resource: string) => number,
  units: (lots: number, resource: string) => number,
): number {
  const from = ({ from, resource }: ShippedLine) => JSON.stringify([from, resource]);
  const free = [...history.lines.values()].filter(
    (line) => line.depart <= t && from(line) === key && !history.reported.has(keyOf(line)),
  );
  let rest = by;
  for (const line of free.reverse().sort((a, b) => b.depart - a.depart)) {
    if (rest <= 0) break;
    const had = lots(line.quantity, line.resource);
    const left = Math.max(0, had - rest);
    rest -= had - left;
    const id = keyOf(line);
    const quantity = units(left, line.resource);
    const { resource, to, mode, depart } = line;
    const planned = assumed.get(id)?.planned ?? line.quantity;
    assumed.set(id, { resource, from: line.from, to, mode, depart, planned, left: quantity });
    if (left === 0) history.lines.delete(id);
    else history.lines.set(id, { ...line, quantity });
  }
  return rest;
}
