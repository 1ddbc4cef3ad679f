/** Days in workbooks: numbers whose style says that they are dates. */
import { wording } from '../wording.js';
import { LIMITS, over } from './limits.js';
import { attribute, type Handlers } from './xml.js';

/** Number formats that show a date or time, as built in (ECMA-376 part 1, 18.8.30, East Asian ones included). */
const BUILT_IN = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56,
  57, 58,
]);

/** For each cell style whether it shows a date. `walk` goes through the styles part. Throws FormatError where there are too many. */
export function dateStyles(walk: (on: Handlers) => void): boolean[] {
  const own = new Set<number>();
  const styles: boolean[] = [];
  let inside = false;
  walk({
    open(name, tag) {
      if (name === 'cellXfs') inside = true;
      else if (name === 'numFmt' && isDateCode(attribute(tag, 'formatCode') ?? '')) {
        if (own.size >= LIMITS.formats) throw over(wording`The workbook`, LIMITS.formats, wording`formats of numbers`);
        own.add(Number(attribute(tag, 'numFmtId')));
      } else if (name === 'xf' && inside) {
        if (styles.length >= LIMITS.formats)
          throw over(wording`The workbook`, LIMITS.formats, wording`formats of cells`);
        const format = Number(attribute(tag, 'numFmtId') ?? 0);
        styles.push(BUILT_IN.has(format) || own.has(format));
      }
    },
    close(name) {
      if (name === 'cellXfs') inside = false;
    },
  });
  return styles;
}

/** A letter of a date outside of quotes, brackets and escapes; "General" has none that counts. */
function isDateCode(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '').split(';')[0] ?? '';
  return /[ymdhs]/i.test(bare.replace(/general/gi, ''));
}

const DAY = 86_400_000;

/** The day of a serial number as ISO 8601. Excel has a 29 February 1900 that never was, before which days are one later. */
export function isoOfSerial(serial: number, from1904: boolean): string {
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const day = new Date(epoch + Math.floor(serial) * DAY);
  return Number.isNaN(day.getTime()) ? String(serial) : day.toISOString().slice(0, 10);
}

/** The serial number of an ISO day from 1 March 1900 on; undefined for any other. */
export function serialOfIso(iso: string): number | undefined {
  const time = Date.parse(`${iso}T00:00:00Z`);
  const serial = (time - Date.UTC(1899, 11, 30)) / DAY;
  return serial >= 61 && iso.length === 10 ? serial : undefined;
}
