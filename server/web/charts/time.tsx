/** The horizon period by period: what is in depots, what is new, what leaves, what arrives, and the need that waits. */
import { byPeriod, type Laid, type PeriodSums } from '../shared/plan.js';
import { Table } from '../shared/table.js';
import { num, peopleUnit, periodName, short, t } from '../shared/text.js';
import { useNarrow } from '../shared/ui.js';

export function Timeline({ laid }: { laid: Laid }) {
  const sums = byPeriod(laid);
  const { periods } = laid.scenario;
  const unit = peopleUnit(periods.length);
  const rows: { what: keyof PeriodSums; title: string }[] = [
    { what: 'stock', title: t('time.stock') },
    { what: 'arrivals', title: t('time.arrivals') },
    { what: 'sent', title: t('time.sent') },
    { what: 'arrived', title: t('time.arrived') },
    { what: 'unmet', title: t('time.backlog', { unit }) },
  ];
  return (
    <section class="panel">
      <h2>{t('time.title')}</h2>
      {rows.map(({ what, title }) => (
        <Strip
          key={what}
          title={what === 'unmet' ? title : `${title} (${t('time.tonnes')})`}
          values={sums.map((sum) => tidy(sum[what]))}
          names={sums.map((_, period) => periodName(period, periods))}
          waiting={what === 'unmet'}
        />
      ))}
      <details>
        <summary>{t('time.table')}</summary>
        <Table
          label={t('time.table')}
          columns={[{ name: t('time.col.period') }, ...rows.map(({ title }) => ({ name: title, n: true }))]}
          rows={sums.map((sum, period) => ({
            key: period,
            cells: [
              periodName(period, periods),
              ...rows.map(({ what }) => num(tidy(sum[what]), what === 'unmet' ? 0 : 2)),
            ],
          }))}
        />
      </details>
    </section>
  );
}

/** Sums of halves leave dust: −0.0000001 t is nothing. */
const tidy = (x: number): number => (Math.abs(x) < 1e-6 ? 0 : x);

const [H, LEFT, BOTTOM, TOP] = [92, 8, 20, 16];

function Strip({
  title,
  values,
  names,
  waiting,
}: {
  title: string;
  values: number[];
  names: string[];
  waiting: boolean;
}) {
  const narrow = useNarrow();
  const W = narrow ? 340 : 1100;
  const most = Math.max(...values, 1e-9);
  const step = (W - LEFT) / values.length;
  const width = Math.min(step * 0.72, 64);
  // numbers over the bars and names under them only where there is room
  const every = Math.ceil(values.length / (narrow ? 5 : 14));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg class="chart" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={t('time.label', { what: title })}>
        <path class="base" d={`M0 ${H - BOTTOM}H${W}`} />
        {values.map((value, i) => {
          const height = ((H - BOTTOM - TOP) * Math.max(0, value)) / most;
          const x = LEFT + i * step + (step - width) / 2;
          return (
            <g key={i}>
              <title>{`${names[i]}: ${num(value)}`}</title>
              <rect class={waiting ? 'wait' : 'col'} x={x} y={H - BOTTOM - height} width={width} height={height} />
              {i % every === 0 && (
                <>
                  <text x={x + width / 2} y={H - BOTTOM - height - 4} text-anchor="middle">
                    {short(value)}
                  </text>
                  <text class="quiet" x={x + width / 2} y={H - 5} text-anchor="middle">
                    {names[i]}
                  </text>
                </>
              )}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
