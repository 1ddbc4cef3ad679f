/** The planner's page in a real browser, on the real server, engine and ledger. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { type Allocation, closePool } from '../engine/index.js';
import { readCase, type Scenario } from '../scenarios/index.js';
import { browserPath, NO_BROWSER, openSite, type Seen, type Site } from './support/browser.js';
import { until, withServer } from './support/http.js';
import { photoPng, sizeOfJpeg } from './support/picture.js';
import { put, sheetsOf, xlsxOf } from './support/tables.js';

const WEB = new URL('../server/web/', import.meta.url);
const MESSAGES = new URL('../../server/web/messages/', import.meta.url);

/** Bytes of gzip that all views together may have for a reader of one language, whichever; without the coast and the verifier. */
const PAGE_LIMIT = 80_000;
/** The verifier with every check of engine and scenarios, which comes when somebody verifies. */
const VERIFIER_LIMIT = 100_000;
/** Arithmetic for signatures, which comes where the browser has none. */
const PORTABLE_LIMIT = 4000;

describe('the page as it is served', () => {
  it('is small: all views together, and the verifier, stay below their limits', async () => {
    let [page, verifier, portable] = [0, 0, 0];
    const languages = new Map<string, number>();
    for (const name of await readdir(new URL('assets/', WEB))) {
      const packed = gzipSync(await readFile(new URL(`assets/${name}`, WEB)), { level: 9 }).length;
      if (name.startsWith('worker-portable-')) portable += packed;
      else if (name.startsWith('worker-')) verifier += packed;
      else if (/^(en|fr|zh)-/.test(name))
        languages.set(name.slice(0, 2), (languages.get(name.slice(0, 2)) ?? 0) + packed);
      else if (!/^land-50m.*json$/.test(name)) page += packed;
    }
    assert.equal(languages.size, 3);
    page += Math.max(...languages.values());
    assert.ok(page > 20_000 && page < PAGE_LIMIT, `the page has ${page} bytes of gzip`);
    assert.ok(verifier > 0 && verifier < VERIFIER_LIMIT, `the verifier has ${verifier} bytes of gzip`);
    assert.ok(portable > 0 && portable < PORTABLE_LIMIT, `its arithmetic has ${portable} bytes of gzip`);
  });

  it('has no script or style in its HTML, and names nothing from elsewhere', async () => {
    const html = await readFile(new URL('index.html', WEB), 'utf8');
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const [, address = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.match(address, /^\/assets\//);
  });

  it('goes to browsers; programs get the links, and assets stay in caches', () =>
    withServer(async ({ get, app }) => {
      const asked = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      assert.match(String(asked.headers['content-type']), /^text\/html/);
      assert.match(String(asked.headers['content-security-policy']), /script-src 'self';style-src 'self'/);
      for (const accept of ['*/*', 'application/json', ''])
        assert.equal((await get('/', { accept })).json<{ name: string }>().name, 'Evenhand');
      const [, script = ''] = /src="([^"]+)"/.exec(asked.text) ?? [];
      const answer = await app.inject({ url: script, headers: { 'accept-encoding': 'gzip' } });
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(answer.headers['content-encoding'], 'gzip');
      assert.equal((await get('/assets/../../app.js')).status, 404);
      assert.equal((await get('/assets/none.js')).status, 404);
      assert.equal((await get('/sw.js')).headers['cache-control'], 'no-cache');
    }));

  it('says everything in three languages, with the same values in each message', async () => {
    const read = async (name: string): Promise<Record<string, string>> => {
      const files = [`${name}.json`, `said/${name}.json`].map((file) => readFile(new URL(file, MESSAGES), 'utf8'));
      return Object.assign({}, ...(await Promise.all(files)).map((text) => JSON.parse(text)));
    };
    const en = await read('en');
    const values = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const language of ['fr', 'zh']) {
      const other = await read(language);
      assert.deepEqual(Object.keys(other), Object.keys(en), language);
      let same = 0;
      for (const [key, text] of Object.entries(en)) {
        assert.deepEqual(values(other[key]), values(text), `${language}: ${key}`);
        // a message of values alone has nothing to translate
        if (other[key] === text && /[a-z]/i.test(text.replace(/\{\w+\}/g, ''))) same++;
      }
      assert.ok(same < 40, `${language}: ${same} messages are those of English`);
    }
  });
});

describe('the page in a browser', { skip: browserPath === undefined ? NO_BROWSER : false }, () => {
  let site: Site;
  before(async () => {
    site = await openSite();
    // what the views below show, whatever the tests before them did
    const { digest: scenario } = await post('/scenarios', readCase('two-valleys'));
    for (const policy of ['balanced', 'efficient']) await plan({ scenario, policy, gap: 0.01 });
  });
  after(async () => {
    await site.close();
    await closePool();
  });

  async function post(path: string, body: unknown): Promise<{ digest: string; events: string; job: string }> {
    const answer = await fetch(site.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json() as Promise<{ digest: string; events: string; job: string }>;
  }

  /** Digest of the plan. */
  async function plan(asked: object): Promise<string> {
    const { events } = await post('/allocations', asked);
    // the stream of events ends with the job
    const told = await (await fetch(site.url + events)).text();
    return /"allocation":"([0-9a-f]{64})"/.exec(told)?.[1] ?? assert.fail(told.slice(-300));
  }

  /**
   * Where a site is on the page's map, by the textbook's Mercator: north up, all places in the box less its margins, and moved together
   * by up to a fifth where surroundings (all that is nearer to a region than to another, and not too far) would run out of the frame.
   */
  async function placeOn(page: Page, { depots, hubs = [], regions }: Scenario, id: string): Promise<[number, number]> {
    const { width, height } = (await page.locator('.mapbox canvas').first().boundingBox())!;
    const flat = [...depots, ...hubs, ...regions].map(({ id, at = [0, 0] }) => ({
      id,
      // the tests' places lie in the east, or just beyond the 180th meridian
      x: ((at[0]! < -90 ? at[0]! + 360 : at[0]!) * Math.PI) / 180,
      y: -Math.log(Math.tan(Math.PI / 4 + (at[1]! * Math.PI) / 360)),
    }));
    type Point = Pick<(typeof flat)[0], 'x' | 'y'>;
    const ends = (list: readonly Point[], axis: 'x' | 'y') => {
      const values = list.map((one) => one[axis]);
      return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const;
    };
    const [[west, east], [north, south]] = [ends(flat, 'x'), ends(flat, 'y')];
    const scale = Math.min((width - 72) / (east - west), (height - 86) / (south - north));
    const places = flat.map(({ id, x, y }) => ({
      id,
      x: width / 2 + scale * (x - (west + east) / 2),
      y: (height + 14) / 2 + scale * (y - (north + south) / 2),
    }));
    // the surroundings, spot by spot
    const homes = places.slice(-regions.length);
    const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
    const next = homes.map((a) => Math.min(...homes.filter((b) => b !== a).map((b) => apart(a, b))));
    const usual = next.toSorted((a, b) => a - b)[Math.floor(next.length * 0.75)]!;
    const around: Point[] = [];
    const reach = 2.2 * Math.max(...next);
    for (let x = -reach; x < width + reach; x += 4)
      for (let y = -reach; y < height + reach; y += 4) {
        const far = homes.map((home) => apart(home, { x, y }));
        const nearest = Math.min(...far);
        if (nearest <= Math.max(2.2 * usual, 0.8 * next[far.indexOf(nearest)]!)) around.push({ x, y });
      }
    const [all, own] = [[...places, ...around], places];
    const fit = ([from, to]: readonly [number, number], room: number) => (room - 8) / (to - from);
    const by = Math.max(0.8, Math.min(1, fit(ends(all, 'x'), width), fit(ends(all, 'y'), height)));
    const place = places.find((one) => one.id === id)!;
    const moved = (axis: 'x' | 'y', room: number, first: number) => {
      const [[from, to], [start, end]] = [ends(all, axis), ends(own, axis)];
      const middle = room / 2 - (by * (from + to)) / 2;
      return by * place[axis] + Math.max(first - by * start, Math.min(room - 36 - by * end, middle));
    };
    return [moved('x', width, 36), moved('y', height, 50)];
  }

  /** How many pixels of the map's lower canvas in a box have nearly that colour; of none: through how many the sea is seen. */
  const near = (page: Page, [x, y, w, h]: readonly number[], colour: string | null): Promise<number> =>
    page.evaluate(`(() => {
      const wanted = [1, 3, 5].map((i) => parseInt('${colour}'.slice(i, i + 2), 16));
      const { data } = document.querySelector('.mapbox canvas').getContext('2d')
        .getImageData(${Math.round(x!)}, ${Math.round(y!)}, ${w}, ${h});
      let found = 0;
      for (let at = 0; at < data.length; at += 4)
        if (${colour === null} ? data[at + 3] === 0 : wanted.every((level, i) => Math.abs(data[at + i] - level) < 40)) found++;
      return found;
    })()`);

  /** What a phone would cut, or let scroll sideways. A field of a form scrolls with what is typed. */
  const CUT = `[...document.querySelectorAll('main *')].filter((one) => {
    if (one.closest('.sr, svg, canvas, thead, input, select, textarea') || !one.checkVisibility()) return false;
    const scrolls = getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1;
    return scrolls || one.getBoundingClientRect().right > innerWidth + 1;
  }).map((one) => one.outerHTML.slice(0, 120))`;

  /** Words of charts that do not lie in the frame around their chart. */
  const STRAY = `[...document.querySelectorAll('main svg text')].filter((one) => {
    const [own, frame] = [one, one.closest('.panel, .sheet, main')].map((x) => x.getBoundingClientRect());
    return own.left < frame.left || own.right > frame.right;
  }).map((one) => one.textContent)`;

  const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  /** Nothing serious, by axe; and nothing wider than the window. */
  async function isFit(page: Page, seen: Seen, where: string): Promise<void> {
    // a view reached by its fragment is in the same document, which keeps axe; what passed is not described, and stays there
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await axe);
    const serious = (await page.evaluate(
      "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'))",
    )) as { id: string; nodes: { html: string }[] }[];
    const shown = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    assert.deepEqual(shown, [], where);
    const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.equal(wider, 0, `${where} is wider than the window`);
    if ((page.viewportSize()?.width ?? 0) < 400) assert.deepEqual(await page.evaluate(CUT), [], where);
    assert.deepEqual(await page.evaluate(STRAY), [], where);
    assert.deepEqual(seen.wrong, [], where);
  }

  /** All that is in a table, row by row. The functions run in the browser, whose types this project does not load. */
  const cells = (page: Page, selector: string): Promise<string[][]> =>
    page
      .locator(selector)
      .evaluateAll((rows) =>
        rows.map((row) => Array.from(Reflect.get(row, 'children') as { textContent: string }[], (c) => c.textContent)),
      );

  const statesOf = (page: Page): Promise<string[]> =>
    page
      .locator('[data-state]')
      .evaluateAll((all) => all.map((one) => (Reflect.get(one, 'dataset') as { state: string }).state));

  it('leads a planner from a file to an adopted plan that is verified here', { timeout: 180_000 }, async () => {
    const { page, seen } = await site.open();
    await page.goto(site.url);

    // a file with two faults: both are shown, each at its place with its mend
    const scenario = { ...readCase('two-valleys'), id: 'valleys-by-hand' };
    const faulty = structuredClone(scenario);
    faulty.regions[0]!.floor = 3;
    faulty.routes[0]!.to = 'nowhere';
    const [bad, good] = [join(site.dir, 'bad.json'), join(site.dir, 'good.json')];
    await writeFile(bad, JSON.stringify(faulty, null, 2));
    await writeFile(good, JSON.stringify(scenario));
    await page.setInputFiles('#file', bad);
    await page.locator('.faults li').nth(1).waitFor();
    const faults = await page.locator('.faults').textContent();
    assert.match(faults ?? '', /\/regions\/0\/floor[\s\S]*line \d+, column \d+[\s\S]*→/);
    assert.match(faults ?? '', /\/routes\/0\/to/);
    await isFit(page, seen, 'faults');

    // a workbook is taken as well, and its faults are told by sheet and cell
    const sheets = sheetsOf({ ...scenario, id: 'valleys-by-workbook' });
    const books = [join(site.dir, 'bad.xlsx'), join(site.dir, 'good.xlsx')] as const;
    await writeFile(books[1], xlsxOf(sheets));
    put(sheets, 'Routes', 'B2', 'nowhere');
    await writeFile(books[0], xlsxOf(sheets));
    await page.setInputFiles('#file', books[0]);
    await page.locator('.faults', { hasText: 'Routes!B2' }).waitFor();
    await page.setInputFiles('#file', books[1]);
    await page.getByRole('heading', { name: 'Two valleys cut off by a landslide' }).waitFor();
    await page.goto(site.url);

    await page.setInputFiles('#file', good);
    await page.getByRole('heading', { name: 'Two valleys cut off by a landslide' }).waitFor();
    await isFit(page, seen, 'scenario');

    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByRole('heading', { name: /^Plan for Two valleys/ }).waitFor({ timeout: 60_000 });
    const plan = new URL(page.url()).hash.split('/')[2]!;
    await page.locator('.mapbox canvas').first().waitFor();
    await isFit(page, seen, 'map');

    // the address is the state: another browser sees the same
    await page.selectOption('#map-pick', 'north');
    await page.getByRole('heading', { name: 'North valley' }).waitFor();
    const other = await site.open();
    await other.page.goto(page.url());
    await other.page.getByRole('heading', { name: 'North valley' }).waitFor();
    await other.page.context().close();

    await page.getByRole('link', { name: 'Regions and items' }).click();
    await page.locator('.heat').waitFor();
    await isFit(page, seen, 'heat-map');

    // what the days say of unmet need adds up to what the engine measured
    await page.getByRole('link', { name: 'Days' }).click();
    await page.getByText('The same as a table').click();
    const allocation = (await (await fetch(`${site.url}/allocations/${plan}`)).json()) as Allocation;
    const days = await cells(page, 'details tbody tr');
    const unmet = days.reduce((sum, row) => sum + Number(row.at(-1)?.replaceAll(',', '')), 0);
    assert.ok(Math.abs(unmet - allocation.measures.peoplePeriodsUnmet) <= days.length, `${unmet}`);
    await isFit(page, seen, 'days');

    await page.getByRole('link', { name: 'Shipments' }).click();
    await page.getByText(`${allocation.shipments.length} shipments`).waitFor();
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
    const lines = (await readFile((await csv.path())!, 'utf8')).trim().split('\r\n');
    // below two rows of headings
    assert.equal(lines.length, allocation.shipments.length + 2);
    await page.fill('#ship-search', 'north TARPAULIN');
    const wanted = allocation.shipments.filter(
      ({ to, from, resource }) => [to, from].includes('north') && resource === 'tarpaulin',
    );
    await page.getByText(`${wanted.length} shipment`).waitFor();
    await page.fill('#ship-search', '');
    await isFit(page, seen, 'shipments');

    // what became of the second consignment: two lots never got there
    await page.getByRole('link', { name: 'Report delivery' }).nth(1).click();
    const line = allocation.shipments[1]!;
    assert.equal(await page.inputValue('#d-shipped'), String(line.quantity));
    await page.fill('#d-delivered', String(line.quantity - 2));
    await page.fill('#d-by', 'Warehouse keeper');
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.locator('[data-state="sent"]').waitFor();
    const { reports } = (await (await fetch(`${site.url}/reports?kind=delivery`)).json()) as {
      reports: { report: { to: string; allocation: string; delivered: number } }[];
    };
    const [{ report } = assert.fail('no report')] = reports;
    assert.deepEqual([report.to, report.allocation, report.delivered], [line.to, plan, line.quantity - 2]);
    await isFit(page, seen, 'delivery');
    await page.goBack();

    // why, and a change that is tried
    await page.getByRole('link', { name: 'Map' }).click();
    await page.locator('aside').getByRole('link', { name: 'Why so little?' }).click();
    await page.getByRole('heading', { name: 'What would help most' }).waitFor({ timeout: 60_000 });
    await isFit(page, seen, 'why');
    await page
      .getByRole('button', { name: /^Try it/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Who gains, who loses' }).waitFor({ timeout: 60_000 });
    await page.getByText('The scenarios differ').waitFor();
    await isFit(page, seen, 'compare');

    await page.goto(`${site.url}/#/plan/${plan}`);
    await page.fill('#adopt-by', 'Coordination cell');
    await page.fill('#adopt-why', 'Shares are even.');
    await page.getByRole('button', { name: 'Put the adoption on the record' }).click();
    await page.getByText(/Adopted: entry \d+/).waitFor();

    await page.getByRole('link', { name: 'Check the proof here' }).click();
    await page
      .getByText(/shipments can be carried out; every value, bound and gap is as stated/)
      .waitFor({ timeout: 30_000 });
    assert.equal(await page.locator('[data-state="good"]').count(), 0, 'nothing is green before it was checked');
    await page.getByRole('button', { name: 'Check everything in this browser' }).click();
    await page.getByText(/^✓ \d+ entries hold/).waitFor({ timeout: 60_000 });
    const states = await statesOf(page);
    assert.ok(states.length >= 5 && states.every((state) => state === 'good'), String(states));
    await isFit(page, seen, 'record');

    await page.goto(`${site.url}/#/brief/${plan}`);
    await page.locator('.qr').waitFor();
    await isFit(page, seen, 'brief');
    // who gets what, as the plan has it
    const { coverage } = (await (await fetch(`${site.url}/allocations/${plan}`)).json()) as Allocation;
    const got = (await cells(page, '.gets tbody tr')).map(([, ...row]) =>
      row.map((cell) => /^[\d,.]+/.exec(cell)?.[0]),
    );
    const due = coverage.filter((c) => c.due > 0).map((c) => c.delivered.toLocaleString('en-US'));
    assert.deepEqual(
      got
        .flat()
        .filter((n) => n !== undefined)
        .sort(),
      due.sort(),
    );
    await page.context().close();
  });

  it('shows a tampered record red, with the right entry named', { timeout: 90_000 }, async () => {
    const { page, seen } = await site.open();
    await page.goto(`${site.url}/#/record`);
    const [bundle] = await Promise.all([
      fetch(`${site.url}/ledger/bundle`).then((answer) => answer.json() as Promise<{ entries: string[] }>),
      page.getByRole('heading', { name: 'Entries' }).waitFor(),
    ]);
    // whoever runs the server makes the plan of entry 1 look better by one digit
    const victim = bundle.entries.findIndex((text) => JSON.parse(text).kind === 'allocation');
    bundle.entries[victim] = bundle.entries[victim]!.replace(
      /("value":")(-?\d)/,
      (_, head, digit) => head + ((Number(digit) + 1) % 10),
    );
    await page.route('**/ledger/bundle', (route) => route.fulfill({ json: bundle }));
    await page.getByRole('button', { name: 'Check everything in this browser' }).click();
    await page.getByText(/The record does not hold/).waitFor({ timeout: 60_000 });
    assert.equal(
      await page.locator('[data-state="good"]').count(),
      0,
      'nothing of a record that does not hold is green',
    );
    assert.ok(await page.locator(`#entry-${victim} [data-state="bad"]`).isVisible());
    assert.match((await page.locator('[role="alert"]').textContent()) ?? '', new RegExp(`Entry ${victim}\\b`));
    const red = await page.locator('[data-state="bad"]').count();
    assert.equal(red, 1, 'only the entry that was changed is called wrong');
    await isFit(page, seen, 'tampered record');
    await page.context().close();
  });

  it('takes a reporter’s report on a phone with the network cut, and sends it once', { timeout: 90_000 }, async () => {
    const { page, seen } = await site.open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      colorScheme: 'dark',
    });
    const context = page.context();
    await page.clock.install(); // it goes as any clock, until it is put forward below
    await page.goto(`${site.url}/#/field`);
    await page.locator('#f-start').waitFor();
    await isFit(page, seen, 'field form');
    // the page is kept for later: what controls it has all its files
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');

    await context.setOffline(true);
    await page.selectOption('#f-start', { index: 1 });
    await page.selectOption('#f-route', { index: 1 });
    await page.fill('#f-text', 'The bridge is gone.');
    await page.fill('#f-by', 'Driver of the first convoy');
    // a photo is taken, taken away, and another taken: larger than what is sent, and more than localStorage holds
    const [first, second] = [join(site.dir, 'first.png'), join(site.dir, 'second.png')];
    await writeFile(first, photoPng(400, 300, 40));
    await writeFile(second, photoPng(2400, 3200, 90));
    const none = join(site.dir, 'none.jpg');
    await writeFile(none, 'no picture at all');
    await page.setInputFiles('#photo', none);
    await page.getByText('This picture cannot be read or kept in this browser.').waitFor();
    await page.setInputFiles('#photo', first);
    await page.locator('.thumb').waitFor();
    await page.getByRole('button', { name: 'Remove the photo' }).click();
    await page.locator('.thumb').waitFor({ state: 'detached' });
    await page.setInputFiles('#photo', second);
    await page.locator('.thumb').waitFor();
    await isFit(page, seen, 'field form with a photo');
    await page.reload(); // nothing is lost, without a network either
    await page.locator('#f-start').waitFor();
    assert.equal(await page.inputValue('#f-text'), 'The bridge is gone.');
    assert.equal(await page.inputValue('#f-by'), 'Driver of the first convoy');
    await page.locator('.thumb').waitFor();
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.locator('[data-state="waiting"]', { hasText: 'with a photo' }).waitFor();
    await page.locator('.thumb').waitFor({ state: 'detached' });
    const reports = async () =>
      (
        (await (await fetch(`${site.url}/reports?kind=obstacle`)).json()) as {
          reports: { digest: string; report: { photo: string } }[];
        }
      ).reports;
    assert.equal((await reports()).length, 0);
    await page.reload();
    await page.locator('[data-state="waiting"]').waitFor();

    // the line breaks again between the photo and its report, and after the report before its receipt
    let [photos, cut, over] = [0, 0, 0];
    page.on('requestfinished', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/photos')) photos++;
    });
    await page.route('**/reports', async (route) => {
      if (route.request().method() !== 'POST' || ++cut > 2) return route.continue();
      if (cut === 2) await route.fetch();
      await route.abort('connectionreset');
      over++;
    });
    await context.setOffline(false);
    // it tries again every ten seconds, of which nobody waits for here
    for (let tries = 1; tries < 3; tries++) {
      await until(`try ${tries} is over`, () => over === tries);
      await page.clock.fastForward(10_000);
    }
    await page.locator('[data-state="sent"]').waitFor();
    const [sent, ...more] = await reports();
    assert.deepEqual([more, photos, cut], [[], 1, 3], 'one report, one photo, three tries');
    const photo = Buffer.from(await (await fetch(`${site.url}/photos/${sent?.report.photo}`)).arrayBuffer());
    assert.ok(photo.length <= 300_000, `${photo.length} bytes`);
    const [width, height] = sizeOfJpeg(photo);
    assert.ok(height <= 1600 && height >= 900 && Math.abs(width / height - 0.75) < 0.002, `${width} × ${height}`);
    assert.equal(
      await page.evaluate(
        "new Promise((tell) => { indexedDB.open('evenhand').onsuccess = (e) => { e.target.result.transaction('photos').objectStore('photos').count().onsuccess = (f) => tell(f.target.result) } })",
      ),
      0,
      'what is on the record is not kept here',
    );
    const receipt = await page.locator('[data-state="sent"] a').textContent();
    assert.ok(receipt !== null && receipt.length >= 8 && sent?.digest.startsWith(receipt));

    await page.locator('[data-state="sent"] a').click();
    await page.locator('img.photo').waitFor();
    await page.evaluate("document.querySelector('img.photo').decode()");
    await isFit(page, seen, 'report with a photo');
    await context.close();
  });

  it('shows reports on a map, judged and taken up beside it, and what each changed', { timeout: 120_000 }, async () => {
    const scenario = { ...readCase('two-valleys'), id: 'valleys-with-reports' };
    const { digest } = await post('/scenarios', scenario);
    const before = await plan({ scenario: digest, gap: 0.01 });
    const head = { report: 1, scenario: digest, observed: '2026-11-22T06:30:00+03:00', by: 'Radio operator' };
    const route = { from: 'junction', to: 'north', mode: 'truck' };
    await post('/reports', { ...head, kind: 'obstacle', route, from: 1, capacityTonnes: 2 });
    const { digest: found } = await post('/reports', { ...head, kind: 'need', region: 'south', from: 1, people: 900 });

    const { page, seen } = await site.open();
    await page.goto(`${site.url}/#/reports`);
    const card = (what: string) => page.locator('.entries > li', { hasText: what });
    await card('900 people').filter({ hasText: 'South valley' }).waitFor();
    await page.locator('.mapbox canvas').first().waitFor();
    // the pin says the number of the entry, and turns dark where its report is open
    const [x, y] = await placeOn(page, scenario, 'south');
    const ink = () => near(page, [x - 5, y - 8, 10, 2], '#1c2426');
    await page.waitForTimeout(300);
    const pale = await ink();
    // by keyboard alone
    await page.getByRole('button', { name: 'People in need: 900 people' }).focus();
    await page.keyboard.press('Enter');
    await page.fill('#v-by', 'District office');
    assert.ok((await ink()) > pale + 12, `${await ink()} dark pixels, ${pale} before`);
    assert.match(page.url(), new RegExp(`report=${found}`), 'the address is the state');
    await isFit(page, seen, 'an open report');
    await page.fill('#v-why', 'Seen from the air.');
    await page.getByRole('button', { name: 'It holds', exact: true }).click();
    await card('900 people').locator('.tag', { hasText: 'verified' }).waitFor();
    // the place on the map opens its report as well
    await page.getByRole('button', { name: 'People in need: 900 people' }).click();
    await page.locator('.mapbox canvas').nth(1).click({ position: { x, y } });
    await page.locator('.picked', { hasText: '900 people' }).waitFor();
    const road = card('Tonnes a day it still carries');
    await road.getByRole('button', { name: /^Road or route/ }).click();
    await page.fill('#v-by', 'District office');
    await page.fill('#v-why', 'The road is whole.');
    await page.getByRole('button', { name: 'It does not hold' }).click();
    await road.locator('.tag', { hasText: 'rejected' }).waitFor();

    await card('900 people').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Amend the scenario with 1 report' }).click();
    // units in the plural where they are shown, though the record has them as the scenario writes them
    await page
      .getByText(/South valley: [\d,]+ pieces of Tarpaulin/)
      .first()
      .waitFor();
    const amended = (await page.getByRole('link', { name: 'Open the amended scenario' }).getAttribute('href'))!;
    await card('900 people').locator('.tag', { hasText: 'amended' }).waitFor();
    await plan({ scenario: amended.split('/').at(-1)!, gap: 0.01, after: before, period: 1 });
    await page.getByRole('button', { name: 'People in need: 900 people' }).click();
    await page.getByRole('button', { name: 'Work it out' }).click();
    await page.locator('.scale').waitFor({ timeout: 60_000 });
    const trace = (await (await fetch(`${site.url}/reports/${found}/trace`)).json()) as {
      effect: { planned: { regions: { peoplePeriods: number }[] } };
    };
    const rows = await cells(page, '.picked tbody tr');
    assert.deepEqual(
      rows.map(([, change]) => Number(change?.replace(/[,+]/g, ''))),
      trace.effect.planned.regions.map(({ peoplePeriods }) => Math.round(peoplePeriods)),
    );
    assert.ok(rows.length > 0);
    await isFit(page, seen, 'reports');
    await page.context().close();
  });

  it('marks on the map what binds: of a plan its gates, of an explanation each kind that it names', {
    timeout: 90_000,
  }, async () => {
    const scenario = structuredClone(readCase('two-valleys'));
    scenario.id = 'valleys-with-a-gate';
    scenario.depots[1]!.handlingTonnes = 6;
    Object.assign(scenario.fleets![0]!, { vehicles: 4 });
    delete scenario.budget;
    const { digest } = await post('/scenarios', scenario);
    const allocation = await plan({ scenario: digest, gap: 0.01 });
    const { page, seen } = await site.open();
    await page.goto(`${site.url}/#/plan/${allocation}`);
    await page.getByText('Handling at its limit').waitFor();
    await page.waitForTimeout(300);
    /** Rows of pixels of the left bracket of a gate. */
    const gate = async (id: string): Promise<number> => {
      const [x, y] = await placeOn(page, scenario, id);
      return near(page, [x - 12, y - 9, 2, 18], '#b3470f');
    };
    assert.ok((await gate('port')) >= 24, `${await gate('port')}`);
    assert.ok((await gate('capital')) < 12, `${await gate('capital')}`);
    await page.selectOption('#map-pick', 'port');
    await page.locator('aside .tag', { hasText: 'Handling at its limit' }).waitFor();
    await isFit(page, seen, 'map with a gate');

    const { bindings } = (await (await fetch(`${site.url}/allocations/${allocation}/explanation`)).json()) as {
      bindings: { kind: string; what: string }[];
    };
    const words: Record<string, string> = {
      ...{
        fleet: 'Routes of a fleet at its limit',
        handling: 'Handling at its limit',
        route: 'Route used to its limit',
      },
      ...{ stock: 'Depot whose stock limits', storage: 'Storage at its limit' },
    };
    const kinds = [...new Set(bindings.map(({ kind }) => kind))];
    assert.ok(kinds.length >= 3, String(kinds));
    await page.goto(`${site.url}/#/why/${allocation}?all=1`);
    await page.locator('.legend').waitFor({ timeout: 60_000 });
    const legend = await page.locator('.legend li').allTextContents();
    assert.deepEqual(legend.sort(), kinds.flatMap((kind) => words[kind] ?? []).sort());
    // a cross where the stock of the capital is named: its arms reach out of the square of the depot
    assert.ok(bindings.some(({ what }) => what.endsWith(' at capital')));
    await page.waitForTimeout(300);
    const [x, y] = await placeOn(page, scenario, 'capital');
    for (const [dx, dy] of [
      [-7, -7],
      [7, -7],
      [-7, 7],
      [7, 7],
    ] as const)
      assert.ok((await near(page, [x + dx - 1, y + dy - 1, 3, 3], '#b3470f')) >= 2, `arm ${dx} ${dy}`);
    await isFit(page, seen, 'why, with its map');
    await page.context().close();
  });

  it('draws coasts on both sides of the 180th meridian', { timeout: 60_000 }, async () => {
    const scenario = structuredClone(readCase('two-valleys'));
    scenario.id = 'islands';
    // Suva, Lautoka, Labasa; inside of Viti Levu, and the part of Taveuni that lies in the west
    const at = { capital: [178.44, -18.13], port: [177.45, -17.62], junction: [179.3, -16.55] } as const;
    const homes = { north: [178, -17.8], south: [-179.93, -16.8] } as const;
    for (const site of [...scenario.depots, ...scenario.hubs!]) site.at = [...at[site.id as keyof typeof at]];
    for (const region of scenario.regions) region.at = [...homes[region.id as keyof typeof homes]];
    const { digest } = await post('/scenarios', scenario);
    const { page, seen } = await site.open();
    await page.goto(`${site.url}/#/plan/${await plan({ scenario: digest, gap: 0.01 })}`);
    await page.locator('.mapbox canvas').first().waitFor();
    const strait = structuredClone(scenario);
    strait.hubs![0]!.id = 'strait';
    strait.hubs![0]!.at = [178.95, -17.2];
    // the same box of places, for one that is none of them
    strait.depots.push({ ...strait.depots[0]!, id: 'as before', at: [...at.junction] });
    const box = async (of: Scenario, id: string, dx: number, dy: number) => {
      const [x, y] = await placeOn(page, of, id);
      return near(page, [x + dx, y + dy, 6, 6], null);
    };
    // until the coast is there the surroundings of the regions reach across the water
    for (let tries = 0; (await box(strait, 'strait', -3, -3)) < 36 && tries < 40; tries++)
      await page.waitForTimeout(250);
    assert.equal(await box(strait, 'strait', -3, -3), 36, 'open water');
    for (const id of ['north', 'south']) assert.equal(await box(scenario, id, 4, 4), 0, `${id} is on land`);
    assert.deepEqual(seen.wrong, []);
    await page.context().close();
  });

  it('says so where a plan did not arrive as it was sent', { timeout: 60_000 }, async () => {
    const { allocations } = (await (await fetch(`${site.url}/allocations`)).json()) as {
      allocations: { digest: string }[];
    };
    const { page, seen } = await site.open({ serviceWorkers: 'block' });
    await page.route('**/allocations/*', async (route) => {
      const body = await (await route.fetch()).body();
      body[body.length >> 1]! ^= 1;
      await route.fulfill({ status: 200, body });
    });
    await page.goto(`${site.url}/#/plan/${allocations[0]!.digest}`);
    await page.getByText('The plan did not arrive as it was sent').waitFor();
    await page.getByText('its checksum is another').waitFor();
    assert.equal(await page.locator('.mapbox').count(), 0);
    await isFit(page, seen, 'damaged plan');
    await page.unroute('**/allocations/*');
    await page.reload();
    await page.locator('.mapbox canvas').first().waitFor();
    await page.context().close();
  });

  it('says what the engine and the record say in French and Chinese, with names and with the numbers of the record', {
    timeout: 180_000,
  }, async () => {
    const scenario = readCase('enawo');
    const { digest } = await post('/scenarios', scenario);
    const before = await plan({ scenario: digest, gap: 0.01 });
    const head = { report: 1, scenario: digest, observed: '2017-03-08T06:30:00+03:00', by: 'Radio operator' };
    const { from, to, mode } = scenario.routes[0]!;
    const { digest: report } = await post('/reports', {
      ...head,
      kind: 'obstacle',
      route: { from, to, mode },
      from: 1,
      closed: true,
    });
    const { digest: need } = await post('/reports', { ...head, kind: 'need', region: 'sava', from: 1, people: 9000 });
    for (const one of [report, need])
      await post(`/reports/${one}/verification`, { verdict: 'verified', by: 'District office', why: '7' });
    const { amendment } = (await post('/amendments', { scenario: digest, reports: [report, need] })) as unknown as {
      amendment: { scenario: string };
    };
    const now = await plan({ scenario: amendment.scenario, gap: 0.01, after: before, period: 1 });
    await (await fetch(`${site.url}/reports/${need}/trace`)).json();

    const names = [...scenario.regions, ...scenario.depots, ...scenario.resources].map(({ id, name }) => name ?? id);
    const ids = [...scenario.regions, ...scenario.depots].flatMap(({ id, name }) =>
      name === undefined || name === id ? [] : [id],
    );
    // the longest first: one may be part of another
    const named = new RegExp(
      [...names, 'Evenhand.local/[0-9a-f]+'].sort((a, b) => b.length - a.length).join('|'),
      'gi',
    );
    for (const language of ['fr', 'zh']) {
      const { page, seen } = await site.open();
      await page.addInitScript(`localStorage.setItem('evenhand-language', '${language}')`);
      let told = 0;
      for (const view of [
        `/why/${before}?region=sava&resource=lamps`,
        `/compare?a=${before}&b=${now}`,
        `/report/${need}`,
      ]) {
        await page.goto(`${site.url}/#${view}`);
        await page.locator('main .waiting').first().waitFor({ state: 'detached' });
        if (view.startsWith('/report')) await page.getByRole('button', { name: /^(Le calculer|计算)$/ }).click();
        await page.locator('.sentences li').first().waitFor({ timeout: 60_000 });
        if (view.startsWith('/report')) await page.locator('.sentences').nth(1).waitFor({ timeout: 60_000 });
        const said = (await page
          .locator('.sentences li, .cards th span[title]')
          .evaluateAll((all) =>
            all.map((one) => [Reflect.get(one, 'title'), Reflect.get(one, 'textContent')]),
          )) as string[][];
        for (const [recorded = '', text = ''] of said) {
          // the page leaves out what a stage's weights make of what people get
          const english = recorded.replace(/,(?: and)? stage need (better|worse) by .*? points/, '');
          told++;
          const rest = text.replace(named, '');
          // Chinese has no Latin letters; French shares words with English, and none of these
          const left = rest.match(language === 'zh' ? /[a-z]{2,}/gi : ENGLISH_WORDS) ?? [];
          assert.deepEqual(left, [], `${language}: ${text} (${english})`);
          for (const id of ids) assert.ok(!new RegExp(`(^|[^-\\w])${id}([^-\\w]|$)`).test(rest), `${id} in ${text}`);
          // days are said in other ways, plans by letters
          if (/period|^allocation|Your report|on 20/.test(english)) continue;
          assert.deepEqual(numbersOf(rest, language), numbersOf(english, 'en'), `${language}: ${text} (${english})`);
        }
      }
      assert.ok(told > 40, `${told} sentences`);
      await failuresAreIn(language, page, digest);
      assert.deepEqual(seen.wrong, []);
      await page.context().close();
    }
  });

  /** A broken file, and a solve that fails while it is followed, by a stream that is asked for in the browser's English. */
  async function failuresAreIn(language: string, page: Page, digest: string): Promise<void> {
    const isTranslated = async (title: string) => {
      const shown = page.getByRole('alert').filter({ hasText: title });
      await shown.waitFor();
      // but for the names of fields, and what stands in the file
      const rest = ((await shown.textContent()) ?? '').replace(
        /\/[\w/]+|"\w+"|'\w+'|--solver \w+|auto|errors|\w+-lp-\w+/g,
        '',
      );
      const left = rest.match(language === 'zh' ? /[a-z]{4,}/gi : ENGLISH_WORDS) ?? [];
      assert.deepEqual(left, [], `${language}: ${rest}`);
    };
    const broken = join(site.dir, 'broken.json');
    const { periods: _, ...scenario } = readCase('two-valleys');
    await writeFile(broken, JSON.stringify({ ...scenario, regions: [{ ...scenario.regions[0], floor: 3 }] }));
    await page.goto(`${site.url}/#/`);
    await page.setInputFiles('#file', broken);
    await isTranslated(language === 'fr' ? 'Le scénario a des erreurs' : '情景有错误');

    const slow = await post('/allocations', { scenario: digest, gap: 1e-9 });
    const { job } = await post('/allocations', { scenario: digest, policy: [{ stage: 'maxmin' }], solver: 'jslp' });
    const following = page.waitForRequest(`**/jobs/${job}/events`);
    await page.goto(`${site.url}/#/job/${job}`);
    await following;
    await fetch(`${site.url}/jobs/${slow.job}`, { method: 'DELETE' });
    await isTranslated(language === 'fr' ? 'Ceci ne peut être réparti comme demandé' : '无法按要求分配');
  }

  const ENGLISH_WORDS =
    /\b(the|of|its|is|are|was|and|for|with|would|more|gets|need|needs|stay|each|from|binds|bring|where|while|by)\b/gi;

  /** All numbers of a sentence, in ascending order, as words order them differently; of tonnes four digits. */
  function numbersOf(text: string, language: string): number[] {
    const [thousands, point] =
      language === 'fr' ? [/(?<=\d)[\u202f\u00a0](?=\d{3})/g, ','] : [/(?<=\d),(?=\d{3})/g, '.'];
    const found = text.replace(thousands, '').match(language === 'fr' ? /\d+(,\d+)?/g : /\d+(\.\d+)?/g) ?? [];
    return found.map((one) => Number(Number(one.replace(point, '.')).toPrecision(4))).sort((a, b) => a - b);
  }

  it('is fit in every view: dark and light, on a phone and a desk, in French and Chinese', {
    timeout: 180_000,
  }, async () => {
    const rows = (await (await fetch(`${site.url}/allocations`)).json()) as {
      allocations: { digest: string; scenario: string }[];
    };
    const [one, two] = rows.allocations;
    const head = { report: 1, scenario: one!.scenario, observed: '2026-11-22T06:30:00+03:00', by: 'Radio operator' };
    // it names no place, so whoever verifies it must
    const { digest: report } = await post('/reports', { ...head, kind: 'need', at: [48.5, -18], from: 0, people: 30 });
    const views = [
      ...['', '/compare', '/reports', '/record?entry=1', '/field'],
      ...[`/scenario/${one!.scenario}`, `/plan/${one!.digest}?site=north`, `/plan/${one!.digest}?tab=regions`],
      ...[
        `/plan/${one!.digest}?tab=time`,
        `/plan/${one!.digest}?tab=shipments`,
        `/record?plan=${one!.digest}`,
        `/report/${report}`,
        `/reports?report=${report}`,
        `/field?plan=${one!.digest}`,
        `/why/${one!.digest}?all=1`,
        `/compare?a=${one!.digest}&b=${two!.digest}`,
        `/why/${one!.digest}`,
        `/brief/${one!.digest}`,
      ],
    ];
    // English by day on a desk is the planner's way above; PAGE_WALKS=3 for what lies between
    const walks = [
      ['fr', true, true],
      ['zh', true, false],
      ['zh', false, true],
    ] as const;
    for (const [language, dark, phone] of walks.slice(0, Number(process.env.PAGE_WALKS ?? 1))) {
      const { page, seen } = await site.open({
        colorScheme: dark ? 'dark' : 'light',
        ...(phone ? { viewport: { width: 360, height: 780 } } : {}),
        serviceWorkers: 'block',
      });
      await page.addInitScript(`localStorage.setItem('evenhand-language', '${language}')`);
      await page.goto(site.url);
      for (const view of views) {
        await page.goto(`${site.url}/#${view}`);
        await page.locator('main h1').waitFor();
        await page.locator('main .waiting').first().waitFor({ state: 'detached' });
        assert.equal(await page.getAttribute('html', 'lang'), language);
        await isFit(page, seen, `${view} in ${language}, ${dark ? 'dark' : 'light'}${phone ? ', phone' : ''}`);
        if (!view.startsWith('/compare?')) continue;
        // the view with most charts, for who reads from right to left
        await page.evaluate("document.documentElement.dir = 'rtl'");
        await isFit(page, seen, `${view} from right to left`);
        await page.evaluate("document.documentElement.dir = 'ltr'");
      }
      await page.context().close();
    }
  });
});
