/** The planner's page in a real browser, on the real server, engine and ledger. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { type Allocation, closePool } from '../engine/index.js';
import { readCase } from '../scenarios/index.js';
import { browserPath, NO_BROWSER, openSite, type Seen, type Site } from './support/browser.js';
import { withServer } from './support/http.js';
import { put, sheetsOf, xlsxOf } from './support/tables.js';

const WEB = new URL('../server/web/', import.meta.url);
const MESSAGES = new URL('../../server/web/messages/', import.meta.url);

/** Bytes of gzip that all views together may have for a reader of one language, without the coast and without the verifier. */
const PAGE_LIMIT = 80_000;
/** The verifier with every check of engine and scenarios, which comes when somebody verifies. */
const VERIFIER_LIMIT = 100_000;
/** Arithmetic for signatures, which comes where the browser has none. */
const PORTABLE_LIMIT = 4000;

describe('the page as it is served', () => {
  it('is small: all views together, and the verifier, stay below their limits', async () => {
    let [page, verifier, portable] = [0, 0, 0];
    for (const name of await readdir(new URL('assets/', WEB))) {
      const packed = gzipSync(await readFile(new URL(`assets/${name}`, WEB)), { level: 9 }).length;
      if (name.startsWith('worker-portable-')) portable += packed;
      else if (name.startsWith('worker-')) verifier += packed;
      else if (!/^(fr|zh)-|^land-50m.*json$/.test(name)) page += packed;
    }
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
    const read = async (name: string): Promise<Record<string, string>> =>
      JSON.parse(await readFile(new URL(`${name}.json`, MESSAGES), 'utf8'));
    const en = await read('en');
    const values = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const language of ['fr', 'zh']) {
      const other = await read(language);
      assert.deepEqual(Object.keys(other), Object.keys(en), language);
      let same = 0;
      for (const [key, text] of Object.entries(en)) {
        assert.deepEqual(values(other[key]), values(text), `${language}: ${key}`);
        if (other[key] === text) same++;
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
    const post = async (path: string, body: unknown) =>
      (await fetch(site.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.json())) as { digest: string; events: string };
    const { digest: scenario } = await post('/scenarios', readCase('two-valleys'));
    // the stream of events ends with the job
    for (const policy of ['balanced', 'efficient'])
      await (await fetch(site.url + (await post('/allocations', { scenario, policy, gap: 0.01 })).events)).text();
  });
  after(async () => {
    await site.close();
    await closePool();
  });

  const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  /** Nothing serious, by axe; and nothing wider than the window. */
  async function isFit(page: Page, seen: Seen, where: string): Promise<void> {
    await page.evaluate(await axe);
    const found = (await page.evaluate('axe.run()')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const shown = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    assert.deepEqual(shown, [], where);
    const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.equal(wider, 0, `${where} is wider than the window`);
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
    await page.locator('.faults', { hasText: '/Routes/B2' }).waitFor();
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
    await page.reload(); // nothing is lost, without a network either
    await page.locator('#f-start').waitFor();
    assert.equal(await page.inputValue('#f-text'), 'The bridge is gone.');
    assert.equal(await page.inputValue('#f-by'), 'Driver of the first convoy');
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.locator('[data-state="waiting"]').waitFor();
    const reports = async () =>
      ((await (await fetch(`${site.url}/reports?kind=obstacle`)).json()) as { reports: { digest: string }[] }).reports;
    assert.equal((await reports()).length, 0);
    await page.reload();
    await page.locator('[data-state="waiting"]').waitFor();

    await context.setOffline(false);
    await page.locator('[data-state="sent"]').waitFor({ timeout: 30_000 });
    const [sent, ...more] = await reports();
    assert.deepEqual(more, []);
    const receipt = await page.locator('[data-state="sent"] a').textContent();
    assert.ok(receipt !== null && receipt.length >= 8 && sent?.digest.startsWith(receipt));

    // somebody else verifies it, and it becomes an amended scenario
    await page.locator('[data-state="sent"] a').click();
    await page.fill('#v-by', 'District office');
    await page.fill('#v-why', 'Seen from the air.');
    await page.getByRole('button', { name: 'It holds' }).click();
    await page.locator('.tag', { hasText: 'verified' }).waitFor();
    await isFit(page, seen, 'report');
    await page.goto(`${site.url}/#/reports`);
    await page.locator('tbody input[type="checkbox"]').check();
    await page.getByRole('button', { name: 'Amend the scenario with 1 report' }).click();
    await page.getByRole('link', { name: 'Open the amended scenario' }).waitFor();
    await isFit(page, seen, 'reports');
    await context.close();
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

  it('is fit in every view: dark and light, on a phone and a desk, in French and Chinese', {
    timeout: 120_000,
  }, async () => {
    const rows = (await (await fetch(`${site.url}/allocations`)).json()) as {
      allocations: { digest: string; scenario: string }[];
    };
    const [one, two] = rows.allocations;
    const views = [
      ...['', '/compare', '/reports', '/record?entry=1', '/field'],
      ...[`/scenario/${one!.scenario}`, `/plan/${one!.digest}?site=north`, `/plan/${one!.digest}?tab=regions`],
      ...[
        `/plan/${one!.digest}?tab=time`,
        `/compare?a=${one!.digest}&b=${two!.digest}`,
        `/why/${one!.digest}`,
        `/brief/${one!.digest}`,
      ],
    ];
    for (const [language, dark, phone] of [
      ['fr', true, false],
      ['fr', false, true],
      ['zh', true, true],
    ] as const) {
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
      }
      await page.context().close();
    }
  });
});
