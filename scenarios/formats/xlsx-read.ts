/**
 * A workbook (SpreadsheetML, ECMA-376 part 1, chapter 18) as grids. Every cell keeps its place and its kind: an error, a
 * formula, a date and a merged cell are told apart from what was typed, as each of them is a fault of its own.
 */
import { wording } from '../wording.js';
import type { Cell, Grid, Plain } from './grid.js';
import { cellPlace, rangeOf } from './grid.js';
import { type Budget, FormatError, LIMITS, newBudget, over, spendRow, spendText } from './limits.js';
import { apart, keeper } from './texts.js';
import { type Archive, type Entry, openZip } from './unzip.js';
import { dateStyles, isoOfSerial } from './xlsx-dates.js';
import { attribute, type Handlers, xmlReader } from './xml.js';

const WORKBOOK = wording`The workbook`;

export interface Part {
  name: string;
  path: string;
}

/** All sheets, in their order. Throws FormatError where the file is not read at all. */
export function readXlsx(bytes: Uint8Array): Grid[] {
  const archive = openZip(bytes);
  const budget = newBudget();
  const { sheets, strings, styles, from1904 } = partsOf(archive);
  const texts = strings === undefined ? [] : readStrings(archive, strings, budget);
  const dated = styles === undefined ? [] : dateStyles((on) => walk(archive, styles, on));
  return sheets.map(({ name, entry }) => readSheet(archive, entry, name, { texts, dated, from1904, budget }));
}

interface Parts {
  sheets: { name: string; entry: Entry }[];
  strings: Entry | undefined;
  styles: Entry | undefined;
  from1904: boolean;
}

/** The parts of a workbook by its relationships (ECMA-376 part 2). */
export function partsOf(archive: Archive): Parts {
  const byName = new Map(archive.entries.map((e) => [e.name, e]));
  refuseOthers([...byName.keys()], archive, byName);
  const root = relations(archive, byName.get('_rels/.rels'), '');
  const book = byName.get(root.find((r) => r.type.endsWith('/officeDocument'))?.target ?? '');
  if (book === undefined)
    throw new FormatError(
      wording`The archive is neither a workbook nor tables as CSV: save it as .xlsx, or zip the CSV files.`,
    );
  const folder = book.name.slice(0, book.name.lastIndexOf('/') + 1);
  const own = relations(archive, byName.get(`${folder}_rels/${book.name.slice(folder.length)}.rels`), folder);
  const byId = new Map(own.map((r) => [r.id, r]));
  const sheets: Parts['sheets'] = [];
  const taken = new Set<Entry>();
  let from1904 = false;
  walk(archive, book, {
    open(name, tag) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute(tag, 'date1904') ?? '');
      if (name !== 'sheet') return;
      const relation = byId.get(attribute(tag, 'id') ?? '');
      const entry = byName.get(relation?.target ?? '');
      const title = attribute(tag, 'name') ?? '';
      if (relation && !relation.type.endsWith('/worksheet')) return; // a chart, a macro sheet
      if (entry === undefined)
        throw new FormatError(wording`The sheet ${title} is missing in the workbook: save it again.`);
      // else a directory of sheets could have one part read any number of times
      if (taken.has(entry))
        throw new FormatError(wording`The sheet ${title} is the same part as one before it: save the workbook again.`);
      taken.add(entry);
      sheets.push({ name: title, entry });
    },
    close() {},
  });
  const part = (kind: string) => byName.get(own.find((r) => r.type.endsWith(`/${kind}`))?.target ?? '');
  return { sheets, strings: part('sharedStrings'), styles: part('styles'), from1904 };
}

function refuseOthers(names: readonly string[], archive: Archive, byName: ReadonlyMap<string, Entry>): void {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const kind = byName.get('mimetype');
  if (kind && new TextDecoder().decode(archive.bytes(kind, 1000)).includes('opendocument'))
    throw new FormatError(wording`The file is an OpenDocument: save it as Excel 2007–365 (.xlsx).`);
  if (has(/^xl\/workbook\.bin$/)) throw new FormatError(wording`The workbook is binary (.xlsb): save it as .xlsx.`);
  if (has(/vbaProject\.bin$/))
    throw new FormatError(wording`The workbook has macros, which are not read: save it as .xlsx without them.`);
  if (has(/^xl\/externalLinks\//))
    throw new FormatError(
      wording`The workbook links to other workbooks, whose figures nobody can check here: break the links (Data → Edit Links) and save it again.`,
    );
  if (has(/^xl\/(connections\.xml|queryTables\/)/))
    throw new FormatError(
      wording`The workbook fetches data from elsewhere: delete its connections (Data → Queries & Connections) and save it again.`,
    );
}

/** Each part and each sheet once: nobody has more. */
const MOST_RELATIONS = 10 * LIMITS.entries;

interface Relation {
  id: string;
  type: string;
  target: string;
}

function relations(archive: Archive, entry: Entry | undefined, folder: string): Relation[] {
  const found: Relation[] = [];
  if (entry === undefined) return found;
  walk(archive, entry, {
    open(name, tag) {
      if (name !== 'Relationship' || attribute(tag, 'TargetMode') === 'External') return;
      if (found.length >= MOST_RELATIONS) throw over(WORKBOOK, MOST_RELATIONS, wording`parts`);
      const target = attribute(tag, 'Target') ?? '';
      const path = target.startsWith('/') ? target.slice(1) : resolved(folder + target);
      found.push({ id: attribute(tag, 'Id') ?? '', type: attribute(tag, 'Type') ?? '', target: path });
    },
    close() {},
  });
  return found;
}

function resolved(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

export function walk(archive: Archive, entry: Entry, on: Handlers): void {
  const reader = xmlReader(entry.name, on);
  archive.stream(entry, (piece, last) => reader.push(piece, last));
}

function readStrings(archive: Archive, entry: Entry, budget: Budget): string[] {
  const texts: string[] = [];
  let text = '';
  let reading = false;
  let phonetic = false;
  walk(archive, entry, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') reading = !phonetic;
    },
    text(piece) {
      if (!reading) return;
      text += piece;
      if (text.length > LONGEST_RAW) throw over(WORKBOOK, LIMITS.cell, wording`characters in a cell`);
    },
    close(name) {
      if (name === 't') reading = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') {
        if (texts.length >= LIMITS.cells) throw over(WORKBOOK, LIMITS.cells, wording`texts`);
        texts.push(apart(spendText(budget, unescaped(text), WORKBOOK)));
      }
    },
  });
  return texts;
}

interface Shared {
  texts: readonly string[];
  dated: readonly boolean[];
  from1904: boolean;
  budget: Budget;
}

function readSheet(archive: Archive, entry: Entry, name: string, { texts, dated, from1904, budget }: Shared): Grid {
  const grid: Grid = { name, rows: [], merged: [], texts: false };
  let row = { number: 0, hidden: false, cells: [] as (Cell | undefined)[] };
  let column = -1;
  let kind = 'n';
  let style = 0;
  let value = '';
  let formula: string | undefined;
  let shared = false;
  let into: 'value' | 'formula' | undefined;
  let phonetic = false;
  const once = keeper();
  const place = (tag: string) => {
    const reference = attribute(tag, 'r');
    const at = reference === undefined ? { row: row.number, column: column + 1 } : cellPlace(reference);
    if (at === undefined || at.row !== row.number || at.column >= LIMITS.columns || at.column <= column)
      throw new FormatError(
        wording`${name} has a cell out of its place (${reference ?? wording`none`} in row ${row.number}): save it again.`,
      );
    column = at.column;
  };
  const plain = (): Plain | undefined => {
    if (kind === 's') return spendText(budget, texts[Number(value)] ?? lost(name, value), WORKBOOK);
    if (kind === 'str' || kind === 'inlineStr') return once(spendText(budget, unescaped(value), WORKBOOK));
    if (value === '') return undefined;
    if (kind === 'b') return value === '1';
    if (kind === 'e') return { is: 'error', text: once(value.slice(0, SHOWN)) };
    if (kind === 'd') return { is: 'date', iso: value.slice(0, 10) };
    const number = Number(value);
    if (!Number.isFinite(number))
      throw new FormatError(
        wording`${name} has ${JSON.stringify(value.slice(0, 40))} for a number in row ${row.number}: save it again.`,
      );
    return dated[style] ? { is: 'date', iso: isoOfSerial(number, from1904) } : number;
  };
  const formulaOf = (written: string, found: Plain | undefined): Cell => {
    budget.cells++; // one with its value weighs as much as two
    const text = once(spendText(budget, written, WORKBOOK).slice(0, SHOWN));
    return { is: 'formula', formula: text || (shared ? '…' : ''), outside: written.includes('['), value: found };
  };
  walk(archive, entry, {
    open(tag, inside) {
      switch (tag) {
        case 'row': {
          const stated = attribute(inside, 'r');
          const number = stated === undefined ? row.number + 1 : Number(stated);
          if (number > LIMITS.sheetRows) throw over(wording`The sheet ${name}`, LIMITS.sheetRows, wording`rows`);
          if (!(number > row.number))
            throw new FormatError(wording`${name} has a row out of its place: save it again.`);
          row = { number, hidden: ['1', 'true'].includes(attribute(inside, 'hidden') ?? ''), cells: [] };
          column = -1;
          return;
        }
        case 'c':
          place(inside);
          kind = attribute(inside, 't') ?? 'n';
          style = Number(attribute(inside, 's') ?? 0);
          value = '';
          formula = undefined;
          return;
        case 'f':
          formula = '';
          shared = attribute(inside, 't') === 'shared';
          into = 'formula';
          return;
        case 'v':
          into = 'value';
          return;
        case 't':
          if (kind === 'inlineStr' && !phonetic) into = 'value';
          return;
        case 'rPh':
          phonetic = true;
          return;
        case 'mergeCell': {
          const range = rangeOf(attribute(inside, 'ref') ?? '');
          if (range !== undefined && grid.merged.length < 100_000) grid.merged.push(range);
        }
      }
    },
    text(piece) {
      if (into === 'value') value += piece;
      else if (into === 'formula') formula += piece;
      if (value.length > LONGEST_RAW || (formula?.length ?? 0) > LONGEST_RAW)
        throw over(wording`The sheet ${name}`, LIMITS.cell, wording`characters in a cell`);
    },
    close(tag) {
      if (tag === 'f' || tag === 'v' || tag === 't') into = undefined;
      else if (tag === 'rPh') phonetic = false;
      else if (tag === 'c') {
        const found = plain();
        if (formula === undefined && (found === undefined || found === '')) return;
        row.cells[column] = formula === undefined ? found : formulaOf(formula, found);
      } else if (tag === 'row' && row.cells.length > 0) {
        spendRow(budget, row.cells.length, WORKBOOK);
        // holes and undefined are not the same to every reader
        for (let i = 0; i < row.cells.length; i++) row.cells[i] ??= undefined;
        row.cells = row.cells.slice(); // one that grew a cell at a time has room for seventeen
        grid.rows.push(row);
      }
    },
  });
  return grid;
}

/** Characters of a formula or an error that anybody is shown. */
const SHOWN = 100;
/** Characters of a cell as they are written, each perhaps as _x0001_. */
const LONGEST_RAW = 8 * LIMITS.cell;

function lost(sheet: string, index: string): never {
  throw new FormatError(wording`${sheet} names text ${index}, which the workbook does not have: save it again.`);
}

/** Characters that XML cannot hold come as _x0001_ (ECMA-376 part 1, 22.9.2.19), and an underscore before x…_ as _x005F_. */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
