/** Two organisations, a scenario with tiers, and reports on it: what the tests of a report's life begin with. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type FieldReport, type ReportOf, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { toBase64 } from '../../server/ledger/bytes.js';
import type { LocalLedger, Role } from '../../server/ledger/index.js';
import { type LogKey, newLogKey } from '../../server/ledger/keys.js';
import { newToken } from '../../server/tokens.js';
import type { Answer, TestServer } from './http.js';

export const VALLEY: Scenario = {
  evenhand: 1,
  id: 'valley',
  title: 'A port, a store upriver, two villages',
  periods: { count: 4, length: 'P1D', start: '2026-11-24' },
  resources: [
    { id: 'water', unit: 'L', weightKg: 1, lot: 100, kind: 'consumable', peoplePerUnit: 0.5 },
    { id: 'rice', unit: 'kg', weightKg: 1, lot: 50, kind: 'consumable' },
  ],
  depots: [
    { id: 'port', at: [47.5, -18.9], tier: 'central', stock: { water: 20_000, rice: 4000 } },
    { id: 'store', at: [47.9, -18.5], tier: 'district', stock: { water: 4000 } },
  ],
  regions: [
    { id: 'upper', at: [48.1, -18.3], demand: { water: [1000, 1000, 1000, 1000], rice: [500, 500, 500, 500] } },
    { id: 'lower', at: [47.6, -18.8], demand: { water: [2000, 2000, 2000, 2000] } },
  ],
  routes: [
    { from: 'port', to: 'upper', mode: 'truck', km: 90, costPerTonne: 20 },
    { from: 'store', to: 'upper', mode: 'truck', km: 30, costPerTonne: 8 },
    { from: 'port', to: 'lower', mode: 'truck', km: 20, costPerTonne: 6 },
  ],
};

const common = { report: 1, scenario: scenarioDigest(VALLEY), observed: '2026-11-24T06:30:00+03:00' } as const;

export const CLOSED: ReportOf<'obstacle'> = {
  ...common,
  kind: 'obstacle',
  by: 'Driver of the first convoy',
  text: 'Le pont est tombé.',
  route: { from: 'store', to: 'upper', mode: 'truck' },
  from: 1,
  until: 3,
  closed: true,
};
export const FOUND: FieldReport = {
  ...common,
  kind: 'need',
  by: 'Nurse at upper',
  region: 'upper',
  from: '2026-11-25',
  resources: ['water'],
  people: 200,
};
/** Where, but not which: whoever verifies it says so. */
export const SOMEWHERE: FieldReport = {
  ...common,
  kind: 'obstacle',
  by: 'Pilot',
  at: [48.0, -18.4],
  from: 2,
  closed: true,
};
export const LOST: FieldReport = {
  ...common,
  kind: 'stock',
  by: 'Keeper of the store',
  depot: 'store',
  resource: 'water',
  change: 'lost',
  quantity: 500,
  from: 1,
};

/** The smallest pictures there are of these kinds; the rest of the bytes says which it is. */
export const jpeg = (note: string) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(note)]);
export const png = (note: string) =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from(note)]);
export const webp = (note: string) =>
  Buffer.concat([Buffer.from('RIFF'), Buffer.from([4, 0, 0, 0]), Buffer.from('WEBP'), Buffer.from(note)]);
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export async function enrol(ledger: LocalLedger, name: string, roles: readonly Role[]): Promise<LogKey> {
  const key = newLogKey(name);
  const publicKey = toBase64(key.publicKey);
  await ledger.recordKey({ change: 'add', org: name, keyId: key.id, publicKey, roles: [...roles] });
  return key;
}

export type Headers = Record<string, string>;

export async function as({ dir }: Pick<TestServer, 'dir'>, org: string, role: Role): Promise<Headers> {
  return { authorization: `Bearer ${(await newToken(dir, org, role, new Date())).token}` };
}

/** What the tests read of the answers. */
export interface Step {
  digest: string;
  location: string;
  state: string;
  owner: { tier: string; organisation: string | null } | null;
  due: string | null;
  overdue: boolean;
  escalations: number;
  step: string | null;
  proposals: { place: Record<string, unknown>; km: number }[];
  receipt: { seq: number; kind: string; repeated: boolean; digest: string; proof: string };
  amendment: { parent: string; scenario: string; reports: string[]; words: string[]; patch: unknown[] };
  trail: { seq: number; kind: string; org: string; signed: boolean; content: unknown; receipt: { seq: number } }[];
  photo: string | null;
}

export function made(answer: Answer, status = 201): Step {
  assert.equal(answer.status, status, answer.text);
  return answer.json<Step>();
}
