/** What makes a form of a workbook, for whoever fills it: a sheet of notes on every column, and drop-down lists. */
import { english } from '../wording.js';
import { type Column, LAYOUTS, type Layout, MODES, SCENARIO_FIELDS, type SheetName } from './layout.js';
import { headingOf } from './tables.js';
import type { XlsxList, XlsxSheet } from './xlsx-write.js';

/** An item of the standards as the template names it: what a resource can be said to be. */
export interface StandardItem {
  item: string;
  name: string;
  unit: string;
}

/** What a new scenario has no use for is left out: the past, and figures that come from the field. */
const SHEETS: readonly SheetName[] = [
  'Scenario',
  'Resources',
  'Depots',
  'Stock',
  'Arrivals',
  'Hubs',
  'Regions',
  'Demand',
  'Routes',
  'Fleets',
  'Budget',
  'Policy',
];
/** Rows that drop-down lists reach down to. */
const DOWN = 5000;

export const layouts = (): Layout[] =>
  LAYOUTS.filter((l) => SHEETS.includes(l.name)).map((l) => ({ ...l, columns: l.columns.filter((c) => !c.unwritten) }));
export const fields = (): Column[] => SCENARIO_FIELDS.filter((f) => f.example !== undefined || f.key === 'source');

/** The notes first, then the sheets with their lists. `items` are listed in the notes and offered in the column Standard. */
export function asForm(
  sheets: readonly { sheet: XlsxSheet; columns: readonly (Column | undefined)[] }[],
  items: readonly StandardItem[],
): XlsxSheet[] {
  const rows = notesRows(items);
  const first = rows.findIndex(([sheet]) => sheet === ITEMS) + 1;
  const offered = first === 0 ? undefined : `Notes!$B$${first}:$B$${first + items.length - 1}`;
  const filled = sheets.map(({ sheet, columns }) => ({
    ...sheet,
    columns: columns.map((c, i) => ({ ...sheet.columns?.[i], ...(c?.kind === 'id' ? { format: '@' } : {}) })),
    lists: columns.flatMap((c, column) => (c === undefined ? [] : listOf(c, column, offered))),
  }));
  return [notes(rows), ...filled];
}

function listOf(c: Column, column: number, offered: string | undefined): XlsxList[] {
  const rows = { column, from: 1, to: DOWN };
  if (c.choices) return [{ ...rows, values: c.choices }];
  // a mode that is not in the list may be typed, and so may an id that is not written in its sheet yet
  if (c.key === 'mode') return [{ ...rows, values: MODES, strict: false }];
  // a table of standards of one's own has other items
  if (c.key === 'standard') return offered === undefined ? [] : [{ ...rows, values: offered, strict: false }];
  const [of] = c.of ?? [];
  return c.of?.length === 1 && of !== undefined ? [{ ...rows, values: `${of}!$A$2:$A$${DOWN}`, strict: false }] : [];
}

const GUIDE: readonly string[] = [
  'Fill in Scenario, Resources, Depots, Stock and Regions, with people and places; below it says what each column means.',
  'Then, in a terminal: evenhand inspect FILE.xlsx says all that is wrong, by cell, and what is still to be done.',
  "Demand and Routes may stay as they are: 'evenhand needs FILE.xlsx --out FULL.xlsx' counts what the people need (Resources, column Standard),",
  "and 'evenhand routes FULL.xlsx --out FULL.xlsx' proposes routes from the coordinates; open FULL.xlsx and change what you know better.",
  'evenhand allocate FULL.xlsx makes the plan.',
  'The second row of each sheet is an example of what has to be there: overwrite it; examples of all else are below. Rows that have "example-…" in a cell are not read.',
  'Write numbers alone, without their unit and without commas in thousands: 12000, not 12,000 or 12 t. Stock is in the unit that Resources states.',
  'Longitude is east (Malawi 35), Latitude north (Malawi -16): west and south are negative. Maps mostly give latitude first.',
  'No rows of totals: each row of Regions is a region of its own. A depot and a region in one town have two ids.',
  'Do not merge cells, and paste values rather than formulas: a formula is not read.',
  'Periods are counted from 0: with days, 0 is the first day. A date stands for its period where "First day" is filled in.',
  'A column that you need for yourself is headed "Note: …".',
  'Sheets that you do not need may stay empty or be deleted: Arrivals, Hubs, Fleets, Budget, Policy.',
];

const ITEMS = 'Standard';

/** Of an optional column, whose cell in the example row is empty. */
const exampleOf = ({ name }: Layout, { example, required, shown }: Column): string =>
  name === 'Scenario' || required || shown || example === undefined ? '' : `; for example ${example}`;

export function notesRows(items: readonly StandardItem[]): (string | null)[][] {
  const about = layouts().flatMap((l) => [
    [null, null, null],
    [l.name, null, english(l.about)],
    ...(l.name === 'Scenario' ? fields() : l.columns).map((c) => [
      l.name,
      headingOf(c),
      `${c.required ? 'must be there: ' : ''}${english(c.note)}${exampleOf(l, c)}`,
    ]),
  ]);
  const offered = items.map(({ item, name: called, unit }) => [ITEMS, item, `${called}, counted in ${unit}`]);
  const standards =
    items.length === 0
      ? []
      : [[null, null, null], ['Standards', null, 'what the column Standard of Resources may say'], ...offered];
  return [...GUIDE.map((line) => [line, null, null]), ...about, ...standards];
}

const notes = (rows: (string | null)[][]): XlsxSheet => ({
  name: 'Notes',
  columns: [{ width: 16 }, { width: 24 }, { width: 100 }],
  rows,
  heads: 0,
});
