/** The record as a timeline, and its verification in this browser. Green is what was checked here, and nothing else. */
import { useState } from 'preact/hooks';
import type { KnownEntry } from '../../ledger/entry.js';
import { get } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { type Route, to } from '../shared/route.js';
import { capital, has, t } from '../shared/text.js';
import { Act, Shown, Title } from '../shared/ui.js';
import { keepLog, keptLogs, verifyInWorker } from '../verify/ask.js';
import type { LedgerChecked } from '../verify/protocol.js';
import { Entry } from './entry.js';
import { PlanCheck } from './plancheck.js';

interface Listed {
  size: number;
  entries: { seq: number; text: string; entry: KnownEntry }[];
}

const PAGE = 50;

/** What kind of fault it is, in the reader's language; the verifier's own words are English. */
function FaultOf({ kind, what }: { kind: string; what: string }) {
  const key = `record.fault.${kind}`;
  if (!has(key)) return <>{what}</>;
  return (
    <>
      {capital(t(key))} <span class="quiet">({what})</span>
    </>
  );
}

export default function RecordView({ route: { query } }: { route: Route }) {
  const [checked, setChecked] = useState<LedgerChecked | null>(null);
  const size = useLoad((signal) => get<Listed>('/ledger/entries?limit=1', signal), []);
  const plan = query.get('plan');
  return (
    <>
      <Title title={t('nav.record')}>{t('record.title')}</Title>
      <p class="quiet">{t('record.intro')}</p>
      {plan !== null && <PlanCheck key={plan} digest={plan} />}
      <Shown of={size}>
        {({ size }) => (
          <>
            <Whole size={size} checked={checked} onChecked={setChecked} />
            <Entries size={size} checked={checked} query={query} />
          </>
        )}
      </Shown>
    </>
  );
}

function Whole({
  size,
  checked,
  onChecked,
}: {
  size: number;
  checked: LedgerChecked | null;
  onChecked(is: LedgerChecked): void;
}) {
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const kept = Object.entries(keptLogs());
  const run = async () => {
    setProgress({ done: 0, of: size });
    try {
      const result = await verifyInWorker({ task: 'ledger', kept: keptLogs() }, (done, of) =>
        setProgress({ done, of }),
      );
      keepLog(result);
      onChecked(result);
    } finally {
      setProgress(null);
    }
  };
  return (
    <section class="panel">
      <h2>{t('record.whole')}</h2>
      {checked === null && <p class="quiet">{t('record.unchecked', { n: size })}</p>}
      {checked !== null && <Verdict checked={checked} />}
      {progress && (
        <div role="status">
          <progress max={progress.of} value={progress.done} aria-label={t('record.progress')} />
          <p class="quiet">{t('record.progress.at', { done: progress.done, of: progress.of })}</p>
        </div>
      )}
      <div class="actions">
        <Act kind="main" work={run}>
          {t(checked === null ? 'record.check' : 'record.again')}
        </Act>
        <a class="button" href="/ledger/bundle" download="evenhand-ledger.json">
          {t('record.bundle')}
        </a>
        <span class="quiet">{t('record.bundle.hint')}</span>
      </div>
      {kept.length > 0 && checked === null && <p class="quiet">{t('record.kept')}</p>}
    </section>
  );
}

function Verdict({ checked: { report, known, origin } }: { checked: LedgerChecked }) {
  const { ok, size, faults, certificates, signatures, absent, root } = report;
  if (!ok)
    return (
      <div class="notice bad" role="alert">
        <strong>{t('record.bad', { n: faults.length })}</strong>
        <ol class="faults">
          {faults.slice(0, 50).map(({ seq, kind, what }) => (
            <li key={`${seq}${kind}${what}`}>
              {seq === null ? (
                <span class="tag bad">{t('record.log')}</span>
              ) : (
                <a href={to(['record'], { entry: seq })}>{t('record.entry', { seq: String(seq) })}</a>
              )}{' '}
              <FaultOf kind={kind} what={what} />
            </li>
          ))}
        </ol>
        <p>{t('record.bad.what')}</p>
      </div>
    );
  return (
    <div class="notice good" role="status">
      <strong>✓ {t('record.good', { n: size })}</strong>
      <ul>
        <li>{t('record.good.chain')}</li>
        <li>{t('record.good.certificates', { n: certificates })}</li>
        {signatures > 0 && <li>{t('record.good.signatures', { n: signatures })}</li>}
        {absent.length > 0 && <li>{t('record.absent', { n: absent.length })}</li>}
        <li>{t(known ? 'record.known' : 'record.first')}</li>
      </ul>
      <p class="quiet">
        <code>{origin}</code> · <code>{root}</code>
      </p>
    </div>
  );
}

function Entries({ size, checked, query }: { size: number; checked: LedgerChecked | null; query: URLSearchParams }) {
  const opened = query.get('entry');
  const wanted = opened === null ? Number(query.get('from') ?? size - 1) : Number(opened);
  const newest = Math.min(size - 1, Math.max(0, Number.isInteger(wanted) ? wanted : size - 1));
  // a page is aligned, so that its address shows the same entries tomorrow
  const from = Math.floor(newest / PAGE) * PAGE;
  const page = useLoad((signal) => get<Listed>(`/ledger/entries?from=${from}&limit=${PAGE}`, signal), [from, size]);
  if (size === 0) return <p>{t('scenarios.none')}</p>;
  return (
    <section class="panel">
      <h2>{t('record.entries')}</h2>
      <Shown of={page}>
        {({ entries }) => (
          <ol class="entries" reversed>
            {[...entries].reverse().map(({ seq, text, entry }) => (
              <Entry key={seq} seq={seq} text={text} entry={entry} checked={checked} open={opened === String(seq)} />
            ))}
          </ol>
        )}
      </Shown>
      <div class="actions">
        {from + PAGE < size && (
          <a class="button" href={to(['record'], { from: from + PAGE })}>
            ← {t('record.newer')}
          </a>
        )}
        {from > 0 && (
          <a class="button" href={to(['record'], { from: from - 1 })}>
            {t('record.older')} →
          </a>
        )}
      </div>
    </section>
  );
}
