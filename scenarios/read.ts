/** From the text of a file to a scenario, or to all that is wrong with it. */
import { checkScenario } from './check.js';
import { type Checked, fault, MOST_FAULTS, ScenarioError } from './faults.js';
import { withPlaces } from './places.js';
import type { Scenario } from './schema.js';
import { syntaxFaults } from './syntax.js';
import { wording } from './wording.js';

/**
 * Reads a scenario file (JSON text, UTF-8 without a byte order mark). Malformed JSON is one fault with line and
 * column; otherwise all faults come at once, with places in files below 4 MiB; after `most` of them it looks no further. Never throws.
 */
export function readScenario(text: string, most = MOST_FAULTS): Checked<Scenario> {
  if (text.startsWith('\uFEFF')) {
    const mark = fault(
      [],
      wording`a byte order mark`,
      wording`starts with a byte order mark`,
      wording`save it as UTF-8 without one`,
    );
    return { ok: false, faults: [{ ...mark, line: 1, column: 1 }] };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { fatal } = syntaxFaults(text, 0);
    return { ok: false, faults: [fatal ?? fault([], reason, wording`is not JSON (${reason})`, wording`mend it`)] };
  }
  const { fatal, ambiguous, more } = syntaxFaults(text, most);
  if (fatal !== undefined) return { ok: false, faults: [fatal] };
  const checked = checkScenario(value, most);
  if (checked.ok && ambiguous.length === 0) return checked;
  const places = new Set(ambiguous.map(({ pointer }) => pointer));
  // One fault is enough where a field is both.
  const others = checked.ok ? [] : checked.faults.filter(({ pointer }) => !places.has(pointer));
  const all = [...ambiguous, ...others];
  const beyond = more || all.length > most || (!checked.ok && checked.more === true);
  return { ok: false, faults: withPlaces(all.slice(0, most), text), ...(beyond ? { more: true as const } : {}) };
}

/** As `readScenario`, for callers that cannot go on without a scenario: throws a ScenarioError with the faults. */
export function mustReadScenario(text: string): Scenario {
  const read = readScenario(text);
  if (!read.ok) throw new ScenarioError(read.faults, read.more);
  return read.scenario;
}
