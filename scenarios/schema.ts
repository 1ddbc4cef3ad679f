/**
 * The scenario file, format 1. Every object is strict: a field that nobody reads is a typing error that would
 * otherwise change an allocation silently. What one field alone cannot show is checked in `check.ts`.
 */
import { z } from 'zod';
import { amount, id, period, place, polygon, positive, share, text } from './fields.js';
import { response } from './response/rules.js';
import { policy } from './stages.js';

export type { Band, PolicyName, Stage } from './stages.js';

/** One number for every period, or a list with one a period. */
const perPeriod = z.union([amount, z.array(amount)]);

const optional = {
  name: text.describe('name for people; the id when absent').exactOptional(),
  at: place.exactOptional(),
  handlingTonnes: perPeriod
    .describe('tonnes that can leave in a period: one number, or one a period (default unlimited)')
    .exactOptional(),
  storageTonnes: amount.describe('tonnes that can be kept at the end of a period (default 0)').exactOptional(),
};

const periods = z.strictObject({
  count: z.int().min(1).max(3660).describe('number of periods planned, counted from 0'),
  length: z.iso.duration().describe('length of one period, ISO 8601 duration (default P1D)').exactOptional(),
  start: z.iso.date().describe('first day, ISO 8601 date').exactOptional(),
});

const resource = z.strictObject({
  id,
  name: optional.name,
  unit: text.min(1).describe('what quantities are counted in: L, piece, kit, tonne'),
  weightKg: amount.describe('kilograms a unit'),
  volumeM3: amount.describe('cubic metres a unit; information only').exactOptional(),
  lot: positive.describe('smallest whole quantity shipped, in units (default 1)').exactOptional(),
  kind: z
    .enum(['consumable', 'durable'])
    .describe('consumable: an unmet need of a period is lost; durable: it waits, and each period counts'),
  peoplePerUnit: positive.describe('people one unit serves for one period (default 1)').exactOptional(),
  importance: amount.describe('weight among the resources (default 1)').exactOptional(),
});

const arrival = z.strictObject({
  period: period.describe('period of arrival, from 0; the goods may depart in it'),
  resource: id,
  quantity: amount.describe('in units of the resource, whole lots'),
  donor: text.describe('information only').exactOptional(),
});

const loss = z.strictObject({
  period: period.describe('period from which the goods are no longer there'),
  resource: id,
  quantity: amount.describe('in units of the resource, whole lots'),
});

const depot = z.strictObject({
  id,
  name: optional.name,
  at: optional.at,
  owner: text.describe('organisation; information only').exactOptional(),
  tier: text.describe('level such as central or regional; one of tiers where they are listed').exactOptional(),
  stock: z.record(id, amount).describe('units in stock at the start, by resource').exactOptional(),
  arrivals: z.array(arrival).exactOptional(),
  losses: z.array(loss).describe('goods lost, stolen or expired').exactOptional(),
  handlingTonnes: optional.handlingTonnes,
});

const hub = z.strictObject({
  id,
  name: optional.name,
  at: optional.at,
  handlingTonnes: optional.handlingTonnes,
  storageTonnes: optional.storageTonnes,
});

const demand = z
  .record(id, z.union([amount, z.array(amount)]))
  .describe(
    'units needed, by resource: one number (a consumable: each period; a durable: due at once) or one a period',
  );

const region = z.strictObject({
  id: id.describe('P-code where there is one'),
  name: optional.name,
  at: optional.at,
  polygon: polygon.describe('outline as GeoJSON has it, to be drawn; information only').exactOptional(),
  people: amount.describe('people affected; information only').exactOptional(),
  tier: text.describe('level whose officials answer for it; one of tiers where they are listed').exactOptional(),
  priority: amount.describe('weight among the regions (default 1)').exactOptional(),
  demand,
  floor: share.describe('coverage everyone here gets first, 0 to 1 (default 0)').exactOptional(),
  storageTonnes: optional.storageTonnes,
});

const route = z.strictObject({
  from: id.describe('depot or hub'),
  to: id.describe('depot, hub or region'),
  mode: id.describe('truck, air, boat, …: names the fleet'),
  km: amount.describe('length; when absent, great circle times the detour factor of the mode').exactOptional(),
  leadPeriods: period.describe('periods from departure to arrival (default 0)').exactOptional(),
  capacityTonnes: amount.describe('tonnes a period over all resources (default unlimited)').exactOptional(),
  costPerTonne: amount.describe('in the currency of the budget (default 0)').exactOptional(),
  closed: z.array(period).describe('periods in which nothing departs').exactOptional(),
});

const fleet = z.strictObject({
  mode: id,
  tonneKm: perPeriod
    .describe(
      'tonne-kilometres a period, of loaded ways alone, one number or one a period; or give the three fields below',
    )
    .exactOptional(),
  vehicles: perPeriod.describe('one number, or one a period').exactOptional(),
  payloadTonnes: amount.describe('tonnes a vehicle').exactOptional(),
  kmPerPeriod: amount
    .describe('kilometres a vehicle drives loaded in a period: half of all it drives where it comes back empty')
    .exactOptional(),
});

const budget = z.strictObject({
  amount: amount.describe('limit of total cost over the horizon'),
  currency: text.describe('information only, for instance USD').exactOptional(),
});

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const line = {
  resource: id,
  from: id,
  to: id,
  mode: id,
  depart: period.describe('period of departure'),
  quantity: amount.describe('in units of the resource, whole lots'),
};

const after = z
  .strictObject({
    period: period.describe('first period in which anything can still depart; those before it are past'),
    base: digest.describe('digest of this scenario without its past').exactOptional(),
    allocation: digest.describe('digest of the allocation that was followed').exactOptional(),
    amendments: z.array(digest).describe('digests of the amendments whose deliveries are in `shipped`').exactOptional(),
    shipped: z
      .array(
        z.strictObject({
          ...line,
          arrive: period.describe('period in which it was to arrive'),
          delivered: amount.describe('what reached its end, in units, whole lots (default quantity)').exactOptional(),
          arrived: period
            .describe('period in which it did, or will; after the last one: too late (default arrive)')
            .exactOptional(),
        }),
      )
      .describe('what left in periods that are past and did not come back')
      .exactOptional(),
    used: z
      .array(z.strictObject({ region: id, resource: id, period, quantity: line.quantity }))
      .describe('what regions with storage handed out in periods that are past')
      .exactOptional(),
    planned: z
      .array(z.strictObject(line))
      .describe('departures of the plan before that are still to come: what the stage stay holds on to')
      .exactOptional(),
  })
  .describe('time has moved on: what was done in the periods before');

const hours = (what: string) => positive.describe(what).exactOptional();

const tier = z.strictObject({
  id,
  name: optional.name,
  organisation: text.describe('who acts on reports at this level').exactOptional(),
  dueHours: z
    .strictObject({
      verify: hours('hours until a report has to be verified or rejected (default 24)'),
      amend: hours('hours from then until it is in an amendment (default 24)'),
      resolve: hours('hours from then until it is resolved (default 72)'),
    })
    .exactOptional(),
});

const adoption = z.strictObject({
  quorum: z.int().min(1).max(16).describe('organisations that must sign an adoption before it counts'),
});

/** The zod schema of a scenario file; it transforms nothing, so what it accepts is the file as written. */
export const scenarioSchema = z
  .strictObject({
    $schema: text.describe('where editors find the JSON Schema; ignored').exactOptional(),
    evenhand: z.literal(1).describe('version of this format'),
    id,
    title: text.exactOptional(),
    source: text.describe('where the figures come from, and what was assumed').exactOptional(),
    periods,
    resources: z.array(resource).min(1),
    depots: z.array(depot).min(1),
    hubs: z.array(hub).exactOptional(),
    regions: z.array(region).min(1),
    routes: z.array(route),
    fleets: z.array(fleet).describe('a mode without a fleet is not limited').exactOptional(),
    budget: budget.exactOptional(),
    policy: policy.describe('what is optimised, in order (default balanced)').exactOptional(),
    after: after.exactOptional(),
    tiers: z
      .array(tier)
      .min(1)
      .describe('levels of administration, lowest first, such as village, township, county, province')
      .exactOptional(),
    response: response.exactOptional(),
    adoption: adoption.describe('when a plan for it counts as adopted').exactOptional(),
  })
  .describe('Scarce relief goods, who needs them and how they can travel');

/** A scenario as written in a file: fields that may be absent are optional; `complete` fills them. */
export type Scenario = z.infer<typeof scenarioSchema>;
