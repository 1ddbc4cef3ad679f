/** Many futures of a district to 1e-3, compiled beforehand, one after the other in one thread. */
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { complete, generate } from '../scenarios/index.js';
import { prove } from './prove.js';
import type { Bench } from './suites.js';
import { figures, median, type Row, table } from './support.js';
import { FUTURES, mark } from './targets.js';

/** What is to come of a district: the needs that were foreseen, each some 20 % more or less. */
const COUNT = 40;
const ROUNDS = 5;
const GAP = 1e-3;

function futures() {
  const scenario = generate('district', 101);
  return Array.from({ length: COUNT }, (_, future) => {
    // a Weyl sequence: spread evenly, the same everywhere
    let n = future * 1_000_003;
    const about = (quantity: number) => Math.round(quantity * (0.8 + 0.4 * ((++n * Math.SQRT2) % 1)) * 1e4) / 1e4;
    const regions = scenario.regions.map((region) => ({
      ...region,
      demand: Object.fromEntries(
        Object.entries(region.demand).map(([id, need]) => [
          id,
          typeof need === 'number' ? about(need) : need.map(about),
        ]),
      ),
    }));
    const network = compileNetwork(complete({ ...scenario, regions }));
    return { network, policy: compilePolicy(scenario.policy) };
  });
}

export function districtFutures(bench: Bench): void {
  const all = futures();
  const seconds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    for (const { network, policy } of all) prove(network, policy, GAP);
    if (round > 0) seconds.push((performance.now() - start) / 1000 / COUNT);
  }
  const each = median(seconds);
  const range: [number, number] = [Math.min(...seconds), Math.max(...seconds)];
  const row: Row = { group: 'district, futures', name: 'one by one', seconds: each, range, ratio: null, calls: COUNT };
  const head = ['futures of a district, 1e-3', 'a second', 'slowest round', 'target', ''];
  const cells = [
    'one by one, one thread',
    figures(1 / each),
    figures(1 / range[1]),
    String(FUTURES),
    mark(1 / each >= FUTURES),
  ];
  bench.report([row], table(head, [cells]));
}
