/**
 * Networks whose resources do not get in each other's way: each is a minimum-cost flow by itself, and its potentials are
 * the prices of the certificate. The limits that they share are left out, which can only make more possible; where the
 * flows respect them all the same, nothing better exists with them, and their price is zero.
 */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import { noPrices, type RoughPrices } from '../../proof/certificate.js';
import { brokenBundle } from './bundles.js';
import { onGrids, type Pivot } from './flow.js';
import { buildGraph } from './graph.js';
import { addFlows, addPrices } from './read.js';

export type SimplexOutcome =
  | {
      ok: true;
      /** Lots by flow and by need as in Plan; whole unless a limit or the end of a band is not. */
      ship: Float64Array;
      met: Float64Array;
      prices: RoughPrices;
      pivots: number;
    }
  | { ok: false; why: string };

/**
 * The optimum of stage s, a `need` or `cost` stage that is the policy's first, resource after resource. `why` ends a sentence that says
 * what it was left to others for. About 1 µs a pivot, and 3 to 5 pivots a node.
 */
export function solveByNetworkSimplex(network: Network, policy: Policy, s: number, pivot: Pivot): SimplexOutcome {
  const { stage } = policy.stages[s]!;
  if (stage !== 'need' && stage !== 'cost') return { ok: false, why: `stage '${stage}' is no minimum-cost flow` };
  if (s > 0)
    return { ok: false, why: 'a later stage holds the values of those before it, which is a row over all flows' };
  const { arcs, K, R, T } = network;
  const ship = new Float64Array(arcs.count * K);
  const met = new Float64Array(R * T * K);
  const prices = noPrices(network, policy);
  let pivots = 0;
  for (let k = 0; k < K; k++) {
    const graph = buildGraph(network, policy, s, k);
    const solution = pivot(onGrids(graph.problem));
    pivots += solution.pivots;
    addFlows(network, k, graph, solution, ship, met);
    addPrices(network, k, graph, solution, prices);
  }
  const broken = brokenBundle(network, { ship, met });
  return broken === null ? { ok: true, ship, met, prices, pivots } : { ok: false, why: `${broken} binds` };
}
