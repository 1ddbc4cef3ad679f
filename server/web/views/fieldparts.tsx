/** What a report is about: a road, people, stock. */
import { type Draft, routeKey } from '../shared/draft.js';
import type { Places } from '../shared/places.js';
import { modeName, t, unitName } from '../shared/text.js';

interface Part {
  draft: Draft;
  put(some: Partial<Draft>): void;
  places: Places;
}

function Pick({
  id,
  label,
  value,
  list,
  onPick,
}: {
  id: string;
  label: string;
  value: string;
  list: readonly { id: string; name: string }[];
  onPick(id: string): void;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} required value={value} onChange={(e) => onPick(e.currentTarget.value)}>
        <option value="">{t('field.pick')}</option>
        {list.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Obstacle({ draft, put, places: { routes, names } }: Part) {
  const starts = [...new Set(routes.map(({ from }) => from))];
  return (
    <>
      <Pick
        id="f-start"
        label={t('ship.col.from')}
        value={draft.start}
        list={starts.map((id) => ({ id, name: names[id] ?? id }))}
        onPick={(start) => put({ start, route: '' })}
      />
      <Pick
        id="f-route"
        label={t('ship.col.to')}
        value={draft.route}
        list={routes
          .filter(({ from }) => from === draft.start)
          .map((route) => ({ id: routeKey(route), name: `${names[route.to] ?? route.to} (${modeName(route.mode)})` }))}
        onPick={(route) => put({ route })}
      />
      <fieldset>
        <legend>{t('field.change')}</legend>
        {(['closed', 'open', 'capacity', 'slower'] as const).map((change) => (
          <label class="choice" key={change}>
            <input type="radio" name="change" checked={draft.change === change} onChange={() => put({ change })} />{' '}
            {t(`field.change.${change}`)}
          </label>
        ))}
      </fieldset>
      {(draft.change === 'capacity' || draft.change === 'slower') && (
        <div class="field">
          <label for="f-amount">{t(`field.amount.${draft.change}`)}</label>
          <input
            id="f-amount"
            type="number"
            min="0"
            step={draft.change === 'slower' ? '1' : 'any'}
            required
            value={draft.amount}
            onInput={(e) => put({ amount: e.currentTarget.value })}
          />
        </div>
      )}
    </>
  );
}

export function Need({ draft, put, places: { regions } }: Part) {
  return (
    <>
      <Pick
        id="f-region"
        label={t('map.region')}
        value={draft.region}
        list={regions}
        onPick={(region) => put({ region })}
      />
      <div class="field">
        <label for="f-people">{t('field.people')}</label>
        <input
          id="f-people"
          type="number"
          step="1"
          required
          value={draft.people}
          onInput={(e) => put({ people: e.currentTarget.value })}
        />
        <span class="hint">{t('field.people.hint')}</span>
      </div>
    </>
  );
}

export function Stock({ draft, put, places: { depots, resources } }: Part) {
  const unit = unitName(resources.find(({ id }) => id === draft.resource)?.unit ?? '');
  return (
    <>
      <Pick
        id="f-depot"
        label={t('field.depot')}
        value={draft.depot}
        list={depots}
        onPick={(depot) => put({ depot })}
      />
      <Pick
        id="f-resource"
        label={t('map.resource')}
        value={draft.resource}
        list={resources}
        onPick={(resource) => put({ resource })}
      />
      <fieldset>
        <legend>{t('field.stock')}</legend>
        {(['found', 'lost', 'expired', 'arrived'] as const).map((stock) => (
          <label class="choice" key={stock}>
            <input type="radio" name="stock" checked={draft.stock === stock} onChange={() => put({ stock })} />{' '}
            {t(`field.stock.${stock}`)}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="f-quantity">{t('field.quantity', { unit })}</label>
        <input
          id="f-quantity"
          type="number"
          min="0"
          step="any"
          required
          value={draft.quantity}
          onInput={(e) => put({ quantity: e.currentTarget.value })}
        />
      </div>
    </>
  );
}
