/** Which of somebody's own columns are ours: a file that the program proposes and a person mends. */
import { z } from 'zod';
import { english, type Wording, wording } from '../wording.js';
import type { Grid } from './grid.js';
import { columnOf, isTag, layoutNamed, nearHeading, periodHeading, plainHeading, taggedColumns } from './headings.js';
import { type Column, LAYOUTS, type Layout } from './layout.js';
import type { Mapping } from './read.js';

const SHEETS = LAYOUTS.map((l) => l.name);

/** The mapping file. `sheets` by the name of the sheet or file; `columns`: ours → theirs. */
const mappingSchema = z.strictObject({
  mapping: z.literal(1),
  sheets: z.record(
    z.string(),
    z.strictObject({
      sheet: z.enum(SHEETS as [(typeof SHEETS)[number], ...typeof SHEETS]),
      columns: z.record(z.string(), z.string()),
      notRead: z.array(z.string()).exactOptional(),
    }),
  ),
});

export type MappingFile = z.infer<typeof mappingSchema>;

/** A mapping file that cannot be used, and what is wrong with it. */
export class MappingError extends RangeError {
  /** `said`: the message, for readers of other languages. */
  constructor(readonly said: Wording) {
    super(english(said));
  }
}

/** Reads a mapping file. Throws a MappingError. */
export function readMapping(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MappingError(wording`the mapping is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = mappingSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MappingError(wording`the mapping at ${`/${issue?.path.join('/')}`}: ${String(issue?.message)}`);
  }
  for (const [name, { sheet, columns }] of Object.entries(parsed.data.sheets)) {
    const layout = LAYOUTS.find((l) => l.name === sheet)!;
    for (const key of Object.keys(columns))
      if (columnOf(layout.columns, key) === undefined)
        throw new MappingError(
          wording`the mapping of ${name} names ${JSON.stringify(key)}, which is no column of ${sheet}: ${layout.columns.map((c) => c.key).join(', ')}`,
        );
  }
  return parsed.data.sheets;
}

/** A mapping that a person may go on from: by tags, by names, by names that are near or within a longer heading. */
export function proposeMapping(grids: readonly Grid[]): MappingFile {
  const sheets: MappingFile['sheets'] = {};
  for (const grid of grids) {
    const proposal = bestLayout(grid);
    if (proposal === undefined) continue;
    const { layout, columns, heads } = proposal;
    const used = new Set(Object.values(columns));
    const notRead = heads.filter(
      (h) => h !== '' && !used.has(h) && !(layout.name === 'Demand' && periodHeading(h) !== undefined),
    );
    sheets[grid.name] = { sheet: layout.name, columns, ...(notRead.length > 0 ? { notRead } : {}) };
  }
  return { mapping: 1, sheets };
}

interface Proposal {
  layout: Layout;
  columns: Record<string, string>;
  heads: string[];
  score: number;
}

function bestLayout(grid: Grid): Proposal | undefined {
  const named = layoutNamed(grid.name);
  let best: Proposal | undefined;
  for (const layout of named ? [named] : LAYOUTS.filter((l) => l.name !== 'Scenario')) {
    for (const row of grid.rows.slice(0, 12)) {
      const heads = row.cells.map((c) => (typeof c === 'string' ? c : ''));
      const tags = grid.rows.find((r) => r.number > row.number)?.cells.map((c) => (isTag(c) ? c : undefined)) ?? [];
      const proposal = proposed(layout, heads, tags);
      if (proposal.score > (best?.score ?? 0)) best = proposal;
    }
  }
  return best;
}

function proposed(layout: Layout, heads: string[], tags: readonly (string | undefined)[]): Proposal {
  const columns: Record<string, string> = {};
  let score = 0;
  const tagged = taggedColumns(layout.columns, tags);
  const rounds: [(head: string, at: number) => Column | undefined, number][] = [
    [(_, at) => tagged[at], 3],
    [(head) => columnOf(layout.columns, head), 3],
    [
      (head) =>
        within(
          layout.columns.filter((c) => columns[c.key] === undefined),
          head,
        ),
      1.5,
    ],
    [(head) => columnOf(layout.columns, nearHeading(layout.columns, head) ?? ''), 1],
  ];
  // columns of periods are read without being named
  const taken = new Set(layout.name === 'Demand' ? heads.filter((h) => periodHeading(h) !== undefined) : []);
  for (const [find, worth] of rounds)
    heads.forEach((head, at) => {
      if (head.trim() === '' || taken.has(head)) return;
      const column = find(head, at);
      if (column === undefined || columns[column.key] !== undefined) return;
      columns[column.key] = head;
      taken.add(head);
      score += worth;
    });
  const lacking = layout.columns.filter((c) => c.required && columns[c.key] === undefined).length;
  return { layout, columns, heads, score: score - 2 * lacking };
}

/** A column one of whose names is a word or words of the heading: the longest of them. */
function within(columns: readonly Column[], heading: string): Column | undefined {
  const words = heading
    .split(/[^\p{L}\p{N}]+/u)
    .map(plainHeading)
    .filter(Boolean);
  let best: Column | undefined;
  let longest = 2;
  for (const c of columns)
    for (const name of [c.heading, ...c.also]) {
      const plain = plainHeading(name);
      const fits = words.some((_, i) => words.slice(i).some((__, n) => words.slice(i, i + n + 1).join('') === plain));
      if (fits && plain.length > longest) [best, longest] = [c, plain.length];
    }
  return best;
}
