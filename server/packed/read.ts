/** A compact plan as it is shown: the columns stay where they lie, objects are made of the lines that somebody looks at. */
import type { Allocation, Measures } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { type Consignments, readConsignments, type Ways } from './consignments.js';
import { type Column, PackedError, readContainer } from './container.js';
import { type Covered, readCovered } from './covered.js';
import type { Lot } from './lots.js';
import { openSections } from './sections.js';
import type { DepotSums, PeriodSums } from './sums.js';

/** What is one of a kind. */
export interface Head extends Pick<Allocation, 'policy' | 'stages' | 'gap' | 'solver'> {
  scenario: Pick<Scenario, 'id' | 'title' | 'periods' | 'resources'> & { digest: string };
  measures: Omit<Measures, 'byRegion'>;
  /** Places are numbered through: depots, then hubs, then regions. */
  counts: { depots: number; hubs: number; regions: number };
  modes: string[];
  /** Of the resources. */
  lots: Lot[];
}

export interface Sites {
  ids: string[];
  names: (string | null)[];
}

/** Of each region its borders as GeoJSON. */
export type Shapes = (NonNullable<Scenario['regions'][number]['polygon']> | null)[];

export interface PackedPlan {
  /** Of the allocation that it was made from. */
  digest: string;
  head: Head;
  /** Of the plan's entry; undefined where none came along. */
  receipt: unknown;
  /** `at`: longitude and latitude in turn, NaN where nobody knows. */
  sites: Sites & { at: Float64Array };
  /** NaN where the scenario says nothing. */
  regions: { people: Float64Array; floor: Float64Array };
  /** Borders of the regions; empty where the scenario has none. */
  shapes: Shapes;
  ways: Ways;
  shipments: Consignments;
  coverage: Covered;
  byRegion: Measures['byRegion'];
  periods: PeriodSums;
  depots: DepotSums;
  /** Numbers of depots and hubs whose handling is at its limit in some period. */
  handling: Column;
}

/** `asked`: the digest of the allocation. Throws PackedError where the bytes are not all of that plan as it was written. */
export function readPlan(bytes: Uint8Array, asked?: string): PackedPlan {
  const container = readContainer(bytes);
  const { digest, json } = container;
  if (asked !== undefined && digest !== asked) throw new PackedError(`This is the plan ${digest}, not ${asked}.`);
  const sections = openSections(container);
  const { doubles } = sections;
  // what pack.ts wrote, as the checksum has shown
  const [head, { ids, names }] = [json.get('head') as Head, json.get('sites') as Sites];
  const { depots, hubs, regions } = head.counts;
  const { count } = head.scenario.periods;
  const inPeriods = (name: keyof PeriodSums) => doubles(`period.${name}`, count);
  return {
    ...{ digest, head, receipt: json.get('receipt') },
    sites: { ids, names, at: doubles('site.at', 2 * ids.length) },
    regions: { people: doubles('region.people', regions), floor: doubles('region.floor', regions) },
    shapes: (json.get('shapes') ?? []) as Shapes,
    ...readConsignments(sections, ids, head),
    ...readCovered(sections, ids.slice(depots + hubs), head),
    periods: {
      ...{ stock: inPeriods('stock'), arrivals: inPeriods('arrivals'), sent: inPeriods('sent') },
      ...{ arrived: inPeriods('arrived'), unmet: inPeriods('unmet') },
    },
    depots: { had: doubles('depot.had', depots), left: doubles('depot.left', depots) },
    handling: sections.column('handling.full'),
  };
}
