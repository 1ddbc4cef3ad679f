/** Longitudes and latitudes as maps and people write them: 34.9° E, 16°55'12" S, or both in one cell. */
import { wording } from '../wording.js';
import type { Typed } from './units.js';

const NUMBER = String.raw`\d{1,3}(?:\.\d+)?`;
const ANGLE = new RegExp(
  String.raw`^([NSEWO])? ?([+-]?)(${NUMBER}) ?(°|º|deg)? ?(?:(\d{1,2}(?:\.\d+)?) ?['′’])? ?(?:(\d{1,2}(?:\.\d+)?) ?(?:"|″|”|''))? ?([NSEWO])?$`,
  'i',
);
/** A comma or semicolon between two numbers, of which the first has a point: no decimal comma. */
const PAIR = /^\(?[+-]?\d{1,3}\.\d+ ?°? ?[NSEWO]? ?[,;] ?[+-]?\d{1,3}(?:\.\d+)? ?°? ?[NSEWO]?\)?$/i;

/** What a text says of a place on the axis, or undefined where it is for the reader of plain numbers to judge. */
export function typedDegrees(text: string, axis: 'E' | 'N'): Typed | undefined {
  const bare = text
    .replace(/[\s\u00A0\u2009\u202F]+/g, ' ')
    .replaceAll('−', '-')
    .trim();
  if (PAIR.test(bare))
    return {
      is: 'unlike',
      why: wording`two numbers in one cell`,
      mend: wording`write each in its own column; maps mostly give latitude first, then longitude`,
    };
  const [, before, sign, degrees, mark, minutes, seconds, after] = ANGLE.exec(bare) ?? [];
  const letter = (before ?? after)?.toUpperCase().replace('O', 'W'); // ouest
  if (degrees === undefined || (letter === undefined && mark === undefined && minutes === undefined)) return undefined;
  if (before !== undefined && after !== undefined) return undefined;
  const other = axis === 'E' ? 'NS' : 'EW';
  if (letter !== undefined && other.includes(letter))
    return {
      is: 'unlike',
      why: axis === 'E' ? wording`a latitude (${letter})` : wording`a longitude (${letter})`,
      mend: wording`exchange Longitude and Latitude`,
    };
  const size = Number(degrees) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
  const why = wording`an angle with its signs`;
  // a minus beside S or W may be meant twice or once
  if (Number(minutes ?? 0) >= 60 || Number(seconds ?? 0) >= 60 || (sign === '-' && /[SW]/.test(letter ?? '')))
    return { is: 'unlike', why };
  const negative = sign === '-' || letter === 'S' || letter === 'W';
  return { is: 'unlike', why, value: Number((negative ? -size : size).toFixed(6)) };
}
