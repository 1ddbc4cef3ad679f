/** The proven gap as it falls, on a logarithmic scale: each line down is ten times nearer to the best possible. */
import { gapText, num, t } from '../shared/text.js';
import { useNarrow } from '../shared/ui.js';

export interface GapPoint {
  seconds: number;
  gap: number;
}

const [H, LEFT, BOTTOM, TOP] = [260, 62, 34, 14];

export function GapChart({ points, asked }: { points: readonly GapPoint[]; asked: number }) {
  const W = useNarrow() ? 340 : 1100;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const logs = [...points.map(({ gap }) => gap), asked].map(Math.log10);
  const top = Math.ceil(Math.max(...logs));
  const floor = Math.min(Math.floor(Math.min(...logs)), top - 1);
  const end = Math.max(last.seconds, 0.1);
  const x = (seconds: number) => LEFT + ((W - LEFT - 10) * seconds) / end;
  const y = (gap: number) => TOP + ((H - TOP - BOTTOM) * (top - Math.log10(gap))) / (top - floor);
  // the gap holds until a better one is proven
  const path = points.map(({ seconds, gap }, i) => (i === 0 ? `M${x(seconds)} ${y(gap)}` : `H${x(seconds)}V${y(gap)}`));
  const powers = Array.from({ length: top - floor + 1 }, (_, i) => floor + i);
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${W} ${H}`}
      role="img"
      aria-label={t('job.chart', { first: gapText(first.gap), last: gapText(last.gap) })}
    >
      {powers.map((power) => (
        <g key={power}>
          <path class="axis" d={`M${LEFT} ${y(10 ** power)}H${W - 10}`} />
          <text class="quiet" x={LEFT - 8} y={y(10 ** power) + 4} text-anchor="end">
            {gapText(10 ** power)}
          </text>
        </g>
      ))}
      <path class="base" stroke-dasharray="5 4" d={`M${LEFT} ${y(asked)}H${W - 10}`} />
      <text class="quiet" x={W - 12} y={y(asked) - 5} text-anchor="end">
        {t('job.asked', { gap: gapText(asked) })}
      </text>
      <path class="line s0" d={path.join('')} />
      <circle class="dot s0" cx={x(last.seconds)} cy={y(last.gap)} r="5" />
      <text class="quiet" x={LEFT} y={H - 8}>
        0
      </text>
      <text class="quiet" x={W - 10} y={H - 8} text-anchor="end">
        {num(end, 1)} {t('job.chart.x')}
      </text>
    </svg>
  );
}
