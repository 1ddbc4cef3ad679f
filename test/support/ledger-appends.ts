/** Appends so many scenarios one by one, whatever happens, and prints `seq digest` after each acknowledgement. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../server/ledger/index.js';
import { messageOf } from '../../server/ledger/messages.js';
import { scenarioOf } from './ledger-data.js';

const [dir = '', count = '10', ...extra] = process.argv.slice(2);
try {
  const ledger = await openLedger(dir);
  for (let n = 0; n < Number(count); n++)
    try {
      // Large enough for several writes of LevelDB's buffers, and for a table at the next opening.
      const scenario = { ...scenarioOf(`append ${n} ${extra.join()}`), title: 'x'.repeat(20_000) };
      const { seq, digest } = await ledger.recordScenario(scenario);
      writeSync(1, `${seq} ${digest}\n`);
    } catch (error) {
      writeSync(1, `refused: ${messageOf(error)}\n`);
    }
  await ledger.close();
} catch (error) {
  writeSync(1, `failed: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
