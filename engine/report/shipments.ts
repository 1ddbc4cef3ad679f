/** What leaves where, when, and for whom: all consignments in the plan's order, and the lines of waybills by depot and day. */
import type { Shipment } from '../types.js';
import type { Book } from './book.js';
import { type Column, type Table, tidy, type Value } from './table.js';

const QUANTITY = '#,##0.###';

const GOODS: Column[] = [
  { title: 'Resource', tag: '#item+code', width: 18 },
  { title: 'Resource name', tag: '#item+name', width: 24 },
  { title: 'Quantity', tag: '#item+quantity', width: 12, format: QUANTITY },
  { title: 'Unit', tag: '#item+unit', width: 8 },
  { title: 'Lots', tag: '#item+lots', width: 9, format: '#,##0' },
  { title: 'Tonnes', tag: '#item+weight+t', width: 11, format: '#,##0.000' },
  { title: 'Volume m3', tag: '#item+volume+m3', width: 11, format: '#,##0.000' },
];
const ENDS: Column[] = [
  { title: 'From', tag: '#loc+origin+code', width: 18 },
  { title: 'From name', tag: '#loc+origin+name', width: 22 },
  { title: 'To', tag: '#loc+dest+code', width: 18 },
  { title: 'To name', tag: '#loc+dest+name', width: 22 },
  { title: 'Mode', tag: '#modality+transport', width: 9 },
];
const TIMES: Column[] = [
  { title: 'Departs in period', tag: '#event+depart+num', width: 10 },
  { title: 'Departs', tag: '#date+depart', width: 12 },
  { title: 'Arrives in period', tag: '#event+arrive+num', width: 10 },
  { title: 'Arrives', tag: '#date+arrive', width: 12 },
];
const WAY: Column[] = [
  { title: 'Km', tag: '#delivery+km', width: 9, format: '#,##0.0' },
  { title: 'Tonne-km', tag: '#delivery+tonnekm', width: 11, format: '#,##0.0' },
  { title: 'Cost', tag: '#value+cost', width: 11, format: '#,##0.00' },
  { title: 'Currency', tag: '#currency', width: 9 },
];

function goods(book: Book, s: Shipment): Value[] {
  const r = book.resource(s.resource);
  const volume = r.volumeM3 === null ? null : tidy(s.quantity * r.volumeM3);
  return [r.id, r.name, s.quantity, r.unit, Math.round(s.quantity / r.lot), tidy(book.tonnes(s)), volume];
}

function ends(book: Book, { from, to, mode }: Shipment): Value[] {
  return [from, book.site(from).name, to, book.site(to).name, mode];
}

const times = (book: Book, { depart, arrive }: Shipment): Value[] => [
  depart,
  book.begins(depart),
  arrive,
  book.begins(arrive),
];

/** One row a shipment, in the plan's order; sums of tonnes, tonne-km and cost are the plan's. */
export function shipmentsTable(book: Book): Table {
  const { allocation } = book;
  return {
    name: 'Shipments',
    columns: [{ title: 'Shipment', tag: '#meta+shipment+num', width: 9 }, ...GOODS, ...ENDS, ...TIMES, ...WAY],
    *rows() {
      let n = 0;
      for (const s of allocation.shipments) {
        const { km, costPerTonne } = book.way(s);
        const tonnes = book.tonnes(s);
        const cost = tonnes * costPerTonne;
        yield [
          ++n,
          ...goods(book, s),
          ...ends(book, s),
          ...times(book, s),
          ...[km, tidy(tonnes * km), tidy(cost), allocation.measures.currency],
        ];
      }
    },
  };
}

/**
 * The same by the site that loads, the period of departure, the carrier and the destination: what goes together has one waybill, numbered in
 * that order after the plan's digest, and what is signed for is left open.
 */
export function waybillsTable(book: Book): Table {
  const { shipments } = book.allocation;
  return {
    name: 'Waybills',
    columns: [
      { title: 'Waybill', tag: '#meta+waybill+id', width: 18 },
      { title: 'Line', tag: '#meta+line+num', width: 6 },
      { title: 'Organisation', tag: '#org+origin+name', width: 20 },
      ...ENDS,
      ...TIMES,
      ...GOODS,
      { title: 'Shipment', tag: '#meta+shipment+num', width: 9 },
      { title: 'Loaded', tag: '#item+quantity+loaded', width: 10 },
      { title: 'Received', tag: '#item+quantity+received', width: 10 },
      { title: 'Signature', tag: '#contact+signature', width: 18 },
    ],
    *rows() {
      const order = Int32Array.from(shipments.keys());
      const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
      order.sort((i, j) => {
        const [a, b] = [shipments[i]!, shipments[j]!];
        const before = text(a.from, b.from) || a.depart - b.depart || text(a.mode, b.mode) || text(a.to, b.to);
        return before || a.arrive - b.arrive || text(a.resource, b.resource) || i - j;
      });
      let [waybill, line] = [0, 0];
      let last: Shipment | undefined;
      for (const i of order) {
        const s = shipments[i]!;
        const together =
          last?.from === s.from &&
          last.depart === s.depart &&
          last.mode === s.mode &&
          last.to === s.to &&
          last.arrive === s.arrive;
        if (!together) [waybill, line] = [waybill + 1, 0];
        last = s;
        yield [
          `${book.digest.slice(0, 8)}-${String(waybill).padStart(5, '0')}`,
          ++line,
          book.site(s.from).owner,
          ...ends(book, s),
          ...times(book, s),
          ...goods(book, s),
          ...[i + 1, null, null, null],
        ];
      }
    },
  };
}
