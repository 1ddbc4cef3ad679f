/** What is said of tables, held against the words that the template and the file have. */
import assert from 'node:assert/strict';
import { type Fault, printable } from '../../scenarios/faults.js';
import { type Finding, FormatError, type Grid, LAYOUTS } from '../../scenarios/formats/index.js';
import { SCENARIO_FIELDS } from '../../scenarios/formats/layout.js';
import { english, type Text } from '../../scenarios/wording.js';
import { pseudo } from './pseudo.js';

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
  const left = wordsOf(pseudo(said)).filter((word) => !known.has(word));
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
