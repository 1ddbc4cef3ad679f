/** The cheapest changes that help, each to be tried: planned for and compared. */
import { useState } from 'preact/hooks';
import type { Explanation, Resolve } from '../../../engine/explain/types.js';
import { patched } from '../../../scenarios/patching.js';
import type { JobView } from '../../schemas/job.js';
import { newKey, post } from '../shared/api.js';
import { aroundOf, type Laid } from '../shared/plan.js';
import { wholeScenario } from '../shared/plandata.js';
import { go, to } from '../shared/route.js';
import { sentence } from '../shared/said.js';
import { Table } from '../shared/table.js';
import { peopleUnit, signed, t } from '../shared/text.js';
import { Act } from '../shared/ui.js';

export function Helpful({ why, laid, digest }: { why: Explanation; laid: Laid; digest: string }) {
  const changes = why.changes.flatMap((i) => why.resolves[i] ?? []);
  const unit = peopleUnit(laid.scenario.periods.length);
  return (
    <section class="panel">
      <h2>{t('why.helps')}</h2>
      {changes.length === 0 && <p>{t('why.helps.none')}</p>}
      {changes.length > 0 && (
        <Table
          label={t('why.helps')}
          columns={[
            { name: t('why.change') },
            ...(why.region === null
              ? []
              : [{ name: t('why.for.region', { unit, region: laid.names.get(why.region) ?? why.region }), n: true }]),
            { name: t('why.for.all', { unit }), n: true },
            { name: t('why.try'), bare: true },
          ]}
          rows={changes.map((change) => {
            const what = sentence(change.what, change.said?.what, aroundOf(laid));
            return {
              key: change.what,
              cells: [
                <span key="what" title={change.what}>
                  {what}
                </span>,
                ...(why.region === null ? [] : [between(change.region?.change)]),
                between(change.overall?.change),
                <Try key="try" change={change} what={what} laid={laid} digest={digest} />,
              ],
            };
          })}
        />
      )}
    </section>
  );
}

/** What is known of a change: both ends where they differ. */
function between(is: { lo: number; hi: number } | undefined): string {
  if (!is) return '';
  const [lo, hi] = [signed(Math.round(is.lo)), signed(Math.round(is.hi))];
  return lo === hi ? lo : `${lo} … ${hi}`;
}

/** The changed scenario goes on the record, is planned for as this one was, and the two plans are compared. */
function Try({ change, what, laid, digest }: { change: Resolve; what: string; laid: Laid; digest: string }) {
  const [key] = useState(newKey);
  const { allocation } = laid;
  const work = async () => {
    const next = patched(await wholeScenario(laid), change.patch);
    const recorded = await post<{ digest: string }>('/scenarios', next);
    const { name, stages } = allocation.policy;
    const policy = name === 'custom' ? stages : name;
    const { job } = await post<JobView>(
      '/allocations',
      { scenario: recorded.digest, policy, gap: allocation.gap.asked },
      key,
    );
    go(to(['job', job], { against: digest, onward: 1 }));
  };
  return (
    <Act work={work}>
      {t('why.try')}
      <span class="sr">: {what}</span>
    </Act>
  );
}
