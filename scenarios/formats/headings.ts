/** Which column a heading is, however it is written, and which columns tags are (HXL 1.1, hxlstandard.org). */
import { nearest } from '../nearest.js';
import { type Column, LAYOUTS, type Layout } from './layout.js';
import { unitOf } from './units.js';

/** No heading is longer, nor a tag: what is stands for nothing, and is not looked through. */
const LONGEST = 300;

/** Case, accents, blanks, punctuation and what stands in brackets make no difference. */
export function plainHeading(text: string): string {
  const bare = withoutBrackets(text.normalize('NFKC'));
  return letters(bare === '' ? text : bare);
}

const letters = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const withoutBrackets = (text: string): string => text.replace(/[([（][^)\]）]*[)\]）]/g, '').trim();

/** The unit that a heading states in brackets; undefined where it states none that we know. */
export function headingUnit(text: string): string | undefined {
  const [, inside] = /[([（]([^)\]）]*)[)\]）]/.exec(text.normalize('NFKC')) ?? [];
  return inside === undefined ? undefined : unitOf(inside);
}

const NOTES = new Set(
  [
    'note',
    'notes',
    'remark',
    'remarks',
    'comment',
    'comments',
    'remarque',
    'remarques',
    'commentaire',
    'commentaires',
    '备注',
    '说明',
    '注释',
  ].map(letters),
);

/** Columns for people alone, which are not read. */
export const isNote = (heading: string): boolean =>
  (heading.length <= LONGEST && NOTES.has(plainHeading(heading))) || /^note\s*:/i.test(heading.trim());

/** Names of a column, plain, the layout's own before those in other words. */
function namesOf(columns: readonly Column[]): Map<string, Column> {
  const names = new Map<string, Column>();
  for (const c of columns) names.set(plainHeading(c.heading), c);
  for (const c of columns)
    for (const word of [c.key, ...c.also]) if (!names.has(letters(word))) names.set(letters(word), c);
  return names;
}

const cache = new WeakMap<readonly Column[], Map<string, Column>>();

/** The column that a heading names. */
export function columnOf(columns: readonly Column[], heading: string): Column | undefined {
  if (heading.length > LONGEST) return undefined;
  let names = cache.get(columns);
  if (names === undefined) {
    names = namesOf(columns);
    cache.set(columns, names);
  }
  return names.get(plainHeading(heading));
}

/** Headings of common operational datasets, as "ADM2_PCODE" and "admin2Name_en": the level, and what is said of it. */
export function adminHeading(heading: string): { level: number; says: 'code' | 'name' } | undefined {
  if (heading.length > LONGEST) return undefined;
  const [, level, rest = ''] =
    /^adm(?:in)?_?([0-5])_?(p?code|name(?:_?[a-z]{2})?|[a-z]{2})?$/i.exec(heading.trim()) ?? [];
  return level === undefined ? undefined : { level: Number(level), says: /code$/i.test(rest) ? 'code' : 'name' };
}

/** The heading that may have been meant. */
export function nearHeading(columns: readonly Column[], heading: string): string | undefined {
  if (heading.length > LONGEST) return undefined;
  const known = columns.flatMap((c) => [c.heading, ...c.also]);
  return nearest(withoutBrackets(heading) || heading, known);
}

/** The period of a heading such as "Period 3", "P3", "第3期", "Période 3". */
export function periodHeading(heading: string): number | undefined {
  if (heading.length > LONGEST) return undefined;
  const [, digits] = /^(?:p|period|periode|t|第)(\d{1,4})期?$/.exec(plainHeading(heading).normalize('NFKD')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const SHEETS = new Map<string, Layout>(
  LAYOUTS.flatMap((l) => [l.name, ...l.also].map((n) => [letters(n), l] as const)),
);

/** The layout that a sheet or file is named after: "2. Routes", "routes.csv", "受灾地区". */
export function layoutNamed(name: string): Layout | undefined {
  const plain = letters(name.replace(/^.*\//, '').replace(/\.(csv|tsv|txt|geojson|json)$/i, ''));
  return SHEETS.get(plain) ?? SHEETS.get(plain.replace(/^\d+/, ''));
}

/** A row below the headings in which every cell that is not empty is a tag. */
export const isTag = (cell: unknown): cell is string =>
  typeof cell === 'string' &&
  cell.length <= LONGEST &&
  /^\s*#\s*\p{L}[\p{L}\p{N}_]*(\s*\+\s*\p{L}[\p{L}\p{N}_]*)*\s*$/u.test(cell);

const parts = (tag: string): string[] => tag.toLowerCase().replace(/[\s#]/g, '').split('+');

/** How well a tag is what is asked for: 0 not at all, else more for each attribute that both have. Their order counts for nothing. */
function likeness(tag: string, asked: string): number {
  const [name, ...attributes] = parts(tag);
  const [askedName, ...askedAttributes] = parts(asked);
  if (name !== askedName || !askedAttributes.every((a) => attributes.includes(a))) return 0;
  // a name is no code, and a code no name, unless it was asked for
  if (['name', 'lat', 'lon'].some((a) => attributes.includes(a) && !askedAttributes.includes(a))) return 0;
  return 1 + askedAttributes.length;
}

/**
 * For each tag of a row the column of the layout that it is: each column takes the tag that its best wish fits, and the
 * closest fit is taken first.
 */
export function taggedColumns(
  columns: readonly Column[],
  tags: readonly (string | undefined)[],
): (Column | undefined)[] {
  const fits: { at: number; column: Column; score: number; wish: number }[] = [];
  tags.forEach((tag, at) => {
    if (tag === undefined) return;
    for (const c of columns)
      c.hxl.forEach((asked, wish) => {
        const score = likeness(tag, asked);
        if (score > 0) fits.push({ at, column: c, score, wish });
      });
  });
  fits.sort((a, b) => b.score - a.score || a.wish - b.wish || a.at - b.at);
  const found: (Column | undefined)[] = tags.map(() => undefined);
  const taken = new Set<Column>();
  for (const { at, column } of fits) {
    if (found[at] !== undefined || taken.has(column)) continue;
    found[at] = column;
    taken.add(column);
  }
  return found;
}
