/** `evenhand routes`: from places to routes. */
import {
  builtInStandards,
  builtInTransport,
  detourFactor,
  type Routing,
  readTransport,
  routesOf,
  type Transport,
} from '../../scenarios/index.js';
import { finish, LISTED, loadDraft, must } from './drafts.js';
import { InputError, readText } from './input.js';
import { num, table } from './text.js';

export interface RoutesFlags {
  k?: string;
  modes?: string;
  transport?: string;
  out?: string;
}

/** Routes from coordinates, merged with the known ones. */
export async function routesCommand(file: string, flags: RoutesFlags): Promise<number> {
  const k = flags.k === undefined ? undefined : Number(flags.k);
  if (k !== undefined && !(Number.isInteger(k) && k >= 1 && k <= 1000))
    throw new InputError(`--k ${flags.k}: expected a whole number from 1 to 1000`);
  const transport = flags.transport
    ? must(flags.transport, readTransport(await readText(flags.transport)))
    : builtInTransport();
  const opened = await loadDraft(file);
  const { draft } = opened;
  const modes = flags.modes?.split(',').map((mode) => mode.trim());
  const options = { ...(k === undefined ? {} : { k }), ...(modes === undefined ? {} : { modes }) };
  const routing = must(file, routesOf(draft, transport, options), draft);
  const { draft: made, assumed, ways, because, leftOut, without, stranded } = routing;
  const routes = made.routes ?? [];
  const tell = [
    `${routes.length} routes: ${routes.length - assumed.size} known, ${assumed.size} assumed`,
    `Proposed by ${ways.map((w) => w.mode.mode).join(', ')}: ${because}`,
    ...leftOut.map(({ mode, why }) => `Not by ${mode}: ${why}.`),
    table(
      ['from', 'to', 'mode', 'km', 'lead', 'cost a tonne', ''],
      routes
        .slice(0, LISTED)
        .map((r) => [
          r.from,
          r.to,
          r.mode,
          r.km ?? '',
          r.leadPeriods ?? 0,
          r.costPerTonne ?? 0,
          assumed.has(r) ? (r.km === 0 ? 'assumed, same place' : 'assumed') : 'known',
        ]),
    ),
    ...(routes.length > LISTED ? [`… and ${num(routes.length - LISTED)} more`] : []),
    ...samePlace(routing),
    ...without.slice(0, LISTED).map((w) => `No route by ${w.mode} to ${w.to}: ${w.why}.`),
    ...(without.length > LISTED ? [`… and ${num(without.length - LISTED)} more without a route`] : []),
    ...stranded.map((s) => `No route leaves ${s}: it is not among the nearest of any region; a larger --k reaches it.`),
    ...(assumed.size > 0 ? valuesOf(routing, transport) : []),
  ];
  const what = () => `${num(routes.length)} routes, ${num(assumed.size)} of them proposed now`;
  return finish(file, { opened, made, out: flags.out, tell, what, routed: true, items: builtInStandards().items });
}

/** A depot in the town that it serves: no way is 0 km long. */
function samePlace({ assumed }: Routing): string[] {
  const pairs = [...new Set([...assumed].filter((r) => r.km === 0).map((r) => `${r.from} to ${r.to}`))];
  if (pairs.length === 0) return [];
  const more = pairs.length > LISTED ? ` and ${pairs.length - LISTED} more` : '';
  return [
    `0 km, as both have the same coordinates: ${pairs.slice(0, LISTED).join(', ')}${more}. Write the km of the way within the place: a route of 0 km takes up no vehicle.`,
  ];
}

/** The figures that proposals were made with, by mode: what to check before anything else. */
function valuesOf({ assumed, ways }: Routing, { modes, sources, currency }: Transport): string[] {
  const made = [...assumed];
  const used = modes.filter((m) => made.some((r) => r.mode === m.mode));
  return [
    'Proposed with these figures of the transport table; check them first, they make every km, lead and cost above:',
    table(
      [
        'mode',
        'routes',
        'nearest',
        'detour',
        'km/h',
        'hours a day',
        'handling h',
        'most km',
        `${currency}/t-km`,
        `${currency}/t`,
      ],
      used.map((m) => [
        m.mode,
        made.filter((r) => r.mode === m.mode).length,
        ways.find((w) => w.mode.mode === m.mode)?.k ?? '',
        m.detour ?? detourFactor(m.mode),
        m.speedKmh,
        m.hoursADay,
        m.handlingHours,
        m.maxKm ?? '',
        m.costPerTonneKm,
        m.costPerTonne ?? 0,
      ]),
    ),
    ...used.flatMap((m) =>
      m.check ? [`! ${m.mode}: check ${m.check}; delete the routes of which it is not true.`] : [],
    ),
    'No source says:',
    ...used.map((m) => `  ${m.mode}: ${m.assumed ?? 'nothing'} [${m.sources.map((s) => sources[s]).join('; ')}]`),
  ];
}
