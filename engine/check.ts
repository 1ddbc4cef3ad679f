/** Everything that an allocation states: the proof, and the price of fairness beside it. */
import type { Scenario } from '../scenarios/index.js';
import { priceFaults } from './price.js';
import { type CheckResult, check as checkProof } from './proof/check.js';
import type { Allocation } from './types.js';

/**
 * Checks an allocation against its scenario. Anything that is not exactly as stated is a fault; nothing is thrown. A price of fairness
 * is checked as far as plan and scenario go; that its twin is as stated shows where both are on a ledger.
 */
export function check(allocation: Allocation, scenario: Scenario): CheckResult {
  const proof = checkProof(allocation, scenario);
  if (!proof.ok) return proof;
  let faults: string[];
  try {
    faults = priceFaults(allocation, scenario);
  } catch (error) {
    faults = [`/priceOfFairness cannot be read: ${error instanceof Error ? error.message : error}`];
  }
  return { ...proof, ok: faults.length === 0, faults };
}
