/** Reports from the field: a list to read, and random ones for a random scenario. */
import type { FieldReport, PlaceName, Scenario, VerifiedReport } from '../../scenarios/index.js';
import { scenarioDigest } from '../../scenarios/index.js';

// A report of each kind without what is the same in all of them.
type Said = { kind: string; by?: string; text?: string; at?: [number, number]; supersedes?: string } & Record<
  string,
  unknown
>;

const PLAN = 'c'.repeat(64);

export function verified(scenario: Scenario, said: Said, place?: PlaceName): VerifiedReport {
  const common = { report: 1, scenario: scenarioDigest(scenario), observed: '2026-11-23T07:30:00+03:00', by: 'post 7' };
  return { report: { ...common, ...said } as FieldReport, ...(place ? { place } : {}) };
}

const truck = (from: string, to: string) => ({ from, to, mode: 'truck' });

/** Day by day what came in after the landslide, nothing in conflict. */
export const VALLEYS: Said[] = [
  { kind: 'obstacle', route: truck('junction', 'north'), closed: true, from: 1, until: 3, text: 'bridge under water' },
  { kind: 'obstacle', route: truck('junction', 'north'), capacityTonnes: 18, from: 3 },
  { kind: 'obstacle', route: truck('junction', 'south'), open: true, from: 1, until: 2 },
  { kind: 'obstacle', route: truck('capital', 'junction'), leadPeriods: 1, from: '2026-11-23', until: '2026-11-25' },
  { kind: 'obstacle', route: truck('port', 'junction'), leadPeriods: 2, capacityTonnes: 12, from: 0 },
  { kind: 'obstacle', site: 'port', handlingTonnes: 12.5, from: 2 },
  { kind: 'obstacle', site: 'junction', handlingTonnes: 30, from: 1, until: 2 },
  { kind: 'obstacle', fleet: 'truck', vehicles: 7, from: 1, until: 3 },
  { kind: 'obstacle', fleet: 'helicopter', tonneKm: 0, from: 2, until: 3, text: 'fog' },
  { kind: 'need', region: 'south', people: 350, from: 1 },
  { kind: 'need', region: 'north', people: -120, resources: ['water'], from: 2, until: 4 },
  { kind: 'need', region: 'north', resource: 'tarpaulin', more: 60, from: '2026-11-24' },
  { kind: 'need', region: 'north', resource: 'rice', to: 0, from: 3 },
  { kind: 'stock', depot: 'capital', resource: 'water', change: 'lost', quantity: 4000, from: 1 },
  { kind: 'stock', depot: 'capital', resource: 'rice', change: 'expired', quantity: 25, from: 2 },
  { kind: 'stock', depot: 'port', resource: 'tarpaulin', change: 'found', quantity: 40, from: 0 },
  { kind: 'stock', depot: 'port', resource: 'rice', change: 'arrived', quantity: 120, from: '2026-11-25' },
  {
    kind: 'delivery',
    allocation: PLAN,
    resource: 'water',
    ...truck('junction', 'south'),
    ...{ depart: 0, shipped: 9000, held: 800, returned: 200, delivered: 8800, arrived: 0 },
  },
];

const sava = truck('antananarivo', 'sava');

/** What may have come in during Enawo's first days; made up, the cyclone crossed from the north-east to the south. */
export const ENAWO: Said[] = [
  { kind: 'obstacle', route: sava, closed: true, from: 1, until: '2017-03-11', text: 'RN 5a cut by floods' },
  { kind: 'obstacle', route: sava, leadPeriods: 5, from: '2017-03-11' },
  { kind: 'obstacle', route: truck('sambava', 'sava'), leadPeriods: 3, from: 0, until: 3 },
  { kind: 'obstacle', route: truck('maroantsetra', 'analanjirofo'), closed: true, from: 0, until: 4 },
  { kind: 'obstacle', route: truck('fenerive-est', 'analanjirofo'), capacityTonnes: 20, from: 1, until: 5 },
  { kind: 'obstacle', route: truck('antananarivo', 'analanjirofo'), closed: true, from: 2, until: 3 },
  { kind: 'obstacle', site: 'antananarivo', handlingTonnes: 60, from: 1, until: 3, text: 'warehouse flooded' },
  { kind: 'obstacle', site: 'maroantsetra', handlingTonnes: 0, from: 0, until: 2 },
  { kind: 'obstacle', fleet: 'truck', vehicles: 85, from: 1, until: 4 },
  { kind: 'need', region: 'sava', people: 640, from: 2 },
  { kind: 'need', region: 'analanjirofo', people: -85, from: 0 },
  { kind: 'need', region: 'analanjirofo', resource: 'tents', more: 55, from: 1 },
  { kind: 'need', region: 'sava', resource: 'school-kits', to: 12, from: 3 },
  { kind: 'stock', depot: 'antananarivo', resource: 'tents', change: 'arrived', quantity: 300, from: 3 },
  { kind: 'stock', depot: 'maroantsetra', resource: 'buckets', change: 'lost', quantity: 420, from: 0 },
  { kind: 'stock', depot: 'fenerive-est', resource: 'tarpaulins', change: 'found', quantity: 96, from: 1 },
  { kind: 'stock', depot: 'antananarivo', resource: 'protective-kits', change: 'expired', quantity: 140, from: 2 },
  {
    kind: 'delivery',
    allocation: PLAN,
    resource: 'tents',
    ...sava,
    ...{ depart: 0, shipped: 31, held: 4, returned: 0, delivered: 30, arrived: 4 },
  },
];

/** The same draws for the same numbers; what comes out may be at fault or in conflict, as reports may. */
export function randomReports(scenario: Scenario, draws: readonly number[]): VerifiedReport[] {
  let at = 0;
  const draw = (n: number) => (draws[at++ % draws.length]! >>> 3) % n;
  const pick = <X>(list: readonly X[]): X => list[draw(list.length)]!;
  const T = scenario.periods.count;
  const span = () => {
    const from = draw(T);
    const until = from + 1 + draw(T - from);
    return { from, ...(until === T ? {} : { until }) };
  };
  const lots = (resource: Scenario['resources'][number], most: number) =>
    Number(((1 + draw(most)) * (resource.lot ?? 1)).toFixed(4));
  const reports: VerifiedReport[] = [];
  for (let n = 0; n < 2 + (draws[0]! % 6); n++) {
    const resource = pick(scenario.resources);
    const kinds = ['route', 'route', 'route', 'site', 'fleet', 'need', 'people', 'stock', 'stock'];
    const kind = pick(kinds);
    const by = `post ${n}`;
    const fleet = scenario.fleets?.length ? pick(scenario.fleets) : undefined;
    if (kind === 'route' && scenario.routes.length > 0) {
      const { from, to, mode } = pick(scenario.routes);
      const said = pick<object>([
        { closed: true },
        { closed: true },
        { open: true },
        { leadPeriods: draw(3) },
        { capacityTonnes: 2 + draw(2) },
        { open: true, leadPeriods: 1 },
      ]);
      reports.push(verified(scenario, { kind: 'obstacle', by, route: { from, to, mode }, ...said, ...span() }));
    } else if (kind === 'site')
      reports.push(
        verified(scenario, {
          ...{ kind: 'obstacle', by, site: pick([...scenario.depots, ...(scenario.hubs ?? [])]).id },
          handlingTonnes: draw(3) + 0.5,
          ...span(),
        }),
      );
    else if (kind === 'fleet' && fleet)
      reports.push(
        verified(scenario, {
          ...{ kind: 'obstacle', by, fleet: fleet.mode },
          [fleet.tonneKm === undefined ? 'vehicles' : 'tonneKm']: draw(3),
          ...span(),
        }),
      );
    else if (kind === 'people')
      reports.push(
        verified(scenario, { kind: 'need', by, region: pick(scenario.regions).id, people: 1 + draw(40), ...span() }),
      );
    else if (kind === 'stock')
      reports.push(
        verified(scenario, {
          ...{ kind: 'stock', by, depot: pick(scenario.depots).id, resource: resource.id },
          change: pick(['found', 'lost', 'expired', 'arrived']),
          ...{ quantity: lots(resource, 20), from: draw(T) },
        }),
      );
    else {
      const { until, ...from } = span();
      const said = pick<object>([
        { more: lots(resource, 30) },
        { more: -lots(resource, 5) },
        { to: lots(resource, 2) },
        { to: 0 },
      ]);
      const when = resource.kind === 'durable' || until === undefined ? from : { ...from, until };
      reports.push(
        verified(scenario, {
          kind: 'need',
          ...{ by, region: pick(scenario.regions).id, resource: resource.id, ...said, ...when },
        }),
      );
    }
  }
  return reports;
}
