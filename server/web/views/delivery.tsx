/** What became of one consignment of a plan: shipped, held, returned, delivered. Shipped, held and returned are all that was allocated. */
import { useState } from 'preact/hooks';
import type { FieldReport } from '../../../scenarios/field/report.js';
import { useLoad } from '../shared/load.js';
import type { Laid } from '../shared/plan.js';
import { loadPlan } from '../shared/plandata.js';
import { enqueue } from '../shared/queue.js';
import { setQuery } from '../shared/route.js';
import { num, periodName, t, unitName } from '../shared/text.js';
import { Failure, Shown } from '../shared/ui.js';
import { Photo } from './photo.js';

/** Lines offered in the list; others are reached from the table of shipments. */
const LINES = 500;

const NAMES = ['shipped', 'held', 'returned', 'delivered'] as const;

export function DeliveryForm({ plan, line }: { plan: string; line: number }) {
  const laid = useLoad(() => loadPlan(plan), [plan]);
  return <Shown of={laid}>{(laid) => <Fields key={line} laid={laid} plan={plan} line={line} />}</Shown>;
}

function Fields({ laid, plan, line }: { laid: Laid; plan: string; line: number }) {
  const { shipments, scenario } = laid;
  const one = shipments.length === 0 ? undefined : shipments.at(line < shipments.length ? line : 0);
  const quantity = String(one?.quantity ?? 0);
  const [amounts, setAmounts] = useState({ shipped: quantity, held: '0', returned: '0', delivered: quantity });
  const [by, setBy] = useState('');
  const [text, setText] = useState('');
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!one) return <p>{t('map.nothing.sent')}</p>;
  const { resource, from, to, mode, depart } = one;
  const unit = unitName(laid.scenario.resources.find(({ id }) => id === resource)?.unit ?? '');
  const send = async (event: Event) => {
    event.preventDefault();
    const [shipped = 0, held = 0, returned = 0, delivered = 0] = NAMES.map((name) => Number(amounts[name]));
    const report: FieldReport = {
      ...{ report: 1, kind: 'delivery', scenario: scenario.digest, observed: new Date().toISOString(), by: by.trim() },
      ...(text.trim() === '' ? {} : { text: text.trim() }),
      ...{ allocation: plan, resource, from, to, mode, depart, shipped, held, returned, delivered },
    };
    setBusy(true);
    await enqueue(report, photo).then(() => setPhoto(null), setError);
    setBusy(false);
  };
  const said = ({ resource, from, to, depart, quantity }: typeof one) =>
    `${laid.names.get(resource)}: ${laid.names.get(from)} → ${laid.names.get(to)}, ${periodName(depart, laid.scenario.periods)}, ${num(quantity)}`;
  return (
    <form onSubmit={(event) => void send(event)}>
      <div class="field">
        <label for="d-line">{t('field.line')}</label>
        <select id="d-line" value={String(line)} onChange={(e) => setQuery({ line: e.currentTarget.value })}>
          {Array.from({ length: Math.min(LINES, shipments.length) }, (_, i) => (
            <option key={i} value={String(i)}>
              {said(shipments.at(i))}
            </option>
          ))}
          {line >= LINES && <option value={String(line)}>{said(one)}</option>}
        </select>
      </div>
      {NAMES.map((name) => (
        <div class="field" key={name}>
          <label for={`d-${name}`}>
            {t(`field.${name}`)} ({unit})
          </label>
          <input
            id={`d-${name}`}
            type="number"
            min="0"
            step="any"
            required
            value={amounts[name]}
            onInput={(e) => setAmounts({ ...amounts, [name]: e.currentTarget.value })}
          />
        </div>
      ))}
      <div class="field">
        <label for="d-text">{t('field.text')}</label>
        <textarea id="d-text" maxLength={4000} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      </div>
      <Photo photo={photo} onPhoto={async (next) => setPhoto(next)} />
      <div class="field">
        <label for="d-by">{t('field.by')}</label>
        <input id="d-by" required maxLength={200} value={by} onInput={(e) => setBy(e.currentTarget.value)} />
      </div>
      {error !== null && <Failure error={error} />}
      <div class="actions">
        <button type="submit" class="main" disabled={busy}>
          {t('field.send')}
        </button>
      </div>
    </form>
  );
}
