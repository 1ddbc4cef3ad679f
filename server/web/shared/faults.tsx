/** Faults of a file or a request: what is wrong and the mend once, with all the places where it is so. */
import type { ProblemDetail } from '../../problem.js';
import { t } from './text.js';

/** Places of one fault that are shown at once; a name that nobody knows may stand in a thousand routes. */
const PLACES = 6;

export function Faults({ errors }: { errors: readonly ProblemDetail[] }) {
  const groups = new Map<string, ProblemDetail[]>();
  for (const one of errors) {
    const key = `${one.what ?? one.detail}\n${one.mend}`;
    const same = groups.get(key);
    if (same) same.push(one);
    else groups.set(key, [one]);
  }
  return (
    <ol class="faults">
      {[...groups].map(([key, same]) => (
        <li key={key}>
          <Places of={same.slice(0, PLACES)} />
          {same.length > PLACES && (
            <details>
              <summary>{t('error.places', { n: same.length - PLACES })}</summary>
              <Places of={same.slice(PLACES)} />
            </details>
          )}
          <div>{same[0]?.what ?? same[0]?.detail}</div>
          {same[0]?.mend !== undefined && <div class="mend">→ {same[0].mend}</div>}
        </li>
      ))}
    </ol>
  );
}

function Places({ of }: { of: readonly ProblemDetail[] }) {
  return (
    <ul class="places">
      {of.map(({ pointer, place, line, column }, i) => (
        <li key={i}>
          <code>{place ?? (pointer === '' ? t('error.whole') : pointer)}</code>
          {line !== undefined && <span class="quiet"> {t('error.line', { line, column: column ?? 1 })}</span>}
        </li>
      ))}
    </ul>
  );
}
