/** Each stored file deleted, emptied, halved, and cut short, after an orderly and after an unclean stop. */
import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Campaign, diceOf, newTally, note } from './campaign.js';
import { buildSubject, filesOf, judge, withSubject } from './subject.js';

export const files: Campaign = {
  title: 'each stored file deleted, emptied, halved and cut short; runs are further cuts drawn by lot for each file',
  runs: 1,
  full: 20,
  run: ({ runs, seed, signal, progress }) =>
    withSubject(async (subject) => {
      const tally = newTally();
      const dice = diceOf(seed);
      const all = await filesOf(subject.dir);
      const harmless = new Set<string>();
      const fixed = ['delete', 0, 0.5, -1] as const;
      const cuts = [...fixed, ...Array.from({ length: runs }, () => 'lot' as const)];
      for (const { name } of all)
        for (const cut of cuts)
          for (const unclean of [false, true]) {
            if (signal.aborted) return tally;
            const verdict = await judge(subject, async (dir) => {
              const path = join(dir, name);
              if (unclean) await rm(join(dir, 'clean'), { force: true });
              if (cut === 'delete') return await rm(path, { force: true });
              const { size } = await stat(path).catch(() => ({ size: 0 }));
              if (size === 0) return;
              const short = cut === 'lot' ? dice.below(size) : cut === -1 ? size - 1 : Math.floor(size * cut);
              await truncate(path, short);
            });
            tally.runs++;
            tally.faults++;
            if (verdict.is === 'harmless') harmless.add(name);
            if (verdict.is === 'undetected') {
              tally.undetected++;
              note(tally, `${name}, ${cut}, ${unclean ? 'unclean' : 'orderly'}: ${verdict.what}`);
            }
            progress(tally.runs, all.length * cuts.length * 2);
          }
      tally.acknowledged = subject.entries.length;
      note(tally, `without harm to the record in some case: ${[...harmless].join(', ')}`);
      return tally;
    }, buildSubject),
};
