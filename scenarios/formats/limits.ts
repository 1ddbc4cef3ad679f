import { printable, unlisted } from '../faults.js';
import { english, type Text, type Wording, wording } from '../wording.js';

/** What a file may cost before it is refused. Each limit bounds memory; none is reached by a scenario that can be solved. */
export const LIMITS = {
  /** Bytes of a file as it comes, and of all CSV and GeoJSON files that come together. */
  fileBytes: 64 * 1024 * 1024,
  /** Files in an archive or folder. */
  entries: 2000,
  /** Bytes that one archive may unpack to, all together. */
  unpackedBytes: 256 * 1024 * 1024,
  /** Unpacked ÷ packed of one entry, once it is larger than a megabyte: sheets come to about 50, a bomb to 1,000. */
  ratio: 400,
  /** Rows with something in them, of all sheets together: four times those of a nation's week by the day. */
  rows: 400_000,
  /** Cells of all sheets together, in each row those up to the last that has something in it: the holes are held as well. */
  cells: 2_000_000,
  /** Characters of all texts and formulas, in every cell that has them; and of a GeoJSON file. */
  characters: 32 * 1024 * 1024,
  /** Characters in a cell of a workbook: what spreadsheets keep. */
  cell: 32_767,
  /** Characters in a cell of a CSV file, which may have an outline in it that is not read. */
  csvCell: 1024 * 1024,
  /** Rows and columns of a sheet: as many as spreadsheets have. */
  sheetRows: 1_048_576,
  columns: 16_384,
  /** Formats of cells that a workbook may have: what spreadsheets keep. */
  formats: 65_536,
  /** Ids of a sheet: depots, hubs, regions or resources. A country has some forty thousand townships. */
  ids: 100_000,
  /** Faults of what rows say of each other: --fix cannot mend them, and fewer are of use. */
  relations: 20_000,
  /** Numbers that lists in cells and rows of periods come to. */
  numbers: 2_000_000,
  /** Corners of all polygons. */
  positions: 400_000,
  /** Values of a GeoJSON file: numbers, texts, lists and objects. */
  values: 1_500_000,
} as const;

/** What the sheets of one file have come to so far. */
export interface Budget {
  rows: number;
  cells: number;
  characters: number;
}

export const newBudget = (): Budget => ({ rows: 0, cells: 0, characters: 0 });

/** Counts a row of so many cells, of `what`. Throws FormatError over a limit. */
export function spendRow(budget: Budget, cells: number, what: Text): void {
  budget.cells += cells;
  if (++budget.rows > LIMITS.rows) throw over(what, LIMITS.rows, wording`rows`);
  if (budget.cells > LIMITS.cells) throw over(what, LIMITS.cells, wording`cells`);
}

/** Counts a text, of `what`, and gives it back. Throws FormatError over the limit. */
export function spendText(budget: Budget, text: string, what: Text): string {
  budget.characters += text.length;
  if (budget.characters > LIMITS.characters) throw over(what, LIMITS.characters, wording`characters`);
  return text;
}

/** A file that is refused as a whole: what it is, and why it is not read. The message is a sentence with the mend. */
export class FormatError extends Error {
  override name = 'FormatError';

  /** `said`: the message, for readers of other languages. */
  constructor(readonly said: Wording) {
    super(printable(english(said)));
    unlisted(this, 'said');
  }
}

/** The refusal of a file that has too many of something. */
export const over = (what: Text, limit: number, of: Wording): FormatError =>
  new FormatError(
    wording`${what} has over ${inThousands(limit)} ${of}: a scenario has no use for so many. Clear what is not part of it, or split it.`,
  );

/** A whole number in groups of three digits, which each language sets apart in its own way. */
export const inThousands = (n: number): Text =>
  n < 1000 ? String(n) : wording`${inThousands(Math.floor(n / 1000))},${String(n % 1000).padStart(3, '0')}`;
