/** Two to four plans side by side: measures, who gains and who loses, how even each is, and the difference on the map. */
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Compared, Comparison, Difference } from '../../../engine/compare/types.js';
import type { AllocationRow } from '../../catalogue.js';
import { Dumbbell } from '../charts/dumbbell.js';
import { Lorenz } from '../charts/lorenz.js';
import { PlanScatter } from '../charts/scatter.js';
import { DifferenceScale, differenceShade } from '../map/difference.js';
import { PlanMap } from '../map/map.js';
import { getAll, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { aroundOf } from '../shared/plan.js';
import { loadPlan } from '../shared/plandata.js';
import { PlanTable, policyName } from '../shared/plans.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { Sentences } from '../shared/said.js';
import { Table } from '../shared/table.js';
import { gapText, num, peopleUnit, percent, t } from '../shared/text.js';
import { Shown, Title } from '../shared/ui.js';

/** Rows of the dumbbell chart on each side. */
const TOP = 14;
const LETTERS = ['A', 'B', 'C', 'D'];

export default function Compare({ route: { query } }: { route: Route }) {
  const digests = ['a', 'b', 'c', 'd'].flatMap((name) => query.get(name) ?? []);
  return (
    <>
      <Title title={t('nav.compare')}>{t('compare.title')}</Title>
      {digests.length < 2 ? <Choose first={digests[0] ?? null} /> : <Comparing digests={digests} query={query} />}
    </>
  );
}

function Choose({ first }: { first: string | null }) {
  const plans = useLoad((signal) => getAll<AllocationRow>('/allocations', 'allocations', signal), []);
  return (
    <section class="panel">
      <Shown of={plans}>
        {(plans) => {
          const one = plans.find(({ digest }) => digest === first);
          // with one plan at hand, others of its scenario are the likely ones
          const near = one ? plans.filter(({ scenario }) => scenario === one.scenario) : plans;
          if (plans.length < 2) return <p>{t('compare.few')}</p>;
          return (
            <>
              <p>{t('plans.choose')}</p>
              <PlanTable plans={near.length > 1 ? near : plans} {...(first === null ? {} : { first })} />
            </>
          );
        }}
      </Shown>
    </section>
  );
}

function Comparing({ digests, query }: { digests: string[]; query: URLSearchParams }) {
  const key = digests.join();
  const comparison = useLoad(() => post<Comparison>('/comparisons', { allocations: digests, top: 2000 }), [key]);
  const first = useLoad(() => loadPlan(digests[0] ?? ''), [key]);
  return (
    <Shown of={comparison}>
      {(comparison) => <Shown of={first}>{(laid) => <Side comparison={comparison} laid={laid} query={query} />}</Shown>}
    </Shown>
  );
}

type Laid = Awaited<ReturnType<typeof loadPlan>>;

function nameOf(one: Compared, i: number): string {
  return `${LETTERS[i]} · ${policyName(one.policy)}`;
}

function Side({ comparison, laid, query }: { comparison: Comparison; laid: Laid; query: URLSearchParams }) {
  const { allocations, differences, notes, pareto } = comparison;
  const names = allocations.map(nameOf);
  const unit = peopleUnit(laid.scenario.periods.length);
  const shown = differences.find(({ to }) => String(to) === query.get('with')) ?? differences[0];
  const points = allocations.map((one, i) => ({
    ...{ digest: one.digest, name: names[i] ?? '', cost: one.cost, unmet: one.peoplePeriodsUnmet },
    ...{ smallest: one.smallestCoverage, gini: one.gini },
  }));
  return (
    <>
      {notes.length > 0 && (
        <div class="notice warn">
          <Sentences words={notes} said={comparison.said} around={aroundOf(laid)} />
        </div>
      )}
      {shown && shown.amendments.length > 0 && (
        <div class="notice">
          <strong>{t('compare.amended')}</strong>
          <Sentences words={shown.amendments} said={shown.said} around={aroundOf(laid)} />
        </div>
      )}
      <section class="panel">
        <h2>{t('compare.measures')}</h2>
        <Measures
          allocations={allocations}
          names={names}
          dominated={pareto.allocations.map(({ dominated }) => dominated)}
          unit={unit}
        />
      </section>
      {shown && (
        <section class="panel">
          <div class="row">
            <h2>{t('compare.who')}</h2>
            {differences.length > 1 && (
              <div class="field">
                <label for="compare-with">{t('compare.with', { name: names[shown.from] ?? '' })}</label>
                <select
                  id="compare-with"
                  value={String(shown.to)}
                  onChange={(e) => setQuery({ with: e.currentTarget.value })}
                >
                  {differences.map(({ to }) => (
                    <option key={to} value={String(to)}>
                      {names[to]}
                    </option>
                  ))}
                </select>
              </div>
            )}
          </div>
          <p>
            {names[shown.from]} → {names[shown.to]}:{' '}
            {t('compare.sums', { gained: num(shown.gained, 0), lost: num(shown.lost, 0), unit })}
          </p>
          <Gains difference={shown} laid={laid} unit={unit} />
          <DifferenceMap difference={shown} laid={laid} />
        </section>
      )}
      <div class="columns">
        <section class="panel">
          <h2>{t('lorenz.title')}</h2>
          <p class="quiet">{t('lorenz.intro')}</p>
          <Lorenz of={allocations} names={names} />
          <ul class="legend">
            {names.map((name, i) => (
              <li key={name}>
                <span class={`swatch s${i} dash${i}`} />
                {name}
              </li>
            ))}
          </ul>
        </section>
        <section class="panel">
          <h2>{t('frontier.chart')}</h2>
          <PlanScatter points={points} unit={unit} />
        </section>
      </div>
    </>
  );
}

interface MeasuresProps {
  allocations: readonly Compared[];
  names: readonly string[];
  dominated: readonly boolean[];
  unit: string;
}

function Measures({ allocations, names, dominated, unit }: MeasuresProps) {
  const rows: [string, (one: Compared) => ComponentChildren][] = [
    [t('plans.col.policy'), (one) => <a href={to(['plan', one.digest])}>{policyName(one.policy)}</a>],
    [t('plan.smallest'), (one) => percent(one.smallestCoverage)],
    [t('plan.mean'), (one) => percent(one.meanCoverage)],
    [t('plan.gini'), (one) => num(one.gini, 4)],
    [t('plan.unmet', { unit }), (one) => num(one.peoplePeriodsUnmet, 0)],
    [t('plan.cost'), (one) => `${num(one.cost, 0)} ${one.currency ?? ''}`],
    [t('plan.tonnes'), (one) => num(one.tonnes, 1)],
    [t('compare.tonneKm'), (one) => num(one.tonneKm, 0)],
    [t('plan.gap'), (one) => gapText(one.provenGap)],
  ];
  return (
    <Table
      label={t('compare.measures')}
      columns={[{ name: t('compare.measures'), bare: true }, ...names.map((name) => ({ name, n: true }))]}
      rows={[
        ...rows.map(([name, value]) => ({ key: name, cells: [name, ...allocations.map(value)] })),
        {
          key: 'dominated',
          cells: [
            t('compare.dominated'),
            ...dominated.map((is) => t(is ? 'compare.dominated.yes' : 'compare.dominated.no')),
          ],
        },
      ]}
    />
  );
}

/** The largest losses and gains; the middle is left out where there are many. */
function Gains({ difference, laid, unit }: { difference: Difference; laid: Laid; unit: string }) {
  const { regions, total } = difference;
  const losses = regions.filter(({ peoplePeriods }) => peoplePeriods < 0).slice(0, TOP);
  const gains = regions.filter(({ peoplePeriods }) => peoplePeriods > 0).slice(-TOP);
  const shown = [...losses, ...gains];
  return (
    <>
      <Dumbbell changes={shown} names={laid.names} unit={unit} />
      <p class="quiet">
        ○ {t('compare.before')} ● {t('compare.after')}
        {total.regions > shown.length && ` · ${t('scenario.amend.more', { n: total.regions - shown.length })}`}
      </p>
    </>
  );
}

function DifferenceMap({ difference, laid }: { difference: Difference; laid: Laid }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { shade, limit } = useMemo(
    () =>
      differenceShade(
        new Map(difference.regions.map(({ region, ratioBefore, ratioAfter }) => [region, ratioAfter - ratioBefore])),
      ),
    [difference],
  );
  if (![...laid.sites.values()].some(({ at, kind }) => at !== null && kind === 'region')) return null;
  const change = difference.regions.find(({ region }) => region === chosen);
  return (
    <div>
      <PlanMap laid={laid} shade={shade} plain chosen={chosen} onPoint={setChosen} onChoose={setChosen} />
      <DifferenceScale limit={limit} say={percent} />
      <p class="quiet" role="status">
        {chosen !== null && change
          ? `${laid.names.get(chosen)}: ${percent(change.ratioBefore)} → ${percent(change.ratioAfter)}`
          : t('compare.map')}
      </p>
    </div>
  );
}
