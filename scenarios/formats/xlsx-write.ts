/**
 * Workbooks (XLSX: ECMA-376, SpreadsheetML in a zip archive) in pieces, so that a table of a million rows takes no more memory than
 * the row at hand. Texts stand in their cells (`inlineStr`), never in a formula; those that a spreadsheet might take for one when
 * somebody edits the cell are marked as texts (`quotePrefix`, format `@`). The same sheets give the same bytes.
 */
import { isFormulaLike } from './csv-write.js';
import { writeZip, type ZipFile } from './zip-write.js';

/** A Date is a day (or a moment) in UTC; null is an empty cell. */
export type XlsxCell = string | number | Date | null;

export interface XlsxColumn {
  /** In characters. */
  width?: number;
  /** Number format code, such as `#,##0.00` or `0.0 %`. */
  format?: string;
}

/** A drop-down list on cells of one column. */
export interface XlsxList {
  /** Column from 0, rows from 0 up to and including `to`. */
  column: number;
  from: number;
  to: number;
  /** The values, or the cells where they stand: `Resources!$A$3:$A$200`. */
  values: readonly string[] | string;
  /** Other values are refused (default), or only warned of. */
  strict?: boolean;
}

export interface XlsxSheet {
  /** At most 31 characters, none of : \ / ? * [ ]. */
  name: string;
  columns?: readonly XlsxColumn[];
  /** Rows on top that are headings and stay in view; default 1. */
  heads?: number;
  rows: Iterable<readonly XlsxCell[]>;
  lists?: readonly XlsxList[];
}

/** Rows that a sheet has at most. What is more goes on in a sheet of its own, under the same headings. */
export const MOST_ROWS = 1_048_576;
const MOST_TEXT = 32_767;

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The workbook piece by piece. Throws a RangeError, with sheet and cell, for what a workbook cannot hold. */
export function* writeXlsx(sheets: Iterable<XlsxSheet>, mostRows = MOST_ROWS): Generator<Uint8Array> {
  yield* writeZip(parts(sheets, mostRows));
}

/** The parts that list the sheets and styles come last, as only then it is known which there are. */
function* parts(sheets: Iterable<XlsxSheet>, mostRows: number): Generator<ZipFile> {
  const styles = new Styles();
  const names: string[] = [];
  for (const sheet of sheets) {
    const rows = sheet.rows[Symbol.iterator]();
    const heads: (readonly XlsxCell[])[] = [];
    for (let n = 0; n < (sheet.heads ?? 1); n++) {
      const head = rows.next();
      if (!head.done) heads.push(head.value);
    }
    let next = rows.next();
    let part = 1;
    do {
      const name = part === 1 ? sheet.name : `${sheet.name.slice(0, 31 - 5)} (${part})`;
      if (!/^[^:\\/?*[\]]{1,31}$/.test(name) || names.some((n) => n.toLowerCase() === name.toLowerCase()))
        throw new RangeError(`'${name}': a sheet's name is unique and has 1 to 31 characters, none of : \\ / ? * [ ]`);
      names.push(name);
      function* some(): Generator<readonly XlsxCell[]> {
        yield* heads;
        for (let n = heads.length; n < mostRows && !next.done; n++) {
          yield next.value;
          next = rows.next();
        }
      }
      yield {
        name: `xl/worksheets/sheet${names.length}.xml`,
        pieces: sheetXml({ ...sheet, name, heads: heads.length, rows: some() }, styles),
      };
      part++;
    } while (!next.done);
  }
  if (names.length === 0) throw new RangeError('a workbook has at least one sheet');
  const each = (of: (n: number, name: string) => string) => names.map((name, i) => of(i + 1, name)).join('');
  yield { name: 'xl/styles.xml', pieces: [styles.xml()] };
  yield {
    name: 'xl/workbook.xml',
    pieces: [
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>`,
      each((n, name) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`),
      '</sheets></workbook>',
    ],
  };
  yield {
    name: 'xl/_rels/workbook.xml.rels',
    pieces: [
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">`,
      each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`),
      `<Relationship Id="rId0" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
  };
  yield {
    name: '_rels/.rels',
    pieces: [
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">`,
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
  };
  const type = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  yield {
    name: '[Content_Types].xml',
    pieces: [
      `${HEAD}<Types xmlns="${PACKAGE}/content-types">`,
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
      '<Default Extension="xml" ContentType="application/xml"/>',
      type('workbook', 'sheet.main'),
      type('styles', 'styles'),
      each((n) => type(`worksheets/sheet${n}`, 'worksheet')),
      '</Types>',
    ],
  };
}

function* sheetXml({ name, columns = [], heads = 1, rows, lists = [] }: XlsxSheet, styles: Styles): Generator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}">`;
  if (heads > 0)
    yield `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${heads}" topLeftCell="A${heads + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
  const widths = columns.flatMap(({ width }, c) =>
    width === undefined ? [] : [`<col min="${c + 1}" max="${c + 1}" width="${width}" customWidth="1"/>`],
  );
  if (widths.length > 0) yield `<cols>${widths.join('')}</cols>`;
  yield '<sheetData>';
  const letters: string[] = [];
  let r = 0;
  for (const row of rows) {
    r++;
    let line = `<row r="${r}">`;
    for (let c = 0; c < row.length; c++) {
      const value = row[c]!;
      if (value === null) continue;
      letters[c] ??= columnLetters(c);
      const place = `${letters[c]}${r}`;
      try {
        line += cell(place, value, r <= heads ? (r === 1 ? 'head' : 'tag') : (columns[c]?.format ?? ''), styles);
      } catch (error) {
        throw error instanceof RangeError ? new RangeError(`sheet '${name}', ${place}: ${error.message}`) : error;
      }
    }
    yield `${line}</row>`;
  }
  yield '</sheetData>';
  if (lists.length > 0)
    yield `<dataValidations count="${lists.length}">${lists.map(validation).join('')}</dataValidations>`;
  yield '</worksheet>';
}

function cell(place: string, value: string | number | Date, format: string, styles: Styles): string {
  const plain = format !== 'head' && format !== 'tag';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no number of a workbook`);
    return `<c r="${place}"${styles.attribute(format)}><v>${value}</v></c>`;
  }
  if (value instanceof Date) {
    const serial = serialOf(value);
    const code = format === '' ? (Number.isInteger(serial) ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm') : format;
    return `<c r="${place}"${styles.attribute(code)}><v>${serial}</v></c>`;
  }
  if (value === '') return '';
  if (value.length > MOST_TEXT) throw new RangeError(`a text of ${value.length} characters; a cell holds ${MOST_TEXT}`);
  const style = plain ? (isFormulaLike(value) ? 'quoted' : '') : format;
  // spaces at the ends, and line breaks, are kept where they are asked for
  const space = /^\s|\s$|\n/.test(value) ? ' xml:space="preserve"' : '';
  return `<c r="${place}"${styles.attribute(style)} t="inlineStr"><is><t${space}>${escaped(value)}</t></is></c>`;
}

const DAY = 86_400_000;
/** Days from 30 December 1899, as spreadsheets count from 1 March 1900 on; what is earlier they do not agree on. */
function serialOf(date: Date): number {
  const serial = date.getTime() / DAY + 25_569;
  if (!(serial >= 61)) throw new RangeError('a date before March 1900');
  return serial;
}

function validation({ column, from, to, values, strict = true }: XlsxList): string {
  const letter = columnLetters(column);
  const source = typeof values === 'string' ? values : `"${values.join(',').replaceAll('"', '""')}"`;
  // the format's own limit of such a list; longer ones stand in cells
  if (source.length > 257 || (typeof values !== 'string' && values.some((v) => v.includes(','))))
    throw new RangeError(
      'a list of choices holds 255 characters, and no commas inside of a value: name cells in its place',
    );
  return (
    `<dataValidation type="list" allowBlank="1" showErrorMessage="1"${strict ? '' : ' errorStyle="warning"'} ` +
    `sqref="${letter}${from + 1}:${letter}${to + 1}"><formula1>${escaped(source)}</formula1></dataValidation>`
  );
}

/** A, B, …, Z, AA, … */
export function columnLetters(c: number): string {
  let [letters, rest] = ['', c + 1];
  for (; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Most texts: nothing to look for letter by letter. */
const PLAIN = /^[ !#-%'-;=?-Z[\]a-z|~-]*$/;
const SPECIAL = /[&<>"\r\p{Cc}\uFFFE\uFFFF\p{Cs}]|_(?=x[0-9A-Fa-f]{4}_)/gu;
const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** What XML has no characters for is written as `_x0001_` (ECMA-376, 22.9.2.19), and so is an underscore that would read like it. */
function escaped(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(SPECIAL, (c) => {
    if (c === '\n' || c === '\t') return c;
    const code = c.charCodeAt(0);
    if (code >= 0x7f && code < 0xa0) return c;
    return NAMED[c] ?? `_x${code.toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}

/** Formats in the order in which cells first ask for them; 0 is none, headings, tags and quoted texts are always there. */
class Styles {
  private readonly formats: string[] = ['', 'head', 'tag', 'quoted'];
  private readonly numbers = new Map(this.formats.map((format, n) => [format, n]));

  attribute(format: string): string {
    let n = this.numbers.get(format);
    if (n === undefined) {
      n = this.formats.push(format) - 1;
      this.numbers.set(format, n);
    }
    return n === 0 ? '' : ` s="${n}"`;
  }

  xml(): string {
    const own = this.formats.slice(4);
    const font = (more: string) => `<font>${more}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
    const cells = [
      '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
      '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>',
      '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>',
      ...own.map(
        (_, n) => `<xf numFmtId="${164 + n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
      ),
    ];
    const codes = own.map((code, n) => `<numFmt numFmtId="${164 + n}" formatCode="${escaped(code)}"/>`);
    return [
      `${HEAD}<styleSheet xmlns="${MAIN}">`,
      codes.length > 0 ? `<numFmts count="${codes.length}">${codes.join('')}</numFmts>` : '',
      `<fonts count="3">${font('')}${font('<b/>')}${font('<i/><color rgb="FF666666"/>')}</fonts>`,
      '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
      '<fill><patternFill patternType="solid"><fgColor rgb="FFE2EAF2"/><bgColor indexed="64"/></patternFill></fill></fills>',
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>`,
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    ].join('');
  }
}
