/** The exact check of one plan in this browser. */
import { useEffect, useState } from 'preact/hooks';
import { to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { gapText, num, stageName, t } from '../shared/text.js';
import { Digest, Failure } from '../shared/ui.js';
import { verifyInWorker } from '../verify/ask.js';
import type { PlanChecked } from '../verify/protocol.js';

/** Started by whoever came here for it. */
export function PlanCheck({ digest }: { digest: string }) {
  const [result, setResult] = useState<PlanChecked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    verifyInWorker({ task: 'plan', digest }, () => setLoaded(true), stop.signal).then(
      setResult,
      (thrown: unknown) => !stop.signal.aborted && setError(thrown),
    );
    return () => stop.abort();
  }, [digest]);
  return (
    <section class="panel">
      <h2>
        {t('check.title')}{' '}
        <a href={to(['plan', digest])}>
          <Digest of={digest} />
        </a>
      </h2>
      <p class="quiet">{t('check.intro')}</p>
      {error !== null && <Failure error={error} />}
      {result === null && error === null && (
        <div role="status">
          <progress aria-label={t('check.title')} />
          <p class="quiet">{t(loaded ? 'check.running' : 'check.loading')}</p>
        </div>
      )}
      {result && result.faults.length > 0 && (
        <div class="notice bad" role="alert">
          <strong>✗ {t('check.bad', { n: result.faults.length })}</strong>
          <ul>
            {result.faults.slice(0, 30).map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </div>
      )}
      {result && result.faults.length === 0 && (
        <div class="notice good" role="status">
          <strong>
            ✓ {t('check.good', { n: result.shipments })} {t('check.seconds', { seconds: num(result.seconds) })}
          </strong>
          <Table
            label={t('check.title')}
            columns={[
              { name: t('check.stage') },
              { name: t('check.value'), n: true },
              { name: t('check.bound'), n: true },
              { name: t('plans.col.gap'), n: true },
            ]}
            rows={result.stages.map(({ stage, value, bound, gap }) => ({
              key: stage,
              cells: [stageName(stage), num(Number(value), 4), num(Number(bound), 4), gapText(gap)],
            }))}
          />
        </div>
      )}
    </section>
  );
}
