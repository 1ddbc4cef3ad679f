/** kill -9 while 16 clients append: whatever was acknowledged is there afterwards, in the plain files too. LEDGER_KILLS=1000 for the campaign. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';
import { inTemporary } from './support/ledger-data.js';
import { startChild } from './support/ledger-process.js';
import { plainFaults } from './support/plain-alone.js';

const runs = Number(process.env.LEDGER_KILLS ?? 3);

test(`kill -9, ${runs} times: no acknowledged entry is lost, the ledger and its plain files verify`, (context) =>
  inTemporary(async (dir) => {
    const acknowledged = new Map<string, number>();
    let unpublished = 0;
    let slowest = 0;
    for (let run = 0; run < runs; run++) {
      const child = await startChild(dir, 16);
      await child.acknowledged(1);
      await sleep(Math.random() * 300);
      await child.kill();
      for (const line of child.lines) {
        const [seq, digest] = line.split(' ');
        if (digest?.length === 64) acknowledged.set(digest, Number(seq));
      }
      // Before the next start has looked at them.
      assert.deepEqual(await plainFaults(dir, acknowledged), []);
      const report = await verifyDirectory(dir);
      assert.deepEqual(report.faults, []);
      unpublished += report.unpublished;

      const begun = performance.now();
      const ledger = await openLedger(dir);
      slowest = Math.max(slowest, performance.now() - begun);
      assert.equal(ledger.readOnly, null);
      for (const line of child.lines) {
        const [seq, digest] = line.split(' ');
        if (digest?.length === 64) assert.equal((await ledger.receipt(digest))?.seq, Number(seq), `lost ${line}`);
      }
      await ledger.close();
    }
    const report = await verifyDirectory(dir);
    assert.equal(report.ok, true);
    assert(report.size > acknowledged.size);
    context.diagnostic(
      `runs ${runs}, acknowledged ${acknowledged.size}, lost 0, found unpublished and signed ${unpublished}, slowest reopening ${slowest.toFixed(0)} ms`,
    );
  }));
