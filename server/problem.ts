/** Errors as RFC 9457 problem details: one closed list of kinds, each with its status and title. */
import { printable, unlisted } from '../scenarios/faults.js';
import { english, type Text, wording } from '../scenarios/wording.js';
import type { Say } from './languages/languages.js';

export const problemKinds = {
  'malformed-json': { status: 400, title: wording`The body is not JSON` },
  'invalid-request': { status: 400, title: wording`The request does not have the form that is documented` },
  unauthorised: { status: 401, title: wording`It must be said who is asking` },
  forbidden: { status: 403, title: wording`That is for others to do` },
  'not-found': { status: 404, title: wording`There is nothing here` },
  'unknown-scenario': { status: 404, title: wording`No scenario with that digest is on the record` },
  'unknown-allocation': { status: 404, title: wording`No allocation with that digest is on the record` },
  'unknown-report': { status: 404, title: wording`No report with that digest is on the record` },
  'unknown-amendment': { status: 404, title: wording`No amendment with that digest is on the record` },
  'unknown-photo': { status: 404, title: wording`No photo with that digest was sent or is on the record` },
  'unknown-job': { status: 404, title: wording`No such job` },
  timeout: { status: 408, title: wording`The request took too long to arrive` },
  'idempotency-conflict': { status: 409, title: wording`The Idempotency-Key was used for another request` },
  'out-of-turn': { status: 409, title: wording`That step cannot be taken now, or not by you` },
  'amendment-conflict': { status: 409, title: wording`The reports contradict each other` },
  'too-large': { status: 413, title: wording`That is larger than this server takes` },
  'unsupported-media-type': { status: 415, title: wording`The body has a type or encoding that is not read here` },
  misdirected: { status: 421, title: wording`This server is asked under a name that is not its own` },
  'scenario-faulty': { status: 422, title: wording`The scenario has faults` },
  'report-faulty': { status: 422, title: wording`The report has faults` },
  'declaration-faulty': { status: 422, title: wording`That level cannot be declared so` },
  'signature-refused': { status: 422, title: wording`The signature, or what was signed, does not hold here` },
  'cannot-allocate': { status: 422, title: wording`This cannot be allocated as asked` },
  'rate-limited': { status: 429, title: wording`Too many requests` },
  'headers-too-large': { status: 431, title: wording`The headers are larger than this server takes` },
  internal: { status: 500, title: wording`The fault is ours` },
  overloaded: { status: 503, title: wording`The server is busy` },
  'ledger-unavailable': { status: 503, title: wording`Nothing can be recorded at present` },
  stopping: { status: 503, title: wording`The server is stopping` },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One thing that is wrong with a request; `pointer` (RFC 6901) is its place in the body, `/query/…` in the address. */
export interface ProblemDetail {
  pointer: string;
  detail: string;
  /** What is wrong, as a predicate: neither the place nor the mend, where `detail` has all three. */
  what?: string;
  mend?: string;
  /** How people name a place in tables: "Routes!B2", "Routes row 3". */
  place?: string;
  line?: number;
  column?: number;
}

/** The same before it is said in one language. */
export interface SaidDetail extends Omit<ProblemDetail, 'detail' | 'what' | 'mend' | 'place'> {
  detail: Text;
  what?: Text;
  mend?: Text;
  place?: Text;
}

/** The body of every answer that is not a success, `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  errors?: ProblemDetail[];
}

/** A problem before it is said in one language; plain data, so that it can be kept. */
export interface SaidProblem {
  kind: ProblemKind;
  detail: Text;
  errors: readonly SaidDetail[];
}

/** Thrown anywhere below a route; the error handler of `errors.ts` answers with it. `retryAfter` is in seconds. */
export class ProblemError extends Error {
  /** All of it, for readers of any language. */
  readonly said: SaidProblem;
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: ProblemKind,
    detail: Text,
    more: { errors?: readonly SaidDetail[]; retryAfter?: number } = {},
  ) {
    super(inEnglish(detail));
    this.name = 'ProblemError';
    this.said = { kind, detail, errors: more.errors ?? [] };
    unlisted(this, 'said');
    this.retryAfter = more.retryAfter;
  }

  /** In English, as the message. */
  get errors(): ProblemDetail[] {
    return this.said.errors.map((error) => detailIn(error, inEnglish));
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

const inEnglish: Say = (text) => printable(english(text));

/** A problem as it is answered; `instance` is the address that was asked. */
export function problemBody({ kind, detail, errors }: SaidProblem, say: Say, instance?: string): Problem {
  const { status, title } = problemKinds[kind];
  return {
    type: `urn:evenhand:problem:${kind}`,
    title: say(title),
    status,
    detail: say(detail),
    ...(instance === undefined ? {} : { instance }),
    ...(errors.length === 0 ? {} : { errors: errors.map((error) => detailIn(error, say)) }),
  };
}

function detailIn({ pointer, detail, what, mend, place, ...lines }: SaidDetail, say: Say): ProblemDetail {
  return {
    pointer,
    detail: say(detail),
    ...(what === undefined ? {} : { what: say(what) }),
    ...(mend === undefined ? {} : { mend: say(mend) }),
    ...(place === undefined ? {} : { place: say(place) }),
    ...lines,
  };
}
