/** Change by region in five classes; losses are hatched as well. */
import { t } from '../shared/text.js';
import type { Shade } from './draw.js';

export interface Differing {
  shade: Shade;
  /** The largest change, either way. */
  limit: number;
}

/** Regions that are not in the list do not change. */
export function differenceShade(changes: ReadonlyMap<string, number>): Differing {
  const limit = Math.max(1e-9, ...[...changes.values()].map(Math.abs));
  const shade: Shade = (region) => {
    const change = changes.get(region) ?? 0;
    if (Math.abs(change) < limit * 1e-6) return { colour: 'd2', hatched: false };
    const large = Math.abs(change) > limit / 3;
    return change < 0
      ? { colour: large ? 'd0' : 'd1', hatched: true }
      : { colour: large ? 'd4' : 'd3', hatched: false };
  };
  return { shade, limit };
}

export function DifferenceScale({ limit, say }: { limit: number; say(x: number): string }) {
  const third = say(limit / 3);
  return (
    <div class="scale">
      {[`< −${third}`, `−${third} – 0`, '0', `0 – ${third}`, `> ${third}`].map((text, i) => (
        <span key={text}>
          <i class={`d${i}`} />
          {text}
        </span>
      ))}
      <span>
        <i class="hatch" />
        {t('compare.hatched')}
      </span>
    </div>
  );
}
