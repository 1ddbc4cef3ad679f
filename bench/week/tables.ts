/** The tables of the week, as the server's README has them. */
import type { Variance } from '../../engine/index.js';
import { varianceTable } from '../../server/cli/replan.js';
import { num, percent, table } from '../../server/cli/text.js';
import type { Trace } from '../../server/reports/tracing.js';
import type { Outcome } from './outcome.js';
import type { Filed, Replayed } from './replay.js';

export type Traced = Filed & { trace: Trace };

/** Of all reports, or of those whose place among them is asked for. */
export async function tracesOf({ days, ask }: Replayed, which: (n: number) => boolean = () => true): Promise<Traced[]> {
  const traced: Traced[] = [];
  for (const one of days.flatMap(({ filed }) => filed).filter((_, n) => which(n))) {
    let trace = await ask<Trace | { state: 'running' }>(`/reports/${one.digest}/trace`);
    while ('state' in trace) trace = await ask(`/reports/${one.digest}/trace`);
    traced.push({ ...one, trace });
  }
  return traced;
}

export function printEffects(traced: readonly Traced[]): string {
  const rows = traced.map(({ event, trace }) => [
    event.day,
    trace.kind,
    placeOf(event.report),
    trace.verified?.verdict ?? 'open',
    trace.replan ? num(trace.replan.seq) : '',
    trace.effect ? num(trace.effect.planned.moved) : '',
    trace.effect ? num(trace.effect.saved.peoplePeriods) : '',
  ]);
  return table(['day', 'report', 'of', 'verdict', 'plan (entry)', 'people-periods moved', 'saved'], rows);
}

function placeOf(report: Filed['event']['report']): string {
  if (report.kind === 'delivery') return `to ${report.to}`;
  if (report.kind === 'stock')
    return `${report.resource} at ${report.depot ?? '?'}, ${report.change} ${report.quantity}`;
  if (report.kind === 'need') return report.region ?? '?';
  const { route, site, fleet } = report;
  return route ? `${route.from} → ${route.to}` : (site ?? `fleet ${fleet}`);
}

export async function printVariance({ days, ask }: Replayed): Promise<string> {
  const last = days.at(-1)!;
  const variance = await ask<Variance>(
    `/allocations/${last.allocation}/variance?period=${days.length}&scenario=${last.scenario}`,
  );
  const differs = variance.rows.filter((r) => r.allocated !== r.delivered + r.onTheRoad);
  return `${varianceTable(differs)}\n\n${varianceTable(variance.totals)}`;
}

export function printOutcome({ replanned, unchanged, effect, held }: Outcome): string {
  const row = (name: string, { measures: m }: Outcome['replanned']) => [
    name,
    num(m.peoplePeriodsMet),
    num(m.peoplePeriodsUnmet),
    percent(m.smallestCoverage),
    num(m.gini),
  ];
  return [
    table(
      ['week', 'people-periods met', 'unmet', 'smallest coverage', 'Gini'],
      [row('with plans made anew', replanned), row('with the plan of the first day', unchanged)],
    ),
    `${num(effect.peoplePeriods)} people-periods lost without re-planning; ${held} consignments of the first plan could not leave.`,
  ].join('\n');
}
