/**
 * Who does what, where and when (4W), as clusters collect it: a row for each organisation, resource and region. Goods that come by way of
 * hubs are those of the depots that feed the hubs with them; where several do, all are named, as goods of a kind are not told apart.
 */
import type { Book } from './book.js';
import { type Table, tidy } from './table.js';

/** In the place of an organisation where a depot has no owner. */
export const NOT_STATED = '(not stated)';

export function activitiesTable(book: Book): Table {
  const { allocation } = book;
  return {
    name: '4W',
    columns: [
      { title: 'Organisation (who)', tag: '#org+name', width: 28 },
      { title: 'Activity (what)', tag: '#activity+name', width: 26 },
      { title: 'Resource', tag: '#item+code', width: 18 },
      { title: 'Region (where)', tag: '#region+code', width: 18 },
      { title: 'Region name', tag: '#region+name', width: 22 },
      { title: 'Latitude', tag: '#geo+lat', width: 10 },
      { title: 'Longitude', tag: '#geo+lon', width: 10 },
      { title: 'From (when)', tag: '#date+start', width: 12 },
      { title: 'To', tag: '#date+end', width: 12 },
      { title: 'First arrival in period', tag: '#event+start+num', width: 10 },
      { title: 'Last arrival in period', tag: '#event+end+num', width: 10 },
      { title: 'Quantity', tag: '#output+quantity', width: 12, format: '#,##0.###' },
      { title: 'Unit', tag: '#output+unit', width: 8 },
      { title: 'Tonnes', tag: '#output+weight+t', width: 11, format: '#,##0.000' },
      { title: 'Consignments', tag: '#output+shipments+num', width: 8 },
      { title: 'Status', tag: '#status', width: 9 },
    ],
    *rows() {
      for (const row of gather(book)) {
        const { name, at } = book.site(row.region);
        const resource = book.resource(row.resource);
        yield [
          row.who,
          `Delivery of ${resource.name}`,
          resource.id,
          row.region,
          name,
          at?.[1] ?? null,
          at?.[0] ?? null,
          book.begins(row.first),
          book.begins(row.last),
          row.first,
          row.last,
          tidy(row.quantity),
          resource.unit,
          tidy(row.tonnes),
          row.consignments,
          'planned',
        ];
      }
    },
  };

  function* gather({ tonnes }: Book) {
    const from = senders(book);
    const rows = new Map<string, ReturnType<typeof emptyRow>>();
    for (const s of allocation.shipments) {
      if (book.site(s.to).kind !== 'region') continue;
      const who = from(s.from, s.resource);
      const key = `${who}\n${s.resource}\n${s.to}`;
      const row = rows.get(key) ?? emptyRow(who, s.resource, s.to);
      rows.set(key, row);
      row.first = Math.min(row.first, s.arrive);
      row.last = Math.max(row.last, s.arrive);
      row.quantity += s.quantity;
      row.tonnes += tonnes(s);
      row.consignments++;
    }
    yield* [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

const emptyRow = (who: string, resource: string, region: string) => ({
  ...{ who, resource, region, first: Number.POSITIVE_INFINITY, last: -1 },
  ...{ quantity: 0, tonnes: 0, consignments: 0 },
});

/** Whose goods of a resource leave a site: of a depot its owner's, of a hub those of all that it had them from. */
function senders(book: Book): (site: string, resource: string) => string {
  const into = new Map<string, Set<string>>();
  const key = (site: string, resource: string) => `${site}\n${resource}`;
  for (const s of book.allocation.shipments) {
    if (book.site(s.to).kind !== 'hub') continue;
    const from = into.get(key(s.to, s.resource)) ?? new Set();
    into.set(key(s.to, s.resource), from.add(s.from));
  }
  const known = new Map<string, string>();
  return (site, resource) => {
    const asked = key(site, resource);
    let names = known.get(asked);
    if (names === undefined) {
      const owners = new Set<string>();
      const seen = new Set<string>();
      const visit = (id: string) => {
        if (seen.has(id)) return;
        seen.add(id);
        const { kind, owner } = book.site(id);
        if (kind === 'depot') owners.add(owner ?? NOT_STATED);
        for (const before of kind === 'hub' ? (into.get(key(id, resource)) ?? []) : []) visit(before);
      };
      visit(site);
      // what was at a hub already had left its depot before this plan
      names = owners.size === 0 ? NOT_STATED : [...owners].sort().join(' / ');
      known.set(asked, names);
    }
    return names;
  };
}
