/** `allocate` as a library: off the main thread, cancellable, refusing what it cannot do, and fair to its laws. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { utilityBands } from '../engine/bands.js';
import {
  AllocateError,
  type Allocation,
  allocate,
  closePool,
  compare,
  explain,
  type Progress,
} from '../engine/index.js';
import { gini } from '../engine/measures.js';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { format } from '../engine/proof/exact.js';
import { pool, setThreads } from '../engine/workers/pool.js';
import { complete, generate, readCase, ScenarioError } from '../scenarios/index.js';
import { english } from '../scenarios/wording.js';
import { escaped } from './support/pseudo.js';
import { randomScenario } from './support/random.js';

after(closePool);
const kind = (k: string) => (error: unknown) => error instanceof AllocateError && error.kind === k;
/** Refused in words that can be said in another language, also where a thread refuses. */
const refused = (k: string) => (error: unknown) =>
  error instanceof AllocateError &&
  error.kind === k &&
  typeof error.said !== 'string' &&
  escaped(error.said).length === 0 &&
  english(error.said) === error.message;

test('progress names stage and seconds, and the last report carries the proven gap', async () => {
  const seen: Progress[] = [];
  const { gap } = await allocate(generate('tiny', 3), { onProgress: (p) => seen.push(p) });
  assert.ok(seen.some((p) => p.phase === 'solve' && p.stage?.name === 'need' && p.seconds >= 0));
  assert.equal(seen.at(-1)!.gap, gap.proven);
});

test('cancelling a province ends it within half a second, and the next job works', async () => {
  const control = new AbortController();
  let asked = 0;
  const running = allocate(generate('province', 1), {
    solver: 'highs',
    signal: control.signal,
    onProgress: (p) => {
      if (p.phase !== 'solve' || asked) return;
      asked = performance.now();
      control.abort();
    },
  });
  await assert.rejects(running, kind('cancelled'));
  assert.ok(performance.now() - asked < 500);
  assert.ok((await allocate(generate('tiny', 1))).gap.proven < 1e-4);
});

test('a worker thread that is ended under a job is an error of that job, and the next job works', async () => {
  let started = false;
  const running = allocate(generate('province', 2), {
    solver: 'highs',
    onProgress: (p) => {
      if (p.phase !== 'solve' || started) return;
      started = true;
      void closePool(); // terminates the threads as a crash would
    },
  });
  await assert.rejects(running, kind('worker'));
  assert.ok((await allocate(generate('tiny', 2))).gap.proven < 1e-4);
});

test('a thread that solves one plan after another lets go of what each left', async () => {
  setThreads(1);
  const ports = async () =>
    (await pool().run(undefined, { filename: new URL('./support/ports.js', import.meta.url).href })) as number;
  await allocate(generate('tiny', 1));
  const before = await ports();
  for (let n = 0; n < 8; n++) await allocate(generate('tiny', 1));
  assert.ok((await ports()) <= before + 1, `${before} ports after the first solve, ${await ports()} after the ninth`);
  setThreads(0);
});

test('refused with the reason: leximin twice, jslp with maxmin, a gap beyond 1, a wrong policy, too large a model', async () => {
  const tiny = generate('tiny', 1);
  await assert.rejects(allocate(tiny, { policy: [{ stage: 'leximin' }, { stage: 'leximin' }] }), ScenarioError);
  await assert.rejects(allocate(tiny, { policy: [{ stage: 'maxmin' }], solver: 'jslp' }), refused('unsupported'));
  await assert.rejects(allocate(tiny, { gap: 2 }), refused('unsupported'));
  await assert.rejects(allocate(tiny, { policy: [{ stage: 'need', alpha: -1 }] }), ScenarioError);
  await assert.rejects(allocate(generate('province', 1), { solver: 'jslp' }), refused('too-large'));
});

test('the same scenario gives the same network and the same plan', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const scenario = randomScenario(seed);
    assert.deepEqual(compileNetwork(complete(scenario)), compileNetwork(complete(structuredClone(scenario))));
    const [a, b] = [
      await runAllocation(scenario, { solver: 'highs' }, () => 0),
      await runAllocation(scenario, { solver: 'highs' }, () => 0),
    ];
    assert.equal(a.certificate.digest, b.certificate.digest);
  }
});

test('nation-week compiles: 1.9 million flows, each with a finite bound', () => {
  const { upper, arcs, K } = compileNetwork(complete(generate('nation-week', 1)));
  assert.equal(upper.ship.length, arcs.count * K);
  assert.ok(upper.ship.length > 1.8e6);
  assert.ok(upper.ship.every((u) => Number.isFinite(u) && u >= 0));
});

test('slopes of bands: α whole, a half, 1.3 and 0, against values of other programs', () => {
  const slopes = (alpha: number, bands: number) =>
    utilityBands({ stage: 'need', alpha, bands, costWeight: 0, tolerance: 1e-6 }).map((b) => format(b.slope));
  assert.deepEqual(slopes(0, 2), ['1', '1']);
  assert.deepEqual(slopes(1, 3), ['6', '2', '1.2']);
  assert.deepEqual(slopes(2, 2), ['16', '1.777777778']);
  // bc -l: e(0.5*l(4)) = 2, e(0.5*l(4/3)) = 1.15470053837…
  assert.deepEqual(slopes(0.5, 2), ['2', '1.154700538']);
  // bc -l: e(1.3*l(20)) = 49.1291370…, e(1.3*l(20/19)) = 1.0689562…
  const steep = slopes(1.3, 10);
  assert.ok(Math.abs(Number(steep[0]) - 20 ** 1.3) < 1e-8 && Math.abs(Number(steep[9]) - (20 / 19) ** 1.3) < 1e-8);
});

test('measures: nobody is unequal where all have the same, and sums agree with coverage', async () => {
  assert.equal(
    gini([
      { needed: 5, met: 1, ratio: 0.2 },
      { needed: 10, met: 2, ratio: 0.2 },
    ]),
    0,
  );
  assert.ok(
    Math.abs(
      gini([
        { needed: 1, met: 0, ratio: 0 },
        { needed: 1, met: 1, ratio: 1 },
      ]) - 0.5,
    ) < 1e-12,
  );
  const a = await runAllocation(readCase('two-valleys'), {}, () => 0);
  const met = a.coverage.reduce((sum, c) => sum + c.peoplePeriodsMet, 0);
  assert.ok(Math.abs(met - a.measures.peoplePeriodsMet) < 1e-6 * met);
  assert.equal(a.measures.smallestCoverage, Math.min(...a.coverage.map((c) => c.ratio)));
});

test('a comparison names gains and losses that add up; an explanation names limits that bind', async () => {
  const scenario = readCase('two-valleys');
  const run = (policy?: 'efficient'): Promise<Allocation> => runAllocation(scenario, policy ? { policy } : {}, () => 0);
  const [a, b] = [await run(), await run('efficient')];
  const { differences } = compare([a, b]);
  const { gained, lost, changes } = differences[0]!;
  assert.ok(Math.abs(gained - lost - (b.measures.peoplePeriodsMet - a.measures.peoplePeriodsMet)) < 1e-6);
  assert.deepEqual(
    changes.map((c) => c.peoplePeriods),
    changes.map((c) => c.peoplePeriods).toSorted((x, y) => x - y),
  );
  const { bindings } = await explain(a, scenario, { region: 'north' });
  assert.ok(bindings.length > 0);
  // complementary slackness: what has a price is (nearly) used up
  for (const binding of bindings.filter((x) => x.kind !== 'storage'))
    assert.ok(binding.used > 0.97 * binding.limit, `${binding.what}: ${binding.used} of ${binding.limit}`);
  await assert.rejects(explain(a, scenario, { region: 'atlantis' }), RangeError);
});
