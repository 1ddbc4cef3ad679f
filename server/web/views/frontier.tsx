/** What fairness costs: one plan a dial, from the most people whoever they are to the most even. */
import type { FrontierDocument } from '../../../engine/frontier/document.js';
import { PlanScatter } from '../charts/scatter.js';
import { get } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { type Route, to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { gapText, num, peopleUnit, percent, t } from '../shared/text.js';
import { Shown, Title } from '../shared/ui.js';

export default function FrontierView({ route }: { route: Route }) {
  const job = route.path[1] ?? '';
  const frontier = useLoad((signal) => get<FrontierDocument>(`/frontiers/${encodeURIComponent(job)}`, signal), [job]);
  return (
    <>
      <Title title={t('frontier.title')}>{t('frontier.title')}</Title>
      <Shown of={frontier}>{(frontier) => <Chart frontier={frontier} />}</Shown>
    </>
  );
}

const dialName = (dial: number | string) => (typeof dial === 'number' ? `α = ${num(dial)}` : t('policy.equal'));

function Chart({ frontier: { scenario, dials } }: { frontier: FrontierDocument }) {
  const plans = dials.flatMap(({ dial, plan }) => (plan ? [{ dial, ...plan }] : []));
  const points = plans.map((plan) => ({
    ...{ digest: plan.allocation, name: dialName(plan.dial), cost: plan.cost, unmet: plan.peoplePeriodsUnmet },
    ...{ smallest: plan.smallestCoverage, gini: plan.gini },
  }));
  const chosen = [plans[0], plans[Math.floor((plans.length - 1) / 2)], plans.at(-1)].flatMap(
    (one) => one?.allocation ?? [],
  );
  const unit = peopleUnit();
  return (
    <>
      <p class="quiet">
        <a href={to(['scenario', scenario.digest])}>{scenario.id}</a> · {t('frontier.intro')}
      </p>
      <section class="panel">
        <h2>{t('frontier.chart')}</h2>
        {points.length > 0 && <PlanScatter points={points} unit={unit} />}
      </section>
      <section class="panel">
        <Table
          label={t('frontier.title')}
          columns={[
            { name: t('frontier.dial') },
            { name: t('plan.gini'), n: true },
            { name: t('plan.smallest'), n: true },
            { name: t('plan.unmet', { unit }), n: true },
            { name: t('plan.cost'), n: true },
            { name: t('frontier.price', { unit }), n: true },
            { name: t('frontier.most'), n: true },
            { name: t('plans.col.gap'), n: true },
          ]}
          rows={dials.map(({ dial, plan, error }) => ({
            key: dial,
            cells: plan
              ? [
                  <a key="plan" href={to(['plan', plan.allocation])}>
                    {dialName(dial)}
                  </a>,
                  num(plan.gini, 4),
                  percent(plan.smallestCoverage),
                  num(plan.peoplePeriodsUnmet, 0),
                  `${num(plan.cost, 0)} ${plan.currency ?? ''}`,
                  plan.priceOfFairness &&
                    `${num(plan.priceOfFairness.peoplePeriods, 0)} (${percent(plan.priceOfFairness.share)})`,
                  plan.priceOfFairness && percent(plan.priceOfFairness.atMost.share),
                  gapText(plan.gap.proven),
                ]
              : [`${dialName(dial)}: ${error?.message}`],
          }))}
        />
        {chosen.length > 1 && (
          <div class="actions">
            <a
              class="button"
              href={to(['compare'], Object.fromEntries(chosen.map((digest, i) => ['abc'[i] ?? '', digest])))}
            >
              {t('frontier.compare')}
            </a>
          </div>
        )}
      </section>
    </>
  );
}
