/** How much a JSON text holds, counted before it is parsed: a list of nothing costs sixty bytes of memory and three of file. */
import { wording } from '../wording.js';
import { FormatError, inThousands, LIMITS } from './limits.js';

/** Features of features have no more. */
const DEEPEST = 32;

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [SQUARE, SQUARE_END, BRACE, BRACE_END] = [91, 93, 123, 125];

/** Throws FormatError where a text would come to more values than are read, or to lists in lists without end. */
export function refuseOversized(name: string, json: string): void {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < json.length; i++)
    switch (json.charCodeAt(i)) {
      case QUOTE:
        i = endOfText(json, i);
        break;
      case SQUARE:
      case BRACE:
        values++;
        if (++depth > DEEPEST)
          throw new FormatError(
            wording`${name} is nested over ${DEEPEST} levels deep, as no GeoJSON is: export it again.`,
          );
        break;
      case SQUARE_END:
      case BRACE_END:
        depth--;
        break;
      case COMMA:
        if (++values > LIMITS.values)
          throw new FormatError(
            wording`${name} has over ${inThousands(LIMITS.values)} values: simplify the outlines, and leave out properties that are not read.`,
          );
    }
}

/** The quote that ends the text which begins at `from`. */
function endOfText(json: string, from: number): number {
  for (let i = json.indexOf('"', from + 1); i >= 0; i = json.indexOf('"', i + 1)) {
    let slashes = 0;
    while (json.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return i;
  }
  return json.length; // the parser says so
}
