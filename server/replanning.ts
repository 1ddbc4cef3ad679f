/** Time moves on, on the record: the plan in force, the scenario as it is known now, and the deliveries that were reported. */
import { CourseError, type MovedOn, moveOn, type PlanInForce } from '../engine/index.js';
import { type Amendment, type Declaration, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { english, sentences, type Text, wording } from '../scenarios/wording.js';
import type { LocalLedger } from './ledger/index.js';
import { ProblemError } from './problem.js';

/** An amendment on the record with the digest of its document. */
export interface RecordedAmendment {
  digest: string;
  seq: number;
  amendment: Amendment;
}

/** A level that was declared on the way. */
export interface RecordedDeclaration {
  seq: number;
  declaration: Declaration;
}

export type RecordedStep = RecordedAmendment | RecordedDeclaration;

/** Amendments that lead to a scenario, from the first one on; those that only brought deliveries stand where they came. */
export async function amendmentsTo(ledger: LocalLedger, scenario: string): Promise<RecordedAmendment[]> {
  return (await stepsTo(ledger, scenario)).filter((step) => 'amendment' in step);
}

/** The same with the levels of response that were declared between them. */
export async function stepsTo(ledger: LocalLedger, scenario: string): Promise<RecordedStep[]> {
  const found = new Map<number, RecordedStep>();
  for (const of of ledger.lives())
    for (const { digest: salted, seq } of of.amendments) {
      if (found.has(seq)) continue;
      const [digest, amendment] = [await ledger.contentName(salted), await ledger.amendment(salted)];
      if (digest !== undefined && amendment) found.set(seq, { digest, seq, amendment });
    }
  for (const { seq, content } of await ledger.declarations())
    if (content) found.set(seq, { seq, declaration: content });
  const all = [...found.values()].sort((a, b) => b.seq - a.seq);
  const chain: RecordedStep[] = [];
  let at = scenario;
  // backwards: each was recorded after its parent
  for (const one of all) {
    const { parent, scenario } = 'amendment' in one ? one.amendment : one.declaration;
    if (scenario !== at) continue;
    chain.unshift(one);
    at = parent;
  }
  return chain;
}

/** The plan in force and its scenario. Throws 'unknown-allocation', 'unknown-scenario'. */
export async function planInForce(ledger: LocalLedger, digest: string): Promise<PlanInForce> {
  const allocation = await ledger.allocation(digest);
  if (!allocation) throw new ProblemError('unknown-allocation', wording`No allocation ${digest} is on the record.`);
  const scenario = await ledger.scenario(allocation.scenario.digest);
  if (scenario) return { allocation, scenario };
  throw new ProblemError('unknown-scenario', wording`Scenario ${allocation.scenario.digest} was forgotten.`);
}

export interface Moving {
  /** As it is known now, with its digest; it is on the record. */
  scenario: Scenario;
  digest: string;
  before: PlanInForce;
  period: number;
}

/** Throws 'cannot-allocate' with all that speaks against it. */
export async function moveOnRecord(ledger: LocalLedger, moving: Moving): Promise<MovedOn> {
  const chain = await amendmentsTo(ledger, moving.digest);
  return moveOnWith(
    moving,
    chain.filter(({ amendment }) => amendment.deliveries.length > 0),
  );
}

export function moveOnWith(
  { scenario, before, period }: Omit<Moving, 'digest'>,
  amendments: readonly { digest: string; amendment: Amendment }[],
): MovedOn {
  const deliveries = amendments.flatMap(({ amendment }) =>
    amendment.deliveries.filter(({ depart }) => depart < period),
  );
  try {
    return moveOn({ scenario, before, period, deliveries, amendments: amendments.map(({ digest }) => digest) });
  } catch (error) {
    if (!(error instanceof CourseError)) throw error;
    const errors = error.said.map((detail) => ({ pointer: '/after', detail }));
    throw new ProblemError(
      'cannot-allocate',
      wording`The plan cannot be made anew from there, for the reasons below.`,
      {
        errors,
      },
    );
  }
}

/**
 * What speaks against a scenario's past, where it says what that was made of: the scenario without it, the plan that was followed and
 * the amendments that brought deliveries. Anybody who has these makes the very same. Never throws.
 */
export function movedFaults(...asked: Parameters<typeof pastFaults>): string[] {
  return pastFaults(...asked).map(english);
}

function pastFaults(
  scenario: Scenario,
  base: Scenario,
  before: PlanInForce,
  amendments: readonly { digest: string; amendment: Amendment }[],
): Text[] {
  const { after } = scenario;
  if (!after) return [];
  try {
    const made = moveOnWith({ scenario: base, before, period: after.period }, amendments).scenario;
    return scenarioDigest(made) === scenarioDigest(scenario)
      ? []
      : [wording`its past is not what the plan that it names and the deliveries reported make of it`];
  } catch (error) {
    if (!(error instanceof ProblemError)) return [error instanceof Error ? error.message : String(error)];
    const { detail, errors } = error.said;
    return [sentences([detail, ...errors.map((error) => error.detail)])];
  }
}

/** The same for a scenario that is to be recorded, as far as what it names is on the record. */
export async function movedFaultsOnRecord(ledger: LocalLedger, { after, ...rest }: Scenario): Promise<Text[]> {
  if (after?.base === undefined || after.allocation === undefined) return [];
  const base = await ledger.scenario(after.base);
  const allocation = await ledger.allocation(after.allocation);
  const scenario = allocation && (await ledger.scenario(allocation.scenario.digest));
  if (!base || !allocation || !scenario) return [];
  const amendments: { digest: string; amendment: Amendment }[] = [];
  for (const digest of after.amendments ?? []) {
    const amendment = await ledger.amendment(digest);
    if (!amendment) return [];
    amendments.push({ digest, amendment });
  }
  return pastFaults({ ...rest, after }, base, { allocation, scenario }, amendments);
}

/** Throws 'scenario-faulty' where a scenario says of its past what the record does not. */
export async function mustHaveHappened(ledger: LocalLedger, scenario: Scenario): Promise<void> {
  const faults = await movedFaultsOnRecord(ledger, scenario);
  const [first] = faults;
  if (first === undefined) return;
  const mend = wording`let POST /allocations with after and period write it, or leave out base and allocation`;
  const errors = faults.map((detail) => ({ pointer: '/after', detail, mend }));
  throw new ProblemError('scenario-faulty', wording`The scenario has a fault: ${first}.`, { errors });
}
