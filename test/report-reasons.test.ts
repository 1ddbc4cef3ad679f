/** Reasons of unmet needs against brute force: one lot more is sent along every chain there is, and the exact check says whether it may. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { type Allocation, closePool, openBook, type Scenario } from '../engine/index.js';
import { compileNetwork, type Network } from '../engine/network.js';
import { infeasibilities } from '../engine/proof/feasible.js';
import { leftOut } from '../engine/report/leftout.js';
import { whyShort } from '../engine/report/short.js';
import { type Told, tellReasons, unmetPairs } from '../engine/report/unmet.js';
import { readPlan } from '../engine/shipments.js';
import type { Coverage, Shipment, Use } from '../engine/types.js';
import { complete } from '../scenarios/index.js';
import { pairs } from './support/comparisons.js';

after(closePool);

const SEEDS = Number(process.env.REASON_SEEDS ?? 30);
/** Arcs of a chain: depot to depot to hub to region is the longest that the random scenarios need. */
const LONGEST = 4;

it('limits are named exactly where no chain can bring one more lot, and a way is open exactly where one can', async () => {
  const seen = new Map<string, number>();
  for (const { scenario, a, b } of (await pairs()).slice(0, SEEDS))
    for (const plan of [a, b]) {
      const network = compileNetwork(complete(scenario));
      const book = openBook(plan, scenario);
      const tell = tellReasons(book);
      for (const c of unmetPairs(book)) {
        const { kind, text, limits } = tell(c);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        const where = `${scenario.id}, ${plan.policy.name}: ${c.region}, ${c.resource}: ${text}`;
        assert.equal(kind === 'policy', oneMore(network, scenario, plan, c), where);
        assert.equal(kind === 'limits', limits.length > 0, where);
      }
    }
  for (const kind of ['limits', 'no-stock', 'no-way', 'policy'])
    assert.ok((seen.get(kind) ?? 0) > 5, `${kind}: ${seen.get(kind)}`);
});

/** Whether some chain of departures may carry one more lot to where it is of use, all else as it is. */
function oneMore(network: Network, scenario: Scenario, plan: Allocation, c: Coverage): boolean {
  const { T, D, H, K, first, arcs } = network;
  const j = network.scenario.regions.findIndex((r) => r.id === c.region);
  const k = network.scenario.resources.findIndex((r) => r.id === c.resource);
  const hub = D + H;
  const met = (shipments: Shipment[], use: Use[]) => {
    const read = readPlan(network, shipments, use);
    if (read.faults.length > 0 || infeasibilities(network, read.plan).length > 0) return -1;
    let sum = 0;
    for (let t = 0; t < T; t++) sum += read.plan.met[(j * T + t) * K + k]!;
    return sum;
  };
  const before = met(plan.shipments, plan.use);
  assert.ok(before >= 0);
  const lot = network.scenario.resources[k]!.lot;
  const more = (quantity: number) => (Math.round(quantity / lot) + 1) * lot;
  const tidy = (x: number) => Number(x.toPrecision(15));

  function withChain(chain: number[]): Shipment[] {
    const shipments = plan.shipments.map((s) => ({ ...s }));
    for (const a of chain) {
      const { from, to, mode } = scenario.routes[arcs.route[a]!]!;
      const [depart, arrive] = [arcs.depart[a]!, arcs.to[a]! % T];
      const same = shipments.find(
        (s) => s.from === from && s.to === to && s.mode === mode && s.depart === depart && s.resource === c.resource,
      );
      if (same) same.quantity = tidy(more(same.quantity));
      else shipments.push({ from, to, mode, depart, arrive, resource: c.resource, quantity: lot });
    }
    return shipments;
  }
  function helps(chain: number[], arrival: number): boolean {
    const shipments = withChain(chain);
    if (!(network.approx.storage[hub + j]! > 0)) return met(shipments, plan.use) > before;
    for (let period = arrival; period < T; period++) {
      const use = plan.use.map((u) => ({ ...u }));
      const same = use.find((u) => u.region === c.region && u.resource === c.resource && u.period === period);
      if (same) same.quantity = tidy(more(same.quantity));
      else use.push({ region: c.region, resource: c.resource, period, quantity: lot });
      if (met(shipments, use) > before) return true;
    }
    return false;
  }
  /** Chains that end with `chain`, whose first arc leaves `site` in period t. */
  function grow(chain: number[], site: number, t: number, arrival: number): boolean {
    if (helps(chain, arrival)) return true;
    if (chain.length === LONGEST) return false;
    for (let period = t; period >= first; period--) {
      const node = site * T + period;
      for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
        const a = arcs.in[i]!;
        if (!chain.includes(a) && grow([a, ...chain], Math.floor(arcs.from[a]! / T), arcs.depart[a]!, arrival))
          return true;
      }
      if (site >= D && !(network.approx.storage[site]! > 0)) break;
    }
    return false;
  }
  for (let t = first; t < T; t++) {
    const node = (hub + j) * T + t;
    for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
      const a = arcs.in[i]!;
      if (grow([a], Math.floor(arcs.from[a]! / T), arcs.depart[a]!, t)) return true;
    }
  }
  return false;
}

it('says so where the plan is of another scenario', async () => {
  const [{ scenario, a }] = (await pairs()) as [Awaited<ReturnType<typeof pairs>>[number]];
  assert.throws(() => openBook(a, { ...scenario, id: 'other' }), /the plan is of scenario/);
});

it('of many regions the common reasons are named, what keeps left stock always, and no reason is lost count of', () => {
  const full: Told = { kind: 'limits', text: '', limits: [{ kind: 'handling', name: 'handling at port' }] };
  const gone: Told = { kind: 'limits', text: '', limits: [{ kind: 'stock', name: 'stock of x at port' }] };
  const far: Told = { kind: 'no-way', text: '', limits: [] };
  const told: Told[] = [...Array(97).fill(gone), full, full, far];
  assert.equal(whyShort(told, false), 'stock in reach is used up (97 of 100 regions); 2 more');
  assert.equal(
    whyShort(told, true),
    'handling at port is full (2 of 100 regions); stock in reach is used up (97 of 100 regions); 1 more',
  );
  assert.equal(whyShort([far], false), 'no open route arrives in time');
});

it('who is left out: less than a tenth of what all get, where there are lots enough for everybody', () => {
  const pair = (region: string, delivered: number, resource = 'tents') => ({
    ...{ region, resource, due: 100, delivered, peoplePeriodsNeeded: region === 'c' ? 9 : 1 },
  });
  // together 210 of 400: a tenth of that share are 5.25 of 100
  const coverage = [
    pair('a', 200),
    pair('b', 0),
    pair('c', 0),
    pair('d', 10),
    pair('a', 2, 'mats'),
    pair('b', 0, 'mats'),
  ];
  assert.deepEqual(
    leftOut(coverage, () => 1).pairs.map((p) => `${p.region} ${p.resource}`),
    ['c tents', 'b tents', 'b mats'],
  );
  assert.deepEqual(leftOut([...coverage, pair('e', 5)], () => 1).pairs.length, 3, 'e has a tenth');
  // two mats in one lot: no policy reaches both
  assert.deepEqual(leftOut(coverage, (id) => (id === 'mats' ? 2 : 1)).few, ['mats']);
  assert.deepEqual(
    leftOut([pair('a', 0), pair('b', 0)], () => 1),
    { pairs: [], few: [] },
  );
});
