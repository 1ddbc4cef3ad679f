/** A language in which nothing of ours can be read: whatever can was never made a wording, so nobody could translate it. */
import assert from 'node:assert/strict';
import { reportJsonSchema, scenarioJsonSchema } from '../../scenarios/index.js';
import { english, inLanguage, type Text } from '../../scenarios/wording.js';

/** Every letter of every pattern is a dot; what stands in their places stays as it is. */
export const pseudo = (text: Text): string =>
  inLanguage(text, (pattern) => pattern.replace(/(\{\d+\})|\p{L}/gu, (_, placeholder) => placeholder ?? '·'));

/** What a fault says in English, and the same in parts. */
interface Told {
  found: string;
  mend: string;
  message: string;
  said: { found: Text; what: Text; mend: Text; message: Text };
}

/** A fault is told wholly by wordings, whose English is what it says. `files` are what its names come from: values, or JSON text. */
export function mustBeTold({ found, mend, message, said }: Told, ...files: unknown[]): void {
  assert.deepEqual([english(said.found), english(said.mend), printable(english(said.message))], [found, mend, message]);
  assert.ok(message.includes(printable(english(said.what))) && message.includes(printable(mend)), message);
  for (const part of [said.found, said.what, said.mend, said.message]) mustBeWordings(part, ...files);
}

export const mustBeWordings = (text: Text, ...files: unknown[]): void =>
  assert.deepEqual(escaped(text, ...files), [], `${english(text)} as ${pseudo(text)}`);

const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Values of a text that no language can change and that hold words, but neither a name of the files nor one of our fields. */
export function escaped(text: Text, ...files: unknown[]): string[] {
  const names = new Set(NAMES);
  for (const file of files) gather(typeof file === 'string' ? parsed(file) : file, names);
  const isName = (part: string): boolean =>
    !/\p{L}/u.test(part) ||
    names.has(part) ||
    /^[0-9a-f]{12}$/.test(part) || // a digest in short
    files.some((file) => typeof file === 'string' && file.includes(part.replace(/…$/, ''))) ||
    (part.endsWith('…') && [...names].some((name) => name.startsWith(part.slice(0, -1))));
  // "/depots/0/stock/rice", also without its first slash
  const isPath = (part: string): boolean =>
    part.includes('/') &&
    part.split('/').every((step) => /^\d*$/.test(step) || names.has(step.replaceAll('~1', '/').replaceAll('~0', '~')));
  const known = (part: string): boolean =>
    isName(part) || isName(unquoted(part)) || isName(part.replace(/^[-+]?[\d.,]+ | [\d.,]+$/, '')) || isPath(part);
  return leaves(text).filter((leaf) => !known(leaf) && !leaf.split(', ').every(known));
}

function leaves(text: Text): string[] {
  if (typeof text === 'string') return [text];
  if ('texts' in text) return text.texts.flatMap(leaves);
  return text.values.flatMap((value) => (typeof value === 'number' ? [] : leaves(value)));
}

/** What JSON stands for; the text itself where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const unquoted = (part: string): string => String(parsed(part));

/** Texts and names of fields in a value, as deep as any of our formats goes. */
function gather(value: unknown, into: Set<string>, deepest = 64): void {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null && deepest > 0)
    for (const [key, inner] of Object.entries(value)) {
      into.add(key);
      gather(inner, into, deepest - 1);
    }
}

/** Fields of our formats, and the words that may stand in them. */
const NAMES = new Set<string>(['true', 'false', 'null', 'NaN', 'Infinity', 'P1D']);
(function walk(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) NAMES.add(name);
    if (key === 'const' || key === 'enum') gather(value, NAMES);
    walk(value);
  }
})([scenarioJsonSchema(), reportJsonSchema()]);
