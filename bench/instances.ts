/** Instances of the tables of `solve`: seeds that nothing was tuned on, and some where what is shared is scarce. */
import { generate, mapPeriods, type PresetName, type Scenario } from '../scenarios/index.js';

export const FRESH = [101, 102, 103, 104, 105];
export const SCARCE = [111, 112, 113];

/** What is left of fleets, budget and handling in a scarce instance. */
const LEFT = 0.4;
const part = (quantity: number) => Math.round(quantity * LEFT * 1e4) / 1e4;

/** The scenario of the reference family with this seed; fleets, budget and handling are cut down for those of `SCARCE`. */
export function instance(preset: PresetName, seed: number): Scenario {
  const scenario = generate(preset, seed);
  if (!SCARCE.includes(seed)) return scenario;
  const { depots, fleets = [], budget } = scenario;
  return {
    ...scenario,
    id: `${scenario.id}-scarce`,
    depots: depots.map((depot) =>
      depot.handlingTonnes === undefined ? depot : { ...depot, handlingTonnes: mapPeriods(depot.handlingTonnes, part) },
    ),
    fleets: fleets.map((fleet) =>
      fleet.tonneKm === undefined ? fleet : { ...fleet, tonneKm: mapPeriods(fleet.tonneKm, part) },
    ),
    ...(budget ? { budget: { ...budget, amount: part(budget.amount) } } : {}),
  };
}
