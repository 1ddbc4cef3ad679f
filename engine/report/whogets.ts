/** Who gets what: region by resource, what is delivered of what is needed by the end. As much of it as one page of A4 holds. */
import type { Coverage } from '../types.js';
import type { Book } from './book.js';
import { figure, html, share } from './words.js';

/** Columns that fit side by side, blocks of them below each other, and rows of all blocks together. */
const [ACROSS, BLOCKS, ROWS] = [7, 3, 39];
export const WHO_GETS_MOST = { resources: ACROSS * BLOCKS, regions: ROWS };

/** `taken` lines of small print follow on the same page; a row is as tall as two of them. */
export function whoGets(book: Book, taken = 0): string {
  const { measures, coverage } = book.allocation;
  const cells = new Map(coverage.filter((c) => c.due > 0).map((c) => [`${c.region}\n${c.resource}`, c]));
  const needy = measures.byRegion.filter((r) => r.needed > 0).sort((a, b) => a.ratio - b.ratio || b.needed - a.needed);
  const wanted = measures.byResource.filter((r) => r.due > 0);
  const served = ({ delivered, due }: { delivered: number; due: number }) => delivered / due;
  const worst = [...wanted].sort((a, b) => served(a) - served(b)).slice(0, ACROSS * BLOCKS);
  const columns = wanted.filter((r) => worst.includes(r));
  if (columns.length === 0) return '<p>No region needs anything.</p>';
  const blocks = Math.ceil(columns.length / ACROSS);
  const across = Math.ceil(columns.length / blocks);
  const rows = needy.slice(0, Math.floor((ROWS - Math.ceil(taken / 2)) / blocks));
  const parts: string[] = [];
  for (let b = 0; b < blocks; b++) {
    const some = columns.slice(b * across, (b + 1) * across);
    const heads = some.map(
      ({ resource, unit }) => `<th class="n">${html(book.resource(resource).name)}<br>${html(unit)}</th>`,
    );
    const lines = rows.map(
      ({ region }) =>
        `<tr><th>${html(book.site(region).name)}</th>${some.map(({ resource }) => cell(cells.get(`${region}\n${resource}`))).join('')}</tr>`,
    );
    parts.push(
      `<table class="who"><thead><tr><th>region</th>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`,
    );
  }
  const left = [
    ...(needy.length > rows.length ? [`${needy.length - rows.length} more regions`] : []),
    ...(wanted.length > columns.length ? [`${wanted.length - columns.length} more resources`] : []),
  ];
  const all = `evenhand convert plan.json FILE.csv --as`;
  return `${parts.join('')}<p>${html(
    left.length > 0 ? `These are the worst served; ${left.join(' and ')} are not shown. ` : '',
  )}Everything that stays short, with its reason: <code>${all} unmet</code>; every consignment, from where and when: <code>${all} shipments</code>.</p>`;
}

/** Delivered in bold, then the need and the share; what gets nothing stands out. */
function cell(c: Coverage | undefined): string {
  if (c === undefined) return '<td class="n">–</td>';
  return `<td class="n${c.delivered > 0 ? '' : ' zero'}"><b>${figure(c.delivered)}</b><br>of ${figure(c.due)}, ${html(share(c.delivered / c.due))}</td>`;
}
