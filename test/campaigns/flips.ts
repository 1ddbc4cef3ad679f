/** One bit flipped in a stored file: either somebody says so, or everything on the record is as it was. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Campaign, diceOf, newTally, note } from './campaign.js';
import { buildSubject, filesOf, judge, type Subject, withSubject } from './subject.js';

export const flips: Campaign = {
  title: 'a single bit flipped in a stored file, files and places drawn by lot',
  runs: 6,
  full: 10_000,
  run: ({ runs, seed, signal, progress }) =>
    withSubject(async (subject: Subject) => {
      const tally = newTally();
      const dice = diceOf(seed);
      const found = new Map<string, number>();
      const files = (await filesOf(subject.dir)).filter(({ size }) => size > 0);
      // Half of the draws by file, so that small ones have their turn, half by byte.
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      const draw = () => {
        if (dice.below(2) === 0) {
          const { name, size } = dice.pick(files);
          return { name, at: dice.below(size) };
        }
        let at = dice.below(bytes);
        for (const { name, size } of files) {
          if (at < size) return { name, at };
          at -= size;
        }
        throw new RangeError('past the end');
      };
      for (; tally.runs < runs && !signal.aborted; tally.runs++) {
        const { name, at } = draw();
        const bit = dice.below(8);
        const verdict = await judge(subject, async (dir) => {
          const path = join(dir, name);
          const content = await readFile(path);
          content[at]! ^= 1 << bit;
          await writeFile(path, content);
        });
        tally.faults++;
        found.set(verdict.is, (found.get(verdict.is) ?? 0) + 1);
        if (verdict.is === 'undetected') {
          tally.undetected++;
          note(tally, `bit ${bit} of byte ${at} of ${name}: ${verdict.what}`);
        }
        progress(tally.runs, runs);
      }
      tally.acknowledged = subject.entries.length;
      note(tally, `${files.length} files of ${bytes} bytes; ${[...found].map(([is, n]) => `${is} ${n}`).join(', ')}`);
      return tally;
    }, buildSubject),
};
