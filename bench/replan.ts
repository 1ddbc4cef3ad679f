/** Re-plan: three busy routes of a nation-day close; from the earlier allocation against from nothing, in turns, to 1e-3. */
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { putStart } from '../engine/solve/direct/plan.js';
import type { Allocation } from '../engine/types.js';
import { warmStart } from '../engine/warm.js';
import { complete, generate, type Scenario } from '../scenarios/index.js';
import { FRESH } from './instances.js';
import { prove } from './prove.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';
import { mark, REPLAN } from './targets.js';

const GAP = 1e-3;
const CLOSED = 3;
const ROUNDS = 3;

export async function rePlan(bench: Bench): Promise<void> {
  const found = [];
  const seeds = bench.full ? FRESH : FRESH.slice(0, 3);
  for (const seed of seeds) found.push(await closeRoutes(generate('nation-day', seed)));
  const cold = found.map((f) => f.cold);
  const warm = found.map((f) => f.warm);
  const ratios = found.map((f) => f.ratio);
  const group = 'nation-day, three routes closed';
  const row = (name: string, times: number[], ratio: number): Row => {
    const range: [number, number] = [Math.min(...times), Math.max(...times)];
    return { group, name, seconds: median(times), range, ratio, calls: ROUNDS * seeds.length };
  };
  const head = [
    'nation-day, 1e-3',
    'median',
    'iterations',
    'to cold',
    'worst',
    'reading the earlier one',
    'target',
    '',
  ];
  const ratio = median(ratios);
  const lines = [
    ['cold', duration(median(cold)), figures(median(found.map((f) => f.coldIterations))), '', '', '', '', ''],
    [
      'warm, three routes closed',
      duration(median(warm)),
      figures(median(found.map((f) => f.warmIterations))),
      `${figures(ratio)} ×`,
      `${figures(Math.max(...ratios))} ×`,
      duration(median(found.map((f) => f.reading))),
      `${figures(REPLAN)} ×`,
      mark(ratio <= REPLAN),
    ],
  ];
  bench.report([row('cold', cold, 1), row('warm', warm, ratio)], table(head, lines));
}

async function closeRoutes(before: Scenario) {
  const now = () => performance.now() / 1000;
  const allocation = await runAllocation(before, { solver: 'structured', gap: GAP }, now);
  const after = withoutBusiest(before, allocation);
  const network = compileNetwork(complete(after));
  const policy = compilePolicy(after.policy);
  const begun = now();
  const start = warmStart(network, policy, allocation, before);
  const reading = now() - begun;
  if ('why' in start) throw new Error(start.why);
  const cold: number[] = [];
  const warm: number[] = [];
  let coldIterations = 0;
  let warmIterations = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    let at = now();
    coldIterations = prove(network, policy, GAP).iterations;
    if (round > 0) cold.push(now() - at);
    at = now();
    warmIterations = prove(network, policy, GAP, {
      warm: (direct) => putStart(direct, start.ship, start.prices[0]!),
    }).iterations;
    if (round > 0) warm.push(now() - at);
  }
  const ratio = median(warm.map((w, i) => w / cold[i]!));
  return { cold: median(cold), warm: median(warm), ratio, reading, coldIterations, warmIterations };
}

/** The scenario without the routes on which most tonnes went. */
function withoutBusiest(scenario: Scenario, { shipments }: Allocation): Scenario {
  // a unit of the reference family is a tonne
  const key = (end: { from: string; to: string; mode: string }) => JSON.stringify([end.from, end.to, end.mode]);
  const tonnes = new Map<string, number>();
  for (const shipment of shipments) tonnes.set(key(shipment), (tonnes.get(key(shipment)) ?? 0) + shipment.quantity);
  const busiest = [...tonnes].sort((a, b) => b[1] - a[1]).slice(0, CLOSED);
  const closes = new Set(busiest.map(([name]) => name));
  const closed = Array.from({ length: scenario.periods.count }, (_, t) => t);
  const routes = scenario.routes.map((route) => (closes.has(key(route)) ? { ...route, closed } : route));
  return { ...scenario, id: `${scenario.id}-closed`, routes };
}
