/** What zod finds wrong with a request, in words that can be said in other languages; in English they are zod's own. */
import { z } from 'zod';
import { english, type Text, type Wording, wording } from '../scenarios/wording.js';

type Issue = z.core.$ZodIssue;

const DIGEST = wording`is 64 lowercase hexadecimal digits`;

/** What schemas say in words of their own. */
const OWN = new Map(
  [DIGEST, wording`is 1 to 255 printable characters without spaces`, wording`must not be empty`].map((said) => [
    english(said),
    said,
  ]),
);

/** The words of an issue; own ones of a schema that are not known here stay as they are. `input` of the issue must be known. */
export function wordsOfIssue(issue: Issue): Text {
  if (issue.message.startsWith('Invalid string: must match pattern ')) return wordsOfPattern(Object(issue).pattern);
  const said = words(issue);
  return english(said) === issue.message ? said : (OWN.get(issue.message) ?? issue.message);
}

/** A pattern is for programs: what it means, of those that fields of requests have. */
function wordsOfPattern(pattern: unknown): Wording {
  if (String(pattern).includes('[0-9a-f]{64}')) return DIGEST;
  return String(pattern).includes('\\p{C')
    ? wording`has characters that nobody can read: leave them out`
    : wording`has another form than is documented`;
}

function words(issue: Issue): Wording {
  switch (issue.code) {
    case 'invalid_type': {
      const received = z.core.util.parsedType(issue.input);
      return wording`Invalid input: expected ${typeName(issue.expected)}, received ${typeName(received)}`;
    }
    case 'invalid_value': {
      const values = z.core.util.joinValues(issue.values, '|');
      return issue.values.length === 1
        ? wording`Invalid input: expected ${values}`
        : wording`Invalid option: expected one of ${values}`;
    }
    case 'too_big':
      return tooBig(issue.origin, boundOf(issue.maximum, issue.exact, issue.inclusive ? '<=' : '<'));
    case 'too_small':
      return tooSmall(issue.origin, boundOf(issue.minimum, issue.exact, issue.inclusive ? '>=' : '>'));
    case 'invalid_format':
      return wording`Invalid ${FORMATS[issue.format] ?? issue.format}`;
    case 'unrecognized_keys': {
      const keys = z.core.util.joinValues(issue.keys, ', ');
      return issue.keys.length > 1 ? wording`Unrecognized keys: ${keys}` : wording`Unrecognized key: ${keys}`;
    }
    case 'not_multiple_of':
      return wording`Invalid number: must be a multiple of ${issue.divisor}`;
    default:
      return wording`Invalid input`;
  }
}

const boundOf = (limit: number | bigint, exact: boolean | undefined, sign: string): Text =>
  exact ? wording`exactly ${String(limit)}` : `${sign}${limit}`;

function tooBig(origin: string, bound: Text): Wording {
  if (origin === 'string') return wording`Too big: expected string to have ${bound} characters`;
  if (origin === 'array') return wording`Too big: expected array to have ${bound} items`;
  return wording`Too big: expected ${typeName(origin)} to be ${bound}`;
}

function tooSmall(origin: string, bound: Text): Wording {
  if (origin === 'string') return wording`Too small: expected string to have ${bound} characters`;
  if (origin === 'array') return wording`Too small: expected array to have ${bound} items`;
  return wording`Too small: expected ${typeName(origin)} to be ${bound}`;
}

const TYPES: Record<string, Text> = {
  nan: 'NaN',
  string: wording`string`,
  number: wording`number`,
  int: wording`int`,
  boolean: wording`boolean`,
  array: wording`array`,
  object: wording`object`,
  null: wording`null`,
  undefined: wording`undefined`,
};

const typeName = (type: string): Text => TYPES[type] ?? type;

const FORMATS: Record<string, Text> = {
  uuid: 'UUID',
  datetime: wording`ISO datetime`,
  date: wording`ISO date`,
  base64: wording`base64-encoded string`,
};
