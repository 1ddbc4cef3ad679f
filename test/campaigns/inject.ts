/** EIO and ENOSPC from each system call of a commit, by strace: the n-th call of a kind fails, or it and all after it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { inTemporary } from '../support/ledger-data.js';
import { type Campaign, diceOf, newTally, note, Unavailable } from './campaign.js';

const program = fileURLToPath(new URL('../support/ledger-appends.js', import.meta.url));
const appends = 12;
/** What LevelDB, the checkpoint file and the plain files use: log, tables, temporary file, its replacement, directory. */
const calls = ['fdatasync', 'write', 'fsync', 'openat', 'rename', 'close'];

export const inject: Campaign = {
  title: 'EIO or ENOSPC from a system call on the data directory, by strace; every call of a commit has its turn',
  runs: 2,
  full: 400,
  async run({ runs, seed, signal, progress }) {
    if (process.platform !== 'linux') throw new Unavailable('strace is a program of Linux');
    const works = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
    if (works.status !== 0) throw new Unavailable('strace is not there or may not trace here');
    const tally = newTally();
    const dice = diceOf(seed);
    let unharmed = 0;
    let unreached = 0;
    for (; tally.runs < runs && !signal.aborted; tally.runs++)
      await inTemporary(async (parent) => {
        const [dir, trace] = [join(parent, 'data'), join(parent, 'trace')];
        await (await openLedger(dir)).close();
        const call = calls[tally.runs % calls.length]!;
        const code = dice.pick(['EIO', 'ENOSPC']);
        const when = `${1 + dice.below(appends)}${dice.pick(['', '+'])}`;
        // Files that are opened later count as well where their directory is named.
        const paths = (await watched(dir)).flatMap((path) => ['-P', path]);
        const args = ['-f', '-qq', '-o', trace, ...paths, '-e', `trace=${calls}`];
        args.push('-e', `inject=${call}:error=${code}:when=${when}`, process.execPath, program, dir, String(appends));
        const child = spawn('strace', args, { stdio: ['ignore', 'pipe', 'ignore'] });
        const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        const injected = (await readFile(trace, 'utf8')).split('(INJECTED)').length - 1;
        tally.faults += injected;
        if (injected === 0) unreached++;
        const acknowledged = said.split('\n').filter((line) => / [0-9a-f]{64}$/.test(line));
        if (injected > 0 && acknowledged.length === appends) unharmed++;
        tally.acknowledged += acknowledged.length;
        const what = `${call} ${code} ${when}`;
        const ledger = await openLedger(dir);
        if (ledger.readOnly !== null) {
          tally.undetected++;
          note(tally, `${what}: ${ledger.readOnly}`);
        }
        for (const line of acknowledged) {
          const [seq, digest] = line.split(' ');
          if ((await ledger.receipt(digest!))?.seq === Number(seq)) continue;
          tally.lost++;
          note(tally, `${what}: ${line} is lost`);
        }
        await ledger.close();
        const { faults } = await verifyDirectory(dir);
        tally.undetected += faults.length;
        for (const fault of faults) note(tally, `${what}: ${fault.what}`);
        progress(tally.runs, runs);
      });
    note(tally, `runs that did not come to the call: ${unreached}; that were answered all the same: ${unharmed}`);
    return tally;
  },
};

/** strace filters by exact path: those that exist, and those that LevelDB and the checkpoint will make next. */
async function watched(dir: string): Promise<string[]> {
  const numbers = Array.from({ length: 30 }, (_, n) => String(n).padStart(6, '0'));
  const store = numbers.flatMap((n) => [`${n}.log`, `${n}.ldb`, `${n}.dbtmp`, `MANIFEST-${n}`]);
  const names = [...store, 'CURRENT', 'LOG'].map((name) => `${dir}/store/${name}`);
  const plain = ['tile/entries/000.p', 'tile/entries/000.p/tail', 'contents', 'contents/000'];
  names.push(...plain.map((name) => `${dir}/${name}`));
  return [dir, `${dir}/store`, `${dir}/checkpoint`, `${dir}/checkpoint.tmp`, `${dir}/clean`, ...names];
}
