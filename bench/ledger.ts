/** Putting scenarios on the record, and verifying a stopped ledger, against what the disk and SHA-256 cost anyway. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { check } from '../engine/proof/check.js';
import { canonicalBytes, generate, type Scenario } from '../scenarios/index.js';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';
import { allocateHere, SEED } from './cases.js';
import type { Bench, Suite } from './suites.js';

const CLIENTS = 64;
/** Entries of the ledger that is verified: scenarios, and allocations of their own scenarios beside them. */
const SCENARIOS = 1000;
const ALLOCATIONS = 20;

export const ledger: Suite = async (bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-bench-'));
  try {
    await append(folder, bench);
    await verifying(folder, bench);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Endless scenarios, no two alike, all of one size: what is on the record already would only be looked up. */
function distinct(scenario: Scenario): () => Scenario {
  let n = 0;
  return () => ({ ...scenario, id: `${scenario.id}-${String(n++).padStart(9, '0')}` });
}

/** About 2 KB, as the target has it: what of `tiny` (7 KB) the ledger does not look at is cut. */
function small(scenario: Scenario): Scenario {
  const { regions, routes } = scenario;
  return { ...scenario, regions: regions.slice(0, 3), routes: routes.slice(0, 2) };
}

/** The peer writes the same bytes to LevelDB, synced, and promises nothing else. */
async function append(folder: string, { compare }: Bench): Promise<void> {
  const next = distinct(small(generate('tiny', SEED)));
  const larger = distinct(generate('tiny', SEED));
  const value = canonicalBytes(next());
  const plain = new Level<Uint8Array, Uint8Array>(join(folder, 'plain'), {
    keyEncoding: 'view',
    valueEncoding: 'view',
  });
  const record = await openLedger(join(folder, 'append'));
  const put = () => ({ type: 'put' as const, key: randomBytes(16), value });
  const many = <V>(make: () => V) => Array.from({ length: CLIENTS }, make);
  try {
    await plain.open();
    await compare({
      title: 'append, 1 client',
      cases: [
        { name: 'LevelDB, one synced put', run: () => plain.batch([put()], { sync: true }) },
        { name: 'recordScenario', run: () => record.recordScenario(next()) },
      ],
      rounds: 7,
    });
    await compare({
      title: `append, ${CLIENTS} clients, an entry`,
      cases: [
        { name: 'LevelDB, one synced batch', operations: CLIENTS, run: () => plain.batch(many(put), { sync: true }) },
        {
          name: 'recordScenario',
          operations: CLIENTS,
          run: () => Promise.all(many(() => record.recordScenario(next()))),
        },
        {
          name: 'recordScenario, 7 KB',
          operations: CLIENTS,
          run: () => Promise.all(many(() => record.recordScenario(larger()))),
        },
      ],
      rounds: 7,
    });
  } finally {
    await record.close();
    await plain.close();
  }
}

async function verifying(folder: string, { compare }: Bench): Promise<void> {
  const dir = join(folder, 'verify');
  const record = await openLedger(dir);
  const next = distinct(generate('tiny', SEED));
  let contents: Uint8Array[];
  try {
    const scenarios = Array.from({ length: SCENARIOS }, next);
    await Promise.all(scenarios.map((scenario) => record.recordScenario(scenario)));
    contents = scenarios.map(canonicalBytes);
    for (let seed = 1; seed <= ALLOCATIONS; seed++) {
      const scenario = generate('tiny', seed);
      const allocation = await allocateHere(scenario, 'highs');
      await record.recordAllocation(allocation, scenario);
      contents.push(canonicalBytes(scenario), canonicalBytes(allocation));
    }
    for (const { bytes } of await record.entries(0, record.size())) contents.push(bytes);
  } finally {
    await record.close();
  }
  const entries = SCENARIOS + 2 * ALLOCATIONS;
  const verify = async (certified: number, options: Parameters<typeof verifyDirectory>[1]) => {
    const { ok, size, faults, certificates } = await verifyDirectory(dir, options);
    if (!ok || size !== entries || certificates !== certified)
      throw new Error(faults[0]?.what ?? `${size} of ${entries} entries, ${certificates} of ${certified} certificates`);
  };
  await compare({
    title: `verify, ${entries} entries`,
    cases: [
      {
        name: 'SHA-256 of the contents',
        run: () => contents.map((bytes) => createHash('sha256').update(bytes).digest()),
      },
      { name: 'verifyDirectory', run: () => verify(0, {}) },
      { name: `with ${ALLOCATIONS} certificates`, run: () => verify(ALLOCATIONS, { checkAllocation: check }) },
    ],
  });
}
