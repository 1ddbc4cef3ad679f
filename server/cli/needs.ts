/** `evenhand needs`: from people to demand. */
import {
  builtInStandards,
  matchStandards,
  needsOf,
  type PlanningFigure,
  readStandards,
  type Standards,
  type Why,
} from '../../scenarios/index.js';
import { finish, loadDraft, must, type Opened } from './drafts.js';
import { InputError, readText } from './input.js';
import { num, table } from './text.js';

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
    ...{ opened, made, out: flags.out, tell, what, routed: false, items: standards.items },
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
