/** Which period a date falls in, and the dates of some periods in words. */
import type { Scenario } from '../schema.js';
import { allOf, english, type Text, wording } from '../wording.js';

type Periods = Scenario['periods'];

const DAY = 86_400_000;

/** Years, months, days and milliseconds of an ISO 8601 duration, as the schema lets it in. */
export function durationOf(length: string): { months: number; days: number; ms: number } {
  const [, years, months, weeks, days, hours, minutes, seconds] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.,]+)S)?)?$/.exec(length) ?? [];
  const n = (part: string | undefined) => Number((part ?? '0').replace(',', '.'));
  return {
    months: 12 * n(years) + n(months),
    days: 7 * n(weeks) + n(days),
    ms: 3_600_000 * n(hours) + 60_000 * n(minutes) + 1000 * n(seconds),
  };
}

/** Milliseconds since 1970 (UTC) at which a period begins; `t` = count is the end. NaN where there is no first day. */
export function beginOf({ start, length = 'P1D' }: Periods, t: number): number {
  if (start === undefined) return Number.NaN;
  const { months, days, ms } = durationOf(length);
  const [year = 0, month = 0, day = 0] = start.split('-').map(Number);
  // A month that has no 31st ends on its last day; counted from the start, so that the next one has it again.
  const last = new Date(Date.UTC(year, month + t * months, 0)).getUTCDate();
  return Date.UTC(year, month - 1 + t * months, Math.min(day, last)) + t * (days * DAY + ms);
}

/**
 * The period in which a day begins, from 0; as an `until` the first period that begins on that day or later, up to count.
 * undefined where the day lies outside the horizon, or the file does not say when it starts.
 */
export function periodOf(periods: Periods, date: string, end: boolean): number | undefined {
  const day = Date.parse(`${date}T00:00:00Z`);
  const { count } = periods;
  if (!(beginOf(periods, 0) <= day) || beginOf(periods, count) < day) return undefined;
  let [low, high] = [0, count]; // begin(low) ≤ day ≤ begin(high)
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (beginOf(periods, middle) <= day) low = middle;
    else high = middle;
  }
  if (beginOf(periods, high) <= day) low = high;
  if (end) return beginOf(periods, low) === day ? low : low + 1;
  return low < count ? low : undefined;
}

/** One day of a month, or several. */
const MONTHS: readonly ((days: Text) => Text)[] = [
  (days) => wording`${days} January`,
  (days) => wording`${days} February`,
  (days) => wording`${days} March`,
  (days) => wording`${days} April`,
  (days) => wording`${days} May`,
  (days) => wording`${days} June`,
  (days) => wording`${days} July`,
  (days) => wording`${days} August`,
  (days) => wording`${days} September`,
  (days) => wording`${days} October`,
  (days) => wording`${days} November`,
  (days) => wording`${days} December`,
];

/** "period 2 (9 March)", "periods 2–4 and 6 (9–11 and 13 March)"; `periods` ascending. Days where a period has whole ones. */
export const periodsInWords = (calendar: Periods, periods: readonly number[]): string =>
  english(periodsSaid(calendar, periods));

export function periodsSaid(calendar: Periods, periods: readonly number[]): Text {
  const runs: [number, number][] = [];
  for (const t of periods) {
    const last = runs.at(-1);
    if (last && last[1] === t - 1) last[1] = t;
    else runs.push([t, t]);
  }
  const numbers = allOf(runs.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)));
  const named = periods.length > 1 ? wording`periods ${numbers}` : wording`period ${numbers}`;
  const days = daysSaid(calendar, runs);
  return days === undefined ? named : wording`${named} (${days})`;
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function daysSaid(calendar: Periods, runs: readonly [number, number][]): Text | undefined {
  const { days, months, ms } = durationOf(calendar.length ?? 'P1D');
  if (calendar.start === undefined || ms > 0 || days + months === 0) return undefined;
  const parts = runs.map(([a, b]): [Date, Date] => [
    new Date(beginOf(calendar, a)),
    new Date(beginOf(calendar, b + 1) - DAY),
  ]);
  const named = new Set(parts.flat().map((d) => `${d.getUTCFullYear()}-${d.getUTCMonth()}`));
  const oneMonth = named.size === 1;
  const inMonth = (d: Date, days: Text) => MONTHS[d.getUTCMonth()]!(days);
  const day = (d: Date) => (oneMonth ? `${d.getUTCDate()}` : inMonth(d, `${d.getUTCDate()}`));
  const written = allOf(parts.map(([a, b]) => (a.getTime() === b.getTime() ? day(a) : wording`${day(a)}–${day(b)}`)));
  return oneMonth ? inMonth(parts[0]![0], written) : written;
}
