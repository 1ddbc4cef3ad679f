/**
 * Cells and lines of CSV as RFC 4180 has it: CRLF after each line, texts with commas, quotes or line breaks in quotes.
 *
 * A spreadsheet takes a text that begins with = + - @, a tab or a line break for a formula (OWASP, "CSV injection").
 * Such texts get an apostrophe in front, and so do those that would read like one that has it; a reader who takes one
 * apostrophe away before those characters has every text back. Numbers are written as numbers, with their minus.
 */

/** Full-width forms of the four count as well: some spreadsheets read them so. */
const FORMULA = /^'*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;
const QUOTED = /[",;\r\n\t]/;

/** Whether a spreadsheet may take the text for a formula, or for one that has been made safe. */
export const isFormulaLike = (text: string): boolean => FORMULA.test(text);

/** One cell; null is an empty one. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
