/** From the text of a scenario to the network, against JSON.parse of the same text. */
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { buildModel } from '../engine/solve/model.js';
import { complete, generate, mustReadScenario, type PresetName, presetNames } from '../scenarios/index.js';
import { SEED } from './cases.js';
import type { Suite } from './suites.js';

/** Presets whose LP fits into HiGHS in WebAssembly (6 million entries; nation-week has 17). */
const MODELLED: PresetName[] = ['tiny', 'district', 'province', 'nation-day'];

export const compile: Suite = async ({ compare }) => {
  for (const preset of presetNames()) {
    // a quarter of an hour of rounds, and the text alone is 160 MB
    if (preset === 'township-fortnight') continue;
    const scenario = generate(preset, SEED);
    const text = JSON.stringify(scenario);
    const network = compileNetwork(complete(scenario));
    const policy = compilePolicy(scenario.policy);
    const cases = [
      { name: 'JSON.parse', run: () => JSON.parse(text) },
      { name: 'readScenario', run: () => mustReadScenario(text) },
      { name: 'compileNetwork', run: () => compileNetwork(complete(scenario)) },
    ];
    if (MODELLED.includes(preset)) cases.push({ name: 'buildModel', run: () => buildModel(network, policy) });
    await compare({ title: preset, cases, rounds: preset.startsWith('nation') ? 5 : 7 });
  }
};
