/**
 * The week replayed on a real server, over HTTP, with two organisations: what is told of a day is filed by the one, judged by the other,
 * compiled into an amendment, and the plan is made anew from that day on. Nothing here knows the inside of the server.
 */
import { mkdir } from 'node:fs/promises';
import type { Allocation } from '../../engine/index.js';
import { type FieldReport, readCase, type Scenario } from '../../scenarios/index.js';
import { toBase64 } from '../../server/ledger/bytes.js';
import { openLedger, type Role } from '../../server/ledger/index.js';
import { newLogKey } from '../../server/ledger/keys.js';
import { readConfig, serve } from '../../server/main.js';
import { newToken } from '../../server/tokens.js';
import { type Event, type ToldDelivery, TRUCKS, WEEK } from './course.js';

export const FIELD = 'croix-rouge.mg';
export const CELL = 'bngrc.mg';

export interface Filed {
  event: Event;
  digest: string;
  /** What an amendment says of it; empty where it was rejected. */
  words: string[];
}

export interface Day {
  day: number;
  /** The scenario as it was known, and the plan from this day on, by their digests. */
  scenario: string;
  allocation: string;
  plan: Allocation;
  /** Consignments that cannot have left as planned and that nobody had reported on. */
  assumed: number;
  filed: Filed[];
  /** Consignments that somebody has told of: by resource, ends and departure. */
  told: Set<string>;
}

export interface Replayed {
  url: string;
  start: Scenario;
  days: Day[];
  /** GET, or POST with a body, by the coordinating organisation. */
  ask<T>(path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

/** Of the week up to `until` (exclusive); `data` is made, the ledger stays there. */
export async function replay(data: string, until = 7, say: (line: string) => void = () => {}): Promise<Replayed> {
  const tokens = await register(data);
  // port 0: whatever is free
  const server = await serve(readConfig({ data, port: 0, rate: 0 }));
  const call = async <T>(path: string, body?: unknown, org = CELL): Promise<T> => {
    const response = await fetch(server.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${tokens[org]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 2000)}`);
    return JSON.parse(text) as T; // answers of our own server, described by its document
  };
  const start = startingScenario();
  let { digest: scenario } = await call<{ digest: string }>('/scenarios', start);
  const days: Day[] = [];
  for (let day = 0; day < until; day++) {
    const before = days.at(-1);
    const filed: Filed[] = [];
    for (const event of WEEK.filter((e) => e.day === day)) filed.push(await file(call, event, scenario, days));
    const counted = filed.filter(({ event }) => event.rejected === undefined);
    if (counted.length) {
      const { amendment } = await call<{ amendment: { scenario: string; words: string[] } }>('/amendments', {
        scenario,
        reports: counted.map(({ digest }) => digest),
      });
      scenario = amendment.scenario;
      for (const words of amendment.words) say(`  ${words}`);
      for (const one of counted) one.words = amendment.words;
    }
    const asked = { scenario, gap: 5e-4, ...(before ? { after: before.allocation, period: day } : {}) };
    const job = await call<{ job: string; assumed?: unknown[] }>('/allocations', asked);
    const allocation = await finished(call, job.job);
    const plan = await call<Allocation>(`/allocations/${allocation}`);
    days.push({ day, scenario, allocation, plan, assumed: job.assumed?.length ?? 0, filed, told: new Set() });
    for (const { digest } of counted)
      await call(`/reports/${digest}/resolution`, {
        ...{ by: 'duty officer', what: `The plan of day ${day} takes it into account.`, allocation },
      });
    const stages = plan.stages.map((s) => `${s.stage} ${s.gap.toExponential(1)}`).join(', ');
    say(
      `day ${day}: ${filed.length} reports; proven gaps: ${stages}; ${plan.solver.name}, ${plan.solver.seconds.toFixed(1)} s`,
    );
  }
  return { url: server.url, start, days, ask: (path, body) => call(path, body), close: () => server.close() };
}

/** Enawo with few trucks, and with a stage that keeps to the plan before where that costs no more than a thousandth of need. */
function startingScenario(): Scenario {
  const scenario = readCase('enawo');
  const [trucks] = scenario.fleets!;
  const [need] = scenario.policy as [object];
  return {
    ...scenario,
    id: 'enawo-week',
    fleets: [{ ...trucks!, vehicles: TRUCKS }],
    policy: [{ ...need, tolerance: 1e-3 } as never, { stage: 'stay' }],
  };
}

type Call = <T>(path: string, body?: unknown, org?: string) => Promise<T>;

async function register(data: string): Promise<Record<string, string>> {
  await mkdir(data, { recursive: true });
  const ledger = await openLedger(data);
  const tokens: Record<string, string> = {};
  const members: [string, Role][] = [
    [FIELD, 'field'],
    [CELL, 'coordinator'],
  ];
  try {
    for (const [org, role] of members) {
      const { id, publicKey } = newLogKey(org);
      await ledger.recordKey({ change: 'add', org, keyId: id, publicKey: toBase64(publicKey), roles: [role] });
      tokens[org] = (await newToken(data, org, role, new Date())).token;
    }
  } finally {
    await ledger.close();
  }
  return tokens;
}

async function file(call: Call, event: Event, scenario: string, days: readonly Day[]): Promise<Filed> {
  const observed = `2017-03-${String(7 + event.day).padStart(2, '0')}T09:00:00+03:00`;
  const common = { report: 1 as const, scenario, observed };
  const { report } = event;
  const document: FieldReport =
    report.kind === 'delivery' ? deliveryOf(report, days, common) : ({ ...common, ...report } as FieldReport);
  const { digest } = await call<{ digest: string }>('/reports', document, FIELD);
  const verdict = event.rejected === undefined ? 'verified' : 'rejected';
  const why = event.rejected ?? 'Called back, a second source says the same.';
  await call(`/reports/${digest}/verification`, { verdict, by: 'situation desk', why });
  return { event, digest, words: [] };
}

/**
 * The heaviest consignment to the place that has left and that nobody has told of, with shares of it held, returned and lost in whole
 * lots. The plan of each day is in force on that day alone.
 */
function deliveryOf(
  told: ToldDelivery,
  days: readonly Day[],
  common: { report: 1; scenario: string; observed: string },
): FieldReport {
  const weights = new Map(readCase('enawo').resources.map((r) => [r.id, r.weightKg]));
  const lines = days.flatMap(({ day, plan, allocation, told: before }) =>
    plan.shipments
      .filter((s) => s.depart === day && s.to === told.to && !before.has(keyOf(s)))
      .map((s) => ({ ...s, allocation, before, kg: s.quantity * weights.get(s.resource)! })),
  );
  const [line] = lines.sort((a, b) => b.kg - a.kg);
  if (!line) throw new Error(`nothing has left for ${told.to} by day ${days.length}`);
  line.before.add(keyOf(line));
  const { allocation, resource, from, to, mode, depart, arrive, quantity } = line;
  const [held, returned] = [Math.floor(quantity * told.held), Math.floor(quantity * told.returned)];
  const shipped = quantity - held - returned;
  return {
    ...{ ...common, kind: 'delivery', by: told.by, text: told.text, allocation },
    ...{ resource, from, to, mode, depart, shipped, held, returned },
    delivered: shipped - Math.floor(quantity * told.lost),
    ...(told.late > 0 ? { arrived: arrive + told.late } : {}),
  };
}

const keyOf = ({
  resource,
  from,
  to,
  depart,
}: {
  resource: string;
  from: string;
  to: string;
  depart: number;
}): string => JSON.stringify([resource, from, to, depart]);

async function finished(call: Call, job: string): Promise<string> {
  for (;;) {
    const { state, result, error } = await call<{ state: string; result?: { allocation: string }; error?: object }>(
      `/jobs/${job}`,
    );
    if (result) return result.allocation;
    if (state !== 'queued' && state !== 'running') throw new Error(`job ${job}: ${state} ${JSON.stringify(error)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
