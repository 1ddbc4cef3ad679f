/** The kinds of value a scenario file is made of; the limits below are in the JSON Schema too. */
import { z } from 'zod';

// Lone surrogates cannot be written as UTF-8, so they would have no digest (RFC 8785, section 3.2.2.2).
const WELL_FORMED = /^\P{Cs}*$/u;
// `__proto__` as a key of `stock` or `demand` would not be stored by a plain object.
const ID = /^(?!__proto__$)[^\p{Cc}\p{Cs}]+$/u;

export const text = z.string().max(10_000).regex(WELL_FORMED);
export const id = z.string().min(1).max(200).regex(ID);

/** A number of something: finite and not negative. */
export const amount = z.number().min(0);
export const positive = z.number().gt(0);
export const share = z.number().min(0).max(1);
export const period = z.int().min(0);

export const place = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .describe('place as [longitude, latitude] in degrees (WGS 84)');

const ring = z.array(place).min(4).describe('a ring of [longitude, latitude], the last of which is the first again');

/** A geometry of GeoJSON (RFC 7946, section 3.1) that has an inside. */
export const polygon = z.union([
  z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }),
]);
