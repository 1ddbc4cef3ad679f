/** What a file may cost before it is refused. Each limit bounds memory; none is reached by a scenario that can be solved. */
export const LIMITS = {
  /** Bytes of a file as it comes. */
  fileBytes: 64 * 1024 * 1024,
  /** Files in an archive or folder. */
  entries: 2000,
  /** Bytes that one archive may unpack to, all together. */
  unpackedBytes: 400 * 1024 * 1024,
  /** Unpacked ÷ packed of one entry, once it is larger than a megabyte: sheets come to about 50, a bomb to 1,000. */
  ratio: 400,
  /** Rows of all sheets together: as many as a sheet can have. */
  rows: 1_048_576,
  /** Cells with something in them, of all sheets together. */
  cells: 4_000_000,
  /** Characters of all texts of a workbook. */
  characters: 64 * 1024 * 1024,
  /** Characters in a cell: what spreadsheets keep. */
  cell: 32_767,
  /** Columns of a sheet: as many as spreadsheets have. */
  columns: 16_384,
  /** Corners of all polygons. */
  positions: 500_000,
} as const;

/** What the sheets of one file have come to so far. */
export interface Budget {
  rows: number;
  cells: number;
  characters: number;
}

export const newBudget = (): Budget => ({ rows: 0, cells: 0, characters: 0 });

/** A file that is refused as a whole: what it is, and why it is not read. The message is a sentence with the mend. */
export class FormatError extends Error {
  override name = 'FormatError';
}

export const inThousands = (n: number): string => n.toLocaleString('en');
