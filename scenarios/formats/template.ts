/** The empty workbook: headings, units, drop-down lists, one filled example row in each sheet, and a sheet of notes. */
import { english } from '../wording.js';
import { csvLine } from './csv-write.js';
import { asForm, fields, layouts, notesRows, type StandardItem } from './form.js';
import type { Layout } from './layout.js';
import { headingOf } from './tables.js';
import { writeXlsx, type XlsxCell, type XlsxSheet } from './xlsx-write.js';

/** The template as an XLSX workbook in pieces. `items` are listed in the notes and offered in the column Standard. */
export function templateWorkbook(items: readonly StandardItem[] = []): Iterable<Uint8Array> {
  return writeXlsx(
    asForm(
      layouts().map((layout) => ({ sheet: sheet(layout), columns: layout.columns })),
      items,
    ),
  );
}

/** The same as CSV files, by name. */
export function templateCsv(items: readonly StandardItem[] = []): Map<string, string> {
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
    `${notesRows(items)
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
        english(f.note),
      ]),
    ];
  // what is overwritten in part must not leave a figure behind that nobody meant: those stand in the notes
  return [headings, layout.columns.map((c) => ((c.required || c.shown) && c.example !== undefined ? c.example : null))];
}

function sheet(layout: Layout): XlsxSheet {
  return {
    name: layout.name,
    columns: layout.columns.map((c) => ({
      width: c.key === 'value' || c.key === 'note' ? 48 : Math.max(14, headingOf(c).length + 3),
    })),
    rows: rowsOf(layout),
  };
}
