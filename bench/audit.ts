/**
 * Full audit of a large ledger: `npm run audit -- --entries 1000000 [--dir DIR] [--seed 1]`. Makes a ledger of small
 * entries through the writer, closes it, and verifies it in a process of its own. Prints the time, the processor time of
 * that process and of the reader that it starts, and the peak memory of both: their own, and what they map of files
 * (LevelDB's tables: page cache that the system may take back). Exit status 1 where a fault is found or the bounds (60 s
 * and 1 GB of their own for a million entries) are not kept. A directory that is given is kept, and used again.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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
  /** Processor time of the judging process, and of the reader. */
  busy: [number, number];
  /** Peaks of both together. */
  own: number;
  mapped: number;
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

interface Usage {
  /** Megabytes. */
  own: number;
  mapped: number;
  /** Processor seconds. */
  busy: number;
}

/** What a process uses; zeros where the system has no /proc. */
function usageOf(pid: number): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    // After the name, which may hold spaces: user and system time are fields 14 and 15, in hundredths of a second.
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .split(') ')[1]!
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return { own: megabytes('RssAnon'), mapped: megabytes('RssFile'), busy: (user! + system!) / 100 };
  } catch {
    return { own: 0, mapped: 0, busy: 0 };
  }
}

function children(): number[] {
  try {
    const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function audit(dir: string): Promise<Audited> {
  const started = performance.now();
  let [own, mapped, reader] = [0, 0, 0];
  const look = setInterval(() => {
    const used = [process.pid, ...children()].map(usageOf);
    own = Math.max(
      own,
      used.reduce((sum, usage) => sum + usage.own, 0),
    );
    mapped = Math.max(
      mapped,
      used.reduce((sum, usage) => sum + usage.mapped, 0),
    );
    reader = Math.max(reader, used[1]?.busy ?? 0);
  }, 200);
  const { ok, size, faults } = await verifyDirectory(dir);
  clearInterval(look);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const busy: [number, number] = [(user + system) / 1e6, reader];
  return { ok, size, seconds, busy, own, mapped, fault: faults[0]?.what ?? null };
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
    const { ok, size, seconds, busy, own, mapped, fault } = result;
    const each = ((seconds / size) * 1e6).toFixed(1);
    const [judge, reader] = busy.map((time) => time.toFixed(1));
    console.log(
      `entries ${size}, ${seconds.toFixed(1)} s, ${each} µs an entry, processor time ${judge} s + ${reader} s in the reader, peak ${own.toFixed(0)} MB and ${mapped.toFixed(0)} MB of mapped files, ${ok ? 'no fault' : fault}`,
    );
    const share = Math.max(1, size / 1e6);
    return ok && size === entries && seconds < 60 * share && own < 1024 ? 0 : 1;
  } finally {
    if (values.dir === undefined) await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--audit') process.send!(await audit(process.argv[3]!), () => process.disconnect());
else process.exitCode = await main();
