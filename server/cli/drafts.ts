/** `evenhand needs` and `evenhand routes`: from people and places to a scenario. */
import { writeFile } from 'node:fs/promises';
import { checkScenario } from '../../scenarios/check.js';
import {
  builtInStandards,
  builtInTransport,
  caseNames,
  type Draft,
  detourFactor,
  draftText,
  matchStandards,
  needsOf,
  type PlanningFigure,
  type Routing,
  readCase,
  readDraft,
  readStandards,
  readTransport,
  routesOf,
  type Scenario,
  type Standards,
  standingOf,
  type Transport,
  unreached,
  type Why,
} from '../../scenarios/index.js';
import { InputError, readText } from './input.js';
import { draftOfTables, openTables } from './sources.js';
import { isTables, writeTables } from './tables.js';
import { num, table } from './text.js';
import { fullName, quoted, stillToDo } from './todo.js';

interface Fault {
  message: string;
  line?: number;
}

type Outcome<T> = { ok: true; value: T } | { ok: false; faults: readonly Fault[] };

const LISTED = 30;

/** The value, or InputError with every fault and its place: of a `draft` that came from a table the site, not its number. */
function must<T>(file: string, read: Outcome<T>, draft?: Draft): T {
  if (read.ok) return read.value;
  const lines = read.faults
    .slice(0, LISTED)
    .map((f) => (f.line ? `  line ${f.line}: ${f.message}` : `  ${draft ? withIds(f.message, draft) : f.message}`));
  const rest = read.faults.length - lines.length;
  throw new InputError([`${file}:`, ...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n'));
}

/** "/regions/10/at" as "/regions/10/at (Zomba)". */
const withIds = (message: string, draft: Draft): string =>
  message.replace(/^\/(regions|depots|hubs|resources)\/(\d+)\S*/, (pointer, list: 'regions', i) => {
    const site = draft[list]?.[Number(i)];
    return site === undefined ? pointer : `${pointer} (${site.id})`;
  });

/** A draft with what tables say beside it: which items of the standards its resources are, and which regions are cut off. */
interface Opened {
  draft: Draft;
  stated: ReadonlyMap<string, string>;
  cutOff: ReadonlySet<string>;
}

async function loadDraft(file: string): Promise<Opened> {
  const nothing = { stated: new Map<string, string>(), cutOff: new Set<string>() };
  if (caseNames().includes(file)) return { draft: readCase(file), ...nothing };
  const tables = await openTables(file);
  if (tables === undefined) return { draft: must(file, readDraft(await readText(file))), ...nothing };
  const { scenario, standards, cutOff } = draftOfTables(file, tables);
  return { draft: scenario, stated: standards, cutOff };
}

/**
 * The items that people are to have: as asked on the command line (`water`, `cereal=Maize flour`), as the draft says, or as its
 * resources are. `tell` says what was taken for what, and which resources nobody counts need for.
 */
function itemsOf({ draft, stated }: Opened, asked: string | undefined, standards: Standards) {
  const matched = matchStandards(draft.resources ?? [], stated, standards);
  if (asked !== undefined) {
    const items = asked.split(',').map((word) => {
      const [item = '', named] = word.split('=').map((w) => w.trim());
      const own = draft.resources?.some((r) => r.id === item) ? undefined : matched.items.find((m) => m.item === item);
      const resource = named ?? own?.resource;
      return resource === undefined ? item : { item, resource };
    });
    return { items, tell: [] };
  }
  if (draft.needs !== undefined || (draft.resources ?? []).length === 0) return { items: undefined, tell: [] };
  const demanded = new Set(draft.regions.flatMap((r) => Object.keys(r.demand ?? {})));
  const tell = [
    ...matched.items.map(
      ({ item, resource, stated: said }) =>
        `${resource}: counted as "${item}" (${said ? 'column Standard' : 'by its name'})`,
    ),
    ...matched.without
      .filter(({ resource }) => !demanded.has(resource))
      .map(
        ({ resource, like }) =>
          `${resource}: nobody needs it yet. Write its item of the standards in Resources, column Standard` +
          `${like.length > 0 ? ` (by its unit ${like.join(', ')})` : ''}, or its demand in the sheet Demand.`,
      ),
  ];
  if (matched.items.length === 0)
    throw new InputError(
      ['no resource is an item of the standards', ...tell, `Items: ${namesOf(standards)}`]
        .map((l) => `  ${l}`)
        .join('\n')
        .trim(),
    );
  return {
    items: matched.items.map(({ item, resource }) => ({ item, resource })),
    tell: ['Counted for', ...tell.map((l) => `  ${l}`), ''],
  };
}

const namesOf = ({ items }: Standards): string => items.map((i) => `${i.item} (${i.unit})`).join(', ');

const FIGURES: PlanningFigure[] = ['low', 'likely', 'high'];

export interface NeedsFlags {
  standards?: string;
  figure?: string;
  items?: string;
  out?: string;
  why: boolean;
}

/**
 * People × standards → resources and demand. The result goes to --out, or to standard output; the table why so many beside it, and with
 * --why in its place.
 */
export async function needsCommand(file: string, flags: NeedsFlags): Promise<number> {
  const figure = FIGURES.find((f) => f === flags.figure);
  if (flags.figure !== undefined && figure === undefined)
    throw new InputError(`--figure ${flags.figure}: expected ${FIGURES.join(', ')}`);
  const standards = flags.standards
    ? must(flags.standards, readStandards(await readText(flags.standards)))
    : builtInStandards();
  const opened = await loadDraft(file);
  const { draft } = opened;
  const { items, tell: taken } = itemsOf(opened, flags.items, standards);
  const asked = items ? { ...draft, needs: { ...draft.needs, items } } : draft;
  const { draft: made, why, unlike } = must(file, needsOf(asked, standards, figure), draft);
  // in later phases nothing more may be due
  const due = why.filter((w) => w.quantity > 0 || w.periods[0] === 0);
  const listed = flags.why ? due : bySum(due);
  const tell = [
    ...taken,
    'Why so many',
    table(
      ['region', 'item', 'phase', 'people', 'counted', 'standard', 'needed', 'unit', 'tonnes'],
      listed.map((w) => [w.region, w.item, w.phase, w.people, w.counted, w.standard, w.quantity, w.unit, w.tonnes]),
    ),
    ...(flags.why ? due.map((w) => `${w.region} ${w.item} ${w.phase}: ${w.formula}`) : []),
    'Sources',
    ...sourcesOf(why),
    'Rounded up: people to whole people, needs to whole lots (of a durable up to and including each period).',
    ...unlike.map(
      ({ resource, stated, standard, rate }) =>
        `! Resources, ${resource}: People per unit is ${stated}, and the standard's is ${num(standard)} (${rate}), by which the need was counted: the people-days of a plan come out ${num(stated / standard)} times as many. Empty the cell, unless you know better.`,
    ),
  ];
  const rows = made.regions.reduce((sum, r) => sum + Object.keys(r.demand ?? {}).length, 0);
  const what = (tables: boolean) => `${num(rows)} ${tables ? 'rows of Demand' : 'needs by region and resource'}`;
  return finish(file, {
    ...{ opened, made, out: flags.out, tell, what, routed: false },
    silent: flags.why && flags.out === undefined,
  });
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
  const opened = await loadDraft(file);
  const { draft } = opened;
  const modes = flags.modes?.split(',').map((mode) => mode.trim());
  const options = { ...(k === undefined ? {} : { k }), ...(modes === undefined ? {} : { modes }) };
  const routing = must(file, routesOf(draft, transport, options), draft);
  const { draft: made, assumed, ways, because, leftOut, without, stranded } = routing;
  const routes = made.routes ?? [];
  const tell = [
    `${routes.length} routes: ${routes.length - assumed.size} known, ${assumed.size} assumed`,
    `Proposed by ${ways.map((w) => w.mode.mode).join(', ')}: ${because}`,
    ...leftOut.map(({ mode, why }) => `Not by ${mode}: ${why}.`),
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
          assumed.has(r) ? (r.km === 0 ? 'assumed, same place' : 'assumed') : 'known',
        ]),
    ),
    ...(routes.length > LISTED ? [`… and ${num(routes.length - LISTED)} more`] : []),
    ...samePlace(routing),
    ...without.slice(0, LISTED).map((w) => `No route by ${w.mode} to ${w.to}: ${w.why}.`),
    ...(without.length > LISTED ? [`… and ${num(without.length - LISTED)} more without a route`] : []),
    ...stranded.map((s) => `No route leaves ${s}: it is not among the nearest of any region; a larger --k reaches it.`),
    ...(assumed.size > 0 ? valuesOf(routing, transport) : []),
  ];
  const what = () => `${num(routes.length)} routes, ${num(assumed.size)} of them proposed now`;
  return finish(file, { opened, made, out: flags.out, tell, what, routed: true });
}

/** A depot in the town that it serves: no way is 0 km long. */
function samePlace({ assumed }: Routing): string[] {
  const pairs = [...new Set([...assumed].filter((r) => r.km === 0).map((r) => `${r.from} to ${r.to}`))];
  if (pairs.length === 0) return [];
  const more = pairs.length > LISTED ? ` and ${pairs.length - LISTED} more` : '';
  return [
    `0 km, as both have the same coordinates: ${pairs.slice(0, LISTED).join(', ')}${more}. Write the km of the way within the place: a route of 0 km takes up no vehicle.`,
  ];
}

/** The figures that proposals were made with, by mode: what to check before anything else. */
function valuesOf({ assumed, ways }: Routing, { modes, sources, currency }: Transport): string[] {
  const made = [...assumed];
  const used = modes.filter((m) => made.some((r) => r.mode === m.mode));
  return [
    'Proposed with these figures of the transport table; check them first, they make every km, lead and cost above:',
    table(
      [
        'mode',
        'routes',
        'nearest',
        'detour',
        'km/h',
        'hours a day',
        'handling h',
        'most km',
        `${currency}/t-km`,
        `${currency}/t`,
      ],
      used.map((m) => [
        m.mode,
        made.filter((r) => r.mode === m.mode).length,
        ways.find((w) => w.mode.mode === m.mode)?.k ?? '',
        m.detour ?? detourFactor(m.mode),
        m.speedKmh,
        m.hoursADay,
        m.handlingHours,
        m.maxKm ?? '',
        m.costPerTonneKm,
        m.costPerTonne ?? 0,
      ]),
    ),
    ...used.flatMap((m) =>
      m.check ? [`! ${m.mode}: check ${m.check}; delete the routes of which it is not true.`] : [],
    ),
    'No source says:',
    ...used.map((m) => `  ${m.mode}: ${m.assumed ?? 'nothing'} [${m.sources.map((s) => sources[s]).join('; ')}]`),
  ];
}

interface Finishing {
  opened: Opened;
  made: Draft;
  out: string | undefined;
  /** What was made and why, for people. */
  tell: string[];
  /** What was made, in a few words. */
  what: (tables: boolean) => string;
  /** Routes have been proposed: once more brings no others. */
  routed: boolean;
  /** No result on standard output, where the explanation goes. */
  silent?: boolean;
}

/** Writes the result, which is a scenario once no block of a draft is left; says what was written and what comes next. */
async function finish(file: string, { opened, made, out, tell, what, routed, silent }: Finishing): Promise<number> {
  const open = [...(made.needs ? ['needs'] : []), ...(made.transport || !made.routes ? ['routes'] : [])];
  const checked = open.length === 0 ? checkScenario(made, undefined, true) : undefined;
  if (checked?.ok === false) must(file, { ok: false, faults: checked.faults });
  const scenario = checked?.ok ? checked.scenario : undefined;
  const aside = !silent && (out === undefined || out === '-');
  if (aside) process.stdout.write(draftText(made));
  else if (out !== undefined) await write(out, made, scenario, opened, routed);
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
  const { needed, withoutRoute } = standingOf(scenario);
  if (needed?.size === 0) return 'needs';
  if (!routed && (withoutRoute.length > 0 || unreached(scenario).size > 0)) return 'routes';
  return withoutRoute.length > 0 ? undefined : 'allocate';
}

/** JSON, or the tables that the name asks for, with all that the template has for whoever fills them. */
async function write(
  out: string,
  made: Draft,
  scenario: Scenario | undefined,
  { stated, cutOff }: Opened,
  routed: boolean,
): Promise<void> {
  if (!isTables(out)) return writeFile(out, draftText(made));
  if (scenario === undefined)
    throw new InputError(
      `${out} cannot hold what is still a draft, with a block "needs" or "transport": --out FILE.json`,
    );
  const form = { items: builtInStandards().items, standards: stated, cutOff };
  await writeTables(scenario, out, !routed || scenario.routes.length === 0, form);
}
