/** `evenhand generate`, `convert` and `schema`: files in and out. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { isLpDocument, lpDocument, lpPieces, lpToMps, mpsPieces, readMps } from '../../engine/index.js';
import { generate, presetNames, scenarioJsonSchema, writeScenario } from '../../scenarios/index.js';
import { type ConvertFlags, convertPlan, planFile, stageOf } from './converting.js';
import { InputError, loadScenario } from './input.js';
import { convertTables } from './tables.js';

/** Writes to a file, or to standard output without one; no faster than they take it, so that little waits in memory. */
async function emit(text: string | Iterable<string>, out: string | undefined): Promise<number> {
  if (out !== undefined && out !== '-') {
    await writeFile(out, text);
    return 0;
  }
  const { stdout } = process;
  for (const piece of typeof text === 'string' ? [text] : text) {
    if (stdout.destroyed) break;
    // a reader that stops early is no fault of ours; main.ts hears of all others
    if (!stdout.write(piece)) await once(stdout, 'drain').catch(() => stdout.destroy());
  }
  return 0;
}

function* asLine(pieces: Iterable<string>): Generator<string> {
  yield* pieces;
  yield '\n';
}

export async function generateCommand(preset: string, seedText: string, out: string | undefined): Promise<number> {
  const name = presetNames().find((p) => p === preset);
  if (!name) throw new InputError(`generate ${preset}: expected one of ${presetNames().join(', ')}`);
  const seed = Number(seedText);
  if (!(/^\d+$/.test(seedText) && seed < 2 ** 32))
    throw new InputError(`--seed ${seedText}: expected a whole number from 0 to ${2 ** 32 - 1}`);
  return emit(asLine(writeScenario(generate(name, seed))), out);
}

export async function schemaCommand(out: string | undefined): Promise<number> {
  return emit(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`, out);
}

/**
 * Scenario → MPS or CPLEX LP of a stage; MPS → the linear program as JSON; such JSON → MPS; a plan → all that is made of plans. A scenario
 * cannot be had back from an MPS file, which knows neither names nor units.
 */
export async function convertCommand(from: string, to: string, flags: ConvertFlags): Promise<number> {
  const stage = stageOf(flags.stage);
  const plan = await planFile(from);
  if (plan) return convertPlan(plan, from, to, flags);
  if (flags.as !== undefined && !['lp', 'mps'].includes(flags.as))
    throw new InputError(`convert ${from}: --as ${flags.as} is made of a plan, as 'evenhand allocate --out' writes it`);
  if (flags.as === undefined && (await convertTables(from, to))) return 0;
  const [source, target] = [extname(from).toLowerCase(), flags.as ? `.${flags.as}` : extname(to).toLowerCase()];
  if (target === '.mps' && source !== '.mps') {
    const program = source === '.json' ? await lpFile(from) : null;
    return emit(program ? lpToMps(program) : mpsPieces(await loadScenario(from), { stage }), to);
  }
  if (target === '.lp' && source !== '.mps') return emit(lpPieces(await loadScenario(from), { stage }), to);
  if (source === '.mps' && target === '.json') {
    try {
      return await emit(`${JSON.stringify(readMps(await readFile(from, 'utf8')))}\n`, to);
    } catch (error) {
      throw new InputError(`${from}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new InputError(
    `convert ${from} ${to}: expected a plan, a scenario or LP (.json) and .mps or .lp, or .mps and .json`,
  );
}

/** A linear program in JSON, or null where the file is something else (a scenario, for its own reader to judge). */
async function lpFile(name: string) {
  try {
    const value: unknown = JSON.parse(await readFile(name, 'utf8'));
    return isLpDocument(value) ? lpDocument(value) : null;
  } catch {
    return null;
  }
}
