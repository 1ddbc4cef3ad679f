/**
 * A corrected copy of a file: the safe mends written into the cells that they are for, and nothing else touched. The cells of a
 * workbook are exchanged within its own XML, so that its formats, widths and other sheets stay as they are.
 */
import { delimiterOf, recordsOf } from './csv-read.js';
import type { Fix } from './findings.js';
import { cellName } from './grid.js';
import { type Archive, type Entry, openZip } from './unzip.js';
import { serialOfIso } from './xlsx-dates.js';
import { partsOf } from './xlsx-read.js';
import { xmlText } from './xml.js';
import { writeZip, type ZipFile } from './zip-write.js';

export interface Fixed<X> {
  content: X;
  /** How many cells were written. */
  count: number;
}

const MOST = 256 * 1024 * 1024;

/** A workbook with the mends in it. Cells that cannot be found (a program may leave out their names) stay as they are. */
export function fixWorkbook(bytes: Uint8Array, fixes: readonly Fix[]): Fixed<Iterable<Uint8Array>> {
  const archive = openZip(bytes);
  const { sheets, styles } = partsOf(archive);
  const texts = new Map<Entry, string>();
  const text = (entry: Entry) => texts.get(entry) ?? new TextDecoder().decode(archive.bytes(entry, MOST));
  let count = 0;
  let dated: number | undefined;
  for (const { name, entry } of sheets) {
    const own = fixes.filter((f) => f.place.sheet === name && f.place.column >= 0);
    if (own.length === 0) continue;
    const wanted = new Map(own.map((f) => [cellName(f.place.row, f.place.column), f.value]));
    const shared = new Set<string>();
    let xml = text(entry).replace(CELL, (all: string, prefix: string, attributes: string) => {
      const [, place = ''] = /\br="([A-Z]+\d+)"/.exec(attributes) ?? [];
      const value = wanted.get(place);
      if (value === undefined) return all;
      wanted.delete(place);
      const serial = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? serialOfIso(value) : undefined;
      if (serial !== undefined && styles !== undefined && dated === undefined) {
        const { xml, index } = withDateStyle(text(styles));
        texts.set(styles, xml);
        dated = index;
      }
      count++;
      const [, master] = /<(?:\w+:)?f\b[^>]*\bt="shared"[^>]*\bsi="(\d+)"/.exec(all) ?? [];
      if (master !== undefined) shared.add(master);
      const style = serial === undefined ? (/\bs="\d+"/.exec(attributes)?.[0] ?? '') : `s="${dated ?? 0}"`;
      return cellXml(prefix, place, style, serial ?? value);
    });
    // what shared a formula with a cell that has none any more keeps its value
    for (const si of shared)
      xml = xml.replace(new RegExp(`<(\\w+:)?f\\b[^>]*\\bsi="${si}"[^>]*?(/>|>[^<]*</(\\w+:)?f>)`, 'g'), '');
    const before = wanted.size;
    xml = withEmptyCells(xml, wanted);
    count += before - wanted.size;
    texts.set(entry, xml);
  }
  if (count > 0) dropChain(archive, text, texts);
  return { content: writeZip(copied(archive, texts)), count };
}

const ROW = /<(\w+:)?row\b([^>]*[^/>])>(.*?)<\/(?:\w+:)?row>/gs;

/** Writes what is wanted into cells that a row leaves out because they are empty; takes those written from the map. */
function withEmptyCells(xml: string, wanted: Map<string, string | number>): string {
  if (wanted.size === 0) return xml;
  const byRow = new Map<string, string[]>();
  for (const place of wanted.keys()) {
    const row = place.replace(/^[A-Z]+/, '');
    const own = byRow.get(row);
    if (own === undefined) byRow.set(row, [place]);
    else own.push(place);
  }
  return xml.replace(ROW, (all: string, prefix: string | undefined, attributes: string, inside: string) => {
    const [, row] = /\br="(\d+)"/.exec(attributes) ?? [];
    const own = byRow.get(row ?? '');
    if (own === undefined) return all;
    const cells = [...inside.matchAll(CELL)].map(([text, , a = '']) => ({
      text,
      place: /\br="(\w+)"/.exec(a)?.[1] ?? '',
    }));
    if (cells.some((c) => c.place === '')) return all;
    for (const place of own) {
      cells.push({ text: cellXml(prefix, place, '', wanted.get(place)!), place });
      wanted.delete(place);
    }
    cells.sort((a, b) => a.place.length - b.place.length || (a.place < b.place ? -1 : 1)); // A … Z, AA …: one row, so many digits
    return `<${prefix ?? ''}row${attributes}>${cells.map((c) => c.text).join('')}</${prefix ?? ''}row>`;
  });
}

const CELL = /<(\w+:)?c\b([^>]*?)(?:\/>|>.*?<\/(?:\w+:)?c>)/gs;

function cellXml(prefix = '', place: string, style: string, value: string | number): string {
  const open = `<${prefix}c r="${place}"${style === '' ? '' : ` ${style}`}`;
  return typeof value === 'number'
    ? `${open}><${prefix}v>${value}</${prefix}v></${prefix}c>`
    : `${open} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${xmlText(value)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** The styles with one more that shows a day (format 14: the reader's own way of writing dates). */
function withDateStyle(xml: string): { xml: string; index: number } {
  const [block = '', attributes = '', inside = ''] =
    /<(?:\w+:)?cellXfs\b([^>]*)>(.*?)<\/(?:\w+:)?cellXfs>/s.exec(xml) ?? [];
  const index = [...inside.matchAll(/<(?:\w+:)?xf\b/g)].length;
  const prefix = /^<(\w+:)?/.exec(block)?.[1] ?? '';
  const more = `<${prefix}xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`;
  const counted = attributes.replace(/count="\d+"/, `count="${index + 1}"`);
  return { xml: xml.replace(block, () => `<${prefix}cellXfs${counted}>${inside}${more}</${prefix}cellXfs>`), index };
}

/** The order of calculation names cells that have no formula any more; programs make it anew where it is missing. */
function dropChain(archive: Archive, text: (entry: Entry) => string, texts: Map<Entry, string>): void {
  if (!archive.entries.some((e) => e.name === CHAIN)) return;
  for (const entry of archive.entries)
    if (entry.name === '[Content_Types].xml')
      texts.set(entry, text(entry).replace(/<(\w+:)?Override\b[^>]*calcChain[^>]*\/>/g, ''));
    else if (entry.name === 'xl/_rels/workbook.xml.rels')
      texts.set(entry, text(entry).replace(/<(\w+:)?Relationship\b[^>]*calcChain[^>]*\/>/g, ''));
}

const CHAIN = 'xl/calcChain.xml';

function* copied(archive: Archive, texts: ReadonlyMap<Entry, string>): Generator<ZipFile> {
  const changed = [...texts.keys()].length > 0;
  for (const entry of archive.entries) {
    if (changed && entry.name === CHAIN) continue;
    yield { name: entry.name, pieces: [texts.get(entry) ?? archive.bytes(entry, MOST)] };
  }
}

/** A CSV file with the mends in it, its separator kept. */
export function fixCsv(name: string, bytes: Uint8Array, fixes: readonly Fix[]): Fixed<string> {
  const own = new Map(
    fixes.filter((f) => f.place.sheet === name).map((f) => [cellName(f.place.row, f.place.column), f.value]),
  );
  const text = new TextDecoder().decode(bytes);
  const delimiter = delimiterOf(text);
  let count = 0;
  const lines = recordsOf(text, delimiter).map((record, i) => {
    const cells = record.map((cell, c) => {
      const value = own.get(cellName(i + 1, c));
      if (value === undefined) return cell;
      count++;
      return String(value);
    });
    return `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;
  });
  return { content: `\uFEFF${lines.join('')}`, count };
}

const quoted = (cell: string, delimiter: string): string =>
  /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
