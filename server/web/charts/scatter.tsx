/** Plans between what they cost, whom they leave without, and how even they are; a point opens its plan. */
import { columnsOf } from '../../../engine/report/columns.js';
import { to } from '../shared/route.js';
import { num, percent, short, t } from '../shared/text.js';
import { useNarrow } from '../shared/ui.js';

interface PlanPoint {
  digest: string;
  name: string;
  cost: number;
  unmet: number;
  smallest: number;
  gini: number;
}

const [H, LEFT, BOTTOM, TOP] = [300, 64, 46, 34];
/** Room that a letter of a name takes, and a line of names; so many stand one above the other. */
const [LETTER, LINE, LINES] = [7, 15, 5];

export function PlanScatter({ points, unit }: { points: readonly PlanPoint[]; unit: string }) {
  // where every plan leaves somebody with nothing the smallest coverage tells nothing apart
  const even = points.every(({ smallest }) => smallest === points[0]?.smallest);
  const measure = even
    ? { of: (p: PlanPoint) => p.gini, name: t('plan.gini') }
    : { of: (p: PlanPoint) => p.smallest, name: t('plan.smallest') };
  const text = (value: number) => (even ? num(value, 3) : percent(value));
  return (
    <div class="columns">
      <Panel
        points={points}
        x={(p) => p.unmet}
        xName={t('plan.unmet', { unit })}
        y={measure.of}
        yName={measure.name}
        yText={text}
      />
      <Panel
        points={points}
        x={(p) => p.cost}
        xName={t('plan.cost')}
        y={measure.of}
        yName={measure.name}
        yText={text}
      />
    </div>
  );
}

interface PanelProps {
  points: readonly PlanPoint[];
  x(point: PlanPoint): number;
  xName: string;
  y(point: PlanPoint): number;
  yName: string;
  yText(value: number): string;
}

function Panel({ points, x, xName, y, yName, yText }: PanelProps) {
  // drawn for the width it gets, so that its words can be read
  const W = useNarrow() ? 330 : 430;
  const [x0, x1] = range(points.map(x));
  const [y0, y1] = range(points.map(y));
  const px = (value: number) => LEFT + ((W - LEFT - 30) * (value - x0)) / (x1 - x0);
  const py = (value: number) => H - BOTTOM - ((H - BOTTOM - TOP - 10) * (value - y0)) / (y1 - y0);
  const labels = spread(
    points.map((point) => ({ point, x: px(x(point)), y: py(y(point)) })),
    W,
  );
  return (
    <svg class="chart" viewBox={`0 0 ${W} ${H}`}>
      <title>{`${yName}, ${xName}`}</title>
      <path class="base" d={`M${LEFT} ${TOP}V${H - BOTTOM}H${W - 20}`} />
      <text class="quiet" x={4} y={12}>
        {yName}
      </text>
      <text class="quiet" x={W - 20} y={H - 8} text-anchor="end">
        {xName}
      </text>
      {[x0, (x0 + x1) / 2, x1].map((value) => (
        <text key={value} class="quiet" x={px(value)} y={H - BOTTOM + 17} text-anchor="middle">
          {short(x0) === short((x0 + x1) / 2) ? num(value, 0) : short(value)}
        </text>
      ))}
      {[y0, (y0 + y1) / 2, y1].map((value) => (
        <text key={value} class="quiet" x={LEFT - 6} y={py(value) + 4} text-anchor="end">
          {yText(value)}
        </text>
      ))}
      {labels.map(({ point, x: cx, y: cy, lift }, i) => (
        <a
          key={point.digest}
          href={to(['plan', point.digest])}
          aria-label={`${point.name}: ${xName} ${num(x(point))}, ${yName} ${yText(y(point))}`}
        >
          <circle class={`dot s${i % 4}`} cx={cx} cy={cy} r="7" />
          <text x={cx + (isRight(cx, W) ? -10 : 10)} y={cy - 9 - lift} text-anchor={isRight(cx, W) ? 'end' : 'start'}>
            {point.name}
          </text>
        </a>
      ))}
    </svg>
  );
}

/** There a name stands left of its point. */
const isRight = (x: number, W: number): boolean => x > W * 0.7;

interface Spot {
  point: PlanPoint;
  x: number;
  y: number;
}

/** Names that would lie on each other stand one above the other. */
function spread(spots: readonly Spot[], W: number): (Spot & { lift: number })[] {
  const placed: (Spot & { lift: number })[] = [];
  const endsOf = ({ point, x }: Spot): [number, number] => {
    const wide = columnsOf(point.name) * LETTER + 12;
    return isRight(x, W) ? [x - wide, x] : [x, x + wide];
  };
  for (const spot of spots) {
    const [from, to] = endsOf(spot);
    const isTaken = (lift: number) =>
      placed.some((other) => {
        const [left, right] = endsOf(other);
        return left < to && from < right && Math.abs(other.y - other.lift - (spot.y - lift)) < LINE;
      });
    const line = Array.from({ length: LINES }, (_, n) => n).find((n) => !isTaken(n * LINE));
    placed.push({ ...spot, lift: (line ?? 0) * LINE });
  }
  return placed;
}

/** A little wider than the values; never of no width. */
function range(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const pad = most > least ? (most - least) * 0.08 : Math.max(Math.abs(most) * 0.1, 0.01);
  return [Math.max(0, least - pad), most + pad];
}
