/** One plan: its measures, the map, coverage by region and item, the days, the consignments; and adopting it. */
import { useMemo, useState } from 'preact/hooks';
import type { AdoptionState } from '../../ledger/adoptions.js';
import { HeatMap } from '../charts/heat.js';
import { Timeline } from '../charts/time.js';
import { MapPanel } from '../map/panel.js';
import { get, newKey, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import type { Laid } from '../shared/plan.js';
import { loadPlan } from '../shared/plandata.js';
import { gapsOf, policyName } from '../shared/plans.js';
import { whosePoorest } from '../shared/poorest.js';
import { type Route, to } from '../shared/route.js';
import { gapText, num, peopleUnit, percent, short, t } from '../shared/text.js';
import { Act, Digest, Fact, Shown, Title } from '../shared/ui.js';
import { Shipments } from './shipments.js';

const TABS = ['map', 'regions', 'time', 'shipments'] as const;
type Tab = (typeof TABS)[number];

export default function Plan({ route }: { route: Route }) {
  const digest = route.path[1] ?? '';
  const plan = useLoad(() => loadPlan(digest), [digest]);
  const { query } = route;
  const tab = TABS.find((one) => one === query.get('tab')) ?? 'map';
  return (
    <Shown of={plan}>
      {(laid) => (
        <>
          <Head laid={laid} digest={digest} />
          <nav class="tabs noprint" aria-label={t('nav')}>
            {TABS.map((one) => (
              <a key={one} href={tabLink(digest, one, query)} aria-current={one === tab ? 'page' : undefined}>
                {t(`plan.tab.${one}`)}
              </a>
            ))}
          </nav>
          {tab === 'map' && <MapPanel laid={laid} digest={digest} query={query} />}
          {tab === 'regions' && <HeatMap laid={laid} digest={digest} query={query} />}
          {tab === 'time' && <Timeline laid={laid} />}
          {tab === 'shipments' && <Shipments laid={laid} digest={digest} />}
          <Adoption digest={digest} />
        </>
      )}
    </Shown>
  );
}

const tabLink = (digest: string, tab: Tab, query: URLSearchParams) =>
  to(['plan', digest], { ...Object.fromEntries(query), tab: tab === 'map' ? null : tab });

export function Head({ laid, digest }: { laid: Laid; digest: string }) {
  const { allocation, scenario } = laid;
  const title = t('plan.title', { scenario: scenario.title ?? scenario.id });
  return (
    <>
      <Title title={title}>{title}</Title>
      <p class="quiet">
        <a href={to(['scenario', scenario.digest])}>{scenario.id}</a> ·{' '}
        {t('plan.policy', { policy: policyName(allocation.policy.name) })} · <Digest of={digest} /> ·{' '}
        {t('plan.solver', { solver: allocation.solver.name, seconds: num(allocation.solver.seconds) })}
      </p>
      <Measures laid={laid} />
      <div class="actions noprint">
        <a class="button" href={to(['why', digest])}>
          {t('plan.why')}
        </a>
        <a class="button" href={to(['compare'], { a: digest })}>
          {t('plan.compare')}
        </a>
        <a class="button" href={to(['record'], { plan: digest })}>
          {t('plan.check')}
        </a>
        <a class="button" href={to(['brief', digest])}>
          {t('plan.brief')}
        </a>
      </div>
    </>
  );
}

export function Measures({ laid }: { laid: Laid }) {
  const { allocation, scenario, packed } = laid;
  const { measures, gap } = allocation;
  const poorest = useMemo(() => whosePoorest(laid), [laid]);
  const unit = peopleUnit(scenario.periods.length);
  return (
    <dl class="facts">
      <Fact
        name={t('plan.smallest')}
        value={percent(measures.smallestCoverage)}
        {...(poorest === undefined ? {} : { note: poorest })}
      />
      <Fact name={t('plan.mean')} value={percent(measures.meanCoverage)} />
      <Fact name={t('plan.gini')} value={num(measures.gini, 3)} note={t('plan.gini.note')} />
      <Fact
        name={t('plan.unmet', { unit })}
        value={num(measures.peoplePeriodsUnmet, 0)}
        note={t('plan.unmet.note', { needed: short(measures.peoplePeriodsNeeded) })}
      />
      <Fact name={t('plan.cost')} value={num(measures.cost, 0)} note={measures.currency ?? t('plan.cost.none')} />
      <Fact
        name={t('plan.tonnes')}
        value={num(measures.tonnes, 1)}
        {...(measures.spent ? { note: t('plan.past', { tonnes: num(measures.spent.tonnes, 1) }) } : {})}
      />
      <Fact
        name={t('plan.gap')}
        value={gapText(gap.proven)}
        note={`${gapsOf(packed.head.stages)}; ${t('plan.gap.note', { asked: gapText(gap.asked) })}`}
      />
    </dl>
  );
}

function Adoption({ digest }: { digest: string }) {
  const [done, setDone] = useState<number | null>(null);
  const state = useLoad((signal) => get<AdoptionState>(`/adoptions?allocation=${digest}`, signal), [digest, done]);
  const [by, setBy] = useState('');
  const [why, setWhy] = useState('');
  const [key] = useState(newKey);
  const adopt = async () => {
    const { receipt } = await post<{ receipt: { seq: number } }>('/adoptions', { allocation: digest, by, why }, key);
    setDone(receipt.seq);
  };
  return (
    <section class="panel noprint">
      <h2>{t('adopt.title')}</h2>
      <Shown of={state}>{(state) => <Standing state={state} />}</Shown>
      {done !== null ? (
        <p class="notice good" role="status">
          {t('adopt.done', { seq: done })} <a href={to(['record'], { entry: done })}>{t('nav.record')}</a>
        </p>
      ) : (
        <>
          <div class="field">
            <label for="adopt-by">{t('adopt.by')}</label>
            <input id="adopt-by" value={by} onInput={(e) => setBy(e.currentTarget.value)} />
          </div>
          <div class="field">
            <label for="adopt-why">{t('adopt.why')}</label>
            <textarea id="adopt-why" value={why} onInput={(e) => setWhy(e.currentTarget.value)} />
          </div>
          <div class="actions">
            <Act work={adopt}>{t('adopt.go')}</Act>
          </div>
        </>
      )}
    </section>
  );
}

function Standing({ state: { quorum, signedBy, entries, status } }: { state: AdoptionState }) {
  const text =
    status === 'counts'
      ? t('adopt.state.yes')
      : entries.length === 0
        ? t('adopt.state.no')
        : t('adopt.state.pending', { have: signedBy.length, need: quorum });
  return (
    <p>
      <span class={status === 'counts' ? 'tag good' : 'tag'}>{text}</span>{' '}
      {quorum > 1 && <span class="quiet">{t('adopt.quorum', { need: quorum })}</span>}
    </p>
  );
}
