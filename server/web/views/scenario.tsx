/** One scenario: what it holds, its plans, a new plan for it, and the few numbers that people change. */
import { useState } from 'preact/hooks';
import type { AllocationRow } from '../../catalogue.js';
import type { JobView } from '../../schemas/job.js';
import { ask, download, get, getAll, newKey, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { PlanTable } from '../shared/plans.js';
import { go, type Route, to } from '../shared/route.js';
import { peopleOf, type Scenario } from '../shared/scenario.js';
import { num, periodName, t } from '../shared/text.js';
import { Act, Digest, Fact, Shown, Title } from '../shared/ui.js';
import { Amend } from './amend.js';

export default function ScenarioView({ route }: { route: Route }) {
  const digest = route.path[1] ?? '';
  const scenario = useLoad((signal) => get<Scenario>(`/scenarios/${encodeURIComponent(digest)}`, signal), [digest]);
  const plans = useLoad(
    (signal) => getAll<AllocationRow>(`/allocations?scenario=${encodeURIComponent(digest)}`, 'allocations', signal),
    [digest],
  );
  return (
    <Shown of={scenario}>
      {(scenario) => (
        <>
          <Title title={scenario.title ?? scenario.id}>{scenario.title ?? scenario.id}</Title>
          <p class="quiet">
            {scenario.id} · <Digest of={digest} /> ·{' '}
            <button
              type="button"
              class="link"
              onClick={() => download(`${scenario.id}.json`, JSON.stringify(scenario, null, 2), 'application/json')}
            >
              {t('scenario.download')}
            </button>
          </p>
          {scenario.after && (
            <p class="notice">{t('scenario.past', { period: periodName(scenario.after.period, scenario.periods) })}</p>
          )}
          <Holdings scenario={scenario} />
          <section class="panel">
            <h2>{t('scenario.plans')}</h2>
            <Shown of={plans}>
              {(plans) => (plans.length === 0 ? <p>{t('scenario.plans.none')}</p> : <PlanTable plans={plans} />)}
            </Shown>
          </section>
          <div class="columns">
            <section class="panel">
              <h2>{t('scenario.plan')}</h2>
              <Ask digest={digest} />
            </section>
            <section class="panel">
              <h2>{t('scenario.amend')}</h2>
              <Amend scenario={scenario} />
            </section>
          </div>
          {scenario.source !== undefined && (
            <details class="panel">
              <summary>{t('scenario.source')}</summary>
              <p>{scenario.source}</p>
            </details>
          )}
        </>
      )}
    </Shown>
  );
}

function Holdings({ scenario }: { scenario: Scenario }) {
  const { regions, resources, depots, routes, periods } = scenario;
  const people = peopleOf(scenario);
  const last = periodName(periods.count - 1, periods);
  return (
    <dl class="facts">
      {people > 0 && <Fact name={t('scenario.people')} value={num(people)} />}
      <Fact name={t('scenario.regions')} value={num(regions.length)} />
      <Fact name={t('scenario.resources')} value={num(resources.length)} />
      <Fact name={t('scenario.depots')} value={num(depots.length)} />
      <Fact name={t('scenario.routes')} value={num(routes.length)} />
      <Fact name={t('scenario.periods')} value={num(periods.count)} note={`${periodName(0, periods)} – ${last}`} />
    </dl>
  );
}

const GAPS = [1e-2, 1e-3, 1e-4, 1e-6];

function Ask({ digest }: { digest: string }) {
  const [policy, setPolicy] = useState('own');
  const [gap, setGap] = useState(1e-3);
  // one key a form: a second press of the button is the same request
  const [key] = useState(newKey);
  const chosen = policy === 'own' ? {} : { policy };
  const solve = async (path: string) => {
    const body = { scenario: digest, gap, ...chosen };
    const { job } = await post<JobView>(path, body, `${key}-${policy}-${gap}-${path === '/frontiers' ? 'f' : 'a'}`);
    go(to(['job', job], { onward: 1 }));
  };
  return (
    <>
      <div class="field">
        <label for="policy">{t('scenario.policy')}</label>
        <select id="policy" value={policy} onChange={(e) => setPolicy(e.currentTarget.value)}>
          {(['own', 'balanced', 'proportional', 'efficient', 'equal'] as const).map((name) => (
            <option key={name} value={name}>
              {t(`scenario.policy.${name}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="gap">{t('scenario.gap')}</label>
        <select id="gap" value={gap} onChange={(e) => setGap(Number(e.currentTarget.value))}>
          {GAPS.map((gap) => (
            <option key={gap} value={gap}>
              {t('scenario.gap.one', { n: 1 / gap })}
            </option>
          ))}
        </select>
        <span class="hint">{t('scenario.gap.hint')}</span>
      </div>
      <div class="actions">
        <Act kind="main" work={() => solve('/allocations')}>
          {t('scenario.go')}
        </Act>
        <Act work={() => solve('/frontiers')}>{t('scenario.frontier')}</Act>
        <span class="quiet">{t('scenario.frontier.hint')}</span>
      </div>
    </>
  );
}

/** For other views: puts a changed scenario on the record and says under which digest. */
export async function recordScenario(scenario: Scenario): Promise<string> {
  const answer = await ask('/scenarios', { method: 'POST', body: scenario });
  return ((await answer.json()) as { digest: string }).digest;
}
