/** The map with its legend, and in words what is pointed at: everything the map shows can be read and reached here. */
import { useMemo, useState } from 'preact/hooks';
import { classesOf, classOf, type Flow, isShort, type Laid, shadeAt } from '../shared/plan.js';
import { setQuery, to } from '../shared/route.js';
import { num, percent, t } from '../shared/text.js';
import type { Shade } from './draw.js';
import { PlanMap } from './map.js';
import { type Mark, MarkLegend } from './marks.js';

export function MapPanel({ laid, digest, query }: { laid: Laid; digest: string; query: URLSearchParams }) {
  const resource = query.get('resource');
  const chosen = query.get('site');
  const [pointed, setPointed] = useState<string | null>(null);
  const { shade, classes } = useMemo(() => coverageShade(laid, resource), [laid, resource]);
  const marks = useMemo(() => laid.handling.map((at): Mark => ({ kind: 'handling', at })), [laid]);
  const { scenario, sites } = laid;
  const located = [...sites.values()].filter(({ at }) => at !== null);
  const without = scenario.regions.filter(({ at }) => at === undefined).length;
  return (
    <div class="maplayout">
      <div>
        <div class="row">
          <div class="field">
            <label for="map-resource">{t('map.resource')}</label>
            <select
              id="map-resource"
              value={resource ?? ''}
              onChange={(e) => setQuery({ resource: e.currentTarget.value })}
            >
              <option value="">{t('map.all')}</option>
              {scenario.resources.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name ?? id}
                </option>
              ))}
            </select>
          </div>
        </div>
        <Scale classes={classes} />
        {located.length === 0 ? (
          <p class="notice">{t('map.none')}</p>
        ) : (
          <>
            <PlanMap
              laid={laid}
              shade={shade}
              marks={marks}
              chosen={chosen}
              onPoint={setPointed}
              onChoose={(id) => setQuery({ site: id })}
            />
            <ul class="legend">
              <li>■ {t('map.depot')}</li>
              <li>― {t('map.flow')}</li>
              {laid.flows.some(({ full }) => full) && <li>- - {t('map.full')}</li>}
              <MarkLegend marks={marks} />
            </ul>
            <p class="quiet">
              {t(scenario.regions.some((region) => 'polygon' in region) ? 'map.polygons' : 'map.cells')} {t('map.land')}
              .{without > 0 && ` ${t('map.without', { n: without })}`}
            </p>
          </>
        )}
      </div>
      <aside class="panel">
        <div class="field">
          <label for="map-pick">{t('map.pick')}</label>
          <select id="map-pick" value={chosen ?? ''} onChange={(e) => setQuery({ site: e.currentTarget.value })}>
            <option value="">{t('map.pick.none')}</option>
            {(['region', 'depot', 'hub'] as const).map((kind) => (
              <optgroup key={kind} label={t(`map.${kind}s` as 'map.regions' | 'map.depots' | 'map.hubs')}>
                {[...sites.values()]
                  .filter((site) => site.kind === kind)
                  .sort((a, b) => a.name.localeCompare(b.name))
                  .map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </div>
        <Told laid={laid} digest={digest} id={pointed ?? chosen} resource={resource} />
      </aside>
    </div>
  );
}

/** Coverage of all a region needs, or of one item, in classes. */
export function coverageShade(
  { byRegion, coverage, scenario, floors }: Laid,
  resource: string | null,
): { shade: Shade; classes: number[] } {
  const ratio = (region: string): number | null => {
    if (resource !== null) return coverage.get(region)?.get(resource)?.ratio ?? null;
    const all = byRegion.get(region);
    return all && all.needed > 0 ? all.ratio : null;
  };
  const ratios = scenario.regions.map(({ id }) => ratio(id)).filter((one) => one !== null);
  const classes = classesOf(ratios);
  const shade: Shade = (region) => {
    const own = ratio(region);
    if (own === null) return null;
    const hatched = isShort(own, floors.get(region) ?? 0);
    return { colour: `c${shadeAt(classOf(own, classes), classes.length)}`, hatched };
  };
  return { shade, classes };
}

export function Scale({ classes }: { classes: readonly number[] }) {
  return (
    <div class="scale">
      <strong>{t('map.coverage')}</strong>
      {classes.map((end, i) => (
        <span key={end}>
          <i class={`c${shadeAt(i, classes.length)}`} />
          {i === 0 ? `≤ ${percent(end)}` : `${percent(classes[i - 1] ?? 0)} – ${percent(end)}`}
        </span>
      ))}
      <span>
        <i class="hatch" />
        {t('map.below')}
      </span>
    </div>
  );
}

function Told({
  laid,
  digest,
  id,
  resource,
}: {
  laid: Laid;
  digest: string;
  id: string | null;
  resource: string | null;
}) {
  const site = id === null ? undefined : laid.sites.get(id);
  if (!site) return <p class="quiet">{t('map.pick.none')}</p>;
  const sent = laid.flows.filter(({ from }) => from.id === site.id);
  const came = laid.flows.filter(({ to }) => to.id === site.id);
  return (
    <>
      <h2>{site.name}</h2>
      {site.kind === 'region' && <RegionTold laid={laid} digest={digest} id={site.id} resource={resource} />}
      {site.kind === 'depot' && <DepotTold laid={laid} id={site.id} />}
      {laid.handling.includes(site.id) && <p class="tag warn">{t('map.handling')}</p>}
      {site.kind !== 'region' && <Flows title={t('map.sends')} none={t('map.nothing.sent')} flows={sent} end="to" />}
      {(site.kind !== 'depot' || came.length > 0) && (
        <Flows title={t('map.comes')} none={t('map.nothing.comes')} flows={came} end="from" />
      )}
    </>
  );
}

function RegionTold({
  laid,
  digest,
  id,
  resource,
}: {
  laid: Laid;
  digest: string;
  id: string;
  resource: string | null;
}) {
  const all = laid.byRegion.get(id);
  const floor = laid.floors.get(id) ?? 0;
  const people = laid.scenario.regions.find((region) => region.id === id)?.people;
  const pairs = [...(laid.coverage.get(id)?.values() ?? [])].sort((a, b) => a.ratio - b.ratio);
  return (
    <>
      <p>
        {all && all.needed > 0 ? (
          <>
            {t('map.coverage')} <strong>{percent(all.ratio)}</strong>
          </>
        ) : (
          t('map.nothing')
        )}
        {floor > 0 && ` · ${t('map.floor')} ${percent(floor)}`}
        {people !== undefined && ` · ${t('map.people')} ${num(people)}`}
      </p>
      <table class="bars">
        <tbody>
          {pairs.map((pair) => (
            <tr key={pair.resource}>
              <th scope="row">
                {laid.names.get(pair.resource)}
                {isShort(pair.ratio, floor) && <span class="sr"> ({t('map.below')})</span>}
              </th>
              <td>
                <div class="track">
                  <div
                    class={isShort(pair.ratio, floor) ? 'bar hatch' : 'bar'}
                    style={{ width: `${Math.min(100, pair.ratio * 100)}%` }}
                  />
                </div>
              </td>
              <td class="n">{percent(pair.ratio)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="actions">
        <a class="button" href={to(['why', digest], { region: id, resource })}>
          {t('plan.why')}
        </a>
      </div>
    </>
  );
}

function DepotTold({ laid, id }: { laid: Laid; id: string }) {
  const { had = 0, left = 0 } = laid.stocks.get(id) ?? {};
  return (
    <p>
      <strong>{t('map.tonnes', { tonnes: num(Math.max(0, left), 1) })}</strong>{' '}
      {t('map.left', { had: t('map.tonnes', { tonnes: num(had, 1) }) })}
    </p>
  );
}

/** Rows of flows shown; the rest is one sum. */
const ROWS = 12;

function Flows({
  title,
  none,
  flows,
  end,
}: {
  title: string;
  none: string;
  flows: readonly Flow[];
  end: 'from' | 'to';
}) {
  if (flows.length === 0) return <p class="quiet">{none}</p>;
  const rest = flows.slice(ROWS).reduce((sum, { tonnes }) => sum + tonnes, 0);
  return (
    <>
      <h3>{title}</h3>
      <table>
        <tbody>
          {flows.slice(0, ROWS).map((flow) => (
            <tr key={flow[end].id}>
              <th scope="row">
                {flow[end].name} {flow.full && <span class="tag warn">{t('map.full')}</span>}
              </th>
              <td class="n">{t('map.tonnes', { tonnes: num(flow.tonnes) })}</td>
            </tr>
          ))}
          {rest > 0 && (
            <tr>
              <th scope="row">…</th>
              <td class="n">{t('map.tonnes', { tonnes: num(rest) })}</td>
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}
