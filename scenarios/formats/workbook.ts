/** The sheets of a scenario as a workbook, as CSV files, or as a zip of these. */
import type { Scenario } from '../schema.js';
import { csvLine } from './csv-write.js';
import { asForm, type StandardItem } from './form.js';
import type { Column } from './layout.js';
import { type Beside, type SheetOut, scenarioTables, type Written } from './tables.js';
import { writeXlsx, type XlsxCell, type XlsxSheet } from './xlsx-write.js';
import { writeZip } from './zip-write.js';

export interface Held<X> {
  content: X;
  /** What the format does not hold, in words. */
  lost: string[];
}

/** What goes with a scenario that somebody goes on filling in: what was said beside it, and the items that a resource can be. */
export interface Form extends Beside {
  items: readonly StandardItem[];
}

/**
 * A scenario as an XLSX workbook in pieces; `workbookToScenario` has it back with the same digest, but for what is lost. As a `form` it
 * has the notes and the lists of the template.
 */
export function scenarioToWorkbook(scenario: Scenario, draft = false, form?: Form): Held<Iterable<Uint8Array>> {
  const { sheets, lost } = scenarioTables(scenario, draft, form);
  const outlined = scenario.regions.filter((r) => r.polygon !== undefined).length;
  if (outlined > 0)
    lost.push(
      `/regions/*/polygon: outlines of ${outlined} regions, which CSV files have beside them as regions.geojson`,
    );
  const plain = sheets.map((s) => ({ sheet: xlsxSheet(s), columns: s.columns }));
  return { content: writeXlsx(form ? asForm(plain, form.items) : plain.map((p) => p.sheet)), lost };
}

/** A scenario as CSV files, by name. */
export function scenarioToCsv(scenario: Scenario, draft = false, beside?: Beside): Held<Map<string, string>> {
  const { sheets, lost } = scenarioTables(scenario, draft, beside);
  const content = new Map(sheets.map((sheet) => [`${sheet.layout.name}.csv`, csvOf(sheet)]));
  const outlines = outlinesOf(scenario);
  if (outlines !== undefined) content.set('regions.geojson', outlines);
  return { content, lost };
}

/** The outlines of regions, which no table holds, by the regions' ids. */
function outlinesOf({ regions }: Scenario): string | undefined {
  const features = regions.flatMap(({ id, polygon }) =>
    polygon === undefined ? [] : [{ type: 'Feature', properties: { id }, geometry: polygon }],
  );
  return features.length === 0 ? undefined : JSON.stringify({ type: 'FeatureCollection', features });
}

/** The same files in one zip archive, in pieces. */
export function scenarioToZip(scenario: Scenario, draft = false, beside?: Beside): Held<Iterable<Uint8Array>> {
  const { content, lost } = scenarioToCsv(scenario, draft, beside);
  return { content: writeZip([...content].map(([name, text]) => ({ name, pieces: [text] }))), lost };
}

/** With a byte order mark, without which spreadsheets take UTF-8 for something else. */
export function csvOf({ headings, rows }: SheetOut): string {
  return `\uFEFF${csvLine(headings)}${rows.map((row) => csvLine(row.map(csvCellOf))).join('')}`;
}

const csvCellOf = (cell: Written): string | number | null =>
  typeof cell === 'object' && cell !== null ? cell.date : cell;

export function xlsxSheet({ layout, headings, columns, rows }: SheetOut): XlsxSheet {
  return {
    name: layout.name,
    columns: columns.map((c, i) => ({ width: widthOf(c, headings[i] ?? '') })),
    rows: [headings, ...rows.map((row) => row.map(xlsxCellOf))],
  };
}

export const xlsxCellOf = (cell: Written): XlsxCell =>
  typeof cell === 'object' && cell !== null ? new Date(`${cell.date}T00:00:00Z`) : cell;

function widthOf(column: Column | undefined, heading: string): number {
  if (column?.key === 'value' || column?.key === 'note') return 48;
  return Math.max(column?.kind === 'text' || column?.kind === 'id' ? 18 : 12, heading.length + 3);
}
