/** Where a scenario's figures come from: on the brief's first page where there is room, else below who gets what, else on a page of its own. */
import type { Book } from '../book.js';
import { columnsOf } from '../columns.js';
import { html } from '../words.js';

/** Letters that fit on the first page, and in a line of small print. */
const [FITS, LINE] = [480, 165];
/** Lines that who gets what makes room for; rows of the worst served are worth more than what is beyond. */
const BELOW = 18;

export interface Sources {
  text: string;
  on: 'sheet' | 'below' | 'own';
  /** Of small print that who gets what makes room for. */
  lines: number;
}

export function sourcesOf({ scenario: { source: text = '' } }: Book): Sources {
  const columns = columnsOf(text);
  if (columns <= FITS) return { text, on: text === '' ? 'below' : 'sheet', lines: 0 };
  const lines = Math.ceil(columns / LINE);
  return lines <= BELOW ? { text, on: 'below', lines } : { text, on: 'own', lines: 0 };
}

/** Whole, where the first page has no room. */
export function longSources(book: Book): string {
  const { text, on } = sourcesOf(book);
  return on === 'sheet' || text === '' ? '' : `<footer>Sources: ${html(text)}</footer>`;
}
