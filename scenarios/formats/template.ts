/** The empty workbook: headings, units, drop-down lists, one filled example row in each sheet, and a sheet of notes. */
import { csvLine } from './csv-write.js';
import { type Column, LAYOUTS, type Layout, MODES, SCENARIO_FIELDS, type SheetName } from './layout.js';
import { headingOf } from './tables.js';
import { writeXlsx, type XlsxCell, type XlsxList, type XlsxSheet } from './xlsx-write.js';

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

const layouts = (): Layout[] =>
  LAYOUTS.filter((l) => SHEETS.includes(l.name)).map((l) => ({ ...l, columns: l.columns.filter((c) => !c.unwritten) }));
const fields = (): Column[] => SCENARIO_FIELDS.filter((f) => f.example !== undefined || f.key === 'source');

/** The template as an XLSX workbook in pieces. */
export const templateWorkbook = (): Iterable<Uint8Array> => writeXlsx([notes(), ...layouts().map(sheet)]);

/** The same as CSV files, by name. */
export function templateCsv(): Map<string, string> {
  const files = new Map(
    layouts().map((l) => [
      `${l.name}.csv`,
      `\uFEFF${rowsOf(l)
        .map((row) => csvLine(row.map((c) => (c instanceof Date ? c.toISOString().slice(0, 10) : c))))
        .join('')}`,
    ]),
  );
  files.set(
    'Notes.txt',
    `${notesRows()
      .map((row) => row.filter((c) => c !== null).join('\t'))
      .join('\n')}\n`,
  );
  return files;
}

function rowsOf(layout: Layout): XlsxCell[][] {
  const headings = layout.columns.map(headingOf);
  if (layout.name === 'Scenario')
    return [
      headings,
      ...fields().map((f): XlsxCell[] => [
        f.heading,
        f.example === undefined || f.example === '' ? null : f.example,
        f.note,
      ]),
    ];
  return [headings, layout.columns.map((c) => c.example ?? null)];
}

function sheet(layout: Layout): XlsxSheet {
  return {
    name: layout.name,
    columns: layout.columns.map((c) => ({
      width: c.key === 'value' || c.key === 'note' ? 48 : Math.max(14, headingOf(c).length + 3),
      ...(c.kind === 'id' ? { format: '@' } : {}),
    })),
    rows: rowsOf(layout),
    lists: layout.columns.flatMap((c, column) => listOf(c, column)),
  };
}

function listOf(c: Column, column: number): XlsxList[] {
  const rows = { column, from: 1, to: DOWN };
  if (c.choices) return [{ ...rows, values: c.choices }];
  // a mode that is not in the list may be typed, and so may an id that is not written in its sheet yet
  if (c.key === 'mode') return [{ ...rows, values: MODES, strict: false }];
  const [of] = c.of ?? [];
  return c.of?.length === 1 && of !== undefined ? [{ ...rows, values: `${of}!$A$2:$A$${DOWN}`, strict: false }] : [];
}

const GUIDE: readonly string[] = [
  'Fill the sheets from left to right; each sheet says in its headings what is wanted, and below what each column means.',
  'The second row of each sheet is an example: overwrite it. Rows that have "example-…" in a cell are not read.',
  'Write numbers alone, without their unit; a point or your own decimal sign as your spreadsheet shows numbers, never as text.',
  'Do not merge cells, and paste values rather than formulas: a formula is not read.',
  'Periods are counted from 0: with days, 0 is the first day. A date stands for its period where "First day" is filled in.',
  'A column that you need for yourself is headed "Note: …".',
  'Sheets that you do not need may stay empty or be deleted: Arrivals, Hubs, Fleets, Budget, Policy, Stock.',
  'Then: evenhand inspect FILE.xlsx says all that is wrong, by cell; evenhand allocate FILE.xlsx makes the plan.',
];

function notesRows(): (string | null)[][] {
  const about = layouts().flatMap((l) => [
    [null, null, null],
    [l.name, null, l.about],
    ...(l.name === 'Scenario' ? fields() : l.columns).map((c) => [
      l.name,
      headingOf(c),
      `${c.required ? 'must be there: ' : ''}${c.note}`,
    ]),
  ]);
  return [...GUIDE.map((line) => [line, null, null]), ...about];
}

const notes = (): XlsxSheet => ({
  name: 'Notes',
  columns: [{ width: 16 }, { width: 24 }, { width: 100 }],
  rows: notesRows(),
  heads: 0,
});
