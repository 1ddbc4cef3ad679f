/** What verified reports change in a scenario, format 1: a patch from one digest to another, and the same in words. */
import { z } from 'zod';
import { amount, id, period, text } from '../fields.js';
import { operationSchema } from '../patch.js';
import { digestField } from './report.js';

const delivery = z
  .strictObject({
    report: digestField,
    allocation: digestField.describe('the plan that the shipment is in'),
    resource: id,
    from: id,
    to: id,
    mode: id,
    depart: period,
    allocated: amount.describe('units: shipped + held + returned'),
    shipped: amount,
    held: amount,
    returned: amount,
    delivered: amount,
    arrived: period.describe('period of arrival; null: as planned').nullable(),
  })
  .describe('what became of one shipment');

export const amendmentSchema = z
  .strictObject({
    amendment: z.literal(1).describe('version of this format'),
    parent: digestField.describe('digest of the scenario that is amended'),
    scenario: digestField.describe('digest of the scenario that comes out'),
    reports: z.array(digestField).describe('digests of the reports that count, in ascending order'),
    patch: z.array(operationSchema).describe('RFC 6902; tests stand before what they guard'),
    words: z.array(text).describe('the changes as plain sentences'),
    deliveries: z.array(delivery).describe('what happened to shipments: history, which no scenario holds'),
  })
  .describe('What verified reports change');

export type Amendment = z.infer<typeof amendmentSchema>;
export type Delivery = z.infer<typeof delivery>;
