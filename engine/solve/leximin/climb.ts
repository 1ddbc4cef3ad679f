/**
 * The stage `leximin`: levels of coverage from the poorest up, each with who stays on it and why.
 *
 * What each resource allows by itself is quickly known (`flows.ts`). Together they have to share fleets, routes, handling and money: where the
 * resources' plans keep to these, their levels are the answer; else a linear program (`coverage.ts`) says how far they come down (`raise.ts`).
 */
import type { Highs } from 'highs';
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import { noPrices } from '../../proof/certificate.js';
import { nothingToGain } from '../choose.js';
import type { StageModel } from '../model.js';
import { brokenBundle } from '../simplex/bundles.js';
import type { Pivot } from '../simplex/flow.js';
import { byArrivals } from './arrivals.js';
import { byBlocks } from './blocks.js';
import { openCoverage } from './coverage.js';
import { type Relaxed, relaxedLevels, type SharesGraph, sharesGraph } from './flows.js';
import type { Ladder, Level } from './ladder.js';
import { raise } from './raise.js';
import { begin, type Draft, ladderOf, openPairs, settleGroups } from './settle.js';

export interface ClimbOptions {
  stage: number;
  pivot: Pivot;
  highs(): Promise<Highs>;
  /** The model of all stages, the ones before this one held. Built where linear programs are needed. */
  model(): StageModel;
  /** True ends it: pairs that have no level yet are left together on one that proves nothing. */
  stop(): boolean;
  onProgress(iterations: number): void;
}

export interface Climbed {
  ladder: Ladder;
  /** Lots by flow and by need, fractions allowed. */
  ship: Float64Array;
  met: Float64Array;
  iterations: number;
}

/** Throws AllocateError 'too-large' and 'internal'. */
export async function climb(network: Network, policy: Policy, options: ClimbOptions): Promise<Climbed> {
  const { stage, pivot } = options;
  const { R, K } = network;
  const state = begin(network);
  let pivots = 0;
  const graphs: (SharesGraph | undefined)[] = [];
  const relax = (k: number, lots: Float64Array): Relaxed | null => {
    // what is delivered of a durable counts in every later period, so it is no flow
    if (network.T > 1 && network.scenario.resources[k]!.kind === 'durable') return null;
    graphs[k] ??= sharesGraph(network, k);
    const given = Float64Array.from({ length: R }, (_, j) => lots[j * K + k]!);
    const own = relaxedLevels(network, k, graphs[k], given, pivot);
    pivots += own.pivots;
    return own;
  };
  const priced = (drafts: Draft[]): Level[] =>
    drafts.map(({ coverage, pairs, prices }) => ({ coverage, pairs, prices: prices() }));

  const relaxed = Array.from({ length: K }, (_, k) => relax(k, state.lots));
  const free = policy.stages.every((_, r) => r >= stage || nothingToGain(network, policy, r));
  if (free && relaxed.every((r) => r !== null)) {
    const plan = { ship: new Float64Array(network.arcs.count * K), met: new Float64Array(network.need.length) };
    for (const r of relaxed) r!.addPlan(plan.ship, plan.met);
    if (brokenBundle(network, plan) === null) {
      const levels = priced(settleGroups(network, policy, state, relaxed, Number.POSITIVE_INFINITY));
      return { ladder: ladderOf(state, levels), ...plan, iterations: pivots };
    }
  }

  const model = options.model();
  const highs = await options.highs();
  const watch = { stop: options.stop, onProgress: (n: number) => options.onProgress(pivots + n) };
  const arrivals = byArrivals(model);
  const raising = { network, policy, stage, model, limits: [], relax, relaxed };
  if (network.T > 1) {
    const rough = openCoverage(highs, model, byBlocks(network, model, arrivals), state.pairs, watch);
    try {
      raise({ ...raising, lp: rough, careful: true }, { ...state, lots: state.lots.slice() });
    } finally {
      rough.dispose();
    }
  }
  const lp = openCoverage(highs, model, arrivals, state.pairs, watch);
  try {
    const { drafts, shares } = raise({ ...raising, lp, careful: network.T === 1 }, state);
    const levels = priced(drafts);
    const left = openPairs(state);
    if (left.length) {
      const coverage = levels.reduce((most, l) => Math.max(most, l.coverage), 0);
      for (const pair of left) state.lots[pair] = coverage * state.needed[pair]!;
      levels.push({ coverage, pairs: Int32Array.from(left), prices: noPrices(network, policy) });
    }
    const plan = model.plan(shares?.x ?? new Float64Array(model.lp.columns));
    return { ladder: ladderOf(state, levels), ...plan, iterations: pivots + lp.iterations() };
  } finally {
    lp.dispose();
  }
}
