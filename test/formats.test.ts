/** Tables in and out: the same digest on the way back, other languages and tags, outlines, mends, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import readExcelFile from 'read-excel-file/node';
import { plainHeading } from '../scenarios/formats/headings.js';
import {
  type Finding,
  FormatError,
  fixCsv,
  fixWorkbook,
  gridsOfBytes,
  gridsOfFiles,
  LAYOUTS,
  proposeMapping,
  readGrids,
  readMapping,
  readTableFiles,
  readTables,
  scenarioToCsv,
  scenarioToWorkbook,
  scenarioToZip,
  type TablesRead,
  templateCsv,
  templateWorkbook,
} from '../scenarios/formats/index.js';
import { unreached } from '../scenarios/formats/reach.js';
import { typedNumber } from '../scenarios/formats/units.js';
import { caseNames, checkScenario, readCase, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';
import { cellXml, csvFilesOf, partOf, patched, put, type Sheets, sheetsOf, xlsxOf } from './support/tables.js';
import { assertFindingsInParts, refusedAs } from './support/wordings.js';

const joined = (pieces: Iterable<Uint8Array>): Uint8Array => Buffer.concat([...pieces]);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function mustRead(read: TablesRead): Scenario {
  assert.ok(read.ok, read.ok ? '' : read.findings.map((f) => f.message).join('\n'));
  return read.scenario;
}

/** By each of the three ways. */
function roundTrips(scenario: Scenario): void {
  const digest = scenarioDigest(scenario);
  const book = scenarioToWorkbook(scenario);
  assert.deepEqual(book.lost, []);
  assert.equal(scenarioDigest(mustRead(readTables(joined(book.content)))), digest, `${scenario.id} as a workbook`);
  assert.equal(
    scenarioDigest(mustRead(readTables(joined(scenarioToZip(scenario).content)))),
    digest,
    `${scenario.id} as a zip`,
  );
  const files = new Map([...scenarioToCsv(scenario).content].map(([name, text]) => [name, utf8(text)]));
  assert.equal(scenarioDigest(mustRead(readTableFiles(files))), digest, `${scenario.id} as CSV files`);
}

/** Texts that spreadsheets, CSV and XML each have trouble with. */
const odd = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '"',
      ',',
      ';',
      '\n',
      '\r',
      '\t',
      "'",
      '=1+1',
      '-',
      '@',
      '<',
      '&amp;',
      ']]>',
      '_x0041_',
      '\u0001',
      '\u00a0',
      '受灾',
      'é',
      '😀',
      '0',
      '1,5',
      '#N/A',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** A random scenario with what `randomScenario` does not draw; undefined where that does not fit together. */
const enriched = fc
  .record({
    seed: fc.nat({ max: 1e6 }),
    texts: fc.array(odd, { minLength: 8, maxLength: 8 }),
    coins: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    x: fc.double({ min: 0, max: 1e6, noNaN: true }),
  })
  .map(({ seed, texts, coins, x }): Scenario | undefined => {
    const base = randomScenario(seed);
    let coin = 0;
    const maybe = <F extends object>(fields: F): Partial<F> => (coins[coin++ % coins.length] ? fields : {});
    const T = base.periods.count;
    const some = [...Array(T).keys()].map((t) => x + t);
    const text = (i: number) => texts[i % texts.length]!;
    const after = {
      period: T - 1,
      ...maybe({ base: 'ab'.repeat(32) }),
      ...maybe({ amendments: [] }),
      ...maybe({ amendments: ['cd'.repeat(32), 'ef'.repeat(32)] }),
      ...maybe({ shipped: [] }),
      ...maybe({ used: [] }),
      ...maybe({ planned: [] }),
    };
    const scenario: Scenario = {
      ...base,
      ...maybe({ title: text(0) }),
      ...maybe({ source: text(1) }),
      ...maybe({ $schema: 'urn:x' }),
      periods: { count: T, ...maybe({ length: 'PT12H' }), ...maybe({ start: '2027-02-28' }) },
      resources: base.resources.map((r, i) => ({ ...r, ...maybe({ name: text(i) }), ...maybe({ volumeM3: x }) })),
      depots: base.depots.map((d, i) => ({
        ...d,
        ...maybe({ name: text(i + 3) }),
        ...maybe({ at: [x / 1e5, -x / 1e5] as [number, number] }),
        ...maybe({ owner: text(i + 1) }),
        ...maybe({ handlingTonnes: some }),
        ...maybe({ arrivals: [] }),
        ...maybe({ stock: {} }),
        ...maybe({ losses: [] }),
      })),
      routes: base.routes.map((r) => ({ ...r, ...maybe({ closed: [] }) })),
      ...maybe({
        fleets: (base.fleets ?? []).map((f) =>
          f.vehicles === undefined ? { ...f, tonneKm: some } : { ...f, vehicles: some },
        ),
      }),
      ...maybe({
        tiers: [
          { id: 'low', ...maybe({ name: text(5) }), ...maybe({ dueHours: { verify: 1 } }) },
          { id: 'high', organisation: text(6) },
        ],
      }),
      ...maybe({ adoption: { quorum: 2 } }),
      ...maybe({ after }),
      ...maybe({
        policy: [
          { stage: 'stay', tolerance: 0.25 },
          {
            stage: 'need',
            bands: [
              { upTo: 1 / 3, value: x + 1 },
              { upTo: 1, value: x },
            ],
          },
        ] as Scenario['policy'] & object,
      }),
    };
    return checkScenario(scenario).ok ? scenario : undefined;
  });

describe('a scenario as tables and back', () => {
  it('has the same digest: all cases', () => {
    for (const name of caseNames()) roundTrips(readCase(name));
  });

  it('has the same digest: a hundred random ones', () => {
    for (let seed = 0; seed < runs(100); seed++) roundTrips(randomScenario(seed));
  });

  it('has the same digest with odd texts, lists by the period, empty lists, tiers and a past', () => {
    let tried = 0;
    fc.assert(
      fc.property(enriched, (scenario) => {
        if (scenario === undefined) return;
        tried++;
        roundTrips(scenario);
      }),
      { numRuns: 100 },
    );
    assert.ok(tried > 40, `${tried} of 100 were scenarios`);
  });

  it('says what a workbook cannot hold, and only that is another one', () => {
    const base = readCase('two-valleys');
    const [north, south] = base.regions;
    const ring: [number, number][] = [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 1],
    ]; // prettier-ignore
    const outlined: Scenario = {
      ...base,
      regions: [{ ...north!, polygon: { type: 'Polygon', coordinates: [ring] } }, south!],
    };
    const book = scenarioToWorkbook(outlined);
    assert.match(book.lost.join(), /outlines of 1 region/);
    assert.equal(scenarioDigest(mustRead(readTables(joined(book.content)))), scenarioDigest(base));
    // CSV files have them beside them
    const zip = scenarioToZip(outlined);
    assert.deepEqual(zip.lost, []);
    assert.equal(scenarioDigest(mustRead(readTables(joined(zip.content)))), scenarioDigest(outlined));
    assert.match(scenarioToWorkbook({ ...base, title: '' }).lost.join(), /\/title: an empty text/);
    const alike = { ...base.depots[0]!, id: 'CAPITAL' };
    assert.match(scenarioToWorkbook({ ...base, depots: [...base.depots, alike] }).lost.join(), /"CAPITAL" differs/);
    assert.match(scenarioToWorkbook({ ...base, periods: { count: 4, start: '0001-01-01' } }).lost.join(), /0001-01-01/);
  });

  it('reads the same cells of a workbook as a reader that others wrote', async () => {
    const bytes = Buffer.from(joined(scenarioToWorkbook(readCase('enawo')).content));
    const others = await readExcelFile(bytes);
    const ours = gridsOfBytes(bytes);
    assert.deepEqual(
      ours.map((g) => g.name),
      others.map((o) => o.sheet),
    );
    for (const [i, { data }] of others.entries()) {
      const theirs = data.map((row) =>
        row.map((c) =>
          c === null ? undefined : c instanceof Date ? { is: 'date', iso: c.toISOString().slice(0, 10) } : c,
        ),
      );
      const rows = ours[i]!.rows.map((r) => Array.from({ length: theirs[0]!.length }, (_, c) => r.cells[c]));
      assert.deepEqual(rows, theirs);
    }
  });

  it('finds the regions that nothing reaches as a walk from each of them does', () => {
    for (let seed = 0; seed < runs(200); seed++) {
      const scenario = randomScenario(seed);
      const depots = new Set(scenario.depots.map((d) => d.id));
      const back = (id: string, seen: Set<string>): boolean =>
        depots.has(id) ||
        (!seen.has(id) && scenario.routes.some((r) => r.to === id && back(r.from, new Set([...seen, id]))));
      const expected = scenario.regions
        .filter(
          (r) =>
            Object.values(r.demand)
              .flat()
              .some((n) => n > 0) && !back(r.id, new Set()),
        )
        .map((r) => r.id);
      assert.deepEqual([...unreached(scenario)], expected);
    }
  });
});

describe('headings', () => {
  it('are known in any case, spacing and order, in French and Chinese, and no two columns of a sheet by one name', () => {
    for (const layout of LAYOUTS) {
      const names = new Map<string, string>();
      for (const c of layout.columns)
        for (const name of [c.heading]) {
          assert.ok(!names.has(plainHeading(name)), `${layout.name}: ${name}`);
          names.set(plainHeading(name), c.key);
        }
    }
    const sheets = sheetsOf();
    const rename = (sheet: string, to: string, columns: Record<string, string>) => {
      const rows = sheets[sheet]!;
      const order = rows[0]!.map((_, i) => i).reverse();
      sheets[to] = rows.map((row, r) =>
        order.map((i) =>
          r === 0 ? (columns[String(row[i])] ?? `  ${String(row[i]).toUpperCase()} `) : (row[i] ?? null),
        ),
      );
      if (to !== sheet) delete sheets[sheet];
    };
    rename('Depots', 'Entrepôts', {
      Id: 'Identifiant',
      Name: 'NOM',
      Owner: 'Propriétaire',
      'Handling (t)': 'Capacite de manutention [tonnes]',
    });
    rename('Routes', '路线', {
      From: '起点',
      To: '目的地',
      Mode: '运输方式',
      'Distance (km)': '距离（公里）',
      Lead: '在途期数',
      'Capacity (t)': '运力（吨）',
      'Cost per tonne': '费用',
    });
    rename('Stock', '3. STOCK', { Depot: 'Dépôt', Resource: 'Article', Quantity: 'Quantité' });
    const scenario = mustRead(readTables(xlsxOf(sheets)));
    assert.equal(scenarioDigest(scenario), scenarioDigest(readCase('two-valleys')));
  });

  it('may stand below a title', () => {
    const sheets = sheetsOf();
    sheets.Routes = [['Routes of the operation', null], [], ...sheets.Routes!];
    assert.equal(scenarioDigest(mustRead(readTables(xlsxOf(sheets)))), scenarioDigest(readCase('two-valleys')));
  });

  it('that nobody knows are said not to be read', () => {
    const sheets = sheetsOf();
    put(sheets, 'Routes', 'I1', 'Surveyed by');
    put(sheets, 'Routes', 'J1', 'Note: bridge');
    const read = readTables(xlsxOf(sheets));
    assert.ok(read.ok);
    assert.deepEqual(
      read.findings.map((f) => [f.severity, f.cell]),
      [['notice', 'I1']],
    );
  });
});

describe('periods', () => {
  it('of demand may have a row each, in any order, and dates stand for them', () => {
    const sheets = sheetsOf();
    const rows: [string, string, number, number | { date: string }][] = [];
    for (const region of readCase('two-valleys').regions)
      for (const [resource, need] of Object.entries(region.demand))
        for (const [t, n] of (typeof need === 'number' ? [need] : need).entries())
          if (typeof need === 'number') rows.push([region.id, resource, n, -1]);
          else rows.push([region.id, resource, n, t % 2 === 0 ? t : { date: `2026-11-${22 + t}` }]);
    sheets.Demand = [
      ['Region', 'Resource', 'Quantity', 'Day'],
      ...rows.toReversed().map(([a, b, n, t]) => (t === -1 ? [a, b, n] : [a, b, n, t])),
    ];
    put(sheets, 'Arrivals', 'B2', { date: '2026-11-23' });
    assert.equal(scenarioDigest(mustRead(readTables(xlsxOf(sheets)))), scenarioDigest(readCase('two-valleys')));
    assert.equal(scenarioDigest(mustRead(readTableFiles(csvFilesOf(sheets)))), scenarioDigest(readCase('two-valleys')));
    // a period that has no row needs nothing; a row twice and a day outside are faults at their cells
    sheets.Demand = [
      ['Region', 'Resource', 'Quantity', 'Period'],
      ['north', 'water', 5, 1],
      ['north', 'water', 7, 3],
    ];
    assert.deepEqual(mustRead(readTables(xlsxOf(sheets))).regions[0]!.demand, { water: [0, 5, 0, 7] });
    sheets.Demand.push(['north', 'water', 1, 3], ['north', 'rice', 1, { date: '2027-01-01' }], ['north', 'rice', 1, 9]);
    const read = readTables(xlsxOf(sheets));
    assert.ok(!read.ok);
    assert.deepEqual(read.findings.map((f) => f.cell).sort(), ['D4', 'D5', 'D6']);
  });
});

describe('the template', () => {
  it('is read, its examples aside, and lacks only what has to be filled in', () => {
    for (const read of [
      readTables(joined(templateWorkbook())),
      readTableFiles(new Map([...templateCsv()].map(([n, t]) => [n, utf8(t)]))),
    ]) {
      assert.ok(!read.ok);
      const faults = read.findings.filter((f) => f.severity === 'fault').map((f) => f.message);
      assert.deepEqual(faults.map((m) => m.replace(/(\.csv)? .*/, '')).sort(), ['Depots', 'Regions', 'Resources']);
    }
  });

  it('once filled in makes the scenario that was meant, and its examples are in none', () => {
    const grids = gridsOfBytes(joined(templateWorkbook()));
    const book: Sheets = Object.fromEntries(grids.map((g) => [g.name, [g.rows[0]!.cells.map((c) => c as string)]]));
    const examples = Object.fromEntries(grids.map((g) => [g.name, g.rows.slice(1)]));
    for (const [name, rows] of Object.entries(examples))
      for (const row of rows)
        for (const [c, cell] of row.cells.entries())
          if (typeof cell !== 'object' && cell !== undefined)
            put(book, name, `${String.fromCharCode(65 + c)}${row.number}`, cell as string);
    // the first example row of each sheet overwritten, as a person would
    const fill = (sheet: string, cells: (string | number | null)[]) => {
      book[sheet]![1] = cells;
    };
    fill('Resources', ['water', 'Water', 'L', 1, null, null, 'consumable', 0.0667]);
    fill('Depots', ['d', 'Depot', 1, 1]);
    fill('Stock', ['d', 'water', 1000]);
    fill('Regions', ['r', 'Region', 2, 1, 100]);
    fill('Demand', ['r', 'water', 1500]);
    fill('Routes', ['d', 'r', 'truck']);
    const scenario = mustRead(readTables(xlsxOf(book)));
    assert.deepEqual([scenario.depots.length, scenario.regions.length, scenario.routes.length], [1, 1, 1]);
    assert.deepEqual([scenario.hubs, scenario.fleets, scenario.budget], [[], [], undefined]);
    assert.ok(!JSON.stringify(scenario).includes('example-'));
  });

  it('leaves no figure behind where the example is overwritten in the columns that one knows', () => {
    const grids = gridsOfBytes(joined(templateWorkbook()));
    const book: Sheets = Object.fromEntries(
      grids.map((g) => [g.name, g.rows.slice(0, 2).map((r) => Array.from(r.cells, (c) => (c ?? null) as string))]),
    );
    const over = (sheet: string, values: Record<string, string | number>) => {
      const [heads, row] = book[sheet]!;
      for (const [head, value] of Object.entries(values)) row![heads!.indexOf(head)] = value;
    };
    book.Scenario = [
      ['Field', 'Value'],
      ['Id', 's'],
      ['Periods', 7],
    ];
    over('Resources', { Id: 'water', Unit: 'L', 'Weight (kg)': 1, Kind: 'consumable' });
    over('Depots', { Id: 'd', Longitude: 1, Latitude: 1 });
    over('Regions', { Id: 'r', Longitude: 2, Latitude: 1, People: 100 });
    over('Routes', { From: 'd', To: 'r', Mode: 'truck' });
    const { resources, depots, regions, routes } = mustRead(readTables(xlsxOf(book)));
    assert.deepEqual(
      { resources, depots, regions, routes },
      {
        resources: [{ id: 'water', unit: 'L', weightKg: 1, kind: 'consumable' }],
        depots: [{ id: 'd', at: [1, 1] }],
        regions: [{ id: 'r', at: [2, 1], people: 100, demand: {} }],
        routes: [{ from: 'd', to: 'r', mode: 'truck' }],
      },
    );
    const notes = grids.find((g) => g.name === 'Notes')!.rows.map((r) => r.cells.join(' '));
    assert.ok(
      notes.some((line) => /Regions Floor .*for example 0\.3$/.test(line)),
      'the example is in the notes',
    );
    assert.ok(notes.some((line) => /Fleets Loaded km per period .*half of all it drives.*for example 160$/.test(line)));
  });

  it('has every column that is read, and every one that has to be there says so', () => {
    const grids = gridsOfBytes(joined(templateWorkbook()));
    for (const name of [
      'Resources',
      'Depots',
      'Stock',
      'Arrivals',
      'Hubs',
      'Regions',
      'Demand',
      'Routes',
      'Fleets',
      'Budget',
      'Policy',
    ]) {
      const heads = grids.find((g) => g.name === name)?.rows[0]?.cells ?? [];
      const layout = LAYOUTS.find((l) => l.name === name)!;
      assert.equal(heads.length, layout.columns.filter((c) => !c.unwritten).length, name);
    }
  });
});

describe('tags of HXL 1.1', () => {
  const tagged: Record<string, string[][]> = {
    'admin2 caseload': [
      ['Province', 'District', 'Code', 'N', 'E', 'Affected'],
      ['#adm1 +name', '#adm2+name', '#adm2 +v_pcode +code', '#geo+lat', '#geo +lon', '#affected+ind'],
      ['Savanna', 'North valley', 'north', '-17.83', '48.42', '7200'],
      ['Savanna', 'South valley', 'south', '-19.62', '48.91', '4100'],
    ],
    needs: [
      ['where', 'what', 'how much'],
      ['#adm2+code', '#item+code', '#inneed'],
      ['north', 'rice', '120'],
      ['south', 'rice', '70'],
    ],
    links: [
      ['a', 'b', 'c', 'd'],
      ['#loc+code+origin', '#loc+dest', '#transport+mode', '#distance+km'],
      ['capital', 'north', 'truck', '230'],
      ['capital', 'south', 'truck', '185'],
    ],
  };
  const sheets = (order: (row: string[]) => string[]): Sheets => {
    const { Scenario, Resources, Depots } = sheetsOf();
    const stock = [
      ['Depot', 'Resource', 'Quantity'],
      ['capital', 'rice', '260'],
      ['port', 'rice', '340'],
    ];
    return {
      Scenario: Scenario!,
      Resources: Resources!,
      Depots: Depots!,
      Stock: stock,
      ...Object.fromEntries(Object.entries(tagged).map(([name, rows]) => [name, rows.map(order)])),
    };
  };
  it('map any table, attributes and columns in any order', () => {
    const straight = mustRead(readTableFiles(csvFilesOf(sheets((row) => row))));
    assert.deepEqual(straight.regions[0], {
      id: 'north',
      name: 'North valley',
      at: [48.42, -17.83],
      people: 7200,
      demand: { rice: 120 },
    });
    assert.deepEqual(straight.routes[1], { from: 'capital', to: 'south', mode: 'truck', km: 185 });
    const turned = mustRead(readTableFiles(csvFilesOf(sheets((row) => row.toReversed()))));
    assert.equal(scenarioDigest(turned), scenarioDigest(straight));
  });
  it('list whom the codes do not join', () => {
    const broken = sheets((row) => [...row]);
    put(broken, 'needs', 'A3', 'nrth');
    const files = csvFilesOf(broken);
    const read = readTableFiles(files);
    assert.ok(!read.ok);
    assertFindingsInParts(read.findings, gridsOfFiles(files));
    assert.match(
      read.findings.map((f) => f.message).join(),
      /needs\.csv!A3 names "nrth", which is not a region: did you mean "north"/,
    );
  });
});

describe('a mapping', () => {
  const own = (): Sheets => {
    const { Scenario, Resources, Depots, Stock, Demand, Routes } = sheetsOf();
    const caseload = [
      ['Caseload, week 1'],
      ['Prov.', 'P-Code (adm2)', 'Name of district', 'Pop. affected (est.)', 'Longitude E', 'Latitude N'],
      ['x', 'north', 'North valley', 7200, 48.42, -17.83],
      ['x', 'south', 'South valley', 4100, 48.91, -19.62],
    ];
    const routes = Routes!.filter((r) => r[0] !== 'junction' && r[1] !== 'junction');
    return {
      Scenario: Scenario!,
      Resources: Resources!,
      Depots: Depots!,
      Stock: Stock!,
      Demand: Demand!,
      Routes: [...routes, ['port', 'south', 'truck']],
      Caseload: caseload,
    };
  };
  it('is proposed from the headings, and read with', () => {
    const grids = gridsOfBytes(xlsxOf(own()));
    const before = readGrids(grids);
    assert.ok(!before.ok, 'no sheet of regions is known without it');
    const proposal = proposeMapping(grids);
    assert.deepEqual(proposal.sheets.Caseload, {
      sheet: 'Regions',
      columns: {
        id: 'P-Code (adm2)',
        name: 'Name of district',
        people: 'Pop. affected (est.)',
        lon: 'Longitude E',
        lat: 'Latitude N',
      },
      notRead: ['Prov.'],
    });
    const scenario = mustRead(readGrids(grids, readMapping(JSON.stringify(proposal))));
    assert.deepEqual(
      scenario.regions.map((r) => [r.id, r.name, r.people]),
      [
        ['north', 'North valley', 7200],
        ['south', 'South valley', 4100],
      ],
    ); // prettier-ignore
  });
  it('goes along in a zip of CSV files', () => {
    const files = Object.fromEntries(csvFilesOf(own()));
    assert.ok(!readTables(zipSync(files)).ok);
    const mapping = utf8(JSON.stringify(proposeMapping(gridsOfBytes(zipSync(files)))));
    assert.equal(mustRead(readTables(zipSync({ ...files, 'mapping.json': mapping }))).regions.length, 2);
    assert.throws(() => readTables(zipSync({ ...files, 'mapping.json': utf8('{}') })), FormatError);
  });
  it('that is at fault says where', () => {
    for (const [text, says] of [
      ['{', /not JSON/],
      ['{"mapping":2,"sheets":{}}', /\/mapping/],
      ['{"mapping":1,"sheets":{"a":{"sheet":"Rutes","columns":{}}}}', /sheets\/a\/sheet/],
      [
        '{"mapping":1,"sheets":{"a":{"sheet":"Routes","columns":{"colour":"x"}}}}',
        /"colour", which is no column of Routes/,
      ],
    ] as const)
      assert.throws(
        () => readMapping(text),
        (e) => e instanceof RangeError && says.test(e.message),
      );
  });
});

describe('GeoJSON', () => {
  const square = (x: number, y: number) => [
    [
      [x, y],
      [x + 1, y],
      [x + 1, y + 1],
      [x, y + 1],
      [x, y],
    ],
  ]; // prettier-ignore
  const feature = (properties: object, type: string, coordinates: unknown) => ({
    type: 'Feature',
    properties,
    geometry: { type, coordinates },
  });
  const collection = (...features: object[]) => utf8(JSON.stringify({ type: 'FeatureCollection', features }));
  const base = () => {
    const sheets = sheetsOf();
    sheets.Regions = sheets.Regions!.map((row) => [row[0]!, row[1]!, ...row.slice(4)]);
    return csvFilesOf(sheets);
  };
  it('gives regions their outline and place by the code that both have, and lists who has no partner', () => {
    const files = base();
    files.set(
      'adm2.geojson',
      collection(
        feature({ ADM1_PCODE: 'MG1', ADM2_PCODE: 'north' }, 'Polygon', square(48, -18)),
        feature({ ADM1_PCODE: 'MG1', ADM2_PCODE: 'west' }, 'Polygon', square(40, -18)),
      ),
    );
    const read = readTableFiles(files);
    const { regions } = mustRead(read);
    assert.deepEqual(regions[0]!.at, [48.5, -17.5]);
    assert.deepEqual(regions[0]!.polygon, { type: 'Polygon', coordinates: square(48, -18) });
    assert.equal(regions[1]!.polygon, undefined);
    assertFindingsInParts(read.findings, gridsOfFiles(files));
    const notices = read.findings.map((f) => f.message).join('\n');
    assert.match(
      notices,
      /adm2\.geojson has 1 features that no row of Regions\.csv is \(joined by "ADM2_PCODE"\): "west"/,
    );
    assert.match(notices, /Regions\.csv has 1 rows that no feature of adm2\.geojson is .*: "south"/);
  });
  it('is a table of its own: depots as points, regions of the lowest level, roads as lines with their length', () => {
    const { Scenario, Resources, Stock, Demand } = sheetsOf();
    const files = csvFilesOf({ Scenario: Scenario!, Resources: Resources!, Stock: Stock!, Demand: Demand! });
    files.set(
      'depots.geojson',
      collection(
        feature({ id: 'capital', owner: 'x' }, 'Point', [47.5, -18.9, 1200]),
        feature({ id: 'port' }, 'Point', [49.4, -18.1]),
      ),
    );
    files.set(
      'bounds.geojson',
      collection(
        ...['north', 'south'].map((id, i) =>
          feature({ ADM1_PCODE: 'MG1', ADM1_EN: 'P', ADM2_PCODE: id, ADM2_EN: id.toUpperCase() }, 'MultiPolygon', [
            square(48 + i, -18),
            square(10, 10),
          ]),
        ),
      ),
    );
    files.set(
      'roads.geojson',
      collection(
        feature({ from: 'capital', to: 'north', mode: 'truck' }, 'LineString', [
          [0, 0],
          [1, 0],
          [1, 1],
        ]),
        feature({ from: 'port', to: 'south', mode: 'truck', km: 12.5 }, 'LineString', [
          [0, 0],
          [1, 0],
        ]),
      ),
    ); // prettier-ignore
    const scenario = mustRead(readTableFiles(files));
    assert.deepEqual(
      scenario.depots.map((d) => [d.id, d.at, d.owner]),
      [
        ['capital', [47.5, -18.9], 'x'],
        ['port', [49.4, -18.1], undefined],
      ],
    ); // prettier-ignore
    assert.deepEqual(
      scenario.regions.map((r) => [r.id, r.name]),
      [
        ['north', 'NORTH'],
        ['south', 'SOUTH'],
      ],
    ); // prettier-ignore
    // a degree of a great circle is 6371.0088 π ÷ 180 km
    const degree = (6371.0088 * Math.PI) / 180;
    assert.ok(Math.abs(scenario.routes[0]!.km! - 2 * degree) < 0.01);
    assert.equal(scenario.routes[1]!.km, 12.5);
  });
  it('says the feature and property at fault', () => {
    const files = base();
    files.set('depots.geojson', collection(feature({ id: 'nowhere' }, 'Point', [1, 1])));
    const read = readTableFiles(files);
    assert.ok(!read.ok);
    assertFindingsInParts(read.findings, gridsOfFiles(files));
    assert.match(
      read.findings.map((f) => f.message).join(),
      /depots\.geojson has no property that names one of Depots\.csv/,
    );
    const routes = sheetsOf();
    delete routes.Routes;
    const alone = csvFilesOf(routes);
    alone.set(
      'roads.geojson',
      collection(
        feature({ from: 'captial', to: 'north', mode: 'truck' }, 'LineString', [
          [0, 0],
          [1, 0],
        ]),
      ),
    ); // prettier-ignore
    const again = readTableFiles(alone);
    assert.ok(!again.ok);
    assertFindingsInParts(again.findings, gridsOfFiles(alone));
    assert.match(
      again.findings.map((f) => f.message).join('\n'),
      /roads\.geojson feature 1, from names "captial".*did you mean "capital"/,
    );
  });
  it('is refused where it is projected, open, or no GeoJSON', () => {
    const refused = (bytes: Uint8Array, says: RegExp) => {
      const files = base();
      files.set('regions.geojson', bytes);
      assert.throws(() => readTableFiles(files), refusedAs(says));
    };
    refused(collection(feature({ id: 'north' }, 'Point', [5290000, -2100000])), /WGS 84/);
    refused(
      utf8('{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32738"}},"features":[]}'),
      /another system/,
    );
    refused(
      collection(
        feature({ id: 'north' }, 'Polygon', [
          [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        ]),
      ),
      /not closed/,
    ); // prettier-ignore
    refused(utf8('{"type":"Topology"}'), /no GeoJSON/);
    refused(utf8('['), /not JSON/);
    refused(
      collection(
        feature(
          { id: 'north' },
          'LineString',
          Array.from({ length: 400_001 }, () => [1, 1]),
        ),
      ),
      /corners/,
    );
  });
});

describe('--fix', () => {
  const faults = (read: TablesRead): Finding[] => (read.ok ? [] : read.findings.filter((f) => f.severity === 'fault'));
  const broken = (): Sheets => {
    const sheets = sheetsOf();
    put(sheets, 'Stock', 'C2', '48 000');
    put(sheets, 'Resources', 'D3', '25,0');
    put(sheets, 'Routes', 'A2', ' port');
    put(sheets, 'Regions', 'H2', '30 %');
    put(sheets, 'Resources', 'G2', 'CONSUMABLE');
    return sheets;
  };
  it('writes what is safe and touches nothing else, in a workbook', () => {
    const sheets = broken();
    let bytes = patched(
      xlsxOf(sheets),
      partOf(sheets, 'Stock'),
      cellXml('C3', '<c r="C3" s="1"><f t="shared" ref="C3:C9" si="0">130*2</f><v>260</v></c>'),
    );
    bytes = patched(bytes, partOf(sheets, 'Stock'), (xml) =>
      xml.replace('</sheetData>', '<row r="40"><c r="Z40"><f t="shared" si="0"/><v>7</v></c></row></sheetData>'),
    );
    bytes = patched(
      bytes,
      partOf(sheets, 'Scenario'),
      cellXml('B8', '<c r="B8" t="inlineStr"><is><t>22.11.2026</t></is></c>'),
    );
    const read = readTables(bytes);
    assert.ok(!read.ok && read.fixes.length === read.faults, JSON.stringify(faults(read)));
    const fixed = fixWorkbook(bytes, read.fixes);
    const copy = joined(fixed.content);
    assert.equal(fixed.count, 7);
    assert.equal(scenarioDigest(mustRead(readTables(copy))), scenarioDigest(readCase('two-valleys')));
    // other cells and sheets are as they were, the other cell of the shared formula has its value
    const [before, after] = [unzipSync(bytes), unzipSync(copy)];
    assert.deepEqual(Object.keys(after).sort(), Object.keys(before).sort());
    for (const name of Object.keys(before))
      if (!/sheet|styles/.test(name) || name === partOf(sheets, 'Demand'))
        assert.deepEqual(after[name], before[name], name);
    assert.match(new TextDecoder().decode(after[partOf(sheets, 'Stock')]), /<c r="Z40"><v>7<\/v><\/c>/);
  });
  it('writes what is safe into CSV files, with the separator that they have', () => {
    const sheets = broken();
    const files = csvFilesOf(sheets);
    files.set('Stock.csv', utf8(new TextDecoder().decode(files.get('Stock.csv')).replaceAll(',', ';')));
    const read = readTableFiles(files);
    assert.ok(!read.ok && read.fixes.length === read.faults, JSON.stringify(faults(read)));
    const copies = new Map([...files].map(([name, bytes]) => [name, utf8(fixCsv(name, bytes, read.fixes).content)]));
    assert.equal(scenarioDigest(mustRead(readTableFiles(copies))), scenarioDigest(readCase('two-valleys')));
    assert.match(new TextDecoder().decode(copies.get('Stock.csv')), /capital;water;48000\r\n/);
  });
  it('proposes a number only where the text can be no other, held against a reader by the letter', () => {
    // Every way to write some numbers, by English, French, German and Swiss habits; a text that two of them read differently has no mend.
    const habits = [
      [',', '.'],
      ['\u202f', ','],
      ['.', ','],
      ["'", '.'],
    ] as const;
    const write = (n: string, [thousands, decimal]: readonly [string, string]) => {
      const [whole = '', fraction] = n.split('.');
      return whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (fraction === undefined ? '' : decimal + fraction);
    };
    fc.assert(
      fc.property(
        fc.nat({ max: 5_000_000 }),
        fc.option(fc.constantFrom('5', '25', '125', '1250')),
        fc.constantFrom(...habits),
        (whole, fraction, habit) => {
          const number = fraction === null ? `${whole}` : `${whole}.${fraction}`;
          const text = write(number, habit);
          const typed = typedNumber(text, undefined, false);
          if (typed.value !== undefined && !/^\d+\.\d+$/.test(text)) assert.equal(typed.value, Number(number), text);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('what is refused as a whole', () => {
  const good = (): Uint8Array => xlsxOf(sheetsOf());
  const refused = (bytes: Uint8Array, says: RegExp) =>
    assert.throws(() => readTables(bytes), refusedAs(says), String(says));
  const withPart = (part: string, content: string | Uint8Array): Uint8Array =>
    zipSync({ ...unzipSync(good()), [part]: typeof content === 'string' ? utf8(content) : content });
  const memory = () => process.memoryUsage().rss / 2 ** 20;

  it('a zip bomb, before it is unpacked, in bounded memory', () => {
    const before = memory();
    refused(withPart('xl/worksheets/sheet3.xml', new Uint8Array(150 * 2 ** 20)), /over 400 to 1|at most/);
    // the array above is ours; what reading adds is little
    assert.ok(memory() - before < 350, `${memory() - before} MB`);
  });
  it('a bomb whose directory lies about its size', () => {
    const bytes = Buffer.from(withPart('xl/worksheets/sheet2.xml', new Uint8Array(50 * 2 ** 20)));
    const name = Buffer.from('xl/worksheets/sheet2.xml');
    const at = bytes.lastIndexOf(name); // in the directory, which comes last
    bytes.writeUInt32LE(100_000, at - 46 + 24);
    refused(bytes, /unpacks to more than the archive says/);
  });
  it('entries that share their bytes', () => {
    const bytes = Buffer.from(good());
    const entry = (part: string) => bytes.lastIndexOf(Buffer.from(part)) - 46;
    bytes.writeUInt32LE(
      bytes.readUInt32LE(entry('xl/worksheets/sheet1.xml') + 42),
      entry('xl/worksheets/sheet2.xml') + 42,
    );
    refused(bytes, /over 400 to 1/);
  });
  it('entities that grow', () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>';
    refused(withPart('xl/worksheets/sheet2.xml', laughs), /document type/);
  });
  it('more rows than a sheet has, without holding them', () => {
    const row = (_: unknown, i: number) => `<row><c><v>${(i * 7919) % 100_003}</v></c></row>`;
    const some = Array.from({ length: 100_000 }, row).join('').repeat(5);
    const sheet = utf8(`<worksheet><sheetData>${some}</sheetData></worksheet>`);
    const rows = zipSync({ ...unzipSync(good()), 'xl/worksheets/sheet2.xml': sheet }, { level: 1 });
    refused(rows, /over 400,000 rows/);
    // and where no sheet alone has too many
    const half = utf8(
      `<worksheet><sheetData>${some.slice(0, some.lastIndexOf('<row>', some.length * 0.55))}</sheetData></worksheet>`,
    );
    const parts = { ...unzipSync(good()), 'xl/worksheets/sheet2.xml': half, 'xl/worksheets/sheet3.xml': half };
    refused(zipSync(parts, { level: 1 }), /over 400,000 rows/);
  });
  it('two CSV files that have too many rows together', () => {
    const half = utf8(`From\r\n${'a\r\n'.repeat(300_000)}`);
    const files = new Map([
      ['Routes.csv', half],
      ['Stock.csv', half],
    ]);
    assert.throws(() => readTableFiles(files), refusedAs(/over 400,000 rows/));
  });
  it('links to other workbooks, connections, macros, passwords, other formats', () => {
    refused(withPart('xl/externalLinks/externalLink1.xml', '<externalLink/>'), /links to other workbooks/);
    refused(withPart('xl/connections.xml', '<connections/>'), /fetches data/);
    refused(withPart('xl/vbaProject.bin', 'x'), /macros/);
    refused(withPart('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'), /OpenDocument/);
    refused(Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old workbook|password/);
    refused(utf8('{"evenhand":1}'), /no workbook/);
    refused(zipSync({ 'readme.md': utf8('x') }), /neither a workbook nor tables/);
  });
  it('damage of any kind: never another error, and never a scenario that is another one', () => {
    const bytes = good();
    const digest = scenarioDigest(readCase('two-valleys'));
    const quiet = (damaged: Uint8Array, sameOnly: boolean) => {
      try {
        const read = readTables(damaged);
        if (read.ok && sameOnly) assert.equal(scenarioDigest(read.scenario), digest);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    };
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= flip;
        quiet(damaged, true);
        quiet(bytes.subarray(0, at), true);
      }),
      { numRuns: 400 },
    );
    // damage within the XML, where no check sum tells it
    const parts = unzipSync(bytes);
    const names = Object.keys(parts).filter((n) => n.endsWith('.xml'));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom('<', '>', '&', '"', '/', 'x', '9', '-', ' ', '\u0000'),
        (name, where, character) => {
          const part = Uint8Array.from(parts[name]!);
          part[Math.floor(where * part.length)] = character.charCodeAt(0);
          quiet(zipSync({ ...parts, [name]: part }, { level: 0 }), false);
        },
      ),
      { numRuns: 400 },
    );
  });
  it('CSV that breaks, is no UTF-8, or has too long a row', () => {
    const csv = (bytes: Uint8Array, says: RegExp) =>
      assert.throws(() => gridsOfFiles(new Map([['Routes.csv', bytes]])), refusedAs(says));
    csv(utf8('From,To\n"port,capital\n'), /breaks in line \d+: a quote is opened and never closed/);
    csv(utf8('From,To\npo"rt,capital\n'), /a quote stands within a text/);
    csv(Buffer.from('De,À\nport,capitale\n', 'latin1'), /not UTF-8/);
    csv(Buffer.from('From,To\n', 'utf16le'), /not UTF-8/);
    assert.throws(() => gridsOfFiles(new Map()), FormatError);
  });
});
