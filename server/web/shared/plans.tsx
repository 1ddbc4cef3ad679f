/** Plans of a scenario as a table, from which two to four go into a comparison. */
import { useState } from 'preact/hooks';
import type { AllocationRow } from '../../catalogue.js';
import { go, to } from './route.js';
import { gapText, type Key, num, percent, short, t, when } from './text.js';
import { Wide } from './ui.js';

export function policyName(name: string | null): string {
  const key = `policy.${name ?? 'custom'}`;
  return t((['balanced', 'efficient', 'proportional', 'equal'].includes(name ?? '') ? key : 'policy.custom') as Key);
}

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
      <Wide label={t('scenario.plans')}>
        <table>
          <thead>
            <tr>
              <th>
                <span class="sr">{t('plans.choose')}</span>
              </th>
              <th>{t('plans.col.policy')}</th>
              <th class="n">{t('plans.col.smallest')}</th>
              <th class="n">{t('plans.col.mean')}</th>
              <th class="n">{t('plans.col.gini')}</th>
              <th class="n">{t('plans.col.unmet')}</th>
              <th class="n">{t('plans.col.cost')}</th>
              <th class="n">{t('plans.col.gap')}</th>
              <th class="n">{t('plans.col.when')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((plan) => (
              <Row
                key={plan.seq}
                plan={plan}
                several={several}
                chosen={chosen.includes(plan.digest ?? '')}
                toggle={toggle}
              />
            ))}
          </tbody>
        </table>
      </Wide>
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

interface RowProps {
  plan: AllocationRow;
  /** There are plans of other scenarios too. */
  several: boolean;
  chosen: boolean;
  toggle: (digest: string) => void;
}

function Row({ plan, several, chosen, toggle }: RowProps) {
  const { digest, policy, smallestCoverage, meanCoverage, gini, peoplePeriodsUnmet, cost } = plan;
  if (digest === null)
    return (
      <tr>
        <td />
        <td colSpan={7} class="quiet">
          {t('scenarios.forgotten')}
        </td>
        <td>{when(plan.recorded)}</td>
      </tr>
    );
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          checked={chosen}
          onChange={() => toggle(digest)}
          aria-label={t('plans.pick', { digest: `${policyName(policy)} ${digest.slice(0, 8)}` })}
        />
      </td>
      <th scope="row">
        <a href={to(['plan', digest])}>{policyName(policy)}</a>{' '}
        {plan.adoptions > 0 && <span class="tag good">{t('plans.adopted')}</span>}
        <div class="quiet">
          {plan.stages.map(({ stage }) => stage).join(' → ')}
          {several && ` · ${t('field.scenario')} ${plan.scenario?.slice(0, 8)}`}
        </div>
      </th>
      <td class="n">{smallestCoverage === null ? '' : percent(smallestCoverage)}</td>
      <td class="n">{meanCoverage === null ? '' : percent(meanCoverage)}</td>
      <td class="n">{gini === null ? '' : num(gini, 3)}</td>
      <td class="n">{peoplePeriodsUnmet === null ? '' : short(peoplePeriodsUnmet)}</td>
      <td class="n">{cost === null ? '' : num(cost, 0)}</td>
      <td class="n">{gapText(largestGap(plan.stages))}</td>
      <td class="n">{when(plan.recorded)}</td>
    </tr>
  );
}
