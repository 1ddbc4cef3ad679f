/** Every campaign with a few runs; `npm run campaign -- NAME --full` has the rest. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closePool } from '../engine/index.js';
import { openLedger } from '../server/ledger/index.js';
import { held, line, type Tally, Unavailable } from './campaigns/campaign.js';
import { growthOf } from './campaigns/growth.js';
import { campaigns } from './campaigns/list.js';
import { judge, withSubject } from './campaigns/subject.js';
import { scenarioOf } from './support/ledger-data.js';

after(closePool);

const { signal } = new AbortController();

for (const [name, campaign] of Object.entries(campaigns))
  test(`campaign ${name}: ${campaign.title}`, async (context) => {
    let tally: Tally;
    try {
      tally = await campaign.run({ runs: campaign.runs, seed: 1, minutes: 0.025, signal, progress: () => {} });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      context.skip(error.message);
      return;
    }
    context.diagnostic(line(tally));
    assert.ok(held(tally), line(tally));
    assert.ok(tally.runs >= campaign.runs && tally.acknowledged + tally.faults > 0);
  });

test('a loss that nobody reports is counted', () =>
  withSubject(
    async (subject) => {
      const verdict = await judge(subject, async (dir) => {
        // Another ledger in its place is whole in itself.
        await rm(dir, { recursive: true });
        const other = await openLedger(dir);
        for (let n = 0; n < subject.entries.length; n++) await other.recordScenario(scenarioOf(`other ${n}`));
        await other.close();
      });
      assert.equal(verdict.is, 'undetected');
      const found = await judge(subject, async (dir) => {
        const note = await readFile(join(dir, 'checkpoint'), 'utf8');
        await writeFile(join(dir, 'checkpoint'), note.replace('\n3\n', '\n2\n'));
      });
      assert.equal(found.is, 'found');
      assert.equal((await judge(subject, async () => {})).is, 'harmless');
    },
    async (dir) => {
      const ledger = await openLedger(dir);
      for (let n = 0; n < 3; n++) await ledger.recordScenario(scenarioOf(`mine ${n}`));
      await ledger.close();
    },
  ));

test('half an hour in which memory rises and falls with collections is told from one that leaks 300 bytes an entry', () => {
  const samples = (leak: number) =>
    Array.from({ length: 360 }, (_, n) => 204 + (n % 7) * 4 + (n % 47 === 0 ? 40 : 0) + (n * leak) / 2 ** 20);
  // five seconds a sample, a hundred entries a second
  assert.deepEqual(
    [0, 300].map((bytes) => growthOf(samples(bytes * 500), 30).grew),
    [false, true],
  );
});
