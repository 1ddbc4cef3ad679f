/** Values that stand in several examples of the API's document. */
import type { Scenario } from '../../scenarios/index.js';

export const DIGESTS = {
  scenario: 'fffeed43bcf93507725dd9ba15b768b2547bc025ae3c58f3ba73f6ac7449fe07',
  allocation: '7d46ff8ded8542547a37bad6a7c7690df6f03ab2ba14f5ad404e07a8c44b4827',
  other: '9ef6b48c553a9b328735e20cae86bde1fb82c6942f063532b89c8ab5f4e2f627',
  adoption: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce',
  leaf: '3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278',
  root: '9f14025af0065b30e47e23ebb3b491d39ae8ed17d33739e5ff3827ffb3634953',
} as const;

export const JOB = '0b0c6a52-3c3f-4a86-9a3c-6a2f5f3b9a10';

export const CHECKPOINT = `evenhand.local/3f9a5c0e
2
nxQCWvAGWzDkfiPrs7SR05ro7RfTNznl/zgn/7NjSVM=

— evenhand.local/3f9a5c0e 0123Zxy…
`;

export const PROOF = `c2sp.org/tlog-proof@v1
index 1
q6rRZ0wL…

${CHECKPOINT}`;

/** The smallest scenario that says something: too little water for two villages. */
export const SCENARIO: Scenario = {
  evenhand: 1,
  id: 'two-villages',
  title: 'Too little water for two villages',
  periods: { count: 1, length: 'P1D' },
  resources: [{ id: 'water', unit: 'L', weightKg: 1, lot: 100, kind: 'consumable' }],
  depots: [{ id: 'port', stock: { water: 6000 } }],
  regions: [
    { id: 'upper', demand: { water: 5000 }, floor: 0.3 },
    { id: 'lower', demand: { water: 5000 }, floor: 0.3 },
  ],
  routes: [
    { from: 'port', to: 'upper', mode: 'truck', km: 60, costPerTonne: 20 },
    { from: 'port', to: 'lower', mode: 'truck', km: 20, costPerTonne: 8 },
  ],
};
