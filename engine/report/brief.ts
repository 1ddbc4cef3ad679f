/**
 * A plan for people who decide. A page of A4: a map, what is short and why, the limits that bind, the proof, the receipt; then who gets what.
 * HTML without any script, ready to print; its one style sheet is a constant whose digest the page's own content security policy names.
 */
import { periodsInWords, sha256Hex } from '../../scenarios/index.js';
import type { Coverage } from '../types.js';
import type { Book } from './book.js';
import { whoGetsNothing } from './nothing.js';
import { provenInWords } from './proven.js';
import { whyShort } from './short.js';
import { sketch } from './sketch.js';
import { smallestCoverage } from './smallest.js';
import { isoText, tidy } from './table.js';
import { type Told, tellReasons, tightLimits, unmetPairs } from './unmet.js';
import { whoGets } from './whogets.js';
import { figure, html, rounded, share } from './words.js';

/** What a record says of the plan's entry. */
export interface BriefReceipt {
  seq: number;
  size: number;
  root: string;
  leaf: string;
  status: string;
  /** Origin line of the log. */
  log?: string;
}

/** Rows of each table on the page; what is left out is counted, and stands in the other tables. */
const [RESOURCES, REGIONS, LIMITS] = [16, 14, 6];
/** Characters of a name in a table, so that rows stay single lines; reasons are wrapped and never cut. */
const NAME = 34;

const STYLE = `
@page{size:A4;margin:9mm 10mm}
*{box-sizing:border-box}
body{font:7.6pt/1.2 "Helvetica Neue",Arial,"Liberation Sans",sans-serif;color:#111;background:#fff;max-width:190mm;margin:6mm auto}
h1{font-size:14pt;margin:0}
h2{font-size:9.5pt;margin:0 0 1mm;border-bottom:.4mm solid #1f4e79;color:#1f4e79}
p{margin:.6mm 0}
.figures{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1mm 2mm;margin:1.5mm 0}
.figures div{border:.2mm solid #bbb;padding:.8mm 1.4mm}
.figures div{font-size:6.8pt}
.figures b{display:block;font-size:10.5pt}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:4mm;margin:1.5mm 0}
.three{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.4fr) minmax(0,1fr);gap:4mm;margin:1.5mm 0}
svg{width:100%;height:auto;border:.2mm solid #bbb}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2mm 1mm;border-bottom:.1mm solid #ccc;vertical-align:top}
th{font-weight:600;border-bottom:.3mm solid #666}
.three p,.three li{overflow-wrap:anywhere}
.goods th.n{white-space:normal}
.goods td:first-child{white-space:nowrap}
.goods td:last-child{font-size:6.8pt}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
ul{margin:0;padding-left:4mm}
.who{table-layout:fixed;font-size:6.6pt;line-height:1.12;margin-bottom:1.5mm}
.warn{border-left:1mm solid #d7191c;padding-left:1.5mm}
.sheet{break-inside:avoid;margin-top:3mm}
.who td,.who tbody th{padding:.2mm 1mm;border-bottom:.1mm solid #ccc;font-weight:400}
.who th{overflow-wrap:anywhere;white-space:normal}
.zero{background:#f9d9d3;print-color-adjust:exact;-webkit-print-color-adjust:exact}
code{font:6.2pt "Liberation Mono",monospace;overflow-wrap:anywhere}
.digests{font-size:5.8pt}
.digests span{white-space:nowrap}
.digests code{font-size:5.3pt}
footer{border-top:.2mm solid #999;color:#444;font-size:6.4pt;margin-top:1mm;padding-top:.6mm}
@media print{body{margin:0 auto}}
`;

/** Source expression for \`style-src\`: the page needs no other, and nothing else. */
export const BRIEF_STYLE_SOURCE = `'sha256-${base64(sha256Hex(new TextEncoder().encode(STYLE)))}'`;
export const BRIEF_POLICY = `default-src 'none'; style-src ${BRIEF_STYLE_SOURCE}; base-uri 'none'; form-action 'none'`;

/** The page. `receipt` null: the plan is on no record that was asked. */
export const brief = (book: Book, receipt: BriefReceipt | null = null): string =>
  [...briefPieces(book, receipt)].join('');

/** The same section by section, as each may take a while for a large plan. */
export function* briefPieces(book: Book, receipt: BriefReceipt | null = null): Generator<string> {
  const { scenario } = book;
  const title = html(clip(scenario.title ?? scenario.id, 110));
  yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${html(BRIEF_POLICY)}">\n`;
  yield `<title>${title}: plan ${book.digest.slice(0, 12)}</title><style>${STYLE}</style></head><body>\n`;
  yield `<header><h1>${title}</h1><p>Allocation plan <code>${book.digest.slice(0, 12)}</code> · ${html(horizon(book))}</p>`;
  yield `<p>Policy ${html(policyWords(book))}.</p></header>\n${figures(book)}\n`;
  yield `<section class="two"><div><h2>Where it goes</h2>${map(book)}</div>`;
  yield `<div><h2>Regions, least covered first</h2>${regions(book)}</div></section>\n`;
  const tell = tellReasons(book);
  yield '<section class="goods"><h2>Resources: what there is, what is short, and why</h2>';
  yield `${resources(book, unmetPairs(book), tell)}${nothing(book)}</section>\n`;
  yield `<section class="three"><div><h2>Limits that bind</h2>${limits(book)}</div>`;
  yield `<div><h2>Proof</h2>${proof(book)}</div><div><h2>Receipt</h2>${receiptText(receipt)}</div></section>\n`;
  yield `${digests(book, receipt)}\n`;
  yield `${footer(book)}\n<section class="sheet"><h2>Who gets what: delivered by the end, of what is needed</h2>`;
  yield `${whoGets(book)}</section>\n</body></html>\n`;
}

/** What a period is called where people have a word for it. */
const WORDS: Readonly<Record<string, string>> = {
  P1D: 'day',
  PT24H: 'day',
  P7D: 'week',
  P1W: 'week',
  P1M: 'month',
  PT1H: 'hour',
};
const periodWord = ({ scenario }: Book): string => WORDS[scenario.periods.length ?? 'P1D'] ?? 'period';

function horizon(book: Book): string {
  const { scenario, begins } = book;
  const { count, length = 'P1D' } = scenario.periods;
  const word = periodWord(book);
  const [first, last] = [begins(0), begins(count)];
  const when = first && last ? `, ${isoText(first)} to ${isoText(new Date(last.getTime() - 1)).slice(0, 10)}` : '';
  const after = scenario.after ? `; what left before period ${scenario.after.period} stays sent` : '';
  return `${count} ${word}${count === 1 ? '' : 's'}${word === 'period' ? ` of ${length}` : ''}${when}${after}`;
}

function policyWords({ allocation: { policy } }: Book): string {
  const stages = policy.stages
    .map((s) => (s.stage === 'need' ? `need (${s.bands ? 'bands of its own' : `α ${s.alpha ?? 2}`})` : s.stage))
    .join(', then ');
  return policy.name === 'custom' ? `of its own: ${stages}` : `${policy.name}: ${stages}`;
}

function figures(book: Book): string {
  const { measures: m, shipments, gap } = book.allocation;
  const people = `people-${periodWord(book)}s`;
  const list: [string, string][] = [
    [`${people} needed`, whole(m.peoplePeriodsNeeded)],
    [`${people} met`, whole(m.peoplePeriodsMet)],
    [`${people} unmet`, whole(m.peoplePeriodsUnmet)],
    ['mean coverage', share(m.meanCoverage)],
    [`smallest: ${whose(book)}`, share(m.smallestCoverage)],
    ['Gini over regions', rounded(m.gini)],
    ['shipments', figure(shipments.length)],
    ['tonnes', figure(m.tonnes)],
    ['tonne-km', figure(m.tonneKm)],
    [m.currency ? `cost (${m.currency})` : 'cost, no currency', figure(m.cost)],
    ['gap, worst stage', gap.proven === 0 ? '0' : gap.proven.toExponential(2)],
    ['gap asked for', String(gap.asked)],
  ];
  const used: string[] = m.fleets.map(
    (f) => `fleet ${f.mode} ${figure(f.used)} of ${figure(f.limit)} tonne-km, ${share(f.peak)} at its peak`,
  );
  if (m.budget) used.push(`budget ${figure(m.budget.used)} of ${figure(m.budget.limit)}`);
  if (m.spent) used.push(`sent before: ${figure(m.spent.tonnes)} t for ${figure(m.spent.cost)}`);
  return (
    `<div class="figures">${list.map(([what, value]) => `<div><b>${html(value)}</b>${html(what)}</div>`).join('')}</div>` +
    (used.length > 0 ? `<p>Used: ${html(used.join(' · '))}.</p>` : '')
  );
}

/** People-periods are counted with fractions where goods serve parts of a person, which nobody reads. */
const whole = (x: number): string => Math.round(x).toLocaleString('en-US');

function whose(book: Book): string {
  const smallest = smallestCoverage(book.allocation.coverage);
  if (smallest === null) return 'nothing is needed';
  const { pair, others } = smallest;
  const name = `${clip(book.resource(pair.resource).name, NAME)}, ${clip(book.site(pair.region).name, NAME)}`;
  return others > 0 ? `${name}; ${others} more` : name;
}

function map(book: Book): string {
  const drawing = sketch(book, { width: 930, height: 560 });
  if (drawing === null) return '<p>No map: the scenario gives no coordinates (<code>at</code>).</p>';
  return `${drawing}<p>Squares, italics: depots. Circles: regions by coverage. Lines: tonnes.</p>`;
}

function table(heads: [string, boolean][], rows: string[][], more: string): string {
  const cell = (tag: string) => (text: string, c: number) =>
    `<${tag}${heads[c]![1] ? ' class="n"' : ''}>${html(text)}</${tag}>`;
  const line = (cells: string[], tag: string) => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  const head = line(
    heads.map(([name]) => name),
    'th',
  );
  return `<table><thead>${head}</thead><tbody>${rows.map((r) => line(r, 'td')).join('')}</tbody></table>${more === '' ? '' : `<p>${html(more)}</p>`}`;
}

const moreThan = (all: number, shown: number, what: string): string =>
  all > shown ? `and ${all - shown} more ${what}: see the tables` : '';

function regions(book: Book): string {
  const { measures } = book.allocation;
  const { site, complete } = book;
  const people = new Map(complete.regions.map((r) => [r.id, r.people]));
  const list = measures.byRegion.filter((r) => r.needed > 0).sort((a, b) => a.ratio - b.ratio || b.needed - a.needed);
  return table(
    [
      ['region', false],
      ['people', true],
      ['needed', true],
      ['met', true],
      ['covered', true],
    ],
    list.slice(0, REGIONS).map((r) => {
      const affected = people.get(r.region) ?? null;
      return [
        clip(site(r.region).name, NAME),
        affected === null ? '–' : figure(affected),
        whole(r.needed),
        whole(r.met),
        share(r.ratio),
      ];
    }),
    `People-${periodWord(book)}s, summed over all goods: who needs two counts twice; what comes late meets fewer ${periodWord(book)}s${list.length > REGIONS ? `; ${moreThan(list.length, REGIONS, 'regions')}` : ''}.`,
  );
}

function resources(book: Book, pairs: readonly Coverage[], tell: (c: Coverage) => Told): string {
  const list = book.allocation.measures.byResource;
  const rows = list.slice(0, RESOURCES).map((r) => {
    const short = pairs.filter((c) => c.resource === r.resource);
    return [
      clip(book.resource(r.resource).name, NAME),
      clip(r.unit, NAME / 3),
      ...[r.stock, r.due, r.shipped, r.delivered].map(figure),
      r.due > 0 ? share(r.delivered / r.due) : '–',
      r.due > 0 ? share(r.ratio) : '–',
      short.length === 0 ? 'nothing is short' : shortInWords(r, short.map(tell)),
    ];
  });
  return table(
    [
      ['resource', false],
      ['unit', false],
      ['stock', true],
      ['due', true],
      ['shipped', true],
      ['delivered', true],
      ['by the end', true],
      ['over the time', true],
      ['short, and why', false],
    ],
    rows,
    moreThan(list.length, RESOURCES, 'resources'),
  );
}

function shortInWords(
  { due, delivered, stock }: { due: number; delivered: number; stock: number },
  told: readonly Told[],
) {
  const missing = tidy(due - delivered);
  return `${missing > 0 ? `${figure(missing)} missing` : 'late'}: ${whyShort(told, delivered < stock)}`;
}

function nothing(book: Book): string {
  const names = new Map(book.complete.resources.map((r) => [r.id, r.name]));
  const { sentences } = whoGetsNothing(book, (id) => names.get(id) ?? book.site(id).name);
  return sentences.map((sentence) => `<p class="warn">${html(sentence)}</p>`).join('');
}

function limits(book: Book): string {
  const list = tightLimits(book);
  if (list.length === 0) return '<p>No limit has a price: what is missing is not for want of it.</p>';
  const stocks = list.filter(({ kind }) => kind === 'stock').length;
  const others = list.filter(({ kind }) => kind !== 'stock');
  const items = others.slice(0, LIMITS).map(({ what, periods, used, limit, unit }) => {
    const when = periods.length > 0 ? ` in ${periodsInWords(book.scenario.periods, periods)}` : '';
    return `<li>${html(`${what}${when}: ${rounded(used)} of ${rounded(limit)} ${unit}`)}</li>`;
  });
  return [
    stocks === 0
      ? ''
      : `<p>Stock of ${stocks} resource${stocks === 1 ? '' : 's'}${others.length > 0 ? ', and:' : '; nothing else.'}</p>`,
    items.length > 0 ? `<ul>${items.join('')}</ul>` : '',
    others.length > LIMITS ? `<p>and ${others.length - LIMITS} more</p>` : '',
    '<p>By their price in the proof, the dearest first.</p>',
  ].join('');
}

function proof({ allocation: a }: Book): string {
  const rows = a.stages.map((s) => [
    s.levels ? `${s.stage}, lowest of ${s.levels.length}` : s.stage,
    digits(s.value),
    digits(s.bound),
    s.gap === 0 ? '0' : s.gap.toExponential(2),
  ]);
  return `${table(
    [
      ['stage', false],
      ['value', true],
      ['bound', true],
      ['gap', true],
    ],
    rows,
    `${capital(provenInWords(a.stages))}. No plan does better than the bound; exact arithmetic, shown to twelve digits.`,
  )}`;
}

/** An exact decimal, to as many digits as fit. */
const digits = (exact: string): string => Number(exact).toLocaleString('en-US', { maximumSignificantDigits: 12 });

function receiptText(receipt: BriefReceipt | null): string {
  const check =
    '<p>To check without us: <code>evenhand check plan.json SCENARIO</code>, the file that the plan was made from.</p>';
  if (!receipt) return `<p>Not on the record: this page has no receipt.</p>${check}`;
  const { seq, size, status, log } = receipt;
  return `<p>Entry ${seq} of ${size}, ${html(status)}${log ? `, log ${html(log)}` : ''}.</p>${check}`;
}

/** What the page is held to, small: nobody reads it, and everybody may compare it. */
function digests({ digest, allocation: a }: Book, receipt: BriefReceipt | null): string {
  const list = [
    ['Certificate', a.certificate.digest],
    ['Scenario', a.scenario.digest],
    ['Plan', digest],
    ...(receipt ? [['Leaf', receipt.leaf] as const, ['Root', receipt.root] as const] : []),
  ] as const;
  return `<p class="digests">${list.map(([what, value]) => `<span>${what} <code>${html(value)}</code></span>`).join(' ')}</p>`;
}

const MOST_SOURCE = 480;

function footer({ scenario, allocation: { solver } }: Book): string {
  const { source } = scenario;
  const text =
    source === undefined ? '' : ` Source: ${source.length > MOST_SOURCE ? `${source.slice(0, MOST_SOURCE)}…` : source}`;
  return `<footer>Made by Evenhand from the plan alone; solved by ${html(`${solver.name} ${solver.version}`)}.${html(text)}</footer>`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function base64(hex: string): string {
  return btoa(String.fromCharCode(...hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16))));
}
