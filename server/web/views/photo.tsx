/** One photo, from the camera or a file: shown small, and taken away again. */
import { useEffect, useState } from 'preact/hooks';
import { shrunk } from '../shared/photo.js';
import { num, t } from '../shared/text.js';

export function Photo({ photo, onPhoto }: { photo: Blob | null; onPhoto(photo: Blob | null): Promise<void> }) {
  const [shown, setShown] = useState('');
  const [state, setState] = useState<'' | 'busy' | 'bad'>('');
  useEffect(() => {
    setShown('');
    if (!photo) return;
    const reader = new FileReader();
    reader.onload = () => setShown(String(reader.result));
    reader.readAsDataURL(photo);
    return () => reader.abort();
  }, [photo]);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    setState('busy');
    try {
      await onPhoto(await shrunk(file));
      setState('');
    } catch {
      setState('bad');
    }
    // the same file may be chosen again
    input.value = '';
  };
  return (
    <div class="field">
      <label for="photo">{t('field.photo')}</label>
      <input id="photo" type="file" accept="image/*" onChange={(e) => void take(e.currentTarget)} />
      <span class="hint">{t('field.photo.hint')}</span>
      {state !== '' && (
        <p class={state === 'bad' ? 'notice bad' : 'quiet waiting'} role="alert">
          {t(state === 'bad' ? 'field.photo.bad' : 'loading')}
        </p>
      )}
      {photo && shown !== '' && (
        <div class="row">
          <img class="thumb" src={shown} alt={t('field.photo')} />
          <span class="quiet">{num(photo.size / 1000, 0)} kB</span>
          <button type="button" onClick={() => void onPhoto(null)}>
            {t('field.photo.remove')}
          </button>
        </div>
      )}
    </div>
  );
}
