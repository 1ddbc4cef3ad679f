/** A scenario as the text of a file, piece by piece: the whole of a large one would be a string of 161 MB. */
import type { Scenario } from './schema.js';

/** Characters that a piece has at least, the last one aside. */
const PIECE = 1 << 18;

/** JSON.stringify of a scenario in pieces, for whoever writes them one after the other. */
export function* writeScenario(scenario: Scenario): Generator<string> {
  let piece = '';
  for (const part of parts(scenario)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Lists entry by entry: a depot or a region is small, their number is not. */
function* parts(scenario: Scenario): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(scenario)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    before = ',';
    if (!Array.isArray(value)) yield JSON.stringify(value);
    else if (value.length === 0) yield '[]';
    else {
      for (let i = 0; i < value.length; i++) yield `${i === 0 ? '[' : ','}${JSON.stringify(value[i])}`;
      yield ']';
    }
  }
  yield before === '{' ? '{}' : '}';
}
