/** One report: what it says, everything that became of it, and the step that is next. */
import { useState } from 'preact/hooks';
import type { PlaceName } from '../../../scenarios/field/report.js';
import type { ReportView } from '../../reports/register.js';
import type { Trace } from '../../reports/tracing.js';
import { get, newKey, post, waitFor } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { placeOf, saysOf } from '../shared/report.js';
import { type Route, to } from '../shared/route.js';
import { namesOf, type Scenario } from '../shared/scenario.js';
import { type Key, signed, t, when } from '../shared/text.js';
import { Act, Digest, Shown, Title } from '../shared/ui.js';
import { StateTag } from './reports.js';

interface Step {
  seq: number;
  kind: string;
  ts: string;
  org: string;
  signed: boolean;
  content: { by?: string; why?: string; what?: string; verdict?: string } | null;
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
    async (signal) =>
      report ? namesOf(await get<Scenario>(`/scenarios/${report.scenario}`, signal)) : new Map<string, string>(),
    [report?.scenario],
  );
  const named = (id: string) => scenario.value?.get(id) ?? id;
  if (!report || digest === null) return <p>{t('scenarios.forgotten')}</p>;
  const title = `${t(`field.kind.${report.kind}`)}: ${saysOf(report, named)}`;
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
      {step === 'verify' && <Verify digest={digest} onDone={onStep} needsPlace={!namesPlace(report)} />}
      {step === 'resolve' && <Resolve digest={digest} onDone={onStep} />}
      <section class="panel">
        <h2>{t('reports.trail')}</h2>
        <ol class="entries">
          {trail.map(({ seq, kind, ts, org, signed, content }) => (
            <li key={seq}>
              <span class="seq">
                <a href={to(['record'], { entry: seq })}>{seq}</a>
              </span>
              <div>
                <strong>{t(`record.kind.${kind}` as Key)}</strong>{' '}
                {content?.verdict !== undefined && t(`reports.state.${content.verdict}` as Key)}
                <div>{[content?.by, content?.why ?? content?.what].filter(Boolean).join(': ')}</div>
                <div class="quiet">
                  {when(ts)} · {org}
                  {signed && ` · ${t('record.signed')}`}
                </div>
              </div>
            </li>
          ))}
        </ol>
      </section>
      {(state === 'amended' || state === 'resolved') && <Changed digest={digest} named={named} />}
    </>
  );
}

const namesPlace = (report: object): boolean =>
  ['route', 'site', 'fleet', 'region', 'depot'].some((name) => name in report) ||
  ('kind' in report && report.kind === 'delivery');

interface VerifyProps {
  digest: string;
  needsPlace: boolean;
  onDone(): void;
}

function Verify({ digest, needsPlace, onDone }: VerifyProps) {
  const [by, setBy] = useState('');
  const [why, setWhy] = useState('');
  const [place, setPlace] = useState('');
  const [key] = useState(newKey);
  const say = (verdict: 'verified' | 'rejected') => async () => {
    const named = placeFrom(place);
    const body = { verdict, by, why, ...(named && verdict === 'verified' ? { place: named } : {}) };
    await post(`/reports/${digest}/verification`, body, `${key}-${verdict}`);
    onDone();
  };
  return (
    <section class="panel">
      <h2>{t('reports.verify')}</h2>
      <p class="quiet">{t('reports.verify.who')}</p>
      <div class="field">
        <label for="v-by">{t('reports.by')}</label>
        <input id="v-by" value={by} onInput={(e) => setBy(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="v-why">{t('adopt.why')}</label>
        <textarea id="v-why" value={why} onInput={(e) => setWhy(e.currentTarget.value)} />
      </div>
      {needsPlace && (
        <div class="field">
          <label for="v-place">{t('reports.place')}</label>
          <input id="v-place" value={place} onInput={(e) => setPlace(e.currentTarget.value)} />
          <span class="hint">{t('reports.place.hint')}</span>
        </div>
      )}
      <div class="actions">
        <Act kind="main" work={say('verified')}>
          {t('reports.holds')}
        </Act>
        <Act work={say('rejected')}>{t('reports.reject')}</Act>
      </div>
    </section>
  );
}

/** "region sava", "depot port", "route port upper truck". */
function placeFrom(text: string): PlaceName | null {
  const [kind, a = '', b = '', c = ''] = text.trim().split(/\s+/);
  if (kind === 'route') return { route: { from: a, to: b, mode: c } };
  if (kind === 'region') return { region: a };
  if (kind === 'depot') return { depot: a };
  if (kind === 'site') return { site: a };
  return kind === 'fleet' ? { fleet: a } : null;
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

/** What this report changed: solved once more as if nobody had sent it; asked for, as it takes a solve. */
function Changed({ digest, named }: { digest: string; named(id: string): string }) {
  const [trace, setTrace] = useState<Trace | null>(null);
  const ask = async () => setTrace(await waitFor<Trace>(`/reports/${digest}/trace`, new AbortController().signal));
  return (
    <section class="panel">
      <h2>{t('reports.changed')}</h2>
      {trace === null ? (
        <div class="actions">
          <Act work={ask}>{t('reports.trace')}</Act>
        </div>
      ) : (
        <>
          <ul>
            {trace.told.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          {trace.effect && (
            <table>
              <tbody>
                {trace.effect.planned.regions.slice(0, 12).map(({ region, peoplePeriods }) => (
                  <tr key={region}>
                    <th scope="row">{named(region)}</th>
                    <td class="n">{signed(peoplePeriods)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
