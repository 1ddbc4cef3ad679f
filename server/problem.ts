/** Errors as RFC 9457 problem details: one closed list of kinds, each with its status and title. */

export const problemKinds = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request does not have the form that is documented' },
  unauthorised: { status: 401, title: 'It must be said who is asking' },
  forbidden: { status: 403, title: 'That is for others to do' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'unknown-scenario': { status: 404, title: 'No scenario with that digest is on the record' },
  'unknown-allocation': { status: 404, title: 'No allocation with that digest is on the record' },
  'unknown-report': { status: 404, title: 'No report with that digest is on the record' },
  'unknown-amendment': { status: 404, title: 'No amendment with that digest is on the record' },
  'unknown-photo': { status: 404, title: 'No photo with that digest was sent or is on the record' },
  'unknown-job': { status: 404, title: 'No such job' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  'idempotency-conflict': { status: 409, title: 'The Idempotency-Key was used for another request' },
  'out-of-turn': { status: 409, title: 'That step cannot be taken now, or not by you' },
  'amendment-conflict': { status: 409, title: 'The reports contradict each other' },
  'too-large': { status: 413, title: 'That is larger than this server takes' },
  'unsupported-media-type': { status: 415, title: 'The body has a type or encoding that is not read here' },
  misdirected: { status: 421, title: 'This server is asked under a name that is not its own' },
  'scenario-faulty': { status: 422, title: 'The scenario has faults' },
  'report-faulty': { status: 422, title: 'The report has faults' },
  'declaration-faulty': { status: 422, title: 'That level cannot be declared so' },
  'signature-refused': { status: 422, title: 'The signature, or what was signed, does not hold here' },
  'cannot-allocate': { status: 422, title: 'This cannot be allocated as asked' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are larger than this server takes' },
  internal: { status: 500, title: 'The fault is ours' },
  overloaded: { status: 503, title: 'The server is busy' },
  'ledger-unavailable': { status: 503, title: 'Nothing can be recorded at present' },
  stopping: { status: 503, title: 'The server is stopping' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One thing that is wrong with a request; `pointer` (RFC 6901) is its place in the body, `/query/…` in the address. */
export interface ProblemDetail {
  pointer: string;
  detail: string;
  mend?: string;
  line?: number;
  column?: number;
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

/** Thrown anywhere below a route; the error handler of `errors.ts` answers with it. `retryAfter` is in seconds. */
export class ProblemError extends Error {
  readonly errors: readonly ProblemDetail[];
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    more: { errors?: readonly ProblemDetail[]; retryAfter?: number } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.errors = more.errors ?? [];
    this.retryAfter = more.retryAfter;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

/** The plain data of a ProblemError; `instance` is the address that was asked. */
export function problemBody(error: ProblemError, instance?: string): Problem {
  const { status, title } = problemKinds[error.kind];
  return {
    type: `urn:evenhand:problem:${error.kind}`,
    title,
    status,
    detail: error.message,
    ...(instance === undefined ? {} : { instance }),
    ...(error.errors.length === 0 ? {} : { errors: [...error.errors] }),
  };
}
