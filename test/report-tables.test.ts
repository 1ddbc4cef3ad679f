/** Tables of plans: read again by libraries that know nothing of them, their sums are the plan's, no text is a formula. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import readXlsx from 'read-excel-file/node';
import {
  type Allocation,
  type Book,
  closePool,
  NOT_STATED,
  openBook,
  REPORTS,
  type ReportName,
  reportPieces,
  type Scenario,
} from '../engine/index.js';
import { periodOf, writeXlsx } from '../scenarios/index.js';
import { close, pairs, run } from './support/comparisons.js';
import { randomScenario } from './support/random.js';

after(closePool);

/** Core hashtags of HXL 1.1 that the tables use. */
const HASHTAGS =
  '#activity #cause #contact #currency #date #delivery #event #geo #indicator #inneed #item #loc #meta #modality #need #org #output #region #status #value'.split(
    ' ',
  );

const bytesOf = (book: Book, name: ReportName, format: 'csv' | 'xlsx'): Buffer =>
  Buffer.concat([...reportPieces(book, name, format)].map((p) => Buffer.from(p)));

type Row = Record<string, string>;
/** Rows by their HXL tags. */
function rowsOf(book: Book, name: ReportName): Row[] {
  const [titles, tags, ...rows] = parse(bytesOf(book, name, 'csv'), { relax_column_count: false }) as string[][];
  assert.equal(new Set(titles).size, titles!.length);
  assert.equal(new Set(tags).size, tags!.length, 'tags');
  for (const tag of tags!) {
    assert.match(tag, /^#[a-z]\w*(\+[a-z]\w*)*$/);
    assert.ok(HASHTAGS.includes(tag.split('+')[0]!), tag);
  }
  return rows.map((row) => Object.fromEntries(tags!.map((tag, c) => [tag, row[c]!])));
}

const sum = (rows: readonly Row[], tag: string) => rows.reduce((s, r) => s + Number(r[tag]), 0);

const books = pairs().then((list) =>
  list.flatMap(({ scenario, a, b }) => [openBook(a, scenario), openBook(b, scenario)]),
);

describe('tables of plans', () => {
  it('shipments are those of the plan, and add up to its tonnes, tonne-km and cost', async () => {
    for (const book of await books) {
      const { allocation } = book;
      const rows = rowsOf(book, 'shipments');
      assert.deepEqual(
        rows.map((r) => [
          r['#item+code'],
          r['#loc+origin+code'],
          r['#loc+dest+code'],
          r['#modality+transport'],
          r['#item+quantity'],
        ]),
        allocation.shipments.map((s) => [s.resource, s.from, s.to, s.mode, String(s.quantity)]),
      );
      close(sum(rows, '#item+weight+t'), allocation.measures.tonnes, 'tonnes');
      close(sum(rows, '#delivery+tonnekm'), allocation.measures.tonneKm, 'tonne-km');
      close(sum(rows, '#value+cost'), allocation.measures.cost, 'cost');
      const { periods } = book.scenario;
      if (periods.start !== undefined && (periods.length ?? 'P1D') === 'P1D')
        for (const r of rows)
          assert.equal(periodOf(periods, r['#date+depart']!, false), Number(r['#event+depart+num']));
    }
  });

  it('each shipment is on one line of one waybill, with those that leave with it', async () => {
    for (const book of await books) {
      const { shipments } = book.allocation;
      const rows = rowsOf(book, 'waybills');
      assert.deepEqual(
        rows.map((r) => Number(r['#meta+shipment+num'])).sort((a, b) => a - b),
        shipments.map((_, i) => i + 1),
      );
      const loads = new Map<string, Set<string>>();
      for (const r of rows) {
        const s = shipments[Number(r['#meta+shipment+num']) - 1]!;
        assert.deepEqual([Number(r['#item+quantity']), r['#item+code']], [s.quantity, s.resource]);
        const together = JSON.stringify([s.from, s.depart, s.mode, s.to, s.arrive]);
        const known = loads.get(r['#meta+waybill+id']!) ?? new Set();
        loads.set(r['#meta+waybill+id']!, known.add(together));
      }
      assert.ok([...loads.values()].every((s) => s.size === 1));
      assert.equal(new Set([...loads.values()].flatMap((s) => [...s])).size, loads.size, 'one waybill a load');
      // by depot, then by day
      const order = rows.map((r) => `${r['#loc+origin+code']} ${r['#event+depart+num']!.padStart(5, '0')}`);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      );
    }
  });

  it('4W has what comes to each region, whoever sends it, under the names of the depots’ owners', async () => {
    let [owned, joined] = [0, 0];
    for (const { scenario } of await pairs()) {
      const named: Scenario = {
        ...scenario,
        depots: scenario.depots.map((d, i) => (i % 3 === 2 ? d : { ...d, owner: `Office ${i % 2}` })),
      };
      const book = openBook(await run(named, 'balanced'), named);
      const rows = rowsOf(book, '4w');
      const regions = new Set(named.regions.map((r) => r.id));
      const expected = new Map<string, number>();
      for (const s of book.allocation.shipments) {
        if (!regions.has(s.to)) continue;
        const depot = named.depots.find((d) => d.id === s.from);
        if (depot) {
          const key = JSON.stringify([depot.owner ?? NOT_STATED, s.resource, s.to]);
          expected.set(key, (expected.get(key) ?? 0) + s.quantity);
        }
      }
      const found = new Map(
        rows.map((r) => [
          JSON.stringify([r['#org+name'], r['#item+code'], r['#region+code']]),
          Number(r['#output+quantity']),
        ]),
      );
      assert.equal(found.size, rows.length, 'a row for each organisation, resource and region');
      for (const [key, quantity] of expected) {
        assert.ok(found.get(key)! >= quantity * (1 - 1e-9), key);
        owned++;
      }
      for (const { id } of named.resources) {
        const into = book.allocation.shipments.filter((s) => s.resource === id && regions.has(s.to));
        close(
          sum(
            rows.filter((r) => r['#item+code'] === id),
            '#output+quantity',
          ),
          into.reduce((total, s) => total + s.quantity, 0),
          id,
        );
      }
      const names = [...new Set(named.depots.map((d) => d.owner ?? NOT_STATED))];
      for (const r of rows) {
        const senders = r['#org+name']!.split(' / ');
        assert.ok(
          senders.every((s) => names.includes(s)),
          r['#org+name'],
        );
        if (senders.length > 1) joined++;
      }
    }
    assert.ok(owned > 50 && joined > 0, `${owned} and ${joined}`);
  });

  it('unmet needs add up to what the measures say is unmet, each with its reason', async () => {
    for (const book of await books) {
      const rows = rowsOf(book, 'unmet');
      close(sum(rows, '#inneed+unmet+periods'), book.allocation.measures.peoplePeriodsUnmet, 'unmet');
      for (const r of rows) {
        close(Number(r['#need+met+periods']) + Number(r['#need+unmet+periods']), Number(r['#need+periods']), 'needed');
        assert.match(r['#cause+code']!, /^(limits|no-stock|no-way|policy)$/);
        assert.ok(r['#cause+description']);
      }
    }
  });

  it('workbooks hold what the CSV files hold, cell by cell', async () => {
    for (const book of (await books).slice(0, 12)) {
      const sheets = await readXlsx(bytesOf(book, 'tables', 'xlsx'));
      assert.deepEqual(
        sheets.map((s) => s.sheet),
        ['Shipments', 'Waybills', '4W', 'Unmet needs'],
      );
      for (const [n, name] of (['shipments', 'waybills', '4w', 'unmet'] as const).entries()) {
        const rows = parse(bytesOf(book, name, 'csv')) as string[][];
        const width = Math.max(...rows.map((r) => r.length));
        const read = sheets[n]!.data.map((row) =>
          Array.from({ length: width }, (_, c) => {
            const value = row[c] ?? null;
            return value instanceof Date ? value.toISOString().slice(0, 10) : value === null ? '' : String(value);
          }),
        );
        assert.deepEqual(read, rows, name);
      }
    }
  });

  it('no name becomes a formula, in CSV or in a workbook, and every name comes back', async () => {
    const hostile = [
      '=HYPERLINK("http://x","y")',
      '+1',
      '-2+3',
      '@SUM(A1)',
      '=cmd|x',
      '＝1',
      "'=1",
      '<b>&"x"</b>',
      '_x0041_',
    ];
    const scenario = randomScenario(3);
    const named: Scenario = {
      ...scenario,
      depots: scenario.depots.map((d, i) => ({ ...d, name: hostile[i % 9]!, owner: hostile[(i + 1) % 9]! })),
      regions: scenario.regions.map((r, i) => ({ ...r, name: hostile[(i + 2) % 9]! })),
      resources: scenario.resources.map((r, i) => ({ ...r, name: hostile[(i + 6) % 9]! })),
    };
    const book = openBook(await run(named, 'efficient'), named);
    for (const name of ['shipments', 'waybills', '4w', 'unmet'] as const) {
      const cells = (parse(bytesOf(book, name, 'csv')) as string[][]).flat();
      assert.ok(
        cells.some((c) => /^'+[=+\-@＝]/.test(c)),
        `${name} has such names`,
      );
      // numbers keep their minus
      for (const c of cells) assert.ok(!/^[=+\-@＝]/.test(c) || !Number.isNaN(Number(c)), c);
      const archive = unzipSync(bytesOf(book, name, 'xlsx'));
      const sheet = new TextDecoder().decode(archive['xl/worksheets/sheet1.xml']);
      assert.doesNotMatch(sheet, /<f[ >]/);
      const [first] = await readXlsx(bytesOf(book, name, 'xlsx'));
      const back = new Set<unknown>(first!.data.flat());
      const used = (s: string) => cells.includes(s) || cells.includes(`'${s}`);
      for (const text of hostile) assert.equal(back.has(text), used(text), text);
      // whoever edits such a cell still has a text
      assert.match(sheet, /<c r="[A-Z]+\d+" s="3" t="inlineStr"><is><t>[=+\-@＝']/);
    }
  });

  it('the same plan gives the same bytes, in every format', async () => {
    const [book] = (await books) as [Book];
    const again = openBook(structuredClone(book.allocation) as Allocation, structuredClone(book.scenario) as Scenario);
    for (const name of Object.keys(REPORTS) as ReportName[])
      for (const format of REPORTS[name])
        assert.deepEqual(
          Buffer.concat([...reportPieces(book, name, format)].map((p) => Buffer.from(p))),
          Buffer.concat([...reportPieces(again, name, format)].map((p) => Buffer.from(p))),
          name,
        );
  });
});

describe('workbooks', () => {
  it('go on in another sheet where one is full, under the same headings', async () => {
    const rows = [['n', 'square'], ...Array.from({ length: 10 }, (_, i) => [i, i * i])];
    const sheets = await readXlsx(Buffer.concat([...writeXlsx([{ name: 'Numbers', rows }], 5)]));
    assert.deepEqual(
      sheets.map((s) => [s.sheet, s.data.length]),
      [
        ['Numbers', 5],
        ['Numbers (2)', 5],
        ['Numbers (3)', 3],
      ],
    );
    assert.deepEqual(
      sheets.flatMap((s) => s.data.slice(1)),
      rows.slice(1),
    );
    for (const s of sheets) assert.deepEqual(s.data[0], ['n', 'square']);
  });

  it('refuse with sheet and cell what they cannot hold', () => {
    const write = (value: number | string | Date) => [...writeXlsx([{ name: 'A', rows: [['h'], [1, value]] }])];
    assert.throws(() => write(Number.NaN), /sheet 'A', B2: NaN/);
    assert.throws(() => write('x'.repeat(32_768)), /sheet 'A', B2: a text of 32768/);
    assert.throws(() => write(new Date('1899-12-31')), /sheet 'A', B2: a date before/);
    assert.throws(() => [...writeXlsx([{ name: 'a/b', rows: [] }])], /'a\/b'/);
    assert.throws(() => [...writeXlsx(['X', 'x'].map((name) => ({ name, rows: [] })))], /'x'/);
    const lists = [{ column: 0, from: 1, to: 9, values: ['a,b'] }];
    assert.throws(() => [...writeXlsx([{ name: 'A', rows: [], lists }])], /no commas/);
  });
});
