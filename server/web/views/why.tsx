/** Why so little, what stands in the way, and what would help: each gain is the difference of two proven solves. */
import { useState } from 'preact/hooks';
import type { Explanation } from '../../../engine/explain/types.js';
import { PlanMap } from '../map/map.js';
import { coverageShade, Scale } from '../map/panel.js';
import { waitFor } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { aroundOf, type Laid } from '../shared/plan.js';
import { loadPlan } from '../shared/plandata.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { Sentences } from '../shared/said.js';
import { percent, t } from '../shared/text.js';
import { Shown, Title } from '../shared/ui.js';
import { Bindings } from './bindings.js';
import { Helpful } from './helpful.js';

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

/** So many needs that stay short are all said at once. */
const FEW = 3;

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
