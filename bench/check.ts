/** The certificate's check (network compiled anew, exact arithmetic), against the solve that it vouches for. */

import { check as checkAllocation } from '../engine/proof/check.js';
import { loadBackend } from '../engine/solve/tableau.js';
import type { Allocation } from '../engine/types.js';
import { type PresetName, readCase, type Scenario } from '../scenarios/index.js';
import { allocateHere, compiled, solveWith } from './cases.js';
import type { Suite } from './suites.js';

const PRESETS: PresetName[] = ['tiny', 'district', 'province'];

function confirm(allocation: Allocation, scenario: Scenario): void {
  const { ok, faults } = checkAllocation(allocation, scenario);
  if (!ok) throw new Error(faults.join('; '));
}

export const check: Suite = async ({ compare }) => {
  const highs = await loadBackend('highs');
  for (const preset of PRESETS) {
    const { scenario, lp } = compiled(preset);
    const allocation = await allocateHere(scenario, 'highs');
    await compare({
      title: preset,
      cases: [
        { name: 'HiGHS WASM, solve', run: () => solveWith(highs, lp) },
        { name: 'check', run: () => confirm(allocation, scenario) },
        { name: 'allocate, all of it', run: () => allocateHere(scenario, 'highs') },
      ],
      rounds: preset === 'province' ? 3 : 5,
    });
  }
  // three stages, durables, lots of one: what no preset has
  const enawo = readCase('enawo');
  const allocation = await allocateHere(enawo, 'highs');
  await compare({
    title: 'enawo',
    cases: [
      { name: 'allocate, all of it', run: () => allocateHere(enawo, 'highs') },
      { name: 'check', run: () => confirm(allocation, enawo) },
    ],
  });
};
