/**
 * A plan for people who decide. A page of A4: a map, what is short and why, the limits that bind, the proof, the receipt; then who gets what.
 * HTML without any script, ready to print; its one style sheet is a constant whose digest the page's own content security policy names.
 */
import type { Book } from './book.js';
import { figures, horizon, policyWords } from './brief/figures.js';
import { type BriefReceipt, digests, footer, limits, proof, receiptText } from './brief/foot.js';
import { longSources, sourcesOf } from './brief/sources.js';
import { BRIEF_POLICY, STYLE } from './brief/style.js';
import { regions, resources } from './brief/tables.js';
import { whoGetsNothing } from './nothing.js';
import { sketch } from './sketch.js';
import { tellReasons, unmetPairs } from './unmet.js';
import { whoGets } from './whogets.js';
import { clip, html } from './words.js';

export type { BriefReceipt } from './brief/foot.js';
export { BRIEF_POLICY, BRIEF_STYLE_SOURCE } from './brief/style.js';

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
  const { on, lines } = sourcesOf(book);
  const sources = longSources(book);
  yield `${whoGets(book, lines)}${on === 'own' ? `</section>${sources}` : `${sources}</section>`}\n</body></html>\n`;
}

function map(book: Book): string {
  const drawing = sketch(book, { width: 930, height: 560 });
  if (drawing === null) return '<p>No map: the scenario gives no coordinates (<code>at</code>).</p>';
  return `${drawing}<p>Squares, italics: depots. Circles: regions by coverage. Lines: tonnes.</p>`;
}

function nothing(book: Book): string {
  const names = new Map(book.complete.resources.map((r) => [r.id, r.name]));
  const { sentences } = whoGetsNothing(book, (id) => names.get(id) ?? book.site(id).name);
  return sentences.map((sentence) => `<p class="warn">${html(sentence)}</p>`).join('');
}
