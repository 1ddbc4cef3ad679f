/** Plans of a scenario as a table, from which two to four go into a comparison. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AllocationRow } from '../../catalogue.js';
import { go, to } from './route.js';
import { Table } from './table.js';
import { gapText, type Key, listed, num, percent, short, stageName, t, when } from './text.js';

export function policyName(name: string | null): string {
  const key = `policy.${name ?? 'custom'}`;
  return t((['balanced', 'efficient', 'proportional', 'equal'].includes(name ?? '') ? key : 'policy.custom') as Key);
}

/** How near the best possible each stage is proven to be, in words. */
export const gapsOf = (stages: readonly { stage: string; gap: string | number }[]): string =>
  listed(stages.map(({ stage, gap }) => `${stageName(stage)} ${percent(Number(gap))}`));

/** The largest gap of its stages. */
export const largestGap = (stages: readonly { gap: string | number }[]): number =>
  stages.reduce((most, { gap }) => Math.max(most, Number(gap)), 0);

export function PlanTable({ plans, first }: { plans: readonly AllocationRow[]; first?: string }) {
  const [chosen, setChosen] = useState<readonly string[]>(first === undefined ? [] : [first]);
  const toggle = (digest: string) =>
    setChosen(chosen.includes(digest) ? chosen.filter((one) => one !== digest) : [...chosen, digest].slice(-4));
  const shown = [...plans].reverse();
  const several = new Set(plans.map(({ scenario }) => scenario)).size > 1;
  return (
    <>
      <Table
        label={t('scenario.plans')}
        kind="plans"
        heading={1}
        columns={[
          { name: t('plans.choose'), bare: true },
          { name: t('plans.col.policy') },
          { name: t('plans.col.smallest'), n: true },
          { name: t('plans.col.mean'), n: true },
          { name: t('plans.col.gini'), n: true },
          { name: t('plans.col.unmet'), n: true },
          { name: t('plans.col.cost'), n: true },
          { name: t('plans.col.gap'), n: true },
          { name: t('plans.col.when'), n: true },
        ]}
        rows={shown.map((plan) => ({ key: plan.seq, cells: cellsOf(plan, several, chosen, toggle) }))}
      />
      {plans.length > 1 && (
        <div class="actions">
          <button
            type="button"
            disabled={chosen.length < 2}
            onClick={() => go(to(['compare'], Object.fromEntries(chosen.map((digest, i) => ['abcd'[i], digest]))))}
          >
            {t('plans.compare')}
          </button>
          {chosen.length < 2 && <span class="quiet">{t('plans.choose')}</span>}
        </div>
      )}
    </>
  );
}

/** `several`: there are plans of other scenarios too. */
function cellsOf(
  plan: AllocationRow,
  several: boolean,
  chosen: readonly string[],
  toggle: (digest: string) => void,
): ComponentChildren[] {
  const { digest, policy, smallestCoverage, meanCoverage, gini, peoplePeriodsUnmet, cost } = plan;
  if (digest === null) return ['', t('scenarios.forgotten'), '', '', '', '', '', '', when(plan.recorded)];
  return [
    <input
      key="pick"
      type="checkbox"
      checked={chosen.includes(digest)}
      onChange={() => toggle(digest)}
      aria-label={t('plans.pick', { digest: `${policyName(policy)} ${digest.slice(0, 8)}` })}
    />,
    <>
      <a href={to(['plan', digest])}>{policyName(policy)}</a>{' '}
      {plan.adoptions > 0 && <span class="tag good">{t('plans.adopted')}</span>}
      <div class="quiet">
        {plan.stages.map(({ stage }) => stageName(stage)).join(' → ')}
        {several && ` · ${t('field.scenario')} ${plan.scenario?.slice(0, 8)}`}
      </div>
    </>,
    smallestCoverage === null ? '' : percent(smallestCoverage),
    meanCoverage === null ? '' : percent(meanCoverage),
    gini === null ? '' : num(gini, 3),
    peoplePeriodsUnmet === null ? '' : short(peoplePeriodsUnmet),
    cost === null ? '' : num(cost, 0),
    gapText(largestGap(plan.stages)),
    when(plan.recorded),
  ];
}
