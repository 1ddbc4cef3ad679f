/** The kernel in WebAssembly and its twin in TypeScript: the same bits after every function and after whole ascents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ascent } from '../engine/solve/direct/ascent.js';
import type { Direct } from '../engine/solve/direct/form.js';
import { type Kernel, kernelModule, openKernel, type Step } from '../engine/solve/direct/kernel.js';
import {
  type Layout,
  layOut,
  RECORD,
  record,
  type Sizes,
  setWord,
  type Word,
  word,
} from '../engine/solve/direct/layout.js';
import { solveDirect } from '../engine/solve/direct/solve.js';
import { generate, type Scenario } from '../scenarios/index.js';
import {
  fewerGoods,
  layDirect,
  oneDay,
  randomDirect,
  scarcer,
  withClosures,
  withoutBudget,
  withoutFleets,
  withoutHandling,
} from './support/direct.js';

const tiny = generate('tiny', 5);
const district = generate('district', 5);

const cases: [Scenario, number][] = [
  ...Array.from({ length: 12 }, (_, i): [Scenario, number] => [randomDirect(8000 + i), 60]),
  [tiny, 150],
  [district, 60],
  [oneDay(tiny), 150],
  [scarcer(oneDay(district), 0.7), 150],
  [fewerGoods(scarcer(district, 0.4), 5), 80],
  [fewerGoods(tiny, 1), 100],
  [withoutFleets(tiny), 100],
  [withoutBudget(tiny), 100],
  [withoutHandling(tiny), 100],
  [withoutFleets(withoutBudget(withoutHandling(oneDay(tiny)))), 100],
  [withClosures(tiny), 150],
  [withClosures(fewerGoods(district, 3)), 100],
];

for (const [scenario, iterations] of cases)
  test(`${scenario.id}: ${iterations} iterations of both kernels leave the same bits everywhere`, () => {
    assert.ok(kernelModule(), 'this machine runs the kernel');
    const ran = [false, true].map((twin) => {
      const direct = layDirect(scenario);
      assert.equal(openKernel(direct.layout, twin).name, twin ? 'typescript' : 'wasm');
      return { direct, ascent: solveDirect(direct, { gap: -1, mostIterations: iterations }, { twin }) };
    }) as [Ran, Ran];
    const [a, b] = ran.map((r) => r.ascent) as [Ascent, Ascent];
    assert.deepStrictEqual(b, a); // Object.is on numbers, element by element in arrays
    assert.equal(a.iterations, iterations);
    assert.ok(a.certificates > 3);
    sameBits(ran[0].direct.layout, ran[1].direct.layout);
  });

interface Ran {
  direct: Direct;
  ascent: Ascent;
}

/** Lanes that a thread uses within one group; WebAssembly keeps some of them in registers. */
function wipeScratch(layout: Layout): void {
  const frame = new Uint32Array(layout.buffer);
  for (let w = 0; w < layout.threads; w++) {
    const base = frame[word.sums]! + w * frame[word.stride]!;
    layout.f32.fill(0, (base + frame[word.sumsLanes]!) / 4, (base + frame[word.sumsByFleet]!) / 4);
  }
}

/** Says in which array the first difference lies. */
function sameBits(a: Layout, b: Layout): void {
  wipeScratch(a);
  wipeScratch(b);
  const [x, y] = [new Uint8Array(a.buffer), new Uint8Array(b.buffer)];
  if (Buffer.compare(x, y) === 0) return;
  const at = x.findIndex((byte, i) => byte !== y[i]);
  const started = (Object.keys(word) as Word[])
    .map((name) => ({ name, from: a.start(name) * 4 }))
    .filter(({ name, from }) => ARRAYS.has(name) && from <= at)
    .sort((p, q) => q.from - p.from);
  assert.fail(`${started[0]?.name ?? 'frame'} + ${at - (started[0]?.from ?? 0)} bytes differs`);
}

const ARRAYS = new Set<Word>([
  ...(['x', 'x0', 'shipped', 'best', 'pi', 'pi0', 'need', 'worth', 'needStep', 'arc', 'group', 'goods'] as const),
  ...(['goods0', 'goodStep', 'supply', 'cleanGoods', 'goodsFactor', 'handling', 'handling0', 'handlingStep'] as const),
  ...([
    'handlingLimit',
    'cleanHandling',
    'fleet',
    'fleet0',
    'fleetStep',
    'fleetLimit',
    'cleanFleet',
    'budget',
  ] as const),
  ...(['cost', 'met', 'bands', 'scratch', 'arcFactor', 'spare', 'room', 'sums', 'open'] as const),
]);

/** Numbers of every size with both signs, zeros of both signs, and repetitions: lehmer64 would do, mulberry32 is shorter. */
function draws(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
  const signed = () => {
    const u = next();
    if (u < 0.1) return 0;
    if (u < 0.13) return -0;
    if (u < 0.2) return 1;
    return (next() < 0.35 ? -1 : 1) * 10 ** (10 * next() - 5);
  };
  return { next, signed, int: (n: number) => Math.floor(next() * n) };
}

/** Memory in which every array that a kernel reads holds something, sensible or not. */
function randomLayout(sizes: Sizes, seed: number, joint: boolean): Layout {
  const layout = layOut(sizes);
  const { next, signed, int } = draws(seed);
  const { arcs, groups, nodes, lanes, fleetRows, fleets, periods, bands } = layout;
  const cells = (fleets + 1) * nodes;
  const single = (name: Word, length: number, positive = false) => {
    const array = layout.floats(name, length);
    for (let i = 0; i < length; i++) array[i] = positive ? Math.abs(signed()) : signed();
  };
  const double = (name: Word, length: number, positive = false) => {
    const array = layout.doubles(name, length);
    for (let i = 0; i < length; i++) array[i] = positive ? Math.abs(signed()) : signed();
  };
  for (const name of ['x', 'x0', 'shipped', 'best'] as const) single(name, arcs * lanes);
  for (const name of ['pi', 'pi0'] as const) single(name, groups * lanes);
  for (const name of ['need', 'worth', 'needStep', 'met'] as const) single(name, groups * lanes, true);
  for (const name of ['goods', 'goods0'] as const) single(name, nodes * lanes);
  for (const name of ['goodStep', 'supply', 'cleanGoods', 'goodsFactor'] as const) single(name, nodes * lanes, true);
  for (const name of ['handling', 'handling0'] as const) double(name, nodes);
  for (const name of ['handlingStep', 'handlingLimit', 'cleanHandling'] as const) double(name, nodes, true);
  for (const name of ['fleet', 'fleet0'] as const) double(name, fleetRows);
  for (const name of ['fleetStep', 'fleetLimit', 'cleanFleet'] as const) double(name, fleetRows, true);
  double('budget', 4);
  double('cost', 1, true);
  single('arcFactor', cells, true);
  double('spare', nodes * lanes);
  double('room', nodes + fleetRows + 1, true);
  const band = layout.floats('bands', bands * 2);
  for (let b = 0; b < bands; b++) {
    band[2 * b] = bands - b;
    band[2 * b + 1] = (b + 1) / bands;
  }
  const sums = new Float64Array(layout.buffer, layout.start('sums') * 4);
  const strides = new Uint32Array(layout.buffer)[word.stride]! / 8;
  for (let i = 0; i < sizes.threads * strides; i++) sums[i] = 0;
  for (let w = 0; w < sizes.threads; w++) {
    const base = layout.start('sums') + 2 * w * strides;
    for (let i = 0; i < nodes * lanes; i++) layout.f32[base + i] = signed();
    for (let i = 0; i < nodes + fleetRows + 8; i++) sums[w * strides + (nodes * lanes) / 2 + i] = signed();
  }
  const group = layout.ints('group', groups + 1);
  for (let g = 1; g < groups; g++) group[g] = int(arcs + 1); // some groups have no arcs
  group[groups] = arcs;
  group.sort();
  for (let a = 0, at = layout.start('arc'); a < arcs; a++, at += RECORD) {
    layout.i32[at + record.node] = int(nodes);
    layout.i32[at + record.row] = int(fleetRows);
    layout.i32[at + record.mode] = int(fleets + 1);
    for (const name of ['perTonne', 'km', 'capacity', 'column'] as const)
      layout.f32[at + record[name]] = Math.abs(signed());
    // a route that cannot bind has neither step nor price
    layout.f32[at + record.step] = next() < 0.5 ? 0 : Math.abs(signed());
    for (const name of ['price', 'price0'] as const)
      layout.f32[at + record[name]] = layout.f32[at + record.step]! > 0 ? signed() : 0;
  }
  setWord(layout, 'joint', joint && periods === 1 ? 1 : 0);
  return layout;
}

const shapes: { sizes: Sizes; joint: boolean }[] = [
  { sizes: sizesOf(40, 9, 3, 3, 6, 2, 2, 2), joint: false },
  { sizes: sizesOf(60, 12, 4, 7, 4, 0, 3, 1), joint: false },
  { sizes: sizesOf(50, 11, 5, 1, 9, 1, 1, 3), joint: true },
  { sizes: sizesOf(30, 8, 4, 1, 1, 3, 5, 2), joint: false },
  { sizes: sizesOf(40, 8, 3, 2, 14, 1, 2, 1), joint: false },
  { sizes: sizesOf(40, 8, 3, 2, 20, 1, 2, 1), joint: false },
  { sizes: sizesOf(40, 8, 3, 2, 22, 1, 2, 1), joint: false },
];

function sizesOf(...[arcs, groups, depots, periods, resources, fleets, bands, threads]: number[]): Sizes {
  return { arcs, groups, depots, periods, resources, fleets, bands, threads } as Sizes; // all eight are given
}

const functions: Record<string, (kernel: Kernel, layout: Layout, step: Step) => unknown> = {
  clear: (kernel, { threads }) => kernel.clear(threads - 1),
  gather: (kernel, { threads }) => kernel.gather(threads),
  scale: (kernel, { threads, groups }, { least }) => kernel.scale(threads - 1, 0, groups, least),
  anchor: (kernel, { groups }) => kernel.anchor(0, groups),
  'anchor of some groups': (kernel, { groups }) => kernel.anchor(2, groups - 1),
  'scale of some groups': (kernel, { groups }, { least }) => kernel.scale(0, 2, groups - 1, least),
  pass: (kernel, { groups }, step) => kernel.pass(0, 0, groups, step, false),
  'pass with residual': (kernel, { threads, groups }, step) => kernel.pass(threads - 1, 0, groups, step, true),
  'pass over some groups': (kernel, { groups }, step) => kernel.pass(0, 2, groups - 1, step, true),
  tail: (kernel, _, step) => kernel.tail(step),
  price: (kernel, { threads, groups }) => kernel.price(threads - 1, 0, groups),
  load: (kernel, { threads, groups }) => kernel.load(threads - 1, 1, groups),
  'spend, first round': (kernel, { groups }) => kernel.spend(0, groups, 0),
  'spend, second round': (kernel, { groups }) => kernel.spend(1, groups, 1),
};

for (const [name, call] of Object.entries(functions))
  test(`${name}: the same bits in any memory`, () => {
    let changed = 0;
    for (const { sizes, joint } of shapes)
      for (let seed = 1; seed <= 6; seed++) {
        const { next } = draws(-seed);
        const step = { primal: 3 * next(), dual: 3 * next(), ahead: next(), anchor: next(), least: 0.01 + next() };
        const [a, b] = [randomLayout(sizes, seed, joint), randomLayout(sizes, seed, joint)];
        const untouched = new Uint8Array(a.buffer).slice();
        const results = [call(openKernel(a), a, step), call(openKernel(b, true), b, step)];
        assert.ok(Object.is(results[0], results[1]), `seed ${seed}: ${results}`);
        sameBits(a, b);
        if (Buffer.compare(new Uint8Array(a.buffer), untouched) !== 0) changed++;
      }
    assert.ok(changed >= 16, `memory changed ${changed} times of 42`);
  });
