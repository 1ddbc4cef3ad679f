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
