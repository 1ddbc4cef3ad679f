/**
 * Words with what they are about kept apart, so that they can be said in another language too. As in gettext the English pattern is
 * the name of a wording: whoever translates looks for "is {0}, after the last period" and puts the values where they belong.
 */

/** Plain data, so that it passes between threads; `{0}` in the pattern stands for the first value. */
export interface Wording {
  readonly pattern: string;
  readonly values: readonly (Text | number)[];
}

/** A text that is no wording is the same in every language: a name, a number, what stands in a file. */
export type Text = string | Wording;

/** wording`is ${period}, after the last period` */
export function wording(strings: TemplateStringsArray, ...values: (Text | number)[]): Wording {
  return { pattern: strings.reduce((pattern, part, i) => `${pattern}{${i - 1}}${part}`), values };
}

/** Several with commas between them. */
export const commas = (texts: readonly Text[]): Text =>
  texts.length === 0 ? '' : texts.reduce((all, one) => wording`${all}, ${one}`);

/** Several sentences in one. */
export const semicolons = (texts: readonly Text[]): Text =>
  texts.length === 0 ? '' : texts.reduce((all, one) => wording`${all}; ${one}`);

/** Several, the last after "and". */
export const allOf = (texts: readonly Text[]): Text =>
  texts.length < 2 ? (texts[0] ?? '') : wording`${commas(texts.slice(0, -1))} and ${texts.at(-1)!}`;

/** Several of which any will do. */
export const orElse = (texts: readonly Text[]): Text => texts.reduce((all, one) => wording`${all}, or ${one}`);

/** The same words about other things: each text in them that is no wording is changed, wherever it stands. */
export function mapText(text: Text, change: (plain: string) => Text): Text {
  if (typeof text === 'string') return change(text);
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
