/** The token of whoever works here, where the server knows organisations; without any nobody is asked. */
import { useState } from 'preact/hooks';
import { get, token } from './api.js';
import { useLoad } from './load.js';
import { t } from './text.js';

export function Access() {
  const known = useLoad((signal) => get<{ organisations: unknown[] }>('/organisations', signal), []);
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState(token.get());
  if (!known.value || known.value.organisations.length === 0) return null;
  const save = (event: Event) => {
    event.preventDefault();
    token.set(value);
    setOpen(false);
  };
  return (
    <div class="access">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {token.get() === '' ? t('token.none') : t('token.there')}
      </button>
      {open && (
        <form class="drop" onSubmit={save}>
          <label for="token">{t('token.label')}</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            value={value}
            onInput={(e) => setValue(e.currentTarget.value)}
          />
          <p class="quiet">{t('token.kept')}</p>
          <button type="submit">{t('token.save')}</button>
        </form>
      )}
    </div>
  );
}
