/**
 * Workbooks of 3,000 regions, each read in a process of its own: processor seconds and the largest resident set, against the JSON of the
 * same scenario. `books.js FILE` reads one file and prints what it took.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, resourceUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTables, scenarioToWorkbook, scenarioToZip } from '../scenarios/formats/index.js';
import { generate, mustReadScenario, type PresetName, type Scenario, scenarioDigest } from '../scenarios/index.js';
import type { Suite } from './suites.js';
import { duration, type Row, table } from './support.js';

const SELF = fileURLToPath(import.meta.url);
const REGIONS = 3000;
const ROUNDS = 3;
/** Of the issue "The files that coordinators have". */
const TARGET = { seconds: 3, bytes: 500e6 };

interface Took {
  seconds: number;
  peak: number;
  digest: string;
}

export const books: Suite = async (bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-books-'));
  const rows: Row[] = [];
  const lines: string[][] = [];
  try {
    for (const preset of ['nation-day', 'nation-week'] as const) {
      const scenario = grown(preset);
      const digest = scenarioDigest(scenario);
      const files = {
        JSON: [Buffer.from(JSON.stringify(scenario))],
        'zip of CSV files': [...scenarioToZip(scenario).content],
        workbook: [...scenarioToWorkbook(scenario).content],
      };
      const took = new Map<string, Took[]>();
      for (const [name, pieces] of Object.entries(files)) {
        const bytes = Buffer.concat(pieces);
        await writeFile(join(folder, name), bytes);
        took.set(name, []);
      }
      for (let round = 0; round < ROUNDS; round++)
        for (const [name, list] of took) list.push(await alone(join(folder, name)));
      for (const [name, list] of took) {
        const wrong = list.some((t) => t.digest !== digest);
        const seconds = list.map((t) => t.seconds).sort((a, b) => a - b)[ROUNDS >> 1]!;
        const peak = Math.max(...list.map((t) => t.peak));
        const reached = seconds < TARGET.seconds && peak < TARGET.bytes;
        const verdict = wrong ? 'ANOTHER SCENARIO' : reached ? 'reached' : 'NOT';
        rows.push({
          group: `${preset}, ${REGIONS} regions`,
          name,
          seconds,
          range: null,
          ratio: null,
          calls: ROUNDS,
          extra: { peak, verdict },
        });
        lines.push([preset, name, duration(seconds), `${Math.round(peak / 1e6)} MB`, verdict]);
        if (wrong) throw new Error(`${preset} as ${name} is another scenario when read`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  bench.report(rows, table(['instance', 'as', 'processor', 'peak', '3 s, 500 MB'], lines));
};

/** The preset with more regions, copies of its first ones, and their routes. */
function grown(preset: PresetName): Scenario {
  const scenario = generate(preset, 1);
  const more = scenario.regions.slice(0, Math.max(0, REGIONS - scenario.regions.length));
  const copied = new Set(more.map((r) => r.id));
  const twin = (id: string) => `${id}-b`;
  return {
    ...scenario,
    regions: [...scenario.regions, ...more.map((r) => ({ ...r, id: twin(r.id) }))],
    routes: [
      ...scenario.routes,
      ...scenario.routes.filter((r) => copied.has(r.to)).map((r) => ({ ...r, to: twin(r.to) })),
    ],
  };
}

async function alone(file: string): Promise<Took> {
  const { stdout } = await promisify(execFile)(process.execPath, [SELF, file]);
  return JSON.parse(stdout) as Took; // printed below
}

if (process.argv[1] === SELF) {
  const bytes = await readFile(process.argv[2]!);
  const begun = cpuUsage();
  let scenario: Scenario;
  if (bytes[0] === 0x7b) scenario = mustReadScenario(bytes.toString('utf8'));
  else {
    const read = readTables(bytes);
    if (!read.ok) throw new Error(read.findings[0]?.message);
    scenario = read.scenario;
  }
  const { user, system } = cpuUsage(begun);
  const took: Took = {
    seconds: (user + system) / 1e6,
    peak: resourceUsage().maxRSS * 1024,
    digest: scenarioDigest(scenario),
  };
  process.stdout.write(JSON.stringify(took));
}
