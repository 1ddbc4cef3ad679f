/** Tables line by line as values, with every value's cell kept by the pointer that it gets in the scenario. */
import { show } from '../faults.js';
import { suggester } from '../nearest.js';
import { wording } from '../wording.js';
import type { Findings, Place } from './findings.js';
import type { Row } from './grid.js';
import type { Column, SheetName } from './layout.js';
import { LIMITS, over } from './limits.js';
import type { Table } from './table.js';
import { folded, trimmed } from './units.js';
import { cellValue, type Reading } from './values.js';

const SUM = /^((grand |sub-?|sous-)?tota(l|ls|ux)( général)?|sums?|somme|合计|总计|小计|总和)$/;

export type Fields = Record<string, unknown>;

/** Takes down that what is at a pointer came from a cell (or, with column −1, from a row). */
export type Trace = (pointer: string, place: Place) => void;

export interface Line {
  table: Table;
  row: Row;
  values: Fields;
}

/** An id as it was first seen. */
interface Look {
  id: string;
  row: Row;
}

/** Marks of the template's example rows: a row that has one is not read. */
const EXAMPLE = /^example-(water|depot|hub|region|district|truck|USD)$/;

export class Book {
  /** Number of periods, where the Scenario sheet says it. */
  count: number | undefined;
  /** Where the calendar is known, dates may stand for periods. */
  periodOf: ((iso: string) => number | undefined) | undefined;
  readonly suggest = suggester();
  private numbers = 0;
  private strangers = 0;
  /** Ids that rows may name, once they are known. */
  known: ReadonlySet<unknown> | undefined;

  constructor(
    readonly tables: ReadonlyMap<SheetName, Table>,
    readonly findings: Findings,
    readonly trace: Trace,
  ) {}

  reading(table: Table): Reading {
    const reading: Reading = { findings: this.findings, texts: table.grid.texts };
    if (this.periodOf) reading.periodOf = this.periodOf;
    return reading;
  }

  /** Counts the numbers that a list is made of: a text that many cells share, or one row of many periods, may be a thousand each time. */
  spendNumbers(count: number, sheet: string): void {
    this.numbers += count;
    if (this.numbers > LIMITS.numbers) throw over(sheet, LIMITS.numbers, wording`numbers in lists`);
  }

  /**
   * Whether a name that nobody knows is one too many. As many as the checks report are taken, and one for them to see that there are
   * more; a million others would be held for nothing.
   */
  beyond(...names: unknown[]): boolean {
    const { known } = this;
    if (known === undefined || names.every((name) => name === undefined || known.has(name))) return false;
    return ++this.strangers > LIMITS.relations + 1;
  }

  /** The rows of a sheet with the values of their cells. Empty rows are left out, and examples too, which is said. */
  *lines(name: SheetName): Generator<Line> {
    const table = this.tables.get(name);
    if (table === undefined) return;
    const columns = table.layout.columns.flatMap((c) => {
      const at = table.columns.get(c.key);
      return at === undefined ? [] : [[c, at] as const];
    });
    const reading = this.reading(table);
    const sheet = table.grid.name;
    for (const row of table.rows) {
      if (this.findings.ruined) return;
      if (columns.some(([, at]) => isExample(row.cells[at]))) {
        this.findings.notice(
          { sheet, row: row.number, column: -1 },
          wording`an example`,
          wording`is the template's example and was not read`,
          wording`overwrite or delete it`,
        );
        continue;
      }
      const values: Fields = {};
      let empty = true;
      for (const [column, at] of columns) {
        const cell = row.cells[at];
        if (cell === undefined) continue;
        empty = false;
        const value = cellValue(cell, column, { sheet, row: row.number, column: at }, reading);
        if (Array.isArray(value)) this.spendNumbers(value.length, sheet);
        if (value !== undefined) values[column.key] = value;
      }
      if (!empty || table.periods.some(([at]) => row.cells[at] !== undefined)) yield { table, row, values };
    }
  }

  /** A sheet as a list of objects with the fields of its columns; `shape` may make something else of a line. */
  list(
    name: SheetName,
    pointer: (i: number) => string,
    shape = ({ values }: Line, _at: string): Fields => values,
    beyond = (_values: Fields): boolean => false,
  ): Fields[] {
    const list: Fields[] = [];
    const looks = new Map<string, Look>();
    for (const line of this.lines(name)) {
      if (beyond(line.values)) continue;
      const at = pointer(list.length);
      this.traceLine(line, at);
      this.complete(line);
      if (line.values.id !== undefined) {
        this.look(line, looks);
        this.sum(line);
      }
      list.push(shape(line, at));
    }
    return list;
  }

  /** The cells of a line, each under its key. */
  traceLine(line: Line, at: string): void {
    this.trace(at, place(line));
    for (const key of line.table.columns.keys()) this.trace(`${at}/${key}`, place(line, key));
  }

  /** A fault for each cell that is empty and must not be. */
  complete(line: Line): void {
    for (const c of line.table.layout.columns)
      if (c.required && line.values[c.key] === undefined) this.missing(line, c);
  }

  missing(line: Line, column: Column): void {
    // a column that is not there at all was reported as such
    if (!line.table.columns.has(column.key)) return;
    // an id is only what other rows call it, so the name does as well as any
    const { name } = line.values;
    const fix = column.key === 'id' && typeof name === 'string' && trimmed(name) !== '' ? trimmed(name) : undefined;
    this.findings.fault(
      place(line, column.key),
      wording`nothing`,
      wording`is empty, and ${column.heading} has to be there`,
      fix === undefined ? wording`write it: ${column.note}` : wording`write ${show(fix)}, or a shorter name`,
      fix,
    );
  }

  /** A row of sums below a list would be one more site that needs as much as all the others. */
  private sum(line: Line): void {
    const { id } = line.values;
    if (SUM.test(folded(String(id))))
      this.findings.fault(
        place(line, 'id'),
        show(id),
        wording`is ${show(id)}, a row of sums`,
        wording`delete the row: sums are made by the program`,
      );
  }

  /** Ids of one sheet that are the same, or that nobody can tell apart at a glance. */
  private look(line: Line, seen: Map<string, Look>): void {
    const id = String(line.values.id);
    const before = seen.get(folded(id));
    if (before === undefined) {
      if (seen.size >= LIMITS.ids) throw over(line.table.grid.name, LIMITS.ids, wording`ids`);
      seen.set(folded(id), { id, row: line.row });
      return;
    }
    const { number, hidden } = before.row;
    const where = hidden ? wording`row ${number}, which is hidden` : wording`row ${number}`;
    const like = before.id === id ? wording`as in ${where}` : wording`which looks like ${show(before.id)} in ${where}`;
    this.findings.fault(
      place(line, 'id'),
      show(id),
      line.row.hidden ? wording`is ${show(id)}, ${like} (this row is hidden)` : wording`is ${show(id)}, ${like}`,
      wording`give each an id of its own, or delete one of the two rows`,
    );
  }
}

const isExample = (cell: unknown): boolean => typeof cell === 'string' && EXAMPLE.test(cell);

/** The cell of a line in a column, or the line itself. */
export function place({ table, row }: Pick<Line, 'table' | 'row'>, key?: string): Place {
  return { sheet: table.grid.name, row: row.number, column: key === undefined ? -1 : (table.columns.get(key) ?? -1) };
}

/** One step of a pointer. */
export const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');
