/** Appends with so many clients until it is killed; prints `seq digest` after each acknowledgement. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../server/ledger/index.js';
import { allocationOf, scenarioOf } from './ledger-data.js';

const [dir = '', clients = '16'] = process.argv.slice(2);
const ledger = await openLedger(dir);
if (ledger.readOnly !== null) throw new Error(ledger.readOnly);
const scenario = scenarioOf('child');
let n = ledger.size() * 1000;

async function client(): Promise<never> {
  for (;;) {
    const idempotencyKey = `request ${++n}`;
    const { seq, digest } = await ledger.recordAllocation(allocationOf(scenario, n), scenario, { idempotencyKey });
    writeSync(1, `${seq} ${digest}\n`);
  }
}

await Promise.all(Array.from({ length: Number(clients) }, client));
