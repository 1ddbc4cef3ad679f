/** `evenhand level` and `evenhand declare`: which level the figures suggest, which is declared, and whose depots give by it. */
import { writeFile } from 'node:fs/promises';
import {
  FIGURE_NAMES,
  type Figures,
  figuresSchema,
  LEVELS,
  type Level,
  type LevelView,
  levelName,
  levelOf,
  type Scenario,
  writeScenario,
} from '../../scenarios/index.js';
import { DeclarationError, declareOnRecord } from '../declaring.js';
import { openLedger } from '../ledger/index.js';
import { InputError, loadScenario } from './input.js';
import { lockedLines } from './locked.js';
import { num, table } from './text.js';

const FIGURES = Object.keys(FIGURE_NAMES) as (keyof Figures)[];

export async function levelCommand(file: string, json: boolean): Promise<number> {
  const scenario = await loadScenario(file);
  const view = levelOf(scenario);
  console.log(json ? JSON.stringify(view) : printLevel(scenario, view));
  return 0;
}

function printLevel(scenario: Scenario, view: LevelView): string {
  const shown = (x: number | undefined, absent: string) => (x === undefined ? absent : num(x));
  const rows = FIGURES.map((figure) => [
    FIGURE_NAMES[figure],
    shown(view.figures[figure], 'unknown'),
    ...view.rules.map(({ from }) => shown(from[figure], '')),
  ]);
  const unlocks = ['depots give up to', '', ...view.rules.map((rule) => rule.unlocks ?? '')];
  const because = view.because.length > 0 ? ` (${view.because.join('; ')})` : '';
  const unknown = view.unknown.map((figure) => FIGURE_NAMES[figure]).join(', ');
  const empty = view.locked.filter(({ stock }) => Object.keys(stock).length === 0);
  return [
    table(['figure', 'known', ...view.rules.map(({ level }) => `${level} from`)], [...rows, unlocks]),
    '',
    `Suggested: ${levelWords(view.suggested)}${because}.`,
    ...(unknown === '' ? [] : [`Not known, and may call for more: ${unknown}.`]),
    `Declared: ${levelWords(view.level)}.`,
    ...(view.gated ? [] : ['The scenario has no response, so every depot gives, whatever its tier.']),
    `Tiers whose depots give: ${view.open.join(', ') || 'no depot has a tier, so all give'}.`,
    ...lockedLines(view.level, lockedStock(scenario, view)),
    ...empty.map(({ tier }) => `Depots of ${tier} are locked, and hold nothing.`),
  ].join('\n');
}

const levelWords = (level: Level | null): string => (level === null ? 'no level' : `level ${level}`);

function lockedStock({ resources }: Scenario, { locked }: LevelView) {
  return locked.flatMap(({ tier, from, stock }) =>
    resources.flatMap(({ id: resource, unit }) => {
      const quantity = stock[resource];
      return quantity === undefined ? [] : [{ tier, from, resource, unit, quantity }];
    }),
  );
}

export interface DeclareFlags {
  by?: string;
  why?: string;
  /** "dead=50,displaced=84660" */
  figures?: string;
  data: string;
  out?: string;
  json: boolean;
}

/** Records the scenario, the scenario with the level, and the declaration; the first two only where they are new. */
export async function declareCommand(file: string, word: string, flags: DeclareFlags): Promise<number> {
  const level = word === 'none' ? null : LEVELS.find((one) => one === word);
  if (level === undefined) throw new InputError(`declare ${word}: expected ${[...LEVELS, 'none'].join(', ')}`);
  const { by = '', why = '', data, out } = flags;
  if (by.trim() === '' || why.trim() === '')
    throw new InputError('declare: say who declares it, with --by, and why, with --why');
  const figures = flags.figures === undefined ? {} : readFigures(flags.figures);
  const parent = await loadScenario(file);
  const ledger = await openLedger(data);
  try {
    if (ledger.readOnly) throw new InputError(`the ledger in ${data} is read-only: ${ledger.readOnly}`);
    await ledger.recordScenario(parent);
    const { declaration, scenario, receipt } = await declareOnRecord(ledger, parent, { level, by, why, figures });
    if (out !== undefined) await writeFile(out, `${[...writeScenario(scenario)].join('')}\n`);
    const { suggested } = declaration;
    const beside = suggested === level ? 'as the figures suggest' : `where the figures suggest ${levelName(suggested)}`;
    const before = receipt.repeated ? ', as before' : '';
    if (flags.json) console.log(JSON.stringify({ digest: receipt.digest, declaration, receipt }));
    else {
      console.log(`${by} declares ${levelWords(level)}, ${beside}: entry ${receipt.seq} of ${receipt.size}${before}.`);
      console.log(`${scenario.id}: ${declaration.parent} → ${declaration.scenario}`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    throw new InputError(`declare ${word}:\n${error.faults.map(({ message }) => `  ${message}`).join('\n')}`);
  } finally {
    await ledger.close();
  }
}

function readFigures(text: string): Figures {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const read = figuresSchema.safeParse(Object.fromEntries(pairs.map(([name, value = '']) => [name, number(value)])));
  if (read.success) return read.data;
  throw new InputError(
    `declare --figures ${text}: expected one or more of ${FIGURES.map((figure) => `${figure}=N`).join(',')}; affectedShare is at most 1`,
  );
}

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
