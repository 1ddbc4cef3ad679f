/**
 * What a sentence says, in parts: its kind, ids, numbers and units, of which a reader's own language makes the sentence with names in
 * the place of ids. The English words are made of the same parts.
 */

/** Known to lie between two numbers, which may be the same. */
export interface Between {
  lo: number;
  hi: number;
}

/** A sentence or a part of one; words where no parts are known, as of records of old. */
export type Phrase = { say: string } | string;

/** What a part is, by its name, whatever the sentence. */
export interface Parts {
  /** Ids, which a scenario may have names for: `rival` is a second region. */
  region: string;
  rival: string;
  resource: string;
  site: string;
  from: string;
  to: string;
  /** As they are written: modes of transport, tiers and organisations, response levels, free words, policies of one's own. */
  mode: string;
  names: readonly string[];
  level: string;
  text: string;
  org: string;
  policy: string;
  /** A unit of the scenario, of people ("people-days"), or a currency; "money" where none is stated. */
  unit: string;
  otherUnit: string;
  stage: string;
  stages: readonly string[];
  field: Field;
  /** Periods, from 0. */
  period: number;
  periods: readonly number[];
  /** ISO 8601: a moment, a day. */
  at: string;
  day: string;
  /** Entries of the record. */
  entry: number;
  entries: readonly number[];
  /** Plans by their position, from 0. */
  plan: number;
  other: number;
  /** How many, which decides between singular and plural. */
  n: number;
  of: number;
  amount: number;
  tonnes: number;
  was: number;
  /** Parts of one. */
  share: number;
  otherShare: number;
  gap: number;
  range: Between;
  /** As `range`, with its sign. */
  gain: Between;
  /** null: no limit. */
  before: Phrase | number | null;
  after: Phrase | number | null;
  what: Phrase;
  limit: Phrase;
  who: Phrase;
  list: readonly Phrase[];
  because: readonly Phrase[];
}

/** Figures of a scenario that two of them may differ in. */
export type Field =
  | ('unit' | 'weight' | 'lot' | 'kind' | 'peoplePerUnit' | 'importance')
  | ('handling' | 'storage' | 'priority' | 'floor')
  | ('km' | 'lead' | 'capacity' | 'cost' | 'closed' | 'tonneKm');

/** Kinds of sentences, each with the names of its parts. */
export type Kinds = Readonly<Record<string, readonly (keyof Parts)[]>>;

/** What can be said with such kinds. */
export type SaidOf<K extends Kinds> = { [S in keyof K & string]: { say: S } & Pick<Parts, K[S][number]> }[keyof K &
  string];

/** One of them. */
export type SaidAs<T extends { say: string }, S extends T['say']> = Extract<T, { say: S }>;

/** How each kind is said in words. */
export type InWords<T extends { say: string }, Context extends unknown[] = []> = {
  [S in T['say']]: (parts: SaidAs<T, S>, ...context: Context) => string;
};

/** Words of something said; words stay as they are. */
export function inWords<T extends { say: string }, Context extends unknown[]>(
  words: InWords<T, Context>,
  said: Phrase,
  ...context: Context
): string {
  // whoever made a phrase made it of these kinds
  return typeof said === 'string' ? said : words[said.say as T['say']](said as SaidAs<T, T['say']>, ...context);
}
