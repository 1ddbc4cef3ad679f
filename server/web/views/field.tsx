/** The form for the field: on a phone, with or without a network. What is written is kept; what is sent has a receipt. */
import { useEffect, useState } from 'preact/hooks';
import type { FieldReport } from '../../../scenarios/field/report.js';
import type { ScenarioRow } from '../../catalogue.js';
import { ApiError, getAll } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { keepPhoto, keptPhoto } from '../shared/photo.js';
import { keptPlaces, loadPlaces, type Places } from '../shared/places.js';
import { enqueue, type Queued, remove, useQueue } from '../shared/queue.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { periodName, t, unitName, when } from '../shared/text.js';
import { Failure, Shown, Title } from '../shared/ui.js';
import { DeliveryForm } from './delivery.js';
import { Photo } from './photo.js';

interface Choice {
  digest: string;
  title: string;
}

/** From the record; without a network those that this browser knows. */
async function scenariosFor(signal: AbortSignal): Promise<Choice[]> {
  try {
    const rows = await getAll<ScenarioRow>('/scenarios', 'scenarios', signal);
    return rows
      .reverse()
      .flatMap(({ digest, title, id }) =>
        digest === null ? [] : [{ digest, title: `${title ?? id} (${digest.slice(0, 6)})` }],
      );
  } catch (error) {
    const kept = keptPlaces();
    if (kept.length === 0) throw error;
    return kept.map(({ digest, title }) => ({ digest, title: `${title} (${digest.slice(0, 6)})` }));
  }
}

export default function Field({ route: { query } }: { route: Route }) {
  const scenarios = useLoad(scenariosFor, []);
  const queue = useQueue();
  const plan = query.get('plan');
  return (
    <>
      <Title title={t('field.title')}>{t('field.title')}</Title>
      <p class="quiet">{t('field.intro')}</p>
      <Queue queue={queue} />
      {plan !== null ? (
        <section class="panel">
          <h2>{t('field.kind.delivery')}</h2>
          <DeliveryForm plan={plan} line={Number(query.get('line')) || 0} />
        </section>
      ) : (
        <Shown of={scenarios}>
          {(choices) => {
            const chosen = query.get('scenario') ?? choices[0]?.digest;
            if (chosen === undefined) return <p>{t('scenarios.none')}</p>;
            return (
              <section class="panel">
                <div class="field">
                  <label for="f-scenario">{t('field.scenario')}</label>
                  <select
                    id="f-scenario"
                    value={chosen}
                    onChange={(e) => setQuery({ scenario: e.currentTarget.value })}
                  >
                    {choices.map(({ digest, title }) => (
                      <option key={digest} value={digest}>
                        {title}
                      </option>
                    ))}
                  </select>
                </div>
                <Form key={chosen} digest={chosen} />
              </section>
            );
          }}
        </Shown>
      )}
    </>
  );
}

function Queue({ queue }: { queue: readonly Queued[] }) {
  if (queue.length === 0) return null;
  return (
    <section class="panel" aria-live="polite">
      <h2>{t('field.queue')}</h2>
      <ul class="entries">
        {[...queue].reverse().map(({ key, report, written, state, receipt, problem, photo }) => (
          <li key={key} data-state={state}>
            <span class="seq">{state === 'sent' ? '✓' : state === 'refused' ? '✗' : '…'}</span>
            <div>
              <strong>{t(`field.kind.${report.kind}`)}</strong>{' '}
              <span class="quiet">
                {when(written)}
                {photo && ` · ${t('field.photo.with')}`}
              </span>
              {state === 'waiting' && <div>{t('field.waiting')}</div>}
              {state === 'sent' && receipt && (
                <div>
                  {t('field.sent', { seq: String(receipt.seq) })}{' '}
                  <a href={to(['report', receipt.digest])}>{receipt.digest.slice(0, 12)}</a>
                </div>
              )}
              {state === 'refused' && problem && <Failure error={new ApiError(problem)} />}
            </div>
            {state === 'refused' && (
              <button type="button" onClick={() => remove(key)}>
                {t('field.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const KINDS = ['obstacle', 'need', 'stock'] as const;
type Kind = (typeof KINDS)[number];

/** As it is typed: kept at every stroke, so that nothing is lost on a reload. */
interface Draft {
  kind: Kind;
  by: string;
  text: string;
  from: string;
  /** Where the route begins. */
  start: string;
  route: string;
  change: 'closed' | 'open' | 'capacity' | 'slower';
  amount: string;
  region: string;
  people: string;
  depot: string;
  resource: string;
  stock: 'found' | 'lost' | 'expired' | 'arrived';
  quantity: string;
}

const EMPTY: Draft = {
  ...{ kind: 'obstacle', by: '', text: '', from: '0', start: '', route: '', change: 'closed', amount: '' },
  ...{ region: '', people: '', depot: '', resource: '', stock: 'lost', quantity: '' },
};
const DRAFT = 'evenhand-draft';

function keptDraft(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(DRAFT) ?? '{}') as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

function Form({ digest }: { digest: string }) {
  const places = useLoad((signal) => loadPlaces(digest, signal), [digest]);
  return <Shown of={places}>{(places) => <Fields places={places} />}</Shown>;
}

function Fields({ places }: { places: Places }) {
  const [draft, setDraft] = useState(keptDraft);
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    // a browser that keeps no photos has none of an earlier visit
    keptPhoto(DRAFT).then(
      (kept) => setPhoto((now) => now ?? kept),
      () => {},
    );
  }, []);
  const put = (some: Partial<Draft>) => {
    const next = { ...draft, ...some };
    // at once: an effect would come after the next picture, and a reload may come before it
    localStorage.setItem(DRAFT, JSON.stringify(next));
    setDraft(next);
  };
  const attach = async (next: Blob | null) => {
    await keepPhoto(DRAFT, next);
    setPhoto(next);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const report = reportOf(draft, places);
    if (typeof report === 'string') return setFault(report);
    setBusy(true);
    try {
      await enqueue(report, photo);
      setFault(null);
      put({ ...EMPTY, kind: draft.kind, by: draft.by });
      if (photo) await attach(null);
    } catch {
      setFault(t('field.photo.bad'));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <fieldset>
        <legend>{t('field.what')}</legend>
        {KINDS.map((kind) => (
          <label class="choice" key={kind}>
            <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => put({ kind })} />{' '}
            {t(`field.kind.${kind}`)}
          </label>
        ))}
      </fieldset>
      {draft.kind === 'obstacle' && <Obstacle draft={draft} put={put} places={places} />}
      {draft.kind === 'need' && <Need draft={draft} put={put} places={places} />}
      {draft.kind === 'stock' && <Stock draft={draft} put={put} places={places} />}
      <div class="field">
        <label for="f-from">{t('field.from')}</label>
        <select id="f-from" value={draft.from} onChange={(e) => put({ from: e.currentTarget.value })}>
          {Array.from({ length: places.periods.count }, (_, period) => (
            <option key={period} value={String(period)}>
              {periodName(period, places.periods)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="f-text">{t('field.text')}</label>
        <textarea
          id="f-text"
          maxLength={4000}
          value={draft.text}
          onInput={(e) => put({ text: e.currentTarget.value })}
        />
      </div>
      <Photo photo={photo} onPhoto={attach} />
      <div class="field">
        <label for="f-by">{t('field.by')}</label>
        <input
          id="f-by"
          required
          maxLength={200}
          value={draft.by}
          onInput={(e) => put({ by: e.currentTarget.value })}
        />
      </div>
      {fault !== null && (
        <p class="notice bad" role="alert">
          {fault}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="main" disabled={busy}>
          {t('field.send')}
        </button>
      </div>
    </form>
  );
}

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

const routeKey = ({ from, to, mode }: { from: string; to: string; mode: string }) => `${from} → ${to} (${mode})`;

function Obstacle({ draft, put, places: { routes, names } }: Part) {
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
          .map((route) => ({ id: routeKey(route), name: `${names[route.to] ?? route.to} (${route.mode})` }))}
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

function Need({ draft, put, places: { regions } }: Part) {
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

function Stock({ draft, put, places: { depots, resources } }: Part) {
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

/** The report, or what is missing in words. The server judges the rest, with the place and the mend of each fault. */
function reportOf(draft: Draft, places: Places): FieldReport | string {
  const head = {
    report: 1 as const,
    scenario: places.digest,
    observed: new Date().toISOString(),
    by: draft.by.trim(),
    ...(draft.text.trim() === '' ? {} : { text: draft.text.trim() }),
  };
  const from = Number(draft.from);
  switch (draft.kind) {
    case 'obstacle': {
      const route = places.routes.find((one) => routeKey(one) === draft.route);
      if (!route) return t('field.route.unknown');
      const amount = Number(draft.amount);
      const change =
        draft.change === 'closed'
          ? { closed: true as const }
          : draft.change === 'open'
            ? { open: true as const }
            : draft.change === 'capacity'
              ? { capacityTonnes: amount }
              : { leadPeriods: amount };
      return {
        ...head,
        kind: 'obstacle',
        route: { from: route.from, to: route.to, mode: route.mode },
        from,
        ...change,
      };
    }
    case 'need':
      return { ...head, kind: 'need', region: draft.region, from, people: Number(draft.people) };
    case 'stock':
      return {
        ...head,
        kind: 'stock',
        depot: draft.depot,
        resource: draft.resource,
        change: draft.stock,
        quantity: Number(draft.quantity),
        from,
      };
  }
}
