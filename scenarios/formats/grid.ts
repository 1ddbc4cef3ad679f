/** A sheet as it was found, before anything is made of it: rows of cells with their places. */

/** What a cell holds that is neither a number nor a text. */
export type Special =
  | { is: 'date'; iso: string }
  | { is: 'error'; text: string }
  /** The outline of a place, from GeoJSON. */
  | { is: 'polygon'; polygon: Polygon }
  /** `value`: what the program that saved the file computed; `outside`: it refers to another workbook. */
  | { is: 'formula'; formula: string; outside: boolean; value: Plain | undefined };

/** Rings of [longitude, latitude], as RFC 7946 has them. */
export type Polygon =
  | { type: 'Polygon'; coordinates: [number, number][][] }
  | { type: 'MultiPolygon'; coordinates: [number, number][][][] };

export type Plain = string | number | boolean | Exclude<Special, { is: 'formula' }>;
export type Cell = string | number | boolean | Special;

export interface Row {
  /** From 1, as spreadsheets count. */
  number: number;
  hidden: boolean;
  /** By column from 0; undefined where nothing is. */
  cells: (Cell | undefined)[];
}

export interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface Grid {
  name: string;
  /** Rows that hold something, in order. */
  rows: Row[];
  merged: Range[];
  /** In a CSV file every cell is a text, and a number is a text that reads as one. */
  texts: boolean;
  /** Of GeoJSON: names of the properties that the columns are, and what the geometries can be. Feature n is row n + 2. */
  features?: { properties: string[]; like: 'Depots' | 'Regions' | 'Routes' };
}

/** 0 → A, 25 → Z, 26 → AA. */
export function letters(column: number): string {
  let name = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

/** "C7"; rows count from 1, columns from 0. */
export const cellName = (row: number, column: number): string => `${letters(column)}${row}`;

export const rangeName = (r: Range): string => `${cellName(r.top, r.left)}:${cellName(r.bottom, r.right)}`;

/** Row and column of "C7"; undefined for anything else. */
export function cellPlace(name: string): { row: number; column: number } | undefined {
  let column = 0;
  let i = 0;
  for (; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  if (i === 0 || i > 3 || i === name.length || name.length > i + 7) return undefined;
  let row = 0;
  for (; i < name.length; i++) {
    const digit = name.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    row = row * 10 + digit;
  }
  return row > 0 ? { row, column: column - 1 } : undefined;
}

export function rangeOf(text: string): Range | undefined {
  const [first = '', last = first] = text.split(':');
  const [a, b] = [cellPlace(first), cellPlace(last)];
  return a && b ? { top: a.row, left: a.column, bottom: b.row, right: b.column } : undefined;
}
