/** Units as people write them, and numbers as people type them. */
import { type Text, wording } from '../wording.js';

/** How each unit is written; the first is ours. */
const UNITS: readonly (readonly string[])[] = [
  ['kg', 'kgs', 'kilo', 'kilos', 'kilogram', 'kilograms', 'kilogramme', 'kilogrammes', '千克', '公斤'],
  ['t', 'to', 'ton', 'tons', 'tonne', 'tonnes', 'mt', '吨', '公吨'],
  ['g', 'gr', 'gram', 'grams', 'gramme', 'grammes', '克'],
  ['lb', 'lbs', 'pound', 'pounds', '磅'],
  ['km', 'kms', 'kilometre', 'kilometres', 'kilometer', 'kilometers', 'kilomètres', '公里', '千米'],
  ['m', 'metre', 'metres', 'meter', 'meters', 'mètres', '米'],
  ['mi', 'mile', 'miles', '英里'],
  ['m3', 'm^3', 'cbm', '立方米', '方'],
  ['l', 'litre', 'litres', 'liter', 'liters', '升'],
  ['h', 'hr', 'hrs', 'hour', 'hours', 'heures', 'heure', '小时'],
  ['d', 'day', 'days', 'jour', 'jours', '天', '日'],
  ['%', 'percent', 'pct'],
  ['persons', 'people', 'pers', 'personnes', '人'],
  [
    'piece',
    'pieces',
    'pc',
    'pcs',
    'pce',
    'each',
    'ea',
    'unit',
    'units',
    'unité',
    'unités',
    'pièce',
    'pièces',
    '件',
    '个',
  ],
];
const BY_NAME = new Map(UNITS.flatMap((names) => names.map((name) => [name, names[0]!])));

/** Our name of a unit; undefined for what is none that we know. */
export const unitOf = (text: string): string | undefined => BY_NAME.get(text.normalize('NFKC').toLowerCase().trim());

/** Whether two names of units mean one: litres and L, pcs and piece, kits and kit. */
export const sameUnit = (a: string, b: string): boolean => unitKey(a) === unitKey(b);
const unitKey = (text: string): string => unitOf(text) ?? text.normalize('NFKC').toLowerCase().trim().replace(/s$/, '');

/** What a text stands for that was typed where a number belongs. */
export type Typed =
  | { is: 'number'; value: number }
  /** `value` where nothing else can be meant; else `mend`, where the general one would not help. */
  | { is: 'unlike'; why: Text; value?: number; mend?: Text };

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Blanks of all kinds, and marks of direction that nobody sees. */
const BLANKS = /[\s\u00A0\u1680\u2000-\u200F\u2028-\u202F\u205F\u2060\u3000\uFEFF]/g;

/** A text as a number. `unit` is the unit of the column; `share` lets a percentage be one; `whole`: nothing has parts. */
export function typedNumber(text: string, unit: string | undefined, share: boolean, whole = false): Typed {
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return { is: 'number', value: Number(text) };
  const bare = text.normalize('NFKC').replace(BLANKS, ' ').trim();
  if (bare === '') return { is: 'unlike', why: wording`only blanks` };
  const [, figure = '', rest = ''] = /^([+-]?[\d.,'’ ]*\d[.,]?(?:[eE][+-]?\d+)?) ?(.*)$/.exec(bare) ?? [];
  if (figure === '') return { is: 'unlike', why: wording`no number` };
  const { value, why, mend } = grouped(figure, whole);
  if (rest === '') {
    if (why !== undefined)
      return value === undefined ? { is: 'unlike', why, ...(mend && { mend }) } : { is: 'unlike', why, value };
    const blanks = bare === text ? wording`a number in another script or form` : wording`blanks around the number`;
    return value === undefined ? { is: 'unlike', why: wording`no number` } : { is: 'unlike', why: blanks, value };
  }
  const stated = unitOf(rest);
  const what =
    stated === undefined
      ? wording`more than a number (${JSON.stringify(rest.slice(0, 40))})`
      : wording`a unit (${rest}) in the cell`;
  if (value === undefined || stated === undefined) return { is: 'unlike', why: what };
  if (share && stated === '%') return { is: 'unlike', why: what, value: Number((value / 100).toPrecision(15)) };
  return stated === unit ? { is: 'unlike', why: what, value } : { is: 'unlike', why: what };
}

/** Thousands and decimals; `value` only where both readings agree. */
function grouped(figure: string, whole: boolean): { value?: number; why?: Text; mend?: Text } {
  if (PLAIN.test(figure)) return { value: Number(figure) };
  const text = figure.replaceAll('’', "'");
  const spaced = /^[+-]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?$/;
  if (spaced.test(text))
    return { value: Number(text.replace(/[ ']/g, '').replace(',', '.')), why: wording`thousands set apart` };
  if (/^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/.test(text) || /^[+-]?\d{1,3}(?:,\d{3}){2,}$/.test(text))
    return { value: Number(text.replaceAll(',', '')), why: wording`thousands set apart` };
  if (/^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(text) || /^[+-]?\d{1,3}(?:\.\d{3}){2,}$/.test(text))
    return {
      value: Number(text.replaceAll('.', '').replace(',', '.')),
      why: wording`thousands set apart, and a decimal comma`,
    };
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
    const [thousands, decimals] = [Number(text.replace(',', '')), text.replace(',', '.')];
    if (whole) return { value: thousands, why: wording`thousands set apart` };
    return {
      why: wording`a comma that may set thousands apart or be a decimal comma`,
      mend: wording`write ${thousands} or ${decimals}, whichever is meant`,
    };
  }
  if (/^[+-]?\d+,\d+$/.test(text)) return { value: Number(text.replace(',', '.')), why: wording`a decimal comma` };
  return { why: wording`no number` };
}

/** The text without blanks around it and without marks that nobody sees; ids that look alike are alike then. */
export const trimmed = (text: string): string =>
  text
    .replace(/[\u200B-\u200F\u2028-\u202E\u2060\uFEFF\u00AD]/g, '')
    .replace(/[\s\u00A0\u3000]+/g, ' ')
    .trim();

/** Two names are hard to tell apart where these are the same. */
export const folded = (text: string): string => trimmed(text).normalize('NFKC').toLowerCase();
