/** What is on the record, by kind: scenarios and plans as lists. It follows the log; what contents say of themselves is read once. */
import type { LocalLedger } from './ledger/index.js';

export interface ScenarioRow {
  /** Null, as what is read from it, where it was forgotten. */
  digest: string | null;
  seq: number;
  id: string;
  title: string | null;
  recorded: string;
  org: string;
  periods: number;
  regions: number;
  resources: number;
  quorum: number;
  /** Plans for it on the record. */
  allocations: number;
}

export interface AllocationRow {
  digest: string | null;
  seq: number;
  /** Digest of its scenario; null where that was forgotten. */
  scenario: string | null;
  recorded: string;
  org: string;
  policy: string | null;
  stages: { stage: string; value: string; bound: string; gap: string }[];
  smallestCoverage: number | null;
  meanCoverage: number | null;
  gini: number | null;
  peoplePeriodsUnmet: number | null;
  cost: number | null;
  tonnes: number | null;
  /** Entries that adopt it; whether they count is told by `GET /adoptions`. */
  adoptions: number;
}

export interface Page {
  /** Place of an entry in the log. */
  from: number;
  limit: number;
}

export interface Catalogue {
  /** In the order of the log; `next` is where to go on, or null. */
  scenarios(page: Page): Promise<{ scenarios: ScenarioRow[]; next: number | null }>;
  /** Of one scenario, or of all; in the order of the log. */
  allocations(asked: Page & { scenario?: string }): Promise<{ allocations: AllocationRow[]; next: number | null }>;
}

/** What entries say: small, so all of it is kept. Names are salted digests. */
type Noted =
  | { kind: 'scenario'; salted: string; row: Omit<ScenarioRow, 'digest' | 'title' | 'allocations'> }
  | { kind: 'allocation'; salted: string; scenario: string; scenarioSeq: number; row: OfEntry };
type OfEntry = Pick<AllocationRow, 'seq' | 'recorded' | 'org' | 'stages'>;
type OfPlan = Pick<
  AllocationRow,
  'policy' | 'smallestCoverage' | 'meanCoverage' | 'gini' | 'peoplePeriodsUnmet' | 'cost' | 'tonnes'
>;

const FORGOTTEN: OfPlan = {
  ...{ policy: null, smallestCoverage: null, meanCoverage: null, gini: null },
  ...{ peoplePeriodsUnmet: null, cost: null, tonnes: null },
};

/** Entries read at a time. */
const TOGETHER = 1000;

export function openCatalogue(ledger: LocalLedger): Catalogue {
  const noted: Noted[] = [];
  const plansOf = new Map<number, number>();
  const adoptionsOf = new Map<number, number>();
  const titles = new Map<string, string | null>();
  const plans = new Map<string, OfPlan>();
  let read = 0;
  let reading: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    while (read < ledger.size()) {
      const entries = await ledger.entries(read, TOGETHER);
      if (entries.length === 0) return;
      for (const { seq, entry } of entries) {
        const common = { seq, recorded: entry.ts, org: entry.actor.org };
        if (entry.kind === 'scenario') {
          const { scenario, id, periods, regions, resources, quorum = 1 } = entry.body;
          noted.push({
            kind: 'scenario',
            salted: scenario,
            row: { ...common, id, periods, regions, resources, quorum },
          });
        } else if (entry.kind === 'allocation') {
          const { allocation, scenario, scenarioSeq, stages } = entry.body;
          noted.push({ kind: 'allocation', salted: allocation, scenario, scenarioSeq, row: { ...common, stages } });
          plansOf.set(scenarioSeq, (plansOf.get(scenarioSeq) ?? 0) + 1);
        } else if (entry.kind === 'adoption') {
          const { allocationSeq } = entry.body;
          adoptionsOf.set(allocationSeq, (adoptionsOf.get(allocationSeq) ?? 0) + 1);
        }
      }
      read += entries.length;
    }
  }

  /** One reader at a time, or entries would be noted twice. */
  function upToDate(): Promise<void> {
    reading = reading.catch(() => {}).then(follow);
    return reading;
  }

  async function titleOf(salted: string): Promise<string | null> {
    const known = titles.get(salted);
    if (known !== undefined) return known;
    const title = (await ledger.scenario(salted))?.title ?? null;
    titles.set(salted, title);
    return title;
  }

  async function planOf(salted: string): Promise<OfPlan> {
    const known = plans.get(salted);
    if (known) return known;
    const plan = await ledger.allocation(salted);
    if (!plan) return FORGOTTEN;
    const { smallestCoverage, meanCoverage, gini, peoplePeriodsUnmet, cost, tonnes } = plan.measures;
    const policy = plan.policy.name;
    const of = { policy, smallestCoverage, meanCoverage, gini, peoplePeriodsUnmet, cost, tonnes };
    plans.set(salted, of);
    return of;
  }

  /** Null where it was forgotten; then it is forgotten here as well. */
  async function nameOf(salted: string): Promise<string | null> {
    const digest = await ledger.contentName(salted);
    if (digest !== undefined) return digest;
    titles.delete(salted);
    plans.delete(salted);
    return null;
  }

  return {
    async scenarios({ from, limit }) {
      await upToDate();
      const scenarios: ScenarioRow[] = [];
      for (const one of noted) {
        if (one.kind !== 'scenario' || one.row.seq < from) continue;
        if (scenarios.length === limit) return { scenarios, next: one.row.seq };
        const digest = await nameOf(one.salted);
        const title = digest === null ? null : await titleOf(one.salted);
        scenarios.push({ digest, title, ...one.row, allocations: plansOf.get(one.row.seq) ?? 0 });
      }
      return { scenarios, next: null };
    },
    async allocations({ scenario, from, limit }) {
      await upToDate();
      const of = scenario === undefined ? undefined : (await ledger.receipt(scenario))?.seq;
      const allocations: AllocationRow[] = [];
      for (const one of noted) {
        if (one.kind !== 'allocation' || one.row.seq < from) continue;
        if (scenario !== undefined && one.scenarioSeq !== of) continue;
        if (allocations.length === limit) return { allocations, next: one.row.seq };
        const digest = await nameOf(one.salted);
        const plan = digest === null ? FORGOTTEN : await planOf(one.salted);
        const adoptions = adoptionsOf.get(one.row.seq) ?? 0;
        allocations.push({ digest, scenario: await nameOf(one.scenario), ...one.row, ...plan, adoptions });
      }
      return { allocations, next: null };
    },
  };
}
