/**
 * An exercise: the week of cyclone Enawo, 7 to 13 March 2017, as reports from the field might have told it.
 *
 * From sources: landfall between Antalaha and Sambava on 7 March, 8.30 UTC; then southwards over Analanjirofo, Alaotra-Mangoro and the
 * highlands with Antananarivo (8 and 9 March), out to sea in the south-east on the morning of 10 March; the road Andapa–Sambava cut by
 * landslides; the Andriantany canal in Antananarivo over its banks on 8 March; better weather from 10 March (IFRC MDRMG012; OCHA situation
 * reports 1 and 2; BNGRC, 12 March: 295,950 affected, 84,660 displaced, 50 dead).
 * Assumed: every single report. No list of closed roads, of stock that was lost or of deliveries by day was published, so closures
 * follow the course in place and time, quantities are round, and 20 trucks are at work for the case's 120, since those would have left
 * with everything on the first day and nothing would be left to plan anew.
 */
import type { FieldReport } from '../../scenarios/index.js';

/** Without what only the run knows: the scenario it speaks of, and the time. */
export type Told = {
  [K in FieldReport['kind']]: Omit<Extract<FieldReport, { kind: K }>, 'report' | 'scenario' | 'observed'>;
}[Exclude<FieldReport['kind'], 'delivery'>];

/** What became of the heaviest consignment to a place that nobody has told of yet; shares of what was allocated. */
export interface ToldDelivery {
  kind: 'delivery';
  by: string;
  text: string;
  to: string;
  held: number;
  returned: number;
  lost: number;
  /** Periods later than planned. */
  late: number;
}

export interface Event {
  /** Period in which it is filed; a delivery is of a departure before it. */
  day: number;
  report: Told | ToldDelivery;
  /** Why it is rejected; verified where absent. */
  rejected?: string;
}

export const TRUCKS = 20;

const closed = (day: number, from: string, to: string, until: number, by: string, text: string): Event => ({
  day,
  report: { kind: 'obstacle', by, text, route: { from, to, mode: 'truck' }, from: day, until, closed: true },
});
const delivery = (day: number, to: string, what: Partial<ToldDelivery>, text: string): Event => ({
  day,
  report: {
    kind: 'delivery',
    by: `convoy leader, ${to}`,
    text,
    to,

    held: 0,
    returned: 0,
    lost: 0,
    late: 0,
    ...what,
  },
});

export const WEEK: readonly Event[] = [
  // 7 March: landfall in Sava
  closed(0, 'antananarivo', 'sava', 4, 'gendarmerie, Andapa', 'Landslides and trees between Andapa and Sambava.'),
  closed(0, 'toamasina', 'sava', 4, 'gendarmerie, Vavatenina', 'No ferry on the Mananara, the road behind it is gone.'),
  closed(0, 'antalaha', 'sava', 2, 'fokontany, Antalaha', 'Trees and power lines on the coast road.'),
  closed(0, 'maroantsetra', 'sava', 5, 'fokontany, Maroantsetra', 'The sea has come over the track.'),
  {
    day: 0,
    report: {
      ...{ kind: 'obstacle', by: 'store keeper, Antalaha', text: 'Half the roof is gone, we load by hand.' },
      ...{ site: 'antalaha', from: 0, until: 3, handlingTonnes: 2 },
    },
  },
  {
    day: 0,
    report: {
      ...{ kind: 'stock', by: 'store keeper, Antalaha', text: 'Soaked or blown away.' },
      ...{ depot: 'antalaha', resource: 'tarpaulins', change: 'lost', quantity: 240, from: 0 },
    },
  },
  // 8 March: Analanjirofo, Alaotra-Mangoro, the capital
  closed(1, 'toamasina', 'analanjirofo', 4, 'road service, Fenoarivo', 'RN5 under water.'),
  closed(1, 'fenerive-est', 'analanjirofo', 3, 'road service, Fenoarivo', 'RN5 under water.'),
  closed(1, 'toamasina', 'alaotra-mangoro', 4, 'gendarmerie, Moramanga', 'Landslide on RN2.'),
  {
    day: 1,
    report: {
      ...{ kind: 'obstacle', by: 'transport cell', text: 'Red alert: convoys stay in their yards.' },
      ...{ fleet: 'truck', from: 1, until: 3, vehicles: 8 },
    },
  },
  {
    day: 1,
    report: {
      ...{ kind: 'need', by: 'fokontany, Antananarivo', text: 'The Andriantany canal is over its banks.' },
      ...{ region: 'analamanga', from: 1, people: 4000 },
    },
  },
  {
    day: 1,
    rejected: 'The store was called: it stands and is dry.',
    report: {
      ...{ kind: 'stock', by: 'a caller', text: 'They say the store in the capital has burnt down.' },
      ...{ depot: 'antananarivo', resource: 'blankets', change: 'lost', quantity: 3400, from: 1 },
    },
  },
  delivery(1, 'analamanga', { lost: 0.05 }, 'One lorry drove into the water, its load is lost.'),
  delivery(1, 'vakinankaratra', { held: 0.2 }, 'One lorry did not start and was left behind loaded.'),
  // 9 March: the highlands and the south-east
  {
    day: 2,
    report: {
      ...{ kind: 'obstacle', by: 'road service, Antsirabe', text: 'RN7 on one lane, convoys take a day more.' },
      ...{ route: { from: 'antananarivo', to: 'vakinankaratra', mode: 'truck' }, from: 2, until: 5, leadPeriods: 3 },
    },
  },
  closed(2, 'antananarivo', 'vatovavy-fitovinany', 5, 'gendarmerie, Ranomafana', 'RN25 cut by a landslide.'),
  {
    day: 2,
    report: {
      ...{ kind: 'obstacle', by: 'road service, Manakara', text: 'Light vehicles only on the bridge.' },
      ...{ route: { from: 'manakara', to: 'vatovavy', mode: 'truck' }, from: 2, until: 6, capacityTonnes: 3 },
    },
  },
  {
    day: 2,
    report: {
      ...{ kind: 'need', by: 'Red Cross branch, Ambatondrazaka', text: 'Rice plain flooded, families in schools.' },
      ...{ region: 'alaotra-mangoro', from: 2, people: 2500 },
    },
  },
  {
    day: 2,
    report: {
      ...{ kind: 'stock', by: 'harbour, Toamasina', text: 'A container was landed.' },
      ...{ depot: 'toamasina', resource: 'tarpaulins', change: 'arrived', quantity: 1500, from: 2 },
    },
  },
  delivery(2, 'atsinanana', { returned: 0.3 }, 'Water on the road: a third came back.'),
  delivery(2, 'itasy', { late: 1 }, 'Slept at a ford.'),
  // 10 March: out to sea, the weather mends
  {
    day: 3,
    report: {
      ...{ kind: 'obstacle', by: 'road service, Fenoarivo', text: 'RN5 open again, a day early.' },
      ...{ route: { from: 'toamasina', to: 'analanjirofo', mode: 'truck' }, from: 3, open: true },
    },
  },
  {
    day: 3,
    report: {
      ...{ kind: 'obstacle', by: 'transport cell', text: 'The army lends ten lorries.' },
      ...{ fleet: 'truck', from: 3, vehicles: 30 },
    },
  },
  {
    day: 3,
    report: {
      ...{ kind: 'need', by: 'assessment team, Sambava', text: 'Villages reached on foot.' },
      ...{ region: 'sava', from: 3, people: 5000 },
    },
  },
  {
    day: 3,
    report: {
      ...{ kind: 'need', by: 'fokontany, Tsiroanomandidy', text: 'People have gone home.' },
      ...{ region: 'bongolava', from: 0, people: -1500 },
    },
  },
  {
    day: 3,
    report: {
      ...{ kind: 'stock', by: 'store keeper, Fenoarivo', text: 'Counted again: a shelf nobody had on the list.' },
      ...{ depot: 'fenerive-est', resource: 'buckets', change: 'found', quantity: 400, from: 3 },
    },
  },
  delivery(3, 'vatovavy-fitovinany', { returned: 1 }, 'Turned back before the landslide.'),
  // 11 to 13 March
  {
    day: 4,
    report: {
      ...{ kind: 'stock', by: 'pharmacist, Antananarivo', text: 'Past their date.' },
      ...{ depot: 'antananarivo', resource: 'protective-kits', change: 'expired', quantity: 60, from: 4 },
    },
  },
  {
    day: 4,
    report: {
      ...{ kind: 'need', by: 'Red Cross branch, Miarinarivo', text: 'Schools are dry again, nobody needs lamps.' },
      ...{ region: 'itasy', from: 0, resource: 'lamps', to: 0 },
    },
  },
  delivery(4, 'analanjirofo', { lost: 0.1 }, 'Wet through on the ferry.'),
  delivery(4, 'analamanga', { held: 0.25 }, 'Loading went on after dark, a quarter is still here.'),
  delivery(5, 'alaotra-mangoro', { late: 1 }, 'Slow behind the road works.'),
  {
    day: 5,
    report: {
      ...{ kind: 'need', by: 'BNGRC, Toamasina', text: 'A second village in the Maningory valley.' },
      ...{ region: 'atsinanana', from: 5, people: 800 },
    },
  },
  closed(5, 'antananarivo', 'ihorombe', 7, 'gendarmerie, Ihosy', 'Bridge closed for repair.'),
  delivery(6, 'sava', {}, 'All there.'),
  delivery(6, 'haute-matsiatra', {}, 'All there, signed for by the mayor.'),
];
