/** `evenhand needs` and `evenhand routes`: from people and places to a scenario. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { checkScenario } from '../../scenarios/check.js';
import {
  builtInStandards,
  builtInTransport,
  caseNames,
  type Draft,
  draftText,
  needsOf,
  type PlanningFigure,
  readCase,
  readDraft,
  readStandards,
  readTransport,
  routesOf,
  type Why,
} from '../../scenarios/index.js';
import { InputError, loadScenario, readText } from './input.js';
import { num, table } from './text.js';

interface Fault {
  message: string;
  line?: number;
}

type Outcome<T> = { ok: true; value: T } | { ok: false; faults: readonly Fault[] };

const LISTED = 30;

/** The value, or InputError with every fault and its place. */
function must<T>(file: string, read: Outcome<T>): T {
  if (read.ok) return read.value;
  const lines = read.faults.slice(0, LISTED).map((f) => (f.line ? `  line ${f.line}: ${f.message}` : `  ${f.message}`));
  const rest = read.faults.length - lines.length;
  throw new InputError([`${file}:`, ...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n'));
}

async function loadDraft(file: string): Promise<Draft> {
  if (caseNames().includes(file)) return readCase(file);
  // what is no JSON (a workbook, say) can only be a whole scenario
  if (!['', '.json'].includes(extname(file).toLowerCase())) return loadScenario(file);
  return must(file, readDraft(await readText(file)));
}

const FIGURES: PlanningFigure[] = ['low', 'likely', 'high'];

export interface NeedsFlags {
  standards?: string;
  figure?: string;
  items?: string;
  out?: string;
  why: boolean;
}

/** People × standards → resources and demand. The result goes to --out, or to standard output; the table why so many beside it. */
export async function needsCommand(file: string, flags: NeedsFlags): Promise<number> {
  const figure = FIGURES.find((f) => f === flags.figure);
  if (flags.figure !== undefined && figure === undefined)
    throw new InputError(`--figure ${flags.figure}: expected ${FIGURES.join(', ')}`);
  const standards = flags.standards
    ? must(flags.standards, readStandards(await readText(flags.standards)))
    : builtInStandards();
  const draft = await loadDraft(file);
  const items = flags.items?.split(',').map((item) => item.trim());
  const asked = items ? { ...draft, needs: { ...draft.needs, items } } : draft;
  const { draft: made, why } = must(file, needsOf(asked, standards, figure));
  // in later phases nothing more may be due
  const due = why.filter((w) => w.quantity > 0 || w.periods[0] === 0);
  const rows = flags.why ? due : bySum(due);
  const tell = [
    'Why so many',
    table(
      ['region', 'item', 'phase', 'people', 'counted', 'standard', 'needed', 'unit', 'tonnes'],
      rows.map((w) => [w.region, w.item, w.phase, w.people, w.counted, w.standard, w.quantity, w.unit, w.tonnes]),
    ),
    ...(flags.why ? due.map((w) => `${w.region} ${w.item} ${w.phase}: ${w.formula}`) : []),
    'Sources',
    ...sourcesOf(why),
    'Rounded up: people to whole people, needs to whole lots (of a durable up to and including each period).',
  ];
  return finish(file, made, flags.out, tell);
}

/** Over all regions: one row an item and phase. */
function bySum(why: readonly Why[]): Why[] {
  const sums = new Map<string, Why>();
  for (const w of why) {
    const key = JSON.stringify([w.item, w.phase, w.periods]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...w, region: 'all', counted: 'by region: --why' });
    else {
      sum.people += w.people;
      sum.quantity += w.quantity;
      sum.tonnes += w.tonnes;
    }
  }
  return [...sums.values()];
}

function sourcesOf(why: readonly Why[]): string[] {
  const lines = new Map<string, string>();
  for (const w of why)
    lines.set(
      w.item,
      `  ${w.item}: ${w.source}${w.note ? ` [${w.note}]` : ''}${w.assumed ? ' [share of people assumed]' : ''}`,
    );
  return [...lines.values()];
}

export interface RoutesFlags {
  k?: string;
  modes?: string;
  transport?: string;
  out?: string;
}

/** Routes from coordinates, merged with the known ones. */
export async function routesCommand(file: string, flags: RoutesFlags): Promise<number> {
  const k = flags.k === undefined ? undefined : Number(flags.k);
  if (k !== undefined && !(Number.isInteger(k) && k >= 1 && k <= 1000))
    throw new InputError(`--k ${flags.k}: expected a whole number from 1 to 1000`);
  const transport = flags.transport
    ? must(flags.transport, readTransport(await readText(flags.transport)))
    : builtInTransport();
  const draft = await loadDraft(file);
  const modes = flags.modes?.split(',').map((mode) => mode.trim());
  const options = { ...(k === undefined ? {} : { k }), ...(modes === undefined ? {} : { modes }) };
  const { draft: made, assumed, without, stranded } = must(file, routesOf(draft, transport, options));
  const routes = made.routes ?? [];
  const tell = [
    `${routes.length} routes: ${routes.length - assumed.size} known, ${assumed.size} assumed`,
    table(
      ['from', 'to', 'mode', 'km', 'lead', 'cost a tonne', ''],
      routes
        .slice(0, LISTED)
        .map((r) => [
          r.from,
          r.to,
          r.mode,
          r.km ?? '',
          r.leadPeriods ?? 0,
          r.costPerTonne ?? 0,
          assumed.has(r) ? 'assumed' : 'known',
        ]),
    ),
    ...(routes.length > LISTED ? [`… and ${num(routes.length - LISTED)} more`] : []),
    ...without.map((w) => `No route by ${w.mode} to ${w.to}: ${w.why}.`),
    ...stranded.map((s) => `No route leaves ${s}: it is not among the nearest of any region; a larger --k reaches it.`),
    'Assumed in the transport table:',
    ...transport.modes
      .filter((m) => routes.some((r) => r.mode === m.mode && assumed.has(r)))
      .map((m) => `  ${m.mode}: ${m.assumed ?? 'nothing'} [${m.sources.map((s) => transport.sources[s]).join('; ')}]`),
  ];
  return finish(file, made, flags.out, tell);
}

/** Writes the result, which is a scenario once no block of a draft is left, and says what is still to be done. */
async function finish(file: string, made: Draft, out: string | undefined, tell: string[]): Promise<number> {
  const open = [
    ...(made.needs ? ['evenhand needs'] : []),
    ...(made.transport || !made.routes ? ['evenhand routes'] : []),
  ];
  if (open.length === 0) {
    const checked = checkScenario(made);
    if (!checked.ok) must(file, { ok: false, faults: checked.faults });
  }
  const aside = out === undefined || out === '-';
  if (aside) process.stdout.write(draftText(made));
  else await writeFile(out, draftText(made));
  const say = aside ? console.error : console.log;
  for (const line of tell) say(line);
  say(open.length === 0 ? 'A scenario.' : `Still a draft; next: ${open.join(', then ')}`);
  return 0;
}
