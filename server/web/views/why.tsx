/** Why so little, what stands in the way, and what would help: each gain is the difference of two proven solves. */
import { useMemo, useState } from 'preact/hooks';
import type { Explanation, Resolve } from '../../../engine/explain/types.js';
import { patched } from '../../../scenarios/patching.js';
import type { JobView } from '../../schemas/job.js';
import { PlanMap } from '../map/map.js';
import { MarkLegend, marksOf } from '../map/marks.js';
import { coverageShade, Scale } from '../map/panel.js';
import { newKey, post, waitFor } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { aroundOf, type Laid } from '../shared/plan.js';
import { loadPlan, wholeScenario } from '../shared/plandata.js';
import { go, type Route, setQuery, to } from '../shared/route.js';
import { Sentences, sentence } from '../shared/said.js';
import { Table } from '../shared/table.js';
import { amount, peopleUnit, percent, periodName, signed, t } from '../shared/text.js';
import { Act, Shown, Title } from '../shared/ui.js';

export default function Why({ route }: { route: Route }) {
  const digest = route.path[1] ?? '';
  const plan = useLoad(() => loadPlan(digest), [digest]);
  return <Shown of={plan}>{(laid) => <Asking laid={laid} digest={digest} query={route.query} />}</Shown>;
}

function Asking({ laid, digest, query }: { laid: Laid; digest: string; query: URLSearchParams }) {
  const { scenario } = laid;
  const [region, resource] = [query.get('region'), query.get('resource')];
  const asked = region !== null || query.get('all') !== null;
  const { shade, classes } = coverageShade(laid, resource);
  return (
    <>
      <Title title={t('plan.why')}>{t('plan.why')}</Title>
      <p class="quiet">
        <a href={to(['plan', digest], { site: region, resource })}>
          {t('plan.title', { scenario: scenario.title ?? scenario.id })}
        </a>
      </p>
      <div class="row">
        <div class="field">
          <label for="why-region">{t('map.region')}</label>
          <select id="why-region" value={region ?? ''} onChange={(e) => setQuery({ region: e.currentTarget.value })}>
            <option value="">{t('why.all')}</option>
            {scenario.regions.map(({ id }) => (
              <option key={id} value={id}>
                {laid.names.get(id)} ({percent(laid.byRegion.get(id)?.ratio ?? 0)})
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="why-resource">{t('map.resource')}</label>
          <select
            id="why-resource"
            value={resource ?? ''}
            onChange={(e) => setQuery({ resource: e.currentTarget.value })}
          >
            <option value="">{t('why.resources')}</option>
            {scenario.resources.map(({ id }) => (
              <option key={id} value={id}>
                {laid.names.get(id)}
              </option>
            ))}
          </select>
        </div>
        {!asked && (
          <button type="button" class="main" onClick={() => setQuery({ all: 1 })}>
            {t('why.ask')}
          </button>
        )}
      </div>
      {!asked && (
        <>
          <p class="quiet">{t('why.pick')}</p>
          <Scale classes={classes} />
          {[...laid.sites.values()].some(({ at }) => at !== null) && (
            <PlanMap
              laid={laid}
              shade={shade}
              chosen={region}
              onPoint={() => {}}
              onChoose={(id) => id !== null && laid.byRegion.has(id) && setQuery({ region: id })}
            />
          )}
        </>
      )}
      {asked && <Answered laid={laid} digest={digest} region={region} resource={resource} />}
    </>
  );
}

interface Question {
  laid: Laid;
  digest: string;
  region: string | null;
  resource: string | null;
}

function Answered({ laid, digest, region, resource }: Question) {
  const asked = Object.entries({ region, resource }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as [string, string]],
  );
  const query = new URLSearchParams(asked).toString();
  const [parts, setParts] = useState<{ done: number | null; of: number | null }>();
  const answer = useLoad(
    (signal) => waitFor<Explanation>(`/allocations/${digest}/explanation?${query}`, signal, setParts),
    [digest, query],
  );
  if (answer.state === 'loading')
    return (
      <div role="status">
        <p class="quiet waiting">{t('why.solving')}</p>
        <progress aria-label={t('why.solving')} value={parts?.done ?? undefined} max={parts?.of ?? undefined} />
      </div>
    );
  return (
    <Shown of={answer}>
      {(why) => (
        <>
          <section class="panel">
            <h2>{t('why.short')}</h2>
            <Told why={why} laid={laid} />
          </section>
          <Helpful why={why} laid={laid} digest={digest} />
          <Bindings why={why} laid={laid} region={region} resource={resource} />
          <p class="quiet">{t('why.record')}</p>
        </>
      )}
    </Shown>
  );
}

/** Needs that stay short are folded where they are many: what stands in the way is what was asked for. */
function Told({ why: { sentences, said = [] }, laid }: { why: Explanation; laid: Laid }) {
  const isShort = (i: number) => typeof said[i] === 'object' && said[i].say === 'short';
  const all = sentences.map((words, i) => ({ words, said: said[i], short: isShort(i) }));
  const short = all.filter((one) => one.short);
  const folded = short.length > FEW ? short.slice(1) : [];
  const list = (some: typeof all) => (
    <Sentences
      words={some.map(({ words }) => words)}
      said={some.map(({ words, said }) => said ?? words)}
      around={aroundOf(laid)}
    />
  );
  return (
    <>
      {list(all.filter((one) => !folded.includes(one)))}
      {folded.length > 0 && (
        <details class="onpaper">
          <summary>{t('why.more', { n: folded.length })}</summary>
          {list(folded)}
        </details>
      )}
    </>
  );
}

function Helpful({ why, laid, digest }: { why: Explanation; laid: Laid; digest: string }) {
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

/** So many needs that stay short are all said at once. */
const FEW = 3;

/** The dearest limits, in the table and on the map; a nation has hundreds. */
const LIMITS = 15;

function Bindings({ why, laid, region, resource }: Omit<Question, 'digest'> & { why: Explanation }) {
  const bindings = why.bindings.slice(0, LIMITS);
  const { shade, classes } = useMemo(() => coverageShade(laid, resource), [laid, resource]);
  const marks = useMemo(() => marksOf(laid, bindings), [laid, why]);
  if (bindings.length === 0) return null;
  const located = [...laid.sites.values()].some(({ at }) => at !== null);
  return (
    <section class="panel">
      <h2>{t('why.binds')}</h2>
      {located && marks.length > 0 && (
        <>
          <Scale classes={classes} />
          <PlanMap
            laid={laid}
            shade={shade}
            marks={marks}
            chosen={region}
            onPoint={() => {}}
            onChoose={(id) => id !== null && laid.byRegion.has(id) && setQuery({ region: id })}
          />
          <ul class="legend">
            <MarkLegend marks={marks} />
          </ul>
        </>
      )}
      <Table
        label={t('why.binds')}
        columns={[
          { name: t('why.limit') },
          { name: t('time.col.period') },
          { name: t('why.used'), n: true },
          { name: t('why.of'), n: true },
        ]}
        rows={bindings.map(({ what, said, period, used, limit, unit }) => ({
          key: `${what}${period}`,
          cells: [
            <span key="what" title={what}>
              {sentence(what, said, aroundOf(laid))}
            </span>,
            period === null ? '' : periodName(period, laid.scenario.periods),
            amount(used, unit),
            amount(limit, unit),
          ],
        }))}
      />
    </section>
  );
}
