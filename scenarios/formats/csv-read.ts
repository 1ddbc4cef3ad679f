/** A CSV file (RFC 4180) as a grid: comma, semicolon or tab, as the heading row has it. */
import { wording } from '../wording.js';
import { eachRecord } from './csv-records.js';
import type { Cell, Grid, Row } from './grid.js';
import { FormatError, newBudget, spendRow, spendText } from './limits.js';
import { keeper } from './texts.js';

/** Reads a table, `budget` being what all tables of a file share. Throws FormatError with line where quotes do not match, where it is not UTF-8, or over a limit. */
export function readCsv(name: string, bytes: Uint8Array, budget = newBudget()): Grid {
  const text = textOf(name, bytes);
  const rows: Row[] = [];
  const once = keeper();
  eachRecord(name, text, delimiterOf(text), (record, number) => {
    let width = record.length;
    while (width > 0 && record[width - 1] === '') width--;
    if (width === 0) return;
    spendRow(budget, width, name);
    const cells: (Cell | undefined)[] = [];
    for (let c = 0; c < width; c++) {
      const cell = record[c]!;
      cells.push(cell === '' ? undefined : once(spendText(budget, plain(cell), name)));
    }
    rows.push({ number, hidden: false, cells: cells.slice() }); // one that grew has room for seventeen
  });
  return { name, rows, merged: [], texts: true };
}

/** What was written with an apostrophe, so that a spreadsheet does not take it for a formula, loses it again. */
const GUARDED = /^'+[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;
const plain = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell);

function textOf(name: string, bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw new FormatError(wording`${name} is an old or encrypted workbook: save it as .xlsx without a password.`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!utf16 && !text.includes('\0')) return text;
  } catch {
    // said below
  }
  throw new FormatError(wording`${name} is not UTF-8: save it as "CSV UTF-8 (comma delimited)".`);
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
export function recordsOf(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  eachRecord('The file', text.replace(/^\uFEFF/, ''), delimiter, (cells, number) => {
    while (records.length < number - 1) records.push(['']);
    records.push(cells);
  });
  return records;
}
