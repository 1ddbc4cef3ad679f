/** What holds of every solve of the direct solver, whatever the scenario and whoever carried out the passes. */
import assert from 'node:assert/strict';
import { provenBound } from '../../engine/proof/bound.js';
import { readPrices, writePrices } from '../../engine/proof/certificate.js';
import { toNumber } from '../../engine/proof/exact.js';
import type { Ascent } from '../../engine/solve/direct/ascent.js';
import type { Direct } from '../../engine/solve/direct/form.js';
import { roughPrices } from '../../engine/solve/direct/prices.js';
import type { Scenario } from '../../scenarios/index.js';
import { planOf, worstExcess, worthOf } from './direct.js';

/** What single precision may cost. */
export const SLACK = 1e-6;

/** The bound that the kept prices prove as a certificate holds them, in exact arithmetic. */
export function exactBound(direct: Direct, ascent: Ascent): number {
  const { network, policy } = direct;
  const written = writePrices('need', roughPrices(direct, ascent.prices));
  const { prices, faults } = readPrices(network, policy, 0, written);
  assert.deepEqual(faults, []);
  return toNumber(provenBound(network, policy, 0, prices, []));
}

/** Everything that holds whatever the scenario. Returns the bound in exact arithmetic. */
export function lawful(scenario: Scenario, direct: Direct, ascent: Ascent): number {
  const what = `${scenario.id}: ${ascent.value} … ${ascent.bound}`;
  const size = Math.max(1e-9, Math.abs(ascent.bound));
  assert.ok(Number.isFinite(ascent.value) && Number.isFinite(ascent.bound), what);
  assert.ok(ascent.value <= ascent.bound + SLACK * size, what);
  assert.ok(ascent.outcome === 'reached' || ascent.outcome === 'limit', ascent.outcome);
  const flows = planOf(direct, scenario);
  const { excess, limit } = worstExcess(scenario, flows);
  assert.ok(excess <= SLACK, `${what}: ${limit}`);
  const worth = worthOf(scenario, flows);
  assert.ok(Math.abs(worth - ascent.value) <= SLACK * size, `${what}, the plan is worth ${worth}`);
  const proven = exactBound(direct, ascent);
  assert.ok(proven <= ascent.bound + SLACK * size, `${what}, the prices prove ${proven}`);
  assert.ok(ascent.value <= proven + SLACK * size, `${what}, the prices prove ${proven}`);
  return proven;
}

/** The value is at most the best value, the bound at least that. */
export function between(scenario: Scenario, { value, bound }: Ascent, best: number): void {
  const slack = SLACK * Math.max(1e-9, Math.abs(best));
  const what = `${scenario.id}: ${value} … ${bound}, the best is ${best}`;
  assert.ok(value <= best + slack, what);
  assert.ok(bound >= best - slack, what);
}
