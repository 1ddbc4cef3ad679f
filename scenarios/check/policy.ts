/** The need stage: its utility must be concave, stated once, and small enough to be counted exactly. And one `leximin` at most. */
import { show } from '../faults.js';
import { wording } from '../wording.js';
import type { Context } from './context.js';
import { amountOf, type Entry, entries } from './view.js';

// The steepest slope is (2 × bands)^alpha; with 9 decimals it must stay an exact double.
const STEEPEST = 1e15;
const DEFAULT_BANDS = 10;

export function checkPolicy({ root, report }: Context): void {
  let ladders = 0;
  for (const stage of entries(root, 'policy')) {
    if (stage.fields.stage === 'leximin' && ++ladders > 1)
      report(
        [...stage.path, 'stage'],
        '"leximin"',
        wording`is there a second time`,
        wording`take it out: the first leaves nothing to it`,
      );
    if (stage.fields.stage !== 'need') continue;
    const { alpha, bands } = stage.fields;
    const path = [...stage.path, 'alpha'];
    if (Array.isArray(bands)) {
      if (alpha !== undefined)
        report(
          path,
          show(alpha),
          wording`is given together with explicit bands`,
          wording`leave out alpha, or state the number of bands`,
        );
      checkBands(stage, report);
      continue;
    }
    const dial = amountOf(alpha);
    const count = bands === undefined ? DEFAULT_BANDS : amountOf(bands);
    if (dial !== undefined && count !== undefined && (2 * count) ** dial > STEEPEST)
      report(
        path,
        show(dial),
        wording`is ${dial}, too steep for ${count} bands`,
        wording`use a smaller alpha or fewer bands; the limit of ever larger alpha is the stage "leximin"`,
      );
  }
}

/** Limits rise, values do not: people served first are worth at least as much (concave utility). */
function checkBands(stage: Entry, report: Context['report']): void {
  let upTo = 0;
  let value = Number.POSITIVE_INFINITY;
  for (const band of entries(stage, 'bands')) {
    const nextUpTo = amountOf(band.fields.upTo);
    const nextValue = amountOf(band.fields.value);
    if (nextUpTo !== undefined && nextUpTo > 0) {
      if (nextUpTo <= upTo)
        report(
          [...band.path, 'upTo'],
          show(nextUpTo),
          wording`is ${nextUpTo}, not above the band before`,
          wording`write more than ${upTo}`,
        );
      upTo = nextUpTo;
    }
    if (nextValue !== undefined) {
      if (nextValue > value)
        report(
          [...band.path, 'value'],
          show(nextValue),
          wording`is ${nextValue}, more than in the band before`,
          wording`write at most ${value}`,
        );
      value = nextValue;
    }
  }
}
