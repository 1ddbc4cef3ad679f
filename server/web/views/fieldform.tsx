/** What somebody saw, field by field: nothing that is typed is lost on a reload. */
import { useEffect, useState } from 'preact/hooks';
import { DRAFT, type Draft, EMPTY, KINDS, keptDraft, reportOf } from '../shared/draft.js';
import { useLoad } from '../shared/load.js';
import { keepPhoto, keptPhoto } from '../shared/photo.js';
import { loadPlaces, type Places } from '../shared/places.js';
import { enqueue } from '../shared/queue.js';
import { periodName, t } from '../shared/text.js';
import { Shown } from '../shared/ui.js';
import { Need, Obstacle, Stock } from './fieldparts.js';
import { Photo } from './photo.js';

export function Form({ digest }: { digest: string }) {
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
