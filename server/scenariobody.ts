/** Scenarios that arrive in a body: read as text, so that duplicate keys and places are reported. */
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { MOST_TOLD } from '../scenarios/faults.js';
import type { Scenario } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import { malformedProblem, type Origin, requestProblem, scenarioProblem } from './errors.js';
import { ProblemError } from './problem.js';
import type { Reader } from './reading/reader.js';
import { wordsOfIssue } from './requestwords.js';

/**
 * The scenario that a text is; `origin` is its place in the body it was cut from. Throws 'malformed-json' (400) where
 * it is not JSON, 'scenario-faulty' (422) with all faults, or the first thousand.
 */
export async function scenarioOf(reader: Reader, text: string, origin?: Origin): Promise<Scenario> {
  const read = await reader.read(text);
  if (read.ok) return read.scenario;
  throw read.malformed ? malformedProblem(read, origin) : scenarioProblem(read, origin);
}

/** The scenario of a workbook or a zip of CSV files. Throws 'scenario-faulty' (422) with all faults, each by its cell: /Routes/C7. */
export async function scenarioOfTables(reader: Reader, bytes: Uint8Array): Promise<Scenario> {
  const read = await reader.readTables(bytes);
  if (read.ok) return read.scenario;
  if ('refused' in read) throw new ProblemError('scenario-faulty', read.said);
  const errors = read.findings.map(({ sheet, cell, row, said: { message, what, mend, place } }) => ({
    pointer: pointerOf([sheet, ...(cell === undefined ? (row === undefined ? [] : [row]) : [cell])]),
    detail: message,
    what,
    mend,
    place,
  }));
  const { faults, more } = read;
  const count = faults === 1 ? wording`a fault` : more ? wording`${faults} and more faults` : wording`${faults} faults`;
  const detail = wording`The tables have ${count}; cells and mends are below.`;
  throw new ProblemError('scenario-faulty', detail, { errors });
}

export interface Cut {
  member: string;
  origin: Origin;
  rest: string;
}

/**
 * Cuts an object out of a body of `{ …, "name": { … }, … }`: its own text, and the rest with null in its place, so that
 * a scenario of tens of megabytes is parsed once and by its own reader. Undefined where there is no such object.
 */
export function cutMember(text: string, name: string): Cut | undefined {
  let depth = 0;
  let key: string | undefined;
  let from = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      if (depth === 1 && from < 0) key = text.slice(i + 1, end);
      i = end;
    } else if (c === OPEN || c === OPEN_LIST) {
      if (++depth === 2 && c === OPEN && key === name) from = i;
    } else if (c === CLOSE || c === CLOSE_LIST) {
      if (--depth === 1 && from >= 0)
        return {
          member: text.slice(from, i + 1),
          origin: { pointer: `/${name}`, ...placeOf(text.slice(0, from)) },
          rest: `${text.slice(0, from)}null${text.slice(i + 1)}`,
        };
    } else if (c === COMMA && depth === 1) key = undefined;
  }
  return undefined;
}

/** Line and column, from 1, of what follows a text. */
function placeOf(before: string): { line: number; column: number } {
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA] = [34, 92, 123, 125, 91, 93, 44];

/** Position of the quote that ends the string starting at `i`, or the end of the text. */
function endOfString(text: string, i: number): number {
  for (let end = text.indexOf('"', i + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** The body of a route that reads text; fastify leaves it undefined where none was sent. */
export function textBody(body: unknown): string {
  if (typeof body !== 'string' || body === '')
    throw new ProblemError(
      'malformed-json',
      wording`The body is empty: send JSON with Content-Type: application/json.`,
    );
  return body;
}

const textSchemas = new WeakSet<object>();

/** Marks the schema of a body that its handler reads as text: it documents, and the handler validates. */
export function asText<S extends z.ZodType>(schema: S): S {
  textSchemas.add(schema);
  return schema;
}

/** The schemas of routes, except for bodies that are read as text. What is wrong is the error that is thrown. */
export const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) =>
  textSchemas.has(schema) ? (value: unknown) => ({ value }) : (value: unknown) => validated(schema, value, httpPart);

/** A value as a schema has it. Throws 'invalid-request' with all that is wrong. */
export function validate<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const read = validated(schema, value, part);
  if ('error' in read) throw read.error;
  return read.value;
}

function validated<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: string | undefined,
): { value: z.output<S> } | { error: ProblemError } {
  // with what was found, as the words of some faults name its type
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  const told = parsed.error.issues.slice(0, MOST_TOLD);
  const faults = told.map((issue) => ({ pointer: pointerOf(issue.path), detail: wordsOfIssue(issue) }));
  return { error: requestProblem({ part, faults }) };
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
