/** What JSON.parse does not tell: where a text breaks, how deep it goes, and what two readers may read differently. */
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { type Fault, fault, MOST_FAULTS, show } from './faults.js';
import { survives } from './numbers.js';
import { type Text, wording } from './wording.js';

/** A scenario is six levels deep; the walk below is recursive and must not be led into the ground. */
const DEEPEST = 64;

class TooDeep extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/**
 * Faults of a text as JSON, with places: `fatal` is the first break or nesting over 64 levels, after which nothing
 * else can be said; `ambiguous` has every key that comes a second time in its object, every key `__proto__` and every
 * number that is another one when it was read, up to `most`, after which it only looks for what is fatal.
 */
export function syntaxFaults(text: string, most = MOST_FAULTS): { fatal?: Fault; ambiguous: Fault[]; more: boolean } {
  const ambiguous: Fault[] = [];
  let more = false;
  const doubt = (make: () => Fault, line: number, character: number) => {
    if (ambiguous.length < most) ambiguous.push({ ...make(), line: line + 1, column: character + 1 });
    else more = true;
  };
  let broken: Fault | undefined;
  let depth = 0;
  const keys: Set<string>[] = [];
  const enter = (line: number, character: number) => {
    if (++depth <= DEEPEST) return;
    const deep = fault(
      [],
      wording`nesting over ${DEEPEST} levels`,
      wording`is nested over ${DEEPEST} levels deep`,
      wording`compare with the format`,
    );
    throw new TooDeep({ ...deep, line: line + 1, column: character + 1 });
  };
  try {
    visit(
      text,
      {
        onObjectBegin: (_offset, _length, line, character) => {
          enter(line, character);
          keys.push(new Set());
        },
        onObjectEnd: () => {
          depth--;
          keys.pop();
        },
        onArrayBegin: (_offset, _length, line, character) => enter(line, character),
        onArrayEnd: () => {
          depth--;
        },
        onObjectProperty: (name, _offset, _length, line, character, path) => {
          const seen = keys[keys.length - 1];
          const is = (what: Text, mend: Text) =>
            doubt(() => fault([...path(), name], show(name), what, mend), line, character);
          if (seen?.has(name)) is(wording`is there a second time`, wording`keep one of the two`);
          seen?.add(name);
          if (name === '__proto__') is(wording`is no name of a field`, wording`remove it or name it otherwise`);
        },
        onLiteralValue: (value: unknown, offset, length, line, character, path) => {
          if (typeof value !== 'number' || survives(text.slice(offset, offset + length), value)) return;
          const written = text.slice(offset, offset + Math.min(length, 40));
          const mend = wording`write a number of at most 15 digits that a double can hold, or a text`;
          doubt(() => fault([...path()], written, wording`is read as ${value}`, mend), line, character);
        },
        onError: (code, offset, length, line, character) => {
          broken ??= breakAt(text, code, offset, length, line + 1, character + 1);
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { fatal: error.fault, ambiguous, more };
  }
  return { ...(broken === undefined ? {} : { fatal: broken }), ambiguous, more };
}

/** By the name that printParseErrorCode gives. */
const EXPECTED: Readonly<Record<string, Text>> = {
  InvalidSymbol: wording`write a name or text in double quotes, a number, true, false, null, a list or an object`,
  InvalidNumberFormat: wording`write a number such as 12 or 0.5`,
  PropertyNameExpected: wording`write a field name in double quotes here, or remove the comma before`,
  ValueExpected: wording`write a value here, or remove the comma before`,
  ColonExpected: wording`write a colon between the field name and its value`,
  CommaExpected: wording`write a comma between two entries`,
  CloseBraceExpected: wording`close the object with }`,
  CloseBracketExpected: wording`close the list with ]`,
  EndOfFileExpected: wording`remove what follows the end of the object`,
  InvalidCommentToken: wording`remove the comment; JSON has none`,
  UnexpectedEndOfComment: wording`remove the comment; JSON has none`,
  UnexpectedEndOfString: wording`close the text with a double quote; a line break inside it is written \\n`,
  UnexpectedEndOfNumber: wording`finish the number`,
  InvalidUnicode: wording`write four hexadecimal digits after \\u`,
  InvalidEscapeCharacter: wording`write \\\\ for a backslash`,
  InvalidCharacter: wording`write a line break or tab inside a text as \\n or \\t`,
};

function breakAt(
  text: string,
  code: ParseErrorCode,
  offset: number,
  length: number,
  line: number,
  column: number,
): Fault {
  const found =
    offset >= text.length ? wording`the end of the file` : show(text.slice(offset, offset + Math.max(1, length)));
  const mend = EXPECTED[printParseErrorCode(code)] ?? wording`mend this: ${printParseErrorCode(code)}`;
  return {
    ...fault([], found, wording`is not JSON at line ${line}, column ${column}, where ${found} was found`, mend),
    line,
    column,
  };
}
