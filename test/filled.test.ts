/** The template filled as a person fills it: names of their own, slips and all, through `inspect`, `needs`, `routes` to a plan. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { placesAstray } from '../scenarios/formats/astray.js';
import { typedDegrees } from '../scenarios/formats/degrees.js';
import { gridsOfBytes, readTables, templateWorkbook } from '../scenarios/formats/index.js';
import { sameUnit } from '../scenarios/formats/units.js';
import { builtInStandards, matchStandards, needsOf, readCase, readDraft, type Scenario } from '../scenarios/index.js';
import { english } from '../scenarios/wording.js';
import { programIn } from './support/program.js';
import { put, type Sheets, xlsxOf } from './support/tables.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-filled-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const evenhand = programIn(folder);
const standards = builtInStandards();

/** The template with a heading row of its own in each sheet, and rows of a person below. */
function filled(): Sheets {
  const grids = gridsOfBytes(Buffer.concat([...templateWorkbook(standards.items)]));
  const sheets: Sheets = Object.fromEntries(
    grids.filter((g) => g.name !== 'Notes').map((g) => [g.name, [g.rows[0]!.cells.map((c) => c as string)]]),
  );
  sheets.Scenario!.push(['Id', 'Quake'], ['Periods', 5]);
  const standard = sheets.Resources![0]!.indexOf('Standard');
  sheets.Resources!.push(
    ['Rice', 'Rice, bag of 50 kg', 'bag', 50, null, null, 'consumable'],
    ['Tents', 'Family tents', 'pcs', 55, null, null, 'durable'],
  );
  put(sheets, 'Resources', `${String.fromCharCode(65 + standard)}2`, 'cereal');
  sheets.Depots!.push(['Main store', null, 62.2, 34.35]);
  sheets.Stock!.push(['Main store', 'Rice', 400], ['Main store', 'Tents', 300]);
  sheets.Regions!.push(
    ['Injil', null, 62.3, 34.3, 1000],
    ['Gulran', null, 61.7, 35.1, 2000],
    ['Kohsan', null, 61.2, 34.6, 10],
  );
  return sheets;
}

test('people and places alone become a plan, in a workbook each time', async () => {
  const sheets = filled();
  sheets.Fleets!.push(['truck', null, 30, 8, 150], ['boat', null, 1, 2, 50]);
  put(sheets, 'Resources', 'H3', 2);
  put(sheets, 'Regions', 'J4', 'yes');
  writeFileSync(at('event.xlsx'), xlsxOf(sheets));
  const inspected = await evenhand('inspect', 'event.xlsx');
  assert.equal(inspected.status, 0, inspected.out);
  for (const next of [
    'evenhand needs event.xlsx --out event.full.xlsx',
    'evenhand routes event.full.xlsx',
    'by the modes of Fleets: truck, boat',
  ])
    assert.ok(inspected.out.includes(next), inspected.out);

  const needs = await evenhand('needs', 'event.xlsx', '--out', 'event.full.xlsx');
  assert.equal(needs.status, 0, needs.err);
  assert.match(needs.out, /Rice: counted as "cereal" \(column Standard\)/);
  // a tent for two is stated, a tent for five is what the need was counted by
  assert.match(needs.out, /! Resources, Tents: People per unit is 2, and the standard's is 5 .* 0\.4 times/);
  assert.match(
    needs.out,
    /event\.full\.xlsx written: 6 rows of Demand\. Next: evenhand routes event\.full\.xlsx --out/,
  );
  assert.match(needs.out, /Tents: counted as "tent" \(by its name\)/);
  // needs and no routes is a draft for `routes`, and a fault for a plan
  const early = await evenhand('allocate', 'event.full.xlsx', '--data', 'log');
  assert.equal(early.status, 2);
  assert.match(early.err, /Fleets!A2 is "truck", which no route has: .*evenhand routes/);
  const routes = await evenhand('routes', 'event.full.xlsx', '--out', 'event.full.xlsx');
  assert.match(
    routes.out,
    /6 routes: 0 known, 6 assumed\nProposed by truck, boat: the modes of the fleets/,
    routes.err,
  );
  assert.match(
    routes.out,
    /\ntruck +3 +6 +1\.4 +30 [\s\S]*full\.xlsx written: 6 routes, 6 of them proposed now\. Next: evenhand allocate event\.full\.xlsx --out plan\.json\n$/,
  );

  const read = readTables(readFileSync(at('event.full.xlsx')));
  assert.ok(read.ok, JSON.stringify(read));
  // 1,000 people × 0.4 kg a day in bags of 50 kg; a tent for 5
  assert.deepEqual(read.scenario.regions[0]!.demand, { Rice: 8, Tents: 200 });
  assert.deepEqual(
    read.scenario.resources.map((r) => r.peoplePerUnit),
    [125, 2],
  );
  assert.match(routes.out, /! boat: check that both ends are on the water/);
  // what the template had for whoever fills it is there still, and what was filled in beside the scenario
  const written = readFileSync(at('event.full.xlsx'));
  const sheetNamed = (name: string) => gridsOfBytes(written).find((g) => g.name === name)!;
  assert.deepEqual([sheetNamed('Notes').rows.length > 100, sheetNamed('Budget').rows.length], [true, 1]);
  const template = unzipSync(Buffer.concat([...templateWorkbook(standards.items)]));
  for (const [name, sheet] of [
    ['Resources', 'sheet3.xml'],
    ['Routes', 'sheet10.xml'],
  ] as const) {
    const lists = (parts: Record<string, Uint8Array>) =>
      /<dataValidations.*<\/dataValidations>/s.exec(strFromU8(parts[`xl/worksheets/${sheet}`]!))?.[0];
    assert.equal(lists(unzipSync(written)), lists(template), `the lists of ${name}`);
    assert.ok(lists(template)?.includes('truck') || name !== 'Routes');
  }
  assert.equal(sheetNamed('Resources').rows[1]!.cells.at(-1), 'cereal');
  assert.deepEqual([...read.cutOff], ['Kohsan']);
  const plan = await evenhand('allocate', 'event.full.xlsx', '--data', 'log', '--gap', '0.01');
  assert.ok([0, 3].includes(plan.status!), plan.err);
});

test('routes still to come are no fault of an inspection; a mistyped mode is, and does not hide what is missing', () => {
  const sheets = filled();
  sheets.Demand!.push(['Injil', 'Rice', 8]);
  const [plan, inspection] = [readTables(xlsxOf(sheets)), readTables(xlsxOf(sheets), {}, 'inspection')];
  assert.ok(!plan.ok && inspection.ok);
  assert.match(plan.findings.map((f) => f.message).join(), /Routes has no rows.*evenhand routes/);
  sheets.Routes!.push(['Main store', 'Injil', 'truck'], ['Main store', 'Gulran', 'truck']);
  sheets.Fleets!.push(['boat', null, 1, 2, 50]);
  assert.ok(readTables(xlsxOf(sheets), {}, 'inspection').ok);
  assert.ok(!readTables(xlsxOf(sheets)).ok);
  sheets.Demand!.push(['Kohsan', 'Rice', 8]);
  const apart = readTables(xlsxOf(sheets), {}, 'inspection');
  assert.ok(!apart.ok && apart.standing!.unreached === 1);
  sheets.Fleets!.push(['truk', null, 1, 2, 50]);
  put(sheets, 'Stock', 'C2', 'many');
  const slip = readTables(xlsxOf(sheets), {}, 'inspection');
  assert.ok(!slip.ok);
  assert.deepEqual(slip.findings.map((f) => f.cell).sort(), ['A3', 'C2']);
  assert.deepEqual(
    [[...slip.standing!.needed!], slip.standing!.stocked, slip.standing!.routes],
    [['Rice'], undefined, 2],
  );
  assert.deepEqual(slip.standing!.withoutRoute, ['boat', 'truk']);
});

test('a plan of nothing says so, and what lies idle is named', async () => {
  writeFileSync(at('bare.xlsx'), xlsxOf(filled()));
  const bare = await evenhand('allocate', 'bare.xlsx', '--data', 'log');
  assert.match(bare.out, /No region needs anything in this file/);
  assert.ok(!bare.out.includes('100.0 %') || !/Tents .*100\.0 %/.test(bare.out), bare.out);
  const sheets = filled();
  sheets.Demand!.push(['Injil', 'Rice', 8]);
  sheets.Routes!.push(['Main store', 'Injil', 'truck']);
  writeFileSync(at('idle.xlsx'), xlsxOf(sheets));
  const idle = await evenhand('inspect', 'idle.xlsx');
  assert.match(idle.out, /In stock and needed by nobody: Tents/);
  const left = await evenhand('needs', 'idle.xlsx', '--items', 'soap,cereal=Rice', '--out', 'idle.json');
  assert.equal(left.status, 0, left.err);
  assert.match(left.out, /Needed and in no depot: soap/);
});

test('--fix writes an id where a row has a name alone, also where the file has no cell for it', async () => {
  const sheets = filled();
  sheets.Regions![2] = [null, 'Gulran', 61.7, 35.1, 2000];
  writeFileSync(at('named.xlsx'), xlsxOf(sheets));
  const run = await evenhand('inspect', 'named.xlsx', '--fix', 'named2.xlsx');
  assert.match(run.out, /1 cell mended; it has no faults any more/);
  const read = readTables(readFileSync(at('named2.xlsx')));
  assert.ok(read.ok && read.scenario.regions[1]!.id === 'Gulran');
});

describe('which item of the standards a resource is', () => {
  const resource = (id: string, unit: string, kind: 'consumable' | 'durable', name?: string) =>
    ({ id, unit, kind, weightKg: 1, ...(name ? { name } : {}) }) as Scenario['resources'][number];
  const matched = (list: Scenario['resources'], stated: Record<string, string> = {}) =>
    matchStandards(list, new Map(Object.entries(stated)), standards);

  it('goes by all words of the item, in the same unit and kind', () => {
    const { items, without } = matched([
      resource('A1', 'pcs', 'durable', 'High thermal blankets'),
      resource('Drinking water', 'litres', 'consumable'),
      resource('water tank', 'pcs', 'durable'),
      resource('Menstrual kits', 'kits', 'durable'),
      resource('Health kit basic', 'kit', 'durable'),
    ]);
    assert.deepEqual(
      items.map((i) => [i.resource, i.item]),
      [
        ['A1', 'blanket'],
        ['Drinking water', 'water'],
        ['Menstrual kits', 'menstrual-kit'],
        ['Health kit basic', 'health-kit-basic'],
      ],
    );
    assert.deepEqual(
      without.map((w) => w.resource),
      ['water tank'],
    );
  });
  it("is nobody's guess where two go by one name, and never another than is stated", () => {
    const two = [resource('Tent A', 'pcs', 'durable', 'tent'), resource('Tent B', 'pcs', 'durable', 'tent')];
    assert.deepEqual(matched(two).items, []);
    assert.deepEqual(matched(two, { 'Tent B': 'tent' }).items, [{ item: 'tent', resource: 'Tent B', stated: true }]);
  });
  it('weighs out what the standards count in kg or litres, and nothing else', () => {
    const draft = (unit: string, weightKg: number, item: string, kind: string) =>
      readDraft(
        JSON.stringify({
          ...{ evenhand: 1, id: 'd', periods: { count: 2 }, depots: [{ id: 'x' }], routes: [] },
          resources: [{ id: 'mine', unit, weightKg, kind }],
          regions: [{ id: 'r', people: 700 }],
          needs: { items: [{ item, resource: 'mine' }] },
        }),
      );
    for (const [unit, weight] of [
      ['bag', 25],
      ['tonne', 1000],
      ['sack', 7],
    ] as const) {
      const read = draft(unit, weight, 'cereal', 'consumable');
      assert.ok(read.ok, JSON.stringify(read));
      const made = needsOf(read.value, standards);
      assert.ok(made.ok);
      // 700 people × 400 g, in integers
      assert.equal([made.value.draft.regions[0]!.demand!.mine].flat()[0], Math.ceil((700 * 400) / (weight * 1000)));
    }
    const wrong = draft('crate', 7, 'tent', 'durable');
    assert.ok(wrong.ok && !needsOf(wrong.value, standards).ok);
    const unknown = draft('bag', 7, 'cereal', 'durable');
    assert.ok(unknown.ok && !needsOf(unknown.value, standards).ok, 'a kind of its own');
  });
  it('knows units by their other names', () => {
    for (const [a, b] of [
      ['litres', 'L'],
      ['pcs', 'piece'],
      ['Kits', 'kit'],
      ['公斤', 'kg'],
    ] as const)
      assert.ok(sameUnit(a, b), `${a} ${b}`);
    assert.ok(!sameUnit('kit', 'set') && !sameUnit('t', 'kg'));
  });
});

test('angles are read as they are written: back from degrees, minutes and seconds of every place', () => {
  for (let i = 0; i < 500; i++) {
    const seconds = (i * 7919 * 31) % (180 * 3600);
    const negative = i % 2 === 1;
    const [d, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    for (const [axis, letters] of [
      ['E', 'EW'],
      ['N', 'NS'],
    ] as const) {
      const letter = letters[negative ? 1 : 0]!;
      for (const text of [`${d}°${m}'${s}"${letter}`, `${letter} ${d}° ${m}′ ${s}″`]) {
        const typed = typedDegrees(text, axis);
        assert.ok(typed?.is === 'unlike' && typed.value !== undefined, text);
        assert.ok(Math.abs(typed.value - ((negative ? -1 : 1) * seconds) / 3600) < 1e-6, text);
      }
      assert.equal((typedDegrees(`12.5 ${axis === 'E' ? 'S' : 'W'}`, axis) as { value?: number }).value, undefined);
    }
  }
  for (const plain of ['48.42', '48,42', '1,234', 'here', '7 200']) assert.equal(typedDegrees(plain, 'E'), undefined);
});

test('a place with two numbers exchanged or a sign lost is pointed out, and no place of any case is', () => {
  for (const name of ['enawo', 'gorkha', 'idai', 'turkiye', 'wenchuan'])
    assert.deepEqual(placesAstray(readCase(name)), [], name);
  const idai = readCase('idai');
  const turned = (change: (at: [number, number]) => [number, number]) => ({
    ...idai,
    regions: idai.regions.map((r, i) => (i === 1 && r.at ? { ...r, at: change(r.at) } : r)),
  });
  for (const [change, mend] of [
    [([lon, lat]: [number, number]) => [lat, lon], /exchange/],
    [([lon, lat]: [number, number]) => [lon, -lat], /south is negative/],
  ] as [(at: [number, number]) => [number, number], RegExp][]) {
    const [found, ...more] = placesAstray(turned(change));
    assert.ok(found && more.length === 0);
    assert.equal(found.pointer, '/regions/1');
    assert.match(english(found.mend), mend);
  }
  const sheets = filled();
  sheets.Regions![3]!.splice(2, 2, 34.6, 61.2);
  const read = readTables(xlsxOf(sheets));
  assert.ok(read.ok);
  assert.match(read.findings[0]!.message, /Regions!C4 puts "Kohsan" .*exchange Longitude and Latitude/);
});

test('what stands right of all headings is said not to be read', () => {
  const sheets = filled();
  put(sheets, 'Resources', 'M2', 'ask the store');
  const read = readTables(xlsxOf(sheets));
  assert.ok(read.ok);
  assert.match(read.findings[0]!.message, /Resources!M2 stands right of the last heading/);
});
