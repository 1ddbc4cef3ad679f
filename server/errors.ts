/** From whatever was thrown to a problem that may be shown: expected failures by name, all else without its insides. */
import { AllocateError } from '../engine/index.js';
import { MOST_TOLD } from '../scenarios/faults.js';
import { inThousands } from '../scenarios/formats/limits.js';
import { type Fault, ScenarioError } from '../scenarios/index.js';
import { type Text, wording } from '../scenarios/wording.js';
import { DeclarationError } from './declaring.js';
import { wordsOf } from './languages/words.js';
import { LedgerRefusal } from './ledger/index.js';
import { ProblemError, type ProblemKind, type SaidDetail } from './problem.js';
import { AmendmentConflict, conflictProblem } from './reports/amending.js';
import { ReportError } from './reports/filing.js';

/** The problem behind an error. Anything unexpected becomes 'internal' and says nothing of its cause. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ScenarioError) return scenarioProblem(error);
  if (error instanceof ReportError) return faultyProblem('report-faulty', error.faults);
  if (error instanceof DeclarationError) return faultyProblem('declaration-faulty', error.faults);
  if (error instanceof AmendmentConflict) return conflictProblem(error);
  if (error instanceof LedgerRefusal) return ledgerProblem(error);
  if (error instanceof AllocateError) return allocateProblem(error);
  return fastifyProblem(error) ?? new ProblemError('internal', wording`The server failed; its log says how.`);
}

/** Where a scenario begins in the body that it came in; lines and columns count from 1. */
export interface Origin {
  pointer: string;
  line: number;
  column: number;
}

const WHOLE: Origin = { pointer: '', line: 1, column: 1 };

/** What was found, as far as anybody looked. */
interface Found {
  faults: readonly Fault[];
  more?: boolean;
}

/** A text that is not JSON, or that two readers may read differently: at least one fault. */
export function malformedProblem({ faults }: Found, origin = WHOLE): ProblemError {
  const errors = faults.slice(0, MOST_TOLD).map((fault) => detailOf(fault, origin));
  const { line, column = 1 } = errors[0]!;
  const where = line === undefined ? wording`The body` : wording`Line ${line}, column ${column}`;
  const { found, mend } = faults[0]!.said;
  return new ProblemError('malformed-json', wording`${where}: found ${found}: ${mend}.`, { errors });
}

/** The faults of a scenario, as many as are told. */
export function scenarioProblem({ faults, more = false }: Found, origin = WHOLE): ProblemError {
  const errors = faults.slice(0, MOST_TOLD).map((fault) => detailOf(fault, origin));
  return new ProblemError('scenario-faulty', summary(errors.length, more || errors.length < faults.length), { errors });
}

function summary(told: number, more: boolean): Text {
  if (more)
    return wording`The scenario has over ${inThousands(told)} faults; the first of them are below, each with its place and mend.`;
  return told === 1
    ? wording`The scenario has a fault; its place and mend are below.`
    : wording`The scenario has ${told} faults, each with its place and mend below.`;
}

/** The faults of a report, of the place that a verification names, or of a declaration. */
function faultyProblem(kind: 'report-faulty' | 'declaration-faulty', faults: readonly Fault[]): ProblemError {
  const errors = faults
    .slice(0, MOST_TOLD)
    .map(({ pointer, said: { message, what, mend } }) => ({ pointer, detail: message, what, mend }));
  const detail =
    errors.length === 1 ? errors[0]!.detail : wording`There are ${faults.length} faults, each with its mend below.`;
  return new ProblemError(kind, detail, { errors });
}

function detailOf({ pointer, said, line, column }: Fault, origin: Origin): SaidDetail {
  const { found, what, mend, message } = said;
  const at = origin.pointer + pointer;
  if (line === undefined || column === undefined) return { pointer: at, detail: message, what, mend };
  return {
    pointer: at,
    // What is wrong with JSON itself says its line in words, which are those of the scenario alone.
    ...(pointer === '' ? { detail: wording`found ${found}` } : { detail: message, what }),
    mend,
    line: line + origin.line - 1,
    column: line === 1 ? column + origin.column - 1 : column,
  };
}

function ledgerProblem({ detail, said, unknown }: LedgerRefusal): ProblemError {
  switch (detail) {
    case 'conflict':
      return new ProblemError('idempotency-conflict', said);
    case 'unknown':
      return new ProblemError(`unknown-${unknown ?? 'allocation'}`, said);
    case 'too-large':
      return new ProblemError('too-large', said);
    case 'author':
      return new ProblemError('signature-refused', said);
    case 'step':
      return new ProblemError('out-of-turn', said);
    case 'busy':
      return new ProblemError('overloaded', said, { retryAfter: 1 });
    case 'read-only':
    case 'full':
    case 'closed':
      return new ProblemError('ledger-unavailable', said, { retryAfter: 60 });
  }
}

function allocateProblem(error: AllocateError): ProblemError {
  if (error.kind === 'too-large' || error.kind === 'unsupported')
    return new ProblemError('cannot-allocate', wordsOf(error));
  // 'worker' and 'internal' are ours; their message is for the log.
  return new ProblemError('internal', wording`The solve failed through no fault of the scenario; the log says how.`);
}

interface RequestFault {
  /** Which part of a request it is about, as fastify names it. */
  part: string | undefined;
  /** Each with its pointer in that part. */
  faults: readonly { pointer: string; detail: Text }[];
}

/** A request that is not as its schema has it; all places at once. */
export function requestProblem({ part, faults }: RequestFault): ProblemError {
  const place = { querystring: '/query', params: '/path', headers: '/headers' }[part ?? ''] ?? '';
  const errors = faults.map(({ pointer, detail }): SaidDetail => ({ pointer: place + pointer, detail }));
  const first = errors[0];
  const where = first === undefined || first.pointer === '' ? wording`the body` : first.pointer;
  return new ProblemError('invalid-request', wording`${where}: ${first?.detail ?? wording`is not as documented`}`, {
    errors,
  });
}

const BY_CODE: Record<string, [ProblemKind, Text]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', wording`Send JSON with Content-Type: application/json.`],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', wording`The body is larger than is read here.`],
  FST_ERR_BAD_URL: [
    'not-found',
    wording`The address has a % that stands for nothing: after it come two hexadecimal digits of a UTF-8 byte.`,
  ],
};

const BY_STATUS: Record<number, ProblemKind> = { 404: 'not-found', 413: 'too-large', 415: 'unsupported-media-type' };

/** Errors that fastify and its plugins raise carry a code and a status. */
function fastifyProblem(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  const status: unknown = Reflect.get(error, 'statusCode');
  const known = typeof code === 'string' ? BY_CODE[code] : undefined;
  if (known !== undefined) return new ProblemError(...known);
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return new ProblemError(BY_STATUS[status] ?? 'invalid-request', error.message);
}
