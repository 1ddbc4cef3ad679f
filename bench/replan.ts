/**
 * Re-plan: the busiest route of a nation-day closes, or the three busiest; from an earlier allocation at the usual gap against from nothing, in
 * turns, to 1e-3.
 */
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
/** Of the allocation before: what `allocate` proves where nothing is asked. */
const EARLIER = 1e-4;
const ROUNDS = 3;
const HEAD = ['nation-day, 1e-3', 'median', 'iterations', 'to cold', 'worst', 'reading the earlier one', 'target', ''];

export async function rePlan(bench: Bench): Promise<void> {
  const seeds = bench.full ? FRESH : FRESH.slice(0, 3);
  const rows: Row[] = [];
  const lines: string[][] = [];
  const plans: { scenario: Scenario; allocation: Allocation }[] = [];
  for (const seed of seeds) {
    const scenario = generate('nation-day', seed);
    const options = { solver: 'structured', gap: EARLIER } as const;
    plans.push({ scenario, allocation: await runAllocation(scenario, options, () => performance.now() / 1000) });
  }
  for (const [count, target] of Object.entries(REPLAN)) {
    const found = plans.map(({ scenario, allocation }) => closeRoutes(scenario, allocation, Number(count)));
    const cold = found.map((f) => f.cold);
    const warm = found.map((f) => f.warm);
    const ratios = found.map((f) => f.ratio);
    const ratio = median(ratios);
    const group = `nation-day, ${count} closed`;
    const row = (name: string, times: number[], ratio: number): Row => {
      const range: [number, number] = [Math.min(...times), Math.max(...times)];
      return { group, name, seconds: median(times), range, ratio, calls: ROUNDS * seeds.length };
    };
    rows.push(row('cold', cold, 1), row('warm', warm, ratio));
    const iterations = (of: 'coldIterations' | 'warmIterations') => figures(median(found.map((f) => f[of])));
    lines.push(
      [`${count} closed: cold`, duration(median(cold)), iterations('coldIterations'), '', '', '', '', ''],
      [
        `${count} closed: warm`,
        duration(median(warm)),
        iterations('warmIterations'),
        `${figures(ratio)} ×`,
        `${figures(Math.max(...ratios))} ×`,
        duration(median(found.map((f) => f.reading))),
        `${figures(target)} ×`,
        mark(ratio <= target),
      ],
    );
  }
  bench.report(rows, table(HEAD, lines));
}

function closeRoutes(before: Scenario, allocation: Allocation, count: number) {
  const now = () => performance.now() / 1000;
  const after = withoutBusiest(before, allocation, count);
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
function withoutBusiest(scenario: Scenario, { shipments }: Allocation, count: number): Scenario {
  // a unit of the reference family is a tonne
  const key = (end: { from: string; to: string; mode: string }) => JSON.stringify([end.from, end.to, end.mode]);
  const tonnes = new Map<string, number>();
  for (const shipment of shipments) tonnes.set(key(shipment), (tonnes.get(key(shipment)) ?? 0) + shipment.quantity);
  const busiest = [...tonnes].sort((a, b) => b[1] - a[1]).slice(0, count);
  const closes = new Set(busiest.map(([name]) => name));
  const closed = Array.from({ length: scenario.periods.count }, (_, t) => t);
  const routes = scenario.routes.map((route) => (closes.has(key(route)) ? { ...route, closed } : route));
  return { ...scenario, id: `${scenario.id}-closed`, routes };
}
