/** The inbox: what was reported, whose turn it is and until when; verified reports become an amended scenario from here. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Amendment } from '../../../scenarios/field/amendment.js';
import type { AmendmentSaid } from '../../../scenarios/field/said.js';
import type { ReportDocument } from '../../ledger/types.js';
import type { ReportView } from '../../reports/register.js';
import { type Moved, ReportMap } from '../map/reports.js';
import { get, getAll, newKey, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { headOf, placeOf } from '../shared/report.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { type Around, Sentences } from '../shared/said.js';
import { namesOf, type Scenario } from '../shared/scenario.js';
import { type Key, t, when } from '../shared/text.js';
import { Act, Shown, Title } from '../shared/ui.js';
import { Changed } from './changed.js';
import { Verify } from './verify.js';

export const STATES = ['filed', 'verified', 'rejected', 'amended', 'resolved', 'superseded'] as const;

export default function Reports({ route: { query } }: { route: Route }) {
  const state = query.get('state') ?? '';
  const filter = (STATES as readonly string[]).includes(state) ? `/reports?state=${state}` : '/reports';
  const [version, setVersion] = useState(0);
  const reports = useLoad(
    async (signal) => (await getAll<ReportView>(filter, 'reports', signal)).reverse(),
    [filter, version],
  );
  // the list stays while it is read again: what was chosen in it, and what was made, are not lost
  const last = useRef(reports);
  if (reports.state !== 'loading') last.current = reports;
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
      <Shown of={last.current}>
        {(reports) =>
          reports.length === 0 ? (
            <p>{t('reports.none')}</p>
          ) : (
            <Inbox reports={reports} open={query.get('report')} onStep={() => setVersion(version + 1)} />
          )
        }
      </Shown>
    </>
  );
}

function Inbox({ reports, open, onStep }: { reports: readonly ReportView[]; open: string | null; onStep(): void }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [made, setMade] = useState<Made | null>(null);
  const [key, setKey] = useState(newKey);
  const [moved, setMoved] = useState<Moved | null>(null);
  const scenario = reports.find(({ digest }) => digest === chosen[0])?.report?.scenario;
  const told = useMemo(() => reports.flatMap(({ seq, report }) => (report ? [{ seq, report }] : [])), [reports]);
  const opened = reports.find(({ digest }) => digest !== null && digest === open);
  // the map is that of the open report, else of the newest
  const ground = opened?.report?.scenario ?? told[0]?.report.scenario;
  const map = useLoad(
    async (signal) => (ground === undefined ? null : get<Scenario>(`/scenarios/${ground}`, signal)),
    [ground],
  );
  const names = useMemo(() => (map.value ? namesOf(map.value) : null), [map.value]);
  const around = { names: names ?? new Map(), periods: map.value?.periods ?? {} };
  const named = (id: string) => names?.get(id) ?? id;
  useEffect(() => setMoved(null), [open]);
  const amend = async () => {
    setMade(await post<Made>('/amendments', { scenario, reports: chosen }, key));
    setChosen([]);
    setKey(newKey());
    onStep();
  };
  const show = (digest: string | null) => setQuery({ report: digest });
  return (
    <div class="maplayout even">
      <div>
        {map.value && (
          <ReportMap
            scenario={map.value}
            reports={told}
            chosen={opened?.seq ?? null}
            moved={moved}
            onChoose={(seq) => show(reports.find((one) => one.seq === seq)?.digest ?? null)}
          />
        )}
        <p class="quiet">{t('reports.map')}</p>
      </div>
      <section class="panel">
        <ul class="entries">
          {reports.map((one) => (
            <Card key={one.seq} one={one} named={named} open={one === opened} onOpen={show}>
              {one.digest !== null && one.state === 'verified' && (
                <label class="choice">
                  <input
                    type="checkbox"
                    checked={chosen.includes(one.digest)}
                    disabled={scenario !== undefined && one.report?.scenario !== scenario}
                    onChange={() =>
                      setChosen(
                        chosen.some((d) => d === one.digest)
                          ? chosen.filter((d) => d !== one.digest)
                          : [...chosen, one.digest ?? ''],
                      )
                    }
                  />{' '}
                  {t('reports.take')}
                </label>
              )}
              {one === opened && one.report && one.digest !== null && (
                <Opened
                  one={one}
                  report={one.report}
                  digest={one.digest}
                  around={around}
                  onStep={onStep}
                  onMoved={setMoved}
                />
              )}
            </Card>
          ))}
        </ul>
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
            <Sentences words={made.amendment.words} said={made.said ?? []} around={around} />
            <a class="button" href={to(['scenario', made.amendment.scenario])}>
              {t('reports.amended')}
            </a>
          </div>
        )}
      </section>
    </div>
  );
}

interface Made {
  amendment: Amendment;
  said?: AmendmentSaid[];
}

interface CardProps {
  one: ReportView;
  named(id: string): string;
  open: boolean;
  onOpen(digest: string | null): void;
  children: ComponentChildren;
}

function Card({
  one: { digest, seq, report, state, owner, due, overdue, step },
  named,
  open,
  onOpen,
  children,
}: CardProps) {
  return (
    <li class={open ? 'picked' : ''}>
      <span class="seq">{seq}</span>
      <div>
        {digest !== null && report ? (
          <button type="button" class="link" aria-expanded={open} onClick={() => onOpen(open ? null : digest)}>
            {headOf(report, named)}
          </button>
        ) : (
          t('scenarios.forgotten')
        )}
        {report && (
          <>
            <div>{placeOf(report, named)}</div>
            <div class="quiet">
              {when(report.observed)} · {report.by}
            </div>
          </>
        )}
      </div>
      <div class="turn">
        <StateTag state={state} />
        <div class="quiet">
          {step !== null && t(`reports.step.${step}` as Key)}
          {owner && ` · ${owner.organisation ?? owner.tier}`}
        </div>
        {due !== null && (
          <div class={overdue ? 'state bad' : 'quiet'}>
            {t(overdue ? 'reports.overdue' : 'reports.due', { when: when(due) })}
          </div>
        )}
      </div>
      <div class="rest">{children}</div>
    </li>
  );
}

interface OpenedProps {
  one: ReportView;
  report: ReportDocument;
  digest: string;
  around: Around;
  onStep(): void;
  onMoved(moved: Moved): void;
}

/** What there is to see of a report before one judges it, the judgement, and what it changed. */
function Opened({ one: { step, state }, report, digest, around, onStep, onMoved }: OpenedProps) {
  return (
    <>
      {report.text !== undefined && <p>{report.text}</p>}
      {report.photo !== undefined && <img class="photo" src={`/photos/${report.photo}`} alt={t('reports.photo')} />}
      <p>
        <a href={to(['report', digest])}>{t('reports.whole')}</a>
      </p>
      {step === 'verify' && <Verify digest={digest} report={report} onDone={onStep} />}
      {(state === 'amended' || state === 'resolved') && <Changed digest={digest} around={around} onMoved={onMoved} />}
    </>
  );
}

export function StateTag({ state }: { state: ReportView['state'] }) {
  const kind = state === 'rejected' ? 'bad' : state === 'filed' ? 'warn' : 'good';
  return <span class={`tag ${kind}`}>{t(`reports.state.${state}`)}</span>;
}
