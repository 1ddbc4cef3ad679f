/** Of a plan's brief: who gets what, and who is left out while others get some. */
import { leftOut } from '../../../engine/report/leftout.js';
import type { Coverage } from '../../../engine/types.js';
import type { Laid } from '../shared/plan.js';
import { Table } from '../shared/table.js';
import { listed, num, percent, t } from '../shared/text.js';

/** Columns and rows that fit on a sheet: the worst served. */
const [ITEMS, ROWS] = [7, 28];
/** Pairs that are named. */
const WORST = 3;

export function WhoGets({ laid }: { laid: Laid }) {
  const { byResource } = laid.allocation.measures;
  const served = ({ delivered, due }: { delivered: number; due: number }) => delivered / due;
  const wanted = byResource.filter(({ due }) => due > 0);
  const worst = [...wanted].sort((a, b) => served(a) - served(b)).slice(0, ITEMS);
  const items = wanted.filter((one) => worst.includes(one));
  const ratio = (id: string) => laid.byRegion.get(id)?.ratio ?? 1;
  const regions = laid.scenario.regions
    .filter(({ id }) => (laid.byRegion.get(id)?.needed ?? 0) > 0)
    .sort((a, b) => ratio(a.id) - ratio(b.id));
  const columns = [
    { name: t('map.region') },
    ...items.map(({ resource }) => ({ name: laid.names.get(resource) ?? resource, n: true })),
  ];
  const rows = regions.slice(0, ROWS).map(({ id, name }) => {
    const own = laid.coverage.get(id);
    return { key: id, cells: [name, ...items.map(({ resource }) => <Cell key={resource} of={own?.get(resource)} />)] };
  });
  return (
    <section class="gets">
      <h2>{t('brief.gets')}</h2>
      <Table label={t('brief.gets')} columns={columns} rows={rows} />
      <p class="quiet">
        {(regions.length > ROWS || wanted.length > ITEMS) && `${t('brief.gets.worst')} `}
        {t('brief.gets.all')}
      </p>
    </section>
  );
}

function Cell({ of }: { of: Coverage | undefined }) {
  if (of === undefined || !(of.due > 0)) return <>–</>;
  return (
    <>
      <b>{num(of.delivered)}</b>
      <div class="quiet">
        / {num(of.due)} ({percent(of.delivered / of.due)})
      </div>
    </>
  );
}

export function LeftOut({ laid, pairs }: { laid: Laid; pairs: readonly Coverage[] }) {
  const lots = new Map(laid.packed.head.scenario.resources.map(({ id, lot = 1 }) => [id, lot]));
  const out = leftOut(pairs, (resource) => lots.get(resource) ?? 1).pairs;
  if (out.length === 0) return null;
  const named = (id: string) => laid.names.get(id) ?? id;
  const worst = out.slice(0, WORST).map(({ region, resource, delivered, due }) =>
    t('brief.left.pair', {
      ...{ region: named(region), item: named(resource) },
      ...{ amount: num(delivered), needed: num(due) },
    }),
  );
  return <li>{t('brief.left', { n: out.length, worst: listed(worst) })}</li>;
}
