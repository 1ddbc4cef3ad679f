/** What a verifier is given to judge contents by: the engine's own checks, which the ledger knows by these shapes alone. */
import type { Allocation, Scenario } from '../../engine/types.js';
import type { CheckField } from './fieldcheck.js';
import type { AmendmentDocument, ExplanationDocument } from './types.js';

/** Checks an allocation's certificate against its scenario without any solver; must not throw. */
export type CheckAllocation = (
  allocation: Allocation,
  scenario: Scenario,
) => { ok: boolean; faults: string[] } | Promise<{ ok: boolean; faults: string[] }>;

/** Checks what an allocation says of its efficient twin against that twin; must not throw. */
export interface CheckTwin {
  /** What to keep of an allocation, as it may be the twin of a later one. */
  facts(allocation: Allocation, scenario: Scenario): unknown;
  faults(allocation: Allocation, twin: unknown): string[];
}

/** Checks an explanation against its allocation and scenario without any solver; must not throw. */
export type CheckExplanation = (
  document: ExplanationDocument,
  allocation: Allocation,
  scenario: Scenario,
) => { ok: boolean; faults: string[] };

/** What speaks against the past of a scenario, given what it says that it was made of; must not throw. */
export type CheckPast = (
  scenario: Scenario,
  base: Scenario,
  before: { allocation: Allocation; scenario: Scenario },
  amendments: { digest: string; amendment: AmendmentDocument }[],
) => string[];

/** What is left out is bound to the record but not judged. */
export interface Checks {
  /** Of a certificate of optimality. */
  checkAllocation?: CheckAllocation | undefined;
  /** Of stated prices of fairness against the twins they name, where certificates are checked. */
  checkTwin?: CheckTwin | undefined;
  /** Of what an explanation says of itself, its allocation and its scenario. */
  checkExplanation?: CheckExplanation | undefined;
  /** Of reports from the field and of what they make of a scenario. */
  checkField?: CheckField | undefined;
  /** Of scenarios from which time has moved on. */
  checkPast?: CheckPast | undefined;
}
