/** One solve shared by two threads: the same laws as by one, the same bits each time, and valid where the crew is let go midway. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Ascent, Runner } from '../engine/solve/direct/ascent.js';
import type { Direct } from '../engine/solve/direct/form.js';
import type { Kernel } from '../engine/solve/direct/kernel.js';
import { oneThread, solveDirect } from '../engine/solve/direct/solve.js';
import { type Crew, hire } from '../engine/workers/crew.js';
import { generate, type Scenario, type Stage } from '../scenarios/index.js';
import { fewerGoods, layDirect, oneDay, randomDirect, withClosures } from './support/direct.js';
import { between, lawful, SLACK } from './support/direct-laws.js';
import { bestValue } from './support/independent.js';

const crew = hire(2) as Crew; // null only where the kernel cannot run, which its own tests look at
after(() => crew.dismiss());

const GAP = 1e-4;
/** A crew that waits too often may be let go after 64 passes, so only shorter ascents are sure to be its own. */
const SURE = 63;

type Board = (direct: Direct, kernel: Kernel) => Runner;

/** Solves in memory laid out for two threads. */
function shared(
  scenario: Scenario,
  board: Board,
  mostIterations = 5000,
  gap = GAP,
): { direct: Direct; ascent: Ascent } {
  const direct = layDirect(scenario, 2);
  return { direct, ascent: solveDirect(direct, { gap, mostIterations }, { board }) };
}

const tiny = generate('tiny', 3);
const district = generate('district', 7);
const scenarios = [
  tiny,
  withClosures(generate('tiny', 9)),
  oneDay(generate('tiny', 4)),
  fewerGoods(tiny, 1),
  ...Array.from({ length: 6 }, (_, i) => randomDirect(8000 + i)),
];

test('a crew of two reaches the gap that one thread reaches, with a valid plan and bound; one crew serves many problems', async () => {
  for (const scenario of [...scenarios, district]) {
    const { direct, ascent } = shared(scenario, crew.board);
    lawful(scenario, direct, ascent);
    const alone = solveDirect(layDirect(scenario), { gap: GAP, mostIterations: 5000 });
    assert.deepEqual([ascent.outcome, alone.outcome], ['reached', 'reached'], `${scenario.id}: ${ascent.gap}`);
    assert.ok(ascent.gap <= GAP);
    // both enclose the best value
    assert.ok(ascent.value <= alone.bound * (1 + SLACK) && alone.value <= ascent.bound * (1 + SLACK), scenario.id);
    if (scenario !== district) between(scenario, ascent, await bestValue(scenario, scenario.policy as Stage[], 0, []));
  }
});

/** The crew's board, and what the caller's share of the groups turned out to be. */
function watched(): { board: Board; edge: () => number } {
  let edge = 0;
  const board: Board = (direct, kernel) =>
    crew.board(direct, {
      ...kernel,
      pass(thread, g0, g1, step, residual) {
        assert.deepEqual([thread, g0], [0, 0]);
        edge = g1;
        kernel.pass(thread, g0, g1, step, residual);
      },
    });
  return { board, edge: () => edge };
}

/** Both shares one after the other in the calling thread. */
const inTurn =
  (edge: number): Board =>
  ({ layout: { groups } }, kernel) => ({
    threads: 2,
    kernel,
    pass(step, residual) {
      kernel.clear(0);
      kernel.clear(1);
      kernel.pass(0, 0, edge, step, residual);
      kernel.pass(1, edge, groups, step, residual);
      kernel.gather(2);
    },
    over(work) {
      kernel.clear(0);
      kernel.clear(1);
      kernel[work](0, 0, edge);
      kernel[work](1, edge, groups);
    },
  });

test('two threads leave the same bits everywhere as they did before, and as one that does both shares in turn', () => {
  for (const scenario of [...scenarios, district]) {
    const { board, edge } = watched();
    const first = shared(scenario, board, SURE, -1);
    const again = shared(scenario, crew.board, SURE, -1);
    const turns = shared(scenario, inTurn(edge()), SURE, -1);
    assert.equal(first.ascent.iterations, SURE);
    for (const { direct, ascent } of [again, turns]) {
      assert.deepStrictEqual(ascent, first.ascent, scenario.id);
      const bytes = [direct, first.direct].map(({ layout }) => new Uint8Array(layout.buffer));
      assert.equal(Buffer.compare(bytes[0]!, bytes[1]!), 0, `${scenario.id}: memory`);
    }
    if (scenario !== district) continue;
    const { groups } = first.direct.layout;
    assert.ok(edge() > groups / 4 && edge() < (3 * groups) / 4, `${edge()} of ${groups} groups are the caller's`);
  }
});

/** A crew whose mates are let go after so many passes, as `crew.ts` does where they keep the caller waiting. */
const letGo =
  (passes: number): Board =>
  (direct, kernel) => {
    const runner = crew.board(direct, kernel);
    const { pass } = runner;
    let done = 0;
    runner.pass = (step, residual) => {
      pass(step, residual);
      if (++done === passes) Object.assign(runner, oneThread(direct, kernel));
    };
    return runner;
  };

test('a crew let go midway, before a certificate or after: the caller goes on alone to a valid plan and bound', async () => {
  for (const scenario of scenarios) {
    const best = await bestValue(scenario, scenario.policy as Stage[], 0, []);
    for (const passes of [1, 20, 33]) {
      const { direct, ascent } = shared(scenario, letGo(passes));
      lawful(scenario, direct, ascent);
      between(scenario, ascent, best);
      assert.equal(ascent.outcome, 'reached', `${scenario.id}, after ${passes}: ${ascent.gap}`);
    }
  }
});

test('a share without a group is none', () => {
  const one = randomDirect(8000);
  for (const edge of [0, layDirect(one).layout.groups]) {
    const { direct, ascent } = shared(one, inTurn(edge));
    lawful(one, direct, ascent);
    assert.equal(ascent.outcome, 'reached');
  }
});

test('one thread is no crew', () => {
  assert.equal(hire(1), null);
  const { ascent } = shared(tiny, crew.board);
  const direct = layDirect(tiny, 2);
  // the twin has no module to send, so a crew is of no use to it
  const board = () => assert.fail('nobody is asked');
  const twin = solveDirect(direct, { gap: GAP, mostIterations: 5000 }, { twin: true, board });
  assert.deepEqual([twin.outcome, ascent.outcome], ['reached', 'reached']);
});
