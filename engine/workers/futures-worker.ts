/** Runs in a worker thread: solves a base, or a few futures of one that is shared. */
import { complete, type Scenario } from '../../scenarios/index.js';
import type { Text } from '../../scenarios/wording.js';
import { AllocateError, type AllocateErrorKind } from '../errors.js';
import { type Course, type Found, openCourse, prepareBase } from '../futures/course.js';
import type { Figures } from '../futures/figures.js';
import type { Base } from '../futures/shared.js';
import { compileNetwork } from '../network.js';
import { compilePolicy } from '../policy.js';
import { nothingToGain } from '../solve/choose.js';
import { declineDirect } from '../solve/direct/form.js';
import type { PolicyName, Stage } from '../types.js';

/** `base` has a number of its own for each call of `solveFutures`, by which threads know it again. */
export type FuturesTask =
  | { kind: 'base'; scenario: Scenario; policy: PolicyName | Stage[] | undefined; gap: number }
  | { kind: 'futures'; number: number; base: Base; figures: Figures[]; gap: number };

export type FuturesOutcome =
  | { kind: 'base'; base: Base; stages: Stage['stage'][] }
  /** The scenario is not one for the ascent, and why. */
  | { kind: 'declined'; why: string }
  | { kind: 'futures'; found: Found[] }
  | { kind: 'error'; error: AllocateErrorKind; said: Text };

/** The last base this thread worked on, laid out. */
let open: { number: number; course: Course } | undefined;

export default function futuresInWorker(task: FuturesTask): FuturesOutcome {
  try {
    return task.kind === 'base' ? solveBase(task) : solveSome(task);
  } catch (error) {
    if (error instanceof AllocateError) return { kind: 'error', error: error.kind, said: error.said };
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    return { kind: 'error', error: 'internal', said: message };
  }
}

function solveBase({ scenario, policy: asked, gap }: Extract<FuturesTask, { kind: 'base' }>): FuturesOutcome {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(asked ?? scenario.policy);
  if (scenario.after) return { kind: 'declined', why: 'time has moved on, and what was sent before stays as it was' };
  const stages = policy.stages.map((s) => s.stage);
  const live = stages.flatMap((_, s) => (nothingToGain(network, policy, s) ? [] : [s]));
  const [stage] = live;
  if (stage === undefined) return { kind: 'declined', why: 'the policy has nothing to gain' };
  if (live.length > 1) return { kind: 'declined', why: `the policy has ${live.length} stages to keep` };
  const why = declineDirect(network, policy, stage);
  if (why !== null) return { kind: 'declined', why };
  return { kind: 'base', base: prepareBase(network, policy, stage, gap), stages };
}

function solveSome({ number, base, figures, gap }: Extract<FuturesTask, { kind: 'futures' }>): FuturesOutcome {
  if (open?.number !== number) {
    open = undefined;
    open = { number, course: openCourse(base) };
  }
  const { course } = open;
  return { kind: 'futures', found: figures.map((f) => course.solve(f, gap)) };
}
