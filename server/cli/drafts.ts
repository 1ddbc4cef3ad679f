/** What `evenhand needs` and `evenhand routes` share: a draft read from whatever it is in, and the result written, with what comes next. */
import { writeFile } from 'node:fs/promises';
import { checkScenario } from '../../scenarios/check.js';
import { type Fault, faultLines } from '../../scenarios/faults.js';
import type { StandardItem } from '../../scenarios/formats/index.js';
import {
  caseNames,
  type Draft,
  draftText,
  readCase,
  readDraft,
  type Scenario,
  standingOf,
} from '../../scenarios/index.js';
import { InputError, readText } from './input.js';
import { draftOfTables, openTables } from './sources.js';
import { isTables, writeTables } from './tables.js';
import { fullName, quoted, stillToDo } from './todo.js';

type Outcome<T> = { ok: true; value: T } | { ok: false; faults: readonly Fault[] };

export const LISTED = 30;

/** The value, or InputError with every fault and its place: of a `draft` that came from a table the site, not its number. */
export function must<T>(file: string, read: Outcome<T>, draft?: Draft): T {
  if (read.ok) return read.value;
  const tell = (f: Fault) => (draft && f.line === undefined ? withIds(f.message, draft) : f.message);
  throw new InputError([`${file}:`, ...faultLines(read.faults, { most: LISTED, tell })].join('\n'));
}

/** "/regions/10/at" as "/regions/10/at (Zomba)". */
const withIds = (message: string, draft: Draft): string =>
  message.replace(/^\/(regions|depots|hubs|resources)\/(\d+)\S*/, (pointer, list: 'regions', i) => {
    const site = draft[list]?.[Number(i)];
    return site === undefined ? pointer : `${pointer} (${site.id})`;
  });

/** A draft with what tables say beside it: which items of the standards its resources are, and which regions are cut off. */
export interface Opened {
  draft: Draft;
  stated: ReadonlyMap<string, string>;
  cutOff: ReadonlySet<string>;
}

export async function loadDraft(file: string): Promise<Opened> {
  const nothing = { stated: new Map<string, string>(), cutOff: new Set<string>() };
  if (caseNames().includes(file)) return { draft: readCase(file), ...nothing };
  const tables = await openTables(file);
  if (tables === undefined) return { draft: must(file, readDraft(await readText(file))), ...nothing };
  const { scenario, standards, cutOff } = draftOfTables(file, tables);
  return { draft: scenario, stated: standards, cutOff };
}

interface Finishing {
  opened: Opened;
  made: Draft;
  out: string | undefined;
  /** What was made and why, for people. */
  tell: string[];
  /** What was made, in a few words. */
  what: (tables: boolean) => string;
  /** The items that the notes and the column Standard offer. */
  items: readonly StandardItem[];
  /** Routes have been proposed: once more brings no others. */
  routed: boolean;
  /** No result on standard output, where the explanation goes. */
  silent?: boolean;
}

/** Writes the result, which is a scenario once no block of a draft is left; says what was written and what comes next. */
export async function finish(file: string, finishing: Finishing): Promise<number> {
  const { made, out, tell, what, routed, silent } = finishing;
  const open = [...(made.needs ? ['needs'] : []), ...(made.transport || !made.routes ? ['routes'] : [])];
  const checked = open.length === 0 ? checkScenario(made, undefined, true) : undefined;
  if (checked?.ok === false) must(file, { ok: false, faults: checked.faults });
  const scenario = checked?.ok ? checked.scenario : undefined;
  const aside = !silent && (out === undefined || out === '-');
  if (aside) process.stdout.write(draftText(made));
  else if (out !== undefined) await write(out, scenario, finishing);
  const say = aside ? console.error : console.log;
  for (const line of tell) say(line);
  const name = aside ? 'FILE' : (out ?? `${fullName(file)}${caseNames().includes(file) ? '.json' : ''}`);
  if (out === undefined && silent) {
    say(`Nothing is written; with --out ${quoted(name)} it would be ${what(isTables(name))}.`);
    return 0;
  }
  const next = scenario === undefined ? open[0] : nextOf(scenario, routed);
  const command = `evenhand ${next} ${quoted(name)} --out ${next === 'allocate' ? 'plan.json' : quoted(name)}`;
  say(
    [
      `${aside ? 'On standard output' : `${out} written`}: ${what(isTables(name))}.`,
      ...(scenario === undefined ? ['It is still a draft.'] : []),
      ...(next === undefined ? [] : [`Next: ${command}`]),
    ].join(' '),
  );
  if (scenario) for (const line of stillToDo(name, standingOf(scenario), routed)) say(`→ ${line}`);
  return 0;
}

/** The command that brings a scenario on; undefined where only a person can. */
function nextOf(scenario: Scenario, routed: boolean): 'needs' | 'routes' | 'allocate' | undefined {
  const { needed, withoutRoute, unreached } = standingOf(scenario);
  if (needed?.size === 0) return 'needs';
  if (!routed && (withoutRoute.length > 0 || unreached > 0)) return 'routes';
  return withoutRoute.length > 0 ? undefined : 'allocate';
}

/** JSON, or the tables that the name asks for, with all that the template has for whoever fills them. */
async function write(
  out: string,
  scenario: Scenario | undefined,
  { made, opened: { stated, cutOff }, items, routed }: Finishing,
): Promise<void> {
  if (!isTables(out)) return writeFile(out, draftText(made));
  if (scenario === undefined)
    throw new InputError(
      `${out} cannot hold what is still a draft, with a block "needs" or "transport": --out FILE.json`,
    );
  const form = { items, standards: stated, cutOff };
  await writeTables(scenario, out, !routed || scenario.routes.length === 0, form);
}
