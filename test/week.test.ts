/** The first days of the week of Enawo on a real server: from the report to the plan, and what strangers make of the record. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { outcome } from '../bench/week/outcome.js';
import { type Replayed, replay } from '../bench/week/replay.js';
import { tracesOf } from '../bench/week/tables.js';
import { type Allocation, check, closePool, type Variance } from '../engine/index.js';
import { type Scenario, scenarioDigest } from '../scenarios/index.js';
import { openLedger } from '../server/ledger/index.js';
import { readyIn } from './support/program.js';

after(closePool);

describe('three days of reports', () => {
  let dir: string;
  let week: Replayed;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'evenhand-week-'));
    week = await replay(join(dir, 'data'), 3);
  });
  after(async () => {
    await week.close();
    await rm(dir, { recursive: true });
  });

  it('make plans that keep what was sent, and send nothing on a closed road', async () => {
    const [first, second, third] = week.days;
    const scenario = await week.ask<Scenario>(`/scenarios/${third!.plan.scenario.digest}`);
    const known = await week.ask<Scenario>(`/scenarios/${third!.scenario}`);
    assert.deepEqual(check(third!.plan, scenario).faults, []);
    assert.equal(scenario.after?.allocation, second!.allocation);
    assert.equal(scenario.after?.base, scenarioDigest(known));
    assert.ok(third!.plan.shipments.every((s) => s.depart >= 2));
    const closed = new Map(known.routes.map((r) => [`${r.from} ${r.to}`, r.closed ?? []]));
    for (const s of third!.plan.shipments)
      assert.ok(!closed.get(`${s.from} ${s.to}`)?.includes(s.depart), JSON.stringify(s));
    // what each plan sent on its own day is history, less what was held and given back
    const sent = (list: readonly { depart: number; quantity: number }[], day: number) =>
      list.filter((s) => s.depart === day).reduce((sum, s) => sum + s.quantity, 0);
    const planned = sent(first!.plan.shipments, 0) + sent(second!.plan.shipments, 1);
    const { totals } = await week.ask<Variance>(
      `/allocations/${third!.allocation}/variance?period=2&scenario=${third!.scenario}`,
    );
    const stayed = totals.reduce((sum, r) => sum + r.held + r.returned, 0);
    assert.ok(stayed > 0);
    assert.equal(sent(scenario.after!.shipped!, 0) + sent(scenario.after!.shipped!, 1), planned - stayed);
  });

  it('leave a trace: the plan without a report is the one that a scenario without it has', async () => {
    const some = (n: number) => [0, 4, 10, 11, 12, 19].includes(n);
    const traced = await tracesOf(week, some);
    assert.deepEqual(
      new Set(traced.map(({ trace }) => trace.kind)),
      new Set(['obstacle', 'need', 'stock', 'delivery']),
    );
    for (const { event, trace } of traced) {
      assert.equal(trace.verified?.verdict, event.rejected === undefined ? 'verified' : 'rejected');
      assert.equal(trace.replan === null, event.rejected !== undefined);
      if (!trace.effect || !trace.replan) continue;
      const [now, without] = [
        await week.ask<Allocation>(`/allocations/${trace.replan.allocation}`),
        await week.ask<Allocation>(`/allocations/${trace.effect.without}`),
      ];
      const scenario = await week.ask<Scenario>(`/scenarios/${without.scenario.digest}`);
      assert.deepEqual(check(without, scenario).faults, []);
      const met = (a: Allocation) => a.coverage.reduce((sum, c) => sum + c.peoplePeriodsMet, 0);
      assert.ok(Math.abs(met(now) - met(without) - trace.effect.planned.peoplePeriods) < 1e-6 * met(now));
      const { report } = event;
      if (report.kind !== 'obstacle' || !report.route || !report.closed) continue;
      const route = scenario.routes.find((r) => r.from === report.route!.from && r.to === report.route!.to);
      assert.equal(route?.closed, undefined, 'as if nobody had said that it is closed');
    }
    // asked again, nothing is solved or recorded again
    const size = await week.ask<{ size: number }>('/healthz');
    await tracesOf(week, some);
    assert.deepEqual(await week.ask('/healthz').then((h) => Object(h).ledger), Object(size).ledger);
  });

  it('account for every lot, and lose less than the plan of the first day alone', async () => {
    const last = week.days.at(-1)!;
    const { rows, totals } = await week.ask<Variance>(
      `/allocations/${last.allocation}/variance?period=3&scenario=${last.scenario}`,
    );
    for (const r of [...rows, ...totals]) {
      assert.equal(r.shipped + r.held + r.returned, r.allocated);
      assert.equal(r.delivered + r.onTheRoad + r.lost, r.shipped);
    }
    assert.ok(totals.some((r) => r.lost > 0) && totals.some((r) => r.held > 0) && totals.some((r) => r.returned > 0));
    const { effect } = await outcome(week);
    assert.ok(effect.peoplePeriods > 0);
  });

  it('cannot be told otherwise afterwards: a past that was not is refused, and found where it got in', async () => {
    const scenario = await week.ask<Scenario>(`/scenarios/${week.days[2]!.plan.scenario.digest}`);
    const forged = structuredClone(scenario);
    const line = forged.after!.shipped!.find((s) => s.quantity > 10)!;
    line.quantity -= 1;
    await assert.rejects(week.ask('/scenarios', forged), /422 .*its past is not what the plan/);
    await week.close();
    const data = join(dir, 'data');
    const evenhand = readyIn(dir);
    const [, second, third] = week.days;
    const told = await evenhand('trace', second!.filed[0]!.digest, '--data', data);
    assert.match(told.out, /It was taken up in entry \d+\.\nThe plan was made anew for period 1/, told.err);
    assert.match(told.out, /Route toamasina → analanjirofo by truck is closed in periods 1–3/);
    const short = second!.allocation.slice(0, 12);
    const again = await evenhand(
      'replan',
      short,
      '--period',
      '2',
      '--scenario',
      third!.scenario,
      '--gap',
      '1e-2',
      '--data',
      data,
    );
    assert.equal(again.status, 0, again.err);
    assert.match(again.out, /Because\n- .*\(entry \d+\)/);
    const variance = await evenhand('variance', third!.allocation, '--period', '3', '--data', data);
    assert.match(variance.out, /In all\n/, variance.err);
    const wrong = await evenhand('replan', short, '--period', '9', '--data', data);
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /period 9: expected one from 1, where the plan in force begins, to 6/);
    const sound = await evenhand('verify', data, '--json');
    assert.equal(sound.status, 0, sound.out + sound.err);
    const ledger = await openLedger(data);
    const { seq } = await ledger.recordScenario(forged);
    await ledger.close();
    const { status, out } = await evenhand('verify', data, '--json');
    assert.equal(status, 1);
    const { faults } = JSON.parse(out) as { faults: { seq: number; kind: string; what: string }[] };
    assert.deepEqual(
      faults.map((f) => [f.seq, f.kind]),
      [[seq, 'binding']],
    );
    assert.match(faults[0]!.what, /its past is not what the plan that it names and the deliveries reported make of it/);
  });
});
