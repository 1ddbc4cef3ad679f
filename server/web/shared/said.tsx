/** Sentences of the engine and the record in the reader's language: made of their parts, with names in the place of ids. */
import type { ComparisonSaid } from '../../../engine/compare/said.js';
import type { ExplanationSaid } from '../../../engine/explain/said.js';
import type { AmendmentSaid } from '../../../scenarios/field/said.js';
import type { Between, Parts, Phrase } from '../../../scenarios/said.js';
import type { TraceSaid } from '../../reports/said.js';
import { policyName } from './plans.js';
import * as text from './text.js';
import { t } from './text.js';

export type Said = AmendmentSaid | ComparisonSaid | ExplanationSaid | TraceSaid;

await text.addMessages({
  en: async () => (await import('../messages/said/en.json')).default,
  fr: async () => (await import('../messages/said/fr.json')).default,
  zh: async () => (await import('../messages/said/zh.json')).default,
});

/** Of the scenario that is spoken of. */
export interface Around {
  names: ReadonlyMap<string, string>;
  periods: { start?: string; length?: string };
}

/** A phrase; words that no parts are known of stay as they are. */
export function say(phrase: Phrase, around: Around): string {
  if (typeof phrase === 'string') return text.spoken(phrase);
  // whoever made it made it of these kinds
  const { say: kind, ...parts } = phrase as Said;
  const n = 'n' in parts ? { n: parts.n } : {};
  const values = Object.entries(parts).map(([name, value]) => [
    name,
    sayPart(name as keyof Parts, value, parts, around),
  ]);
  return t(`say.${kind}`, { ...Object.fromEntries(values), ...n });
}

function sayPart(name: keyof Parts, value: unknown, among: object, around: Around): string {
  if (value === null) return t('say.unlimited');
  if (Array.isArray(value)) {
    if (name === 'periods') return text.listed(runs(value).map((run) => run.map((p) => period(p, around)).join(' – ')));
    // what the weights of a stage make of it adds nothing to what people get
    const plain = value.filter((one) => !(typeof one === 'object' && /^need\./.test(one.say)));
    const told = plain.length > 0 ? plain : value;
    return text.listed(told.map((one) => sayPart(SINGLE[name] ?? name, one, among, around)));
  }
  if (typeof value === 'number') return sayNumber(name, value, around);
  if (typeof value === 'object') {
    if ('lo' in value) return between(value as Between, name === 'gain');
    return say(value as Exclude<Phrase, string>, around);
  }
  return sayText(name, String(value), among, around);
}

const SINGLE: Partial<Record<keyof Parts, keyof Parts>> = { stages: 'stage', entries: 'entry', names: 'text' };
const period = (at: number, { periods }: Around): string => text.periodName(at, periods);

function sayNumber(name: keyof Parts, x: number, around: Around): string {
  if (name === 'share' || name === 'otherShare') return text.percent(x);
  if (name === 'period') return period(x, around);
  if (name === 'entry') return String(x);
  // plans are letters where they stand side by side
  if (name === 'plan' || name === 'other') return String.fromCharCode(65 + x);
  if (name === 'gap') return text.gapText(x);
  // whole lots of about a tonne
  return text.exact(x, name === 'tonnes' ? 4 : 12);
}

function sayText(name: keyof Parts, word: string, among: object, { names }: Around): string {
  if (name === 'unit' || name === 'otherUnit') return text.unitName(word, Reflect.get(among, 'amount'));
  if (name === 'mode') return text.modeName(word);
  if (name === 'stage') return text.stageName(word);
  if (name === 'field') return t(`of.${word as Parts['field']}`);
  if (name === 'policy') return policyName(word);
  if (name === 'at') return text.when(word);
  if (name === 'day') return text.periodName(0, { start: word });
  if (name === 'level' || name === 'org' || name === 'text') return word;
  return names.get(word) ?? text.spoken(word);
}

function between({ lo, hi }: Between, signed: boolean): string {
  const one = (x: number) => text.exact(x, 12, signed);
  return lo === hi ? one(lo) : t('say.between', { lo: one(lo), hi: one(hi) });
}

/** 2, 3, 4, 6 → [2, 4], [6] */
function runs(list: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const at of list) {
    const last = found.at(-1);
    const end = last?.at(-1);
    if (last && end === at - 1) last[1] = at;
    else found.push([at]);
  }
  return found;
}

/** Whether a phrase and all that is in it are of kinds that this page knows: its server may be newer. */
const known = (part: unknown): boolean =>
  typeof part !== 'object' ||
  part === null ||
  ((!('say' in part) || text.has(`say.${part.say}`)) && Object.values(part).every(known));

/** A sentence, or its English words where its parts are not known: of old documents. */
export function sentence(words: string, said: Phrase | undefined, around: Around): string {
  const told = said !== undefined && known(said) ? say(said, around) : text.spoken(words);
  // names of organisations are as they are
  if (typeof said === 'object' && 'org' in said) return told;
  return text.capital(told);
}

/** Sentences one below the other; over each the words that are on the record. */
export function Sentences({
  words,
  said,
  around,
}: {
  words: readonly string[];
  said?: readonly Phrase[];
  around: Around;
}) {
  return (
    <ul class="sentences">
      {words.map((one, i) => (
        <li key={one} title={one}>
          {sentence(one, said?.[i], around)}
        </li>
      ))}
    </ul>
  );
}
