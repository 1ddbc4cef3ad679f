/** The inbox: what was reported, whose turn it is and until when; verified reports become an amended scenario from here. */
import { useState } from 'preact/hooks';
import type { Amendment } from '../../../scenarios/field/amendment.js';
import type { ReportView } from '../../reports/register.js';
import { getAll, newKey, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { placeOf, saysOf } from '../shared/report.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { type Key, t, when } from '../shared/text.js';
import { Act, Shown, Title, Wide } from '../shared/ui.js';

export const STATES = ['filed', 'verified', 'rejected', 'amended', 'resolved', 'superseded'] as const;

export default function Reports({ route: { query } }: { route: Route }) {
  const state = query.get('state') ?? '';
  const filter = (STATES as readonly string[]).includes(state) ? `/reports?state=${state}` : '/reports';
  const reports = useLoad((signal) => getAll<ReportView>(filter, 'reports', signal), [filter]);
  return (
    <>
      <Title title={t('nav.reports')}>{t('reports.title')}</Title>
      <p class="quiet">{t('reports.intro')}</p>
      <div class="row">
        <a class="button main" href={to(['field'])}>
          {t('reports.new')}
        </a>
        <div class="field">
          <label for="state">{t('reports.state')}</label>
          <select id="state" value={state} onChange={(e) => setQuery({ state: e.currentTarget.value })}>
            <option value="">{t('reports.all')}</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {t(`reports.state.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <section class="panel">
        <Shown of={reports}>
          {(reports) =>
            reports.length === 0 ? <p>{t('reports.none')}</p> : <Inbox reports={[...reports].reverse()} />
          }
        </Shown>
      </section>
    </>
  );
}

function Inbox({ reports }: { reports: readonly ReportView[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [made, setMade] = useState<{ digest: string; amendment: Amendment } | null>(null);
  const [key, setKey] = useState(newKey);
  const scenario = reports.find(({ digest }) => digest === chosen[0])?.report?.scenario;
  const amend = async () => {
    setMade(await post<{ digest: string; amendment: Amendment }>('/amendments', { scenario, reports: chosen }, key));
    setChosen([]);
    setKey(newKey());
  };
  return (
    <>
      <Wide label={t('reports.title')}>
        <table>
          <thead>
            <tr>
              <th>
                <span class="sr">{t('reports.choose')}</span>
              </th>
              <th>{t('reports.col.what')}</th>
              <th>{t('reports.col.where')}</th>
              <th>{t('reports.state')}</th>
              <th>{t('reports.col.turn')}</th>
            </tr>
          </thead>
          <tbody>
            {reports.map(({ digest, seq, report, state, owner, due, overdue, step }) => (
              <tr key={seq}>
                <td>
                  {digest !== null && state === 'verified' && (
                    <input
                      type="checkbox"
                      checked={chosen.includes(digest)}
                      disabled={scenario !== undefined && report?.scenario !== scenario}
                      aria-label={`${t('reports.choose')}: ${seq}`}
                      onChange={() =>
                        setChosen(
                          chosen.includes(digest) ? chosen.filter((one) => one !== digest) : [...chosen, digest],
                        )
                      }
                    />
                  )}
                </td>
                <th scope="row">
                  {digest !== null && report ? (
                    <a href={to(['report', digest])}>
                      {t(`field.kind.${report.kind}`)}: {saysOf(report)}
                    </a>
                  ) : (
                    t('scenarios.forgotten')
                  )}
                  <div class="quiet">{report && `${when(report.observed)} · ${report.by}`}</div>
                </th>
                <td>{report && placeOf(report)}</td>
                <td>
                  <StateTag state={state} />
                </td>
                <td>
                  {step !== null && t(`reports.step.${step}` as Key)}
                  {owner && <div class="quiet">{owner.organisation ?? owner.tier}</div>}
                  {due !== null && (
                    <div class={overdue ? 'state bad' : 'quiet'}>
                      {t(overdue ? 'reports.overdue' : 'reports.due', { when: when(due) })}
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {reports.some(({ state }) => state === 'verified') && (
        <div class="actions">
          {chosen.length > 0 ? (
            <Act work={amend}>{t('reports.amend', { n: chosen.length })}</Act>
          ) : (
            <span class="quiet">{t('reports.choose')}</span>
          )}
        </div>
      )}
      {made && (
        <div class="notice good" role="status">
          <ul>
            {made.amendment.words.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <a class="button" href={to(['scenario', made.amendment.scenario])}>
            {t('reports.amended')}
          </a>
        </div>
      )}
    </>
  );
}

export function StateTag({ state }: { state: ReportView['state'] }) {
  const kind = state === 'rejected' ? 'bad' : state === 'filed' ? 'warn' : 'good';
  return <span class={`tag ${kind}`}>{t(`reports.state.${state}`)}</span>;
}
