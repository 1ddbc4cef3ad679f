/** Small files that would cost much: each is refused, or read, by what it would hold and not by what it is; and CSV against another reader. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { recordsOf } from '../scenarios/formats/csv-read.js';
import { FormatError, LIMITS, readTableFiles, readTables, type TablesRead } from '../scenarios/formats/index.js';
import { xmlReader } from '../scenarios/formats/xml.js';
import { checkScenario, readCase } from '../scenarios/index.js';
import { csvFilesOf, partOf, put, type Sheets, sheetsOf, xlsxOf } from './support/tables.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const KIND = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The workbook with parts that are changed or added. */
function bookWith(change: (parts: Record<string, Uint8Array>, sheets: Sheets) => void, sheets = sheetsOf()) {
  const parts = unzipSync(xlsxOf(sheets));
  change(parts, sheets);
  return () => readTables(zipSync(parts, { level: 0 })); // packed they would be refused as bombs at once
}

const withSheet = (sheet: string, inside: string, sheets = sheetsOf()) =>
  bookWith((parts) => {
    parts[partOf(sheets, sheet)] = utf8(`<worksheet>${inside}</worksheet>`);
  }, sheets);

const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;
const rows = (n: number, cells: (i: number) => string) => Array.from({ length: n }, (_, i) => row(cells(i))).join('');

/** A workbook with shared texts, and rows of a sheet that have them. */
const withShared = (sheet: string, texts: string, data: string) => {
  const sheets = sheetsOf();
  return bookWith((parts) => {
    parts['xl/sharedStrings.xml'] = utf8(`<sst>${texts}</sst>`);
    parts[RELATIONS] = utf8(
      new TextDecoder()
        .decode(parts[RELATIONS])
        .replace(
          '</Relationships>',
          `<Relationship Id="s" Type="${KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
        ),
    );
    parts[partOf(sheets, sheet)] = utf8(`<worksheet><sheetData>${data}</sheetData></worksheet>`);
  }, sheets);
};

const refused = (says: RegExp, read: () => unknown) =>
  assert.throws(read, (error: Error) => error instanceof FormatError && says.test(error.message));

/** Processor seconds stay far below what a cost that grows with the square would take. */
function quickly<T>(seconds: number, read: () => T): T {
  const begun = process.cpuUsage();
  const value = read();
  const { user, system } = process.cpuUsage(begun);
  assert.ok((user + system) / 1e6 < seconds, `${(user + system) / 1e6} s`);
  return value;
}

const messages = (read: TablesRead) => read.findings.map((f) => f.message).join('\n');

describe('a workbook that holds more than it is', () => {
  it('has a value at the end of each row', () =>
    refused(
      /over 2,000,000 cells/,
      withSheet(
        'Stock',
        `<sheetData>${rows(130, () => `${'<c/>'.repeat(LIMITS.columns - 1)}<c><v>1</v></c>`)}</sheetData>`,
      ),
    ));
  it('has a long text in a thousand cells', () =>
    refused(
      /over 33,554,432 characters/,
      withShared(
        'Stock',
        `<si><t>${'12345;'.repeat(5000)}</t></si>`,
        rows(1200, () => '<c t="s"><v>0</v></c>'),
      ),
    ));
  it('has long formulas', () =>
    refused(
      /over 33,554,432 characters/,
      withSheet('Stock', `<sheetData>${rows(200, (i) => `<c><f>${`A${i}+`.repeat(40_000)}</f></c>`)}</sheetData>`),
    ));
  it('has a formula that is too long', () =>
    refused(
      /over 32,767 characters in a cell/,
      withSheet('Stock', `<sheetData>${row(`<c><f>${'A1+'.repeat(100_000)}</f></c>`)}</sheetData>`),
    ));
  it('has a list of periods in every route', () => {
    const list = `<si><t>${'0;'.repeat(16_000)}</t></si>`;
    const routes = rows(130, () => `${text('capital')}${text('north')}${text('truck')}<c t="s"><v>0</v></c>`);
    refused(
      /Routes has over 2,000,000 numbers in lists/,
      withShared('Routes', list, row(...['From', 'To', 'Mode', 'Closed in'].map(text)) + routes),
    );
  });
  it('has a column for the last of ten thousand periods', () => {
    const head = row(...['Region', 'Resource', 'Period 9999'].map(text));
    refused(
      /Demand has over 2,000,000 numbers/,
      withSheet(
        'Demand',
        `<sheetData>${head}${rows(201, (i) => `${text('north')}${text(`r${i}`)}<c><v>1</v></c>`)}</sheetData>`,
      ),
    );
  });
  it('has a row for one of thousands of periods', () => {
    const sheets = sheetsOf();
    const count = sheets.Scenario!.findIndex(([field]) => field === 'Periods') + 1;
    put(sheets, 'Scenario', `B${count}`, 3660);
    const head = row(...['Region', 'Resource', 'Period', 'Quantity'].map(text));
    refused(
      /Demand has over 2,000,000 numbers/,
      withSheet(
        'Demand',
        `<sheetData>${head}${rows(550, (i) => `${text('north')}${text(`r${i}`)}<c><v>1</v></c><c><v>1</v></c>`)}</sheetData>`,
        sheets,
      ),
    );
  });
  it('has more regions than any country', () => {
    const ids = (n: number) => Array.from({ length: n }, (_, i) => i).join('\n');
    const files = csvFilesOf(sheetsOf());
    files.set('Regions.csv', utf8(`Id\n${ids(LIMITS.ids + 1)}`));
    refused(/Regions\.csv has over 100,000 ids/, () => readTableFiles(files));
  });
  it('has one part as two sheets, or parts and formats without end', () => {
    const twice = (parts: Record<string, Uint8Array>) => {
      const xml = new TextDecoder().decode(parts['xl/workbook.xml']);
      const [first] = /<sheet [^>]*>/.exec(xml)!;
      parts['xl/workbook.xml'] = utf8(xml.replace(first, first + first.replace(/name="[^"]*"/, 'name="Again"')));
    };
    refused(/The sheet Again is the same part as one before it/, bookWith(twice));
    refused(
      /over 20,000 parts/,
      bookWith((parts) => {
        parts[RELATIONS] = utf8(`<r>${'<Relationship/>'.repeat(20_001)}</r>`);
      }),
    );
    const styles = (xml: string) =>
      bookWith((parts) => {
        parts['xl/styles.xml'] = utf8(`<styleSheet>${xml}</styleSheet>`);
      });
    refused(/over 65,536 formats of cells/, styles(`<cellXfs>${'<xf/>'.repeat(65_537)}</cellXfs>`));
    const formats = Array.from({ length: 65_537 }, (_, i) => `<numFmt numFmtId="${i}" formatCode="d"/>`);
    refused(/over 65,536 formats of numbers/, styles(formats.join('')));
  });
  it('has texts that no cell has', () =>
    refused(/over 2,000,000 texts/, withShared('Stock', '<si/>'.repeat(LIMITS.cells + 1), '')));
  it('has long texts that no cell has', () =>
    refused(
      /over 33,554,432 characters/,
      withShared('Stock', `<si><t>${'12345;'.repeat(5000)}</t></si>`.repeat(1200), ''),
    ));
  it('has a text that never ends, looked at once', () => {
    const endless = `<sst><si><t>${'12 345 '.repeat(2_000_000)}`;
    quickly(2, () =>
      refused(
        /over 32,767 characters in a cell/,
        bookWith((parts) => {
          parts['xl/sharedStrings.xml'] = utf8(endless);
          parts[RELATIONS] = utf8(
            new TextDecoder()
              .decode(parts[RELATIONS])
              .replace(
                '</Relationships>',
                `<Relationship Id="s" Type="${KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
              ),
          );
        }),
      ),
    );
  });
  it('merges everything with everything', () => {
    const data = `<sheetData>${row(...['Depot', 'Resource', 'Quantity'].map(text))}${rows(20_000, () => text('capital'))}</sheetData>`;
    const merged = `<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(20_000)}</mergeCells>`;
    const read = quickly(4, withSheet('Stock', data + merged));
    assert.match(messages(read), /Stock!A1 is merged/);
  });
  it('is binary', () =>
    refused(
      /binary \(\.xlsb\): save it as \.xlsx/,
      bookWith((parts) => {
        parts['xl/workbook.bin'] = utf8('x');
      }),
    ));
});

describe('what costs the square of a file', () => {
  it('headings of one level by the thousand', () => {
    const heads = Array.from({ length: LIMITS.columns }, (_, i) => `ADM${i % 3}_PCODE`).join();
    const read = quickly(4, () => readTableFiles(new Map([['Regions.csv', utf8(`${heads}\n1\n`)]])));
    assert.match(messages(read), /Regions\.csv!F1 is "ADM2_PCODE", which C1 is already/);
  });
  it('names that are like none: near ones are looked for a hundred times', () => {
    const sheets = sheetsOf();
    const unknown = Array.from({ length: 200 }, (_, i) => [`nrth ${i}`, 'water', 1]);
    sheets.Demand = [['Region', 'Resource', 'Quantity'], ['nrth', 'water', 1], ...unknown];
    const said = messages(readTables(xlsxOf(sheets)));
    assert.match(said, /Demand!A2 names "nrth", which is not a region: did you mean "north"\?/);
    assert.match(said, /Demand!A101 .*: (did you mean|use a region: )/);
    assert.match(said, /Demand!A102 names "nrth 99", which is not a region: use a region\./);
  });
  it('routes between the same ends, by turns: which is open when is known without comparing all', () => {
    const { routes: _, ...rest } = readCase('two-valleys');
    const [from, to, mode, count] = ['capital', 'north', 'truck', rest.periods.count];
    const repeats = (closed: number[][]) => {
      const checked = checkScenario({ ...rest, routes: closed.map((c) => ({ from, to, mode, km: 1, closed: c })) });
      const faults = checked.ok ? [] : checked.faults.filter((f) => f.message.includes('repeats'));
      return faults.map((f) => f.pointer);
    };
    const periods = [...Array(count).keys()];
    fc.assert(
      fc.property(fc.array(fc.subarray(periods), { maxLength: 6 }), (closed) => {
        const both = (i: number, j: number) => periods.some((t) => !closed[i]!.includes(t) && !closed[j]!.includes(t));
        const expected = closed.flatMap((_, i) =>
          closed.some((__, j) => j < i && both(i, j)) ? [`/routes/${i}`] : [],
        );
        assert.deepEqual(repeats(closed), expected);
      }),
    );
    quickly(3, () => assert.deepEqual(repeats(Array.from({ length: 20_000 }, () => periods)), []));
  });
  it('a heading of a million letters, and a tag', () => {
    for (const long of ['(', '+f', 'note '].map((s) => s.repeat(150_000)))
      quickly(3, () => readTableFiles(new Map([['Routes.csv', utf8(`#affected${long},From\n1,2\n`)]])));
  });
});

describe('GeoJSON that holds more than it is', () => {
  const geojson = (json: string) => () => readTableFiles(new Map([['a.geojson', utf8(json)]]));
  it('is refused before it is parsed', () => {
    refused(/^a\.geojson is nested over 32 levels deep/, geojson('['.repeat(33)));
    refused(/nested over 32 levels deep/, geojson('{"a":'.repeat(33)));
    refused(/over 2,500,000 values/, geojson(`[${'0,'.repeat(LIMITS.values)}`));
    refused(/over 2,500,000 values/, geojson(`[${'[],'.repeat(LIMITS.values / 2)}`));
  });
  it('has brackets and commas in texts', () => {
    const name = `${'['.repeat(40)}"\\${','.repeat(40)}\\`;
    const feature = { type: 'Feature', properties: { name, also: '\\"[' }, geometry: null };
    const read = geojson(JSON.stringify({ type: 'FeatureCollection', features: [feature] }))();
    assert.ok(!/nested|values/.test(messages(read)));
    refused(/not JSON/, geojson('{"a":"'));
  });
  it('has hundreds of properties, of which each feature has one', () => {
    const wide = JSON.stringify({
      properties: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`p${i}`, i])),
    });
    refused(
      /a\.geojson has over 2,000,000 cells/,
      geojson(`{"type":"FeatureCollection","features":[${wide}${',{}'.repeat(5000)}]}`),
    );
  });
});

describe('CSV', () => {
  const csv = (content: string) => () => readTableFiles(new Map([['Routes.csv', utf8(content)]]));
  it('has a cell that is too long, in quotes or not, and a row of commas', () => {
    refused(/a cell of over 1,048,576 characters in line 2/, csv(`From\n${'x'.repeat(LIMITS.csvCell + 1)}`));
    refused(/a cell of over 1,048,576 characters in line 2/, csv(`From\n"${'""'.repeat(LIMITS.csvCell + 1)}`));
    refused(/over 16,384 columns in line 1/, csv(','.repeat(LIMITS.columns)));
  });
  it('has rows of any lengths, and as many empty lines as it likes', () => {
    const ragged = Array.from({ length: 30_000 }, (_, i) => 'x,'.repeat(i % 13)).join('\n');
    quickly(2, csv(ragged));
    quickly(2, csv(`From,To,Mode${'\n'.repeat(2_000_000)}a,b,c`));
  });
  it('has records as another reader has them, and breaks where it breaks', () => {
    const pieces = fc.constantFrom('a', 'b c', ',', ',', '\n', '\n', '"', '""', '"a,b"', '"a\nb"', '"c""d"', ' ', '受');
    const ends = fc.constantFrom('\n', '\r\n');
    let broken = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), ends, (parts, end) => {
        const content = parts.join('').replaceAll('\n', end);
        const theirs = outcome(() => parse(content, { relax_column_count: true, record_delimiter: [end] }));
        const ours = outcome(() => recordsOf(content, ','));
        if (theirs === undefined) broken++;
        assert.deepEqual(
          ours === undefined ? undefined : withoutLast(ours),
          theirs === undefined ? undefined : withoutLast(theirs),
        );
      }),
      { numRuns: 2000 },
    );
    assert.ok(broken > 100, `${broken} broken`);
  });
  it('ends its lines by returns alone, as old programs do', () => {
    assert.deepEqual(recordsOf('a,b\rc,d\r', ','), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(recordsOf('a\rb\nc', ','), [['a\rb'], ['c']], 'beside newlines they are letters');
  });
  it('breaks in the line that it says', () => {
    refused(/line 3: a quote is opened/, csv('From\n"a\n"",b'.replace('"",', '","')));
    refused(/line 4: something follows a closing quote/, csv('From\n"a\nb"\n"c"d\n'));
    refused(/line 2: a quote stands within/, csv('From\na"b\n'));
  });
});

/** Records, or undefined where the text is refused. */
function outcome(read: () => string[][]): string[][] | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CsvError || error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Empty lines at the end are nothing to us, and records of one empty cell to others. */
function withoutLast(records: string[][]): string[][] {
  const list = [...records];
  while (list.length > 0 && list.at(-1)!.length === 1 && list.at(-1)![0] === '') list.pop();
  return list;
}

describe('XML that comes in pieces', () => {
  const read = (bytes: Uint8Array, size: number): string => {
    let said = '';
    const reader = xmlReader('part', {
      open: (name) => {
        said += `<${name}>`;
      },
      text: (piece) => {
        said += piece;
      },
      close: (name) => {
        said += `</${name}>`;
      },
    });
    try {
      for (let at = 0; at < bytes.length; at += size)
        reader.push(bytes.subarray(at, at + size), at + size >= bytes.length);
    } catch (error) {
      return error instanceof FormatError ? error.message : 'another error';
    }
    return said;
  };
  it('is what it is in one', () => {
    const inside = fc.array(
      fc.constantFrom(
        'a',
        '受',
        '😀',
        ' ',
        '\r',
        '\n',
        '\r\n',
        '&amp;',
        '&#x1F600;',
        '&',
        ';',
        '<b x="1>2"/>',
        '<!-- - -->',
        '<![CDATA[<&]]>',
        'long text without any tag',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(inside, fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const bytes = utf8(`<a>${parts.join('')}</a>`);
        assert.equal(read(bytes, size), read(bytes, bytes.length));
      }),
      { numRuns: 500 },
    );
  });
  it('has a tag that does not end, looked at once', () =>
    quickly(3, () => assert.match(read(utf8(`<a b="${'>'.repeat(3_000_000)}`), 2000), /a tag that does not end/)));
});
