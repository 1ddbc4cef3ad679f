/** A grid as a table of a layout: where the headings are, which column is which, and what is merged. */
import { show } from '../faults.js';
import { wording } from '../wording.js';
import type { Findings, Place } from './findings.js';
import { type Cell, cellName, type Grid, type Range, type Row, rangeName } from './grid.js';
import {
  adminHeading,
  columnOf,
  headingUnit,
  isNote,
  isTag,
  layoutNamed,
  nearHeading,
  periodHeading,
  taggedColumns,
} from './headings.js';
import { type Column, LAYOUTS, type Layout, layoutOf, type SheetName } from './layout.js';

export interface Table {
  layout: Layout;
  grid: Grid;
  /** Row of the headings; 0 where there are none. */
  headed: number;
  /** Columns from 0 by key. */
  columns: Map<string, number>;
  /** Columns "Period 0", "Period 1", … : column and period. */
  periods: [column: number, period: number][];
  rows: Row[];
  /** The last column, from 0, in which any row has something. */
  widest: number;
}

/** What a mapping file says of a sheet: which it is, and by which heading or tag each column goes. */
export interface SheetMapping {
  sheet: SheetName;
  /** Key or heading of a column of ours → heading as it stands in the file. */
  columns: Readonly<Record<string, string>>;
}

/** Nobody writes more lines above the headings. */
const ABOVE = 12;

/** Makes a table of a grid, or undefined (with a notice) where it is none of ours. */
export function tableOf(grid: Grid, mapping: SheetMapping | undefined, findings: Findings): Table | undefined {
  const named =
    mapping === undefined
      ? (layoutNamed(grid.name) ?? (grid.features && layoutOf(grid.features.like)))
      : layoutOf(mapping.sheet);
  const tags = grid.rows
    .slice(0, ABOVE)
    .findIndex((row) => row.cells.some((c) => c !== undefined) && row.cells.every((c) => c === undefined || isTag(c)));
  const layout = named ?? (tags < 0 ? undefined : layoutOfTags(grid.rows[tags]!.cells));
  if (layout === undefined) {
    if (grid.rows.length > 0 && !isNote(grid.name))
      findings.notice(
        { sheet: grid.name, row: 0, column: -1 },
        show(grid.name),
        wording`is no sheet of a scenario and was not read`,
        wording`name it as one (${LAYOUTS.map((l) => l.name).join(', ')}) or give a mapping where it should be`,
      );
    return undefined;
  }
  const headAt = tags > 0 ? tags - 1 : tags === 0 ? -1 : headingRow(grid, layout, mapping);
  const head = grid.rows[headAt];
  const table: Table = {
    layout,
    grid,
    headed: head?.number ?? 0,
    columns: new Map(),
    periods: [],
    rows: grid.rows.slice((tags >= 0 ? tags : headAt) + 1),
    widest: grid.rows.reduce((most, row) => Math.max(most, row.cells.length - 1), 0),
  };
  name(table, head?.cells ?? [], tags >= 0 ? grid.rows[tags]!.cells : [], mapping, findings);
  unmerge(table, findings);
  return table;
}

/** The first row with most of the headings; −1 where the sheet is empty. */
function headingRow(grid: Grid, layout: Layout, mapping: SheetMapping | undefined): number {
  const asked = new Set(mapping === undefined ? [] : Object.values(mapping.columns));
  let best = grid.rows.length > 0 ? 0 : -1;
  let most = 0;
  grid.rows.slice(0, ABOVE).forEach((row, i) => {
    const known = new Set(
      row.cells.map((c) => (typeof c !== 'string' ? undefined : asked.has(c) ? c : columnOf(layout.columns, c)?.key)),
    );
    known.delete(undefined);
    if (known.size > most) [best, most] = [i, known.size];
  });
  return best;
}

/** The layout whose columns most of the tags are, with all that it has to have. */
function layoutOfTags(cells: readonly (Cell | undefined)[]): Layout | undefined {
  const tags = cells.map((c) => (isTag(c) ? c : undefined));
  let best: Layout | undefined;
  let most = 0;
  for (const layout of LAYOUTS) {
    const found = taggedColumns(layout.columns, tags).filter((c) => c !== undefined);
    const complete = layout.columns.every((c) => !c.required || found.includes(c));
    if (complete && found.length > most) [best, most] = [layout, found.length];
  }
  return best;
}

function name(
  table: Table,
  heads: readonly (Cell | undefined)[],
  tags: readonly (Cell | undefined)[],
  mapping: SheetMapping | undefined,
  findings: Findings,
): void {
  const { layout, grid, headed } = table;
  const tagged = taggedColumns(
    layout.columns,
    tags.map((c) => (isTag(c) ? c : undefined)),
  );
  const lowest = mapping === undefined ? lowestAdmin(heads) : [];
  const mapped = new Map(
    Object.entries(mapping?.columns ?? {}).map(([ours, theirs]) => [theirs, columnOf(layout.columns, ours)]),
  );
  const periods = new Set<number>();
  for (let at = 0; at < Math.max(heads.length, tags.length); at++) {
    const head = heads[at];
    const place: Place = { sheet: grid.name, row: headed || 1, column: at };
    const text = typeof head === 'string' ? head : typeof head === 'number' ? String(head) : '';
    const period = layout.name === 'Demand' ? periodHeading(text) : undefined;
    const admin = mapping || tagged[at] ? undefined : adminHeading(text);
    const column =
      mapped.get(text) ??
      tagged[at] ??
      (admin
        ? lowest.includes(text)
          ? adminColumn(layout, admin.says)
          : undefined
        : mapping
          ? undefined
          : columnOf(layout.columns, text));
    if (admin && column === undefined) continue;
    if (column === undefined && period !== undefined) {
      if (periods.has(period))
        findings.fault(
          place,
          show(text),
          wording`is ${show(text)}, a second column for period ${period}`,
          wording`keep one of the two`,
        );
      else table.periods.push([at, period]);
      periods.add(period);
    } else if (column === undefined)
      unknown(table, text, place, mapping !== undefined || isTag(tags[at]) || grid.features !== undefined, findings);
    else claim(table, column, text, place, findings);
  }
  beyond(table, Math.max(heads.length, tags.length), findings);
  if (layout.name === 'Scenario' || grid.rows.length === 0) return;
  for (const c of layout.columns)
    if (c.required && !table.columns.has(c.key)) {
      const others = c.also.slice(0, 3).map((a) => `"${a}"`);
      findings.fault(
        { sheet: grid.name, row: headed || 1, column: -1 },
        wording`nothing`,
        wording`has no column ${show(c.heading)}`,
        others.length > 0
          ? wording`add it (${c.note}); it may also be headed ${others.join(', ')}`
          : wording`add it (${c.note})`,
      );
    }
}

/** Of several levels the lowest has the code and the name of a region: the first heading that says either of it. */
function lowestAdmin(heads: readonly (Cell | undefined)[]): string[] {
  const found = new Map<string, { level: number; head: string }>();
  for (const head of heads) {
    const admin = typeof head === 'string' ? adminHeading(head) : undefined;
    if (admin !== undefined && admin.level > (found.get(admin.says)?.level ?? -1))
      found.set(admin.says, { level: admin.level, head: head as string }); // just looked
  }
  return [...found.values()].map(({ head }) => head);
}

function adminColumn(layout: Layout, says: 'code' | 'name'): Column | undefined {
  const key = says === 'name' ? 'name' : layout.name === 'Regions' ? 'id' : 'region';
  return layout.columns.find((c) => c.key === key);
}

function claim(table: Table, column: Column, text: string, place: Place, findings: Findings): void {
  const before = table.columns.get(column.key);
  if (before !== undefined) {
    const first = cellName(place.row, before);
    findings.fault(
      place,
      show(text),
      wording`is ${show(text)}, which ${first} is already (${column.heading})`,
      wording`keep one of the two, or head this one "Note: …"`,
    );
    return;
  }
  table.columns.set(column.key, place.column);
  const stated = headingUnit(text);
  if (column.unit !== undefined && stated !== undefined && stated !== column.unit)
    findings.fault(
      place,
      show(text),
      wording`is in ${stated}`,
      wording`${column.heading} is read in ${column.unit}: convert the column, and head it "${column.heading} (${column.unit})"`,
    );
}

/** What stands to the right of all headings: mostly remarks, now and then a value in the wrong column. */
function beyond({ grid, rows, headed, layout, widest }: Table, from: number, findings: Findings): void {
  if (layout.name === 'Scenario' || from === 0) return;
  for (let column = from; column <= widest; column++) {
    const row = rows.find((r) => r.cells[column] !== undefined);
    if (row !== undefined)
      findings.notice(
        { sheet: grid.name, row: row.number, column },
        wording`no heading`,
        wording`stands right of the last heading (row ${headed || 1}) and was not read`,
        wording`move it below its heading, or head its column "Note: …"`,
      );
  }
}

/** A heading near one of ours may be a limit that would be lost; any other is somebody's own column. */
function unknown({ layout, rows }: Table, text: string, place: Place, chosen: boolean, findings: Findings): void {
  if (isNote(text) || chosen || layout.name === 'Scenario') return;
  if (text.trim() === '') {
    if (rows.some((row) => row.cells[place.column] !== undefined))
      findings.fault(
        place,
        wording`nothing`,
        wording`has no heading, and the column below it is not empty`,
        wording`head it, or clear it`,
      );
    return;
  }
  const near = nearHeading(layout.columns, text);
  if (near === undefined)
    findings.notice(
      place,
      show(text),
      wording`is ${show(text)}, which is no column of ${layout.name} and was not read`,
      wording`head it "Note: …" if that is meant`,
    );
  else
    findings.fault(
      place,
      show(text),
      wording`is ${show(text)}, which is no column of ${layout.name}`,
      wording`did you mean "${near}"? Else head it "Note: …"`,
    );
}

/** Merged cells are a fault. What stands in them is read as if it stood in each, so that nothing else follows from it. */
function unmerge(table: Table, findings: Findings): void {
  const { grid, headed, rows, columns, periods, widest } = table;
  const ours = [...columns.values(), ...periods.map(([c]) => c)];
  const [first, last] = [Math.min(...ours), Math.max(...ours)];
  // ranges that lie over each other, as no program writes them, fill no more cells than there are
  let room = rows.length * (widest + 1);
  for (const range of grid.merged) {
    if (range.bottom < headed || range.left > last || range.right < first) continue;
    if (!ours.some((c) => c >= range.left && c <= range.right)) continue;
    const place = { sheet: grid.name, row: range.top, column: range.left };
    findings.fault(
      place,
      rangeName(range),
      wording`is merged (${rangeName(range)})`,
      wording`take the cells apart and write the value into each that it is meant for`,
    );
    if (room > 0) room -= fill(rows, range, widest);
  }
}

/** Gives the number of cells that were looked at. */
function fill(rows: readonly Row[], range: Range, widest: number): number {
  const from = firstAt(rows, range.top);
  const value = rows[from]?.number === range.top ? rows[from].cells[range.left] : undefined;
  const right = Math.min(range.right, widest);
  let looked = 1;
  for (let i = from; value !== undefined && i < rows.length && rows[i]!.number <= range.bottom; i++)
    for (let c = range.left; c <= right; c++, looked++) rows[i]!.cells[c] ??= value;
  return looked;
}

/** Where the first row is that has the number or a higher one. */
function firstAt(rows: readonly Row[], number: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
