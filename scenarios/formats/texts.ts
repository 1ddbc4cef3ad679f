/** Texts of cells as they are kept: each by itself, and those that recur once. */

const KEPT_TEXTS = 10_000;
/** Longer ones do not recur. */
const LONGEST_KEPT = 64;
/** V8 copies what is shorter when it cuts it out of a text, and keeps a view of the text for what is not. */
const COPIED = 13;

/** Of a million rows most name the same few places and goods. */
export function keeper(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    if (text.length > LONGEST_KEPT) return apart(text);
    const before = kept.get(text);
    if (before !== undefined) return before;
    const own = apart(text);
    if (kept.size < KEPT_TEXTS) kept.set(own, own);
    return own;
  };
}

/** A text that does not hold the file around it: what is joined is written anew, what is cut out may be a view. */
export const apart = (text: string): string =>
  text.length < COPIED ? text : [text.slice(0, 1), text.slice(1)].join('');
