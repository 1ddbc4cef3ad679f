/**
 * Full audit of a large ledger: `npm run audit -- --entries 1000000 [--dir DIR] [--seed 1]`. Makes a ledger of small
 * entries through the writer, closes it, and verifies it in a process of its own, whose time and peak memory it prints.
 * Exit status 1 where a fault is found or the bounds (60 s and 1 GB for a million entries) are not kept.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from '../scenarios/index.js';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';

/** Requests under way at once, and in one batch: making the log is not what is measured. */
const together = 2048;

interface Audited {
  ok: boolean;
  size: number;
  seconds: number;
  megabytes: number;
  fault: string | null;
}

async function make(dir: string, entries: number, seed: number): Promise<void> {
  const ledger = await openLedger(dir, { limits: { batch: together, queue: 2 * together } });
  const scenario = generate('tiny', seed);
  // As small as a scenario may be told: what is measured is the record, not its contents.
  const { evenhand, periods, resources, depots, regions, routes } = scenario;
  const small = { evenhand, periods, resources: resources.slice(0, 1), depots: depots.slice(0, 1) };
  const rest = { regions: regions.slice(0, 1), routes: routes.slice(0, 1) };
  for (let from = ledger.size(); from < entries; from += together) {
    const count = Math.min(together, entries - from);
    await Promise.all(
      Array.from({ length: count }, (_, i) => ledger.recordScenario({ ...small, ...rest, id: `audit-${from + i}` })),
    );
    if (from % (50 * together) === 0) process.stderr.write(`  made ${from + count} of ${entries}\n`);
  }
  await ledger.close();
}

async function audit(dir: string): Promise<Audited> {
  const started = performance.now();
  const { ok, size, faults } = await verifyDirectory(dir);
  const seconds = (performance.now() - started) / 1000;
  return { ok, size, seconds, megabytes: process.resourceUsage().maxRSS / 1024, fault: faults[0]?.what ?? null };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { entries: { type: 'string', default: '1000000' }, dir: { type: 'string' }, seed: { type: 'string' } },
  });
  const entries = Number(values.entries);
  const folder = values.dir ?? (await mkdtemp(join(tmpdir(), 'evenhand-audit-')));
  try {
    await make(folder, entries, Number(values.seed ?? 1));
    const child = fork(fileURLToPath(import.meta.url), ['--audit', folder]);
    const [result] = (await once(child, 'message')) as [Audited]; // our own child
    const { ok, size, seconds, megabytes, fault } = result;
    console.log(
      `entries ${size}, ${seconds.toFixed(1)} s, ${((seconds / size) * 1e6).toFixed(1)} µs an entry, peak ${megabytes.toFixed(0)} MB, ${ok ? 'no fault' : fault}`,
    );
    const share = Math.max(1, size / 1e6);
    return ok && size === entries && seconds < 60 * share && megabytes < 1024 ? 0 : 1;
  } finally {
    if (values.dir === undefined) await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--audit') process.send!(await audit(process.argv[3]!), () => process.disconnect());
else process.exitCode = await main();
