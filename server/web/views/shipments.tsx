/** All consignments as a table: searched as one types, downloaded as CSV. */
import { useMemo, useState } from 'preact/hooks';
import { download } from '../shared/api.js';
import type { Laid, Shipment } from '../shared/plan.js';
import { to } from '../shared/route.js';
import { num, periodName, t } from '../shared/text.js';
import { Wide } from '../shared/ui.js';

/** Rows that a page can hold without growing slow. */
const ROWS = 200;

export function Shipments({ laid, digest }: { laid: Laid; digest: string }) {
  const [find, setFind] = useState('');
  const { allocation, scenario, names, weight } = laid;
  const texts = useMemo(
    () =>
      allocation.shipments.map(({ resource, from, to, mode }) =>
        [resource, from, to, mode, names.get(resource), names.get(from), names.get(to)].join(' ').toLowerCase(),
      ),
    [allocation],
  );
  const words = find.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = allocation.shipments.flatMap((one, line) =>
    words.every((word) => texts[line]?.includes(word)) ? [{ ...one, line }] : [],
  );
  const tonnes = ({ resource, quantity }: Shipment) => quantity * (weight.get(resource) ?? 0);
  const units = new Map(scenario.resources.map(({ id, unit }) => [id, unit]));
  const sum = found.reduce((sum, one) => sum + tonnes(one), 0);
  return (
    <section class="panel">
      <h2>{t('ship.title')}</h2>
      <div class="row">
        <div class="field">
          <label for="ship-search">{t('ship.search')}</label>
          <input id="ship-search" type="search" value={find} onInput={(e) => setFind(e.currentTarget.value)} />
        </div>
        <button
          type="button"
          onClick={() => download(`${scenario.id}-shipments.csv`, csvOf(laid), 'text/csv;charset=utf-8')}
        >
          {t('ship.csv')}
        </button>
      </div>
      <p role="status">{t('ship.count', { n: found.length, tonnes: num(sum, 1) })}</p>
      <Wide label={t('ship.label')}>
        <table>
          <thead>
            <tr>
              <th>{t('ship.col.resource')}</th>
              <th>{t('ship.col.from')}</th>
              <th>{t('ship.col.to')}</th>
              <th>{t('ship.col.mode')}</th>
              <th>{t('ship.col.depart')}</th>
              <th>{t('ship.col.arrive')}</th>
              <th class="n">{t('ship.col.quantity')}</th>
              <th class="n">{t('ship.col.tonnes')}</th>
              <th>
                <span class="sr">{t('ship.report')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, ROWS).map((one) => (
              <tr key={`${one.resource}|${one.from}|${one.to}|${one.mode}|${one.depart}`}>
                <th scope="row">{names.get(one.resource)}</th>
                <td>{names.get(one.from)}</td>
                <td>{names.get(one.to)}</td>
                <td>{one.mode}</td>
                <td>{periodName(one.depart, scenario.periods)}</td>
                <td>{periodName(one.arrive, scenario.periods)}</td>
                <td class="n">
                  {num(one.quantity)} {units.get(one.resource)}
                </td>
                <td class="n">{num(tonnes(one), 3)}</td>
                <td>
                  <a href={to(['field'], { plan: digest, line: one.line })}>{t('ship.report')}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {found.length > ROWS && <p class="quiet">{t('ship.more', { n: ROWS })}</p>}
    </section>
  );
}

/** RFC 4180. A text that a spreadsheet would take for a formula has an apostrophe in front, as in the tables of the server. */
export function csvOf({ allocation, names, weight, scenario }: Laid): string {
  const units = new Map(scenario.resources.map(({ id, unit }) => [id, unit]));
  const cell = (value: string | number) => {
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = 'resource,resource_name,from,from_name,to,to_name,mode,depart,arrive,quantity,unit,tonnes';
  const rows = allocation.shipments.map(({ resource, from, to, mode, depart, arrive, quantity }) =>
    [
      ...[resource, names.get(resource) ?? '', from, names.get(from) ?? '', to, names.get(to) ?? '', mode],
      ...[
        depart,
        arrive,
        quantity,
        units.get(resource) ?? '',
        Number((quantity * (weight.get(resource) ?? 0)).toFixed(6)),
      ],
    ]
      .map(cell)
      .join(','),
  );
  return [head, ...rows, ''].join('\r\n');
}
