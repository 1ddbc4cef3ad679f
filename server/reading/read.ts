/** Reading a scenario, in whichever thread: the outcome is plain data. */
import { type Fault, readScenario, type Scenario } from '../../scenarios/index.js';
import { syntaxFaults } from '../../scenarios/syntax.js';

export type Read = { ok: true; scenario: Scenario } | { ok: false; malformed: boolean; faults: Fault[] };

/** `malformed` says that the text is not JSON, or nested too deep to be looked at. */
export function read(text: string): Read {
  const outcome = readScenario(text);
  if (outcome.ok) return outcome;
  return { ...outcome, malformed: syntaxFaults(text).fatal !== undefined };
}
