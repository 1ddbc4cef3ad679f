/** Bodies that ask for a solve: a scenario by digest or inline, and how it is to be solved. */
import type { z } from 'zod';
import { checkScenario, type Scenario } from '../scenarios/index.js';
import { parseJson } from './body.js';
import type { Context } from './context.js';
import { scenarioProblem } from './errors.js';
import { ProblemError } from './problem.js';
import { cutMember, scenarioOf, validate } from './scenariobody.js';
import { SCENARIO } from './schemas/examples.js';

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
  if (cut !== undefined) return { scenario: await scenarioOf(reader, cut.member, cut.origin), ...how };
  if (scenario === null)
    throw new ProblemError('invalid-request', '/scenario: name a digest or give a scenario.', {
      errors: [{ pointer: '/scenario', detail: 'is null', mend: 'name a digest or give a scenario' }],
    });
  if ((await ledger.receipt(scenario)) === undefined)
    throw new ProblemError(
      'unknown-scenario',
      `No scenario ${scenario} is on the record: POST it to /scenarios first.`,
    );
  return { scenario, ...how };
}

/** What fields alone do not show of a policy, found by the scenario's own checker: it looks at nothing else there. */
function checkPolicy(policy: Scenario['policy']): void {
  if (policy === undefined || typeof policy === 'string') return;
  const checked = checkScenario({ ...SCENARIO, policy });
  if (!checked.ok) throw scenarioProblem(checked.faults);
}
