/**
 * Tables that are made to cost much, each read in a process of its own: what is said of it, processor seconds, and the largest resident set
 * against the 500 MB that a reader may take. Most have as many rows or cells as are read. `bombs.js FILE` reads one file.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cpuUsage, resourceUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { FormatError, readTableFiles, readTables, scenarioToWorkbook } from '../scenarios/formats/index.js';
import { readCase } from '../scenarios/index.js';
import type { Suite } from './suites.js';
import { duration, type Row, table } from './support.js';

const SELF = fileURLToPath(import.meta.url);
/** Of the issue "The files that coordinators have". */
const MOST_BYTES = 500e6;
const ROWS = 399_000;

interface Took {
  seconds: number;
  peak: number;
  said: string;
}

const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (value: number) => `<c><v>${value}</v></c>`;
const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;

/** A good workbook in which one sheet has these headings, and rows. */
function bookWith(sheet: string, headings: string[], n: number, cells: (i: number) => string): Uint8Array {
  const parts = unzipSync(Buffer.concat([...scenarioToWorkbook(readCase('two-valleys')).content]));
  const names = [...new TextDecoder().decode(parts['xl/workbook.xml']).matchAll(/<sheet name="(\w+)"/g)].map(
    ([, s]) => s,
  );
  const rows = Array.from({ length: n }, (_, i) => row(cells(i)));
  const xml = ['<worksheet><sheetData>', row(...headings.map(text)), ...rows, '</sheetData></worksheet>'].join('');
  parts[`xl/worksheets/sheet${names.indexOf(sheet) + 1}.xml`] = Buffer.from(xml);
  return zipSync(parts, { level: 1 });
}

const routes = (cells: (i: number) => string, n = ROWS) => bookWith('Routes', ['From', 'To', 'Mode', 'Km'], n, cells);
const lines = (head: string, n: number, line: (i: number) => string) =>
  Buffer.from(`${head}\n${Array.from({ length: n }, (_, i) => line(i)).join('\n')}`);
const feature = (i: number) =>
  `{"type":"Feature","properties":{"id":"r${i}"},"geometry":{"type":"Polygon","coordinates":[[[1,2],[2,2],[2,3],[1,2]]]}}`;
const collection = (n: number) =>
  Buffer.from(`{"type":"FeatureCollection","features":[${Array.from({ length: n }, (_, i) => feature(i)).join()}]}`);

function everyRoute(): Uint8Array {
  const scenario = readCase('two-valleys');
  const [depot, region] = [scenario.depots[0]!, scenario.regions[0]!];
  const depots = Array.from({ length: 600 }, (_, i) => ({ ...depot, id: `depot ${i}` }));
  const regions = Array.from({ length: 640 }, (_, i) => ({ ...region, id: `region ${i}` }));
  const routes = depots.flatMap((d) => regions.map((r) => ({ from: d.id, to: r.id, mode: 'truck', km: 1 })));
  const { hubs: _, ...rest } = scenario;
  return Buffer.concat([...scenarioToWorkbook({ ...rest, depots, regions, routes }).content]);
}

const BOMBS: readonly [what: string, file: string, make: () => Uint8Array][] = [
  ['two million rows', 'rows.xlsx', () => bookWith('Stock', ['Depot'], 2e6, number)],
  ['every route that 600 depots and 640 regions can have, all good', 'good.xlsx', everyRoute],
  [
    'routes between unknown names',
    'unknown.xlsx',
    () => routes((i) => text(`c${i}`) + text(`n${i}`) + text('truck') + number(i)),
  ],
  [
    'routes with two blanks too many',
    'blanks.xlsx',
    () => routes((i) => text('capital ') + text('north ') + text('truck') + number(i)),
  ],
  ['four formulas a row', 'formulas.xlsx', () => routes((i) => `<c><f>A${i}*2</f><v>${i}</v></c>`.repeat(4))],
  [
    'arrivals, all of them good',
    'arrivals.xlsx',
    () =>
      bookWith('Stock', ['Depot', 'Resource', 'Quantity'], ROWS, (i) => text('capital') + text(`r${i}`) + number(i)),
  ],
  [
    'needs in rows of periods',
    'needs.xlsx',
    () =>
      bookWith(
        'Demand',
        ['Region', 'Resource', 'Period', 'Quantity'],
        ROWS,
        (i) => text('north') + text(`r${i}`) + number(0) + number(i),
      ),
  ],
  [
    'a hundred thousand regions',
    'regions.xlsx',
    () =>
      bookWith(
        'Regions',
        ['Id', 'Name', 'People', 'Longitude', 'Latitude'],
        99_000,
        (i) => text(`r${i}`) + text(`name ${i}`) + number(i) + number(45 + i / 1e5) + number(i / 1e5),
      ),
  ],
  [
    'a value at the end of each row',
    'right.xlsx',
    () => bookWith('Stock', ['Depot'], 1e5, (i) => `<c r="XFD${i + 2}"><v>1</v></c>`),
  ],
  ['CSV of a million rows', 'Routes.csv', () => lines('From,To,Mode', 1e6, (i) => `c${i},n${i},truck`)],
  ['CSV of ragged rows', 'Stock.csv', () => lines('Depot,Resource,Quantity', 400_000, (i) => 'x,'.repeat(i % 9))],
  [
    'HXL with ten thousand columns',
    'Demand.csv',
    () => lines(Array.from({ length: 10_000 }, (_, i) => `#affected+a${i}`).join(), 190, () => '1,'.repeat(9_999)),
  ],
  ['CSV of commas', 'commas.csv', () => Buffer.alloc(60e6, ',')],
  ['GeoJSON of outlines', 'regions.geojson', () => collection(110_000)],
  ['GeoJSON of empty lists', 'lists.geojson', () => Buffer.from(`[${'[],'.repeat(20e6)}[]]`)],
];

export const bombs: Suite = async (bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-bombs-'));
  const rows: Row[] = [];
  const told: string[][] = [];
  try {
    for (const [name, file, make] of BOMBS) {
      const path = join(folder, file);
      await writeFile(path, make());
      const { stdout } = await promisify(execFile)(process.execPath, [SELF, path]);
      const { seconds, peak, said } = JSON.parse(stdout) as Took; // printed below
      const verdict = peak < MOST_BYTES ? 'reached' : 'NOT';
      rows.push({ group: 'bombs', name, seconds, range: null, ratio: null, calls: 1, extra: { peak, verdict } });
      told.push([name, said, duration(seconds), `${Math.round(peak / 1e6)} MB`, verdict]);
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  bench.report(rows, table(['each file', 'said', 'processor', 'peak', '500 MB'], told));
};

/** What a person is told, in a few words. */
function outcome(file: string, bytes: Uint8Array): string {
  try {
    const csv = /\.(csv|geojson)$/.test(file);
    const read = csv ? readTableFiles(new Map([[basename(file), bytes]])) : readTables(bytes);
    return read.ok ? 'read' : `${read.faults.toLocaleString('en')} faults`;
  } catch (error) {
    if (error instanceof FormatError) return error.message.slice(0, error.message.indexOf(':'));
    throw error;
  }
}

if (process.argv[1] === SELF) {
  const file = process.argv[2]!;
  const bytes = await readFile(file);
  const begun = cpuUsage();
  const said = outcome(file, bytes);
  const { user, system } = cpuUsage(begun);
  const took: Took = { seconds: (user + system) / 1e6, peak: resourceUsage().maxRSS * 1024, said };
  process.stdout.write(JSON.stringify(took));
}
