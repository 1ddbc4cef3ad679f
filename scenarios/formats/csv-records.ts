/** The records of a CSV text (RFC 4180), one after the other, so that none that is too long is ever held. */
import { type Text, wording } from '../wording.js';
import { FormatError, inThousands, LIMITS } from './limits.js';

const [QUOTE, RETURN, NEWLINE] = [34, 13, 10];

const OPEN = wording`a quote is opened and never closed; write "" for a quote within quotes`;
const WITHIN = wording`a quote stands within a text that does not begin with one; put the whole text in quotes, with "" for each quote`;
const BEHIND = wording`something follows a closing quote; write "" for a quote within quotes`;

/**
 * Hands on each record with its number from 1; empty lines are counted and not handed on. Lines end as the first of them does, by
 * a carriage return alone where an old program wrote them so. Throws FormatError with the line where quotes do not match, and over a limit.
 */
export function eachRecord(
  name: string,
  text: string,
  delimiter: string,
  take: (cells: string[], number: number) => void,
): void {
  const separator = delimiter.charCodeAt(0);
  const old = endsByReturn(text);
  let at = 0;
  let line = 1;
  const fail = (inLine: number, why: Text) => new FormatError(wording`${name} breaks in line ${inLine}: ${why}.`);
  const tooLong = () =>
    new FormatError(
      wording`${name} has a cell of over ${inThousands(LIMITS.csvCell)} characters in line ${line}: a quote may not be closed.`,
    );

  const quoted = (): string => {
    const opened = line;
    let cell = '';
    for (let from = at + 1; ; ) {
      const close = text.indexOf('"', from);
      if (close < 0) throw fail(opened, OPEN);
      const twice = text.charCodeAt(close + 1) === QUOTE;
      cell += text.slice(from, twice ? close + 1 : close);
      if (cell.length > LIMITS.csvCell) throw tooLong();
      from = close + 2;
      if (twice) continue;
      at = close + 1;
      line += linesIn(cell);
      return cell;
    }
  };
  const plain = (): string => {
    const from = at;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === separator || ends(c)) break;
      if (c === QUOTE) throw fail(line, WITHIN);
    }
    if (at - from > LIMITS.csvCell) throw tooLong();
    return text.slice(from, at);
  };
  /** Whether a line ends here. A return before a newline is part of the end. */
  const ends = (c: number): boolean => c === NEWLINE || (c === RETURN && (old || text.charCodeAt(at + 1) === NEWLINE));

  for (let number = 1; at < text.length; number++) {
    const cells: string[] = [];
    for (;;) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      cells.push(isQuoted ? quoted() : plain());
      if (cells.length > LIMITS.columns)
        throw new FormatError(
          wording`${name} has over ${inThousands(LIMITS.columns)} columns in line ${line}: split it.`,
        );
      const c = text.charCodeAt(at);
      if (c === separator) {
        at++;
        continue;
      }
      if (at < text.length && !ends(c)) throw fail(line, BEHIND);
      at += c === RETURN && text.charCodeAt(at + 1) === NEWLINE ? 2 : 1;
      line++;
      break;
    }
    if (cells.length > 1 || cells[0] !== '') take(cells, number);
  }
}

/** Whether lines end by carriage returns alone. */
function endsByReturn(text: string): boolean {
  const first = text.indexOf('\r');
  const newline = text.indexOf('\n');
  return first >= 0 && newline < 0;
}

function linesIn(cell: string): number {
  let lines = 0;
  for (let i = cell.indexOf('\n'); i >= 0; i = cell.indexOf('\n', i + 1)) lines++;
  return lines;
}
