/** Numbers for people, and text that is safe inside of HTML. */

/** Thousands separators; quantities keep up to three decimals. */
export const figure = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** Thousands separators, whole above a thousand, four significant digits below. */
export function rounded(x: number): string {
  return Math.abs(x) >= 1000
    ? Math.round(x).toLocaleString('en-US')
    : x.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

/** A share as per cent with one decimal; what is more than nothing never reads as 0, what is less than all never as 100. */
export function share(x: number): string {
  if (x > 0 && x < 0.0005) return '<0.1 %';
  if (x < 1 && x >= 0.9995) return '>99.9 %';
  return `${(100 * x).toFixed(1).replace(/\.0$/, '')} %`;
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as the content of an element or of a quoted attribute. Control characters, which HTML has none for, become U+FFFD. */
export const html = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[&<>"']|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (c) => NAMED[c] ?? '\ufffd');

/** People-periods are counted with fractions where goods serve parts of a person, which nobody reads. */
export const whole = (x: number): string => Math.round(x).toLocaleString('en-US');

/** Characters of a name in a table, so that rows stay single lines; reasons are wrapped and never cut. */
export const NAME = 34;
export const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
