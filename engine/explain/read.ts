/** What plan and certificate say by themselves: the stage that decides, its prices, the limits that have one. */
import { complete, type Scenario } from '../../scenarios/index.js';
import { compileNetwork, type Network, totalNeed } from '../network.js';
import { compilePolicy, type Policy } from '../policy.js';
import { readPrices } from '../proof/certificate.js';
import { toNumber } from '../proof/exact.js';
import { type Plan, totalMet } from '../proof/values.js';
import { readPlan } from '../shipments.js';
import type { Allocation, PriceBlock, PriceBlockName } from '../types.js';
import { type Binding, type Located, listBindings } from './bindings.js';
import type { PriceOf, ProfitOf } from './changes.js';

/** Limits with a price in the proof, the largest price × limit first. Throws a RangeError where the certificate cannot be read. */
export function bindingsOf(allocation: Allocation, scenario: Scenario): Binding[] {
  const network = compileNetwork(complete(scenario));
  const policy = policyOf(allocation);
  const { plan } = readPlan(network, allocation.shipments, allocation.use);
  const { bindings } = decide(network, policy, plan, allocation, -1, -1, null, (s) =>
    proofPrices(network, policy, allocation, s),
  );
  return bindings.map(({ row: _row, each: _each, ...binding }) => binding);
}

export function policyOf({ policy }: Allocation): Policy {
  return compilePolicy(policy.name === 'custom' ? policy.stages : policy.name);
}

/**
 * The prices of the certificate. Those of the levels of `leximin` are in coverage: together they say what a unit is worth in people-periods
 * to the pairs asked for, as far as they are on the levels. Throws a RangeError where it cannot be read.
 */
export function proofPrices(
  network: Network,
  policy: Policy,
  allocation: Allocation,
  s: number,
  who: { j: number; k: number } = { j: -1, k: -1 },
): PriceOf {
  if (policy.stages[s]!.stage === 'leximin') return ladderPrices(network, policy, allocation, s, who);
  const { prices, faults } = readPrices(network, policy, s, allocation.certificate.stages[s]!);
  if (faults.length) throw new RangeError(`the certificate cannot be read: ${faults[0]}`);
  return (block, row) => toNumber({ units: BigInt(prices[block].units[row]!), scale: prices[block].scale });
}

function ladderPrices(
  network: Network,
  policy: Policy,
  allocation: Allocation,
  s: number,
  { j, k }: { j: number; k: number },
): PriceOf {
  const { K, scenario } = network;
  const sums = new Map<PriceBlockName, Map<number, number>>();
  for (const level of allocation.certificate.stages[s]!.levels ?? []) {
    let people = 0;
    for (const pair of level.pairs) {
      const [region, resource] = [Math.floor(pair / K), pair % K];
      if ((j >= 0 && region !== j) || (k >= 0 && resource !== k)) continue;
      const { lot, peoplePerUnit } = scenario.resources[resource]!;
      people += totalNeed(network, region, resource) * lot * peoplePerUnit;
    }
    if (people === 0) continue;
    const { faults } = readPrices(network, policy, s, level);
    if (faults.length) throw new RangeError(`the certificate cannot be read: ${faults[0]}`);
    for (const [name, block] of Object.entries(level.prices) as [PriceBlockName, PriceBlock][]) {
      const sum = sums.get(name) ?? new Map<number, number>();
      sums.set(name, sum);
      block.rows.forEach((row, i) => {
        sum.set(row, (sum.get(row) ?? 0) + (people * block.prices[i]!) / 10 ** block.grid);
      });
    }
  }
  return (block, row) => sums.get(block)?.get(row) ?? 0;
}

/** Best profit of a tonne on routes that are closed: what it is worth there, less what it is worth here and what the way takes. */
export function closedProfit(network: Network, price: PriceOf, only: number): ProfitOf {
  const { T, K, approx, scenario, sites } = network;
  const site = new Map(sites.map((id, s) => [id, s]));
  return (r, t) => {
    const route = scenario.routes[r]!;
    const start = site.get(route.from)! * T + t;
    const end = site.get(route.to)! * T + t + route.leadPeriods;
    const f = scenario.fleets.findIndex((fleet) => fleet.mode === route.mode);
    let way = price('handling', start) + price('budget', 0) * approx.costPerTonne[r]!;
    if (f >= 0) way += price('fleet', f * T + t) * approx.km[r]!;
    let best = 0;
    for (let k = 0; k < K; k++) {
      if (only >= 0 && k !== only) continue;
      const gain = price('goods', end * K + k) - price('goods', start * K + k);
      best = Math.max(best, approx.weight[k]! > 0 ? gain / approx.weight[k]! - way : gain);
    }
    return best;
  };
}

/** The first stage at which more would count and something has a price, its prices and what has one. */
export function decide(
  network: Network,
  policy: Policy,
  plan: Plan,
  allocation: Allocation,
  j: number,
  k: number,
  reach: Set<number> | null,
  pricesAt: (s: number) => PriceOf,
): { s: number; price: PriceOf; bindings: Located[] } {
  const stages = decisive(network, policy, plan, allocation, j, k);
  const at = (s: number) => {
    const price = pricesAt(s);
    return { s, price, bindings: listBindings(network, plan, price, k, reach) };
  };
  for (const s of stages) {
    const found = at(s);
    if (found.bindings.length > 0) return found;
  }
  return at(stages[0]!);
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
    return stage !== 'cost' && stage !== 'stay' && short ? [s] : [];
  });
  if (list.length > 0) return list;
  return [
    Math.max(
      0,
      policy.stages.findIndex(({ stage }) => stage === 'need'),
    ),
  ];
}
