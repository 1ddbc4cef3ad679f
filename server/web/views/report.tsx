/** One report: what it says, everything that became of it, and the step that is next. */
import { useMemo, useState } from 'preact/hooks';
import type { AmendmentSaid } from '../../../scenarios/field/said.js';
import type { ReportView } from '../../reports/register.js';
import { type Moved, ReportMap } from '../map/reports.js';
import { get, newKey, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { headOf, placeOf } from '../shared/report.js';
import { type Route, to } from '../shared/route.js';
import { Sentences } from '../shared/said.js';
import { namesOf, type Scenario } from '../shared/scenario.js';
import { type Key, t, when } from '../shared/text.js';
import { Act, Digest, Shown, Title } from '../shared/ui.js';
import { Changed } from './changed.js';
import { StateTag } from './reports.js';
import { Verify } from './verify.js';

interface Step {
  seq: number;
  kind: string;
  ts: string;
  org: string;
  signed: boolean;
  content: { by?: string; why?: string; what?: string; verdict?: string; words?: string[] } | null;
  said?: AmendmentSaid[];
}

type Whole = ReportView & { photo: string | null; trail: Step[] };

export default function ReportPage({ route }: { route: Route }) {
  const digest = route.path[1] ?? '';
  const [version, setVersion] = useState(0);
  const report = useLoad((signal) => get<Whole>(`/reports/${encodeURIComponent(digest)}`, signal), [digest, version]);
  return <Shown of={report}>{(whole) => <One whole={whole} onStep={() => setVersion(version + 1)} />}</Shown>;
}

function One({ whole, onStep }: { whole: Whole; onStep(): void }) {
  const { digest, report, state, photo, trail, step } = whole;
  const scenario = useLoad(
    async (signal) => (report ? get<Scenario>(`/scenarios/${report.scenario}`, signal) : null),
    [report?.scenario],
  );
  const [moved, setMoved] = useState<Moved | null>(null);
  const names = useMemo(() => (scenario.value ? namesOf(scenario.value) : null), [scenario.value]);
  const shown = useMemo(() => (report ? [{ seq: whole.seq, report }] : []), [report]);
  const around = { names: names ?? new Map(), periods: scenario.value?.periods ?? {} };
  const named = (id: string) => names?.get(id) ?? id;
  if (!report || digest === null) return <p>{t('scenarios.forgotten')}</p>;
  const title = headOf(report, named);
  return (
    <>
      <Title title={title}>{title}</Title>
      <p>
        <StateTag state={state} /> {placeOf(report, named)}
      </p>
      <p class="quiet">
        {when(report.observed)} · {report.by} · <Digest of={digest} /> ·{' '}
        <a href={to(['scenario', report.scenario])}>{t('field.scenario')}</a>
      </p>
      {report.text !== undefined && (
        <blockquote class="panel">
          <p>{report.text}</p>
        </blockquote>
      )}
      {photo !== null && <img class="photo" src={photo} alt={t('reports.photo')} />}
      {scenario.value && (
        <ReportMap scenario={scenario.value} reports={shown} chosen={whole.seq} moved={moved} onChoose={() => {}} />
      )}
      {step === 'verify' && (
        <div class="panel">
          <Verify digest={digest} report={report} onDone={onStep} />
        </div>
      )}
      {step === 'resolve' && <Resolve digest={digest} onDone={onStep} />}
      {(state === 'amended' || state === 'resolved') && (
        <div class="panel">
          <Changed digest={digest} around={around} onMoved={setMoved} />
        </div>
      )}
      <section class="panel">
        <h2>{t('reports.trail')}</h2>
        <ol class="entries">
          {trail.map(({ seq, kind, ts, org, signed, content, said }) => (
            <li key={seq}>
              <span class="seq">
                <a href={to(['record'], { entry: seq })}>{seq}</a>
              </span>
              <div>
                <strong>{t(`record.kind.${kind}` as Key)}</strong>{' '}
                {content?.verdict !== undefined && t(`reports.state.${content.verdict}` as Key)}
                <div>{[content?.by, content?.why ?? content?.what].filter(Boolean).join(': ')}</div>
                {content?.words && <Sentences words={content.words} said={said ?? []} around={around} />}
                <div class="quiet">
                  {when(ts)} · {org}
                  {signed && ` · ${t('record.signed')}`}
                </div>
              </div>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Resolve({ digest, onDone }: { digest: string; onDone(): void }) {
  const [by, setBy] = useState('');
  const [what, setWhat] = useState('');
  const [key] = useState(newKey);
  const resolve = async () => {
    await post(`/reports/${digest}/resolution`, { by, what }, key);
    onDone();
  };
  return (
    <section class="panel">
      <h2>{t('reports.resolve')}</h2>
      <div class="field">
        <label for="r-by">{t('reports.by')}</label>
        <input id="r-by" value={by} onInput={(e) => setBy(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="r-what">{t('reports.what')}</label>
        <textarea id="r-what" value={what} onInput={(e) => setWhat(e.currentTarget.value)} />
      </div>
      <div class="actions">
        <Act kind="main" work={resolve}>
          {t('reports.resolve.go')}
        </Act>
      </div>
    </section>
  );
}
