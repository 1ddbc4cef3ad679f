/**
 * LEMON's network simplex as a peer: Debian's `dimacs-solver` (package lemon-graph's liblemon-utils) reads DIMACS and prints how long its
 * NetworkSimplex ran, reading and setting up apart. Costs and bounds become whole numbers, as LEMON wants them, for both.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import type { FlowProblem, Pivot } from '../engine/solve/simplex/flow.js';
import { buildGraph } from '../engine/solve/simplex/graph.js';
import { complete, generate, type PresetName, type Scenario } from '../scenarios/index.js';
import { median } from './support.js';

const execute = promisify(execFile);

/** Whether `dimacs-solver` is on the PATH. */
export async function lemonHere(): Promise<boolean> {
  try {
    await execute('dimacs-solver', ['--help'], { timeout: 10_000 });
    return true;
  } catch (error) {
    // it prints its help and ends with status 1
    return error instanceof Error && 'code' in error && error.code === 1;
  }
}

/** One resource of the reference family without what resources share: no handling, fleets or budget. */
export function singleResource(preset: PresetName, seed: number, k: number): Scenario {
  const { fleets: _, budget: __, ...rest } = generate(preset, seed);
  const resource = rest.resources[k]!;
  const { id } = resource;
  return {
    ...rest,
    id: `${rest.id}-${id}`,
    resources: [resource],
    depots: rest.depots.map(({ handlingTonnes: ___, ...depot }) => ({
      ...depot,
      stock: { [id]: depot.stock?.[id] ?? 0 },
      arrivals: (depot.arrivals ?? []).filter((a) => a.resource === id),
    })),
    regions: rest.regions.map((region) => ({ ...region, demand: { [id]: region.demand[id] ?? 0 } })),
  };
}

/** The first stage of a scenario's policy for its first resource, with costs in whole millionths and bounds in whole lots. */
export function wholeProblem(scenario: Scenario): FlowProblem {
  const { problem } = buildGraph(compileNetwork(complete(scenario)), compilePolicy(scenario.policy), 0, 0);
  return { ...problem, cost: problem.cost.map((c) => Math.round(c * 1e6)), upper: problem.upper.map(Math.floor) };
}

/** What is left at a node may go to the root; only nodes with supply need an arc for it. */
function dimacs({ nodes, supply, from, to, cost, upper }: FlowProblem): string {
  const total = supply.reduce((a, b) => a + b, 0);
  const nodeLines: string[] = [];
  const arcLines = Array.from(from, (v, a) => `a ${v + 1} ${to[a]! + 1} 0 ${upper[a]} ${cost[a]}`);
  supply.forEach((s, v) => {
    if (s === 0) return;
    nodeLines.push(`n ${v + 1} ${s}`);
    arcLines.push(`a ${v + 1} ${nodes + 1} 0 ${total} 0`);
  });
  nodeLines.push(`n ${nodes + 1} ${-total}`);
  return [`p min ${nodes + 1} ${arcLines.length}`, ...nodeLines, ...arcLines, ''].join('\n');
}

/** Seconds of LEMON's own run and the cost it found. Throws where it does not print them. */
export async function solveWithLemon(file: string): Promise<{ seconds: number; cost: number }> {
  const { stdout, stderr } = await execute('dimacs-solver', ['-long', file, join(file, '..', 'flow')]);
  const report = stdout + stderr;
  const seconds = /Run NetworkSimplex:.*real: (\S+)s/.exec(report);
  const cost = /Min flow cost: (\S+)/.exec(report);
  if (!seconds || !cost) throw new Error(`dimacs-solver printed no time or cost: ${report.slice(-200)}`);
  return { seconds: Number(seconds[1]), cost: Number(cost[1]) };
}

export interface AgainstLemon {
  /** Medians; ours from the problem's arrays to flows and prices, LEMON's its run alone. */
  ours: number;
  lemon: number;
  /** Median of ratios, both of the same round. */
  ratio: number;
  pivots: number;
}

/** Rounds A B A B … after one that warms up. Throws where the costs differ: both are exact. */
export async function againstLemon(problem: FlowProblem, pivot: Pivot, rounds = 7): Promise<AgainstLemon> {
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-lemon-'));
  try {
    const file = join(folder, 'problem.min');
    await writeFile(file, dimacs(problem));
    const ours: number[] = [];
    const lemon: number[] = [];
    let pivots = 0;
    for (let round = 0; round <= rounds; round++) {
      const peer = await solveWithLemon(file);
      const start = performance.now();
      const solution = pivot(problem);
      const seconds = (performance.now() - start) / 1000;
      pivots = solution.pivots;
      // in whole numbers, as sums pass 2^53
      let cost = 0n;
      solution.flow.forEach((x, a) => {
        cost += BigInt(x) * BigInt(problem.cost[a]!);
      });
      if (Number(cost) !== peer.cost && Math.abs(Number(cost) / peer.cost - 1) > 1e-5)
        throw new Error(`cost ${cost}, LEMON found ${peer.cost}`);
      if (round === 0) continue;
      ours.push(seconds);
      lemon.push(peer.seconds);
    }
    const ratio = median(ours.map((s, i) => s / lemon[i]!));
    return { ours: median(ours), lemon: median(lemon), ratio, pivots };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
