/** The general solver on a network: `solver.ts` asks this for networks that are not direct, and for later stages. */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import type { StageModel } from '../model.js';
import { openRepair } from './repair.js';
import { type GeneralOptions, type GeneralSession, openGeneral } from './session.js';
import { openTopUp } from './topup.js';

export type NetworkOptions = Omit<GeneralOptions, 'scale' | 'repair' | 'shortfall'> & {
  /** Default: a quarter of the gap. */
  shortfall?: number;
  /** Stage that the model is aimed at. */
  stage(): number;
};

/**
 * A session on `model.lp`: `model.aim(s)`, `session.solve()`, `model.hold(s, …)`, and so on as with any backend. What it answers is
 * possible up to shortfalls on earlier stages, so `model.maximand(s, x)` is a value that `model.plan(x)` reaches.
 */
export function openNetworkGeneral(
  network: Network,
  policy: Policy,
  model: StageModel,
  { stage, shortfall, ...rest }: NetworkOptions,
): GeneralSession {
  const repair = openRepair(network);
  const topUp = openTopUp(network, policy);
  return openGeneral(model.lp, {
    ...rest,
    shortfall: shortfall ?? rest.gap / 4,
    scale(bound) {
      const points = model.pointsPerUnit(stage());
      return model.gapScale(stage(), bound * points) / points;
    },
    repair(x, y) {
      const { ship, met } = model.plan(x);
      const flows = repair(ship, met);
      topUp(flows, [...model.stagePrices(stage(), y), 1]);
      return model.point(flows);
    },
  });
}
