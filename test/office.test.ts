/** Workbooks before somebody else's office: what is written opens there, and what it saves is what was written. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import readXlsx from 'read-excel-file/node';
import { closePool, openBook, reportPieces } from '../engine/index.js';
import { readTables } from '../scenarios/formats/index.js';
import { writeXlsx } from '../scenarios/index.js';
import { run } from './support/comparisons.js';
import { randomScenario } from './support/random.js';

after(closePool);

function office(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v soffice || command -v libreoffice'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

it('LibreOffice opens workbooks, takes no text for a formula and no number for a text, and saves what was written', async (t) => {
  const soffice = office();
  if (!soffice) return t.skip('no LibreOffice on this machine: no workbook was opened');
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-office-'));
  try {
    const convert = (to: string, ...files: string[]) =>
      execFileSync(
        soffice,
        [
          `-env:UserInstallation=file://${folder}/profile`,
          '--headless',
          '--convert-to',
          to,
          '--outdir',
          folder,
          ...files.map((file) => join(folder, file)),
        ],
        { timeout: 120_000, stdio: 'ignore' },
      );
    const scenario = { ...randomScenario(3), periods: { ...randomScenario(3).periods, start: '2024-02-28' } };
    const book = openBook(await run(scenario, 'balanced'), scenario);
    const bytes = Buffer.concat([...reportPieces(book, 'tables', 'xlsx')].map((p) => Buffer.from(p)));
    const odd = [
      '=1+1',
      '+1',
      '-2',
      '@x',
      '1e5',
      '007',
      '2024-03-01',
      'TRUE',
      "'=1",
      'a\nb',
      '<&>"',
      '１',
      '中文',
      'x'.repeat(2000),
    ];
    const lists = [{ column: 1, from: 1, to: 50, values: ['truck', 'boat'] }];
    const rows = [
      ['text', 'number', 'day'],
      ...odd.map((text, i) => [text, i - 0.5, new Date(Date.UTC(2024, 1, 28 + i))]),
    ];
    const columns = [{ width: 30 }, { format: '0.00' }, {}];
    writeFileSync(join(folder, 'plan.xlsx'), bytes);
    writeFileSync(
      join(folder, 'odd.xlsx'),
      Buffer.concat([...writeXlsx([{ name: 'Odd & "ends"', columns, rows, lists }])]),
    );

    // as it shows them: -1 is every sheet in a file of its own; cells as they are stored, not as formatted
    convert('csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1', 'plan.xlsx', 'odd.xlsx');
    const shown = readdirSync(folder).filter((f) => f.endsWith('.csv'));
    assert.equal(shown.length, 5, shown.join());
    const shipments = parse(readFileSync(join(folder, 'plan-Shipments.csv'))) as string[][];
    const expected = parse([...reportPieces(book, 'shipments', 'csv')].map(String).join('')) as string[][];
    assert.equal(shipments.length, expected.length);
    const numeric = new Set(
      ['#item+quantity', '#item+weight+t', '#delivery+tonnekm', '#value+cost', '#event+depart+num'].map((tag) =>
        expected[1]!.indexOf(tag),
      ),
    );
    shipments.slice(2).forEach((row, i) => {
      row.forEach((cell, c) => {
        if (numeric.has(c))
          assert.ok(Math.abs(Number(cell) - Number(expected[i + 2]![c])) <= 1e-9 * Math.abs(Number(cell)), cell);
      });
      const from = expected[1]!.indexOf('#loc+origin+code');
      assert.equal(row[from], expected[i + 2]![from]);
    });
    const read = parse(readFileSync(join(folder, shown.find((f) => f.startsWith('odd'))!))) as string[][];
    assert.deepEqual(
      read.slice(1).map(([text]) => text),
      odd,
    );
    assert.deepEqual(
      read.slice(1).map(([, n]) => Number(n)),
      odd.map((_, i) => i - 0.5),
    );

    // what it saves itself is read again as the same
    rmSync(join(folder, 'plan.xlsx'));
    writeFileSync(join(folder, 'plan.xlsx'), bytes);
    convert('ods', 'plan.xlsx');
    // an OpenDocument file is refused with the way out
    assert.throws(() => readTables(readFileSync(join(folder, 'plan.ods'))), /save it as Excel/);
    rmSync(join(folder, 'plan.xlsx'));
    convert('xlsx', 'plan.ods');
    const [before, saved] = [await readXlsx(bytes), await readXlsx(join(folder, 'plan.xlsx'))];
    assert.deepEqual(
      saved.map((s) => s.sheet),
      before.map((s) => s.sheet),
    );
    for (const [n, { data }] of before.entries())
      for (const [r, row] of data.entries())
        for (const [c, value] of row.entries()) {
          const other = saved[n]!.data[r]?.[c] ?? null;
          const where = `${before[n]!.sheet} ${r} ${c}: ${value} and ${other}`;
          if (typeof value === 'number') assert.ok(Math.abs(Number(other) - value) <= 1e-9 * Math.abs(value), where);
          else if (value instanceof Date)
            assert.equal(other instanceof Date && other.getTime(), value.getTime(), where);
          else assert.equal(other, value, where);
        }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
