/** Bodies that ask for a solve: a scenario by digest or inline, and how it is to be solved. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { MOST_TOLD } from '../scenarios/faults.js';
import { checkScenario, type Scenario } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import { inNameOf, keyOf } from './auth.js';
import { parseJson } from './body.js';
import type { Context } from './context.js';
import { scenarioProblem } from './errors.js';
import type { JobRequest } from './jobs/record.js';
import { speakTo } from './languages/asked.js';
import { ProblemError } from './problem.js';
import { mustHaveHappened } from './replanning.js';
import { cutMember, scenarioOf, validate } from './scenariobody.js';
import { SCENARIO } from './schemas/examples.js';
import type { JobView } from './schemas/job.js';

/**
 * What a body asks for, with a scenario that is on the record or is one. `around` is the schema of the body once a scenario that stood
 * in it was cut out and null put in its place.
 */
export async function readAsked<H extends { scenario: string | null; policy?: Scenario['policy'] }>(
  around: z.ZodType<H>,
  text: string,
  { ledger, reader }: Pick<Context, 'ledger' | 'reader'>,
) {
  const cut = cutMember(text, 'scenario');
  const { scenario, ...how } = validate(around, parseJson(cut?.rest ?? text), 'body');
  checkPolicy(how.policy);
  if (cut !== undefined) {
    const inline = await scenarioOf(reader, cut.member, cut.origin);
    await mustHaveHappened(ledger, inline);
    return { scenario: inline, ...how };
  }
  if (scenario === null)
    throw new ProblemError('invalid-request', wording`/scenario: name a digest or give a scenario.`, {
      errors: [{ pointer: '/scenario', detail: wording`is null`, mend: wording`name a digest or give a scenario` }],
    });
  if ((await ledger.receipt(scenario)) === undefined)
    throw new ProblemError(
      'unknown-scenario',
      wording`No scenario ${scenario} is on the record: POST it to /scenarios first.`,
    );
  return { scenario, ...how };
}

/** What can be wrong with a request for a solve, whatever is to be solved. */
export const ASKED_PROBLEMS = [
  'malformed-json',
  'invalid-request',
  'unknown-scenario',
  'idempotency-conflict',
  'too-large',
  'unsupported-media-type',
  'scenario-faulty',
  'ledger-unavailable',
  'overloaded',
  'stopping',
] as const;

/** Puts the scenario on the record if it is not, and the job on disk; answers 202 with where to look. */
export async function acceptJob(
  request: FastifyRequest,
  reply: FastifyReply,
  { ledger, jobs }: Pick<Context, 'ledger' | 'jobs'>,
  { scenario, ...how }: Omit<JobRequest, 'scenario'> & { scenario: string | Scenario },
  idempotencyKey: string | undefined,
): Promise<JobView> {
  const own = inNameOf(request);
  const key = keyOf(request, idempotencyKey);
  if (key === undefined) jobs.admit();
  const known = typeof scenario === 'string' ? scenario : (await ledger.recordScenario(scenario, own)).digest;
  const { job } = await jobs.submit({ ...how, scenario: known, ...own }, key);
  const view = jobs.view(job, speakTo(request, reply));
  reply.code(202).header('location', view.location);
  return view;
}

/** What fields alone do not show of a policy, found by the scenario's own checker: it looks at nothing else there. */
function checkPolicy(policy: Scenario['policy']): void {
  if (policy === undefined || typeof policy === 'string') return;
  const checked = checkScenario({ ...SCENARIO, policy }, MOST_TOLD);
  if (!checked.ok) throw scenarioProblem(checked);
}
