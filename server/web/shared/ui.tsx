/** Small parts that every view uses. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.js';
import { Faults } from './faults.js';
import type { Loaded } from './load.js';
import { t } from './text.js';

/** Shows what was loaded, that it is on its way, or why it is not there. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (of.state === 'loading') return <p class="quiet waiting">{t('loading')}</p>;
  if (of.state === 'failed') return <Failure error={of.error} />;
  return <>{children(of.value)}</>;
}

/** A failure with the place and the mend of each fault, all at once. */
export function Failure({ error }: { error: unknown }) {
  if (!(error instanceof ApiError)) {
    const what = error instanceof Error ? error.message : String(error);
    return (
      <div class="notice bad" role="alert">
        <strong>{t('error.page')}</strong>
        <p>{what}</p>
      </div>
    );
  }
  const { title, detail, errors = [] } = error.problem;
  return (
    <div class="notice bad" role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {error.kind === 'unauthorised' && <p>{t('error.token')}</p>}
      {errors.length > 0 && <Faults errors={errors} />}
    </div>
  );
}

/** The first and last digits of a digest: enough to tell two apart, short enough to read aloud. */
export function Digest({ of }: { of: string }) {
  return (
    <code class="digest" title={of}>
      {of.slice(0, 8)}
    </code>
  );
}

/** A heading that takes the focus when a view opens, so that readers and keyboards begin there. */
export function Title({ children, title }: { children: ComponentChildren; title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Evenhand`;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** A button whose work may take a while or fail; the failure is shown beside it. */
export function Act({
  work,
  children,
  kind = '',
}: {
  work: () => Promise<void>;
  children: ComponentChildren;
  kind?: string;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class={kind} disabled={busy} onClick={() => void run()} aria-busy={busy}>
        {children}
      </button>
      {error !== null && <Failure error={error} />}
    </>
  );
}

/** One measure: what it is, its value, and what that means. */
export function Fact({ name, value, note }: { name: string; value: ComponentChildren; note?: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span>
        {note !== undefined && <span class="quiet note">{note}</span>}
      </dd>
    </div>
  );
}

/** As wide as a phone. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia('(max-width: 40rem)').matches);
  useEffect(() => {
    const query = matchMedia('(max-width: 40rem)');
    const changed = () => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return narrow;
}
