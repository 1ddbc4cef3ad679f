/** Reports that wait in this browser, and the receipts of those that were sent. */
import { ApiError } from '../shared/api.js';
import { type Queued, remove } from '../shared/queue.js';
import { to } from '../shared/route.js';
import { t, when } from '../shared/text.js';
import { Failure } from '../shared/ui.js';

export function Queue({ queue }: { queue: readonly Queued[] }) {
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
