/** Plausible scenarios and allocations for the ledger, and a place to keep one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Allocation, Scenario } from '../../engine/types.js';
import { valueDigest } from '../../server/ledger/digest.js';

export function scenarioOf(id: string): Scenario {
  return {
    evenhand: 1,
    id,
    periods: { count: 2 },
    resources: [{ id: 'water', unit: 'L', weightKg: 1, kind: 'consumable' }],
    depots: [{ id: 'port', stock: { water: 900 } }],
    regions: [{ id: 'north', demand: { water: 400.5 } }],
    routes: [{ from: 'port', to: 'north', mode: 'truck' }],
  };
}

/** `n` tells allocations of one scenario apart. */
export function allocationOf(scenario: Scenario, n: number): Allocation {
  const digest = valueDigest(scenario);
  return {
    evenhand: 1,
    scenario: { id: scenario.id, digest },
    policy: { name: 'custom', stages: [{ stage: 'cost' }] },
    shipments: [{ resource: 'water', from: 'port', to: 'north', mode: 'truck', depart: 0, arrive: 0, quantity: n }],
    use: [],
    coverage: [
      {
        region: 'north',
        resource: 'water',
        needed: 801,
        met: n,
        ratio: n / 801,
        due: 801,
        delivered: n,
        peoplePeriodsNeeded: 801,
        peoplePeriodsMet: n,
      },
    ],
    stages: [{ stage: 'cost', value: `${n}.5`, bound: `${n}`, gap: 1.5e-7, tolerance: 0 }],
    measures: {
      smallestCoverage: n / 801,
      meanCoverage: n / 801,
      peoplePeriodsNeeded: 801,
      peoplePeriodsMet: n,
      peoplePeriodsUnmet: 801 - n,
      gini: 0,
      tonnes: n / 1000,
      tonneKm: 0,
      cost: n,
      currency: null,
      byRegion: [],
      byResource: [],
      fleets: [],
      budget: null,
    },
    certificate: { digest: '0', scenario: digest, policy: '0', plan: '0', stages: [] },
    solver: { name: 'highs', version: '1.15.3', reason: 'test', seconds: 0.25, iterations: 3 },
    gap: { asked: 1e-4, proven: 1.5e-7 },
  };
}

/** A directory that is gone after `work`. */
export async function inTemporary<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'evenhand-ledger-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
