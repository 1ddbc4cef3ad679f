/** A good workbook as plain rows, to be broken one cell at a time, and written as XLSX or CSV with what only XML can say. */
import { unzipSync, zipSync } from 'fflate';
import { csvLine } from '../../scenarios/formats/csv-write.js';
import { cellPlace } from '../../scenarios/formats/grid.js';
import { scenarioTables, type Written } from '../../scenarios/formats/tables.js';
import { writeXlsx } from '../../scenarios/formats/xlsx-write.js';
import { readCase, type Scenario } from '../../scenarios/index.js';

/** Rows of each sheet, the headings first. */
export type Sheets = Record<string, Written[][]>;

/** A triangle as a feature of a file of outlines, for the region `north`. */
export const NORTH_OUTLINE = {
  type: 'Feature',
  properties: { pcode: 'north' },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [48, -18],
        [49, -18],
        [49, -17],
        [48, -18],
      ],
    ],
  },
};

export function sheetsOf(scenario: Scenario = readCase('two-valleys')): Sheets {
  return Object.fromEntries(scenarioTables(scenario).sheets.map((s) => [s.layout.name, [s.headings, ...s.rows]]));
}

/** Writes into a cell by its name, rows and columns being added where there are none. */
export function put(sheets: Sheets, sheet: string, cell: string, value: Written): void {
  const { row, column } = cellPlace(cell)!;
  sheets[sheet] ??= [];
  const rows = sheets[sheet];
  while (rows.length < row) rows.push([]);
  const cells = rows[row - 1]!;
  while (cells.length < column) cells.push(null);
  cells[column] = value;
}

export function at(sheets: Sheets, sheet: string, cell: string): Written {
  const { row, column } = cellPlace(cell)!;
  return sheets[sheet]?.[row - 1]?.[column] ?? null;
}

export function xlsxOf(sheets: Sheets): Uint8Array {
  const pieces = writeXlsx(
    Object.entries(sheets).map(([name, rows]) => ({
      name,
      rows: rows.map((row) =>
        row.map((c) => (typeof c === 'object' && c !== null ? new Date(`${c.date}T00:00:00Z`) : c)),
      ),
    })),
  );
  return Buffer.concat([...pieces]);
}

export function csvFilesOf(sheets: Sheets): Map<string, Uint8Array> {
  return new Map(
    Object.entries(sheets).map(([name, rows]) => [
      `${name}.csv`,
      Buffer.from(
        rows.map((row) => csvLine(row.map((c) => (typeof c === 'object' && c !== null ? c.date : c)))).join(''),
      ),
    ]),
  );
}

/** The workbook with the XML of one sheet (by its number from 1), or of another part, changed. */
export function patched(bytes: Uint8Array, part: string, change: (xml: string) => string): Uint8Array {
  const parts = unzipSync(bytes);
  const before = new TextDecoder().decode(parts[part] ?? new Uint8Array());
  const after = change(before);
  if (after === before) throw new Error(`${part} was not changed`);
  return zipSync({ ...parts, [part]: new TextEncoder().encode(after) });
}

/** The part of a sheet by its name. */
export const partOf = (sheets: Sheets, sheet: string): string =>
  `xl/worksheets/sheet${Object.keys(sheets).indexOf(sheet) + 1}.xml`;

/** Exchanges the XML of one cell. */
export const cellXml = (cell: string, xml: string) => (all: string) =>
  all.replace(new RegExp(`<c r="${cell}"[^>]*?(/>|>.*?</c>)`, 's'), () => xml);
