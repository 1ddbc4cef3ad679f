/** Each stored file deleted, emptied, halved, and cut short, after an orderly and after an unclean stop. */
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Campaign, diceOf, newTally, note } from './campaign.js';
import { buildSubject, filesOf, judge, withSubject } from './subject.js';

export const files: Campaign = {
  title: 'a stored file deleted, emptied, halved or cut short: every file and way first, then files and places by lot',
  runs: 6,
  full: 500,
  run: ({ runs, seed, signal, progress }) =>
    withSubject(async (subject) => {
      const tally = newTally();
      const dice = diceOf(seed);
      const all = await filesOf(subject.dir);
      const cases = all.flatMap((file) =>
        (['delete', 'empty', 'halve', 'last byte'] as const).flatMap((cut) =>
          [false, true].map((unclean) => ({ ...file, cut, unclean })),
        ),
      );
      const ways = new Map<string, Set<string>>();
      for (; tally.runs < runs && !signal.aborted; tally.runs++) {
        // Drawn without putting back, until every file has been damaged in every way.
        const [drawn] = cases.splice(dice.below(cases.length), 1);
        const { name, size, cut, unclean } = drawn ?? {
          ...dice.pick(all),
          cut: 'lot' as const,
          unclean: dice.below(2) === 0,
        };
        const left = { delete: 0, empty: 0, halve: size >> 1, 'last byte': size - 1, lot: dice.below(size) }[cut];
        const verdict = await judge(subject, async (dir) => {
          if (unclean) await rm(join(dir, 'clean'), { force: true });
          if (cut === 'delete') await rm(join(dir, name), { force: true });
          else if (size > 0 && !(unclean && name === 'clean')) await truncate(join(dir, name), left);
        });
        tally.faults++;
        ways.set(verdict.is, (ways.get(verdict.is) ?? new Set()).add(name));
        if (verdict.is === 'undetected') {
          tally.undetected++;
          note(tally, `${name}, ${cut}, ${unclean ? 'unclean' : 'orderly'}: ${verdict.what}`);
        }
        progress(tally.runs, runs);
      }
      tally.acknowledged = subject.entries.length;
      note(tally, `without harm to the record in some case: ${[...(ways.get('harmless') ?? [])].sort().join(', ')}`);
      return tally;
    }, buildSubject),
};
