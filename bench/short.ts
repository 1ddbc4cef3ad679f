/**
 * The gate of CI: counters that no load changes, and two ratios between jobs that took turns. No time by
 * itself is ever held against anybody.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compileNetwork } from '../engine/network.js';
import { DEFAULT_GAP } from '../engine/pipeline.js';
import { check } from '../engine/proof/check.js';
import { loadBackend } from '../engine/solve/tableau.js';
import { complete, type PresetName } from '../scenarios/index.js';
import { allocateHere, compiled, mustAgree, solveWith } from './cases.js';
import { javascriptLpSolver, plainModel } from './peers.js';
import { type AscentCounters, ascentCounters, ascentRatios } from './short-structured.js';
import { figures, type Group, interleave, table } from './support.js';

const BASELINE = fileURLToPath(new URL('../../bench/baseline.json', import.meta.url));
const RENEW = 'npm run bench -- --baseline';

const INSTANCES: [PresetName, number][] = [
  ...[1, 2, 3, 4, 5].map((seed): [PresetName, number] => ['tiny', seed]),
  ...[1, 2].map((seed): [PresetName, number] => ['district', seed]),
];

/** Deterministic: WebAssembly prescribes its arithmetic. `gap` is proven, and held to the promised 1e-4. */
interface Counters {
  rows: number;
  columns: number;
  entries: number;
  iterations: number;
  certificateBytes: number;
  gap: number;
}

interface Baseline {
  renewed: { date: string; node: string; model: string; cores: number };
  counters: Record<string, Counters>;
  /** Of the structured solver, by instance and gap. */
  ascents: Record<string, AscentCounters>;
  ratios: Record<string, number>;
}

/** A model's size changes on purpose or not at all; pivots and prices may wander a little with a package's version. */
const WANDER = 1.1;
/** Machines, their caches and their neighbours differ. */
const RATIO_FACTOR = 3;

async function count(): Promise<Baseline['counters']> {
  const counters: Baseline['counters'] = {};
  for (const [preset, seed] of INSTANCES) {
    const { scenario, lp } = compiled(preset, seed);
    const { solver, gap, certificate } = await allocateHere(scenario, 'highs');
    counters[`${preset}-${seed}`] = {
      rows: lp.rows,
      columns: lp.columns,
      entries: lp.value.length,
      iterations: solver.iterations,
      certificateBytes: Buffer.byteLength(JSON.stringify(certificate)),
      gap: gap.proven,
    };
  }
  return counters;
}

async function ratios(): Promise<Baseline['ratios']> {
  const [highs, jslp] = [await loadBackend('highs'), await loadBackend('jslp')];
  const tiny = compiled('tiny');
  const district = compiled('district');
  const allocation = await allocateHere(district.scenario, 'highs');
  const model = plainModel(tiny.lp);
  const optimum = solveWith(jslp, tiny.lp).objective;
  const groups: Group[] = [
    {
      title: 'tiny: allocate ÷ javascript-lp-solver on the same LP',
      cases: [
        { name: 'javascript-lp-solver', run: () => mustAgree(javascriptLpSolver(model), optimum) },
        { name: 'allocate', run: () => allocateHere(tiny.scenario, 'highs') },
      ],
      rounds: 12,
    },
    {
      title: 'district: compileNetwork and check ÷ HiGHS solve',
      cases: [
        { name: 'HiGHS', run: () => solveWith(highs, district.lp) },
        {
          name: 'compileNetwork, check',
          run: () => {
            compileNetwork(complete(district.scenario));
            const { ok, faults } = check(allocation, district.scenario);
            if (!ok) throw new Error(faults.join('; '));
          },
        },
      ],
      rounds: 12,
    },
    ...ascentRatios(),
  ];
  const found: Baseline['ratios'] = {};
  for (const group of groups) {
    const rows = await interleave(group);
    const failed = rows.find((row) => row.error !== undefined);
    if (failed) throw new Error(`${failed.group}, ${failed.name}: ${failed.error}`);
    found[group.title] = rows[1]!.ratio!; // neither failed, so it is there
  }
  return found;
}

/** Measures and writes bench/baseline.json; refuses to set a standard below what is promised. */
export async function renewBaseline(): Promise<number> {
  const counters = await count();
  const loose = Object.entries(counters).filter(([, { gap }]) => !(gap <= DEFAULT_GAP));
  for (const [name, { gap }] of loose)
    console.error(`${name}: proven gap ${gap}, promised ${DEFAULT_GAP}; not renewed`);
  if (loose.length) return 1;
  const renewed = {
    date: new Date().toISOString(),
    node: process.version,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
  const baseline: Baseline = { renewed, counters, ascents: ascentCounters(), ratios: await ratios() };
  writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
  console.log('bench/baseline.json is renewed: say in the commit why');
  return 0;
}

/** Compares with bench/baseline.json; 1 where anything is worse than it may be. */
export async function shortRun(): Promise<number> {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline; // written by renewBaseline
  const lines: string[][] = [];
  let failures = 0;
  const judge = (what: string, found: number, stored: number | undefined, allowed: string, ok: boolean) => {
    if (!ok) failures++;
    lines.push([what, figures(found), stored === undefined ? 'none' : figures(stored), allowed, ok ? 'ok' : 'FAILED']);
  };

  for (const [name, found] of Object.entries(await count())) {
    const stored = baseline.counters[name];
    for (const what of ['rows', 'columns', 'entries'] as const)
      judge(`${name}: ${what} of the LP`, found[what], stored?.[what], 'the same', found[what] === stored?.[what]);
    for (const [what, words] of [
      ['iterations', 'iterations of HiGHS'],
      ['certificateBytes', 'bytes of the certificate'],
    ] as const) {
      const ok = stored !== undefined && found[what] <= WANDER * stored[what] && found[what] >= stored[what] / WANDER;
      judge(`${name}: ${words}`, found[what], stored?.[what], 'within 10 %', ok);
    }
    judge(`${name}: proven gap`, found.gap, stored?.gap, `at most ${DEFAULT_GAP}`, found.gap <= DEFAULT_GAP);
  }
  for (const [name, found] of Object.entries(ascentCounters())) {
    const stored = baseline.ascents[name]?.iterations;
    const { iterations, gap, asked } = found;
    const ok = stored !== undefined && iterations <= WANDER * stored && iterations >= stored / WANDER;
    judge(`${name}: iterations of the ascent`, iterations, stored, 'within 10 %', ok);
    judge(`${name}: proven gap`, gap, baseline.ascents[name]?.gap, `at most ${asked}`, gap <= asked);
  }
  const below = ascentRatios().map(({ title }) => title);
  for (const [name, found] of Object.entries(await ratios())) {
    const stored = baseline.ratios[name];
    const least = below.includes(name);
    const ok = stored !== undefined && found <= RATIO_FACTOR * stored && (!least || found < 1);
    judge(name, found, stored, `at most ${RATIO_FACTOR} × that${least ? ', below 1' : ''}`, ok);
  }

  console.log(table(['what', 'now', 'baseline', 'allowed', ''], lines));
  if (failures === 0) return 0;
  console.error(`\n${failures} of ${lines.length} FAILED. If that is meant: ${RENEW}, and say in the commit why.`);
  return 1;
}
