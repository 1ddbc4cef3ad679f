/** Works off the block `transport` of a draft: proposals, merged with the routes that are known. */
import { type Fault, fault } from '../faults.js';
import { suggest } from '../nearest.js';
import { type Draft, ordered } from '../needs/draft.js';
import { daysOf } from '../needs/phases.js';
import type { Read } from '../needs/reading.js';
import { type Text, wording } from '../wording.js';
import { loadedKm, type Proposals, proposeRoutes, type Route, type Way } from './propose.js';
import type { Mode, Transport } from './transport.js';

export interface RoutingOptions {
  /** In place of the draft's own. */
  k?: number;
  modes?: readonly string[];
}

export interface Routing {
  /** The draft without its block `transport`: routes and fleets filled in, and a sentence in `source` on what is assumed. */
  draft: Draft;
  /** Those of its routes that nobody reported: proposed, to be edited. */
  assumed: ReadonlySet<Route>;
  /** By what was proposed, and why by these modes. */
  ways: readonly Way[];
  because: string;
  /** Modes that might have been expected, and why nothing was proposed by them. */
  leftOut: { mode: string; why: string }[];
  without: Proposals['without'];
  /** Depots and hubs that no route leaves: they are not among the k nearest of anything. */
  stranded: string[];
}

const K = 6;
const DEFAULT_MODE = 'truck';

/** Known routes stay as they are, field by field, and first; of the proposals those remain whose ends and mode no known one has. */
export function mergeRoutes(
  known: readonly Route[],
  proposed: readonly Route[],
): { routes: Route[]; assumed: Set<Route> } {
  const key = ({ from, to, mode }: Route) => JSON.stringify([from, to, mode]);
  const taken = new Set(known.map(key));
  const assumed = new Set(proposed.filter((r) => !taken.has(key(r))));
  return { routes: [...known, ...assumed], assumed };
}

/** The modes that fleets state and the table knows, without those that want an airfield or the like at both ends; else trucks. */
function usualModes(fleets: Draft['fleets'] = [], table: Transport) {
  const stated = [...new Set(fleets.map((f) => f.mode))];
  const leftOut: Routing['leftOut'] = [];
  const modes = stated.filter((name) => {
    const mode = table.modes.find((m) => m.mode === name);
    if (mode?.ends !== undefined)
      leftOut.push({
        mode: name,
        why: `both ends have to be ${mode.ends}; --modes ${name} proposes it between all sites`,
      });
    else if (mode === undefined) leftOut.push({ mode: name, why: 'it is not in the transport table' });
    return mode !== undefined && mode.ends === undefined;
  });
  if (modes.length === 0)
    return {
      modes: [DEFAULT_MODE],
      leftOut,
      because: stated.length === 0 ? 'no fleet states a mode' : 'no other is left',
    };
  if (!modes.includes(DEFAULT_MODE))
    leftOut.push({ mode: DEFAULT_MODE, why: `no fleet is of it; --modes ${DEFAULT_MODE} proposes it all the same` });
  return { modes, leftOut, because: 'the modes of the fleets' };
}

/** Faults where a mode is not in the table or a site that needs a place has none. */
export function routesOf(draft: Draft, table: Transport, options: RoutingOptions = {}): Read<Routing> {
  const { transport, fleets, ...rest } = draft;
  const faults: Fault[] = [];
  const report = (path: (string | number)[], found: Text, what: Text, mend: Text) => {
    faults.push(fault(path, found, what, mend, wording`The draft`));
  };
  const names = table.modes.map((m) => m.mode);
  const modeNamed = (name: string, path: (string | number)[]): Mode | undefined => {
    const mode = table.modes.find((m) => m.mode === name);
    if (mode === undefined)
      report(
        path,
        name,
        wording`names the mode "${name}", which is not in the transport table`,
        suggest(name, names, wording`a mode of the table`),
      );
    return mode;
  };
  const k = options.k ?? transport?.k ?? K;
  const asked = options.modes ?? transport?.modes;
  const usual = asked === undefined ? usualModes(fleets, table) : undefined;
  const ways = (asked ?? usual?.modes ?? []).flatMap((one, i): Way[] => {
    const own = typeof one === 'string' ? { mode: one } : one;
    const mode = modeNamed(own.mode, options.modes || !transport ? [] : ['transport', 'modes', i]);
    if (mode === undefined) return [];
    return [
      {
        ...{ mode, k: options.k ?? own.k ?? k },
        ...(own.from ? { from: new Set(own.from) } : {}),
        ...(own.to ? { to: new Set(own.to) } : {}),
      },
    ];
  });
  for (const kind of ['depots', 'hubs', 'regions'] as const)
    draft[kind]?.forEach((site, i) => {
      if (site.at === undefined)
        report(
          [kind, i, 'at'],
          wording`nothing`,
          wording`is missing, and routes are proposed from places`,
          wording`state "at": [longitude, latitude], in tables Longitude and Latitude`,
        );
    });
  const filled = fleets?.map((fleet, i) => {
    if (fleet.tonneKm !== undefined || (fleet.payloadTonnes !== undefined && fleet.kmPerPeriod !== undefined))
      return fleet;
    const mode = modeNamed(fleet.mode, ['fleets', i, 'mode']);
    if (mode === undefined) return fleet;
    return { payloadTonnes: mode.payloadTonnes.likely, kmPerPeriod: loadedKm(mode, daysOf(draft.periods)), ...fleet };
  });
  if (faults.length > 0) return { ok: false, faults };

  const closures = transport?.closures ?? [];
  const { routes: proposed, without } = proposeRoutes(draft, ways, (mode, from, to) => {
    const closed = closures
      .filter((c) => c.mode === mode && c.sites.some((s) => s === from || s === to))
      .flatMap((c) => c.closed);
    return [...new Set(closed)].sort((a, b) => a - b);
  });
  const known = draft.routes ?? [];
  const { routes, assumed } = mergeRoutes(known, proposed);
  const source = [draft.source, assumptionOf(known, assumed, ways, table)].filter(Boolean).join(' ');
  const made = { ...rest, ...(source ? { source } : {}), routes, ...(filled ? { fleets: filled } : {}) };
  const left = new Set(routes.map((r) => r.from));
  const stranded = [...draft.depots, ...(draft.hubs ?? [])].map((s) => s.id).filter((site) => !left.has(site));
  const because = usual?.because ?? (options.modes ? 'as asked' : 'as the draft says');
  const said = { ways, because, leftOut: usual?.leftOut ?? [] };
  return { ok: true, value: { draft: ordered(made), assumed, ...said, without, stranded } };
}

const LISTED = 40;

/** What is assumed, in one sentence that stays in the file, and so has to stay true whatever is typed afterwards. */
function assumptionOf(
  known: readonly Route[],
  assumed: ReadonlySet<Route>,
  ways: readonly Way[],
  table: Transport,
): string {
  if (assumed.size === 0) return '';
  const by = ways.map(
    ({ mode, k }) =>
      `${mode.mode} (${k} nearest, ${mode.speedKmh} km/h, ${mode.costPerTonneKm} ${table.currency} a tonne-km)`,
  );
  const list = known.slice(0, LISTED).map((r) => `${r.from} to ${r.to} by ${r.mode}`);
  const rest = known.length > LISTED ? ` and ${known.length - LISTED} more` : '';
  const there = known.length === 0 ? '' : `, beside ${known.length} that were there before (${list.join(', ')}${rest})`;
  return `Assumed: 'evenhand routes' proposed ${assumed.size} routes from coordinates${there}: ${by.join(', ')}; as far as nobody has changed them since, they are guesses, not reports.`;
}
