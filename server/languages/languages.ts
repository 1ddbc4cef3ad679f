/** The languages that people are told in what went wrong, and the catalogues that have the words. */
import { readdirSync, readFileSync } from 'node:fs';
import { printable } from '../../scenarios/faults.js';
import { english, inLanguage, type Text } from '../../scenarios/wording.js';
import { joinChinese } from './spacing.js';

export const LANGUAGES = ['en', 'fr', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
/** English needs no catalogue: its patterns stand in the code. */
export type Translated = Exclude<Language, 'en'>;

/** Says a text in one language; where that has no words for it, in English. Control characters, which come from files, are escaped. */
export type Say = (text: Text) => string;

/** From dist/server/languages/ to the catalogues beside the source. */
const FOLDER = new URL('../../../server/languages/', import.meta.url);

const catalogues = new Map<Translated, ReadonlyMap<string, string>>();

/** All translations of a language by the English pattern, read once. Throws where two files disagree on one. */
export function catalogueOf(language: Translated): ReadonlyMap<string, string> {
  const known = catalogues.get(language) ?? readCatalogue(new URL(`${language}/`, FOLDER));
  catalogues.set(language, known);
  return known;
}

/** All files of a folder, each an object from pattern to translation, as one. */
export function readCatalogue(folder: URL): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    // what these files hold is held by the tests
    const words = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, string>;
    for (const [pattern, translation] of Object.entries(words)) {
      const before = all.get(pattern);
      if (before !== undefined && before !== translation)
        throw new Error(
          `${name} says ${JSON.stringify(pattern)} in other words than a file before it: make them agree`,
        );
      all.set(pattern, translation);
    }
  }
  return all;
}

export function sayIn(language: Language): Say {
  if (language === 'en') return (text) => printable(english(text));
  const words = catalogueOf(language);
  const join = language === 'zh' ? joinChinese : undefined;
  return (text) => printable(inLanguage(text, (pattern) => words.get(pattern), join));
}
