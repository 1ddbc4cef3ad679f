/** Tables of the brief: regions, and resources with what is short and why. Rows are bounded; what is left out is counted. */
import type { Coverage } from '../../types.js';
import type { Book } from '../book.js';
import { whyShort } from '../short.js';
import { tidy } from '../table.js';
import type { Told } from '../unmet.js';
import { clip, figure, html, NAME, share, whole } from '../words.js';
import { periodWord } from './figures.js';

/** Rows of each table on the page; what is left out stands in the other tables. */
const [RESOURCES, REGIONS] = [16, 14];

export function table(heads: [string, boolean][], rows: string[][], more: string): string {
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

export function regions(book: Book): string {
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

export function resources(book: Book, pairs: readonly Coverage[], tell: (c: Coverage) => Told): string {
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
