/** What the checks of one part must know of the others; takes down duplicate ids on the way. */
import { pointerOf, type Report, show } from '../faults.js';
import { lotCounter } from '../lots.js';
import { suggester } from '../nearest.js';
import { type Text, wording } from '../wording.js';
import { amountOf, type Entry, entries, textOf } from './view.js';

export type SiteKind = 'depot' | 'hub' | 'region';

/** `count` gives NaN for what is no whole number of lots. */
export interface Lot {
  size: number;
  count: (quantity: number) => number;
}

export interface Context {
  root: Entry;
  report: Report;
  /** Number of periods; undefined where the file does not say it properly. */
  count: number | undefined;
  /** Lot of each resource with a counter of quantities, undefined where it is misshapen. */
  lots: Map<string, Lot | undefined>;
  /** `placed`: the file says where; a misshapen place was reported as such. */
  sites: Map<string, { kind: SiteKind; placed: boolean }>;
  /** False where a list of sites cannot be read: then a name that is not in `sites` proves nothing. */
  sitesKnown: boolean;
  fleetModes: Set<string>;
  /** The mend for a name that is not known; `known` are the names it could have been. */
  suggest: (word: string, known: () => Iterable<string>, kind: Text) => Text;
}

export function contextOf(root: Entry, report: Report): Context {
  const { depots, hubs = [], regions } = root.fields;
  const context: Context = {
    root,
    report,
    count: countOf(root),
    lots: new Map(),
    sites: new Map(),
    sitesKnown: [depots, hubs, regions].every(Array.isArray),
    fleetModes: new Set(),
    suggest: suggester(),
  };
  const once = uniqueIds(report);
  for (const resource of entries(root, 'resources')) {
    const id = once(resource, 'resources');
    const lot = resource.fields.lot === undefined ? 1 : amountOf(resource.fields.lot);
    if (id !== undefined) context.lots.set(id, lot ? { size: lot, count: lotCounter(lot) } : undefined);
  }
  // Routes name sites of all three kinds, so the three share one set of names.
  for (const [list, kind] of [
    ['depots', 'depot'],
    ['hubs', 'hub'],
    ['regions', 'region'],
  ] as const) {
    for (const site of entries(root, list)) {
      const id = once(site, 'sites');
      if (id !== undefined) context.sites.set(id, { kind, placed: site.fields.at !== undefined });
    }
  }
  for (const fleet of entries(root, 'fleets')) {
    const mode = textOf(fleet, 'mode');
    if (mode !== undefined) context.fleetModes.add(mode);
  }
  return context;
}

/** The id of an entry when it is the first of its name; a later one is a fault and gives undefined. */
function uniqueIds(report: Report): (entry: Entry, group: string) => string | undefined {
  const seen = new Map<string, Entry>();
  return (entry, group) => {
    const id = textOf(entry, 'id');
    if (id === undefined) return undefined;
    const first = seen.get(`${group}/${id}`);
    if (first === undefined) {
      seen.set(`${group}/${id}`, entry);
      return id;
    }
    const taken = wording`is ${show(id)}, which ${pointerOf(first.path)} has already`;
    report(
      [...entry.path, 'id'],
      show(id),
      taken,
      group === 'sites'
        ? wording`give each depot, hub and region an id of its own`
        : wording`give each resource an id of its own`,
    );
    return undefined;
  };
}

function countOf({ fields }: Entry): number | undefined {
  const periods = fields.periods;
  const count: unknown = typeof periods === 'object' && periods !== null ? Reflect.get(periods, 'count') : undefined;
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : undefined;
}
