/** A cell as the value of its column, strictly: what is not one is a fault, with what was probably meant. */
import { show } from '../faults.js';
import { nearest } from '../nearest.js';
import { survives } from '../numbers.js';
import { english, oneOf, type Text, type Wording, wording } from '../wording.js';
import { typedDegrees } from './degrees.js';
import type { Findings, Place } from './findings.js';
import type { Cell, Plain, Polygon, Special } from './grid.js';
import { type Column, NONE } from './layout.js';
import { type Typed, trimmed, typedNumber } from './units.js';

export interface Reading {
  findings: Findings;
  /** Cells are texts, as in CSV. */
  texts: boolean;
  /** The period a date falls in; undefined where dates are not known here. */
  periodOf?: (iso: string) => number | undefined;
}

/** What a list is read as where it is stated to be empty. */
export type Value = string | number | number[] | boolean | Polygon;

/** The value of a cell, or undefined where there is none or it is at fault. */
export function cellValue(cell: Cell | undefined, column: Column, place: Place, reading: Reading): Value | undefined {
  if (cell === undefined || cell === '') return undefined;
  const plain = settled(cell, place, reading);
  if (plain === undefined) return undefined;
  switch (column.kind) {
    case 'number':
    case 'share':
      return numberOf(plain, column, place, reading);
    case 'period':
      return periodOf(plain, column, place, reading);
    case 'list':
    case 'periods':
      return listOf(plain, column, place, reading);
    case 'date':
      return dateOf(plain, place, reading);
    case 'id':
      return nameOf(plain, column, place, reading);
    case 'choice':
    case 'yes':
      return choiceOf(plain, column, place, reading);
    case 'polygon':
      return polygonOf(plain, place, reading);
    case 'text':
      return textOf(plain, column, place, reading);
  }
}

/** What a formula came to; that it is one, and that it came to an error, are faults. */
function settled(cell: Cell, place: Place, { findings }: Reading): Exclude<Plain, { is: 'error' }> | undefined {
  let plain: Cell | undefined = cell;
  if (isSpecial(plain) && plain.is === 'formula') {
    const { formula, outside, value } = plain;
    const found = `=${formula.slice(0, 60)}`;
    if (isSpecial(value) && value.is === 'error') plain = value;
    else {
      const what = outside
        ? wording`is a formula that refers to another workbook`
        : wording`is a formula, whose value another program computed`;
      const mend =
        outside || value === undefined
          ? wording`write the value`
          : wording`paste its value (${shown(value)}) in its place`;
      const safe = outside || typeof value === 'boolean' || isSpecial(value) ? undefined : value;
      findings.fault(place, found, what, mend, safe);
      plain = value;
    }
  }
  if (isSpecial(plain) && plain.is === 'error') {
    findings.fault(
      place,
      plain.text,
      wording`is the error ${plain.text}`,
      wording`mend the formula, then paste its value`,
    );
    return undefined;
  }
  return plain as Exclude<Plain, { is: 'error' }> | undefined; // neither formula nor error any more
}

const isSpecial = (cell: unknown): cell is Special => typeof cell === 'object' && cell !== null;
function shown(cell: Plain): Text {
  if (!isSpecial(cell)) return show(cell);
  return cell.is === 'date' ? cell.iso : cell.is === 'error' ? cell.text : wording`an outline`;
}

function polygonOf(plain: Plain, place: Place, { findings }: Reading): Polygon | undefined {
  if (isSpecial(plain) && plain.is === 'polygon') return plain.polygon;
  findings.fault(
    place,
    shown(plain),
    wording`is no outline`,
    wording`give outlines as GeoJSON, and head this column "Note: …"`,
  );
  return undefined;
}

function numberOf(plain: Plain, column: Column, place: Place, { findings, texts }: Reading): number | undefined {
  if (typeof plain === 'number') return plain;
  if (isSpecial(plain) || typeof plain === 'boolean') {
    const date = isSpecial(plain);
    findings.fault(
      place,
      shown(plain),
      date ? wording`is the date ${shown(plain)}` : wording`is ${String(plain)}`,
      wording`write a number, and set the cell’s format to Number`,
    );
    return undefined;
  }
  const unit = column.unit;
  const typed: Typed =
    (column.axis && typedDegrees(plain, column.axis)) ??
    typedNumber(plain, unit, column.kind === 'share', column.whole);
  if (typed.is === 'number') {
    if (!survives(plain, typed.value)) {
      findings.fault(
        place,
        show(plain),
        wording`is ${plain.slice(0, 40)}, which is read as ${typed.value}`,
        wording`write a number of at most 15 digits`,
      );
      return undefined;
    }
    if (texts) return typed.value;
    findings.fault(
      place,
      show(plain),
      wording`is ${show(plain)}, a number stored as text`,
      wording`write ${typed.value} as a number`,
      typed.value,
    );
    return typed.value;
  }
  const { why, value } = typed;
  const mend = value === undefined ? (typed.mend ?? numberAlone(column)) : wording`write ${value}`;
  findings.fault(place, show(plain), wording`is ${show(plain)}, ${why}`, mend, value);
  return value;
}

function numberAlone({ unit, key }: Column): Wording {
  if (unit !== undefined) return wording`write the number alone in ${unit}, with a point for decimals`;
  return key === 'quantity'
    ? wording`write the number alone in the unit that Resources states, with a point for decimals`
    : wording`write the number alone, with a point for decimals`;
}

function periodOf(plain: Plain, column: Column, place: Place, reading: Reading): number | undefined {
  const iso = isSpecial(plain)
    ? plain.is === 'date'
      ? plain.iso
      : undefined
    : typeof plain === 'string' && /^\d{4}-\d\d-\d\d$/.test(plain)
      ? plain
      : undefined;
  if (iso === undefined || reading.periodOf === undefined) return numberOf(plain, column, place, reading);
  const period = reading.periodOf(iso);
  if (period === undefined)
    reading.findings.fault(
      place,
      iso,
      wording`is ${iso}, in no period of the scenario`,
      wording`write a day within the periods, or the number of a period`,
    );
  return period;
}

/** "60; 55; 0", "0 3", a single number, or "(none)". A list of one number is written "60;". */
function listOf(plain: Plain, column: Column, place: Place, reading: Reading): Value | undefined {
  if (typeof plain !== 'string') {
    const number = numberOf(plain, column, place, reading);
    return number === undefined || column.kind === 'list' ? number : [number];
  }
  if (column.kind === 'periods' && plain.trim() === NONE) return [];
  const pieces = plain.split(';').map((piece) => piece.trim());
  const ended = pieces.length > 1 && pieces.at(-1) === '';
  if (ended) pieces.pop();
  if (pieces.length === 1 && !ended) {
    // a lone number in a workbook would have been a number, and a lone period often is a text
    const number = numberOf(plain, column, place, column.kind === 'periods' ? { ...reading, texts: true } : reading);
    return number === undefined || column.kind === 'list' ? number : [number];
  }
  const numbers: number[] = [];
  for (const piece of pieces) {
    const typed = typedNumber(piece, column.unit, false);
    if (typed.is === 'number' && survives(piece, typed.value)) numbers.push(typed.value);
    else {
      reading.findings.fault(
        place,
        show(plain),
        wording`is ${show(plain)}, where ${show(piece)} is no number`,
        wording`write numbers with semicolons between, as "60; 55.5; 0"`,
      );
      return undefined;
    }
  }
  return numbers;
}

const DAY_FIRST = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/;

function dateOf(plain: Plain, place: Place, { findings, texts }: Reading): string | undefined {
  if (isSpecial(plain)) return plain.is === 'date' ? plain.iso : undefined;
  if (typeof plain !== 'string') {
    findings.fault(
      place,
      shown(plain),
      wording`is ${shown(plain)}, not a date`,
      wording`write a date such as 2027-03-01, and set the cell’s format to Date`,
    );
    return undefined;
  }
  if (texts && /^\d{4}-\d\d-\d\d$/.test(plain)) return plain;
  const fix = dayMeant(plain.trim());
  const day = fix ?? bothDays(plain.trim());
  const how = texts ? wording`write it as 2027-03-01` : wording`type it anew as a date`;
  findings.fault(
    place,
    show(plain),
    texts
      ? wording`is ${show(plain)}, not a date as they are written here`
      : wording`is ${show(plain)}, a date as text`,
    day === undefined ? how : wording`${how}: ${day}`,
    fix,
  );
  return fix;
}

/** 2027-3-1, 2027/03/01, 2027年3月1日; 22.11.2026 and 11/22/2026, as no month is the 22nd. */
function dayMeant(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})日?$/.exec(text) ?? [];
  if (year !== undefined) return isoDay(year, month!, day!);
  const [, a = '', b = '', last = ''] = DAY_FIRST.exec(text) ?? [];
  if (Number(a) > 12) return isoDay(last, b, a);
  if (Number(b) > 12 || (a === b && a !== '')) return isoDay(last, a, b);
  return undefined;
}

/** What 3/4/2027 may be: day first or month first, for a person to choose. */
function bothDays(text: string): Wording | undefined {
  const [, a = '', b = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  const [dayFirst, monthFirst] = [isoDay(year, b, a), isoDay(year, a, b)];
  return a === b || dayFirst === undefined || monthFirst === undefined
    ? undefined
    : wording`${dayFirst} or ${monthFirst}, whichever is meant`;
}

function isoDay(year: string, month: string, day: string): string | undefined {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso;
}

function nameOf(plain: Plain, column: Column, place: Place, { findings }: Reading): string | undefined {
  if (typeof plain === 'number' && Number.isSafeInteger(plain)) return String(plain);
  if (typeof plain !== 'string') {
    findings.fault(
      place,
      shown(plain),
      noName(plain, column),
      wording`write it as text: set the cell’s format to Text, then type it anew`,
    );
    return undefined;
  }
  const bare = trimmed(plain);
  if (bare === plain) return plain;
  if (bare === '') {
    findings.fault(place, show(plain), wording`has only blanks`, wording`write a name, or clear the cell`);
    return undefined;
  }
  const what = /[\u200B-\u200F\u2028-\u202E\u2060\uFEFF\u00AD]/.test(plain)
    ? wording`is ${show(plain)}, with characters that nobody sees`
    : wording`is ${show(plain)}, with blanks around or within it that are one too many`;
  findings.fault(place, show(plain), what, wording`write ${show(bare)}`, bare);
  return bare;
}

function choiceOf(plain: Plain, column: Column, place: Place, { findings }: Reading): Value | undefined {
  const choices = column.choices ?? [];
  const text = typeof plain === 'string' ? plain : english(shown(plain));
  if (choices.includes(text)) return column.kind === 'yes' ? true : text;
  const bare = trimmed(text).toLowerCase();
  const same = choices.find((c) => c === bare);
  const fix = same ?? (column.kind === 'yes' && ['oui', 'y', '是', 'true', 'x'].includes(bare) ? 'yes' : undefined);
  const near = fix ?? nearest(bare, choices);
  findings.fault(
    place,
    show(text),
    wording`is ${show(text)}`,
    near === undefined ? choose(column) : wording`write "${near}"`,
    fix,
  );
  return fix === undefined ? undefined : column.kind === 'yes' ? true : fix;
}

function choose({ choices = [], kind }: Column): Wording {
  const all = oneOf(choices.map((c) => `"${c}"`));
  return kind === 'yes' ? wording`write ${all}, or clear the cell` : wording`write ${all}`;
}

function textOf(plain: Plain, column: Column, place: Place, { findings }: Reading): string | undefined {
  if (typeof plain === 'string') return plain;
  if (typeof plain === 'number') return String(plain);
  findings.fault(
    place,
    shown(plain),
    noName(plain, column),
    wording`write it as text: set the cell’s format to Text, then type it anew`,
  );
  return undefined;
}

const noName = (plain: Plain, { heading }: Column): Wording =>
  isSpecial(plain)
    ? wording`is the date ${shown(plain)}, no ${heading.toLowerCase()}`
    : wording`is ${shown(plain)}, no ${heading.toLowerCase()}`;
