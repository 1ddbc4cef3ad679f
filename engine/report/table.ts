/** A table of a plan: columns with a heading, an HXL 1.1 tag and a number format, and rows made one at a time. */
import { csvLine, type XlsxSheet } from '../../scenarios/index.js';

/** A Date is a moment in UTC; null is an empty cell. */
export type Value = string | number | Date | null;

export interface Column {
  title: string;
  /** HXL hashtag and attributes (hxlstandard.org, 1.1). */
  tag: string;
  /** In characters. */
  width: number;
  /** Number format of a spreadsheet. */
  format?: string;
}

export interface Table {
  /** Of the sheet, at most 31 characters. */
  name: string;
  columns: readonly Column[];
  rows: () => Iterable<readonly Value[]>;
}

/** Characters that a piece has at least, the last one aside: a stream of single rows would spend its time on the pieces. */
const PIECE = 1 << 15;

/** RFC 4180 with a row of headings and the row of HXL tags below it. Dates are ISO 8601. */
export function* tableCsv({ columns, rows }: Table): Generator<string> {
  let piece = csvLine(columns.map((c) => c.title)) + csvLine(columns.map((c) => c.tag));
  for (const row of rows()) {
    piece += csvLine(row.map((value) => (value instanceof Date ? isoText(value) : value)));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** The same as a sheet of a workbook. */
export function tableSheet({ name, columns, rows }: Table): XlsxSheet {
  function* all(): Generator<readonly Value[]> {
    yield columns.map((c) => c.title);
    yield columns.map((c) => c.tag);
    yield* rows();
  }
  return { name, heads: 2, columns, rows: all() };
}

/** A day where the moment is its beginning, else day and time. */
export function isoText(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

/** Products and differences of decimals without the digits that doubles add: 0.0027 and not 0.0026999999999999247. */
export const tidy = (x: number): number => Number(x.toPrecision(12));
