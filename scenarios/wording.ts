/**
 * Words with what they are about kept apart, so that they can be said in another language too. As in gettext the English pattern is
 * the name of a wording: whoever translates looks for "is {0}, after the last period" and puts the values where they belong.
 */

/** Plain data, so that it passes between threads; `{0}` in the pattern stands for the first value. */
export interface Wording {
  readonly pattern: string;
  readonly values: readonly (Text | number)[];
}

/**
 * Any number of texts side by side, however many: one level deep, as nested pairs would end every walk over them. Of the pattern
 * "{0}, {1}" what lies between its two values lies between each two of the texts.
 */
export interface Listing {
  readonly between: string;
  readonly texts: readonly Text[];
}

/** A text that is no wording is the same in every language: a name, a number, what stands in a file. */
export type Text = string | Wording | Listing;

/** wording`is ${period}, after the last period` */
export function wording(strings: TemplateStringsArray, ...values: (Text | number)[]): Wording {
  return { pattern: strings.reduce((pattern, part, i) => `${pattern}{${i - 1}}${part}`), values };
}

const listing =
  ({ pattern }: Wording) =>
  (texts: readonly Text[]): Text =>
    texts.length < 2 ? (texts[0] ?? '') : { between: pattern, texts };

/** Several with commas between them. */
export const commas = listing(wording`${''}, ${''}`);

/** Several sentences in one. */
export const semicolons = listing(wording`${''}; ${''}`);

/** Several sentences, each of them whole. */
export const sentences = listing(wording`${''} ${''}`);

/** Several of which one is meant. */
export const oneOf = listing(wording`${''} or ${''}`);

/** Several of which any will do, where they are long. */
export const orElse = listing(wording`${''}, or ${''}`);

/** Several, the last after "and". */
export const allOf = (texts: readonly Text[]): Text =>
  texts.length < 2 ? (texts[0] ?? '') : wording`${commas(texts.slice(0, -1))} and ${texts.at(-1)!}`;

/** The same words about other things: each text in them that is no wording is changed, wherever it stands. */
export function mapText(text: Text, change: (plain: string) => Text): Text {
  if (typeof text === 'string') return change(text);
  if ('texts' in text) return { ...text, texts: text.texts.map((one) => mapText(one, change)) };
  return { ...text, values: text.values.map((value) => (typeof value === 'number' ? value : mapText(value, change))) };
}

/** The words in English. */
export const english = (text: Text): string => inLanguage(text, () => undefined);

/** How a language puts two pieces of a sentence side by side. */
export type Join = (left: string, right: string) => string;
const asTheyAre: Join = (left, right) => left + right;

/** The words in the language whose patterns `translated` knows by the English ones; English where it knows none. */
export function inLanguage(
  text: Text,
  translated: (pattern: string) => string | undefined,
  join: Join = asTheyAre,
): string {
  if (typeof text === 'string') return text;
  if ('texts' in text) {
    const pair = translated(text.between) ?? text.between;
    const between = pair.slice(pair.indexOf('{0}') + 3, pair.indexOf('{1}'));
    return text.texts.map((one) => inLanguage(one, translated, join)).join(between);
  }
  const { pattern, values } = text;
  const pieces = (translated(pattern) ?? pattern).split(/(\{\d+\})/);
  return pieces
    .map((piece) => (/^\{\d+\}$/.test(piece) ? said(values[Number(piece.slice(1, -1))], piece) : piece))
    .reduce(join);

  function said(value: Text | number | undefined, placeholder: string): string {
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? String(value) : inLanguage(value, translated, join);
  }
}
