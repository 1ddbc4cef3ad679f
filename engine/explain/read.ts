/** What plan and certificate say by themselves: the stage that decides, its prices, the limits that have one. */
import { complete, type Scenario } from '../../scenarios/index.js';
import { compileNetwork, type Network, totalNeed } from '../network.js';
import { compilePolicy, type Policy } from '../policy.js';
import { readPrices } from '../proof/certificate.js';
import { toNumber } from '../proof/exact.js';
import { type Plan, totalMet } from '../proof/values.js';
import { readPlan } from '../shipments.js';
import type { Allocation, PriceBlockName } from '../types.js';
import { type Binding, type Located, listBindings, upstream } from './bindings.js';

/** Limits with a price in the proof, the largest price × limit first. Throws a RangeError where the certificate cannot be read. */
export function bindingsOf(allocation: Allocation, scenario: Scenario): Binding[] {
  const network = compileNetwork(complete(scenario));
  const { bindings } = readProof(network, policyOf(allocation), allocation, -1, -1);
  return bindings.map(({ row: _row, each: _each, ...binding }) => binding);
}

export function policyOf({ policy }: Allocation): Policy {
  return compilePolicy(policy.name === 'custom' ? policy.stages : policy.name);
}

/** Plan and prices of the stage that decides what is asked for. Throws a RangeError where the certificate cannot be read. */
export function readProof(network: Network, policy: Policy, allocation: Allocation, j: number, k: number) {
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const reach = j < 0 ? null : upstream(network, j);
  const read = (s: number) => {
    const { prices, faults } = readPrices(network, policy, s, allocation.certificate.stages[s]!);
    if (faults.length) throw new RangeError(`the certificate cannot be read: ${faults[0]}`);
    const bindings: Located[] = listBindings(network, plan, prices, k, reach);
    const price = (block: PriceBlockName, row: number) =>
      toNumber({ units: BigInt(prices[block].units[row]!), scale: prices[block].scale });
    return { plan, price, bindings, reach, s };
  };
  const stages = decisive(network, policy, plan, allocation, j, k);
  for (const s of stages) {
    const found = read(s);
    if (found.bindings.length > 0) return found;
  }
  return read(stages[0]!);
}

/** Stages at which more for the region (or anybody) would count, in order; at least one. */
function decisive(
  network: Network,
  policy: Policy,
  plan: Plan,
  allocation: Allocation,
  j: number,
  k: number,
): number[] {
  const { R, K, approx } = network;
  let short = false;
  let below = false;
  let least = Infinity;
  const smallest = allocation.measures.smallestCoverage;
  for (let pair = 0; pair < R * K; pair++) {
    const region = Math.floor(pair / K);
    if ((j >= 0 && region !== j) || (k >= 0 && pair % K !== k)) continue;
    const needed = totalNeed(network, region, pair % K);
    if (needed === 0) continue;
    const met = totalMet(network, plan, region, pair % K);
    if (met < needed) short = true;
    if (met < approx.floor[region]! * needed - 1) below = true;
    least = Math.min(least, met / needed);
  }
  const list = policy.stages.flatMap(({ stage }, s) => {
    if (stage === 'floor') return below ? [s] : [];
    if (stage === 'maxmin') return least < 1 && least <= smallest + 1e-6 ? [s] : [];
    return stage !== 'cost' && short ? [s] : [];
  });
  if (list.length > 0) return list;
  return [
    Math.max(
      0,
      policy.stages.findIndex(({ stage }) => stage === 'need'),
    ),
  ];
}
