/** What engine and scenarios can check of contents without a solver: whoever verifies a log passes all of it to the verifier. */
import { check, checkExplanation, checkTwin } from '../engine/index.js';
import type { Checks } from './ledger/index.js';
import { movedFaults } from './replanning.js';
import { checkField } from './reports/check.js';

export const CHECKS: Checks = {
  checkAllocation: check,
  checkTwin,
  checkExplanation,
  checkField,
  checkPast: movedFaults,
};
