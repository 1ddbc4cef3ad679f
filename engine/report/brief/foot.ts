/** The foot of the brief: limits that bind, proof, receipt and digests, and where the figures come from. */
import { periodsInWords } from '../../../scenarios/index.js';
import type { Book } from '../book.js';
import { provenInWords } from '../proven.js';
import { tightLimits } from '../unmet.js';
import { html, rounded } from '../words.js';
import { sourcesOf } from './sources.js';
import { table } from './tables.js';

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

/** Limits that are named; the others are counted. */
const LIMITS = 6;

export function limits(book: Book): string {
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

export function proof({ allocation: a }: Book): string {
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

export function receiptText(receipt: BriefReceipt | null): string {
  const check =
    '<p>To check without us: <code>evenhand check plan.json SCENARIO</code>, the file that the plan was made from.</p>';
  if (!receipt) return `<p>Not on the record: this page has no receipt.</p>${check}`;
  const { seq, size, status, log } = receipt;
  return `<p>Entry ${seq} of ${size}, ${html(status)}${log ? `, log ${html(log)}` : ''}.</p>${check}`;
}

/** What the page is held to, small: nobody reads it, and everybody may compare it. */
export function digests({ digest, allocation: a }: Book, receipt: BriefReceipt | null): string {
  const list = [
    ['Certificate', a.certificate.digest],
    ['Scenario', a.scenario.digest],
    ['Plan', digest],
    ...(receipt ? [['Leaf', receipt.leaf] as const, ['Root', receipt.root] as const] : []),
  ] as const;
  return `<p class="digests">${list.map(([what, value]) => `<span>${what} <code>${html(value)}</code></span>`).join(' ')}</p>`;
}

export function footer(book: Book): string {
  const { name, version } = book.allocation.solver;
  const where = sourcesOf(book);
  const sources = where.on === 'sheet' ? ` Source: ${where.text}` : where.text && ' Sources: after who gets what.';
  return `<footer>Made by Evenhand from the plan alone; solved by ${html(`${name} ${version}`)}.${html(sources)}</footer>`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
