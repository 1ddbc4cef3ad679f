/**
 * A draft: a scenario in the making. What is known is there (who was hit and where, depots, stock, roads); the block `needs` says which
 * items of the standards the people are to have, the block `transport` how goods may travel. `evenhand needs` and `evenhand routes` each
 * work off their block; a draft without either is a scenario.
 */
import { z } from 'zod';
import type { Report } from '../faults.js';
import { amount, id, period, positive, share, text } from '../fields.js';
import { scenarioSchema } from '../schema.js';
import { wording } from '../wording.js';
import { type Read, readBy } from './reading.js';

const { regions, resources, routes, depots, hubs } = scenarioSchema.shape;
const fleet = scenarioSchema.shape.fleets.def.innerType.element;

const people = z
  .union([amount, z.strictObject({ low: amount, likely: amount, high: amount })])
  .describe('people affected: one number, or the planning figures low, likely and high');

const groups = z
  .array(
    z.strictObject({
      sex: z.enum(['female', 'male']).exactOptional(),
      from: z.int().min(0).max(120).describe('youngest age in years (default 0)').exactOptional(),
      to: z.int().min(0).max(120).describe('oldest age, this year included (default no limit)').exactOptional(),
      people: amount,
    }),
  )
  .min(1)
  .describe('people affected by sex and age; together at most the likely figure');

const region = regions.element.extend({
  people: people.exactOptional(),
  groups: groups.exactOptional(),
  demand: regions.element.shape.demand.exactOptional(),
});

const wanted = z.union([
  id,
  z.strictObject({
    item: id.describe('an item of the standards'),
    resource: id
      .describe('the resource of the draft that is this item (default: the one of the same id)')
      .exactOptional(),
    share: share.describe('share of the people affected who are to have it (default 1)').exactOptional(),
    importance: amount.describe('weight among the resources (default 1)').exactOptional(),
    lot: positive.describe('in place of the lot of the standards').exactOptional(),
  }),
]);

const needs = z
  .strictObject({
    items: z.array(wanted).min(1).describe('items of the standards'),
    figure: z.enum(['low', 'likely', 'high']).describe('planning figure (default likely)').exactOptional(),
  })
  .describe('what the people affected are to have');

const way = z.strictObject({
  mode: id.describe('a mode of the transport table'),
  k: z.int().min(1).max(1000).describe('from how many of the nearest sites').exactOptional(),
  from: z.array(id).describe('only from these sites').exactOptional(),
  to: z.array(id).describe('only to these sites').exactOptional(),
});

const transport = z
  .strictObject({
    modes: z.array(z.union([id, way])).min(1),
    k: z.int().min(1).max(1000).describe('from how many of the nearest sites (default 6)').exactOptional(),
    closures: z
      .array(
        z.strictObject({
          mode: id,
          sites: z.array(id).min(1).describe('proposed routes with one of these at either end'),
          closed: z.array(period).min(1),
          note: text.exactOptional(),
        }),
      )
      .describe('periods in which proposed routes are closed')
      .exactOptional(),
  })
  .describe('how goods may travel where no route is known');

export const draftSchema = scenarioSchema.extend({
  resources: z.array(resources.element).exactOptional(),
  regions: z.array(region).min(1),
  routes: routes.exactOptional(),
  fleets: z
    .array(fleet.extend({ tonneKm: fleet.shape.tonneKm, vehicles: fleet.shape.vehicles }))
    .describe('payloadTonnes and kmPerPeriod come from the transport table where they are absent')
    .exactOptional(),
  needs: needs.exactOptional(),
  transport: transport.exactOptional(),
});

export type Draft = z.infer<typeof draftSchema>;
export type DraftRegion = Draft['regions'][number];
export type PlanningFigure = 'low' | 'likely' | 'high';

/** Reads a draft (JSON text). What scenarios are checked for besides, `checkScenario` says once the draft is one. */
export function readDraft(json: string): Read<Draft> {
  return readBy(draftSchema, json, wording`The draft`, relations);
}

function relations(draft: Draft, report: Report): void {
  const sites = [...draft.depots, ...(draft.hubs ?? []), ...draft.regions].map((s) => s.id);
  const known = new Set(sites);
  draft.regions.forEach((r, i) => {
    const { low, likely, high } = figuresOf(r);
    if (!(low <= likely && likely <= high))
      report(
        ['regions', i, 'people'],
        wording`figures out of order`,
        wording`must rise from low to high`,
        wording`exchange them`,
      );
    const sum = (r.groups ?? []).reduce((total, g) => total + g.people, 0);
    if (sum > likely)
      report(
        ['regions', i, 'groups'],
        String(sum),
        wording`has ${sum} people in groups and ${likely} in all`,
        wording`mend one of them`,
      );
    r.groups?.forEach((g, n) => {
      if ((g.to ?? 120) < (g.from ?? 0))
        report(['regions', i, 'groups', n, 'to'], String(g.to), wording`is below from`, wording`exchange the two`);
    });
  });
  const named = (path: (string | number)[], names: readonly string[] | undefined) =>
    names?.forEach((name, i) => {
      if (!known.has(name))
        report(
          [...path, i],
          name,
          wording`names "${name}", which is not a site`,
          wording`use an id of a depot, hub or region`,
        );
    });
  draft.transport?.modes.forEach((mode, i) => {
    if (typeof mode === 'string') return;
    named(['transport', 'modes', i, 'from'], mode.from);
    named(['transport', 'modes', i, 'to'], mode.to);
  });
  draft.transport?.closures?.forEach((c, i) => {
    named(['transport', 'closures', i, 'sites'], c.sites);
  });
}

/** The three planning figures of a region; 0 where it states none. */
export function figuresOf({ people: stated = 0 }: DraftRegion): Record<PlanningFigure, number> {
  return typeof stated === 'number' ? { low: stated, likely: stated, high: stated } : stated;
}

/** The same draft with its fields in the order of the format. */
export function ordered(draft: Draft): Draft {
  const order = [
    '$schema',
    'evenhand',
    'id',
    'title',
    'source',
    'periods',
    'resources',
    'depots',
    'hubs',
    'regions',
    'routes',
  ];
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  const entries = Object.entries(draft).sort(([a], [b]) => place(a) - place(b));
  return Object.fromEntries(entries) as Draft; // the same fields, in another order
}

/** A draft as the text of a file: each entry of a list on a line of its own, so that changes can be seen line by line. */
export function draftText(draft: object): string {
  const fields = Object.entries(draft)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const lines = Array.isArray(value) && typeof value[0] === 'object';
      const body = lines
        ? `[\n${value.map((v: unknown) => `    ${JSON.stringify(v)}`).join(',\n')}\n  ]`
        : JSON.stringify(value);
      return `  ${JSON.stringify(key)}: ${body}`;
    });
  return `{\n${fields.join(',\n')}\n}\n`;
}

export type Site = z.infer<typeof depots>[number] | z.infer<typeof hubs.def.innerType>[number] | DraftRegion;
