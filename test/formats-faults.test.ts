/** Sixty and more good workbooks and CSV files, each broken in one place: the fault is found there, and nothing passes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Grid,
  gridsOfBytes,
  gridsOfFiles,
  readTableFiles,
  readTables,
  type TablesRead,
} from '../scenarios/formats/index.js';
import { cellXml, csvFilesOf, partOf, patched, put, type Sheets, sheetsOf, xlsxOf } from './support/tables.js';
import { assertFindingsInParts } from './support/wordings.js';

type Harm = (s: Sheets) => void;
/** What is broken; where the fault has to be said to be; what its message has to say; whether it has a safe mend, and which. */
type Break = [what: string, where: string, says: RegExp, harm: Harm, fix?: string | number];

const text =
  (sheet: string, cell: string, value: string | number | null): Harm =>
  (s) =>
    put(s, sheet, cell, value);

/** Faults that a workbook and a CSV file can both have. */
const both: Break[] = [
  ['a decimal comma', 'Resources!D3', /decimal comma: write 25\.5/, text('Resources', 'D3', '25,5'), 25.5],
  ['thousands set apart by blanks', 'Stock!C2', /thousands/, text('Stock', 'C2', '48 000'), 48000],
  ['thousands set apart by no-break spaces', 'Stock!C2', /thousands/, text('Stock', 'C2', '48\u202f000'), 48000],
  ['thousands set apart by commas', 'Stock!C2', /thousands/, text('Stock', 'C2', '1,048,000'), 1048000],
  ['thousands set apart by apostrophes', 'Stock!C2', /thousands/, text('Stock', 'C2', "48'000"), 48000],
  ['thousands and a decimal comma', 'Stock!C2', /thousands.*decimal comma/, text('Stock', 'C2', '48.000,0'), 48000],
  [
    'a comma that may be either',
    'Stock!C2',
    /may set thousands apart or be a decimal comma/,
    text('Stock', 'C2', '48,000'),
  ],
  [
    'the unit in a number cell',
    'Routes!D2',
    /a unit \(km\) in the cell: write 350/,
    text('Routes', 'D2', '350 km'),
    350,
  ],
  [
    'another unit in a number cell',
    'Resources!D3',
    /a unit \(t\) in the cell: write the number alone in kg/,
    text('Resources', 'D3', '2 t'),
  ],
  ['a percentage as text', 'Regions!H2', /write 0\.3/, text('Regions', 'H2', '30%'), 0.3],
  ['words beside the number', 'Regions!E2', /more than a number/, text('Regions', 'E2', '7200 approx.')],
  ['a dash for nothing', 'Stock!C3', /no number/, text('Stock', 'C3', '-')],
  ['n/a', 'Demand!C3', /no number/, text('Demand', 'C3', 'n/a')],
  ['blanks around a number', 'Stock!C2', /blanks around the number/, text('Stock', 'C2', ' 48000 '), 48000],
  ['full-width digits', 'Stock!C2', /write 48000/, text('Stock', 'C2', '４８０００'), 48000],
  ['blanks around an id', 'Depots!A2', /"capital ", with blanks/, text('Depots', 'A2', 'capital '), 'capital'],
  ['a zero-width space in an id', 'Stock!A2', /nobody sees/, text('Stock', 'A2', 'cap\u200bital'), 'capital'],
  [
    'the same id twice',
    'Resources!A3',
    /is "water", as in row 2/,
    (s) => {
      put(s, 'Resources', 'A3', 'water');
      renamed(s, 'rice', 'water2');
    },
  ],
  [
    'an id that looks like another',
    'Regions!A3',
    /looks like "north" in row 2/,
    (s) => {
      put(s, 'Regions', 'A3', 'North');
      renamed(s, 'south', 'North');
    },
  ],
  [
    'a depot with the id of a region',
    'Regions!A3',
    /is "port", which Depots(\.csv)? row 3 has already/,
    (s) => {
      put(s, 'Regions', 'A3', 'port');
      renamed(s, 'south', 'port');
    },
  ],
  ['a required cell that is empty', 'Resources!D2', /empty, and Weight has to be there/, text('Resources', 'D2', null)],
  [
    'a region without id',
    'Regions!A3',
    /empty, and Id has to be there/,
    (s) => {
      put(s, 'Regions', 'A3', null);
      renamed(s, 'south', 'north', true);
    },
    'South valley',
  ],
  ['a row of sums', 'Regions!A4', /a row of sums: delete the row/, text('Regions', 'A4', 'Total')],
  ['a name in another case', 'Stock!B2', /did you mean "water"/, text('Stock', 'B2', 'Water'), 'water'],
  ['people with a comma in thousands', 'Regions!E2', /write 7200/, text('Regions', 'E2', '7,200'), 7200],
  ['degrees with a letter', 'Regions!C2', /write 48\.42/, text('Regions', 'C2', '48.42° E'), 48.42],
  ['degrees, minutes, seconds', 'Regions!D2', /write -17\.833/, text('Regions', 'D2', '17°50\'00" S'), -17.833333],
  ['a latitude as longitude', 'Regions!C2', /a latitude \(S\): exchange/, text('Regions', 'C2', '17.83 S')],
  ['a place in one cell', 'Regions!C2', /two numbers in one cell/, text('Regions', 'C2', '-17.83, 48.42')],
  ['tonnes of what is counted otherwise', 'Stock!C2', /in the unit that Resources states/, text('Stock', 'C2', '48 t')],
  ['a day that may be two', 'Scenario!B8', /2026-04-03 or 2026-03-04/, text('Scenario', 'B8', '3/4/2026')],
  ['demand without quantity', 'Demand!C3', /empty, and Quantity has to be there/, text('Demand', 'C3', null)],
  ['a period left out', 'Demand!F2', /empty, and other periods are not/, text('Demand', 'F2', null)],
  ['a quantity beside its periods', 'Demand!C2', /beside the columns of the periods/, text('Demand', 'C2', 5)],
  [
    'a route from nowhere',
    'Routes!A2',
    /names "prot", which is not a depot or hub: did you mean "port"/,
    text('Routes', 'A2', 'prot'),
  ],
  ['a route to nowhere', 'Routes!B5', /names "nroth".*did you mean "north"/, text('Routes', 'B5', 'nroth')],
  ['a route out of a region', 'Routes!A5', /names the region "north"/, text('Routes', 'A5', 'north')],
  [
    'a route twice',
    'Routes row 3',
    /repeats Routes(\.csv)? row 2/,
    (s) => {
      for (const c of 'ABC') put(s, 'Routes', `${c}3`, s.Routes![1]!['ABC'.indexOf(c)]!);
    },
  ],
  [
    'a region that no route reaches',
    'Regions!A3',
    /no route reaches/,
    (s) => {
      s.Routes = s.Routes!.filter((r) => r[1] !== 'south');
    },
  ],
  [
    'stock of an unknown depot',
    'Stock!A2',
    /names "captial", which is not a depot: did you mean "capital"/,
    text('Stock', 'A2', 'captial'),
  ],
  [
    'stock of an unknown resource',
    'Stock!B2',
    /names "watr", which is not a resource: did you mean "water"/,
    text('Stock', 'B2', 'watr'),
  ],
  ['stock twice', 'Stock!B3', /"water" a second time for "capital"/, text('Stock', 'B3', 'water')],
  ['demand of an unknown region', 'Demand!A2', /names "nort", which is not a region/, text('Demand', 'A2', 'nort')],
  ['demand of an unknown resource', 'Demand!B2', /names "watr"/, text('Demand', 'B2', 'watr')],
  ['demand twice', 'Demand!B3', /"water" a second time for "north"/, text('Demand', 'B3', 'water')],
  ['a broken lot', 'Stock!C3', /not a whole number of lots/, text('Stock', 'C3', 260.5)],
  ['a weight below 0', 'Resources!D2', /write a number from 0/, text('Resources', 'D2', -1)],
  ['half a period of lead', 'Routes!E2', /whole number/, text('Routes', 'E2', 0.5)],
  ['an arrival after the end', 'Arrivals!B2', /after the last period/, text('Arrivals', 'B2', 9)],
  ['a floor above 1', 'Regions!H2', /0 up to 1|from 0 up to 1/, text('Regions', 'H2', 30)],
  ['a latitude that is none', 'Depots!D2', /from -90 up to 90/, text('Depots', 'D2', 188)],
  ['half a place', 'Depots!D2', /empty, and Longitude is there/, text('Depots', 'D2', null)],
  ['an unknown kind', 'Resources!G2', /write "consumable"/, text('Resources', 'G2', 'consumible')],
  ['a kind in capitals', 'Resources!G2', /write "consumable"/, text('Resources', 'G2', 'Consumable'), 'consumable'],
  ['a list that is none', 'Routes!H5', /more than a number/, text('Routes', 'H5', '0 and 1')],
  ['a closure after the end', 'Routes!H5', /after the last period/, text('Routes', 'H5', '7;')],
  [
    'a fleet without its size',
    'Fleets row 2',
    /does not state its size: add tonneKm/,
    (s) => {
      for (const c of 'BCDE') put(s, 'Fleets', `${c}2`, null);
    },
  ],
  [
    'a fleet of a mode that no route has',
    'Fleets!A3',
    /"helicopetr", which no route has/,
    text('Fleets', 'A3', 'helicopetr'),
  ],
  ['two budgets', 'Budget row 3', /one row too many/, text('Budget', 'A3', 5)],
  ['an unknown stage', 'Policy!A2', /"floor"/, text('Policy', 'A2', 'flour')],
  ['a policy among stages', 'Policy!A3', /the policy "balanced" among stages/, text('Policy', 'A3', 'balanced')],
  [
    'a mistyped heading',
    'Routes!F1',
    /"Capcity \(t\)", which is no column of Routes: did you mean "Capacity"/,
    text('Routes', 'F1', 'Capcity (t)'),
  ],
  [
    'a heading in another unit',
    'Resources!D1',
    /is in lb: Weight is read in kg/,
    text('Resources', 'D1', 'Weight (lb)'),
  ],
  ['a heading twice', 'Routes!F1', /which E1 is already/, text('Routes', 'F1', 'Lead time')],
  ['a column without heading', 'Routes!F1', /has no heading/, text('Routes', 'F1', null)],
  ['a column that has to be there', 'Routes row 1', /has no column "To"/, text('Routes', 'B1', 'Note: to')],
  [
    'a sheet that has to be there',
    'Regions',
    /is no sheet of this file/,
    (s) => {
      delete s.Regions;
      delete s.Demand;
      s.Demand = [['Region', 'Resource', 'Quantity']];
    },
  ],
  [
    'a sheet without rows',
    'Depots',
    /has no rows/,
    (s) => {
      s.Depots = s.Depots!.slice(0, 1);
      delete s.Stock;
      delete s.Arrivals;
      delete s.Losses;
      s.Routes = [s.Routes![0]!];
      delete s.Fleets;
    },
  ],
  ['a field that is none', 'Scenario!A3', /no field of a scenario/, text('Scenario', 'A3', 'Colour')],
  ['a field twice', 'Scenario!A5', /Title a second time/, text('Scenario', 'A5', 'Title')],
  ['no number of periods', 'Scenario!B6', /whole number/, text('Scenario', 'B6', 0)],
  ['a length that is none', 'Scenario!B7', /ISO 8601 duration/, text('Scenario', 'B7', '1 day')],
]; // prettier-ignore

/** Other rows that name an id, so that only its own row is at fault. */
function renamed(s: Sheets, from: string, to: string, drop = false): void {
  for (const [name, rows] of Object.entries(s))
    if (!['Regions', 'Resources', 'Depots', 'Hubs'].includes(name))
      s[name] = rows
        .filter((r) => !(drop && r.includes(from) && name !== 'Routes'))
        .map((r) => r.map((c) => (c === from ? to : c)));
  if (!drop) return;
  const seen = new Set<string>();
  s.Routes = s.Routes!.filter((r) => {
    const k = r.slice(0, 3).join();
    return !seen.has(k) && seen.add(k);
  }); // prettier-ignore
}

/** Faults that only a workbook can have: the XML of a cell or sheet. */
const inXml: [
  what: string,
  where: string,
  says: RegExp,
  sheet: string,
  change: (xml: string) => string,
  fix?: string | number,
][] = [
  [
    'a number stored as text',
    'Stock!C2',
    /number stored as text/,
    'Stock',
    cellXml('C2', '<c r="C2" t="inlineStr"><is><t>48000</t></is></c>'),
    48000,
  ],
  [
    'a date as text',
    'Scenario!B8',
    /a date as text/,
    'Scenario',
    cellXml('B8', '<c r="B8" t="inlineStr"><is><t>22.11.2026</t></is></c>'),
    '2026-11-22',
  ],
  [
    'a date as text that may be two',
    'Scenario!B8',
    /a date as text/,
    'Scenario',
    cellXml('B8', '<c r="B8" t="inlineStr"><is><t>03/04/2026</t></is></c>'),
  ],
  ['a number for a date', 'Scenario!B8', /not a date/, 'Scenario', cellXml('B8', '<c r="B8"><v>46348</v></c>')],
  [
    'a formula',
    'Stock!C2',
    /is a formula.*paste its value \(48000\)/,
    'Stock',
    cellXml('C2', '<c r="C2"><f>24000*2</f><v>48000</v></c>'),
    48000,
  ],
  ['a formula without value', 'Stock!C2', /is a formula/, 'Stock', cellXml('C2', '<c r="C2"><f>24000*2</f></c>')],
  [
    'a formula that refers elsewhere',
    'Stock!C2',
    /refers to another workbook/,
    'Stock',
    cellXml('C2', '<c r="C2"><f>[1]Sheet1!A1</f><v>48000</v></c>'),
  ],
  [
    'an error',
    'Demand!C3',
    /the error #DIV\/0!/,
    'Demand',
    cellXml('C3', '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
  ],
  ['an error typed in', 'Demand!C3', /the error #N\/A/, 'Demand', cellXml('C3', '<c r="C3" t="e"><v>#N/A</v></c>')],
  ['a truth value for a number', 'Stock!C2', /is true/, 'Stock', cellXml('C2', '<c r="C2" t="b"><v>1</v></c>')],
  [
    'merged cells',
    'Stock!A2',
    /merged \(A2:A3\)/,
    'Stock',
    (xml) =>
      xml
        .replace('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>')
        .replace(/<c r="A3".*?<\/c>/s, ''),
  ],
  [
    'merged headings',
    'Routes!A1',
    /merged/,
    'Routes',
    (xml) => xml.replace('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'),
  ],
  [
    'a duplicate id in a hidden row',
    'Depots!A3',
    /is "capital", as in row 2, which is hidden/,
    'Depots',
    (xml) =>
      xml.replace('<row r="2">', '<row r="2" hidden="1">').replace(/(<c r="A3"[^>]*>.*?<t[^>]*>)port/s, '$1capital'),
  ],
]; // prettier-ignore

function found(
  read: TablesRead,
  grids: readonly Grid[],
  where: string,
  says: RegExp,
  fix: string | number | undefined,
): void {
  assert.ok(!read.ok, 'it must not pass');
  assertFindingsInParts(read.findings, grids);
  const faults = read.findings.filter((f) => f.severity === 'fault');
  const messages = faults.map((f) => f.message).join('\n');
  const hit = faults.find((f) => f.message.startsWith(`${where} `));
  assert.ok(hit, `a fault at ${where}, not only\n${messages}`);
  assert.match(hit.message, says);
  assert.equal(hit.fix, fix, hit.message);
}

describe('a workbook with one fault', () => {
  it('none: it is read', () => {
    const read = readTables(xlsxOf(sheetsOf()));
    assert.ok(read.ok && read.findings.length === 0, JSON.stringify(read));
    assert.ok(readTableFiles(csvFilesOf(sheetsOf())).ok);
  });
  it('there are sixty of them', () => {
    const names = [...both, ...inXml].map(([what]) => what);
    assert.ok(new Set(names).size === names.length && names.length >= 60, `${names.length}`);
  });
  for (const [what, where, says, harm, fix] of both)
    it(what, () => {
      const sheets = sheetsOf();
      harm(sheets);
      const [bytes, files] = [xlsxOf(sheets), csvFilesOf(sheets)];
      found(readTables(bytes), gridsOfBytes(bytes), where, says, fix);
      found(
        readTableFiles(files),
        gridsOfFiles(files),
        where.replace(/^\w+/, (name) => (sheets[name] ? `${name}.csv` : name)),
        says,
        fix,
      );
    });
  for (const [what, where, says, sheet, change, fix] of inXml)
    it(what, () => {
      const sheets = sheetsOf();
      let bytes = xlsxOf(sheets);
      bytes = patched(bytes, partOf(sheets, sheet), change);
      found(readTables(bytes), gridsOfBytes(bytes), where, says, fix);
    });
  it('all of them at once, where they do not hide each other', () => {
    const sheets = sheetsOf();
    const some = both.filter(([what]) =>
      [
        'a decimal comma',
        'n/a',
        'the unit in a number cell',
        'a percentage as text',
        'a heading in another unit',
        'a route to nowhere',
      ].includes(what),
    );
    for (const [, , , harm] of some) harm(sheets);
    const bytes = xlsxOf(sheets);
    const read = readTables(bytes);
    assert.ok(!read.ok);
    for (const [, where, says, , fix] of some) found(read, gridsOfBytes(bytes), where, says, fix);
    assert.equal(read.faults, some.length);
  });
});
