/**
 * How fast, how dear and how much a means of transport carries: a table that planners may edit. `transport.json` beside the sources is
 * the one that is used where no other is named.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { amount, id, positive, text } from '../fields.js';
import { type Read, readBy } from '../needs/reading.js';
import { wording } from '../wording.js';

const mode = z.strictObject({
  mode: id.describe('as routes and fleets name it'),
  name: text,
  payloadTonnes: z.strictObject({ low: positive, likely: positive, high: positive }).describe('tonnes a vehicle'),
  speedKmh: positive.describe('on the way, stops included'),
  hoursADay: z.number().gt(0).max(24).describe('hours under way in 24'),
  handlingHours: amount.describe('loading and unloading, hours of those'),
  detour: z
    .number()
    .min(1)
    .describe('km travelled for each of great circle (default that of the mode, see distance.ts)')
    .exactOptional(),
  maxKm: positive.describe('longest way, km travelled (default no limit)').exactOptional(),
  costPerTonneKm: amount,
  costPerTonne: amount.describe('handling').exactOptional(),
  ends: text
    .describe(
      'what both ends have to be that nothing says of a site: such a mode is proposed only where it is asked for',
    )
    .exactOptional(),
  check: text.describe('what has to be true of a route of it and no coordinates show').exactOptional(),
  sources: z.array(id).min(1),
  assumed: text.describe('what of the line no source says').exactOptional(),
});

export const transportSchema = z
  .strictObject({
    transport: z.literal(1).describe('version of this format'),
    title: text,
    currency: text,
    sources: z.record(id, text).describe('id → publication'),
    modes: z.array(mode).min(1),
  })
  .describe('Means of transport, with sources');

export type Transport = z.infer<typeof transportSchema>;
export type Mode = Transport['modes'][number];

/** Reads a table of transport (JSON text): the table, or all that is wrong with it. */
export function readTransport(json: string): Read<Transport> {
  return readBy(transportSchema, json, wording`The table`, (table, report) => {
    const seen = new Set<string>();
    table.modes.forEach((m, i) => {
      if (seen.has(m.mode))
        report(['modes', i, 'mode'], m.mode, wording`is "${m.mode}" a second time`, wording`rename one`);
      seen.add(m.mode);
      const { low, likely, high } = m.payloadTonnes;
      if (!(low <= likely && likely <= high))
        report(
          ['modes', i, 'payloadTonnes'],
          wording`out of order`,
          wording`must rise from low to high`,
          wording`exchange them`,
        );
      m.sources.forEach((source, n) => {
        if (!Object.hasOwn(table.sources, source))
          report(
            ['modes', i, 'sources', n],
            source,
            wording`names "${source}", which is not one of sources`,
            wording`add it there`,
          );
      });
    });
  });
}

const FILE = new URL('../../../scenarios/routing/transport.json', import.meta.url);

/** The table that comes with the program. Throws an Error where it is not where the package has it, or was changed for the worse. */
export function builtInTransport(): Transport {
  const read = readTransport(readFileSync(FILE, 'utf8'));
  if (!read.ok) throw new Error(read.faults.map((f) => f.message).join('\n'));
  return read.value;
}
