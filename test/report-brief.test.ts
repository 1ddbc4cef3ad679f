/** The page that people print: every number of the plan is on it, no text is markup, one page of A4. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type Allocation,
  BRIEF_POLICY,
  BRIEF_STYLE_SOURCE,
  brief,
  closePool,
  openBook,
  type Scenario,
} from '../engine/index.js';
import { classesOf } from '../engine/report/sketch.js';
import { generate, readCase } from '../scenarios/index.js';
import { receiptExample } from '../server/schemas/receipt.js';
import { pairs, run } from './support/comparisons.js';
import { randomScenario } from './support/random.js';

after(closePool);

/** Tags and what they hold, by a tokenizer of its own: the page is written as XML would be, but for void elements. */
function elements(page: string): { names: string[]; text: string } {
  const names: string[] = [];
  const open: string[] = [];
  let text = '';
  for (const [, comment, close, name = '', attributes = '', empty, plain = ''] of page.matchAll(
    /<(?:(!doctype html)|(\/?)([a-z][a-z0-9]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?))>|([^<]+)/gi,
  )) {
    if (plain !== '' && open.at(-1) !== 'style') {
      assert.doesNotMatch(plain, /[<>]|&(?!(amp|lt|gt|quot|#39);)/);
      text += ` ${plain}`;
    }
    if (comment || name === '') continue;
    assert.doesNotMatch(attributes, /\s(on\w+|style|src|href)=/i, attributes);
    if (close) assert.equal(open.pop(), name);
    else {
      names.push(name);
      if (!empty && name !== 'meta' && name !== 'br') open.push(name);
    }
  }
  assert.deepEqual(open, []);
  const back = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as const;
  return { names, text: text.replace(/&(amp|lt|gt|quot|#39);/g, (_, n: keyof typeof back) => back[n]) };
}

/** Numbers as people read them, written by other means than the page's: places after the point cut by arithmetic. */
function readable(x: number): string {
  const [whole = '', fraction = ''] = (Math.round(x * 1000) / 1000).toString().split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === '' ? grouped : `${grouped}.${fraction}`;
}

function numbersOf({ measures: m, shipments, gap }: Allocation): number[] {
  return [
    // people are shown whole
    ...[m.peoplePeriodsNeeded, m.peoplePeriodsMet, m.peoplePeriodsUnmet].map(Math.round),
    ...[m.tonnes, m.tonneKm, m.cost, shipments.length],
    ...m.byResource.flatMap((r) => [r.stock, r.due, r.shipped, r.delivered]),
    ...m.byRegion.filter((r) => r.needed > 0).flatMap((r) => [r.needed, r.met].map(Math.round)),
    ...m.fleets.flatMap((f) => [f.used, f.limit]),
    ...(m.budget ? [m.budget.used, m.budget.limit] : []),
    ...[gap.asked],
  ];
}

describe('the brief', () => {
  it('has every number of the plan, its digests and the receipt', async () => {
    for (const { scenario, a } of await pairs()) {
      if (a.measures.byRegion.length > 14) continue;
      const book = openBook(a, scenario);
      const { text } = elements(brief(book, receiptExample));
      const words = new Set(text.split(/[\s·:;(),]+(?=\D)|\s+/).map((w) => w.replace(/[,.;:]+$/, '')));
      for (const x of numbersOf(a))
        if (Math.abs(x) < 1e12) assert.ok(words.has(readable(x)), `${scenario.id}: ${x} as ${readable(x)}`);
      // in the rows and the order that the headings promise
      const line = text.replace(/\s+/g, ' ');
      for (const r of a.measures.byResource.slice(0, 16))
        assert.ok(line.includes(` ${[r.stock, r.due, r.shipped, r.delivered].map(readable).join(' ')} `), r.resource);
      for (const r of a.measures.byRegion)
        if (r.needed > 0)
          assert.ok(line.includes(` ${readable(Math.round(r.needed))} ${readable(Math.round(r.met))} `), r.region);
      for (const part of [
        book.digest,
        a.scenario.digest,
        a.certificate.digest,
        receiptExample.leaf,
        receiptExample.root,
      ])
        assert.ok(text.includes(part), part);
      // to twelve digits, and none of them cut
      const proof = /Proof([\s\S]*)Certificate/.exec(text)?.[1] ?? '…';
      assert.doesNotMatch(proof, /…/);
      const shown = [...proof.matchAll(/-?[\d,.]+/g)].map(([number]) => Number(number.replaceAll(',', '')));
      for (const { stage, value, bound } of a.stages) {
        assert.ok(proof.includes(` ${stage}`), stage);
        for (const exact of [Number(value), Number(bound)])
          assert.ok(
            shown.some((x) => Math.abs(x - exact) <= 6e-12 * Math.abs(exact)),
            `${stage}: ${exact}`,
          );
      }
      assert.ok(text.includes(`Entry ${receiptExample.seq} of ${receiptExample.size}, ${receiptExample.status}`));
      assert.match(elements(brief(book)).text, /Not on the record/);
      // the smallest coverage has a name, found by sorting
      const [poorest] = a.coverage
        .filter((c) => c.needed > 0)
        .sort((x, y) => x.ratio - y.ratio || y.peoplePeriodsNeeded - x.peoplePeriodsNeeded);
      if (poorest)
        assert.ok(
          text.includes(`smallest: ${book.resource(poorest.resource).name}, ${book.site(poorest.region).name}`),
          text.slice(0, 3000),
        );
      // who gets what: each region's goods by name, in the order of the columns
      const who = (/Who gets what([\s\S]*)Everything that stays short/.exec(text)?.[1] ?? '').replace(/\s+/g, ' ');
      for (const { region, resource, due, delivered } of a.coverage)
        if (due > 0) {
          assert.ok(who.includes(` ${book.site(region).name} `) && who.includes(book.resource(resource).name), region);
          const percent = Math.round((1000 * delivered) / due) / 10;
          const cell = `${readable(delivered)} of ${readable(due)}, ${percent} %`;
          assert.ok(who.includes(cell) || percent < 0.1 || percent > 99.8, `${region}, ${resource}: ${cell}`);
        }
      for (const name of ['unmet', 'shipments'])
        assert.ok(text.includes(`--as ${name}`) || /No region needs/.test(text), name);
    }
  });

  it('has no script, no style but its own, and says so in its policy', async () => {
    const [{ scenario, a }] = (await pairs()) as [Awaited<ReturnType<typeof pairs>>[number]];
    const page = brief(openBook(a, scenario));
    const { names } = elements(page);
    for (const bad of ['script', 'img', 'link', 'iframe', 'object', 'form', 'a']) assert.ok(!names.includes(bad), bad);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    assert.equal(BRIEF_STYLE_SOURCE, `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    assert.match(BRIEF_POLICY, /^default-src 'none'; style-src 'sha256-/);
  });

  it('names depots on its map, and tells regions apart where all are covered alike', async () => {
    const scenario = randomScenario(5);
    const placed: Scenario = {
      ...scenario,
      depots: scenario.depots.map((d, i) => ({ ...d, name: `Store ${i}`, at: [3 * i, 0] })),
      regions: scenario.regions.map((r, i) => ({ ...r, at: [3 * i, 20] })),
    };
    const page = brief(openBook(await run(placed), placed));
    const named = [...page.matchAll(/<text[^>]*font-style="italic"[^>]*>([^<]*)</g)].map(([, name]) => name);
    assert.deepEqual(named.sort(), placed.depots.map((d) => d.name).sort());
    const near = (x: number, y: number) => assert.ok(Math.abs(x - y) < 1e-12, `${x} is not ${y}`);
    for (const [ratios, from, wide] of [
      [[0.05, 0.5], 0, 0.2],
      [[0.05, 0.1], 0, 0.04],
      [[0.81, 0.99], 0.8, 0.04],
      [[0.021, 0.026], 0, 0.008],
      [[0.3], 0, 0.2],
    ] as const) {
      const classes = classesOf(ratios);
      near(classes.from, from);
      near(classes.wide, wide);
    }
  });

  it('shows texts and takes none for markup', async () => {
    const hostile = '<script>alert(1)</script><img src=x onerror="y">&amp;\u0000\'"]]>';
    const scenario = randomScenario(5);
    const named: Scenario = {
      ...scenario,
      title: hostile,
      source: hostile,
      resources: scenario.resources.map((r) => ({ ...r, name: hostile, unit: hostile })),
      depots: scenario.depots.map((d, i) => ({ ...d, name: hostile, at: [i, 0] })),
      regions: scenario.regions.map((r, i) => ({ ...r, name: hostile, at: [i, 1] })),
    };
    const { names, text } = elements(
      brief(openBook(await run(named), named), { ...receiptExample, log: hostile, status: hostile }),
    );
    assert.ok(!names.includes('script') && !names.includes('img'));
    assert.ok(text.includes(hostile.replace('\u0000', '\ufffd')));
  });

  it('is one page of A4 and one of who gets what, of a country in small and of the case Enawo', async (t) => {
    const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => {
      try {
        return execFileSync(file, ['--version'], { timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
      } catch {
        return false;
      }
    });
    if (!chromium) return t.skip('no Chromium on this machine: the page was not printed');
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-brief-'));
    try {
      for (const scenario of [readCase('enawo'), generate('district', 1)]) {
        const plan = await run(scenario, 'efficient');
        const [page, pdf] = [join(folder, 'brief.html'), join(folder, 'brief.pdf')];
        const pagesOf = (source: string): number => {
          const book = openBook(plan, scenario);
          const text = brief({ ...book, scenario: { ...book.scenario, source } }, receiptExample);
          assert.ok(text.includes(source), 'sources are whole');
          writeFileSync(page, text);
          const flags = [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            `--user-data-dir=${folder}`,
            '--no-pdf-header-footer',
            `--print-to-pdf=${pdf}`,
          ];
          execFileSync(chromium, [...flags, pathToFileURL(page).href], { timeout: 60_000, stdio: 'ignore' });
          return readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        };
        assert.equal(pagesOf(''), 2, scenario.id);
        // of which a page's room is made; and of which it is not
        if (scenario.id === 'enawo') continue;
        for (const source of [
          'Population: the census of 2021. '.repeat(85),
          '人口数据来自二〇二一年普查。'.repeat(100),
        ])
          assert.equal(pagesOf(source), 2, `${source.length} letters of sources`);
        assert.equal(pagesOf(`https://example.org/${'a'.repeat(9_900)}`), 3);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
