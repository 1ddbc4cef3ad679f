/** Coverage of every region and item at a glance; a cell opens what is behind it. */
import { useState } from 'preact/hooks';
import { Scale } from '../map/panel.js';
import { classesOf, classOf, isShort, type Laid, shadeAt } from '../shared/plan.js';
import { setQuery, to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { num, percent, t, unitName } from '../shared/text.js';

/** Rows drawn at once; beyond them the worst first, and a search on the map. */
const ROWS = 120;

export function HeatMap({ laid, digest, query }: { laid: Laid; digest: string; query: URLSearchParams }) {
  const [worst, setWorst] = useState(laid.scenario.regions.length > ROWS);
  const classes = classesOf(laid.ratios);
  const ratioOf = (region: string) => laid.byRegion.get(region)?.ratio ?? 1;
  const regions = worst
    ? [...laid.scenario.regions].sort((a, b) => ratioOf(a.id) - ratioOf(b.id))
    : laid.scenario.regions;
  const [region, resource] = [query.get('site'), query.get('resource')];
  const pair = region !== null && resource !== null ? laid.coverage.get(region)?.get(resource) : undefined;
  return (
    <section class="panel">
      <h2>{t('heat.title')}</h2>
      <p class="quiet">{t('heat.intro')}</p>
      <div class="row">
        <div class="field">
          <label for="heat-sort">{t('heat.sort')}</label>
          <select
            id="heat-sort"
            value={worst ? 'worst' : 'file'}
            onChange={(e) => setWorst(e.currentTarget.value === 'worst')}
          >
            <option value="file">{t('heat.sort.file')}</option>
            <option value="worst">{t('heat.sort.worst')}</option>
          </select>
        </div>
      </div>
      <Scale classes={classes} />
      {pair && (
        <div class="notice" role="status">
          <strong>
            {t('heat.chosen', {
              region: laid.names.get(pair.region) ?? '',
              resource: laid.names.get(pair.resource) ?? '',
            })}
          </strong>
          <p>
            {percent(pair.ratio)} ·{' '}
            {t('heat.delivered', {
              delivered: num(pair.delivered),
              due: num(pair.due),
              unit: unitName(laid.scenario.resources.find(({ id }) => id === pair.resource)?.unit ?? ''),
            })}{' '}
            · <a href={to(['why', digest], { region: pair.region, resource: pair.resource })}>{t('plan.why')}</a>
          </p>
        </div>
      )}
      <Table
        label={t('heat.label')}
        kind="heat"
        columns={[
          { name: t('map.region'), bare: true },
          ...laid.scenario.resources.map(({ id }) => ({ name: laid.names.get(id) ?? id })),
        ]}
        rows={regions.slice(0, ROWS).map(({ id, floor = 0 }) => ({
          key: id,
          cells: [
            laid.names.get(id),
            ...laid.scenario.resources.map((resource) => (
              <Cell key={resource.id} laid={laid} region={id} resource={resource.id} floor={floor} classes={classes} />
            )),
          ],
        }))}
      />
      {regions.length > ROWS && <p class="quiet">{t('scenario.amend.more', { n: regions.length - ROWS })}</p>}
    </section>
  );
}

interface CellProps {
  laid: Laid;
  region: string;
  resource: string;
  floor: number;
  classes: readonly number[];
}

function Cell({ laid, region, resource, floor, classes }: CellProps) {
  const pair = laid.coverage.get(region)?.get(resource);
  if (!pair)
    return (
      <span class="cell quiet" title={t('heat.none')}>
        ·
      </span>
    );
  const c = shadeAt(classOf(pair.ratio, classes), classes.length);
  const values = {
    region: laid.names.get(region) ?? '',
    resource: laid.names.get(resource) ?? '',
    ratio: percent(pair.ratio),
  };
  return (
    <button
      type="button"
      class={`c${c} ink${c} ${isShort(pair.ratio, floor) ? 'below' : ''}`}
      title={t('heat.cell', values)}
      onClick={() => setQuery({ site: region, resource })}
    >
      <span class="sr">
        {values.region}, {values.resource}:{' '}
      </span>
      {cellText(pair.ratio)}
      <span class="sr">%</span>
    </button>
  );
}

/** Two digits fit. */
function cellText(ratio: number): string {
  const share = ratio * 100;
  if (share === 0) return '0';
  return share < 0.1 ? '<.1' : share < 10 ? num(share, 1) : num(share, 0);
}
