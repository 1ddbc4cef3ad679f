/** A forged allocation does not pass: whatever is changed, the checker finds it without any solver. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Allocation, Scenario } from '../engine/index.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { certificateDigest, sealCertificate } from '../engine/proof/certificate.js';
import { check } from '../engine/proof/check.js';
import { readCase } from '../scenarios/index.js';

const scenario = readCase('two-valleys');
const honest = await runAllocation(scenario, {}, () => 0);

/** A forger who knows how digests are made and puts them right again. */
function resealed(a: Allocation): Allocation {
  const policy = compilePolicy(a.policy.name === 'custom' ? a.policy.stages : a.policy.name);
  return { ...a, certificate: sealCertificate(scenario, policy, a.shipments, a.use, a.certificate.stages) };
}

const forgeries: [string, (a: Allocation) => void][] = [
  [
    'a lot less',
    (a) => {
      a.shipments[0]!.quantity -= 1;
    },
  ],
  [
    'a lot more',
    (a) => {
      a.shipments[0]!.quantity += 1;
    },
  ],
  [
    'ten times the quantity',
    (a) => {
      a.shipments[0]!.quantity *= 10;
    },
  ],
  [
    'half a lot',
    (a) => {
      a.shipments[0]!.quantity += 0.5;
    },
  ],
  [
    'a negative quantity',
    (a) => {
      a.shipments[0]!.quantity = -1;
    },
  ],
  [
    'no number',
    (a) => {
      a.shipments[0]!.quantity = Number.NaN;
    },
  ],
  [
    'a dropped shipment',
    (a) => {
      a.shipments.pop();
    },
  ],
  [
    'a repeated shipment',
    (a) => {
      a.shipments.push({ ...a.shipments[0]! });
    },
  ],
  [
    'an unknown route',
    (a) => {
      a.shipments[0]!.mode = 'zeppelin';
    },
  ],
  [
    'a redirected shipment',
    (a) => {
      const s = a.shipments.find((x) => x.from === 'junction' && x.to === 'north')!;
      s.to = 'south';
      s.arrive = s.depart;
    },
  ],
  [
    'a closed period',
    (a) => {
      const s = a.shipments.find((x) => x.from === 'junction' && x.to === 'south')!;
      s.depart = 1;
      s.arrive = 1;
    },
  ],
  [
    'an earlier arrival',
    (a) => {
      a.shipments.find((s) => s.arrive > s.depart)!.arrive -= 1;
    },
  ],
  [
    'goods handed out twice',
    (a) => {
      a.use[0]!.quantity *= 2;
    },
  ],
  [
    'goods handed out where they are not',
    (a) => {
      a.use[0]!.region = 'south';
    },
  ],
  [
    'a better value',
    (a) => {
      a.stages[1]!.value = '50000000';
    },
  ],
  [
    'a better bound',
    (a) => {
      a.stages[1]!.bound = a.stages[1]!.value;
    },
  ],
  [
    'a smaller gap',
    (a) => {
      a.stages[1]!.gap = 0;
    },
  ],
  [
    'a smaller proven gap',
    (a) => {
      a.gap.proven = 0;
    },
  ],
  [
    'a lower price',
    (a) => {
      a.certificate.stages[1]!.prices.goods!.prices[0]! -= 1;
    },
  ],
  [
    'a higher price',
    (a) => {
      a.certificate.stages[1]!.prices.goods!.prices[0]! += 1;
    },
  ],
  [
    'a negative price',
    (a) => {
      a.certificate.stages[1]!.prices.goods!.prices[0] = -5;
    },
  ],
  [
    'a price on no row',
    (a) => {
      a.certificate.stages[1]!.prices.goods!.rows[0] = 1e6;
    },
  ],
  [
    'a price on a later stage',
    (a) => {
      a.certificate.stages[0]!.prices.stage = { grid: 0, rows: [1], prices: [1] };
    },
  ],
  [
    'a price on an unlimited route',
    (a) => {
      a.certificate.stages[1]!.prices.route = { grid: 0, rows: [0], prices: [1] };
    },
  ],
  [
    'a finer grid',
    (a) => {
      a.certificate.stages[1]!.prices.goods!.grid += 1;
    },
  ],
  [
    'better coverage',
    (a) => {
      a.coverage[0]!.ratio = 1;
    },
  ],
  [
    'another policy',
    (a) => {
      a.policy.stages = [{ stage: 'need', alpha: 0 }];
    },
  ],
  [
    'a stage fewer',
    (a) => {
      a.stages.pop();
    },
  ],
  [
    'another scenario',
    (a) => {
      a.scenario.digest = '0'.repeat(64);
    },
  ],
];

test('the honest allocation passes', () => {
  assert.deepEqual(check(honest, scenario).faults, []);
});

for (const [what, forge] of forgeries)
  test(`refused: ${what}, with or without digests put right`, () => {
    const forged = structuredClone(honest);
    forge(forged);
    assert.equal(check(forged, scenario).ok, false);
    let sealed: Allocation;
    try {
      sealed = resealed(forged);
    } catch {
      return; // what cannot even be sealed (NaN has no canonical JSON) was refused above
    }
    assert.equal(check(sealed, scenario).ok, false);
  });

test('refused: the plan of one scenario for another that differs in one lot of stock', () => {
  const other: Scenario = structuredClone(scenario);
  other.depots[0]!.stock = { ...other.depots[0]!.stock, water: 47_999 };
  assert.equal(check(honest, other).ok, false);
});

test('a digest that is not its own is found by itself', () => {
  const { digest: _, ...body } = honest.certificate;
  assert.equal(certificateDigest(body), honest.certificate.digest);
  const forged = structuredClone(honest);
  forged.certificate.digest = certificateDigest({ ...body, plan: '0'.repeat(64) });
  assert.equal(check(forged, scenario).ok, false);
});
