/** All consignments as a table: searched as one types; as a file they come from the server. */
import { useMemo, useState } from 'preact/hooks';
import type { Laid, Shipment } from '../shared/plan.js';
import { to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { amount, modeName, num, periodName, t } from '../shared/text.js';

/** Rows that a page can hold without growing slow. */
const ROWS = 200;

export function Shipments({ laid, digest }: { laid: Laid; digest: string }) {
  const [find, setFind] = useState('');
  const { scenario, names, weight, shipments } = laid;
  const { lines, sum } = useMemo(() => search(laid, find), [laid, find]);
  const tonnes = ({ resource, quantity }: Shipment) => quantity * (weight.get(resource) ?? 0);
  const units = new Map(scenario.resources.map(({ id, unit }) => [id, unit]));
  return (
    <section class="panel">
      <h2>{t('ship.title')}</h2>
      <div class="row">
        <div class="field">
          <label for="ship-search">{t('ship.search')}</label>
          <input id="ship-search" type="search" value={find} onInput={(e) => setFind(e.currentTarget.value)} />
        </div>
        <a class="button" href={`/allocations/${digest}/shipments`} download={`${scenario.id}-shipments.csv`}>
          {t('ship.csv')}
        </a>
      </div>
      <p role="status">{t('ship.count', { n: lines.length, tonnes: num(sum, 1) })}</p>
      <Table
        label={t('ship.label')}
        columns={[
          { name: t('ship.col.resource') },
          { name: t('ship.col.from') },
          { name: t('ship.col.to') },
          { name: t('ship.col.mode') },
          { name: t('ship.col.depart') },
          { name: t('ship.col.arrive') },
          { name: t('ship.col.quantity'), n: true },
          { name: t('ship.col.tonnes'), n: true },
          { name: t('ship.report'), bare: true },
        ]}
        rows={lines.slice(0, ROWS).map((line) => {
          const one = shipments.at(line);
          return {
            key: line,
            cells: [
              names.get(one.resource),
              names.get(one.from),
              names.get(one.to),
              modeName(one.mode),
              periodName(one.depart, scenario.periods),
              periodName(one.arrive, scenario.periods),
              amount(one.quantity, units.get(one.resource) ?? ''),
              num(tonnes(one), 3),
              <a key="report" href={to(['field'], { plan: digest, line })}>
                {t('ship.report')}
              </a>,
            ],
          };
        })}
      />
      {lines.length > ROWS && <p class="quiet">{t('ship.more', { n: ROWS })}</p>}
    </section>
  );
}

/**
 * Lines in which every word is found, and their tonnes. Words are looked for in the texts of items and ways, of which there are few,
 * and not in those of the consignments.
 */
function search({ packed: { head, ways, sites }, names, shipments, weight }: Laid, find: string) {
  const words = find.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const named = (id = '') => `${id} ${names.get(id)}`;
  const place = (number = -1) => named(sites.ids[number]);
  const { resources } = head.scenario;
  const items = resources.map(({ id }) => named(id));
  const onWay = (_: unknown, way: number) =>
    `${place(ways.from[way])} ${place(ways.to[way])} ${head.modes[ways.mode[way] ?? -1]}`;
  const hits = (texts: string[]) => words.map((word) => texts.map((text) => text.toLowerCase().includes(word)));
  const [inItem, inWay] = [hits(items), hits(Array.from(ways.from, onWay))];
  const tonnes = resources.map(({ id }) => weight.get(id) ?? 0);
  const lines: number[] = [];
  let sum = 0;
  for (let line = 0; line < shipments.length; line++) {
    const [item, way] = [shipments.resource[line] ?? -1, shipments.way[line] ?? -1];
    if (!words.every((_, word) => inItem[word]?.[item] || inWay[word]?.[way])) continue;
    lines.push(line);
    sum += shipments.quantity(line) * (tonnes[item] ?? 0);
  }
  return { lines, sum };
}
