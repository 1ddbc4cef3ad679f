/** Wordings as translators meet them: the patterns in sources, and a language in which no word is one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, printable } from '../../scenarios/faults.js';
import { type Finding, FormatError, type Grid, LAYOUTS } from '../../scenarios/formats/index.js';
import { SCENARIO_FIELDS } from '../../scenarios/formats/layout.js';
import { english, inLanguage, type Text } from '../../scenarios/wording.js';

/** The English patterns in the sources of a folder, each once, in the order in which files and lines are read. */
export function patternsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return [...new Set(files.sort().flatMap((name) => patternsOf(readFileSync(join(folder, name), 'utf8'))))];
}

export const patternsOf = (source: string): string[] =>
  [...source.matchAll(/\bwording`/g)].map(({ 0: tag, index }) => template(source, index + tag.length).pattern);

/** A template from behind its first backtick to behind its last one, its expressions as {0}, {1}, … */
function template(source: string, from: number): { pattern: string; end: number } {
  let pattern = '';
  let values = 0;
  for (let i = from; i < source.length; i++)
    if (source[i] === '`') return { pattern, end: i + 1 };
    else if (source[i] === '\\') pattern += source[++i];
    else if (source.startsWith('${', i)) {
      pattern += `{${values++}}`;
      i = endOfExpression(source, i + 2) - 1;
    } else pattern += source[i];
  throw new Error(`a template without end: ${source.slice(from, from + 60)}`);
}

function endOfExpression(source: string, from: number): number {
  let depth = 0;
  for (let i = from; i < source.length; i++)
    if (source[i] === '`') i = template(source, i + 1).end - 1;
    else if (source[i] === "'") i = source.indexOf("'", i + 1);
    else if (source[i] === '{') depth++;
    else if (source[i] === '}' && depth-- === 0) return i + 1;
  throw new Error(`an expression without end: ${source.slice(from, from + 60)}`);
}

/** What the fields of a JSON Schema mean, in the order in which they are there. */
export function descriptionsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'description' && typeof value === 'string' ? [value] : descriptionsIn(value),
  );
}

/** A text whose own words are dots: letters that are left are those of the file, or words that nobody can translate. */
export const dotted = (text: Text): string =>
  inLanguage(text, (pattern) => pattern.replace(/\{\d+\}|\p{L}/gu, (part) => (part[0] === '{' ? part : '·')));

/** Names of the template, which are the same in every language. */
const TEMPLATE = [...LAYOUTS, { name: '', columns: SCENARIO_FIELDS }].flatMap(({ name, columns }) => [
  name,
  ...columns.flatMap(({ heading, key, unit = '', choices = [], required, also }) =>
    [heading, key, unit, ...choices].concat(required ? also.slice(0, 3) : []),
  ),
]);

/** The texts of tables and their names: what a finding may repeat as it stands. */
export const textsOf = (grids: readonly Grid[]): string[] => [...texts(grids)];

function* texts(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) yield String(value);
  else for (const [key, inner] of Object.entries(value)) if (key !== 'is') yield* texts(inner);
}

const wordsOf = (text: string): string[] =>
  text
    .replace(/\b[A-Z]{1,3}\d+\b/g, '')
    .toLowerCase()
    .match(/\p{L}+/gu) ?? [];

/**
 * That a text holds its words in wordings: told in English it is `message`, and where every word of its own is dots, each that is left is
 * one of the template's or of `theirs`.
 */
export function assertInParts(said: Text, message: string, theirs: readonly string[]): void {
  assert.equal(printable(english(said)), printable(message));
  const known = new Set([...TEMPLATE, ...theirs].flatMap(wordsOf));
  const left = wordsOf(dotted(said)).filter((word) => !known.has(word));
  assert.deepEqual(left, [], `${message} has words that nobody can translate: ${JSON.stringify(said)}`);
}

export const assertFindingsInParts = (findings: readonly Finding[], grids: readonly Grid[]): void =>
  assertFaultsInParts(findings, textsOf(grids));

export function assertFaultsInParts(
  faults: readonly (Pick<Fault, 'said' | 'found' | 'mend' | 'message'> & { pointer?: string })[],
  theirs: readonly string[],
): void {
  for (const { said, found, mend, message, pointer = '' } of faults) {
    assertInParts(said.found, found, theirs);
    assertInParts(said.mend, mend, theirs);
    assertInParts(said.message, message, [...theirs, pointer]);
  }
}

/** Names that refused files and their parts have in tests, and what the parts have in them. */
const REFUSED = [
  'xl/worksheets/sheet2.xml',
  'Stock1.csv',
  'a.geojson',
  'mapping.json',
  '</row>',
  '"abc"',
  '&foo;',
  '"type":"name","properties":{"name":"EPSG:32738"}',
];

/** For `assert.throws`: a file is refused with a message that says so, and holds its words in wordings. */
export const refusedAs =
  (says: RegExp) =>
  (error: unknown): boolean => {
    if (!(error instanceof FormatError && says.test(error.message))) return false;
    assertInParts(error.said, error.message, REFUSED);
    return true;
  };
