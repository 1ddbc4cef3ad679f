/** The built-in cases: JSON beside the sources, not copied by the build. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mustReadScenario } from './read.js';
import type { Scenario } from './schema.js';

const CASES = ['enawo', 'two-valleys', 'gorkha', 'idai', 'turkiye', 'wenchuan'] as const;

// From dist/scenarios/library.js to scenarios/library/ at the root of the package.
const FOLDER = new URL('../../scenarios/library/', import.meta.url);

/** Names of the built-in cases. */
export function caseNames(): string[] {
  return [...CASES];
}

/**
 * A built-in case by name. Throws a RangeError for another name, an Error where the file is not where the package
 * has it, and a ScenarioError where it was changed for the worse.
 */
export function readCase(name: string): Scenario {
  const known = CASES.find((known) => known === name);
  if (known === undefined)
    throw new RangeError(`no built-in case ${JSON.stringify(name)}; there are ${CASES.join(', ')}`);
  const file = new URL(`${known}.json`, FOLDER);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the built-in case ${known} should be at ${fileURLToPath(file)}; is the package complete?`, {
      cause,
    });
  }
  return mustReadScenario(text);
}
