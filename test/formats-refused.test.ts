/** What the reader refuses or finds at fault and no other test breaks: one check each, found by taking the checks out one by one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import {
  type Grid,
  gridsOfBytes,
  gridsOfFiles,
  LIMITS,
  readTableFiles,
  readTables,
} from '../scenarios/formats/index.js';
import {
  cellXml,
  csvFilesOf,
  NORTH_OUTLINE,
  partOf,
  patched,
  put,
  type Sheets,
  sheetsOf,
  xlsxOf,
} from './support/tables.js';
import { assertFindingsInParts, refusedAs } from './support/wordings.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
/** Text that is not packed as small as a bomb. */
const numbers = (n: number) => Array.from({ length: n }, (_, i) => (i * 7919) % 99_991).join(' ');
const POLICY = ['Stage', 'Alpha', 'Bands', 'Band up to', 'Band value'];

type Case = [what: string, where: string, says: RegExp, harm: (s: Sheets) => void];
const CELLS: Case[] = [
  ['a field without value', 'Scenario!B3', /empty, and Id has to be there/, (s) => put(s, 'Scenario', 'B3', null)],
  [
    'a field that is not there',
    'Scenario row 1',
    /has no row "Periods"/,
    (s) => {
      s.Scenario = s.Scenario!.filter(([field]) => field !== 'Periods');
    },
  ],
  [
    'a figure beside a policy by name',
    'Policy!B2',
    /beside a policy by name/,
    (s) => {
      s.Policy = [POLICY, ['balanced', 2]];
    },
  ],
  [
    'more than a band in a row without stage',
    'Policy!A3',
    /empty, and the row has more than a band/,
    (s) => {
      s.Policy = [POLICY, ['need', 2, null, 0.5, 2], [null, 1, null, 1, 1]];
    },
  ],
  [
    'bands of its own beside a number of bands',
    'Policy!D2',
    /a band of its own beside a number/,
    (s) => {
      s.Policy = [POLICY, ['need', 2, 5, 0.5, 2]];
    },
  ],
  [
    'a past without its period',
    'Scenario row 1',
    /has no row "Now in period"/,
    (s) => {
      s.Shipped = [
        ['Resource', 'From', 'To', 'Mode', 'Departs in', 'Quantity'],
        ['water', 'capital', 'north', 'truck', 0, 100],
      ];
    },
  ],
  ['stock of no depot', 'Stock!A2', /empty, and Depot has to be there/, (s) => put(s, 'Stock', 'A2', null)],
  ['a resource that no id can be', 'Stock!B2', /no id can be/, (s) => put(s, 'Stock', 'B2', '__proto__')],
  [
    'stock of nobody knows how much',
    'Stock!C2',
    /empty, and Quantity has to be there/,
    (s) => put(s, 'Stock', 'C2', null),
  ],
  [
    'a need of nobody knows what',
    'Demand!B2',
    /empty, and Resource has to be there/,
    (s) => put(s, 'Demand', 'B2', null),
  ],
  [
    'an arrival of nobody knows how much',
    'Arrivals!D2',
    /empty, and Quantity has to be there/,
    (s) => {
      s.Arrivals = [
        ['Depot', 'Period', 'Resource', 'Quantity'],
        ['capital', 0, 'water', null],
      ];
    },
  ],
  [
    'no routes, and needs',
    'Routes',
    /has no rows, and regions need something: fill it in, or let/,
    (s) => {
      s.Routes = [s.Routes![0]!];
      delete s.Fleets; // whose modes no route would have
    },
  ],
  [
    'a sheet twice',
    'Districts',
    /is Regions a second time/,
    (s) => {
      s.Districts = s.Regions!;
    },
  ],
  ['a period twice', 'Demand!G1', /a second column for period 1/, (s) => put(s, 'Demand', 'G1', s.Demand![0]![4]!)],
  [
    'an outline in a cell',
    'Regions!Z2',
    /is no outline/,
    (s) => {
      put(s, 'Regions', 'Z1', 'Polygon');
      put(s, 'Regions', 'Z2', 'POLYGON((1 2))');
    },
  ],
  [
    'more digits than a number keeps',
    'Stock!C2',
    /which is read as/,
    (s) => put(s, 'Stock', 'C2', '12345678901234567891'),
  ],
  ['a list with a word in it', 'Routes!H2', /where "x" is no number/, (s) => put(s, 'Routes', 'H2', '0; x')],
  ['an id of blanks', 'Depots!A2', /has only blanks/, (s) => put(s, 'Depots', 'A2', '  ')],
];

describe('a fault that only one check finds', () => {
  const says = (read: ReturnType<typeof readTables>, grids: readonly Grid[], where: string, what: RegExp) => {
    assert.ok(!read.ok, 'it must not pass');
    assertFindingsInParts(read.findings, grids);
    const said = read.findings.filter((f) => f.severity === 'fault').map((f) => f.message);
    assert.ok(
      said.some((m) => m.startsWith(`${where} `) && what.test(m)),
      `${where} ${what}, not only\n${said.join('\n')}`,
    );
  };
  for (const [what, where, message, harm] of CELLS)
    it(what, () => {
      const sheets = sheetsOf();
      harm(sheets);
      const bytes = xlsxOf(sheets);
      says(readTables(bytes), gridsOfBytes(bytes), where, message);
    });
  for (const [sheet, cell, message] of [
    ['Depots', 'A2', /is true, no id/],
    ['Depots', 'B2', /is true, no name/],
  ] as const)
    it(`a truth value as text, ${sheet}!${cell}`, () => {
      const sheets = sheetsOf();
      const bytes = patched(xlsxOf(sheets), partOf(sheets, sheet), cellXml(cell, `<c r="${cell}" t="b"><v>1</v></c>`));
      says(readTables(bytes), gridsOfBytes(bytes), `${sheet}!${cell}`, message);
    });
  it('two outlines of one region', () => {
    const files = csvFilesOf(sheetsOf());
    files.set(
      'regions.geojson',
      utf8(JSON.stringify({ type: 'FeatureCollection', features: [NORTH_OUTLINE, NORTH_OUTLINE] })),
    );
    says(readTableFiles(files), gridsOfFiles(files), 'regions.geojson feature 2, pcode', /is "north" a second time/);
  });
});

describe('a file that is not read at all', () => {
  const refused = (says: RegExp, read: () => unknown) => assert.throws(read, refusedAs(says));
  const csv = (name: string, content: Uint8Array | string) =>
    readTableFiles(new Map([[name, typeof content === 'string' ? utf8(content) : content]]));
  const collection = (features: string) => `{"type":"FeatureCollection","features":[${features}]}`;

  it('is too large, as a workbook, as CSV, as a folder', () => {
    const large = new Uint8Array(LIMITS.fileBytes + 1);
    large.set([0x50, 0x4b, 3, 4]);
    refused(/67,108,865 bytes; at most/, () => readTables(large));
    refused(/All tables together have 67,108,865 bytes/, () => csv('Routes.csv', large));
    const half = large.subarray(0, LIMITS.fileBytes / 2 + 1);
    const folder = new Map([0, 1].map((i) => [`${i}.csv`, half]));
    refused(/67,108,866 bytes/, () => readTableFiles(folder));
    const many = new Map(Array.from({ length: LIMITS.entries + 1 }, (_, i) => [`${i}.csv`, utf8('a')]));
    refused(/over 2,?000 files/, () => readTableFiles(many));
  });
  it('is CSV that is none, or has too many columns', () => {
    refused(/old or encrypted/, () => csv('Routes.csv', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 10)));
    refused(/16,384 columns/, () => csv('Routes.csv', `From${',x'.repeat(LIMITS.columns)}\n`));
  });
  it('is GeoJSON with too many features or properties, or a geometry without a place', () => {
    refused(/over 400,000 features/, () => csv('a.geojson', collection(`0${',0'.repeat(LIMITS.rows)}`)));
    const properties = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, i]));
    const point = (geometry: object, more: object = {}) =>
      collection(JSON.stringify({ type: 'Feature', properties: more, geometry }));
    refused(/over \d+ properties/, () => csv('a.geojson', point({ type: 'Point', coordinates: [1, 2] }, properties)));
    refused(/geometry without coordinates/, () => csv('a.geojson', point({ type: 'LineString' })));
  });

  const zip = (files: Record<string, string> = { 'Routes.csv': 'From,To,Mode\n'.repeat(50) }) =>
    Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([n, t]) => [n, utf8(t)]))));
  /** The place of the first entry of the directory; bytes there are of APPNOTE.TXT 4.3.12. */
  const directory = (bytes: Buffer) => bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const broken = (harm: (bytes: Buffer, at: number) => void, files?: Record<string, string>) => {
    const bytes = zip(files);
    harm(bytes, directory(bytes));
    return () => readTables(bytes);
  };
  it('is an archive whose entry is encrypted, packed otherwise, there twice, or damaged', () => {
    refused(
      /encrypted/,
      broken((b, at) => b.writeUInt16LE(1, at + 8)),
    );
    refused(
      /method 12/,
      broken((b, at) => b.writeUInt16LE(12, at + 10)),
    );
    refused(
      /check sum differs/,
      broken((b, at) => b.writeUInt32LE(1, at + 16)),
    );
    refused(
      /twice/,
      broken((b) => b.write('Stock1.csv', b.lastIndexOf('Stock2.csv')), { 'Stock1.csv': 'a', 'Stock2.csv': 'b' }),
    );
    refused(
      /Routes\.csv is damaged in the archive/,
      broken((b) => b.fill(0xff, 40, 60)),
    );
    // more is promised than comes; more bytes than the file has; more than is ever read
    refused(
      /breaks off/,
      broken((b, at) => b.writeUInt32LE(b.readUInt32LE(at + 24) + 6, at + 24)),
    );
    refused(
      /breaks off/,
      broken((b, at) => b.writeUInt32LE(b.length, at + 20)),
    );
    refused(
      /unpacks to [\d,]+ bytes or more; at most/,
      broken((b, at) => b.writeUInt32LE(2 ** 31, at + 24)),
    );
  });
  it('is an archive of tables that come to too much together', () => {
    const files = { 'Routes.csv': 'a'.repeat(100_000), 'Stock.csv': 'a'.repeat(100_000) };
    const bytes = Buffer.from(
      zipSync(Object.fromEntries(Object.entries(files).map(([n, t]) => [n, utf8(t)])), { level: 0 }),
    );
    const first = directory(bytes);
    for (const at of [first, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), first + 4)])
      bytes.writeUInt32LE(40_000_000, at + 24);
    refused(/All tables together have 80,000,000 bytes; at most 67/, () => readTables(bytes));
  });
  it('is an archive without directory, with a directory elsewhere, or with too many files', () => {
    refused(
      /directory of the archive is damaged/,
      broken((b, at) => b.writeUInt16LE(60_000, at + 28)),
    );
    refused(/no zip archive, or breaks off/, () => readTables(zip().subarray(0, 60)));
    const damaged = /directory of the archive is damaged/;
    refused(
      damaged,
      broken((b) => b.writeUInt32LE(3, b.length - 6)),
    ); // the directory is not there
    refused(
      damaged,
      broken((b) => b.writeUInt16LE(9, b.length - 12)),
    ); // nor are so many entries in it
    refused(
      damaged,
      broken((b, at) => b.writeUInt32LE(b.length - 10, at + 42)),
    ); // nor is the entry there
    const names = Object.fromEntries(Array.from({ length: LIMITS.entries + 1 }, (_, i) => [`${i}.csv`, 'a']));
    refused(/The archive has over 2,000 files/, () => readTables(zip(names)));
    const mapping = numbers(1 << 18);
    refused(/at most 1,048,576/, () => readTables(zip({ 'Routes.csv': 'From,To,Mode\n', 'mapping.json': mapping })));
  });

  const book = (part: string, content: string | Uint8Array | undefined) => {
    const { [part]: _, ...parts } = unzipSync(xlsxOf(sheetsOf()));
    const bytes = typeof content === 'string' ? utf8(content) : content;
    return () => readTables(zipSync(bytes === undefined ? parts : { ...parts, [part]: bytes }, { level: 1 }));
  };
  const sheet = (rows: string) =>
    book('xl/worksheets/sheet2.xml', `<worksheet><sheetData>${rows}</sheetData></worksheet>`);
  it('is a workbook with a part that is missing, or cells and rows out of their places', () => {
    refused(/sheet Resources is missing/, book('xl/worksheets/sheet2.xml', undefined));
    refused(/a cell out of its place \(A3 in row 2\)/, sheet('<row r="2"><c r="A3"><v>1</v></c></row>'));
    refused(/"abc" for a number in row 2/, sheet('<row r="2"><c r="A2"><v>abc</v></c></row>'));
    refused(/over 1,048,576 rows/, sheet('<row r="1048577"><c><v>1</v></c></row>'));
    refused(/a row out of its place/, sheet('<row r="3"/><row r="2"/>'));
    refused(/names text 99999/, sheet('<row r="2"><c r="A2" t="s"><v>99999</v></c></row>'));
    const long = numbers(60_000);
    refused(/over 32,767 characters in a cell/, sheet(`<row><c t="inlineStr"><is><t>${long}</t></is></c></row>`));
  });
  it('is XML that is none', () => {
    const part = (xml: string | Uint8Array) => book('xl/worksheets/sheet2.xml', xml);
    refused(/closes nothing/, part('<worksheet></row></worksheet>'));
    refused(/a tag without a name/, part('<worksheet>< /></worksheet>'));
    refused(/a second root/, part('<worksheet/><worksheet/>'));
    refused(/levels deep/, part(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`));
    refused(/text outside of the root/, part('<worksheet/>here<x/>'));
    refused(/a tag that does not end/, part(`<worksheet><row ${numbers(300_000)}`));
    refused(/not UTF-8/, part(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0xfe)));
    refused(/breaks off/, part('<worksheet><row>'));
    refused(/a reference to no character/, sheet('<row><c t="str"><v>a &#xD800; b</v></c></row>'));
    refused(/an entity &foo;/, sheet('<row><c t="str"><v>a &foo; b</v></c></row>'));
    refused(/an ampersand alone/, sheet('<row><c t="str"><v>a & b</v></c></row>'));
  });
});
