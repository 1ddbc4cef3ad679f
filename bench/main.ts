/** `npm run bench [-- suite …] [--full]` measures and records; `--short` is the gate of CI, `--baseline` renews it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closePool } from '../engine/index.js';
import { renewBaseline, shortRun } from './short.js';
import { suites } from './suites.js';
import { interleave, type Row, rowTable } from './support.js';

/** From dist/bench/main.js to bench/ in the sources. */
const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));

/** A suite's last run; suites are recorded one by one, as each may be run alone. */
interface Recorded {
  date: string;
  node: string;
  machine: { model: string; cores: number; memoryGb: number; platform: string };
  command: string;
  rows: Row[];
  /** What was not measured, and why. */
  notes: string[];
}

function record(suite: string, command: string, rows: Row[], notes: string[]): void {
  let all: Record<string, Recorded> = {};
  try {
    all = JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, Recorded>; // written below
  } catch {
    // the first run here
  }
  all[suite] = {
    date: new Date().toISOString(),
    node: process.version,
    machine: {
      model: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
    },
    command,
    rows,
    notes,
  };
  const sorted = Object.fromEntries(Object.keys(suites).flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
  writeFileSync(RESULTS, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Runs suites one after the other; true where no case failed. */
async function measure(names: string[], full: boolean): Promise<boolean> {
  let ok = true;
  const command = ['npm run bench --', ...names, ...(full ? ['--full'] : [])].join(' ');
  for (const name of names) {
    const rows: Row[] = [];
    const notes: string[] = [];
    console.log(`\n## ${name}\n`);
    await suites[name]!({
      full,
      note(text) {
        notes.push(text);
        console.log(`(${text})\n`);
      },
      report(found, text) {
        rows.push(...found);
        console.log(`${text}\n`);
      },
      async compare(group) {
        const measured = await interleave(group);
        rows.push(...measured);
        console.log(`${rowTable(measured)}\n`);
      },
    });
    ok &&= rows.every((row) => row.error === undefined);
    record(name, command, rows, notes);
  }
  return ok;
}

async function main(): Promise<number> {
  const known = Object.keys(suites);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, baseline: { type: 'boolean' }, full: { type: 'boolean' } },
  });
  const strange = positionals.find((name) => !known.includes(name));
  if (strange !== undefined) {
    console.error(`no suite '${strange}'; there are ${known.join(', ')}`);
    return 2;
  }
  if (values.baseline) return renewBaseline();
  if (values.short) return shortRun();
  return (await measure(positionals.length ? positionals : known, values.full === true)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof TypeError && 'code' in error ? 2 : 70; // parseArgs refuses with a TypeError
} finally {
  await closePool();
}
