/** What is wrong with a scenario, said so that its author can mend it without us. */
import { english, type Text, wording } from './wording.js';

/** One thing that is wrong, and where: `pointer` is an RFC 6901 JSON pointer, line and column count from 1. */
export interface Fault {
  pointer: string;
  found: string;
  mend: string;
  /** The three above in one sentence. */
  message: string;
  line?: number;
  column?: number;
  /** The words above, for readers of other languages. */
  said: Said;
}

export interface Said {
  found: Text;
  /** What is wrong, as a predicate. */
  what: Text;
  mend: Text;
  message: Text;
}

/** So many faults of one file are told to those who ask over a network; nobody reads on, and there are others who wait. */
export const MOST_TOLD = 1000;
/** With so many a file is a ruin, and no more of it is looked at. */
export const MOST_FAULTS = 100_000;

export type Path = readonly (string | number)[];

/** Takes down one fault: its place, what was found, what is wrong with it (a predicate), what to do about it. */
export type Report = (path: Path, found: Text, what: Text, mend: Text) => void;

/** The outcome of reading: a scenario that every other part may rely on, or all its faults; `more` where it looked no further. */
export type Checked<T> = { ok: true; scenario: T } | { ok: false; faults: Fault[]; more?: true };

/** RFC 6901 pointer of a path; the empty pointer is the whole file. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** `whole` names what the empty pointer stands for. */
export function fault(path: Path, found: Text, what: Text, mend: Text, whole: Text = wording`The file`): Fault {
  const pointer = pointerOf(path);
  return { pointer, ...spoken({ found, what, mend, message: sentence(pointer || whole, what, mend) }) };
}

/** What is wrong with something, and what to do about it, in one sentence. */
export const sentence = (subject: Text, what: Text, mend: Text): Text =>
  /[.?]$/.test(english(mend)) ? wording`${subject} ${what}: ${mend}` : wording`${subject} ${what}: ${mend}.`;

/** The same in English, with the parts beside it. */
export const spoken = (said: Said): Pick<Fault, 'found' | 'mend' | 'message' | 'said'> => ({
  found: english(said.found),
  mend: english(said.mend),
  message: printable(english(said.message)),
  said,
});

/** A fault with something before its sentence, such as what was done to the file before it was looked at. */
export const prefaced = <F extends Fault>(found: F, preface: (message: Text) => Text): F => ({
  ...found,
  ...spoken({ ...found.said, message: preface(found.said.message) }),
});

/** Control characters come from the file and must not reach a terminal as such. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What is shown of a value that is not there, and of a list without entries: whoever wants to know asks for the very same. */
export const NOTHING = wording`nothing`;
export const EMPTY_LIST = wording`a list of ${0}`;

/** A value in a few words; never the whole of a list or an object, which may be large or deeply nested. */
export function show(value: string): string;
export function show(value: unknown): Text;
export function show(value: unknown): Text {
  if (value === undefined) return NOTHING;
  if (Array.isArray(value) && value.length === 0) return EMPTY_LIST;
  if (Array.isArray(value)) return value.length === 1 ? wording`a list of 1` : wording`a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return wording`an object`;
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  return String(value);
}

/** Places that are named of one fault that is there many times. */
const PLACES = 5;

/**
 * Faults as lines of English, `most` at most: what is wrong in many places with the same mend is said once, so that a name that nobody
 * knows does not keep the other faults from being read. `more`: there are others than these.
 */
export function faultLines(
  faults: readonly Fault[],
  { most, more = false, tell = (f) => f.message }: { most: number; more?: boolean; tell?: (fault: Fault) => string },
): string[] {
  const groups = new Map<string, [Fault, ...Fault[]]>();
  for (const one of faults) {
    const key = `${english(one.said.what)}\n${one.mend}`;
    const same = groups.get(key);
    if (same) same.push(one);
    else groups.set(key, [one]);
  }
  const told = [...groups.values()].slice(0, most);
  const lines = told.flatMap(([one, ...same]) => {
    const places = same.slice(0, PLACES).map((f) => (f.line ? `line ${f.line} (${f.pointer})` : f.pointer));
    const others = same.length > places.length ? ` and ${same.length - places.length} more places` : '';
    return [
      `  ${one.line ? `line ${one.line}: ` : ''}${tell(one)}`,
      ...(same.length > 0 ? [`    The same at ${places.join(', ')}${others}.`] : []),
    ];
  });
  const rest = faults.length - told.reduce((sum, same) => sum + same.length, 0);
  return rest > 0 ? [...lines, `  … and ${more ? 'over ' : ''}${rest} more`] : lines;
}

const LISTED = 20;

/** A scenario that cannot be used; `faults` has them, all unless there are `more`, and the message the first twenty kinds. */
export class ScenarioError extends Error {
  readonly faults: readonly Fault[];
  readonly more: boolean;

  constructor(faults: readonly Fault[], more = false) {
    const many = `${more ? 'over ' : ''}${faults.length} faults`;
    const head = `the scenario has ${faults.length === 1 && !more ? 'a fault' : many}`;
    super([head, ...faultLines(faults, { most: LISTED, more })].join('\n'));
    this.name = 'ScenarioError';
    this.faults = faults;
    this.more = more;
    unlisted(this, 'faults');
  }
}

/** What an error keeps for its readers is not for the log, whose lines have every member that can be listed. */
export function unlisted(error: Error, ...members: string[]): void {
  for (const member of members) Object.defineProperty(error, member, { enumerable: false });
}
