/** Faults of a file or a request: what is wrong and the mend once, with all the places where it is so. */
import type { ProblemDetail } from '../../problem.js';
import { t } from './text.js';

/** Places of one fault that are named; a name that nobody knows may stand in a thousand routes. */
const PLACES = 6;

export function Faults({ errors }: { errors: readonly ProblemDetail[] }) {
  const groups = new Map<string, ProblemDetail[]>();
  for (const one of errors) {
    const key = `${whatOf(one)}\n${one.mend}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return (
    <ol class="faults">
      {[...groups.values()].map((same) => (
        <li key={same[0]?.pointer}>
          {same.slice(0, PLACES).map(({ pointer, line, column }) => (
            <span key={`${pointer}${line}`} class="place">
              <code>{pointer === '' ? t('error.whole') : pointer}</code>
              {line !== undefined && <span class="quiet"> {t('error.line', { line, column: column ?? 1 })}</span>}
            </span>
          ))}
          {same.length > PLACES && <span class="quiet">{t('error.places', { n: same.length - PLACES })}</span>}
          {same.slice(0, 1).map((one) => (
            <div key="what">
              {whatOf(one)}
              {one.mend !== undefined && <div class="mend">→ {one.mend}</div>}
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

/** The sentence without its place and its mend, which stand beside it. */
function whatOf({ pointer, detail, mend }: ProblemDetail): string {
  const [, sheet, cell] = /^\/([^/]+)\/([^/]+)$/.exec(pointer) ?? [];
  const place = [pointer, `${sheet}!${cell}`].find((one) => one !== '' && detail.startsWith(`${one} `)) ?? '';
  const end = mend === undefined || mend === '' ? -1 : detail.lastIndexOf(mend);
  const what = detail.slice(place.length, end < 0 ? undefined : end).replace(/[\s:：]+$/, '');
  return what.trim() === '' ? detail : what.trim();
}
