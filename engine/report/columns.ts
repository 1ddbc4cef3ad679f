/** How wide a text is without measuring it. */

/** Letters of a text, those of East Asian scripts twice: as in a terminal's columns (Unicode UAX #11, its wide blocks). */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const letter of text) columns += WIDE.test(letter) ? 2 : 1;
  return columns;
};

const WIDE = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uff60]/u;
