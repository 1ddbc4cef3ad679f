/** The state of the page is its address: #/plan/<digest>?tab=map&region=sava. Any view can be sent to a colleague. */
import { useEffect, useMemo, useState } from 'preact/hooks';

export interface Route {
  /** Parts of the path, decoded. */
  path: string[];
  query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody's own spelling
  }
}

/** An address of this page; values that are empty are left out. */
export function to(path: readonly string[], query: Record<string, string | number | null | undefined> = {}): string {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

export function go(address: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', address);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = address;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    // it may have changed between the first picture and now
    changed();
    return () => removeEventListener('hashchange', changed);
  }, []);
  return useMemo(() => readRoute(hash), [hash]);
}

/** Changes some of the query of the present address, without a step in the history. */
export function setQuery(changes: Record<string, string | number | null>): void {
  const { path, query } = readRoute(location.hash);
  go(to(path, { ...Object.fromEntries(query), ...changes }), true);
}
