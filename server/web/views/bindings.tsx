/** What stands in the way, as a table and on the map. */
import { useMemo } from 'preact/hooks';
import type { Explanation } from '../../../engine/explain/types.js';
import { PlanMap } from '../map/map.js';
import { MarkLegend, marksOf } from '../map/marks.js';
import { coverageShade, Scale } from '../map/panel.js';
import { aroundOf, type Laid } from '../shared/plan.js';
import { setQuery } from '../shared/route.js';
import { sentence } from '../shared/said.js';
import { Table } from '../shared/table.js';
import { amount, periodName, t } from '../shared/text.js';

/** The dearest limits, in the table and on the map; a nation has hundreds. */
const LIMITS = 15;

interface BindingsProps {
  why: Explanation;
  laid: Laid;
  region: string | null;
  resource: string | null;
}

export function Bindings({ why, laid, region, resource }: BindingsProps) {
  const bindings = why.bindings.slice(0, LIMITS);
  const { shade, classes } = useMemo(() => coverageShade(laid, resource), [laid, resource]);
  const marks = useMemo(() => marksOf(laid, bindings), [laid, why]);
  if (bindings.length === 0) return null;
  const located = [...laid.sites.values()].some(({ at }) => at !== null);
  return (
    <section class="panel">
      <h2>{t('why.binds')}</h2>
      {located && marks.length > 0 && (
        <>
          <Scale classes={classes} />
          <PlanMap
            laid={laid}
            shade={shade}
            marks={marks}
            chosen={region}
            onPoint={() => {}}
            onChoose={(id) => id !== null && laid.byRegion.has(id) && setQuery({ region: id })}
          />
          <ul class="legend">
            <MarkLegend marks={marks} />
          </ul>
        </>
      )}
      <Table
        label={t('why.binds')}
        columns={[
          { name: t('why.limit') },
          { name: t('time.col.period') },
          { name: t('why.used'), n: true },
          { name: t('why.of'), n: true },
        ]}
        rows={bindings.map(({ what, said, period, used, limit, unit }) => ({
          key: `${what}${period}`,
          cells: [
            <span key="what" title={what}>
              {sentence(what, said, aroundOf(laid))}
            </span>,
            period === null ? '' : periodName(period, laid.scenario.periods),
            amount(used, unit),
            amount(limit, unit),
          ],
        }))}
      />
    </section>
  );
}
