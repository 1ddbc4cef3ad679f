/** Lorenz curves: the share of what is met that the least covered share of the need gets. The diagonal is perfect evenness. */
import type { Compared } from '../../../engine/compare/types.js';
import { colon, listed, percent, t } from '../shared/text.js';

const [SIZE, LEFT, BOTTOM] = [360, 44, 40];
export const DASHES = ['', '9 4', '2 4', '12 3 2 3'];

export function Lorenz({ of, names }: { of: readonly Pick<Compared, 'lorenz'>[]; names: readonly string[] }) {
  const span = SIZE - LEFT - 10;
  const x = (share: number) => LEFT + span * share;
  const y = (share: number) => SIZE - BOTTOM - (SIZE - BOTTOM - 10) * share;
  return (
    <svg
      class="chart square"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={colon(t('lorenz.title'), listed(names))}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <path class="axis" d={`M${x(0)} ${y(share)}H${x(1)}M${x(share)} ${y(0)}V${y(1)}`} />
          <text class="quiet" x={LEFT - 6} y={y(share) + 4} text-anchor="end">
            {percent(share)}
          </text>
          <text class="quiet" x={x(share)} y={SIZE - BOTTOM + 16} text-anchor={share === 1 ? 'end' : 'middle'}>
            {percent(share)}
          </text>
        </g>
      ))}
      <path class="base" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      {of.map(({ lorenz }, i) => (
        <path
          key={names[i]}
          class={`line s${i}`}
          stroke-dasharray={DASHES[i]}
          d={lorenz.map(({ needed, met }, at) => `${at === 0 ? 'M' : 'L'}${x(needed)} ${y(met)}`).join('')}
        />
      ))}
      <text class="quiet" x={(LEFT + SIZE) / 2} y={SIZE - 5} text-anchor="middle">
        {t('lorenz.x')}
      </text>
    </svg>
  );
}
