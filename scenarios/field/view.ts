/** What the checks of all kinds of report share: a look at a value that may be misshapen, names and periods. */
import { amountOf, type Entry, textOf } from '../check/view.js';
import { type Path, type Report, show } from '../faults.js';
import { countLots } from '../lots.js';
import { suggest } from '../nearest.js';
import { orElse, type Text, wording } from '../wording.js';
import { periodOf } from './calendar.js';
import type { Known } from './known.js';

export interface View {
  known: Known;
  root: Entry;
  report: Report;
}

/** Whether a text field names something known; a fault with what was probably meant where it does not. */
export function names(
  { root, report }: View,
  field: string,
  known: ReadonlyMap<string, unknown>,
  what: Text,
): string | undefined {
  const id = textOf(root, field);
  if (id === undefined || known.has(id)) return id;
  report([field], show(id), wording`names ${show(id)}, which is not ${what}`, suggest(id, known.keys(), what));
  return undefined;
}

/** Names nothing and says nowhere: then nobody can find the place. */
export function placed({ root, report }: View, fields: readonly string[]): void {
  if (root.fields.at !== undefined || fields.some((field) => root.fields[field] !== undefined)) return;
  report(
    [],
    wording`nothing`,
    wording`names no place`,
    wording`state ${orElse(fields)}, or "at" with longitude and latitude`,
  );
}

/** `end`: the field is `until`, which may be absent. */
function mendOf({ count, start, length = 'P1D' }: Known['scenario']['periods'], end: boolean): Text {
  const last = count - 1;
  const counted =
    start === undefined
      ? wording`periods are counted from 0 to ${last}`
      : wording`periods are counted from 0 to ${last}, and the first of ${length} starts on ${start}`;
  return end ? wording`${counted}; leave out until where it holds to the end` : counted;
}

/** The period that a field names by number or by date; undefined with a fault where there is none, or where the field is absent. */
export function momentOf(view: View, field: string, end = false): number | undefined {
  const { root, report, known } = view;
  const { periods } = known.scenario;
  const value = root.fields[field];
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) {
    if (periods.start === undefined) {
      report(
        [field],
        show(value),
        wording`is ${show(value)}, and the scenario has no start date`,
        mendOf(periods, false),
      );
      return undefined;
    }
    const period = periodOf(periods, value, end);
    if (period === undefined)
      report([field], show(value), wording`is ${show(value)}, outside the horizon`, mendOf(periods, end));
    return period;
  }
  const period = amountOf(value);
  if (period === undefined || period <= periods.count - (end ? 0 : 1)) return period;
  report([field], show(period), wording`is ${period}, after the last period`, mendOf(periods, end));
  return undefined;
}

/** `from` and `until` in their order. */
export function span(view: View): void {
  const from = momentOf(view, 'from');
  const until = momentOf(view, 'until', true);
  if (from === undefined || until === undefined || from < until) return;
  const value = view.root.fields.until;
  const what = wording`is ${show(value)}, which is not after from (period ${from})`;
  view.report(['until'], show(value), what, wording`name the first period in which it no longer holds`);
}

/** A quantity, of either sign, as whole lots of a resource; a fault where it is none. */
export function wholeLots({ known, report, root }: View, field: string, resource: string | undefined): void {
  const value = root.fields[field];
  if (resource === undefined || typeof value !== 'number' || !Number.isFinite(value)) return;
  const { lot = 1 } = known.resources.get(resource) ?? {};
  const counted = countLots(Math.abs(value), lot);
  const path: Path = [field];
  const signed = (text: string) => (value < 0 && text !== '0' ? `-${text}` : text);
  if (counted.kind === 'broken')
    report(
      path,
      show(value),
      wording`is ${value}, not a whole number of lots of ${lot}`,
      wording`write ${signed(counted.below)} or ${signed(counted.above)}`,
    );
  else if (counted.kind === 'too many')
    report(
      path,
      show(value),
      wording`is ${value}, more than 2^53 - 1 lots of ${lot}`,
      wording`write at most ${counted.most}`,
    );
}
