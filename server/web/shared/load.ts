/** What is on its way, there, or failed. */
import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { state: 'loading'; value?: undefined }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown; value?: undefined };

/** Loads anew whenever one of `on` changes; what comes too late is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, on: readonly unknown[]): Loaded<T> {
  const [loaded, setLoaded] = useState<{ on: readonly unknown[]; is: Loaded<T> }>({ on, is: { state: 'loading' } });
  useEffect(() => {
    const stop = new AbortController();
    setLoaded({ on, is: { state: 'loading' } });
    load(stop.signal).then(
      (value) => !stop.signal.aborted && setLoaded({ on, is: { state: 'ready', value } }),
      (error: unknown) => !stop.signal.aborted && setLoaded({ on, is: { state: 'failed', error } }),
    );
    return () => stop.abort();
  }, on);
  // the answer to an earlier question is no answer to this one
  return on.every((value, i) => value === loaded.on[i]) ? loaded.is : { state: 'loading' };
}
