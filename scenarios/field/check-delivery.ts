/** A delivery: a shipment on a route there is, and nothing more accounted for than was allocated. */
import { amountOf, textOf } from '../check/view.js';
import { type Fault, fault, show } from '../faults.js';
import { type Decimal, decimalOf, decimalText } from '../lots.js';
import { suggest } from '../nearest.js';
import { wording } from '../wording.js';
import { routeKey } from './known.js';
import type { ReportOf } from './report.js';
import { momentOf, names, type View, wholeLots } from './view.js';

const PARTS = ['shipped', 'held', 'returned'] as const;

export function deliveryRelations(view: View): void {
  const { root, report, known } = view;
  const resource = names(view, 'resource', known.resources, wording`a resource`);
  const from = names(view, 'from', new Map([...known.depots, ...known.hubs]), wording`a depot or hub`);
  const to = names(
    view,
    'to',
    new Map([...known.depots, ...known.hubs, ...known.regions]),
    wording`a depot, hub or region`,
  );
  const mode = textOf(root, 'mode');
  if (from !== undefined && to !== undefined && mode !== undefined && !known.routes.has(routeKey({ from, to, mode }))) {
    const modes = known.scenario.routes.filter((r) => r.from === from && r.to === to).map((r) => r.mode);
    const what = wording`the mode of a route from ${show(from)} to ${show(to)}`;
    if (modes.length > 0)
      report(['mode'], show(mode), wording`is ${show(mode)}, not ${what}`, suggest(mode, modes, what));
    else
      report(
        ['to'],
        show(to),
        wording`is where no route from ${show(from)} leads`,
        wording`copy the line from the plan`,
      );
  }
  for (const field of [...PARTS, 'delivered']) wholeLots(view, field, resource);
  const depart = momentOf(view, 'depart');
  const came = amountOf(root.fields.arrived);
  // after the last period: too late for the plan, and true all the same
  const arrived = came !== undefined && came >= known.scenario.periods.count ? came : momentOf(view, 'arrived');
  if (depart !== undefined && arrived !== undefined && arrived < depart)
    report(
      ['arrived'],
      show(root.fields.arrived),
      wording`is period ${arrived}, before the departure in period ${depart}`,
      wording`name period ${depart} or a later one`,
    );
  const [shipped, delivered] = [amountOf(root.fields.shipped), amountOf(root.fields.delivered)];
  if (shipped !== undefined && delivered !== undefined && delivered > shipped)
    report(
      ['delivered'],
      show(delivered),
      wording`is ${delivered}, more than the ${shipped} that were shipped`,
      wording`write at most ${shipped}`,
    );
}

/** Units that the report accounts for, which are those that the plan allocated: shipped + held + returned, exactly. */
export function allocatedOf(delivery: Pick<ReportOf<'delivery'>, (typeof PARTS)[number]>): number {
  return Number(decimalText(PARTS.map((part) => decimalOf(delivery[part])).reduce(plus)));
}

/** Faults of a delivery beside the shipment in the plan: `allocated` units of this line; undefined where it has no such line. */
export function allocationFaults(delivery: ReportOf<'delivery'>, allocated: number | undefined): Fault[] {
  const { resource, from, to, mode, depart } = delivery;
  if (allocated === undefined) {
    const line = wording`${show(resource)} from ${show(from)} to ${show(to)} by ${show(mode)} in period ${depart}`;
    return [
      fault(
        ['depart'],
        show(depart),
        wording`names no shipment of the plan: ${line}`,
        wording`copy the line from the plan`,
      ),
    ];
  }
  const sum = allocatedOf(delivery);
  if (sum === allocated) return [];
  const what = wording`is part of ${sum}, and the plan allocated ${allocated}`;
  return [fault(['shipped'], show(delivery.shipped), what, wording`let shipped + held + returned be ${allocated}`)];
}

function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const at = ({ digits, exponent: e }: Decimal) => digits * 10n ** BigInt(e - exponent);
  return { digits: at(a) + at(b), exponent };
}
