/** Reading a scenario, in whichever thread: the outcome is plain data. */
import { MOST_TOLD } from '../../scenarios/faults.js';
import { type Finding, FormatError, readTables } from '../../scenarios/formats/index.js';
import { type Fault, readScenario, type Scenario } from '../../scenarios/index.js';
import { syntaxFaults } from '../../scenarios/syntax.js';
import type { Text } from '../../scenarios/wording.js';
import { wordsOf } from '../languages/words.js';

/** `refused`: why tables are not read at all; `said`: the same for readers of other languages. */
export type TablesOutcome =
  | { ok: true; scenario: Scenario; notices: string[] }
  | { ok: false; refused: string; said: Text }
  /** `more`: it looked no further. */
  | { ok: false; faults: number; more: boolean; findings: Finding[] };

export type Read =
  | { ok: true; scenario: Scenario }
  /** `more`: it looked no further. */
  | { ok: false; malformed: boolean; faults: Fault[]; more?: true };

/** `malformed` says that the text is not JSON, or nested too deep to be looked at. */
export function read(text: string): Read {
  const outcome = readScenario(text, MOST_TOLD);
  if (outcome.ok) return outcome;
  return { ...outcome, malformed: syntaxFaults(text, 0).fatal !== undefined };
}

/** A workbook or a zip of CSV files. */
export function readBook(bytes: Uint8Array): TablesOutcome {
  try {
    const outcome = readTables(bytes);
    if (outcome.ok) return { ok: true, scenario: outcome.scenario, notices: outcome.findings.map((f) => f.message) };
    const { faults, more } = outcome;
    return { ok: false, faults, more, findings: outcome.findings.filter((f) => f.severity === 'fault') };
  } catch (error) {
    if (error instanceof FormatError) return { ok: false, refused: error.message, said: wordsOf(error) };
    throw error;
  }
}
