/**
 * What somebody saw and sends in: a report from the field, format 1. Every object is strict. What one field alone cannot
 * show, and what it says of the scenario, is checked in `check.ts`.
 */
import { z } from 'zod';
import { amount, id, period, place, positive, text } from '../fields.js';

/** Lowercase hexadecimal SHA-256. */
export const digestField = z.string().regex(/^[0-9a-f]{64}$/);

const moment = z.union([period, z.iso.date()]);

const route = z
  .strictObject({ from: id, to: id, mode: id })
  .describe('the route by its ends and its mode, as in the scenario');

/** Where something is, as a report or its verification names it. */
export const placeName = z
  .union([
    z.strictObject({ route }),
    z.strictObject({ site: id.describe('depot or hub') }),
    z.strictObject({ fleet: id.describe('mode of the fleet') }),
    z.strictObject({ region: id }),
    z.strictObject({ depot: id }),
  ])
  .describe('the place of a report: exactly one of route, site, fleet, region, depot');

const common = {
  report: z.literal(1).describe('version of this format'),
  scenario: digestField.describe('digest of the scenario that the report speaks of'),
  observed: z.iso.datetime({ offset: true }).describe('when it was seen, ISO 8601 with time zone'),
  by: text.min(1).max(200).describe('name or post of whoever saw it'),
  text: text.max(4000).describe('in own words').exactOptional(),
  photo: digestField.describe('SHA-256 of a photo').exactOptional(),
  at: place.describe('where it was seen, as [longitude, latitude] in degrees').exactOptional(),
  supersedes: digestField.describe('digest of the earlier report in whose place this one stands').exactOptional(),
};

const span = {
  from: moment.describe('first period in which it holds: its number from 0, or a date'),
  until: moment.describe('first period in which it no longer holds (default: it holds to the end)').exactOptional(),
};

const obstacle = z
  .strictObject({
    ...common,
    kind: z.literal('obstacle'),
    route: route.exactOptional(),
    site: id.describe('depot or hub').exactOptional(),
    fleet: id.describe('mode of the fleet').exactOptional(),
    ...span,
    closed: z.literal(true).describe('nothing departs on the route').exactOptional(),
    open: z.literal(true).describe('a closure of the route ends').exactOptional(),
    leadPeriods: period.describe('periods that the route takes now').exactOptional(),
    capacityTonnes: amount.describe('tonnes a period that the route carries now').exactOptional(),
    handlingTonnes: amount.describe('tonnes a period that can leave the site now').exactOptional(),
    vehicles: amount.describe('vehicles that the fleet has now').exactOptional(),
    tonneKm: amount.describe('tonne-kilometres a period of the fleet now').exactOptional(),
  })
  .describe('a route closed, open again, slower or narrower; a site that handles less; a fleet that is short');

const need = z
  .strictObject({
    ...common,
    kind: z.literal('need'),
    region: id.exactOptional(),
    ...span,
    people: z.int().describe('people found, or gone where it is below 0').exactOptional(),
    resources: z
      .array(id)
      .min(1)
      .describe('what these people need (default: all that the region has a demand for)')
      .exactOptional(),
    resource: id.exactOptional(),
    more: z.number().describe('units more, or fewer where it is below 0').exactOptional(),
    to: amount.describe('units needed now; 0: the need ended').exactOptional(),
  })
  .describe('people found or gone, a need that grew, shrank or ended');

const stock = z
  .strictObject({
    ...common,
    kind: z.literal('stock'),
    depot: id.exactOptional(),
    resource: id,
    change: z.enum(['found', 'lost', 'expired', 'arrived']),
    quantity: positive.describe('units of the resource, whole lots'),
    from: moment.describe('period from which it holds: its number from 0, or a date'),
  })
  .describe('goods found, lost, expired or arrived at a depot');

const delivery = z
  .strictObject({
    ...common,
    kind: z.literal('delivery'),
    allocation: digestField.describe('digest of the plan that the shipment is in'),
    resource: id,
    from: id.describe('depot or hub that it left'),
    to: id.describe('where it went'),
    mode: id,
    depart: period.describe('period of departure in the plan'),
    shipped: amount.describe('units that left'),
    held: amount.describe('units still waiting for their departure'),
    returned: amount.describe('units given back to the stock they came from'),
    delivered: amount.describe('units that got there, at most what was shipped'),
    arrived: moment.describe('period in which they got there (default: as planned)').exactOptional(),
  })
  .describe('what became of one shipment of a plan: shipped + held + returned = allocated');

export const reportSchema = z
  .discriminatedUnion('kind', [obstacle, need, stock, delivery])
  .describe('A report from the field');

/** A report as it was sent in; a transform would change its digest, so there is none. */
export type FieldReport = z.infer<typeof reportSchema>;
export type ReportKind = FieldReport['kind'];
export type ReportOf<K extends ReportKind> = Extract<FieldReport, { kind: K }>;
/** A period by its number or by a date. */
export type Moment = z.infer<typeof moment>;
export type RouteName = z.infer<typeof route>;
export type PlaceName = z.infer<typeof placeName>;

/** A report that somebody vouched for, with the place that they named where the report has none. */
export interface VerifiedReport {
  report: FieldReport;
  place?: PlaceName | undefined;
}

/** JSON Schema, draft 2020-12, of a report (a new object each time). */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:evenhand:report:1', title: 'Evenhand report from the field', ...schema };
}
