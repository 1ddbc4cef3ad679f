/** The suites by name, in the order of a decision's life. */
import { check } from './check.js';
import { compile } from './compile.js';
import { solve } from './solve.js';
import type { Group } from './support.js';

export interface Bench {
  /** Times a group, prints it as it ends and keeps its rows. */
  compare(group: Group): Promise<void>;
  /** Says why something was not measured. */
  note(text: string): void;
  /** Peers that take half a minute and gigabytes each are wanted too. */
  full: boolean;
}

export type Suite = (bench: Bench) => Promise<void>;

export const suites: Record<string, Suite> = { compile, solve, check };
