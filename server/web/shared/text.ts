/** Words in three languages from plain message files, and numbers as people there write them. */
import { useEffect, useState } from 'preact/hooks';
import { joinChinese } from '../../languages/spacing.js';
import type en from '../messages/en.json';
import type said from '../messages/said/en.json';

export type Key = keyof typeof en | keyof typeof said;
type Messages = Record<Key, string>;

export const LANGUAGES = { en: 'English', fr: 'Français', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

/** Written from right to left; none of them is translated yet, the page is laid out for them. */
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ps', 'ur'];

/** Messages of one part of the page, by language. */
type Part = Record<Language, () => Promise<Partial<Messages>>>;

const shell: Part = {
  en: async () => (await import('../messages/en.json')).default,
  fr: async () => (await import('../messages/fr.json')).default,
  zh: async () => (await import('../messages/zh.json')).default,
};

const KEPT = 'evenhand-language';
const parts = [shell];
let language: Language = 'en';
// `startLanguage` fills it before anything is shown
let messages = {} as Messages;
let plural = new Intl.PluralRules('en');
let lists = new Intl.ListFormat('en');
const heard = new Set<() => void>();

export const languageNow = (): Language => language;

export async function setLanguage(next: Language): Promise<void> {
  messages = Object.assign({}, ...(await Promise.all(parts.map((part) => part[next]()))));
  language = next;
  plural = new Intl.PluralRules(next);
  lists = new Intl.ListFormat(next);
  formats.clear();
  localStorage.setItem(KEPT, next);
  document.documentElement.lang = next;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(next) ? 'rtl' : 'ltr';
  for (const tell of heard) tell();
}

/** Those that only some views need come with them. */
export async function addMessages(part: Part): Promise<void> {
  parts.push(part);
  messages = { ...messages, ...(await part[language]()) };
}

/** What was chosen before, else what the browser asks for. */
export async function startLanguage(): Promise<void> {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages].map((name) => name.split('-')[0]);
  const known = wanted.find((name): name is Language => name !== undefined && Object.hasOwn(LANGUAGES, name));
  await setLanguage(known ?? 'en');
}

export function useLanguage(): Language {
  const [now, setNow] = useState(language);
  useEffect(() => {
    const tell = () => setNow(language);
    heard.add(tell);
    return () => {
      heard.delete(tell);
    };
  }, []);
  return now;
}

/** The message with its {names} filled in, and of [one|more] what the number `n` asks for in that language. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const form = plural.select(Number(values.n)) === 'one' ? '$1' : '$2';
  const text = messages[key].replace(/\[([^|]*)\|([^\]]*)\]/g, form);
  const pieces = text.split(/\{(\w+)\}/).map((piece, i) => {
    const value = i % 2 === 0 ? piece : values[piece];
    return typeof value === 'number' ? num(value) : (value ?? '');
  });
  return joined(pieces);
}

const joined = (pieces: readonly string[]): string =>
  pieces.reduce(language === 'zh' ? joinChinese : (left, right) => left + right, '');

const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, known);
  return known;
}

/** With thousands separators; at most so many digits after the point (default: none from 100 on, else two). */
export function num(x: number, digits = Math.abs(x) >= 100 ? 0 : 2): string {
  return format({ maximumFractionDigits: digits }).format(x);
}

/** Short: 42.8M. */
export const short = (x: number): string =>
  Math.abs(x) < 10_000 ? num(x) : format({ notation: 'compact', maximumFractionDigits: 1 }).format(x);

/** A share as per cent, with three digits that say something. */
export function percent(x: number): string {
  return format({ style: 'percent', maximumSignificantDigits: Math.abs(x) >= 0.9995 ? 4 : 3 }).format(x);
}

/** With its sign. */
export const signed = (x: number): string =>
  format({ maximumFractionDigits: Math.abs(x) >= 100 ? 0 : 2, signDisplay: 'exceptZero' }).format(x);

/**
 * Sentences of amendments for people: "46 piece of buckets" → "46 pieces of buckets". The record keeps the unit as the scenario
 * writes it, and the words are part of what is hashed, so they are put right where they are shown.
 */
export const spoken = (words: string): string =>
  words.replace(/(\d) (\p{Ll}{3,}) of /gu, (all, digit: string, unit: string, at: number) =>
    /s$/.test(unit) || /(^|[^\d.,])1$/.test(words.slice(0, at + 1))
      ? all
      : `${digit} ${unit}${/(x|ch|sh)$/.test(unit) ? 'es' : 's'} of `,
  );

/** Smaller gaps tell nobody anything. */
const TINY = 1e-7;

/** A gap as per cent: two digits are enough to compare proofs. */
export function gapText(x: number): string {
  const tiny = x > 0 && x < TINY;
  const text = format({ style: 'percent', maximumSignificantDigits: 2 }).format(tiny ? TINY : x);
  return tiny ? `< ${text}` : text;
}

export function when(iso: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** Day of a period where the scenario has a first day, else its number from 1. */
export function periodName(period: number, { start, length = 'P1D' }: { start?: string; length?: string }): string {
  if (start !== undefined && length === 'P1D') {
    const day = new Date(`${start}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + period);
    return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(day);
  }
  return t(length === 'P1D' ? 'period.day' : 'period.number', { n: period + 1 });
}

const PEOPLE: Record<string, Key> = {
  ...{ P1D: 'unit.people-days', P7D: 'unit.people-weeks', P1W: 'unit.people-weeks', PT1H: 'unit.people-hours' },
};
export const peopleUnit = (length = 'P1D'): string => t(PEOPLE[length] ?? 'unit.people-periods');

export const has = (key: string): key is Key => Object.hasOwn(messages, key);

/** Words of a scenario that have a name in the reader's language; others stay as they are written. */
const named = (group: 'mode' | 'stage' | 'unit', word: string, values = {}): string => {
  const key = `${group}.${word}`;
  return has(key) ? t(key, values) : word;
};
export const modeName = (mode: string): string => named('mode', mode);
export const stageName = (stage: string): string => named('stage', stage);
/** As so many of them are called. */
export const unitName = (unit: string, n = 2): string => named('unit', unit, { n });
/** "1,720 pieces" */
export const amount = (x: number, unit: string, digits?: number): string => `${num(x, digits)} ${unitName(unit, x)}`;

/** A number with so many of its digits, and with its sign where that is wanted. */
export const exact = (x: number, maximumSignificantDigits: number, signed = false): string =>
  format({ maximumSignificantDigits, ...(signed ? { signDisplay: 'exceptZero' } : {}) }).format(x);

/** "Priority: North valley", with the space that French has before a colon. */
export const colon = (what: string, value: string): string => t('colon', { what, value });

/** As a sentence or heading begins. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

/** "a, b and c" */
export const listed = (list: readonly string[]): string => joined(lists.formatToParts(list).map(({ value }) => value));
