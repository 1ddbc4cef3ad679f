/** Who gains and who loses: two coverages of a region on one line, the old hollow, the new filled. */
import type { RegionChange } from '../../../engine/compare/types.js';
import { percent, signed, t } from '../shared/text.js';
import { useNarrow } from '../shared/ui.js';

const [ROW, TOP] = [26, 26];

export function Dumbbell({
  changes,
  names,
  unit,
}: {
  changes: readonly RegionChange[];
  names: Map<string, string>;
  unit: string;
}) {
  const narrow = useNarrow();
  // drawn for the width it gets, so that its words are as large as all others
  const [W, LEFT, RIGHT] = narrow ? [340, 118, 92] : [1040, 210, 130];
  const letters = narrow ? 17 : 30;
  if (changes.length === 0) return <p>{t('compare.same')}</p>;
  const most = Math.max(...changes.flatMap(({ ratioBefore, ratioAfter }) => [ratioBefore, ratioAfter]), 1e-9);
  const height = TOP + ROW * changes.length + 8;
  const x = (ratio: number) => LEFT + ((W - LEFT - RIGHT) * ratio) / most;
  return (
    <svg class="chart" viewBox={`0 0 ${W} ${height}`} role="img" aria-label={t('compare.dumbbell')}>
      {(narrow ? [0, 0.5] : [0, 0.5, 1]).map((share) => (
        <g key={share}>
          <path class="axis" d={`M${x(most * share)} ${TOP - 6}V${height}`} />
          <text class="quiet" x={x(most * share)} y={TOP - 12} text-anchor="middle">
            {percent(most * share)}
          </text>
        </g>
      ))}
      <text class="quiet" x={W} y={TOP - 12} text-anchor="end">
        {unit}
      </text>
      {changes.map(({ region, ratioBefore, ratioAfter, peoplePeriods }, i) => {
        const y = TOP + ROW * i + ROW / 2;
        const kind = peoplePeriods < 0 ? 'loss' : 'gain';
        const name = names.get(region) ?? region;
        return (
          <g key={region}>
            <title>{`${name}: ${percent(ratioBefore)} → ${percent(ratioAfter)}`}</title>
            <text x={LEFT - 10} y={y + 4} text-anchor="end">
              {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
            </text>
            <path class={kind} stroke-width="3" d={`M${x(ratioBefore)} ${y}H${x(ratioAfter)}`} />
            <circle class="hollow" cx={x(ratioBefore)} cy={y} r="5" />
            <circle class={kind} cx={x(ratioAfter)} cy={y} r="6" />
            <text x={W} y={y + 4} text-anchor="end">
              {peoplePeriods < 0 ? '▼' : '▲'} {signed(peoplePeriods)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
