/** A CSV file (RFC 4180) as a grid: comma, semicolon or tab, as the heading row has it. */
import { CsvError, parse } from 'csv-parse/sync';
import type { Grid, Row } from './grid.js';
import { FormatError, inThousands, LIMITS, newBudget } from './limits.js';

/** Reads a table, `budget` being what all tables of a file share. Throws FormatError with line where quotes do not match, where it is not UTF-8, or over a limit. */
export function readCsv(name: string, bytes: Uint8Array, budget = newBudget()): Grid {
  if (bytes.length > LIMITS.fileBytes)
    throw new FormatError(
      `${name} has ${inThousands(bytes.length)} bytes; at most ${inThousands(LIMITS.fileBytes)} are read.`,
    );
  const text = textOf(name, bytes);
  const rows: Row[] = [];
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      max_record_size: 16 * LIMITS.cell * 64,
      on_record(record: string[], { records }) {
        if (budget.rows >= LIMITS.rows)
          throw new FormatError(
            `${name} has over ${inThousands(LIMITS.rows)} rows: a scenario has no use for so many.`,
          );
        const found = record.map((cell) => (cell === '' ? undefined : plain(cell)));
        while (found.length > 0 && found.at(-1) === undefined) found.pop();
        if (found.length === 0) return null;
        budget.cells += found.length;
        budget.rows++;
        if (budget.cells > LIMITS.cells || found.length > LIMITS.columns)
          throw new FormatError(
            `${name} has over ${inThousands(LIMITS.cells)} cells or ${inThousands(LIMITS.columns)} columns: split it.`,
          );
        rows.push({ number: records, hidden: false, cells: found });
        return null;
      },
    });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = error.lines;
    throw new FormatError(`${name} breaks in line ${line}: ${WHY[error.code] ?? error.message}.`);
  }
  return { name, rows, merged: [], texts: true };
}

const WHY: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed; write "" for a quote within quotes',
  INVALID_OPENING_QUOTE:
    'a quote stands within a text that does not begin with one; put the whole text in quotes, with "" for each quote',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote; write "" for a quote within quotes',
  CSV_MAX_RECORD_SIZE: 'a row is too long; a quote may not be closed',
};

/** What was written with an apostrophe, so that a spreadsheet does not take it for a formula, loses it again. */
const GUARDED = /^'+[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;
const plain = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell);

function textOf(name: string, bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw new FormatError(`${name} is an old or encrypted workbook: save it as .xlsx without a password.`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!utf16 && !text.includes('\0')) return text;
  } catch {
    // said below
  }
  throw new FormatError(`${name} is not UTF-8: save it as "CSV UTF-8 (comma delimited)".`);
}

/** The one of comma, semicolon and tab that comes most often outside of quotes in the first lines. */
export function delimiterOf(text: string): string {
  const first = text
    .slice(0, 10_000)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .slice(0, 3)
    .join('\n');
  const times = (d: string) => first.split(d).length;
  return [',', ';', '\t'].reduce((best, d) => (times(d) > times(best) ? d : best));
}

/** All records as they stand, empty ones included, of a text that `readCsv` has read. */
export const recordsOf = (text: string, delimiter: string): string[][] =>
  parse(text.replace(/^\uFEFF/, ''), { delimiter, relax_column_count: true });
