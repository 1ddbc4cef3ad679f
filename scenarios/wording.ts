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

/** The same words about other things: each text in them that is no wording is changed, wherever it stands. */
export function mapText(text: Text, change: (plain: string) => Text): Text {
  if (typeof text === 'string') return change(text);
  return { ...text, values: text.values.map((value) => (typeof value === 'number' ? value : mapText(value, change))) };
}

/** The words in English. */
export const english = (text: Text): string => inLanguage(text, () => undefined);

/** The words in the language whose patterns `translated` knows by the English ones; English where it knows none. */
export function inLanguage(text: Text, translated: (pattern: string) => string | undefined): string {
  if (typeof text === 'string') return text;
  const { pattern, values } = text;
  return (translated(pattern) ?? pattern).replace(/\{(\d+)\}/g, (placeholder, at) => {
    const value = values[Number(at)];
    return value === undefined
      ? placeholder
      : typeof value === 'number'
        ? String(value)
        : inLanguage(value, translated);
  });
}
