/** The suites by name, in the order of a decision's life. */
import { bombs } from './bombs.js';
import { books } from './books.js';
import { check } from './check.js';
import { compile } from './compile.js';
import { http } from './http.js';
import { ledger } from './ledger.js';
import { leximin } from './leximin.js';
import { page } from './page.js';
import { solve } from './solve.js';
import type { Group, Row } from './support.js';

export interface Bench {
  /** Times a group, prints it as it ends and keeps its rows. */
  compare(group: Group): Promise<void>;
  /** Prints a table of another make and keeps its rows. */
  report(rows: Row[], text: string): void;
  /** Says and records why something was not measured, or not in rounds. */
  note(text: string): void;
  /** Peers that take minutes and gigabytes are wanted too. */
  full: boolean;
}

export type Suite = (bench: Bench) => Promise<void>;

export const suites: Record<string, Suite> = { compile, books, bombs, solve, leximin, check, ledger, http, page };
