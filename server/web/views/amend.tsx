/** A scenario with a few numbers changed: a new scenario, as nothing on the record is rewritten. */
import { useState } from 'preact/hooks';
import { post } from '../shared/api.js';
import { go, to } from '../shared/route.js';
import { alphaOf, nameOf, namesOf, readPeriods, type Scenario, withAlpha } from '../shared/scenario.js';
import { Table } from '../shared/table.js';
import { colon, num, t } from '../shared/text.js';
import { Act } from '../shared/ui.js';

/** Rows shown without a search. */
const ROWS = 12;

interface Changes {
  title: string;
  budget: string;
  alpha: string;
  regions: Record<string, { floor?: string; priority?: string }>;
  route: string;
  closed: string;
}

export function Amend({ scenario }: { scenario: Scenario }) {
  const { alpha, bands } = alphaOf(scenario);
  const begin: Changes = {
    title: scenario.title ?? scenario.id,
    budget: scenario.budget ? String(scenario.budget.amount) : '',
    alpha: alpha === null ? '' : String(alpha),
    ...{ regions: {}, route: '', closed: '' },
  };
  const [changes, setChanges] = useState(begin);
  const [find, setFind] = useState('');
  const change = (some: Partial<Changes>) => setChanges({ ...changes, ...some });
  const save = async () => {
    const amended = apply(scenario, begin, changes);
    const { digest } = await post<{ digest: string }>('/scenarios', amended);
    go(to(['scenario', digest]));
  };
  const names = namesOf(scenario);
  const wanted = find.trim().toLowerCase();
  const found = scenario.regions.filter((region) => `${nameOf(region)} ${region.id}`.toLowerCase().includes(wanted));
  return (
    <details>
      <summary>{t('scenario.amend.intro')}</summary>
      <div class="field">
        <label for="a-title">{t('scenario.amend.title')}</label>
        <input id="a-title" value={changes.title} onInput={(e) => change({ title: e.currentTarget.value })} />
      </div>
      <div class="row">
        <div class="field">
          <label for="a-budget">
            {t('scenario.amend.budget', { currency: scenario.budget?.currency ?? '' }).replace(' ()', '')}
          </label>
          <input
            id="a-budget"
            type="number"
            min="0"
            step="any"
            value={changes.budget}
            onInput={(e) => change({ budget: e.currentTarget.value })}
          />
          <span class="hint">{t('scenario.amend.budget.none')}</span>
        </div>
        <div class="field">
          <label for="a-alpha">{t('scenario.amend.alpha')}</label>
          <input
            id="a-alpha"
            type="number"
            min="0"
            step="any"
            value={changes.alpha}
            onInput={(e) => change({ alpha: e.currentTarget.value })}
          />
        </div>
      </div>
      <p class="quiet">{t(bands ? 'scenario.amend.alpha.bands' : 'scenario.amend.alpha.hint')}</p>
      <fieldset>
        <legend>{t('scenario.amend.regions')}</legend>
        {scenario.regions.length > ROWS && (
          <div class="field">
            <label for="a-find">{t('scenario.amend.filter')}</label>
            <input id="a-find" type="search" value={find} onInput={(e) => setFind(e.currentTarget.value)} />
          </div>
        )}
        <Table
          label={t('scenario.amend.regions')}
          columns={[
            { name: t('scenario.amend.region') },
            { name: t('scenario.amend.floor') },
            { name: t('scenario.amend.priority') },
          ]}
          rows={found.slice(0, ROWS).map((region) => {
            const now = changes.regions[region.id] ?? {};
            const put = (some: { floor?: string; priority?: string }) =>
              change({ regions: { ...changes.regions, [region.id]: { ...now, ...some } } });
            const name = nameOf(region);
            return {
              key: region.id,
              cells: [
                name,
                <input
                  key="floor"
                  type="number"
                  min="0"
                  max="100"
                  step="any"
                  aria-label={colon(t('scenario.amend.floor'), name)}
                  value={now.floor ?? String((region.floor ?? 0) * 100)}
                  onInput={(e) => put({ floor: e.currentTarget.value })}
                />,
                <input
                  key="priority"
                  type="number"
                  min="0"
                  step="any"
                  aria-label={colon(t('scenario.amend.priority'), name)}
                  value={now.priority ?? String(region.priority ?? 1)}
                  onInput={(e) => put({ priority: e.currentTarget.value })}
                />,
              ],
            };
          })}
        />
        {found.length > ROWS && <p class="quiet">{t('scenario.amend.more', { n: found.length - ROWS })}</p>}
      </fieldset>
      <fieldset>
        <legend>{t('scenario.amend.closed')}</legend>
        <div class="row">
          <div class="field">
            <label for="a-route">{t('scenario.amend.route')}</label>
            <input
              id="a-route"
              list="a-routes"
              placeholder={t('scenario.amend.route.none')}
              value={changes.route}
              onInput={(e) => change({ route: e.currentTarget.value })}
            />
            <datalist id="a-routes">
              {scenario.routes.slice(0, 5000).map((route) => (
                <option key={routeKey(route)} value={routeKey(route)}>
                  {names.get(route.from)} → {names.get(route.to)}
                </option>
              ))}
            </datalist>
          </div>
          <div class="field">
            <label for="a-closed">{t('scenario.amend.periods')}</label>
            <input
              id="a-closed"
              placeholder={`1-${num(scenario.periods.count)}`}
              value={changes.closed}
              onInput={(e) => change({ closed: e.currentTarget.value })}
            />
            <span class="hint">{t('scenario.amend.periods.hint')}</span>
          </div>
        </div>
      </fieldset>
      <div class="actions">
        <Act kind="main" work={save}>
          {t('scenario.amend.save')}
        </Act>
      </div>
    </details>
  );
}

const routeKey = ({ from, to, mode }: { from: string; to: string; mode: string }) => `${from} → ${to} (${mode})`;

/** Changes nothing that was not touched; what is no number goes to the server as it is, whose faults say more. */
function apply(scenario: Scenario, begin: Changes, changes: Changes): Scenario {
  const next: Scenario = structuredClone(scenario);
  if (changes.title !== begin.title) next.title = changes.title;
  if (changes.budget !== begin.budget) {
    if (changes.budget === '') delete next.budget;
    else next.budget = { ...next.budget, amount: Number(changes.budget) };
  }
  if (changes.alpha !== begin.alpha && changes.alpha !== '') next.policy = withAlpha(next, Number(changes.alpha));
  for (const region of next.regions) {
    const { floor, priority } = changes.regions[region.id] ?? {};
    if (floor !== undefined && Number(floor) !== (region.floor ?? 0) * 100) region.floor = Number(floor) / 100;
    if (priority !== undefined && Number(priority) !== (region.priority ?? 1)) region.priority = Number(priority);
  }
  if (changes.route !== '') {
    const route = next.routes.find((one) => routeKey(one) === changes.route);
    const periods = readPeriods(changes.closed || `1-${next.periods.count}`, next.periods.count);
    if (!route || periods === null)
      throw new Error(colon(t('scenario.amend.closed'), `${changes.route} ${changes.closed}`));
    route.closed = [...new Set([...(route.closed ?? []), ...periods])].sort((a, b) => a - b);
  }
  if (JSON.stringify(next) === JSON.stringify(scenario)) throw new Error(t('scenario.amend.same'));
  return next;
}
